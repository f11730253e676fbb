#!/bin/bash
# SPDX-License-Identifier: MIT
# Part of tests/packages: built once more in another directory, by another user,
# at another time and in another zone, with another umask and locale, without the
# unit tests: every byte of the packages is the same.
# shellcheck disable=SC2317 # step calls the functions
set -uo pipefail
# shellcheck source=tests/packages.d/lib/root_build.sh
. "$(dirname "$0")/lib/root_build.sh"

debs=$1
base=$2
version=$(changelog_field Version)
name=extauth-${version%-*}
root=$EXTAUTH_WORK/build-root
second=$EXTAUTH_WORK/second

# Its files have other times. The user goes again: tests of the product would
# find him in the build root.
build_again() {
	local place=$root/srv/another/place
	chroot "$root" userdel second-builder 2>/dev/null || true
	rm -rf "$root/srv/another" "$second"
	mkdir -p "$place" "$second"
	dpkg-source --no-check -x "$debs/extauth_$version.dsc" "$place/$name"
	find "$place" -exec touch -h -d '2019-05-06 07:08:09' {} +
	chroot "$root" useradd -M -d /srv/another second-builder
	chroot "$root" chown -R second-builder /srv/another
	loopback=yes root_enter "$root" su second-builder -c "
		umask 027
		export TZ=Pacific/Kiritimati LC_ALL=C
		export DEB_BUILD_OPTIONS='terse nocheck parallel=3'
		cd /srv/another/place/$name && dpkg-buildpackage -b -us -uc"
	mv "$place"/*.deb "$second"
	rm -rf "$root/srv/another"
	chroot "$root" userdel second-builder
}

# Of those that differ, what differs.
same_bytes() {
	local file other status=0
	for file in "$debs"/*.deb; do
		other=$second/$(basename "$file")
		cmp "$file" "$other" && continue
		status=1
		diff <(dpkg-deb -c "$file") <(dpkg-deb -c "$other") || true
		diff <(dpkg-deb -I "$file" md5sums) \
			<(dpkg-deb -I "$other" md5sums) || true
	done
	return "$status"
}

step "the build root is there" root_build "$base" || step_end
step "built in another place, time, zone, locale, umask" build_again || step_end
step "every package has the same bytes" same_bytes
rm -rf "$second"
step_end

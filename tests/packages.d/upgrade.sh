#!/bin/bash
# SPDX-License-Identifier: MIT
# Part of tests/packages: from the packages of the commit in packages.d/previous
# to these and back, on a machine in use.
# shellcheck disable=SC2317 # step calls the functions
set -uo pipefail
# shellcheck source=tests/packages.d/lib/root_build.sh
. "$(dirname "$0")/lib/root_build.sh"

debs=$1
base=$2
work=$EXTAUTH_WORK/upgrade
previous=$(cat "$source_dir/tests/packages.d/previous")

# Their version is that of the debian/changelog of then.
build_previous() {
	local old=$EXTAUTH_WORK/previous version name
	[ ! -e "$old/$previous" ] || return 0
	rm -rf "$work"
	mkdir -p "$work"
	git -c safe.directory='*' -C "$source_dir" archive --prefix=tree/ \
		"$previous" | tar -C "$work" --no-same-owner -x
	version=$(dpkg-parsechangelog -l "$work/tree/debian/changelog" \
		-S Version)
	name=$work/extauth-${version%-*}
	mv "$work/tree" "$name"
	build_packages "$name" "$old" nocheck
	touch "$old/$previous"
}

prepare() {
	rm -rf --one-file-system "$work"
	mkdir -p "$work/share"
	chmod 755 "$work" "$work/share"
	source_copy "$work/share/source"
	cp -r "$EXTAUTH_WORK/previous" "$work/share/old"
	cp -r "$debs" "$work/share/new"
	root_copy "$EXTAUTH_WORK/live-root" "$work/root"
}

try() {
	loopback=yes share=$work/share root_enter "$work/root" /bin/bash -ec '
		: >/run/utmp
		export EXTAUTH_OLD=/share/old EXTAUTH_NEW=/share/new
		cd /share/source
		. debian/tests/environment
		exec python3 tests/packages.d/lib/upgrade.py' 2>&1
}

step "the build root is there" root_build "$base" || step_end
step "the previous version is built (${previous:0:12})" build_previous || step_end
step "a machine without it" root_live "$base" "$debs" || step_end
step "what is tested is put there" prepare || step_end
# Not in a pipe: what it finds has to stay.
steps_of_tap < <(try)
rm -rf --one-file-system "$work"
step_end

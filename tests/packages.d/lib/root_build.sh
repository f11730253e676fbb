# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Roots for the parts of tests/packages: one to build in, one that is lived in.
# Sourced in place of step.sh; keeps them in $EXTAUTH_WORK.

# shellcheck source=tests/packages.d/lib/step.sh
. "$(dirname "${BASH_SOURCE[0]}")/step.sh"

# Fills a root by apt-get, once for each list of packages.
# root_fill BASE DIRECTORY COMMAND: COMMAND runs inside, with network.
root_fill() {
	local base=$1 root=$2 mark
	mark=$(sha256sum <<<"$3")
	[ "$(cat "$root.made" 2>/dev/null)" != "$mark" ] || return 0
	rm -f "$root.made"
	root_copy "$base" "$root"
	# Nothing that is installed is started.
	printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
	chmod 755 "$root/usr/sbin/policy-rc.d"
	root_enter "$root" /bin/bash -euc "apt-get -q update; $3; apt-get clean"
	echo "$mark" >"$root.made"
}

# Prints the relations of a field of debian/control as apt-get takes them.
control_packages() {
	awk -v field="$1:" '
		$1 == field { inside = 1; sub(/^[^:]*:/, "") }
		/^[A-Z]/ && $1 != field { inside = 0 }
		inside { gsub(/,/, "\n"); print }' "$2" |
		sed -E 's/[(<|].*//; s/[[:space:]]//g; /^$/d; /^@/d' | sort -u
}

# root_build BASE: the root with what debian/control says is needed to build,
# and no more.
root_build() {
	local list
	list=$(control_packages Build-Depends "$source_dir/debian/control" |
		sed 's/^debhelper-compat$/debhelper/' | tr '\n' ' ')
	root_fill "$1" "$EXTAUTH_WORK/build-root" "
		apt-get -q -y --no-install-recommends install \
			build-essential $list
		useradd -m builder"
}

# root_live BASE DEBS: a machine with everything but extauth: what its packages
# depend on, what debian/tests wants, and what autopkgtest wants.
root_live() {
	local list
	list=$({
		control_packages Depends "$source_dir/debian/tests/control"
		dpkg-deb -f "$2"/extauth_*.deb Depends | tr ',' '\n' |
			sed -E 's/[(|].*//; s/ //g'
	} | sort -u | tr '\n' ' ')
	root_fill "$1" "$EXTAUTH_WORK/live-root" "
		apt-get -q -y --no-install-recommends install apt-utils dpkg-dev \
			$list"
}

# build_packages SOURCE OUT [OPTIONS]: builds SOURCE, which is in a directory
# named extauth-VERSION, as the user builder and without network; OUT, which
# must be new, holds what came.
build_packages() {
	local source=$1 out=$2 options=${3:-} root=$EXTAUTH_WORK/build-root
	local name
	name=$(basename "$source")
	rm -rf "$out" "$root/build"
	mkdir -p "$root/build"
	cp -a "$source" "$root/build/"
	orig_make "$source" "$root/build"
	chown -R --reference="$root/home/builder" "$root/build"
	loopback=yes root_enter "$root" su builder -c "
		cd /build/$name
		DEB_BUILD_OPTIONS='parallel=2 $options' \
			dpkg-buildpackage -us -uc"
	rm -rf "$root/build/$name"
	mv "$root/build" "$out"
	chown -R root:root "$out"
}

# orig_make SOURCE OUT: the upstream tarball, the same bytes for the same files.
orig_make() {
	local version=${1##*-}
	tar -C "$(dirname "$1")" --sort=name --owner=0 --group=0 \
		--numeric-owner --mtime='2026-01-01 00:00Z' --mode=go=rX,u+rw \
		--exclude="extauth-$version/debian" -cJf \
		"$2/extauth_$version.orig.tar.xz" "extauth-$version"
}

# steps_of_tap: reads TAP and prints a line for each test, as step does.
steps_of_tap() {
	local line kind='' name='' shown=0 status=0
	while IFS= read -r line; do
		if [[ $line =~ ^(not )?ok\ [0-9]+\ -\ (.*) ]]; then
			kind="ok  " name=${BASH_REMATCH[2]}
			[ -z "${BASH_REMATCH[1]}" ] || kind=FAIL status=1
			[ "$kind" = "ok  " ] || echo "FAIL           s  $name"
			shown=$((shown + 1))
		elif [[ $line =~ ^#\ ([0-9.]+)\ s$ ]] &&
			[ "$kind" = "ok  " ]; then
			printf 'ok   %6.1f s  %s\n' "${BASH_REMATCH[1]}" "$name"
		elif [ "$kind" != "ok  " ] && [[ ! $line =~ ^1\.\. ]]; then
			echo "     | $line"
		fi
	done
	[ "$shown" -gt 0 ] || status=1
	[ "$status" = 0 ] || step_failed=1
	return "$status"
}

#!/bin/bash
# SPDX-License-Identifier: MIT
# Part of tests/packages: source and binary packages from what git lists, built
# by an unprivileged user, without network, in a minimal root that has what
# Build-Depends names; the unit tests run on the way.
# shellcheck disable=SC2317 # step calls the functions
set -uo pipefail
# shellcheck source=tests/packages.d/lib/root_build.sh
. "$(dirname "$0")/lib/root_build.sh"

debs=$1
base=$2
version=$(changelog_field Version)
source=$EXTAUTH_WORK/source/extauth-${version%-*}

there_are_all() {
	local name
	for name in extauth libpam-extauth libnss-extauth; do
		ls "$debs/${name}_$version"_*.deb
	done
	ls "$debs/extauth_$version.dsc" "$debs/extauth_$version"_*.changes
}

# Their log says that unit tests ran, and that none failed.
build_all() {
	build_packages "$source" "$debs" | tee "$EXTAUTH_WORK/build.log"
	grep -qE '^Ok: +[1-9]' "$EXTAUTH_WORK/build.log"
	grep -qE '^Fail: +0' "$EXTAUTH_WORK/build.log"
}

step "the files of git are copied" source_copy "$source" || step_end
step "a root with the build dependencies" root_build "$base" || step_end
step "dpkg-buildpackage as an unprivileged user" build_all || step_end
step "three packages, the source and its .changes" there_are_all
step_end

#!/bin/bash
# SPDX-License-Identifier: MIT
# Part of tests/packages: debian/tests by autopkgtest in a minimal root, whose
# network is loopback alone.
# shellcheck disable=SC2317 # step calls the functions
set -uo pipefail
# shellcheck source=tests/packages.d/lib/root_build.sh
. "$(dirname "$0")/lib/root_build.sh"

debs=$1
base=$2
work=$EXTAUTH_WORK/autopkgtest

# Mounts what a root needs, in namespaces of its own, and runs autopkgtest from
# outside: the test finds a container's isolation, which the backend chroot does
# not promise.
try() {
	root_copy "$EXTAUTH_WORK/live-root" "$work/root"
	# shellcheck disable=SC2016
	unshare -mpuin --fork --kill-child --propagation private /bin/bash -ec '
		root=$1
		debs=$2
		mount --bind "$root" "$root"
		mount -t proc proc /proc
		mount -t proc proc "$root/proc"
		mount -t tmpfs -o mode=755 tmpfs "$root/run"
		mount -t tmpfs -o mode=755 tmpfs "$root/dev"
		mkdir "$root/dev/pts" "$root/dev/shm"
		mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 \
			devpts "$root/dev/pts"
		ln -s pts/ptmx "$root/dev/ptmx"
		ln -s /proc/self/fd "$root/dev/fd"
		for device in null zero full random urandom tty; do
			touch "$root/dev/$device"
			mount --bind "/dev/$device" "$root/dev/$device"
		done
		ip link set lo up
		: >"$root/run/utmp"
		exec autopkgtest --no-built-binaries \
			--ignore-restrictions=isolation-container \
			"$debs"/*.deb "$debs"/*.dsc -- chroot "$root"' \
		try "$work/root" "$debs"
}

step "a root with what the tests need" root_live "$base" "$debs" || step_end
step_lines=80 step "autopkgtest: debian/tests" try
rm -rf --one-file-system "$work"
step_end

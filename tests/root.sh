# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Minimal Debian systems in directories; sourced after prepare.sh by tests/fresh,
# tests/packages and tests/qemu. Needs the packages of group fresh, and root.

declare -A suites=([12]=bookworm [13]=trixie)

# Prints where this machine gets the packages of a suite from.
mirror_of() {
	# shellcheck disable=SC2016
	apt-get indextargets --format '$(CODENAME) $(REPO_URI)' \
		'Created-By: Packages' |
		awk -v suite="$1" '$1 == suite { print $2; exit }'
}

# root_make DIRECTORY 12|13 [OPTION]...: a minimal Debian of that version, whose
# apt-get works as this machine's does; options are mmdebstrap's.
root_make() {
	local root=$1 suite=${suites[$2]} here mirror security
	shift 2
	here=$(. /etc/os-release && echo "$VERSION_CODENAME")
	mirror=$(mirror_of "$here")
	security=$(mirror_of "$here-security")
	if [ -z "$mirror" ] || [ -z "$security" ]; then
		fail "apt-get knows no archive of $here: run apt-get update"
	fi
	mmdebstrap --quiet --variant=minbase --mode=root "$@" \
		"$suite" "$root" \
		"deb $mirror $suite main" "deb $mirror $suite-updates main" \
		"deb $security $suite-security main" ||
		fail "mmdebstrap failed"
	cat /etc/apt/apt.conf.d/* 2>/dev/null |
		grep -E '^Acquire::(Check|http|https|Retries)' \
			>"$root/etc/apt/apt.conf.d/90machine" || true
	cp -L /etc/resolv.conf "$root/etc/resolv.conf"
}

# root_enter DIRECTORY COMMAND [ARGUMENT]...: runs it there with own mounts and
# processes; with $loopback=yes in a network of its own, otherwise in this
# machine's, for apt-get. What is in $share (a directory) stands on /share.
root_enter() {
	local root=$1 flags=-mpui
	shift
	[ "${loopback:-no}" = no ] || flags=-mpuin
	# shellcheck disable=SC2016
	unshare "$flags" --fork --kill-child --propagation private /bin/bash -c '
		set -e
		root=$1
		share=$2
		loopback=$3
		shift 3
		mount --bind "$root" "$root"
		mount -t proc proc "$root/proc"
		mount -t sysfs -o ro sysfs "$root/sys"
		mount -t tmpfs -o mode=755 tmpfs "$root/run"
		mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
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
		if [ -n "$share" ]; then
			mkdir -p "$root/share"
			mount --bind "$share" "$root/share"
		fi
		if [ "$loopback" = yes ]; then
			ip link set lo up
			ip addr add 10.9.9.9/24 dev lo
		fi
		status=0
		env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
			TERM="${TERM:-dumb}" LANG=C.UTF-8 \
			DEBIAN_FRONTEND=noninteractive \
			chroot "$root" "$@" || status=$?
		exit "$status"' root_enter "$root" \
		"${share:-}" "${loopback:-no}" "$@"
}

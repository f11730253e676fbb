# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: MIT
# What tests/run, tests/demo and tests/fresh begin with; sourced, not run.
# Sets source_dir and build. All but build_in end the script on failure.

source_dir=$(realpath "$(dirname "${BASH_SOURCE[0]}")/..")
build=${EXTAUTH_BUILD:-$source_dir/build-test}
policy=/usr/sbin/policy-rc.d
# Unprivileged processes of the tests run what is built here.
umask 022

fail() {
	echo "${0##*/}: $*" >&2
	exit 1
}

# Runs the script again by sudo unless it is root's already.
become_root() {
	[ "$(id -u)" != 0 ] || return 0
	command -v sudo >/dev/null || fail "must run as root (there is no sudo)"
	exec sudo --preserve-env=EXTAUTH_BUILD,EXTAUTH_SEED -- "$0" "$@"
}

# Prints the packages of these groups that are not installed.
missing_packages() {
	local package group
	while read -r package group; do
		case " $* " in *" $group "*) ;; *) continue ;; esac
		[ "$(dpkg-query -W -f '${db:Status-Status}' "$package" \
			2>/dev/null)" = installed ] || echo "$package"
	done < <(grep -v '^#' "$source_dir/tests/packages.list")
}

# Installs what is missing of these groups. Services that come along are not
# started: policy-rc.d forbids it while apt-get runs.
install_packages() {
	local missing
	mapfile -t missing < <(missing_packages "$@")
	[ "${#missing[@]}" -gt 0 ] || return 0
	echo "Installing: ${missing[*]}"
	if [ ! -e "$policy" ]; then
		trap 'rm -f "$policy"' EXIT
		printf '#!/bin/sh\nexit 101\n' >"$policy"
		chmod 755 "$policy"
	fi
	export DEBIAN_FRONTEND=noninteractive
	apt-get -qq update || fail "apt-get update failed"
	apt-get -qq install -y --no-install-recommends \
		-o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 \
		"${missing[@]}" >/dev/null || fail "apt-get install failed"
	if [ -n "$(trap -p EXIT)" ]; then
		rm -f "$policy"
		trap - EXIT
	fi
}

# Builds in the directory $1 with further options for meson setup; with $targets
# set, these alone.
build_in() {
	local directory=$1 reconfigure=() wanted
	shift
	read -ra wanted <<<"${targets:-}"
	[ ! -f "$directory/build.ninja" ] || reconfigure=(--reconfigure)
	if ! meson setup "${reconfigure[@]}" "$directory" "$source_dir" "$@" \
		>/dev/null; then
		cat "$directory/meson-logs/meson-log.txt" >&2
		return 1
	fi
	ninja -C "$directory" --quiet "${wanted[@]}" |
		 sed '/^ninja: no work to do/d'
	return "${PIPESTATUS[0]}"
}

#!/bin/bash
# SPDX-License-Identifier: MIT
# Part of tests/packages: installation, removal and purge by piuparts, which looks
# for what stays behind. (Part upgrade has the upgrade: no archive has these.)
# shellcheck disable=SC2317 # step calls the functions
set -uo pipefail
# shellcheck source=tests/packages.d/lib/root_build.sh
. "$(dirname "$0")/lib/root_build.sh"

debs=$1
base=$2
work=$EXTAUTH_WORK/piuparts

pack() {
	rm -rf "$work"
	mkdir -p "$work"
	tar -C "$base" -czf "$work/base.tgz" .
}

# What tmpfiles.d of systemd makes, which came along.
others=(/root/.ssh /var/cache/private /var/lib/private /var/log/private
	/var/lib/systemd/coredump /var/lib/systemd/pstore)
ignored=()
for path in "${others[@]}"; do
	ignored+=(--ignore-regex "$path(/.*)?")
done

# With own mounts, since it makes some.
try() {
	unshare -mpui --fork --kill-child --propagation private \
		piuparts --basetgz="$work/base.tgz" -d bookworm --no-eatmydata \
		--tmpdir="$work" --log-level=error "${ignored[@]}" \
		"$@"
}

step "the base root is packed" pack || step_end
step_lines=60 step "piuparts: installation, removal, purge" \
	try --no-upgrade-test "$debs"/*.changes
rm -rf --one-file-system "$work"
step_end

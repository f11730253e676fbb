#!/bin/bash
# SPDX-License-Identifier: MIT
# The packages in a minimal Debian that is booted, twice, by systemd-nspawn:
# booted_scene makes it ready, booted.py looks.
#
# usage: booted.sh PACKAGES BASE  (see tests/packages)
# shellcheck disable=SC2317 # step calls the functions
set -uo pipefail
# shellcheck source=tests/packages.d/lib/step.sh
. "$(dirname "$0")/lib/step.sh"

packages=$(realpath "$1")
base=$2
here=$source_dir/tests/packages.d
registered=Right-Pw-1
local=Loc4l-Pw-1
work=$(mktemp -d /var/tmp/extauth-booted.XXXXXX)
root=$work/root
trap 'rm -rf --one-file-system "$work"' EXIT

install_all() {
	mkdir "$work/share"
	cp "$packages"/{libpam-extauth,libnss-extauth,extauth}_*.deb \
		"$work/share"
	share=$work/share root_enter "$root" /bin/bash -ec '
		apt-get -qq update
		apt-get -qq install -y --no-install-recommends \
			-o Dpkg::Use-Pty=0 systemd-sysv libpam-systemd dbus \
			openssh-server openssh-client sshpass sudo login cron \
			iproute2 procps nscd libnss-resolve python3 \
			ca-certificates /share/*.deb'
}

make_scene() {
	mkdir "$root/scene"
	cp -r "$source_dir/tests/service" "$here/booted_identity.py" \
		"$here/booted_scene" "$root/scene"
	"$source_dir/tests/service/make-pki" "$root/scene/pki"
	root_enter "$root" /scene/booted_scene "$registered" "$local"
}

command -v systemd-nspawn >/dev/null ||
	fail "there is no systemd-nspawn: apt-get install systemd-container"
step "a minimal Debian" root_copy "$base" "$root" || step_end
step "systemd, sshd, sudo, cron and the packages" install_all || step_end
step "the scene is made" make_scene || step_end
rm -f "$step_log"
python3 -B "$here/booted.py" "$root" "$registered" "$local" "$work/console"
status=$?
[ "$status" = 0 ] || tail -n 40 "$work/console" 2>/dev/null
exit "$status"

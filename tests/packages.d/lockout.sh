#!/bin/bash
# SPDX-License-Identifier: MIT
# Packages that are half there, in a minimal Debian: unpacked and not configured,
# removed in part, removal or installation killed, files lost. Root and local
# users get in by the real sshd, login, su and sudo; who is denied does not.
#
# usage: lockout.sh PACKAGES BASE [STATE]...  (see tests/packages; the states are
# in lockout_states)
# shellcheck disable=SC2317 # step calls the functions
set -uo pipefail
# shellcheck source=tests/packages.d/lib/step.sh
. "$(dirname "$0")/lib/step.sh"

packages=$(realpath "$1")
base=$2
shift 2
states_file=$source_dir/tests/packages.d/lockout_states
work=$(mktemp -d /var/tmp/extauth-lockout.XXXXXX)
trap 'rm -rf --one-file-system "$work"' EXIT

install_tools() {
	root_copy "$base" "$work/root"
	root_enter "$work/root" /bin/bash -c '
		apt-get -qq update
		apt-get -qq install -y --no-install-recommends -o Dpkg::Use-Pty=0 \
			openssh-server openssh-client sshpass sudo login cron \
			python3 python3-pexpect openssl iproute2 util-linux \
			procps ca-certificates libnss-systemd'
}

share_files() {
	mkdir -p "$work/share/debs" "$work/share/tests"
	chmod 755 "$work" "$work/share"
	cp "$packages"/{libpam-extauth,libnss-extauth,extauth}_*.deb \
		"$work/share/debs"
	cp -r "$source_dir/tests/e2e" "$source_dir/tests/service" \
		"$source_dir/tests/packages.d" "$work/share/tests"
}

install_extauth() {
	share=$work/share root_enter "$work/root" /bin/bash -c '
		apt-get -qq install -y --no-install-recommends -o Dpkg::Use-Pty=0 \
			/share/debs/*.deb'
	share=$work/share loopback=yes root_enter "$work/root" \
		/bin/bash /share/tests/packages.d/lockout_states scene
}

# One state in an overlay of its own.
try() {
	local state=$1
	mount -t tmpfs -o mode=755 tmpfs "$work/layer"
	mkdir "$work/layer/upper" "$work/layer/work" "$work/layer/root"
	mount -t overlay overlay -o \
		"lowerdir=$work/root,upperdir=$work/layer/upper,workdir=$work/layer/work" \
		"$work/layer/root"
	share=$work/share loopback=yes root_enter "$work/layer/root" \
		/bin/bash /share/tests/packages.d/lockout_states try "$state"
}

# The mounts go with the process.
try_alone() {
	unshare -m --propagation private /bin/bash -c "
		$(declare -p work); $(declare -f root_enter try); set -e; try $1"
}

states=("$@")
if [ "${#states[@]}" = 0 ]; then
	mapfile -t states < <(bash "$states_file" list)
fi
mkdir "$work/layer"
step "a minimal Debian with sshd, login, su, sudo and cron" install_tools ||
	step_end
step "what is tested is put beside it" share_files || step_end
step "extauth is installed, enabled and has users" install_extauth || step_end
for state in "${states[@]}"; do
	step "nobody is locked out: ${state//_/ }" try_alone "$state"
done
step_end

#!/bin/bash
# SPDX-License-Identifier: MIT
# Part of tests/packages: as a new user would. A fresh minimal Debian 12, this
# checkout, and a web server behind HTTP Basic; newcomer.py types the commands of
# README's "Set it up in five minutes", word by word, up to an SSH login.
# shellcheck disable=SC2317 # step calls the functions
set -uo pipefail
# shellcheck source=tests/packages.d/lib/step.sh
. "$(dirname "$0")/lib/step.sh"

base=$2
root=$EXTAUTH_WORK/newcomer

# What the machine of a new user has before: sshd, and in its organisation a web
# server whose certificate it trusts.
serve() {
	set -e
	apt-get -qq update
	apt-get -qq install -y --no-install-recommends sudo openssh-server \
		openssh-client ca-certificates openssl nginx-light >/dev/null
	openssl req -x509 -newkey rsa:2048 -nodes -days 30 \
		-subj /CN=id.example.com \
		-addext subjectAltName=DNS:id.example.com \
		-keyout /etc/nginx/id.key \
		-out /usr/local/share/ca-certificates/id.crt
	update-ca-certificates
	echo "alice@example.com:$(openssl passwd -6 'correct horse')" \
		>/etc/nginx/people
	cat >/etc/nginx/sites-enabled/default <<-'END'
		server {
			listen 127.0.0.1:443 ssl;
			server_name id.example.com;
			ssl_certificate /usr/local/share/ca-certificates/id.crt;
			ssl_certificate_key /etc/nginx/id.key;
			auth_basic people;
			auth_basic_user_file people;
			root /var/www/html;
		}
	END
	echo hello >/var/www/html/index.html
	echo '127.0.0.1 localhost id.example.com' >/etc/hosts
}

make() {
	root_copy "$base" "$root"
	# Nothing that is installed is started.
	printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
	chmod 755 "$root/usr/sbin/policy-rc.d"
	source_copy "$root/root/extauth"
	root_enter "$root" /bin/bash -c "$(declare -f serve); serve"
}

step "a machine with sshd, and a web server" make || step_end
python3 "$source_dir/tests/packages.d/newcomer.py" "$root" || step_failed=1
rm -rf --one-file-system "$root"
step_end

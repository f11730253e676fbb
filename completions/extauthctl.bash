# bash completion for extauthctl(8)                       -*- shell-script -*-
# SPDX-License-Identifier: MIT
# Names that only root may read are offered to root.

# Generated from here on.
_extauthctl_table='
user add||--email= --uid= --gecos= --home=directories --shell=shells --external-id= --provider=providers --group= --not-after= --local --config=files --json --help
user show|users|--config=files --json --help
user list||--config=files --json --help
user enable|users|--config=files --json --help
user disable|users|--end-sessions --config=files --json --help
user unlock|users|--config=files --json --help
user remove|users|--end-sessions --config=files --json --help
user import|files|--format=csv,json --config=files --json --help
user export||--format=csv,json --config=files --json --help
sync|sources|--dry-run --full --user= --accept-removals= --verbose --trace --worker=files --config=files --json --help
id export||--config=files --json --help
id import|files|--config=files --json --help
registry upgrade||--config=files --json --help
registry restore|files|--dry-run --config=files --json --help
test-login|users|--service=services --rhost= --tty= --provider=providers --second-factor --dry-run --config=files --json --help
forgot-password|users|--config=files --json --help
secret set|secrets|--config=files --json --help
secret list||--config=files --json --help
secret remove|secrets|--config=files --json --help
config show||--origin --config=files --json --help
setup||--service=services --type=rest,basic,oauth2,okta,entra,pingone,pingfederate,aptify --url= --issuer= --tenant= --environment= --region= --client-id= --client-secret-file=files --no-client-secret --login-provider= --domain= --user= --email= --no-mkhomedir --no-test-login --i-have-console-access --overwrite --yes --dry-run --config=files --json --help
unsetup||--yes --dry-run --keep-configuration --config=files --json --help
check||--online --as=users --config=files --json --help
status||--config=files --json --help
metrics||--online --output=files --config=files --json --help
support-bundle||--output=files --lines= --config=files --json --help
'
# Generated up to here.

# A registry of a million people is not listed for a key press.
_extauthctl_users() {
	local registry=/var/lib/extauth/registry
	[[ -r $registry ]] || return
	(($(stat -c %s "$registry") < 1000000)) || return
	extauthctl user list 2>/dev/null | awk 'NR > 1 { print $1 }'
}

# The names of the sections of kind $1.
_extauthctl_sections() {
	extauthctl config show 2>/dev/null |
		sed -n "s/^\\[$1 \\(.*\\)\\]\$/\\1/p"
}

# Prints what a value of kind $1 may be, or the kind's own words.
_extauthctl_values() {
	case $1 in
	users) _extauthctl_users ;;
	providers) _extauthctl_sections provider ;;
	sources) _extauthctl_sections source ;;
	secrets) extauthctl secret list 2>/dev/null ;;
	services) ls /etc/pam.d 2>/dev/null ;;
	shells) grep -s '^/' /etc/shells ;;
	*) echo "${1//,/ }" ;;
	esac
}

# Offers what a value of kind $1 may be.
_extauthctl_offer() {
	case $1 in
	'') ;;
	files) _filedir ;;
	directories) _filedir -d ;;
	*) mapfile -t COMPREPLY < <(
		compgen -W "$(_extauthctl_values "$1")" -- "$cur") ;;
	esac
}

# Prints how many of the words $2... are options before the command, $1 being
# the place where the cursor is.
_extauthctl_skip() {
	local at=1 end=$1
	shift
	while ((at < end)); do
		case ${!at} in
		--config) at=$((at + 2)) ;;
		-*) at=$((at + 1)) ;;
		*) break ;;
		esac
	done
	echo $((at - 1))
}

# Completes behind a command: $1 is its line of the table.
_extauthctl_behind() {
	local operand=${1#*|} options=${1##*|} option
	operand=${operand%%|*}
	for option in $options; do
		if [[ $option == "$prev="* ]]; then
			_extauthctl_offer "${option#*=}"
			return
		fi
	done
	if [[ $cur == -* ]]; then
		option=$(sed -E 's/=[^ ]*//g' <<<"$options")
		mapfile -t COMPREPLY < <(compgen -W "$option" -- "$cur")
	else
		_extauthctl_offer "$operand"
	fi
}

# Completes the command itself: $1 are the words that it has already.
_extauthctl_command() {
	local words=$1 found
	if [[ -z $words && $prev == --config ]]; then
		_filedir
		return
	fi
	found=$(sed -n "s/^$words\\([a-z-]*\\)[ |].*/\\1/p" \
		<<<"$_extauthctl_table")
	[[ -n $words || $cur != -* ]] ||
		found='--config --json --help --version'
	mapfile -t COMPREPLY < <(compgen -W "$found" -- "$cur" | sort -u)
}

_extauthctl() {
	local cur prev words cword skip first second line
	_init_completion -s || return
	skip=$(_extauthctl_skip "$((cword))" "${words[@]:1}")
	first=${words[skip + 1]}
	second=${words[skip + 2]:-}
	if ((cword <= skip + 1)); then
		_extauthctl_command ''
		return
	fi
	line=$(grep "^$first|" <<<"$_extauthctl_table")
	if [[ -z $line ]]; then
		if ((cword == skip + 2)); then
			_extauthctl_command "$first "
			return
		fi
		line=$(grep "^$first $second|" <<<"$_extauthctl_table")
	fi
	[[ -z $line ]] || _extauthctl_behind "$line"
}

complete -F _extauthctl extauthctl

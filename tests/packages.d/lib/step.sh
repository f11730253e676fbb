# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What the parts of tests/packages share, with prepare.sh and root.sh: one line
# for each step, copies of the base root, the source as a directory.

# shellcheck source=tests/prepare.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../prepare.sh"
# shellcheck source=tests/root.sh
. "$source_dir/tests/root.sh"

step_log=$(mktemp)
step_failed=0

# Prints this shell's functions and variables, as a shell would read them.
step_state() {
	declare -f
	declare -p | grep -vE '^declare -[a-zA-Z]*r'
}

# step WHAT COMMAND [ARGUMENT]...: runs it with set -e, in a shell of its own,
# and prints one line: ok or FAIL, seconds, WHAT; after FAIL what the command
# said. Returns its status.
step() {
	local what=$1 begin=$EPOCHREALTIME status=0 seconds
	shift
	# Where step stands in a condition, set -e holds in a new shell alone.
	# shellcheck disable=SC2016
	/bin/bash <(
		step_state
		echo 'set -euo pipefail'
		echo '"$@"'
	) "$@" </dev/null >"$step_log" 2>&1 || status=$?
	seconds=$(awk -v a="$begin" -v b="$EPOCHREALTIME" \
		'BEGIN { printf "%6.1f s", b - a }')
	if [ "$status" = 0 ]; then
		echo "ok   $seconds  $what"
	else
		echo "FAIL $seconds  $what"
		tail -n "${step_lines:-25}" "$step_log" | cut -c1-400 |
			sed 's/^/     | /'
		step_failed=1
	fi
	return "$status"
}

# Ends a part.
step_end() {
	rm -f "$step_log"
	exit "$step_failed"
}

# root_copy BASE DIRECTORY: a root to work in; BASE stays as it is.
root_copy() {
	rm -rf --one-file-system "$2"
	mkdir -p "$(dirname "$2")"
	cp -a --reflink=auto "$1" "$2"
}

# Writes the checkout as a tar; one without git has what is not ignored.
source_pack() {
	if [ -e "$source_dir/.git" ]; then
		git -c safe.directory='*' -C "$source_dir" ls-files -z \
			--cached --others --exclude-standard |
			tar -C "$source_dir" --null -T - --ignore-failed-read -c
	else
		tar -C "$source_dir" --exclude='./build*' --exclude='./_*' \
			--exclude=__pycache__ -c .
	fi
}

# source_copy DIRECTORY: what git knows, and what it does not ignore, with the
# content and the modes of now and one time.
source_copy() {
	rm -rf "$1"
	mkdir -p "$1"
	source_pack | tar -C "$1" --no-same-owner -x
}

# Prints a field of the newest entry of debian/changelog.
changelog_field() {
	dpkg-parsechangelog -l "$source_dir/debian/changelog" -S "$1"
}

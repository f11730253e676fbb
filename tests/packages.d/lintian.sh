#!/bin/bash
# SPDX-License-Identifier: MIT
# Part of tests/packages: what Debian's own checker says of source and packages.
# shellcheck disable=SC2317 # step calls the functions
set -uo pipefail
# shellcheck source=tests/packages.d/lib/root_build.sh
. "$(dirname "$0")/lib/root_build.sh"

debs=$1
levels=error,warning,info,pedantic,experimental

read_all() {
	lintian -E -I --pedantic --allow-root --fail-on "$levels" \
		"$debs"/*.changes
}

# An override without a comment before it explains nothing.
overrides_are_explained() {
	awk '/^#/ { told = 1; next }
		/^$/ { told = 0; next }
		!told { print FILENAME ": " $0; wrong = 1 }
		END { exit wrong }' "$source_dir"/debian/*.lintian-overrides \
		"$source_dir/debian/source/lintian-overrides"
}

step "lintian -E -I --pedantic has nothing to say" read_all
step "every override is explained" overrides_are_explained
step_end

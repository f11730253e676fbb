# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: MIT
# What tests/fuzz/run builds, and which program has which target; sourced, not
# run. Reads build, fuzz_dir, source_dir, compiler, sanitizer and flags.

# Sources by program.
shared=(fuzz)
json=(fuzz_json strict)
provider=(fuzz_provider fuzz_target fuzz_seen)
source=(fuzz_source fuzz_source_case)
pure=(fuzz_pure fuzz_table fuzz_csv fuzz_decode fuzz_escape fuzz_frame
	fuzz_frame_read fuzz_ini fuzz_nss fuzz_nss_buffer fuzz_outline
	fuzz_phrase fuzz_registry fuzz_snapshot fuzz_snapshot_mutate
	fuzz_state fuzz_template fuzz_words strict)
exchange=(fuzz_exchange fuzz_table fuzz_decode fuzz_http fuzz_server
	fuzz_answer fuzz_url strict)
# What the pure targets need of the module and of extauthctl.
module=(nss_buffer nss_group nss_map nss_passwd)
command_objects=(id_map id_map_file number replace translate)
memory=()
if [ "$sanitizer" = memory ]; then
	memory=(fuzz_memory)
fi

# Prints the program of target $1.
program_of() {
	case $1 in
	json) echo fuzz_json ;;
	source_*) echo fuzz_source ;;
	*)
		local program
		for program in fuzz_pure fuzz_exchange; do
			if grep -q "{\"$1\"," "$fuzz_dir/$program.c"; then
				echo "$program"
				return
			fi
		done
		echo fuzz_provider
		;;
	esac
}

list_targets() {
	local target
	for target in "$build"/seeds/*/; do
		target=$(basename "$target")
		if [ "$sanitizer" != memory ] ||
			[ "$(program_of "$target")" = fuzz_pure ]; then
			echo "$target"
		fi
	done
}

# Builds the libraries, or what of them is needed.
build_libraries() {
	local objects=("${command_objects[@]/#/extauthctl/libextauthctl.a.p/}")
	local wanted=(common/libextauth-common.a "${objects[@]/%/.c.o}")
	[ "$sanitizer" = memory ] || wanted+=(exchange/libextauth-exchange.a)
	local arguments="-fsanitize=fuzzer-no-link -Wframe-larger-than=65536"
	[ "$sanitizer" != none ] || arguments+=" ${flags[*]}"
	[ -f "$build/build.ninja" ] || CC="${compiler[*]}" meson setup \
		"$build" "$source_dir" -Dtests=false -Dbuildtype=debug \
		-Doptimization=1 -Db_sanitize="$sanitizer" -Db_lundef=false \
		-Dc_args="$arguments" >"$build.log" || {
		cat "$build.log" >&2
		return 1
	}
	ninja -C "$build" --quiet "${wanted[@]}" >"$build.log" || {
		cat "$build.log" >&2
		return 1
	}
}

# Compiles $1, a source without its ending, for the programs. Those of the NSS
# module find their registry, and the time, where a target has put them.
compile() {
	local path=$fuzz_dir/$1.c object=$build/objects/$1.o
	[ -f "$path" ] || path=$source_dir/nss_extauth/$1.c
	(cd "$build" && "${compiler[@]}" -c -g -O1 -std=gnu11 -D_GNU_SOURCE \
		-Wall -Wextra -Wconversion -Werror "${flags[@]}" \
		-I"$fuzz_dir/place" -I"$source_dir/common" \
		-I"$source_dir/exchange" -I"$source_dir/nss_extauth" \
		-I"$source_dir/extauthctl" -I"$build/common" \
		-o "$object" "$path")
}

# Links program $1 of the objects of the sources $2... and of what stands in
# $libraries.
link_program() {
	local program=$build/fuzz_$1 objects
	shift
	objects=("${@/#/$build/objects/}")
	clang "${flags[@]}" -fsanitize=fuzzer -o "$program" \
		"${objects[@]/%/.o}" "${libraries[@]}"
}

# Links the programs that need libraries beyond libc.
link_exchange_programs() {
	local libraries=("$build/exchange/libextauth-exchange.a"
		"$build/common/libextauth-common.a") system
	read -ra system < <(pkg-config --libs json-c libcurl libssl \
		libcrypto libseccomp)
	libraries+=("${system[@]}")
	if pkg-config --exists libqrencode; then
		libraries+=(-lqrencode)
	fi
	link_program json "${json[@]}" "${shared[@]}" &&
		link_program provider "${provider[@]}" "${shared[@]}" &&
		link_program source "${source[@]}" "${shared[@]}" &&
		link_program exchange "${exchange[@]}" "${shared[@]}"
}

link_pure_program() {
	local libraries=("${command_objects[@]/#/$build/extauthctl/libextauthctl.a.p/}")
	libraries=("${libraries[@]/%/.c.o}" "$build/common/libextauth-common.a")
	[ ${#memory[@]} = 0 ] || libraries+=(
		"-Wl,--wrap=fstat,--wrap=lstat,--wrap=fstat64")
	link_program pure "${pure[@]}" "${module[@]}" "${shared[@]}" \
		"${memory[@]}"
}

# Compiles the sources of the programs, two at a time.
compile_all() {
	local sources=("${shared[@]}" "${pure[@]}" "${module[@]}" "${memory[@]}")
	local at status=0
	[ "$sanitizer" = memory ] || sources+=("${json[@]}" "${provider[@]}" \
		"${source[@]}" "${exchange[@]}")
	mapfile -t sources < <(printf '%s\n' "${sources[@]}" | sort -u)
	mkdir -p "$build/objects"
	for ((at = 0; at < ${#sources[@]}; at += 2)); do
		compile "${sources[at]}" &
		if [ -n "${sources[at + 1]:-}" ]; then
			compile "${sources[at + 1]}" || status=1
		fi
		wait "$!" || status=1
	done
	return "$status"
}

build_all() {
	build_libraries && compile_all && link_pure_program || return
	[ "$sanitizer" = memory ] || link_exchange_programs || return
	rm -rf "$build/seeds" && python3 "$fuzz_dir/seeds.py" "$build/seeds"
}

# Prints ", N of M lines" for target $1, whose profile is there.
coverage_of() {
	llvm-profdata-14 merge -o "$build/$1.profdata" "$build/$1.profraw" &&
		llvm-cov-14 export -summary-only \
			-instr-profile "$build/$1.profdata" \
			"$build/fuzz_$1" | python3 "$fuzz_dir/coverage.py" "$1"
}

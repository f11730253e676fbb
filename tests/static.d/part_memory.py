# SPDX-License-Identifier: MIT
"""MemorySanitizer over our own code: the unit tests of what is pure, which
calls libc alone, with plain/check.h in the place of Check."""
import os
import re

from tools import (NOTHING_HIDDEN, SOURCE, WORK, check, end_of, figure, ninja,
                   run, set_up)

PLAIN = os.path.join(os.path.dirname(os.path.realpath(__file__)), "plain")

# Not what calls libcrypto, json-c or libqrencode, nor what makes calls fail by
# fault.c, which takes the place of the same functions as FILLED.
PURE = """base64url buffer condition config config_demand config_group
config_implied config_provider config_read config_refused config_request
config_source config_source_refused config_table config_type csv device error
escape frame hash identity ini login login_outcome login_text module_option
origin passwd_entry phrase policy policy_services registry registry_arena
registry_contents registry_damage registry_forged registry_holes registry_large
registry_lock registry_map registry_parse registry_patch registry_restore
registry_rules registry_uid registry_write secret sync sync_damage template
template_context template_placeholder throttle throttle_mark throttle_marks
verdict date id_map import_row literal metrics_text sync_gone sync_groups
sync_match sync_people sync_plan""".split()

# What is linked before all: clang 14 does not know that these fill a status,
# or move memory.
FILLED = SOURCE + "/tests/fuzz/fuzz_memory.c"
MOVED = PLAIN + "/moved.c"
IN_THEIR_PLACE = ("fstat", "lstat", "fstat64", "lstat64", "stat64", "mremap")


def programs(directory):
    """Returns the paths of the tests' programs below the build directory."""
    listed = run("ninja", "-C", directory, "-t", "targets", "all").stdout
    return [path for path in re.findall(r"^(tests/\w+/test_\w+): ", listed,
                                        re.M)
            if path.split("/test_")[1] in PURE]


def put_in_place_of_check():
    """Returns a directory where meson finds it under Check's name."""
    directory = WORK + "/plain"
    os.makedirs(directory, exist_ok=True)
    with open(directory + "/check.pc", "w", encoding="utf-8") as file:
        file.write("Name: check\nDescription: what tests use of Check\n"
                   f"Version: 0.15.2\nCflags: -I{PLAIN}\nLibs:\n")
    return directory


def linked_before_all():
    """Returns what the linker is told, and the compiler's result."""
    result = run("clang-14", "-fsanitize=memory", "-D_GNU_SOURCE", "-O1", "-g",
                 "-fPIC", "-c", FILLED, MOVED, cwd=WORK + "/plain")
    objects = [WORK + "/plain/" + os.path.basename(path)[:-1] + "o"
               for path in (FILLED, MOVED)]
    wraps = ["-Wl,--wrap=" + name for name in IN_THEIR_PLACE]
    return " ".join(["-fsanitize=memory", *objects, *wraps]), result


def memory():
    place = put_in_place_of_check()
    link_arguments, result = linked_before_all()
    check("what is linked before all is compiled", end_of(result))
    directory, result = set_up(
        "memory", "clang-14", "-Db_sanitize=memory", "-Db_lundef=false",
        "-Dc_link_args=" + link_arguments,
        "-Dpkg_config_path=" + place,
        f"-Dc_args=-Wframe-larger-than=65536 {NOTHING_HIDDEN} "
        "-fsanitize-memory-track-origins")
    paths = programs(directory)
    if result.returncode == 0:
        result = ninja(directory, *paths)
    check("the tests are built with MSan", end_of(result))
    if result.returncode != 0:
        return
    check("every pure test is there",
          sorted(set(PURE) - {path.split("/test_")[1] for path in paths}))
    passed, found = 0, 0
    for path in paths:
        done = run(f"{directory}/{path}", timeout=300, env=dict(
            os.environ, REGISTRY_SEEDS="2"))
        said = re.findall(r"WARNING: MemorySanitizer.*(?:\n.*){0,10}",
                          done.stdout)
        failed = re.findall(r"^not ok .*$", done.stdout, re.M)
        planned = re.search(r"^1\.\.[1-9]", done.stdout, re.M)
        passed += len(re.findall(r"^ok ", done.stdout, re.M))
        found += len(said)
        check(f"{os.path.basename(path)} holds under MSan", said + failed
              + ([] if planned else [done.stdout[-2000:]]))
    figure("tests_under_msan", passed)
    figure("msan_reports", found)

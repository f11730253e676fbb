# SPDX-License-Identifier: MIT
"""The verdict, escape and registry code, and the unit tests of each file.
tests/coverage counts the branches of the same files.

Does not know: what is changed, how it is run.
"""
import fnmatch
import glob
import os

from source import SOURCE

# Which answer is a grant: no mutant may survive here.
DECIDING = ("common/verdict.c", "exchange/person.c", "exchange/judge.c")

# That of clang cannot start in a program that puts strlen(3) in its own place.
UNSANITIZED = ("template_memory",)

WRITER = ["registry_bytes", "registry_patch_room",
          "registry_patch_group", "registry_patch_order", "registry_write",
          "registry_rules", "registry_contents", "registry_field",
          "registry_users", "registry_load", "registry_memory",
          "registry_fault", "registry_damage", "registry_large",
          "registry_forged", "registry_misled", "registry", "registry_map",
          "registry_restore", "registry_fault_read", "registry_patch"]
READER = ["registry", "registry_map", "registry_rules", "registry_damage",
          "registry_contents", "registry_fault_read", "registry_parse",
          "registry_bytes", "registry_field", "registry_users",
          "registry_forged", "registry_misled"]

# Group, pattern of the files, tests in the order in which they are run: quick
# ones first. The first row that fits is taken.
ROWS = [
    ("verdict", "common/verdict.c", ["verdict", "judge"]),
    ("verdict", "common/condition.c", ["condition", "config_source"]),
    ("verdict", "common/login.c", ["login", "login_outcome", "login_fault"]),
    ("verdict", "exchange/judge.c", ["judge", "oauth_error", "provider_rest"]),
    ("verdict", "exchange/person.c", ["person"]),
    ("verdict", "exchange/origin.c", ["origin"]),
    ("escape", "common/escape.c", ["escape", "template"]),
    ("escape", "common/template*.c", ["template_context", "template",
                                      "template_placeholder",
                                      "template_memory"]),
    ("registry", "common/registry*.c", READER),
    ("registry", "extauthctl/registry_uid.c", ["registry_uid_rules",
                                               "registry_uid_host",
                                               "registry_rules",
                                               "registry_fault_read",
                                               "registry_uid"]),
    ("registry", "extauthctl/registry_restore.c", ["registry_restore",
                                                   "registry_fault_read"]),
    ("registry", "extauthctl/registry_pages.c", ["registry_arena"] + WRITER),
    ("registry", "extauthctl/registry_arena.c", ["registry_arena"] + WRITER),
    ("registry", "extauthctl/registry_copy.c", ["registry_copy"] + WRITER),
    ("registry", "extauthctl/registry_stream.c",
     ["registry_stream"] + WRITER),
    ("registry", "extauthctl/registry_holes.c", ["registry_holes"] + WRITER),
    ("registry", "extauthctl/registry_write.c", WRITER + ["registry_lock"]),
    ("registry", "extauthctl/registry_*.c", WRITER),
    ("registry", "nss_extauth/nss_*.c", ["nss_module", "nss_buffer",
                                         "nss_glibc", "nss_map",
                                         "nss_damage", "nss_swap",
                                         "nss_load"]),
]
GROUPS = ("verdict", "escape", "registry")


def row_of(path):
    """Returns (group, tests) of a file, or None."""
    for group, pattern, tests in ROWS:
        if fnmatch.fnmatch(path, pattern):
            return group, tests
    return None


def folder_of(test):
    return "nss" if test.startswith("nss_") else "unit"


def tests_of(path):
    return [test for test in row_of(path)[1] if os.path.exists(
        f"{SOURCE}/tests/{folder_of(test)}/test_{test}.c")]


def paths():
    found = {path for _, pattern, _ in ROWS
             for path in glob.glob(f"{SOURCE}/{pattern}")}
    return sorted(os.path.relpath(path, SOURCE) for path in found)

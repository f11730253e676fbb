#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The hand of the source: format, sizes, comments, forbidden calls, tests that
mirror the files."""
import json
import os
import re
import subprocess

from gate import (PRODUCT, SOURCE, TESTED, check, code_lines, files, finish,
                  read)

# What no file may call, and what only some may.
FORBIDDEN = {
    r"(strcpy|strcat|stpcpy|strncpy|strncat|sprintf|vsprintf|gets|strtok"
    r"|system|popen|tmpnam|mktemp|alloca|closelog|setlogmask"
    r"|signal|vfork|atoi|atol|atof|rand|random|srand|ctime|asctime"
    r"|gethostbyname|setenv|putenv|unsetenv)": "",
    r"(getenv|secure_getenv|setlocale)": "extauthctl/",
    r"(exit|_exit|abort|errx?|warnx?)": "exchange/|extauthctl/",
    r"(is(alpha|digit|alnum|space|upper|lower|print|punct|graph|cntrl|xdigit)"
    r"|tolower|toupper|strn?casecmp|strcoll)": "extauthctl/",
    r"(syslog|vsyslog)": "",
    # A stack of PAM that is tried runs in a process of its own.
    r"(fork|openlog)": "extauthctl/setup_login",
    r"secret_reveal": "common/|pam_extauth/|exchange/|extauthctl/",
}
LINES_MAX = 400
FUNCTION_LINES_MAX = 60
COLUMNS_MAX = 80


def forbidden_calls():
    for path in files():
        for number, line in enumerate(code_lines(path), 1):
            for pattern, allowed in FORBIDDEN.items():
                found = re.search(r"(?<![\w>.])" + pattern + r"\s*\(", line)
                if found and not (allowed and re.match(allowed, path)):
                    yield f"{path}:{number}: {found[0]}"


def forbidden_words():
    for path in files(TESTED):
        for number, line in enumerate(read(path).split("\n"), 1):
            found = re.search(r"\b(TODO|FIXME|XXX|HACK)\b", line)
            if found:
                yield f"{path}:{number}: {found[1]}"
        for number, line in enumerate(code_lines(path), 1):
            if re.search(r"\bgoto\b", line):
                yield f"{path}:{number}: goto"


def format_problems():
    result = subprocess.run(["clang-format-14", "--dry-run", "-Werror"]
                            + files(TESTED), cwd=SOURCE, check=False,
                            stderr=subprocess.PIPE, text=True)
    if result.returncode != 0:
        yield from sorted({line.split(":")[0] + ": not formatted"
                           for line in result.stderr.splitlines()
                           if ": error:" in line}) or [result.stderr]


def tags(kinds, paths):
    """Returns what universal-ctags finds, as dicts."""
    output = subprocess.run(
        ["ctags", "--options=NONE", "--output-format=json", "--fields=+neS",
         "--languages=C", "--kinds-C=" + kinds, "-I", "EXTAUTH_CHECKED",
         "-o", "-"] + paths,
        cwd=SOURCE, check=True, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True).stdout
    return [json.loads(line) for line in output.splitlines()]


def long_functions():
    for tag in tags("f", files(TESTED)):
        length = tag.get("end", tag["line"]) - tag["line"] + 1
        if length > FUNCTION_LINES_MAX:
            yield f"{tag['path']}:{tag['line']}: {tag['name']}: {length} lines"


def size_problems():
    for path in files(TESTED):
        lines = read(path).split("\n")
        if len(lines) > LINES_MAX + 1:
            yield f"{path}: {len(lines) - 1} lines"
        for number, line in enumerate(lines, 1):
            if len(line.expandtabs(8)) > COLUMNS_MAX \
                    and "http" not in line:
                yield f"{path}:{number}: more than {COLUMNS_MAX} columns"


def is_commented(lines, line):
    """Tells whether the declaration that holds line `line` (from 1) follows a
    comment, or another declaration that does."""
    index = line - 2
    while index >= 0 and lines[index].strip() != "":
        if lines[index].rstrip().endswith("*/"):
            return True
        index -= 1
    return False


def uncommented_prototypes():
    for tag in tags("p", files(PRODUCT, "*.h")):
        lines = read(tag["path"]).split("\n")
        if not is_commented(lines, tag["line"]):
            yield f"{tag['path']}:{tag['line']}: {tag['name']}"


def head_problems():
    """A file begins with its licence; a header, or a .c file that includes no
    header of its folder, says what it is and what it does not know."""
    for path in files(TESTED):
        text = read(path)
        if not text.startswith("/* SPDX-License-Identifier: MIT */\n"):
            yield f"{path}: no SPDX line"
        has_header = path.endswith(".c") and any(
            f'#include "{os.path.basename(header)}"' in text
            for header in files([os.path.dirname(path)], "*.h"))
        if path.startswith("tests/") or has_header:
            continue
        if "Does not know" not in text[:2500]:
            yield f"{path}: the head does not say what it does not know"


def untested_files():
    tests = {os.path.basename(path)[len("test_"):-2]
             for path in files(["tests/unit"], "test_*.c")}
    for path in files(["common"], "*.c"):
        stem = os.path.basename(path)[:-2]
        parts = stem.split("_")
        names = {"_".join(parts[:n]) for n in range(1, len(parts) + 1)}
        if not names & tests:
            yield f"{path}: tests/unit/test_{stem}.c is missing"


def unregistered_tests():
    everywhere = {name for path in files(TESTED, "meson.build")
                  for name in registered(os.path.dirname(path))}
    for folder in ("tests/unit", "tests/nss", "tests/pam", "tests/ctl"):
        for path in files([folder], "test_*.c"):
            words = os.path.basename(path)[:-2].split("_")
            names = {"_".join(words[n:]) for n in range(len(words))}
            if not names & everywhere:
                yield f"{path}: in no meson.build"
    for path in files(["tests/e2e"], "*.py"):
        if read(path).rstrip().endswith("run_tests()") \
                and os.path.basename(path)[:-3] not in registered("tests/e2e"):
            yield f"{path}: not in tests/e2e/meson.build"


def registered(folder):
    """Returns the words between quotes in a folder's meson.build."""
    return set(re.findall(r"'([^']*)'", read(folder + "/meson.build")))


def shell_problems():
    scripts = [path for path in files(
        ["tests", "tests/service", "tests/e2e", "tests/gates", "tests/nss",
         "tests/pam", "tests/ctl", "tests/bench", "tests/fuzz",
         "tests/packages.d", "debian", "debian/tests", ".ci"], "*")
        if os.path.isfile(f"{SOURCE}/{path}")
        and read_start(path).startswith(("#!/bin/sh", "#!/bin/bash"))]
    result = subprocess.run(["shellcheck", "-x"] + scripts, cwd=SOURCE,
                            stdout=subprocess.PIPE, text=True, check=False)
    if result.returncode != 0:
        yield result.stdout


def read_start(path):
    with open(f"{SOURCE}/{path}", "rb") as file:
        return file.read(32).decode("latin-1")


check("no forbidden call", forbidden_calls())
check("no goto, no note to do later", forbidden_words())
check("clang-format agrees with every file", format_problems())
check(f"no function is longer than {FUNCTION_LINES_MAX} lines",
      long_functions())
check(f"no file is longer than {LINES_MAX} lines or {COLUMNS_MAX} columns",
      size_problems())
check("every prototype in a header has a comment", uncommented_prototypes())
check("every file says what it is", head_problems())
check("every file of common has its unit test", untested_files())
check("every test is in its meson.build", unregistered_tests())
check("shellcheck agrees with every script", shell_problems())
finish()

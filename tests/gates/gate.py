# SPDX-License-Identifier: MIT
"""What the gates share: the list of source files, and TAP output.

Does not know: what any gate looks for.
"""
import glob
import os
import re
import sys

SOURCE = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))
PROGRAMS = ("pam_extauth", "nss_extauth", "exchange", "extauthctl")
PRODUCT = ("common",) + PROGRAMS
TESTED = PRODUCT + ("tests/unit", "tests/service", "tests/nss", "tests/pam",
                    "tests/ctl", "tests/e2e", "tests/bench", "tests/fuzz",
                    "tests/crash", "tests/sandbox", "tests/soak")

_count = 0
_failed = 0


def files(folders=PRODUCT, pattern="*.[ch]"):
    """Returns the files of these folders as paths below the checkout."""
    return sorted(os.path.relpath(path, SOURCE) for folder in folders
                  for path in glob.glob(f"{SOURCE}/{folder}/{pattern}"))


def read(path):
    """Returns the text of a file of the checkout."""
    with open(f"{SOURCE}/{path}", encoding="utf-8") as file:
        return file.read()


def code_lines(path):
    """Returns the lines of a C file without comments and without what stands
    between quotes."""
    def blank(match):
        text = match[0]
        return '""' if text[0] == '"' else "\n" * text.count("\n")
    text = re.sub(r'"(?:\\.|[^"\\\n])*"|/\*.*?\*/|//[^\n]*', blank,
                  read(path), flags=re.S)
    return text.split("\n")


def check(name, problems, skip=None):
    """Reports one test: it passes if there are no problems."""
    global _count, _failed
    _count += 1
    problems = list(problems)
    _failed += bool(problems)
    result = "not ok" if problems else "ok"
    print(f"{result} {_count} - {name}" + (f" # SKIP {skip}" if skip else ""))
    for problem in problems:
        for line in problem.splitlines():
            print("# " + line)
    sys.stdout.flush()


def finish():
    """Prints the plan and ends the program."""
    print(f"1..{_count}")
    sys.exit(1 if _failed else 0)

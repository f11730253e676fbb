# SPDX-License-Identifier: MIT
"""Runs the parts of tests/static, one after the other. A part is a function of
its name in a module of its name.

usage: main.py [PART]...
"""
import importlib
import sys
import time

from tools import finish

PARTS = ("compilers", "analyzer", "scan_build", "lint", "valgrind", "login",
         "threads", "memory", "packaged")


def main(chosen):
    unknown = set(chosen) - set(PARTS)
    if unknown:
        sys.exit(f"static: there is no part {' '.join(sorted(unknown))}; "
                 f"there are: {' '.join(PARTS)}")
    for name in chosen or PARTS:
        started = time.monotonic()
        getattr(importlib.import_module("part_" + name), name)()
        print(f"# {name}: {time.monotonic() - started:.0f} s", flush=True)
    finish()


main(sys.argv[1:])

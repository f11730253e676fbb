# SPDX-License-Identifier: MIT
"""What every harness of the proof has: a count as its argument, a seed, and
figures (tests/proof.d/table.py has their goals).

Does not know: what is tried.
"""
import os
import sys

SEED = int(os.environ.get("EXTAUTH_SEED", "1"))


def argument(default):
    """Takes a number as the first argument of the program, or `default`."""
    if len(sys.argv) > 1 and sys.argv[1].isdigit():
        return int(sys.argv.pop(1))
    return default


def figure(name, value):
    """Prints one figure, which the proof compares with its goal."""
    print(f"# figure: {name} = {value}", flush=True)

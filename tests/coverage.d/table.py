#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Prints which lines and branches were run, by file and by group, as TAP with
figures; a branch that `unreachable` explains is not counted, and one that it
explains though it was run is an error.

Does not know: how the tests are run.

usage: table.py [--missed] BUILD-DIRECTORY
"""
import os
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, HERE + "/../mutate.d")
sys.path.insert(1, HERE + "/..")
from gcov import read_counts  # noqa: E402
from harness import figure  # noqa: E402
from source import read  # noqa: E402
from targets import GROUPS, row_of  # noqa: E402


def read_unreachable():
    """Returns {(path, text of the line): branches that cannot be taken}."""
    found = {}
    with open(HERE + "/unreachable", encoding="utf-8") as file:
        for line in file:
            if line.startswith("#") or not line.strip():
                continue
            if not line.startswith("\t"):
                path, count, text = line.strip().split(" :: ")
                found[path, text] = found.get((path, text), 0) + int(count)
    return found


class File:
    """The counts of one file, without what cannot be run."""

    def __init__(self, path, counts, unreachable):
        self.path, self.lines, self.missed = path, 0, []
        self.lines_run, self.branches, self.branches_run = 0, 0, 0
        self.stale, text = [], read(path).split("\n")
        for number, (count, branches) in sorted(counts.items()):
            line = " ".join(text[number - 1].split())
            left = unreachable.pop((path, line), 0)
            gone = sum(one == 0 for one in branches)
            if left > gone:
                self.stale.append(f"{path}:{number}: {line}")
            self.add(number, line, count, len(branches) - left, gone - left)

    def add(self, number, line, count, branches, missed):
        self.lines += 1
        self.lines_run += count > 0
        self.branches += branches
        self.branches_run += branches - missed
        if count == 0 or missed > 0:
            self.missed.append(f"#   {self.path}:{number}: "
                               + ("not run" if count == 0 else
                                  f"{missed} branches") + f": {line}")

    def print(self, is_missed_shown):
        print(f"# {self.path:34} lines {self.lines_run:4} of {self.lines:4}"
              f"  branches {self.branches_run:4} of {self.branches:4}")
        if is_missed_shown and self.missed:
            print("\n".join(self.missed))


def percent(files, what):
    whole = sum(getattr(file, what) for file in files)
    run = sum(getattr(file, what + "_run") for file in files)
    return 100 * run / max(whole, 1)


def print_figures(files):
    groups = {"common": [file for file in files
                         if file.path.startswith("common/")]}
    for group in GROUPS:
        groups[group] = [file for file in files
                         if (row_of(file.path) or [""])[0] == group]
    for group, its in groups.items():
        for what, name in ("lines", "line"), ("branches", "branch"):
            figure(f"{group}_{name}_coverage_percent",
                   f"{percent(its, what):.2f}")
    return all(groups.values())


def main():
    arguments = [word for word in sys.argv[1:] if word != "--missed"]
    unreachable = read_unreachable()
    explained = sum(unreachable.values())
    counts = read_counts(os.path.abspath(arguments[0]))
    files = [File(path, counts[path], unreachable) for path in sorted(counts)
             if path.startswith("common/") or row_of(path)]
    for file in files:
        file.print("--missed" in sys.argv)
    stale = [line for file in files for line in file.stale] \
        + [f"{path}: {text}" for path, text in unreachable]
    print("\n".join("# not so: " + line for line in stale))
    figure("branches_explained", explained)
    has_all = print_figures(files)
    print("1..2\n" + ("ok" if has_all else "not ok")
          + " 1 - every group has files that were run\n"
          + ("not ok" if stale else "ok")
          + " 2 - what is said to be out of reach is")
    sys.exit(1 if stale or not has_all else 0)


if __name__ == "__main__":
    main()

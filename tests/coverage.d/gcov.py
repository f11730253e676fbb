# SPDX-License-Identifier: MIT
"""Reads what a build with gcc's coverage counted.

Does not know: which files matter.
"""
import collections
import glob
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../mutate.d"))
from source import SOURCE  # noqa: E402

FOLDERS = ("common", "exchange", "extauthctl", "nss_extauth", "pam_extauth")


def run_gcov(note):
    """Returns the files that gcov tells of one object."""
    output = subprocess.run(
        ["gcov", "--json-format", "--stdout", "--branch-probabilities", note],
        cwd=os.path.dirname(note), check=True, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True).stdout
    return [file for line in output.splitlines() if line.startswith("{")
            for file in json.loads(line)["files"]]


def add_up(one, other):
    """A file that is in two programs has its counts added up."""
    if not one:
        return other
    if len(one) != len(other):
        sys.exit("coverage: two objects of one file have other branches")
    return [mine + theirs for mine, theirs in zip(one, other)]


def add_file(lines, file):
    branches, counts = collections.defaultdict(list), collections.Counter()
    for line in file["lines"]:
        counts[line["line_number"]] += line["count"]
        branches[line["line_number"]] += [branch["count"] for branch
                                          in line["branches"]]
    for number, count in counts.items():
        before, known = lines.get(number, (0, []))
        lines[number] = (before + count, add_up(known, branches[number]))


def read_counts(build):
    """Returns {path: {line: (count, [count of each branch])}}."""
    notes = [note for folder in FOLDERS
             for note in glob.glob(f"{build}/{folder}/*.p/*.gcno")]
    found = collections.defaultdict(dict)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for files in pool.map(run_gcov, notes):
            for file in files:
                path = os.path.relpath(os.path.realpath(
                    os.path.join(build, file["file"])), SOURCE)
                if path.endswith(".c") and not path.startswith(".."):
                    add_file(found[path], file)
    return found

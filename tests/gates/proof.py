#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The proof counts what was not reached as MISSED, and its table names what is
there.

usage: proof.py BUILD-DIRECTORY
"""
import os
import re
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../proof.d"))

from gate import SOURCE, check, finish
from outcome import Part, read_outcome
from report import machine, write_report
from table import PARTS

PART = Part("name", "1. Point", "a title", "true | command",
            {"faults": ">= 50000", "wrong_grants": "== 0", "seen": ""})
GOOD = ("# figure: faults = 50000\n# figure: wrong_grants = 0\n"
        "# figure: seen = 2.5\nok 1 - all\n1..1\n")
# What a part prints and ends with, and the figures that are then MISSED.
CASES = [
    (GOOD, 0, []),
    (GOOD.replace("50000", "49999"), 0, ["faults"]),
    (GOOD.replace("grants = 0", "grants = 1"), 0, ["wrong_grants"]),
    (GOOD.replace("# figure: faults = 50000\n", ""), 0, ["faults"]),
    (GOOD.replace("= 2.5", "= none"), 0, ["seen"]),
    (GOOD.replace("ok 1", "not ok 1"), 0, ["tests"]),
    (GOOD.replace("ok 1 - all", "ok 1 - all # SKIP"), 0, ["tests"]),
    (GOOD.replace("1..1", "1..2"), 0, ["tests"]),
    (GOOD.replace("ok 1 - all\n1..1\n", "3 passed, 0 failed\n"), 0, []),
    (GOOD.replace("ok 1 - all\n1..1\n", "3 passed, 1 failed\n"), 0, ["tests"]),
    (GOOD, 1, ["tests"]),
    (GOOD, "no end within 9 s", ["tests"]),
    ("", 0, ["tests", "faults", "wrong_grants", "seen"]),
]


def case_problems():
    for text, status, expected in CASES:
        outcome = read_outcome(PART, status, text, 1.0)
        missed = [row.figure for row in outcome.rows if not row.is_met]
        if missed != expected or outcome.missed() != len(expected):
            yield f"{text!r}, status {status}: {missed} is missed"


def report_problems():
    bad = read_outcome(PART, 0, GOOD.replace("50000", "7"), 1.0)
    with tempfile.TemporaryDirectory() as folder:
        write_report(folder + "/proof.md", machine(SOURCE), [bad])
        with open(folder + "/proof.md", encoding="utf-8") as file:
            text = file.read()
    for wanted in ("| faults | 7 | >= 50000 | **MISSED** |",
                   "| wrong grants | 0 | == 0 | met |", "| seen | 2.5 |  |  |",
                   "2 of 3 goals met, **1 MISSED**", "`true | command`",
                   "| Commit | ", "| Processor | "):
        if wanted not in text:
            yield f"{wanted!r} is not in it"


def table_problems():
    names = [part.name for part in PARTS]
    yield from (f"{name} stands there twice" for name in set(names)
                if names.count(name) > 1)
    points = {part.point.split(".")[0] for part in PARTS}
    yield from (f"there is no part for point {number}" for number in
                range(1, 10) if str(number) not in points)
    for part in PARTS:
        for path in re.findall(r"(?<!/)\btests/[\w/.-]+", part.command):
            if not os.path.exists(f"{SOURCE}/{path}"):
                yield f"{part.name}: {path} is not there"
        if part.goals and not any(part.goals.values()):
            yield f"{part.name} has no goal"


check("a figure that is missing, too low or too high is MISSED",
      case_problems())
check("the report tells figure, goal and machine", report_problems())
check("the table of the proof names files that are there, for each point",
      table_problems())
finish()

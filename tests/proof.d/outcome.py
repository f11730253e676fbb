# SPDX-License-Identifier: MIT
"""What a part of the proof printed, beside what it should have.

Does not know: how a part is run, how its outcome is written down.
"""
import collections
import operator
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from count_results import count_tap  # noqa: E402

FIGURE = re.compile(r"^# figure: ([a-z0-9_]+) = (-?\d+(?:\.\d+)?)\s*$", re.M)
TOTAL = re.compile(r"^(\d+) passed, (\d+) failed$", re.M)
COMPARE = {">=": operator.ge, "<=": operator.le, "==": operator.eq}

# A command, what it shows, the figures that it must print with their goals
# ("at least": ">= 50000"; "" is a figure without one), and what it takes.
Part = collections.namedtuple(
    "Part", "name point title command goals limit_s processors",
    defaults=[1800, 1])


class Row(collections.namedtuple("Row", "figure value goal is_met")):
    """One figure of a part."""
    __slots__ = ()

    def line(self):
        word = "MISSED" if not self.is_met else "met   " if self.goal else "      "
        goal = f" ({self.goal})" if self.goal else ""
        return f"{word} {self.figure} = {self.value}{goal}"


class Outcome(collections.namedtuple("Outcome", "part rows seconds")):
    """All figures of a part."""
    __slots__ = ()

    def missed(self):
        return sum(not row.is_met for row in self.rows)

    def line(self):
        missed = self.missed()
        return (f"== {self.part.name}: {self.seconds:.0f} s, "
                + (f"{missed} MISSED" if missed else "all met"))


def is_met(value, goal):
    """Compares a figure with a goal like ">= 20"."""
    if not goal:
        return True
    word, number = goal.split()
    return COMPARE[word](float(value), float(number))


def count_tests(text):
    """Returns (passed, failed) of TAP, or of a last line `N passed, M
    failed`; (0, 0) of neither."""
    totals = TOTAL.findall(text)
    if totals:
        return int(totals[-1][0]), int(totals[-1][1])
    counted = count_tap(text)
    if counted is None:
        return 0, 0
    return counted[0], len(counted[1])


def read_outcome(part, status, text, seconds):
    """The tests of a part are its first row: they fail if it did not end well.
    A figure that it was to print and did not is missed."""
    passed, failed = count_tests(text)
    ended_well = status == 0 and passed > 0 and failed == 0
    value = f"{passed} passed, {failed} failed"
    if not ended_well:
        value += f", status {status}"
    rows = [Row("tests", value, "== all", ended_well)]
    found = {}
    for figure, value in FIGURE.findall(text):
        found.setdefault(figure, []).append(value)
    for figure, goal in part.goals.items():
        values = found.pop(figure, [])
        rows.append(Row(figure, " and ".join(values) or "not printed", goal,
                        bool(values) and all(is_met(value, goal)
                                             for value in values)))
    rows += [Row(figure, " and ".join(values), "", True)
             for figure, values in sorted(found.items())]
    return Outcome(part, rows, seconds)

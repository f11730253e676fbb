#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Counts the results in the JSON logs of `meson test`, prints what failed with
its output, and ends with the line `N passed, M failed`.

A test program with TAP output counts each of its tests. Planned tests that did
not run, skipped ones, and a program that did not end well count as failed.

usage: count_results.py LOG...
"""
import json
import os
import re
import sys

PLAN = re.compile(r"^1\.\.(\d+)\s*(?:#\s*skip\b(.*))?", re.I)
RESULT = re.compile(r"^(not )?ok\b\s*(\d+)?\s*-?\s*([^#]*)(?:#\s*(\w+)(.*))?")
OUTPUT_LIMIT = 20000


def count_tap(output):
    """Returns (passed, failures) of a TAP text, or None if it is none."""
    planned, seen, passed, failures = None, 0, 0, []
    for line in output.splitlines():
        plan, result = PLAN.match(line), RESULT.match(line)
        if plan:
            planned = int(plan[1])
            if planned == 0:
                failures.append("skipped:" + (plan[2] or ""))
        elif result:
            seen += 1
            directive = (result[4] or "").lower()
            if directive in ("skip", "todo"):
                failures.append(f"{result[3].strip()} ({directive}:"
                                f"{result[5]})")
            elif result[1]:
                failures.append(result[3].strip())
            else:
                passed += 1
    if planned is None and seen == 0:
        return None
    if planned is None:
        failures.append("no plan: the program ended early")
    for number in range(seen + 1, (planned or 0) + 1):
        failures.append(f"test {number} of {planned} did not run")
    return passed, failures


def count_program(run):
    """Returns (passed, failures) of one test program."""
    ended_well = run["result"] == "OK"
    counted = count_tap(run.get("stdout", ""))
    if counted is None:
        failures = [] if ended_well else [run["result"].lower()]
        return (1, []) if ended_well else (0, failures)
    passed, failures = counted
    if not ended_well and not failures:
        failures.append(f"the program ended with {run['result'].lower()},"
                        f" status {run['returncode']}")
    return passed, failures


def show(run, failures):
    for failure in failures:
        print(f"FAILED  {run['name']}: {failure}")
    for name in ("stdout", "stderr"):
        text = run.get(name, "").rstrip()
        if len(text) > OUTPUT_LIMIT:
            text = "[...]\n" + text[-OUTPUT_LIMIT:]
        for line in text.splitlines():
            if not RESULT.match(line) or line.startswith("not"):
                print("    " + line)


def count_log(path):
    """Returns (passed, failed) of one log, and prints what failed."""
    if not os.path.exists(path):
        print(f"FAILED  {path} was not written: the tests did not run")
        return 0, 1
    passed = failed = 0
    with open(path, encoding="utf-8") as log:
        for line in log:
            run = json.loads(line)
            run_passed, failures = count_program(run)
            passed += run_passed
            failed += len(failures)
            if failures:
                show(run, failures)
    return passed, failed


def main(paths):
    counts = [count_log(path) for path in paths]
    passed = sum(count[0] for count in counts)
    failed = sum(count[1] for count in counts)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed > 0 or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

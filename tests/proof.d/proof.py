#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Runs the parts of table.py side by side and has report.py write down what
they found. Run by tests/proof, which has built everything.

usage: proof.py [--seed N] [PART]...
"""
import argparse
import os
import subprocess
import sys
import threading
import time

from outcome import read_outcome
from report import machine, write_report
from table import PARTS

SOURCE = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))
BUILD = os.environ.get("EXTAUTH_BUILD", SOURCE + "/build-test")
WORK = BUILD + "/proof"


def arguments():
    parser = argparse.ArgumentParser(
        usage=__doc__.split("usage: ")[1].rstrip())
    parser.add_argument("--seed", type=int,
                        default=int(time.strftime("%Y%m%d")))
    parser.add_argument("parts", nargs="*")
    given = parser.parse_args()
    unknown = set(given.parts) - {part.name for part in PARTS}
    if unknown:
        parser.error("there is no part " + ", ".join(sorted(unknown))
                     + "; there are: "
                     + " ".join(part.name for part in PARTS))
    return given


def run_part(part, seed):
    """Runs one part to its end or its time limit, its output into a file, and
    returns its outcome."""
    log, started = f"{WORK}/{part.name}.log", time.monotonic()
    with open(log, "wb") as output:
        process = subprocess.Popen(
            part.command, shell=True, executable="/bin/bash", cwd=SOURCE,
            stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            env=dict(os.environ, EXTAUTH_SEED=str(seed), EXTAUTH_BUILD=BUILD),
            start_new_session=True)
        try:
            status = process.wait(part.limit_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait()
            status = f"no end within {part.limit_s} s"
    with open(log, encoding="utf-8", errors="replace") as file:
        text = file.read()
    return read_outcome(part, status, text, time.monotonic() - started)


class Processors:
    """How many of them are free."""

    def __init__(self, count):
        self.count = self.free = count
        self.changed = threading.Condition()

    def take(self, wanted):
        with self.changed:
            self.changed.wait_for(lambda: self.free >= wanted)
            self.free -= wanted

    def give(self, taken):
        with self.changed:
            self.free += taken
            self.changed.notify_all()


def run_all(parts, seed):
    """Runs the parts, those first that share the processors, the longest of
    these before the others, and returns the outcomes in the table's order."""
    processors = Processors(max(2, os.cpu_count()))
    outcomes, threads = {}, []

    def work(part, share):
        try:
            outcomes[part.name] = run_part(part, seed)
            print(outcomes[part.name].line(), flush=True)
        finally:
            processors.give(share)

    for part in sorted(parts, key=lambda part: (part.processors,
                                                -part.limit_s)):
        share = min(part.processors, processors.count)
        processors.take(share)
        thread = threading.Thread(target=work, args=(part, share))
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join()
    return [outcomes[part.name] for part in parts]


def main():
    given = arguments()
    os.makedirs(WORK, exist_ok=True)
    parts = [part for part in PARTS
             if not given.parts or part.name in given.parts]
    print(f"== {len(parts)} parts, seed {given.seed}; what they print is in "
          f"{WORK}", flush=True)
    started, facts = time.monotonic(), machine(SOURCE)
    outcomes = run_all(parts, given.seed)
    duration_s = time.monotonic() - started
    missed = sum(outcome.missed() for outcome in outcomes)
    for outcome in outcomes:
        for row in outcome.rows:
            print(row.line())
    if not given.parts:
        write_report(SOURCE + "/tests/proof.md",
                     facts | {"Seed": str(given.seed),
                              "Duration": f"{duration_s / 60:.0f} min"},
                     outcomes)
    print(f"{sum(len(outcome.rows) for outcome in outcomes) - missed} met, "
          f"{missed} MISSED, {duration_s:.0f} s")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: MIT
"""tests/proof.md: the machine, and one row for each figure.

Does not know: where the figures come from.
"""
import os
import platform
import re
import subprocess
import time

HEAD = """# Proof

Written by `tests/proof` at its end, never by hand. Each row is one figure that
a command printed, with its goal; the commands run alone as they stand here,
after `tests/proof` or `tests/run` has built. A goal that was not reached is
MISSED. README.md explains the points.

"""


def _git(source, *arguments):
    try:
        return subprocess.run(
            ["git", "-c", "safe.directory=*", "-C", source, *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            check=True).stdout.strip()
    except (FileNotFoundError, subprocess.CalledProcessError):
        return ""


def _commit(source):
    commit = _git(source, "rev-parse", "HEAD")
    changed = [line for line in
               _git(source, "status", "--porcelain").splitlines()
               if not line.endswith(" tests/proof.md")]
    if not commit:
        return "a tree without its history"
    return commit + (" and changes" if changed else "")


def _first(path, pattern):
    with open(path, encoding="utf-8") as file:
        found = re.search(pattern, file.read(), re.M)
    return found[1].strip() if found else "unknown"


def machine(source):
    """What the figures depend on, before the run."""
    memory_kib = int(_first("/proc/meminfo", r"^MemTotal: *(\d+)"))
    return {
        "Commit": _commit(source),
        "Date": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "System": _first("/etc/os-release", r'^PRETTY_NAME="?([^"\n]+)')
        + ", Linux " + re.match(r"[\d.]*", platform.release())[0],
        "Processor": _first("/proc/cpuinfo", r"^model name\s*:(.*)")
        + f", {os.cpu_count()} of them, {memory_kib / 1024 ** 2:.0f} GiB",
        "Command": "`tests/proof`",
    }


def _cell(text):
    return text.replace("|", "\\|")


def _point(outcome):
    """The rows of one part."""
    part = outcome.part
    yield f"### {part.title} ({outcome.seconds:.0f} s)\n\n"
    yield f"`{part.command}`\n\n| Figure | Result | Goal | |\n|---|---|---|---|\n"
    for row in outcome.rows:
        word = "met" if row.is_met else "**MISSED**"
        if row.is_met and not row.goal:
            word = ""
        yield (f"| {row.figure.replace('_', ' ')} | {_cell(row.value)} | "
               f"{_cell(row.goal)} | {word} |\n")
    yield "\n"


def write_report(path, facts, outcomes):
    """Writes all of it, at once."""
    missed = sum(outcome.missed() for outcome in outcomes)
    text = [HEAD, "| | |\n|---|---|\n"]
    text += [f"| {name} | {_cell(value)} |\n" for name, value in facts.items()]
    goals = sum(1 for outcome in outcomes for row in outcome.rows if row.goal)
    text.append(f"| Result | {goals - missed} of {goals} goals met"
                + (f", **{missed} MISSED**" if missed else "") + " |\n\n")
    point = None
    for outcome in outcomes:
        if outcome.part.point != point:
            point = outcome.part.point
            text.append(f"## {point}\n\n")
        text += _point(outcome)
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write("".join(text).rstrip("\n") + "\n")
    os.replace(path + ".new", path)

# SPDX-License-Identifier: MIT
"""The fault sweep: every allocation fails once, and every system call once with
each of six errors, in the host and in the worker, in every scenario
(scenes.py). No crash, no hang, no wrong grant, no wrong record, no leak,
nothing half written.

A grant is wrong that the provider did not give: it writes down each password,
code and change that it accepts. It hangs if three times of three a host takes
1.5 s longer than login_deadline, which is 1 s, and a sync than sync_deadline.
Leaks: of a host, memory, descriptors and whatever else of the process a login
may not change, and passwords in what it may write to, looked through after
pam_end: without a fault there is none, and with one neither. A command's memory
and descriptors end with it: of it, children and files that are left. A crash is
a library's own if both the fault and the crash were in a library, within one
call of ours.

usage: tests/enter python3 tests/faults/sweep.py [COUNT] [SCENARIO]...
   COUNT: so many faults (300 if not given), spread evenly over all that there
   are; 0 is all. EXTAUTH_SEED moves them.
   SCENARIO: the beginning of a name

usage: tests/enter python3 tests/faults/sweep.py --only FAULT SCENARIO
   One fault, named as it was told, or all whose names begin so, as "worker
   mmap"; where it came from and where it ended.
"""
import os
import random
import re
import shutil
import sys
import time
from collections import Counter

sys.path.insert(0, os.environ["EXTAUTH_SOURCE"] + "/tests/e2e")
sys.path.insert(0, os.environ["EXTAUTH_SOURCE"] + "/tests/faults")
import scenes
from extauth_test import BUILD, SEED, argument, figure, run, write

COUNT = argument(300)
FIGURES = ("faults", "crashes", "hangs", "wrong_grants", "wrong_records",
           "leaks", "half_written", "library_crashes")
libraries = Counter()
HOST = BUILD + "/tests/faults/sweep_host"


# Fewer are spread over the scenarios, and so need no count of all beforehand.
SPREAD = 1000


def sweep(scenario, *how):
    """Sweeps over one scenario; returns its figures and what is wrong."""
    scenes.set_scene(scenario)
    command = ["--"] + scenario.command if scenario.command else []
    result = run(HOST, "--kind", scenario.kind, *scenario.arguments, *how,
                 *command, timeout=7200)
    lines = result.output.splitlines()
    wrong = [line for line in lines if line.startswith("!")]
    if result.status != 0:
        wrong.append(f"! status {result.status}: {result.errors}")
    libraries.update(line for line in lines if line.startswith("library: "))
    figures = {name: int(value) for name, value
               in re.findall(r"^(\w+) = (\d+)$", result.output, re.M)}
    clean = re.search(r"^clean = (.*)$", result.output, re.M)
    figures["clean"] = clean[1].rstrip("\r") if clean else ""
    return figures, wrong


def look_into(fault, name):
    """Makes one fault and shows what came of it."""
    scenario, = [one for one in scenes.scenarios if one.name == name]
    figures, wrong = sweep(scenario, "--only", fault)
    print(figures, *wrong, sep="\n", flush=True)


def choose(scenarios):
    """Returns how many faults of each scenario are made, as arguments."""
    if COUNT == 0:
        return ["--share", "1"]
    if COUNT <= SPREAD:
        return ["--count", str(COUNT / len(scenarios))]
    there = sum(sweep(scenario)[0].get("total", 0) for scenario in scenarios)
    print(f"# {there} faults are there", flush=True)
    return ["--share", str(min(1, COUNT / there))]


def check(number, scenario, how):
    """Sweeps over one scenario and tells; returns its figures and whether all
    is well."""
    started = time.monotonic()
    figures, wrong = sweep(scenario, *how)
    is_right = not wrong and figures["clean"] == scenario.expected \
        and figures.get("status") in scenario.statuses \
        and figures.get("clean_canaries") == 0 \
        and (figures.get("of_worker", 0) > 0) == scenario.has_worker \
        and (figures.get("clean_accepted", 0) > 0) == scenario.is_accepted
    print(f"{'ok' if is_right else 'not ok'} {number} - {scenario.name}")
    for line in wrong:
        print("# " + line)
    print(f"# {figures['clean']}: {figures.get('faults', 0)} of "
          f"{figures.get('total', 0)} faults, {figures.get('of_worker', 0)} "
          "of them in a worker, "
          f"{figures.get('not_reached', 0)} not reached, "
          f"{time.monotonic() - started:.1f} s", flush=True)
    return figures, is_right


def main():
    os.makedirs("/run/faults", exist_ok=True)
    shutil.copy(BUILD + "/tests/faults/faults-alloc.so", "/run/faults/alloc.so")
    write("/etc/ld.so.preload", "/run/faults/alloc.so\n")
    scenes.begin()
    if sys.argv[1:2] == ["--only"]:
        look_into(*sys.argv[2:])
        return
    chosen = [scenario for scenario in scenes.scenarios if not sys.argv[1:]
              or any(scenario.name.startswith(name) for name in sys.argv[1:])]
    print(f"1..{len(chosen)}\n# seed {SEED}", flush=True)
    how = choose(chosen)
    chance = random.Random(SEED)
    sums = Counter()
    failed = 0
    for number, scenario in enumerate(chosen, 1):
        figures, is_right = check(number, scenario,
                                  [*how, "--phase", str(chance.random())])
        sums.update({name: figures.get(name, 0) for name in FIGURES})
        failed += not is_right
    for line, count in sorted(libraries.items()):
        print(f"# {line}: {count}")
    for name in FIGURES:
        figure(name, sums[name])
    sys.exit(1 if failed else 0)


main()

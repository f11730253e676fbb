# SPDX-License-Identifier: MIT
"""The writer is killed at every system call of `user add`: what is left is the
registry before or after, and the next writer goes on.

usage: tests/enter python3 tests/crash/kill_writer.py [STEP]
   STEP: every how manieth system call (1 if not given: all of them)"""
from collections import Counter

from crash_case import *

STEP = argument(1)


@test
def a_killed_writer_leaves_the_old_registry_or_the_new_one():
    change = Change()
    calls = system_calls(CHANGE)
    put_back("before")
    outcomes = Counter()
    for call, number in calls[::STEP]:
        what = f"killed at {call} number {number}"
        result = run("strace", "-f", "-o", "/dev/null", "-e",
                     f"inject={call}:signal=KILL:when={number}", *CHANGE)
        is_new = change.must_be_whole(what)
        # A run that made the call less often was not killed.
        outcomes[is_new] += result.status in (-9, 128 + 9)
        assert is_new or result.status != 0, what
        change.must_go_on(what)
        put_back("before")
    print(f"# {outcomes.total()} kills: {outcomes[True]} left the new "
          "registry, the others the old one")
    figure("writer_kills_of_add_by_call", outcomes.total())
    assert outcomes.total() > 50 // STEP, outcomes
    assert outcomes[True] > 0 and outcomes[False] > 0, outcomes


run_tests()

# SPDX-License-Identifier: MIT
"""The worker of a login is killed at each of its system calls, and at random
times: success is given if, and only if, the provider's grant had come whole.

The host believes a whole VERDICT frame with its own nonce and nothing else:
how the worker ended does not matter, since many hosts reap their children
themselves.

usage: tests/enter python3 tests/crash/kill_worker.py [EVERY] [KILLS]
   EVERY: every how manieth system call (1 if not given: all of them)
   KILLS: so many at random times (40)"""
from kill_case import *

EVERY = argument(1)
KILLS = argument(40)
HOSTS = min(16, 2 + KILLS // 40)
scene = Scene()


def check(sums, right):
    """A wrong password is never granted; a right one is at the end."""
    assert sums["kills"] > 0 and sums["faults"] > 0, sums
    assert sums["longest_ms"] < DEADLINE_MS, sums
    if right:
        assert sums["granted"] > 0 and sums["refused"] == 0, sums
    else:
        assert sums["granted"] == 0 and sums["refused"] > 0, sums


@test
def a_worker_killed_at_any_system_call_grants_nothing():
    kills = longest = 0
    for user in ("rest", "basic"):
        for password in (PASSWORD, WRONG):
            sums = log_in("kill_calls", user, password, "", EVERY)
            assert sums["kills"] >= 100 // EVERY, sums
            check(sums, password == PASSWORD)
            kills += sums["kills"]
            longest = max(longest, sums["longest_ms"])
    figure("worker_kills_by_call", kills)
    figure("longest_login_ms", longest)


@test
def a_worker_killed_in_a_dialog_grants_nothing():
    scene.add("okta", "type = okta\nurl = {url}\n")
    sums = log_in("kill_calls", "totp", PASSWORD, "000000", EVERY)
    check(sums, False)
    figure("worker_kills_in_a_dialog", sums["kills"])


@test
def a_worker_killed_at_any_time_grants_nothing():
    kills = 0
    for number, (user, password) in enumerate(
            [(user, password) for user in ("rest", "basic")
             for password in (PASSWORD, WRONG)]):
        sums = log_in("kill_random", user, password, "", KILLS // 4, HOSTS,
                      SEED + number)
        assert sums["kills"] >= KILLS // 4, sums
        check(sums, password == PASSWORD)
        kills += sums["kills"]
    figure("worker_kills_random", kills)


@test
def figures_of_the_whole():
    figure("wrong_grants", complaints["grants"])
    equal(complaints["grants"], 0, "wrong grants")


run_tests()

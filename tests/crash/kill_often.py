# SPDX-License-Identifier: MIT
"""The writer is killed at random times, even over the whole of its run, and at
each of its system calls: `user add`, `user import`, `user remove` and `sync`.
What is left is the registry before or after, and the next writer goes on.

usage: tests/enter python3 tests/crash/kill_often.py [KILLS] [EVERY]
   KILLS: so many at random times (60)
   EVERY: every how manieth system call (60)"""
import random
import statistics

from quick_case import *
from sync_case import Directory as People, configure_sync, source
from transport_case import workers

KILLS = argument(60)
EVERY = argument(60)
SLOW_EVERY = 40
# What strace ends by whose command was killed.
KILLED = (-9, 128 + 9)
looker = Looker()
chance = random.Random(SEED)
damaged = []


def changes():
    """The commands, each from the same registry."""
    people = People(users=30, groups=3)
    register(60)
    configure_sync(source("csv", people))
    extauthctl("sync", "corp")
    write_people("/srv/people.csv", 40)
    found = [QuickChange(looker, "add", *CHANGE[1:])]
    found.append(QuickChange(looker, "import", "user", "import",
                             "/srv/people.csv"))
    found.append(QuickChange(looker, "remove", "user", "remove", "old7"))
    people.change({"do": "remove", "number": 3}, {"do": "add"})
    found.append(QuickChange(looker, "sync", "sync", "corp"))
    return found


def begin(change):
    return subprocess.Popen(change.command, stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)


def duration(change):
    """Seconds of a whole run, the middle of some."""
    took = []
    for _ in range(5):
        change.directory.put()
        process = begin(change)
        started = time.monotonic()
        process.wait()
        took.append(time.monotonic() - started)
    return statistics.median(took)


def kill(change, seconds):
    """Returns the exit status: -9 where it was killed in time."""
    change.directory.put()
    process = begin(change)
    time.sleep(seconds)
    process.kill()
    return process.wait()


def judge(change, status, what, is_slow):
    """Returns whether the registry is the new one."""
    try:
        return look_at(change, status, what, is_slow)
    except AssertionError:
        damaged.append(what)
        raise


def is_quiet():
    """Whether nothing is left of a killed command: a child that is not yet a
    worker still holds the lock on the source."""
    return run("pgrep", "-x", "extauthctl|extauth-exchang").status == 1


def look_at(change, status, what, is_slow):
    is_new = change.must_be_whole(what)
    assert is_new or status != 0, f"{change.name}, {what}: lost"
    if is_slow:
        wait_until(is_quiet, "the end of what was killed", 1)
        change.must_end(what)
    looker.must_go_on(what)
    return is_new


def kill_many(change, kills):
    """Kills a command so many times. Returns how often the old and the new
    registry were left."""
    length = duration(change) * 1.05
    outcomes = Counter()
    while outcomes.total() < kills:
        seconds = chance.uniform(0, length)
        status = kill(change, seconds)
        is_slow = outcomes.total() % SLOW_EVERY == 0
        is_new = judge(change, status, f"killed after {1000 * seconds:.2f} ms",
                       is_slow)
        if status < 0:
            outcomes[is_new] += 1
    print(f"# {change.name}: {kills} kills within {1000 * length:.1f} ms, "
          f"{outcomes[True]} left the new registry")
    return outcomes


def calls_of(change):
    """The system calls of a whole run, but not of its worker's, each with its
    number among its like."""
    change.directory.put()
    run("strace", "-o", "/run/trace", *change.command, check=True)
    seen = Counter()
    calls = []
    for line in open("/run/trace", encoding="utf-8", errors="replace"):
        call = re.match(r"(\w+)\(", line)
        if call and call[1] not in ("exit_group", "execve"):
            seen[call[1]] += 1
            calls.append((call[1], seen[call[1]]))
    return calls


def kill_at_calls(change):
    """Kills a command at each call. Returns as kill_many."""
    outcomes = Counter()
    for number, (call, nth) in enumerate(calls_of(change)[::EVERY]):
        change.directory.put()
        result = run("strace", "-o", "/dev/null", "-e",
                     f"inject={call}:signal=KILL:when={nth}", *change.command)
        is_new = judge(change, result.status, f"killed at {call} {nth}",
                       number % SLOW_EVERY == 0)
        # A run that made the call less often was not killed.
        if result.status in KILLED:
            outcomes[is_new] += 1
    print(f"# {change.name}: killed at {outcomes.total()} calls, "
          f"{outcomes[True]} left the new registry")
    return outcomes


@test
def a_writer_killed_at_any_time_leaves_the_old_registry_or_the_new_one():
    outcomes = Counter()
    for change in found:
        outcomes += kill_many(change, -(-KILLS // len(found)))
    figure("writer_kills_random", outcomes.total())
    assert KILLS < 400 or (outcomes[True] > 0 and outcomes[False] > 0)


@test
def a_writer_killed_at_any_system_call_leaves_the_old_or_the_new_one():
    outcomes = Counter()
    for change in found:
        outcomes += kill_at_calls(change)
    figure("writer_kills_by_call", outcomes.total())
    assert EVERY > 1 or (outcomes[True] > 0 and outcomes[False] > 0)


@test
def no_worker_of_a_killed_sync_is_left():
    wait_until(lambda: not workers(), "the end of the workers of sync", 1)


@test
def figures_of_the_whole():
    figure("damaged_registries", len(damaged))
    equal(damaged, [], "damaged registries")


found = changes()
run_tests()

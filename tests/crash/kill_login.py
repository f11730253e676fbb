# SPDX-License-Identifier: MIT
"""The host is killed in the midst of a login, at random times, as the smallest
host and as the real sshd, and by sshd's own LoginGraceTime: its worker ends by
itself within a second.

usage: tests/enter python3 tests/crash/kill_login.py [KILLS] [SSHD_KILLS]
   KILLS: so many of the smallest host (60)
   SSHD_KILLS: so many of sshd by each of the two (2)"""
import random
import signal

from kill_case import *
from transport_case import process_status, workers

KILLS = argument(60)
SSHD_KILLS = argument(2)
SIDE_BY_SIDE = 12
BATCH = 20
GRACE_S = 3 if SSHD_KILLS < 10 else 8
chance = random.Random(SEED)
scene = Scene()
Sshd(f"LoginGraceTime {GRACE_S}")


def kill_hosts(kills, until_ms):
    sums = log_in("kill_hosts", "rest", PASSWORD, "", kills,
                  min(kills, SIDE_BY_SIDE), until_ms, SEED)
    assert sums["kills"] >= kills and sums["orphans"] == 0, sums
    assert sums["with_worker"] > kills // 8, sums
    return sums


@test
def a_killed_host_leaves_no_worker():
    quick = kill_hosts(KILLS // 2, 120)
    scene.service.answer_as("/slow-header")
    slow = kill_hosts(KILLS - KILLS // 2, 900)
    scene.service.answer_as(None)
    figure("host_kills", quick["kills"] + slow["kills"])
    figure("host_kills_with_worker",
           quick["with_worker"] + slow["with_worker"])
    figure("longest_orphan_us", max(quick["longest_us"], slow["longest_us"]))
    figure("orphans", quick["orphans"] + slow["orphans"])


def begin_ssh(method):
    return subprocess.Popen(
        ["sshpass", "-p", PASSWORD, "ssh", "-F", "none", "-o",
         "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
         "-o", "PubkeyAuthentication=no", "-o", "NumberOfPasswordPrompts=1",
         "-o", f"PreferredAuthentications={method}", "-l", "rest",
         "127.0.0.1", "true"], stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def logins_of_sshd():
    """The processes of sshd that carry a login."""
    found = run("pgrep", "-f", r"^sshd: .*rest").output.split()
    return [int(pid) for pid in found]


def wait_for_workers(count):
    wait_until(lambda: len(workers()) >= count, f"{count} workers", 60)


def has_ended(pid):
    """A process on its way out has no command line any more, but is there."""
    try:
        return process_status(pid)["State"][0] == "Z"
    except OSError:
        return True


def end_by_grace_time(_pids):
    """sshd does it."""


def end_by_signal(pids):
    """Kills all processes of the logins, in any order and at any time."""
    chance.shuffle(pids)
    for pid in pids:
        time.sleep(chance.uniform(0, 0.05))
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def living_workers():
    """Those that live. Whom SIGKILL has reached is dead, even where a busy
    machine has not buried him yet."""
    found = []
    for pid in workers():
        try:
            status = process_status(pid)
        except OSError:
            continue
        pending = int(status["SigPnd"][0], 16) | int(status["ShdPnd"][0], 16)
        if not pending & 1 << (signal.SIGKILL - 1):
            print(f"# left: worker {pid}, state {status['State']}, of "
                  f"{status['PPid']}", flush=True)
            found.append(pid)
    return found


def kill_sshd(end):
    """Begins logins, lets `end` end their hosts; returns the workers that are
    left a second after each."""
    killed = orphans = 0
    scene.service.answer_as("/slow-body")
    while killed < SSHD_KILLS:
        share = min(BATCH, SSHD_KILLS - killed)
        clients = [begin_ssh(("password", "keyboard-interactive")[number % 2])
                   for number in range(share)]
        wait_for_workers(share)
        pids = logins_of_sshd()
        assert len(pids) >= share, pids
        end(pids)
        wait_until(lambda: all(map(has_ended, pids)), "the end of sshd", 90)
        time.sleep(1)
        orphans += len(living_workers())
        wait_until(lambda: not workers(), "the end of all workers", 20)
        equal(logins_of_sshd(), [], "logins")
        for client in clients:
            assert client.wait(30) != 0, "logged in"
        killed += share
    scene.service.answer_as(None)
    return killed, orphans


@test
def the_grace_time_of_sshd_leaves_no_worker():
    killed, orphans = kill_sshd(end_by_grace_time)
    figure("sshd_grace_kills", killed)
    figure("sshd_grace_orphans", orphans)
    equal(orphans, 0, "workers left")


@test
def a_killed_sshd_leaves_no_worker():
    killed, orphans = kill_sshd(end_by_signal)
    figure("sshd_kills", killed)
    figure("sshd_orphans", orphans)
    equal(orphans, 0, "workers left")


run_tests()

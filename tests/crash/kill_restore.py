# SPDX-License-Identifier: MIT
"""`registry restore` is killed at every system call: what is left is none or
the whole one, and the same command, given again, ends what it began.

usage: tests/enter python3 tests/crash/kill_restore.py [STEP]
   STEP: every how manieth system call (1 if not given: all of them)"""
from collections import Counter

from crash_case import *

STEP = argument(1)
SAVED = "/var/backups/extauth-registry-20300102-030405"
SAVED_IDS = "/var/backups/extauth-ids-20300102-030405"
RESTORE = ["/usr/sbin/extauthctl", "registry", "restore", SAVED]
IDS = ("kind,number,name,email,external_id\r\n"
       "user,2000777777,zoe,zoe@example.com,\r\n")


def save():
    """Saves a registry of some users and returns its export."""
    Change()
    exported = export()
    shutil.copy2(f"{REGISTRY}/registry", SAVED)
    write(SAVED_IDS, IDS, 0o600)
    shutil.rmtree(REGISTRY)
    return exported


def must_be_whole(exported, what):
    """Fails unless there is no registry, or all of it."""
    is_there = os.path.exists(f"{REGISTRY}/registry")
    equal(export(), exported if is_there else export_of_none(), what)
    if is_there:
        equal(open(f"{REGISTRY}/ids", newline="", encoding="ascii").read(),
              IDS, what)
    return is_there


def export_of_none():
    """What is exported where nobody is registered."""
    if not export_of_none.text:
        kept = REGISTRY + ".kept"
        if os.path.isdir(REGISTRY):
            os.rename(REGISTRY, kept)
        export_of_none.text = export()
        if os.path.isdir(kept):
            os.rename(kept, REGISTRY)
    return export_of_none.text


export_of_none.text = ""


def must_be_mended(is_there, exported, what):
    """Gives the command again, where there is none."""
    if not is_there:
        run(*RESTORE, check=True)
    equal(export(), exported, what)
    found = run("getent", "-s", "passwd:extauth", "passwd", "old3")
    if not is_there:
        assert found.output.startswith("old3:"), what
    extauthctl("user", "disable", "old3")
    found = run("getent", "-s", "passwd:extauth", "passwd", "old3")
    assert found.output.startswith("old3:"), what


@test
def a_killed_restore_leaves_none_or_all():
    exported = save()
    calls = system_calls(RESTORE)
    shutil.rmtree(REGISTRY)
    outcomes = Counter()
    for call, number in calls[::STEP]:
        what = f"killed at {call} number {number}"
        run("strace", "-f", "-o", "/dev/null", "-e",
            f"inject={call}:signal=KILL:when={number}", *RESTORE)
        is_there = must_be_whole(exported, what)
        outcomes[is_there] += 1
        must_be_mended(is_there, exported, what)
        shutil.rmtree(REGISTRY)
    print(f"# {len(calls[::STEP])} kills: {outcomes[True]} left it restored")
    assert len(calls) > 50 and set(outcomes) == {True, False}


run_tests()

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Whatever of extauth is broken, root and local users get in by every way, at
once; who is denied gets in by none; the enabled registered user gets in as far
as what is left can tell.

usage: lockout.py [--all] [PART OF A TEST'S NAME]...
Without --all each state is tried with every way and every person, but not with
every pair of the two."""
import contextlib
from concurrent.futures import ThreadPoolExecutor

from damage import NSSWITCH, content, kept, overwrite
from extauth_test import *
from lockout_states import (STATES, WORKER_STARTED, use_provider,
                            watch_worker)
from lockout_ways import (ACCOUNT_WAYS, PASSWORD_WAYS, by_cron, by_key,
                          by_login, by_ssh, by_sudo, prepare, seconds_of)

REMOTE = "password of the service"
PASSWORD_FILE = "/run/test-password"
ADDED_SECONDS_MAX = 1.0
IS_WHOLE = "--all" in sys.argv
sys.argv[1:] = [word for word in sys.argv[1:] if word != "--all"]


@dataclass(frozen=True)
class Person:
    name: str
    uid: int
    password: str
    kind: str  # local, enabled, wrong, disabled, other or nobody


service = Service()
service.users({f"{name}@example.com": REMOTE for name in ("alice", "dora")})
use_provider(service.url)
extauthctl("secret", "set", "api", input="a secret\n")
set_local_password("root", "root password")
add_local_user("local", "local password")
add_user("alice")
add_user("dora")
extauthctl("user", "disable", "dora")
# Somebody of another service of NSS, who has no password that can be checked.
write("/etc/userdb/other.user", json.dumps({
    "userName": "other", "uid": 4711, "gid": 4711, "shell": "/bin/bash",
    "homeDirectory": "/home/other"}))
os.symlink("other.user", "/etc/userdb/4711.user")
overwrite(NSSWITCH, re.sub(rb"(?m)^((passwd|group|shadow):.*)", rb"\1 systemd",
                           content(NSSWITCH)))
watch_worker()


def uid_of(name):
    return int(run("id", "-u", name, check=True).output)


ROOT = Person("root", 0, "root password", "local")
LOCAL = Person("local", uid_of("local"), "local password", "local")
ALICE = Person("alice", uid_of("alice"), REMOTE, "enabled")
WRONG = Person("alice", ALICE.uid, "wrong password", "wrong")
DORA = Person("dora", uid_of("dora"), REMOTE, "disabled")
OTHER = Person("other", uid_of("other"), REMOTE, "other")
GHOST = Person("ghost", 4712, REMOTE, "nobody")
PEOPLE = (ROOT, LOCAL, ALICE, WRONG, DORA, OTHER, GHOST)
CASES = ([(way, person) for way in PASSWORD_WAYS for person in PEOPLE]
         + [(way, person) for way in ACCOUNT_WAYS for person in PEOPLE
            if person not in (WRONG, GHOST)]
         + [(by_key, GHOST)])
# What the slice has of every state.
ALWAYS = {(way, LOCAL) for way in (by_ssh, by_sudo, by_login, by_key)} | {
    (by_ssh, ROOT), (by_login, ROOT), (by_key, DORA), (by_ssh, DORA),
    (by_ssh, ALICE)}

prepare([person.name for person in PEOPLE])
write("/etc/pam.d/test-stack",
      "@include common-auth\n@include common-account\n")
write(PASSWORD_FILE, LOCAL.password + "\n", 0o600)
Sshd("AuthorizedKeysFile /etc/ssh/keys/%u")


# --- what is to be -----------------------------------------------------------

def is_let_in(state, way, person):
    """Tells who is to get in."""
    if person.kind == "local":
        return True
    if person.kind == "enabled":
        return ("password" if way in PASSWORD_WAYS else "key") in state.admits
    return (person.kind == "other" and way in ACCOUNT_WAYS
            and "other" in state.admits)


def make_slices():
    """Chooses the cases of each state: every way and every person once, and
    over all states every way with every person."""
    tried, slices = set(), []
    for _ in STATES:
        chosen, seen = [], set()
        for case in sorted(CASES, key=lambda case: (case not in ALWAYS,
                                                    case in tried)):
            is_new = case not in tried and len(chosen) == len(ALWAYS)
            if case in ALWAYS or is_new or not seen >= set(case):
                chosen.append(case)
                seen |= set(case)
        tried = (tried | set(chosen)) if tried < set(CASES) else set(chosen)
        slices.append(chosen)
    return slices


def cases_of(number):
    return CASES if IS_WHOLE else SLICES[number]


# --- what is -----------------------------------------------------------------

def results_of(cases):
    """Tries all cases at the same time; returns who got in by which way."""
    alone = [case for case in cases if case[0] is not by_cron]
    people = [person for way, person in cases if way is by_cron]
    with ThreadPoolExecutor(6) as pool:
        ran = pool.submit(by_cron, people) if people else None
        results = dict(zip(alone, pool.map(lambda case: case[0](case[1]),
                                           alone)))
        for person in people:
            results[by_cron, person] = person.name in ran.result()
    return results


def check(state, cases):
    wrong = [f"{person.kind} {person.name} {way.__name__}: "
             + ("got in" if got else "was refused")
             for (way, person), got in results_of(cases).items()
             if got != is_let_in(state, way, person)]
    equal(wrong, [], state.name)


def seconds_of_local_login():
    return seconds_of(BUILD + "/tests/bench/pam_login", "test-stack", "local",
                      PASSWORD_FILE, rounds=3)


def check_locals(state, cases):
    """They get in, as soon as ever, and nobody is asked for them."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(WORKER_STARTED)
    service.clear()
    check(state, [case for case in cases if case[1].kind == "local"])
    added = seconds_of_local_login() - SOUND_SECONDS
    assert added < ADDED_SECONDS_MAX, added
    assert not os.path.exists(WORKER_STARTED), "a worker for a local user"
    equal(service.requests(), [])


def one_state(number, state):
    with contextlib.ExitStack() as stack:
        stack.enter_context(kept(*state.paths))
        mend = state.enter()
        if mend is not None:
            stack.callback(mend)
        cases = cases_of(number)
        check_locals(state, cases)
        check(state, [case for case in cases if case[1].kind != "local"])


def register(number, state):
    def one_test():
        one_state(number, state)
    one_test.__name__ = ("locals_get_in_and_who_is_denied_does_not_with_"
                         + state.name)
    test(one_test)


@test
def every_case_is_tried_somewhere_and_every_way_and_person_everywhere():
    everything = {part for case in CASES for part in case}
    for number, state in enumerate(STATES):
        parts = {part for case in cases_of(number) for part in case}
        assert parts == everything, state.name
    assert {case for number, _ in enumerate(STATES)
            for case in cases_of(number)} == set(CASES)


SLICES = make_slices()
SOUND_SECONDS = seconds_of_local_login()
for place, each in enumerate(STATES):
    register(place, each)


@test
def everybody_is_let_in_again_when_all_is_mended():
    check(STATES[0], [(by_ssh, ALICE), (by_ssh, LOCAL), (by_key, OTHER)])


run_tests()

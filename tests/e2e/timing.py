#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A refusal takes the same time whatever the reason: unknown, disabled, wrong
password, and paused by the local throttle, while the server answers after 20
to 150 ms: medians within 5 ms. Measured around our pam_sm_authenticate
(pam_stopwatch), the classes mixed and several at a time, so that what disturbs
one disturbs all; all of it goes before other work of the machine, since only
an answer within the delay can be hidden by it.

usage: tests/enter python3 tests/e2e/timing.py [LOGINS]
   LOGINS: so many of each class (100 if not given)"""
import itertools
import math
import os
import random
import statistics
import sys

sys.path.insert(0, os.environ["EXTAUTH_SOURCE"] + "/tests/soak")
from soak_case import *  # noqa: E402

LOGINS = argument(100)
AT_A_TIME = 8
DELAY_MS = 200
MAX_FAILURES = 5
CLASSES = ("unknown", "disabled", "wrong", "throttled")
SPREAD_MS = 5
# So many people of each class; a wrong password of each is sent fewer times
# than would pause him.
SHARE = -(-LOGINS // (MAX_FAILURES - 1))
STOPWATCH = BUILD + "/tests/soak/pam_stopwatch.so"
MODULE = run("sh", "-c", "ls /usr/lib/*/security/pam_extauth.so",
             check=True).output.strip()


def person(kind, number):
    """Whose login it is; those above the registered are nobody."""
    place = ("disabled", "wrong", "throttled", "unknown").index(kind)
    return place * SHARE + number % SHARE


class Times:
    """The whole run: the milliseconds of each class."""

    def __init__(self):
        os.nice(-10)
        self.scene = Scene(3 * SHARE, f"{DELAY_MS}ms", MAX_FAILURES, "no")
        write("/etc/pam.d/soak", f"auth required {STOPWATCH} {MODULE}\n"
              "account required pam_permit.so\n")
        extauthctl("user", "import", "-", input="name,email,state\n" + "".join(
            f"soak{n},soak{n}@example.com,disabled\n" for n in range(SHARE)))
        self.numbers = itertools.count()
        self.chance = random.Random(SEED)
        self.pause()
        self.scene.forget_requests()
        self.kinds = {}
        logins = []
        for kind, number in itertools.product(CLASSES, range(LOGINS)):
            login = self.login(person(kind, number))
            self.kinds[login.number] = kind
            logins.append(login)
        self.chance.shuffle(logins)
        self.logins = logins
        self.results = self.carry_out(logins)

    def login(self, user):
        return Login(user, next(self.numbers), user, WRONG,
                     self.chance.randrange(20, 150))

    @staticmethod
    def carry_out(logins):
        hosts = Hosts(logins, 1, AT_A_TIME)
        hosts.wait()
        return hosts.results()

    def pause(self):
        """Refuses the throttled so often that they are paused."""
        for _ in range(MAX_FAILURES):
            self.carry_out([self.login(person("throttled", number))
                            for number in range(SHARE)])

    def of(self, kind):
        """The milliseconds that our module took for each login of a class."""
        return [int(self.results[number][2][0].removeprefix("us.")) / 1000
                for number, its in self.kinds.items() if its == kind]


def likeness(first, second):
    """The p of the two-sample test of Kolmogorov and Smirnov: how often two
    samples of one distribution differ more than these."""
    values = sorted([(value, 1 / len(first)) for value in first]
                    + [(value, -1 / len(second)) for value in second])
    most = max(map(abs, itertools.accumulate(step for _, step in values)))
    size = math.sqrt(len(first) * len(second) / (len(first) + len(second)))
    scaled = (size + 0.12 + 0.11 / size) * most
    if scaled < 0.2:
        return 1
    return min(1, max(0, 2 * sum(
        (-1) ** (n - 1) * math.exp(-2 * (n * scaled) ** 2)
        for n in range(1, 101))))


times = Times()


@test
def refusals_take_the_same_time():
    taken = {kind: times.of(kind) for kind in CLASSES}
    medians = {kind: statistics.median(taken[kind]) for kind in CLASSES}
    spread = max(medians.values()) - min(medians.values())
    figure("timed_logins", len(times.logins))
    figure("median_spread_ms", round(spread, 2))
    for kind, median in medians.items():
        figure(f"median_{kind}_ms", round(median, 2))
    alike = {f"{one} and {other}": likeness(taken[one], taken[other])
             for one, other in itertools.combinations(CLASSES, 2)}
    for pair, p in alike.items():
        print(f"# {pair}: p = {p:.3g}")
    figure("least_likeness_p", round(min(alike.values()), 4))
    assert spread <= SPREAD_MS, medians
    assert min(map(min, taken.values())) >= DELAY_MS, "answered too early"


@test
def refusals_show_the_same():
    for number, (codes, _, words, _) in times.results.items():
        assert not codes.startswith(f"{SUCCESS} "), times.kinds[number]
        equal(len(words), 1, f"shown to {times.kinds[number]}: {words}")


@test
def wrong_passwords_alone_cause_a_request():
    equal(crossed_requests([login for login in times.logins
                            if times.kinds[login.number] == "wrong"]), [],
          "requests")


run_tests()

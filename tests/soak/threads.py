# SPDX-License-Identifier: MIT
"""Many threads of one process log in through PAM, each other people, while a
writer replaces the registry: every verdict is right, and nobody is missed.

usage: tests/enter python3 tests/soak/threads.py [LOGINS] [THREADS]
   LOGINS: so many (128 if not given)
   THREADS: of the one host (64)"""
import threading

from soak_case import *

LOGINS = argument(128)
THREADS = argument(64)
PEOPLE = people_for(LOGINS)
OTHERS = 20


class Writer:
    """Adds and removes other people until it is told to end."""

    def __init__(self):
        self.is_ended = threading.Event()
        self.changes = 0
        self.failures = []
        self.thread = threading.Thread(target=self.work)
        self.thread.start()

    def work(self):
        while not self.is_ended.is_set():
            name = f"other{self.changes // 2 % OTHERS}"
            command = (("add", name, "--email", f"{name}@example.com")
                       if self.changes % 2 == 0 else ("remove", name))
            result = extauthctl("user", *command, check=False)
            self.changes += 1
            if result.status != 0:
                self.failures.append(result.errors)

    def end(self):
        self.is_ended.set()
        self.thread.join()


@test
def threads_of_one_host_are_right_while_the_registry_is_replaced():
    scene = Scene(PEOPLE)
    logins = scene.plan(LOGINS)
    writer = Writer()
    try:
        hosts = Hosts(logins, 1, THREADS)
        seconds = hosts.wait()
    finally:
        writer.end()
    account = judge(logins, hosts.results())
    print(f"# {LOGINS} logins in {seconds:.1f} s, the registry replaced "
          f"{writer.changes} times")
    equal(writer.failures[:3], [], "the writer's failures")
    equal(account.wrong[:5], [], "wrong verdicts")
    equal(account.crossed[:5] + crossed_requests(logins)[:5], [], "crossed")
    equal(hosts.more_fds, 0, "more descriptors")
    assert writer.changes > 1, "the registry was not replaced"
    for name, number in (
            ("threads", THREADS), ("threaded_logins", LOGINS),
            ("threaded_wrong_verdicts", len(account.wrong)),
            ("registry_replaced", writer.changes)):
        figure(name, number)


run_tests()

# SPDX-License-Identifier: MIT
"""Runs the real programs under valgrind: logins through libpam with their
worker, the administrator's command, a sync, and getent. Part `login` reads
what valgrind wrote.

usage: tests/enter python3 tests/static.d/login_inside.py DIRECTORY
"""
import glob
import os
import sys

sys.path[:0] = [os.path.dirname(__file__),
                os.environ["EXTAUTH_SOURCE"] + "/tests/e2e"]
import memcheck  # noqa: E402
from extauth_test import *  # noqa: E402
from transport_case import (EMAIL, HOST, SERVICE,  # noqa: E402
                            set_provider, set_up)

VALGRIND = memcheck.command(sys.argv.pop(1), "--trace-children=yes",
                            "--trace-children-skip=*/nscd")
PASSWORDS = {"right": "a-right-password", "wrong": "a-wrong-password"}
PEOPLE = "/etc/extauth/people.csv"

service = Service()
service.users({EMAIL: PASSWORDS["right"]})
set_up()
for name, password in PASSWORDS.items():
    write(f"/run/{name}", password + "\n", 0o600)


def checked(*command, **options):
    return run(*VALGRIND, *command, timeout=300, **options)


def log_in(user="alice", word="right"):
    """Returns the PAM code."""
    return checked(HOST, SERVICE, user, f"/run/{word}").status


def use(provider=None):
    set_provider(provider or service.url + "/login", deadline="60s")


@test
def right_password_is_granted():
    use()
    equal(log_in(), 0, "PAM code")


@test
def wrong_password_is_refused():
    use()
    equal(log_in(word="wrong"), 7, "PAM code")


@test
def unknown_user_is_refused():
    use()
    equal(log_in(user="nobody-of-ours") in (0, 9), False, "granted")


@test
def server_that_is_not_there_is_unavailable():
    use("https://id.example.com:1/login")
    equal(log_in(), 9, "PAM code")


@test
def foreign_answer_is_unavailable():
    use()
    service.answer_as("/status/500")
    equal(log_in(), 9, "PAM code")
    service.clear()


@test
def administrator_changes_the_registry():
    use()
    for words in (["user", "add", "bob", "--email", "bob@example.com"],
                  ["user", "disable", "bob"], ["user", "enable", "bob"],
                  ["user", "show", "bob"], ["user", "list"],
                  ["user", "export"], ["user", "remove", "bob"],
                  ["check"], ["status"], ["metrics"]):
        result = checked("/usr/sbin/extauthctl", *words)
        assert result.status in (0, 1), f"{words}: {result}"


@test
def many_people_are_imported():
    rows = [f"p{number},p{number}@example.com" for number in range(200)]
    result = checked("/usr/sbin/extauthctl", "user", "import", "-",
                     input="\n".join(["name,email", *rows]) + "\n")
    equal(result.status, 0, result.errors)


@test
def directory_is_synced():
    write(PEOPLE, "id,email,name,gecos,groups,state\n" + "".join(
        f"id-{n},u{n}@example.com,u{n},User {n},,enabled\n"
        for n in range(50)))
    write("/etc/extauth/extauth.conf",
          f"[extauth]\n[source corp]\ntype = csv\nfile = {PEOPLE}\n")
    result = checked("/usr/sbin/extauthctl", "sync", "corp")
    equal(result.status, 0, result.output + result.errors)
    contains(extauthctl("user", "list").output, "u49")


@test
def name_service_answers():
    for database in ("passwd", "group", "initgroups"):
        equal(checked("getent", database, "alice").status, 0, database)


@test
def every_process_ends():
    """The host does not wait for a worker that has answered."""
    def is_running():
        return [path for path in glob.glob("/proc/[0-9]*/comm")
                if is_valgrind(path)]
    wait_until(lambda: not is_running(), "the last worker", seconds=120)


def is_valgrind(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().startswith("memcheck")
    except OSError:
        return False


run_tests()

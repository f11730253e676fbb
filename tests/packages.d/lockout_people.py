#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Who gets in while packages are half there; inside the minimal Debian of
tests/packages.d/lockout.sh.

usage: lockout_people.py scene | try [password] [key]
scene makes the users; try asks everybody by every way. The endpoint accepts
every password, so that who is denied is denied by this machine.

Does not know: what was done to the packages.
"""
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from extauth_test import (PKI, Sshd, add_local_user, add_user, configure,
                          equal, extauthctl, run, set_local_password, write)
from fault_server import FaultServer, http_answer
from lockout_ways import (by_cron, by_key, by_login, by_ssh, by_su, by_sudo,
                          prepare)

REMOTE = "password of the service"
UIDS = "/etc/test-uids"
NAMES = ("root", "local", "alice", "dora", "ghost")


@dataclass(frozen=True)
class Person:
    name: str
    password: str
    uid: int


def make_scene():
    os.makedirs("/run/sshd", exist_ok=True)
    with open("/var/log/auth.log", "a", encoding="ascii"):
        pass
    write("/etc/hosts", "127.0.0.1 localhost\n")
    run("/share/tests/service/make-pki", PKI, check=True)
    configure(f"""[extauth]
default_provider = main
failure_delay = 100ms
max_failures = 0

[provider main]
type = rest
url = https://localhost:8444/login
ca_file = {PKI}/ca.pem
""")
    run("pam-auth-update", "--package", "--enable", "extauth", check=True)
    set_local_password("root", "root password")
    add_local_user("local", "local password")
    add_user("alice")
    add_user("dora")
    extauthctl("user", "disable", "dora")
    # Where NSS no longer knows them, sudo is still asked by their uids.
    write(UIDS, "".join(
        f"{name} {run('id', '-u', name, check=True).output}"
        for name in NAMES[:-1]) + "ghost 4712\n")
    run("ssh-keygen", "-A", check=True)
    prepare(NAMES)


def read_people():
    with open(UIDS, encoding="ascii") as file:
        uids = dict(line.split() for line in file)
    passwords = {"root": "root password", "local": "local password"}
    return {name: Person(name, passwords.get(name, REMOTE), int(uids[name]))
            for name in NAMES}


def who_gets_in(cases, cron_people):
    """Tries all at the same time; returns (name, way) of who got in."""
    with ThreadPoolExecutor(6) as pool:
        ran = pool.submit(by_cron, cron_people)
        results = list(pool.map(lambda case: case[0](case[1]), cases))
        got = {(person.name, way.__name__)
               for (way, person), result in zip(cases, results) if result}
        return got | {(name, "by_cron") for name in ran.result()}


def try_all(admitted):
    people = read_people()
    server = FaultServer(8444)
    server.behave(answer=http_answer())
    Sshd("AuthorizedKeysFile /etc/ssh/keys/%u")
    ways = (by_ssh, by_key, by_login, by_su, by_sudo)
    cases = [(way, person) for person in people.values() for way in ways]
    expected = {(name, way.__name__) for name in ("root", "local")
                for way in (*ways, by_cron)}
    if "password" in admitted:
        expected |= {("alice", way.__name__) for way in ways
                     if way is not by_key}
    if "key" in admitted:
        expected |= {("alice", "by_key"), ("alice", "by_cron")}
    got = who_gets_in(cases, [people[name] for name in NAMES[:-1]])
    equal((sorted(got - expected), sorted(expected - got)), ([], []),
          "let in, and refused, against what is to be")


if sys.argv[1] == "scene":
    make_scene()
else:
    try_all(sys.argv[2:])

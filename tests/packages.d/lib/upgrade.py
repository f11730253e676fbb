#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Upgrade and downgrade of the packages on a machine in use: a hundred people,
a PAM host and an NSS host that go on.

In the environment: EXTAUTH_OLD and EXTAUTH_NEW, directories with the packages.
"""
import glob
import os
import re
import struct

import pexpect

from extauth_test import *
from pam_host import make_stack

PACKAGES = ("extauth", "libnss-extauth", "libpam-extauth")
OLD = os.environ["EXTAUTH_OLD"]
NEW = os.environ["EXTAUTH_NEW"]
CONFIG = "/etc/extauth/extauth.conf"
REGISTRY = "/var/lib/extauth/registry"
STACKS = "/run/upgrade-stacks"
PASSWORD = "correct horse"
PORT = 2222


def install(directory):
    """Installs by dpkg, with nobody there to answer a question."""
    files = [glob.glob(f"{directory}/{name}_*.deb")[0] for name in PACKAGES]
    return run("dpkg", "-i", *files, timeout=120)


def install_quietly(directory):
    """The same; it must work and may not ask. Returns what was said."""
    done = install(directory)
    said = done.output + done.errors
    equal(done.status, 0, said)
    assert "Configuration file" not in said, said
    return said


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def log_in(name, password=PASSWORD):
    result = ssh(name, password, port=PORT)
    return result.status == 0 and result.output.strip() == name


def people():
    """Returns the lines of NSS about all who are registered."""
    names = [f"user{number}" for number in range(100)]
    return run("getent", "passwd", *names).output


class LongHost:
    """A process that began before an upgrade."""

    def __init__(self, user):
        self._child = pexpect.spawn(
            "python3", ["-B", os.path.dirname(__file__) + "/upgrade_host.py",
                        user, STACKS], encoding="utf-8", echo=False)

    def ask(self, line):
        self._child.sendline(line)
        self._child.expect(r"([\w]+)\r?\n")
        return self._child.match[1]


nginx = Nginx()
nginx.users({f"user{number}@example.com": PASSWORD for number in range(100)})
add_local_user("breakglass", "local password")
sshd = Sshd(port=PORT)
make_stack(STACKS, "auth required pam_extauth.so")
known = {}


def both_answer(has_old):
    """The two hosts, which have the libraries of before or not."""
    for host in known["pam"], known["nss"]:
        equal(host.ask("old"), "yes" if has_old else "no")
    equal(known["pam"].ask("auth " + PASSWORD), "SUCCESS")
    equal(known["pam"].ask("auth wrong"), "AUTH_ERR")
    equal(known["nss"].ask("uid user7"), known["uid"])
    equal(known["nss"].ask("uid user1000"), "none")


def all_is_well():
    equal(people(), known["people"])
    assert log_in("user0")
    assert not log_in("user0", "wrong")
    assert log_in("breakglass", "local password")


@test
def the_previous_version_is_installed_and_has_a_hundred_users():
    install_quietly(OLD)
    write("/etc/extauth/conf.d/50-test.conf", f"""[extauth]
default_provider = main
failure_delay = 100ms
max_failures = 0

[provider main]
type = basic
url = {nginx.url}/auth
ca_file = {PKI}/ca.pem
""")
    write("/run/people.csv", "name,email\n" + "".join(
        f"user{number},user{number}@example.com\n" for number in range(100)))
    extauthctl("user", "import", "/run/people.csv")
    run("pam-auth-update", "--package", "--enable", "extauth", check=True)
    known["people"] = people()
    equal(known["people"].count("\n"), 100)
    known["uid"] = known["people"].split("\n")[7].split(":")[2]
    known["auth"] = read("/etc/pam.d/common-auth")
    contains(known["auth"], "pam_extauth.so")
    all_is_well()


@test
def a_pam_host_and_an_nss_host_answer():
    known["pam"] = LongHost("user1")
    known["nss"] = LongHost("user2")
    both_answer(has_old=False)


@test
def the_upgrade_asks_nothing_and_says_how_things_are():
    said = install_quietly(NEW)
    contains(said, "extauthctl check:")


@test
def both_hosts_still_answer_with_what_they_have_in_memory():
    both_answer(has_old=True)


@test
def everybody_is_who_they_were_and_a_new_login_works():
    all_is_well()


@test
def the_profile_is_still_enabled():
    equal(read("/etc/pam.d/common-auth"), known["auth"])


@test
def the_downgrade_works_while_the_format_of_the_registry_is_the_same():
    install_quietly(OLD)
    both_answer(has_old=True)
    all_is_well()
    equal(read("/etc/pam.d/common-auth"), known["auth"])


@test
def a_configuration_that_was_edited_is_kept_without_a_question():
    before = read(CONFIG)
    edited = re.sub(r"(?m)^\[extauth\]$", "[extauth]\nshell = /bin/sh", before)
    assert edited != before
    write(CONFIG, edited)
    run("pam-auth-update", "--package", "--disable", "extauth", check=True)
    install_quietly(NEW)
    equal(read(CONFIG), edited)
    assert not glob.glob("/etc/extauth/*.dpkg-*")


@test
def a_profile_that_was_disabled_stays_disabled():
    assert "pam_extauth" not in read("/etc/pam.d/common-auth")
    assert not log_in("user0")
    assert log_in("breakglass", "local password")


@test
def a_downgrade_below_the_format_of_the_registry_is_refused():
    with open(REGISTRY, "rb") as file:
        good = file.read()
    with open(REGISTRY, "wb") as file:
        file.write(good[:8] + struct.pack("<I", 99) + good[12:])
    try:
        done = install(NEW)
    finally:
        with open(REGISTRY, "wb") as file:
            file.write(good)
    assert done.status != 0
    contains(done.errors, "Going back")
    for package in PACKAGES:
        contains(done.errors, f"{package}: {REGISTRY} has format 99")
        equal(run("dpkg-query", "-W", "-f", "${db:Status-Abbrev}",
                  package).output.strip(), "ii", package)
    equal(people(), known["people"])
    install_quietly(NEW)


@test
def what_the_older_version_does_not_know_is_named_when_it_is_installed():
    write("/etc/extauth/conf.d/60-newer.conf",
          "[extauth]\nkey_of_a_later_version = yes\n")
    said = install_quietly(NEW)
    contains(said, "60-newer.conf:2")
    contains(said, "key_of_a_later_version")
    assert log_in("breakglass", "local password")
    os.unlink("/etc/extauth/conf.d/60-newer.conf")


run_tests()

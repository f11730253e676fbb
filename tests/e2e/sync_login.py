#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What a sync means for logins: who is disabled in the directory gets in no
more, groups of the directory are those of id(1) and of [service]
allow_groups. And no secret of a source shows anywhere."""
import glob
import threading

from extauth_test import *
from sync_case import *
from sync_expected import login_of

PASSWORD_OF_ALL = "password of the service"
GROUPS = """
[group developers]
remote = developers
gid = 2000150001

[group crew]
remote = operators
remote = auditors

[service sshd]
allow_groups = developers
"""

service = Service()
directory = Directory(users=60)
WAYS_WITH_SECRETS = ("scim", "entra", "csv")


def begin(way="scim", *modes, keys="", more=GROUPS):
    """Everything as in the beginning, and synced once."""
    forget()
    directory.reset()
    directory.modes(*modes)
    configure_sync(source(way, directory, keys), more)
    service.users({p.email: PASSWORD_OF_ALL for p in directory.people.all()})
    return sync("corp")


def member(group, active=True):
    """Returns the first member of a group who is enabled, or is not."""
    people = directory.people
    for number in people.members(people.group(name=group)):
        if people.person(number).active == active:
            return people.person(number)
    raise AssertionError("nobody")


def id_groups(name):
    """Returns the names of a user's groups as id(1) has them."""
    return set(run("id", "-Gn", name, check=True).output.split())


@test
def who_is_disabled_in_the_directory_gets_in_no_more():
    begin()
    Sshd()
    person = member("developers")
    name = login_of(person.email)
    os.makedirs(person.home, exist_ok=True)
    logged_in(ssh(name, PASSWORD_OF_ALL), name)
    directory.change({"number": person.number, "active": False})
    sync("corp")
    service.clear()
    refused(ssh(name, PASSWORD_OF_ALL))
    equal(service.requests(), [])
    # Files keep their owner.
    equal(run("id", "-un", name, check=True).output.strip(), name)
    directory.change({"number": person.number, "active": True})
    sync("corp")
    logged_in(ssh(name, PASSWORD_OF_ALL), name)


@test
def who_left_the_group_that_may_log_in_gets_in_no_more():
    begin()
    person = member("developers")
    name = login_of(person.email)
    assert "developers" in id_groups(name)
    directory.change({"number": person.number, "groups": [0]})
    sync("corp")
    refused(ssh(name, PASSWORD_OF_ALL))
    assert "developers" not in id_groups(name)


@test
def one_person_registered_a_minute_ago_is_fetched_alone():
    begin()
    number, = directory.change(
        {"do": "add", "email": "newly.come@example.com", "given": "Newly",
         "groups": [1]})
    service.users({"newly.come@example.com": PASSWORD_OF_ALL})
    refused(ssh("newly-come", PASSWORD_OF_ALL))
    sync("corp", "--user", "newly.come@example.com")
    os.makedirs(directory.people.person(number).home, exist_ok=True)
    logged_in(ssh("newly-come", PASSWORD_OF_ALL), "newly-come")


@test
def groups_and_members_are_those_of_the_directory():
    for way in ("scim", "okta", "entra", "pingone"):
        begin(way)
        check_groups(way)


@test
def groups_of_users_who_do_not_tell_them_come_from_the_groups():
    begin("scim", "no_user_groups")
    check_groups("no_user_groups")


def check_groups(what):
    people = directory.people
    expected = {
        "developers": set(people.members(people.groups[1])),
        "crew": set(people.members(people.groups[2]))
        | set(people.members(people.groups[3]))}
    for group, numbers in expected.items():
        names = {login_of(people.person(number).email) for number in numbers}
        line = run("getent", "group", group, check=True).output.strip()
        equal(set(line.split(":")[3].split(",")), names, f"{what} {group}")
    for number in (1, 2, 3, 4, 30):
        name = login_of(people.person(number).email)
        groups = {group for group, numbers in expected.items()
                  if number in numbers}
        equal(id_groups(name), groups | {name}, f"{what} {name}")
    equal(run("getent", "group", "2000150001", check=True).output
          .split(":")[0], "developers")


@test
def a_group_prefix_publishes_every_group():
    begin(keys="group_prefix = dir-\n", more="")
    for group in directory.people.groups:
        names = {login_of(directory.people.person(number).email)
                 for number in directory.people.members(group)}
        line = run("getent", "group", "dir-" + group.name).output.strip()
        fields = (line or ":::").split(":")
        equal(set(fields[3].split(",")) - {""}, names, group.name)


@test
def only_the_members_of_a_group_are_registered():
    begin(keys="only_groups = developers\n")
    people = directory.people
    names = {login_of(people.person(n).email)
             for n in people.members(people.groups[1])}
    equal({line.split(",")[0] for line in export().splitlines()[1:]}, names)


@test
def names_and_numbers_of_local_groups_are_refused():
    run("groupadd", "-g", "3456", "localcrew", check=True)
    run("useradd", "-u", "3457", "localuser", check=True)
    person = login_of(member("developers").email)
    for section, reason in (
            ("[group localcrew]\n", "localcrew stands in /etc/group"),
            ("[group localuser]\n", "localuser stands in /etc/group"),
            ("[group fine]\ngid = 3456\n", "3456 stands in /etc/passwd or"),
            ("[group fine]\ngid = 3457\n", "3457 stands in /etc/passwd or")):
        forget()
        configure_sync(source("scim", directory),
                       "\n" + section + "remote = developers\n")
        result = sync("corp")
        contains(result.output, "corp: refused: group ")
        contains(result.output, reason)
        equal(id_groups(person), {person}, section)
    for section in ("[group sudo]\n", "[group root]\n",
                    "[group fine]\ngid = 27\n"):
        configure_sync(source("scim", directory),
                       "\n" + section + "remote = developers\n")
        sync("corp", status=78)
        equal(id_groups(person), {person}, section)


# --- secrets -----------------------------------------------------------------

def watch_processes(seen, stop):
    """Notes the arguments and environments of every process of ours."""
    while not stop.is_set():
        for path in glob.glob("/proc/[0-9]*/cmdline") + \
                glob.glob("/proc/[0-9]*/environ"):
            try:
                with open(path, "rb") as file:
                    seen.add(file.read())
            except OSError:
                pass


@test
def no_secret_shows_in_logs_arguments_output_or_files():
    mark = LogMark()
    for way in WAYS_WITH_SECRETS:
        seen, stop = set(), threading.Event()
        watcher = threading.Thread(target=watch_processes, args=(seen, stop))
        watcher.start()
        try:
            begin(way)
            directory.change({"number": 4, "given": "Renamed"})
            shown = sync("corp", "--dry-run", "--full", "--trace",
                         "--verbose")
            contains(shown.output + shown.errors, "MASKED")
            directory.faults({"kind": "token_expired", "times": 0})
            failed = extauthctl("--json", "sync", "corp", "--full",
                                check=False)
        finally:
            stop.set()
            watcher.join()
        assert any(b"sync" in text for text in seen), "nothing was seen"
        issued = directory.state()["tokens"]
        texts = [mark.text(), shown.output, shown.errors, failed.output,
                 failed.errors, *(text.decode(errors="replace")
                                  for text in seen)]
        for path in glob.glob("/var/lib/extauth/**", recursive=True):
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    texts.append(file.read().decode("latin-1"))
        for secret in [*SECRETS.values(), *issued]:
            assert not any(secret in text for text in texts), (way, secret)


run_tests()

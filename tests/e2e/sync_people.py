#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Whom a sync adopts and whom it refuses, one person alone, several sources
and several syncs at once, what status tells."""
import concurrent.futures

from extauth_test import *
from sync_case import *
from sync_expected import WAYS as EXPECTED, Registry, login_of

STATE = "/var/lib/extauth/sync/corp"

directory = Directory(users=100)


def begin(way="scim", keys="", general="", more=""):
    """Everything as in the beginning, and synced once."""
    return begin_synced(directory, way, keys, general, more)


@test
def who_was_registered_by_hand_is_adopted():
    forget()
    directory.reset()
    configure_sync(source("scim", directory))
    person = directory.people.person(12)
    add_user("byhand", person.email)
    uid = user("byhand")["uid"]
    sync("corp")
    row = user("byhand")
    equal((row["uid"], row["source"], row["external_id"]),
          (uid, "corp", person.id))
    equal(user(login_of(person.email)), None)


@test
def a_person_of_another_source_is_refused():
    forget()
    directory.reset()
    configure_sync(source("scim", directory), source("okta", directory,
                                                     name="other"))
    sync("corp")
    before = files()
    result = sync("other")
    contains(last_line(result), "added 0, changed 0, enabled 0, disabled 0, "
             "removed 0, refused 100,")
    contains(result.output, "other: refused: and 80 more")
    equal(files(), before)


@test
def who_cannot_be_registered_is_refused_with_the_reason():
    forget()
    directory.reset()
    configure_sync(source("scim", directory))
    clash = directory.people.person(30)
    directory.change(
        {"number": 1, "email": "root@example.com"},
        {"number": 2, "email": "no address"},
        {"number": 3, "uid": 2000300004, "gid": 2000300004},
        {"number": 5, "home": "relative"},
        {"number": 6, "shell": "/bin/sh\nroot::0:0"},
        {"number": 8, "email": clash.email.replace("@", "@sub.")},
        {"number": 9, "uid": 0, "gid": 0})
    result = sync("corp")
    refused = [line for line in result.output.splitlines()
               if line.startswith("corp: refused: ")]
    for part in ("root@example.com", "no address"):
        assert any(part in line for line in refused), (part, refused)
    assert user("root") is None
    equal(export().count(",2000300004,"), 1, "users of one uid")
    # Nobody has uid 0: it is outside uid_range, and the id leads to another.
    assert all(int(line.split(",")[2]) >= 2000200001
               for line in export().splitlines()[1:]), export()
    assert "root::0:0" not in export()
    contains(last_line(result), f"refused {len(refused)},")


@test
def hostile_texts_of_a_directory_reach_no_file():
    begin("scim")
    texts = ("a\nroot::0:0::/:/bin/sh", "a:b:0:0", "\x1b[2J\x07", "\x7f",
             "\u202e\u2028", "x" * 5000, "\r", "' or 1=1 --", "%s%n",
             "$(id)", "../../etc/passwd")
    fields = ("given", "home", "shell", "id", "email", "login")
    directory.change(*(
        {"number": 30 + place, fields[place % len(fields)]: text,
         "family": text, "external_id": text}
        for place, text in enumerate(texts * len(fields))
        if 30 + place < 96))
    result = sync("corp", "--accept-removals", "100")
    lines = run("getent", "passwd", "-s", "extauth").output
    for line in export().splitlines()[1:] + lines.splitlines():
        assert line.isprintable() and line.isascii(), line
    for line in (result.output + result.errors).splitlines():
        assert line.isprintable(), line
    for row in export().splitlines()[1:]:
        line = run("getent", "passwd", row.split(",")[0]).output
        assert line == "" or line.count(":") == 6, line
        assert ":0:" not in line, line


@test
def a_nul_in_a_text_stops_the_sync_and_changes_nothing():
    begin("scim")
    before = files()
    directory.change({"number": 30, "given": "a\x00b"},
                     {"number": 31, "given": "Renamed"})
    sync("corp", status=2)
    equal(files(), before)


@test
def who_has_a_local_account_is_refused():
    forget()
    directory.reset()
    configure_sync(source("scim", directory))
    one, other = (directory.people.person(number) for number in (21, 22))
    run("useradd", "-u", "3458", login_of(one.email), check=True)
    run("useradd", "-u", str(other.uid), "stranger", check=True)
    result = sync("corp")
    for person in (one, other):
        contains(result.output, f"corp: refused: {person.email}: ")
        equal(user(login_of(person.email)), None)
    contains(last_line(result), "added 98,")
    for name in (login_of(one.email), "stranger"):
        run("userdel", name, check=True)
    contains(last_line(sync("corp")), "added 2,")


@test
def refused_people_do_not_stop_the_others():
    registry = begin()
    directory.change({"number": 50, "email": "not an address"},
                     {"number": 51, "given": "Renamed"})
    result = sync("corp")
    contains(result.output, "corp: refused: not an address: ")
    contains(last_line(result), "refused 1,")
    registry.read(directory.people)
    row = user(login_of(directory.people.person(51).email))
    contains(row["gecos"], "Renamed")


@test
def names_that_are_not_ascii_keep_nobody_out():
    begin()
    names = [row.split(",")[4] for row in export().splitlines()[1:]]
    equal(len(names), 100, "users")
    assert all(name.isascii() for name in names), names


# --- what is remembered ------------------------------------------------------

def age_state(seconds):
    """Has what is remembered of the source happened earlier."""
    with open(STATE, encoding="utf-8") as file:
        state = json.load(file)
    old = {key: value - seconds if isinstance(value, int)
           and value > 1_600_000_000 else value
           for key, value in state.items()}
    assert old != state, state
    write(STATE, json.dumps(old), 0o600)


@test
def a_registry_that_was_lost_is_made_anew():
    for way in WAYS:
        registry = begin(way)
        for name in ("registry", "nss"):
            os.unlink("/var/lib/extauth/" + name)
        says(sync("corp"), registry)
        is_expected(registry)


@test
def who_was_refused_is_tried_again_within_a_day():
    for way in WAYS:
        forget()
        directory.reset()
        configure_sync(source(way, directory))
        person = directory.people.person(21)
        name = login_of(person.email)
        run("useradd", "-u", "3459", name, check=True)
        contains(last_line(sync("corp")), "added 99,")
        run("userdel", name, check=True)
        age_state(86400)
        sync("corp")
        equal(user(name)["external_id"], person.id, way)


@test
def a_damaged_state_means_everything_again():
    for text in ("", "{", "[]", '{"state": 5}', "\0" * 100,
                 '{"state": "' + "x" * 100000 + '"}'):
        registry = begin("entra")
        before = files()
        directory.change({"number": 9, "given": "Renamed"})
        write(STATE, text, 0o600)
        directory.clear()
        registry.read(directory.people)
        says(sync("corp"), registry)
        assert files() != before
        assert not any("deltatoken" in r["query"]
                       for r in directory.requests()), text


# --- one person --------------------------------------------------------------

@test
def one_person_is_brought_up_to_date_and_nobody_else():
    for way in WAYS:
        if way == "rest":
            continue
        registry = begin(way)
        directory.change({"number": 12, "given": "Renamed"},
                         {"number": 13, "given": "Renamed"},
                         {"do": "remove", "number": 14})
        registry.read(directory.people, leave_out=())
        sync("corp", "--user", directory.people.person(12).email.upper())
        gecos = [line for line in export().splitlines() if "Renamed" in line]
        equal(len(gecos), 1, way)
        contains(gecos[0], directory.people.person(12).email)
        equal(export().count(",disabled,"), 2, way)


@test
def one_person_who_is_not_there_is_a_no():
    begin()
    before = files()
    result = sync("corp", "--user", "nobody@example.com", status=1)
    contains(result.output + result.errors, "nobody@example.com")
    equal(files(), before)


# --- several at once, status -------------------------------------------------

@test
def a_source_that_fails_does_not_stop_the_others():
    forget()
    directory.reset()
    away = source("okta", directory, "sync_deadline = 2s\n", name="away")
    configure_sync(away.replace(f":{directory.port}", ":1"),
                   source("scim", directory))
    result = sync(status=2)
    contains(result.output, "corp: added 100,")
    contains(result.errors, "away")


@test
def two_syncs_and_a_registration_at_once_lose_nothing():
    forget()
    directory.reset()
    configure_sync(source("scim", directory))
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        syncs = [pool.submit(extauthctl, "sync", "corp", check=False)
                 for _ in range(2)]
        adds = [pool.submit(add_user, f"extra{n}") for n in range(4)]
    assert all(s.result().status in (0, 2) for s in syncs), syncs
    assert any(s.result().status == 0 for s in syncs), syncs
    for add in adds:
        add.result()
    rows = export().splitlines()[1:]
    equal(len(rows), 104, "users")
    equal(len({row.split(",")[2] for row in rows}), 104, "uids")


@test
def a_slow_directory_does_not_block_a_registration():
    forget()
    directory.reset()
    configure_sync(source("scim", directory))
    directory.faults({"kind": "slow", "path": "/scim/v2/Users",
                      "seconds": 4})
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        slow = pool.submit(extauthctl, "sync", "corp", check=False)
        wait_until(lambda: directory.requests("/Users"), "a request")
        started = time.monotonic()
        add_user("quick")
        assert time.monotonic() - started < 2
        equal(slow.result().status, 0)
    equal(len(export().splitlines()), 102, "lines")


@test
def status_tells_of_users_without_a_source_and_of_old_syncs():
    begin(keys="max_sync_age = 1m\n")
    add_user("forgotten")
    add_user("visitor", None, "--not-after", "2099-12-31")
    text = extauthctl("status", check=False).output
    contains(text, "forgotten")
    assert "visitor" not in text, text
    assert "too old" not in text, text
    equal(os.stat(STATE).st_mode & 0o777, 0o600)
    equal(os.stat("/var/lib/extauth/sync").st_mode & 0o777, 0o700)
    age_state(3600)
    contains(extauthctl("status", check=False).output, "too old")


run_tests()

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What a sync does to the registry and what it refuses to do: the dry run, the
guard against mass removal, identities that change."""
import glob

from extauth_test import *
from sync_case import *
from sync_expected import WAYS as EXPECTED, Registry, hashed_number, login_of

directory = Directory(users=100)


def begin(way="scim", keys="", general="", more=""):
    """Everything as in the beginning, and synced once."""
    return begin_synced(directory, way, keys, general, more)


# --- the dry run -------------------------------------------------------------

@test
def a_dry_run_tells_all_and_writes_nothing():
    registry = begin()
    before = files()
    names = {number: login_of(directory.people.person(number).email)
             for number in (3, 4, 5, 7)}
    directory.change({"number": 3, "active": False},
                     {"do": "remove", "number": 4},
                     {"number": 5, "given": "Renamed"},
                     {"number": 7, "active": True},
                     {"do": "add", "given": "Newly", "email":
                      "newly.come@example.com"})
    result = sync("corp", "--dry-run")
    registry.read(directory.people)
    says(result, registry, "would be: ")
    lines = result.output.splitlines()
    contains(lines, "+ newly-come newly.come@example.com uid 2000300100")
    contains(lines, f"- {names[3]} (disabled)")
    contains(lines, f"- {names[4]} (disabled)")
    contains(lines, f"+ {names[7]} (enabled)")
    assert any(line.startswith(f"~ {names[5]}: ") for line in lines), lines
    equal(len(lines), 6, "lines")
    equal(files(), before)
    # It is still to be done.
    says(sync("corp"), registry)
    is_expected_in_some_order(registry)


@test
def a_dry_run_into_an_empty_registry_leaves_it_missing():
    forget()
    directory.reset()
    configure_sync(source("scim", directory))
    sync("corp", "--dry-run")
    equal(files(), {})


@test
def a_dry_run_does_not_use_up_what_changed():
    for way in ("entra", "csv"):
        registry = begin(way)
        directory.change({"number": 3, "active": False})
        sync("corp", "--dry-run")
        registry.read(directory.people)
        says(sync("corp"), registry)


# --- the guard ---------------------------------------------------------------

REMOVALS = [{"do": "remove", "number": number} for number in range(10, 40)]


@test
def a_sync_that_would_disable_many_stops_each_time_until_it_is_let_through():
    registry = begin()
    before = files()
    inactive = sum(not p.active for p in directory.people.all())
    directory.change(*REMOVALS)
    for _ in range(3):
        result = sync("corp", status=1)
        contains(result.errors, "more than max_removal_percent = 20")
        contains(result.errors, "nothing was changed")
        contains(result.errors, "extauthctl sync corp --accept-removals 30")
        equal(files(), before)
    sync("corp", "--accept-removals", "29", status=1)
    equal(files(), before)
    sync("corp", "--accept-removals", "30")
    registry.read(directory.people)
    is_expected_in_some_order(registry)
    assert registry.counts["disabled"] == 30 and inactive == 2


@test
def what_was_let_through_once_is_not_let_through_again():
    begin()
    directory.change(*REMOVALS)
    sync("corp", "--accept-removals", "30")
    before = files()
    directory.change(*({"do": "remove", "number": number}
                       for number in range(40, 70)))
    sync("corp", status=1)
    equal(files(), before)


@test
def nineteen_of_98_are_let_through_and_twenty_are_not():
    registry = begin()
    directory.change(*({"number": n, "active": False}
                       for n in range(10, 30)))
    before = files()
    sync("corp", status=1)
    equal(files(), before)
    directory.change({"number": 10, "active": True})
    sync("corp")
    registry.read(directory.people)
    is_expected_in_some_order(registry)
    equal(registry.counts["disabled"], 19)


@test
def removals_count_for_the_guard_as_well():
    begin(keys="when_gone = remove\nmax_removal_percent = 0\n")
    before = files()
    directory.change({"do": "remove", "number": 10})
    contains(sync("corp", status=1).errors, "max_removal_percent = 0")
    equal(files(), before)
    sync("corp", "--accept-removals", "1")
    equal(len([line for line in export().splitlines() if ",removed," in line]),
          1)


@test
def a_dry_run_tells_of_the_guard():
    begin()
    directory.change(*REMOVALS)
    result = extauthctl("sync", "corp", "--dry-run", check=False)
    equal(result.status, 1)
    contains(result.errors, "max_removal_percent")


# --- identities --------------------------------------------------------------

@test
def a_known_e_mail_with_a_new_id_is_one_removed_and_one_new():
    registry = begin()
    person = directory.people.person(12)
    name = login_of(person.email)
    old = user(name)
    directory.change({"number": 12, "id": "00000000-new-0000",
                      "uid": 2000399999, "gid": 2000399999})
    result = sync("corp")
    contains(last_line(result), "added 1, changed 0, enabled 0, disabled 0, "
             "removed 1,")
    new = user(name)
    equal((new["external_id"], new["uid"]), ("00000000-new-0000",
                                             "2000399999"))
    contains(export(), f"{name},,{old['uid']},,,,,,,,removed,,,")
    registry.read(directory.people)
    is_expected_in_some_order(registry)


@test
def a_known_e_mail_with_a_new_id_gets_another_uid_from_a_hash():
    begin("okta")
    name = login_of(directory.people.person(12).email)
    old = user(name)["uid"]
    directory.change({"number": 12, "id": "00000000-new-0000"})
    sync("corp", "--full")
    new = user(name)["uid"]
    equal(int(new), hashed_number("00000000-new-0000", ()))
    assert new != old


@test
def a_known_e_mail_with_a_new_id_is_seen_among_what_changed():
    for way, gone in (("entra", {"do": "remove", "number": 12}),
                      ("okta", {"number": 12, "status": "DEPROVISIONED",
                                "active": False})):
        begin(way)
        person = directory.people.person(12)
        name = login_of(person.email)
        old = user(name)["uid"]
        number, = directory.change({"do": "add", "email": person.email,
                                    "mail": person.email})
        directory.change(gone)
        new_id = directory.people.person(number).id
        sync("corp")
        row = user(name)
        equal((row["external_id"], row["state"]), (new_id, "enabled"), way)
        equal(int(row["uid"]), hashed_number(new_id, ()), way)
        contains(export(), f"{name},,{old},,,,,,,,removed,,,")


@test
def a_new_e_mail_of_a_known_id_keeps_name_and_uid():
    registry = begin()
    name = login_of(directory.people.person(12).email)
    before = user(name)
    directory.change({"number": 12, "email": "married@example.com"})
    sync("corp")
    equal(user(name), {**before, "email": "married@example.com"})
    registry.read(directory.people)
    is_expected_in_some_order(registry)


@test
def two_who_swap_their_e_mails_keep_their_names_and_uids():
    registry = begin()
    one, other = (directory.people.person(n) for n in (12, 13))
    directory.change({"number": 12, "email": other.email},
                     {"number": 13, "email": one.email})
    sync("corp")
    registry.read(directory.people)
    is_expected_in_some_order(registry)


@test
def who_comes_back_is_enabled_with_the_same_uid():
    registry = begin()
    before = export()
    directory.change({"do": "remove", "number": 12})
    sync("corp")
    name = login_of(directory.people.person(12).email)
    equal(user(name)["state"], "disabled")
    directory.reset()
    says(sync("corp"), _counts(registry, enabled=1))
    show_difference(in_order(export()), in_order(before))


@test
def who_was_disabled_by_hand_stays_so_until_he_is_enabled_by_hand():
    begin()
    name = login_of(directory.people.person(12).email)
    extauthctl("user", "disable", name)
    contains(export(), ",held,")
    sync("corp", "--full")
    equal(user(name)["state"], "held")
    extauthctl("user", "enable", name)
    sync("corp", "--full")
    equal(user(name)["state"], "enabled")


def _counts(registry, **counts):
    registry.read(directory.people)
    registry.counts = dict.fromkeys(registry.counts, 0) | counts
    registry.counts["unchanged"] = len(registry.users) - sum(counts.values())
    return registry


# --- while it runs -----------------------------------------------------------

@test
def a_terminal_shows_the_progress_and_nothing_stays_behind_it():
    forget()
    directory.reset()
    configure_sync(source("scim", directory))
    directory.modes(page_max=10)
    directory.faults({"kind": "slow", "path": "/scim/v2/Users",
                      "seconds": 0.3, "times": 0})
    child = spawn("/usr/sbin/extauthctl", "sync", "corp")
    child.expect(r"corp: (\d+) of 100 users, [\d,.]+/s, \d+ s left")
    assert 0 < int(child.match[1]) < 100, child.match[0]
    child.expect("corp: added 100,")
    child.expect(pexpect.EOF)
    child.close()
    equal(child.exitstatus, 0)


@test
def without_a_terminal_no_bar_is_drawn():
    forget()
    directory.reset()
    configure_sync(source("scim", directory))
    directory.modes(page_max=10)
    directory.faults({"kind": "slow", "path": "/scim/v2/Users",
                      "seconds": 0.3, "times": 0})
    result = sync("corp")
    assert "\r" not in result.output + result.errors, result
    assert "\x1b" not in result.output + result.errors, result
    assert len(result.errors.splitlines()) <= 1, result.errors


def workers():
    """Returns the directories in /proc of the exchanges that run."""
    found = []
    for path in glob.glob("/proc/[0-9]*"):
        try:
            name = os.readlink(path + "/exe")
        except OSError:
            continue
        if name.endswith("/extauth-exchange"):
            found.append(path)
    return found


@test
def a_sync_that_is_killed_leaves_the_registry_and_no_process():
    for number in (15, 2, 9):
        begin()
        before = files()
        directory.change(*({"number": n, "given": "Renamed"}
                           for n in range(50)))
        directory.clear()
        directory.faults({"kind": "slow", "path": "/scim/v2/Users",
                          "seconds": 5})
        process = start("/usr/sbin/extauthctl", "sync", "corp")
        wait_until(lambda: directory.requests("/scim/v2/Users?"),
                   "a request")
        equal(len(workers()), 1, "workers")
        process.send_signal(number)
        process.wait(10)
        wait_until(lambda: not workers(), "the end of the worker", 5)
        equal(files(), before, f"signal {number}")
        add_user(f"after{number}")


run_tests()

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""100,000 users from a SCIM server that throttles and breaks off in the
middle: the registry equals the expected one byte by byte, and id(1) of a group
of 50,000 is quick."""
from extauth_test import *
from sync_case import *
from sync_expected import WAYS as EXPECTED, Registry, login_of

USERS = 100000
GROUPS = """
[group everyone]
remote = staff
gid = 2000150000
"""

directory = Directory(users=USERS, groups=20)
registry = Registry(EXPECTED["scim"], groups={
    "everyone": ("staff", 2000150000)})


@test
def a_hundred_thousand_users_come_over_a_bad_line():
    configure_sync(source("scim", directory, "page_size = 1000\n"), GROUPS)
    page = "/scim/v2/Users"
    directory.faults(
        {"kind": "throttle", "path": page, "nth": 20, "seconds": 1},
        {"kind": "cut", "path": page, "nth": 50},
        {"kind": "throttle", "path": page, "nth": 70, "style": "date",
         "times": 2, "seconds": 1},
        {"kind": "close", "path": page, "nth": 90})
    registry.read(directory.people)
    result = sync("corp")
    print(f"# {USERS} users in {result.seconds:.1f} s")
    says(result, registry)
    is_expected(registry)
    queries = [r["query"] for r in directory.requests(page)
               if r["status"] == 200 and not r["fault"]]
    equal(len(set(queries)), len(queries), "a page came twice")


@test
def one_change_among_them_is_found():
    directory.change({"number": 77777, "active": False},
                     {"do": "remove", "number": 55555})
    registry.read(directory.people)
    says(sync("corp"), registry)
    is_expected_in_some_order(registry)


@test
def a_big_group_is_no_slow_path():
    name = login_of(directory.people.person(99998).email)
    result = run("id", name, check=True)
    contains(result.output, "2000150000(everyone)")
    assert result.seconds < 0.5, result.seconds
    members = run("getent", "group", "everyone", check=True).output.strip()
    equal(len(members.split(":")[3].split(",")),
          len(directory.people.members(directory.people.groups[0])))


@test
def a_break_in_the_middle_leaves_all_as_it_was():
    before = files()
    directory.faults({"kind": "html", "path": "/scim/v2/Users", "nth": 60,
                      "times": 0})
    sync("corp", status=2)
    equal(files(), before)


run_tests()

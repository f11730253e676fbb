#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""SCIM servers as they are: each deviation that is known of one leads to the
same registry, byte by byte."""
from extauth_test import *
from sync_case import *
from sync_expected import WAYS as EXPECTED, Registry

POSIX = "urn:example:params:scim:unix"
GROUPS = """
[group ext-staff]
remote = staff
gid = 2000150000

[group ext-devs]
remote = developers
"""
# The second has the gid of the directory.
EXPECTED_GROUPS = {"ext-staff": ("staff", 2000150000),
                   "ext-devs": ("developers", 2000290001)}
# In how many pages of 37 the 300 are told.
PAGES = 9

directory = Directory()


def begin(*modes, keys="", groups=GROUPS, **settings):
    """Everything as in the beginning, with these deviations."""
    forget()
    directory.reset()
    directory.modes(*modes, **{"page_max": 37, **settings})
    configure_sync(source("scim", directory, keys), groups)


def expected(**more):
    return Registry(EXPECTED["scim"], groups=EXPECTED_GROUPS, **more)


def check_first_sync():
    """Syncs into an empty registry and compares it with what is expected."""
    registry = expected()
    registry.read(directory.people)
    result = sync("corp")
    says(result, registry)
    is_expected(registry)
    return result


# --- one deviation after the other -------------------------------------------

DEVIATIONS = {
    "a_server_by_the_book": (),
    "startindex_beyond_the_end_gives_the_first_page_again": ("endless",),
    "paging_is_ignored": ("no_paging",),
    "itemsperpage_is_wrong": ("items_per_page",),
    "filters_are_ignored": ("filter_ignored",),
    "resources_is_missing_where_there_are_none": ("no_resources",),
    "there_is_no_serviceproviderconfig": ("no_config",),
    "there_is_no_totalresults": ("no_total",),
    "numbers_and_booleans_are_strings": ("strings",),
    "count_is_capped": ("cap200",),
    "cursors_are_offered_beside_startindex": ("cursor",),
    "cursors_are_all_there_is": ("cursor_only",),
    "the_last_page_has_its_own_cursor_again": ("cursor_only", "same_cursor"),
    "the_last_page_has_a_new_cursor_each_time": ("cursor_only", "new_cursor"),
    "entra_has_lower_case_resources_and_no_total": ("entra",),
    "aws_knows_no_startindex_and_no_attributes": ("aws",),
    "aws_refuses_parameters_that_it_does_not_know": ("aws", "strict"),
    "posix_attributes_come_only_if_named": ("oracle",),
    "users_do_not_tell_their_groups": ("no_user_groups",),
}


def _register(name, modes):
    def check():
        begin(*modes)
        check_first_sync()
        # The same again changes nothing.
        before = files()
        registry = expected()
        registry.read(directory.people)
        registry.read(directory.people)
        says(sync("corp"), registry)
        equal(files(), before)
    check.__name__ = name
    test(check)


for _name, _modes in DEVIATIONS.items():
    _register(_name, _modes)


@test
def pages_are_followed_and_each_is_asked_for_once():
    begin()
    check_first_sync()
    pages = [r["query"] for r in directory.requests("/scim/v2/Users")]
    equal(len(set(pages)), len(pages), "a page was asked for twice")
    assert PAGES <= len(pages) <= PAGES + 1, pages


@test
def more_are_announced_than_there_are():
    begin(total=50)
    check_first_sync()


@test
def fewer_are_announced_than_there_are():
    begin(total=-100)
    check_first_sync()


@test
def a_cursor_that_expires_in_the_middle_is_begun_anew():
    error = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
             "status": "400", "scimType": "expiredCursor", "detail": "old"}
    begin("cursor_only")
    directory.faults({"kind": "status", "status": 400, "nth": 4,
                      "path": "/scim/v2/Users", "body": json.dumps(error)})
    check_first_sync()


@test
def posix_attributes_may_have_another_schema_and_other_names():
    names = ["number", "groupNumber", "folder", "program"]
    begin(posix_schema=POSIX, posix_names=names, keys=f"""
posix_schema = {POSIX}
user_uid = /{POSIX}:User/number
user_home = /{POSIX}:User/folder
user_shell = /{POSIX}:User/program
""")
    check_first_sync()


@test
def without_a_posix_schema_uids_are_made_of_the_ids():
    begin("no_posix", keys="posix_schema =\n", groups="""
[group ext-staff]
remote = staff
gid = 2000150000
""")
    registry = Registry(EXPECTED["okta"], groups={
        "ext-staff": ("staff", 2000150000)})
    registry.read(directory.people)
    says(sync("corp"), registry)
    is_expected(registry)


@test
def where_no_group_is_wanted_none_is_asked_for():
    begin(groups="")
    registry = Registry(EXPECTED["scim"])
    registry.read(directory.people)
    says(sync("corp"), registry)
    is_expected(registry)
    equal(directory.requests("/scim/v2/Groups"), [])


@test
def one_made_up_user_instead_of_all_stops_at_the_guard():
    begin()
    check_first_sync()
    before = files()
    directory.modes("snowflake", page_max=37)
    contains(sync("corp", status=1).errors, "max_removal_percent")
    equal(files(), before)


# --- users that change while they are read -----------------------------------

@test
def somebody_new_in_front_shifts_the_pages_and_nobody_is_lost():
    begin()
    registry = expected()
    registry.read(directory.people)
    check_first_sync()
    change = {"do": "add", "at": 0}
    directory.faults({"kind": "change", "path": "/scim/v2/Users", "nth": 3,
                      "changes": [change]})
    sync("corp")
    directory.people.apply([change])
    # The new one may come now or with the next sync, but nobody is disabled.
    counts = registry.read(directory.people)
    equal((counts["added"], counts["disabled"]), (1, 0))
    sync("corp")
    is_expected_in_some_order(registry)


@test
def somebody_removed_in_front_shifts_the_pages_and_nobody_is_lost():
    begin()
    check_first_sync()
    change = {"do": "remove", "number": 0}
    directory.faults({"kind": "change", "path": "/scim/v2/Users", "nth": 3,
                      "changes": [change]})
    extauthctl("sync", "corp", check=False)
    registry = expected()
    registry.read(directory.people)
    directory.people.apply([change])
    # Now or with the next sync: only who was removed is disabled.
    disabled = [line for line in export().splitlines()
                if ",disabled," in line]
    inactive = sum(not p.active for p in directory.people.all())
    assert len(disabled) <= inactive + 1, disabled
    sync("corp")
    registry.read(directory.people)
    is_expected_in_some_order(registry)


# --- one person --------------------------------------------------------------

ONE = {
    "one_person_is_found_by_a_filter": (),
    "one_person_is_found_though_filters_are_ignored": ("filter_ignored",),
    "one_person_is_found_though_the_e_mail_is_no_filter": ("entra",),
    "one_person_is_found_though_names_are_compared_by_case":
        ("case_sensitive",),
}


def _register_one(name, modes):
    def check():
        begin(*modes)
        person = directory.people.person(123)
        result = sync("corp", "--user", person.email)
        registry = expected()
        others = set(directory.people.numbers) - {123}
        registry.read(directory.people, leave_out=others)
        show_difference(export(), registry.export())
        contains(result.output, "added 1")
    check.__name__ = name
    test(check)


for _name, _modes in ONE.items():
    _register_one(_name, _modes)


@test
def nobody_else_is_taken_for_the_person_that_was_asked_for():
    for modes in ((), ("filter_ignored",), ("bad_filter_empty",)):
        begin(*modes)
        sync("corp", "--user", "nobody@example.com", status=1)
        equal(len(export().splitlines()), 1, "lines")


run_tests()

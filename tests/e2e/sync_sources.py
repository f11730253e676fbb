#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Each type of source: some hundred users, then what changed, and nothing
where nothing did. The registry equals the expected one byte by byte."""
import csv
import io

from extauth_test import *
from sync_case import *
from sync_expected import WAYS as EXPECTED, Registry

from directory_lists import csv_lines
from directory_okta import STATES, status_of

CSV_FILE = "/etc/extauth/people.csv"
GROUPS = """
[group ext-staff]
remote = staff
gid = 2000150000

[group ext-devs]
remote = developers
gid = 2000150001
"""
EXPECTED_GROUPS = {"ext-staff": ("staff", 2000150000),
                   "ext-devs": ("developers", 2000150001)}
# Okta: who exists and is asked for his password as anybody else.
LOGIN_STATES = ("ACTIVE", "PASSWORD_EXPIRED", "RECOVERY", "LOCKED_OUT")

directory = Directory(users=450)


def begin(way, *modes, keys="", groups=GROUPS, **settings):
    """Everything as in the beginning."""
    forget()
    directory.reset()
    directory.modes(*modes, **settings)
    configure_sync(source(way, directory, keys), groups)


def expected(way, **more):
    return Registry(EXPECTED[way], groups=EXPECTED_GROUPS, **more)


def check_sync(way, registry, *arguments):
    """Syncs, and compares summary and registry with what is expected."""
    registry.read(directory.people)
    result = sync("corp", *arguments)
    says(result, registry)
    is_expected_in_some_order(registry)
    return result


def change_people():
    """Changes people in all ways but removal."""
    directory.change(
        {"number": 3, "active": False}, {"number": 10, "active": False},
        {"number": 7, "active": True},
        {"number": 20, "email": "new.address@example.com",
         "mail": "new.address@example.com"},
        {"number": 21, "given": "Renamed"},
        {"number": 30, "groups": [0, 1]}, {"number": 31, "groups": []},
        {"do": "add", "given": "Newly", "family": "Come"},
        {"do": "add"})


def _register_first(way):
    def check():
        begin(way)
        registry = expected(way)
        registry.read(directory.people)
        says(sync("corp"), registry)
        is_expected(registry)
        change_people()
        check_sync(way, registry)
        directory.change({"do": "remove", "number": 40},
                         {"do": "remove", "number": 41})
        check_sync(way, registry, "--full")
    check.__name__ = f"the_registry_follows_{way}"
    test(check)


for _way in WAYS:
    _register_first(_way)


@test
def who_is_gone_is_removed_if_so_configured_and_the_uid_is_spent():
    begin("scim", keys="when_gone = remove\n")
    registry = expected("scim", when_gone="remove")
    check_sync("scim", registry)
    directory.change({"do": "remove", "number": 40},
                     {"do": "remove", "number": 41})
    check_sync("scim", registry)
    equal(len(registry.removed), 2)


# --- only what changed -------------------------------------------------------

@test
def entra_is_asked_for_what_changed_and_tells_of_removals():
    begin("entra")
    registry = expected("entra")
    check_sync("entra", registry)
    change_people()
    directory.change({"do": "remove", "number": 50})
    directory.clear()
    check_sync("entra", registry)
    asked = directory.requests("/v1.0/users")
    equal(len(asked), 1, "pages of users")
    contains(asked[0]["path"] + asked[0]["query"], "delta")


@test
def entra_is_read_anew_when_the_link_to_what_changed_is_gone():
    begin("entra")
    registry = expected("entra")
    check_sync("entra", registry)
    change_people()
    directory.change({"do": "remove", "number": 50})
    directory.modes("delta_gone")
    check_sync("entra", registry)


@test
def okta_is_asked_for_what_changed():
    begin("okta")
    registry = expected("okta")
    check_sync("okta", registry)
    change_people()
    directory.clear()
    check_sync("okta", registry)
    asked = directory.requests("/api/v1/users")
    equal(len([r for r in asked if "lastUpdated" in r["query"]]), len(asked),
          "requests for users with a filter")


@test
def okta_tells_of_the_deprovisioned():
    begin("okta")
    registry = expected("okta")
    check_sync("okta", registry)
    directory.change({"number": 60, "status": "DEPROVISIONED",
                      "active": False})
    check_sync("okta", registry)
    check_sync("okta", registry, "--full")


@test
def okta_s_other_states_are_disabled_and_some_are_not():
    begin("okta", "okta_states")
    way = EXPECTED["okta"].__class__(state=lambda person: (
        person.status or _made_up(person)) in LOGIN_STATES)
    registry = Registry(way, groups=EXPECTED_GROUPS)
    gone = {number for number in directory.people.numbers
            if _made_up(directory.people.person(number)) == "DEPROVISIONED"}
    assert len(gone) > 2 and {_made_up(person) for person in
                              directory.people.all()} >= set(STATES)
    registry.read(directory.people, leave_out=gone)
    says(sync("corp"), registry)
    is_expected(registry)


def _made_up(person):
    class Okta:
        @staticmethod
        def has(mode):
            return mode == "okta_states"
    return status_of(Okta, person)


@test
def rest_and_csv_are_not_sent_again_when_nothing_changed():
    for way in ("rest", "csv"):
        for validators in (["etag"], ["modified"], ["etag", "modified"]):
            begin(way, validators=validators,
                  keys=f"url = {directory.url}/lists/array\nusers =\nnext =\n"
                  if way == "rest" else "")
            registry = expected(way)
            check_sync(way, registry)
            before = files()
            directory.clear()
            result = sync("corp")
            equal(last_line(result), "corp: unchanged since the last sync")
            equal([r["status"] for r in directory.requests()], [304], way)
            equal(files(), before)
            change_people()
            check_sync(way, registry)


@test
def full_asks_for_everything_again():
    for way in ("entra", "okta", "csv"):
        begin(way)
        registry = expected(way)
        check_sync(way, registry)
        directory.clear()
        check_sync(way, registry, "--full")
        assert not any(r["conditional"] or "delta" in r["query"]
                       or "lastUpdated" in r["query"]
                       for r in directory.requests()), way


@test
def another_configuration_means_everything_again():
    begin("csv")
    registry = expected("csv")
    check_sync("csv", registry)
    configure_sync(source("csv", directory, "user_gecos =\n"), GROUPS)
    directory.clear()
    result = sync("corp")
    equal([r["status"] for r in directory.requests()], [200])
    assert "unchanged since" not in result.output, result.output


# --- lists of several shapes -------------------------------------------------

SHAPES = {
    "a_bare_list": ("/lists/array", "users =\nnext =\n"),
    "a_list_whose_next_page_is_a_whole_url":
        ("/lists/items?absolute=1", "users = /items\nnext = /next\n"),
    "a_list_whose_pages_are_counted":
        ("/lists/pages", "users = /data/people\nnext = page\n"
         "next_parameter = page\n"),
    "a_list_with_a_token_for_the_next_page":
        ("/lists/token", "users = /users\nnext = /meta/next_token\n"
         "next_parameter = after\n"),
    "a_list_with_a_link_header":
        ("/lists/link", "users =\nnext = link\n"),
}


def _register_shape(name, path, keys):
    def check():
        begin("rest", keys=f"url = {directory.url}{path}\n" + keys)
        registry = expected("rest")
        registry.read(directory.people)
        says(sync("corp"), registry)
        is_expected(registry)
    check.__name__ = name
    test(check)


for _name, (_path, _keys) in SHAPES.items():
    _register_shape(_name, _path, _keys)


@test
def groups_of_a_list_may_be_objects_and_numbers_strings():
    begin("rest", "list_strings", keys="user_groups = /units\n"
          'disabled_if = /enabled == "no"\n')
    check_sync("rest", expected("rest"))


# --- CSV ---------------------------------------------------------------------

class _Modes:
    """What csv_lines needs of a directory."""

    def __init__(self, people, *modes):
        self.people, self._modes = people, modes

    def has(self, mode):
        return mode in self._modes


def write_csv(*modes):
    """Writes the people as a file of the same form as /people.csv."""
    lines = csv_lines(_Modes(directory.people, *modes),
                      directory.people.numbers)
    write(CSV_FILE, b"".join(lines).decode(), 0o600)
    os.chown(CSV_FILE, 0, 0)


def csv_source(keys=""):
    return f"\n[source corp]\ntype = csv\nfile = {CSV_FILE}\n" + keys


@test
def a_csv_file_is_read_whatever_its_line_ends_and_quotes():
    for modes in ((), ("csv_lf",), ("csv_bom",), ("csv_quoted", "csv_bom")):
        forget()
        directory.reset()
        configure_sync(csv_source(), GROUPS)
        write_csv(*modes)
        registry = expected("file")
        registry.read(directory.people)
        says(sync("corp"), registry)
        is_expected(registry)


@test
def a_csv_file_may_have_other_headings_in_another_order():
    forget()
    directory.reset()
    configure_sync(csv_source("""user_id = Key
user_email = Mail address
user_name = Login
user_gecos = Full name
user_uid = Number
user_home = Home
user_shell = Shell
user_groups = Teams
"""), GROUPS)
    write_csv("csv_names")
    with open(CSV_FILE, encoding="utf-8", newline="") as file:
        rows = [list(reversed(row)) for row in csv.reader(file)]
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    write(CSV_FILE, text.getvalue(), 0o600)
    registry = expected("file")
    # There is no column `state`: nobody is disabled.
    registry.way = EXPECTED["file"].__class__(
        name_is="login", has_posix=True, state=lambda person: True)
    registry.read(directory.people)
    says(sync("corp"), registry)
    is_expected(registry)


@test
def a_csv_file_that_is_missing_or_not_root_s_changes_nothing():
    forget()
    directory.reset()
    configure_sync(csv_source(), GROUPS)
    write_csv()
    sync("corp")
    before = files()
    os.unlink(CSV_FILE)
    contains(sync("corp", status=78).errors, CSV_FILE)
    directory.change({"number": 3, "active": False})
    write_csv()
    os.chmod(CSV_FILE, 0o666)
    contains(sync("corp", status=78).errors, CSV_FILE)
    os.chmod(CSV_FILE, 0o600)
    os.chown(CSV_FILE, 1, 1)
    contains(sync("corp", status=78).errors, CSV_FILE)
    equal(files(), before)


@test
def a_csv_line_with_too_few_fields_changes_nothing():
    forget()
    directory.reset()
    configure_sync(csv_source(), GROUPS)
    write_csv()
    sync("corp")
    before = files()
    with open(CSV_FILE, "a", encoding="utf-8") as file:
        file.write("only,three,fields\r\n")
    contains(sync("corp", status=2).errors, str(450 + 2))
    equal(files(), before)


run_tests()

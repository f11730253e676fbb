#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Directories that throttle, break off, lie or lead astray: a sync goes on
where it can, and else leaves the registry byte for byte as it was. The token
goes to the configured origin alone."""
from extauth_test import *
from sync_case import *
from sync_expected import WAYS as EXPECTED, Registry

directory = Directory(users=120)


def begin(way, keys="", **settings):
    """Everything as in the beginning, with small pages and one group."""
    forget()
    directory.reset()
    directory.modes(page_max=25, **settings)
    configure_sync(source(way, directory, "timeout = 2s\n" + keys))


def expected(way):
    registry = Registry(EXPECTED[way])
    registry.read(directory.people)
    return registry


def first_sync(way, *faults, **options):
    """Syncs into an empty registry while faults happen."""
    directory.faults(*({"path": WAYS[way][1], **fault} for fault in faults))
    result = sync("corp", **options)
    is_expected(expected(way))
    return result


def sync_that_fails(way, *faults, status=2, keys="", full=True):
    """Syncs once as it should be; then many change and a sync with these keys
    meets faults: not a byte of the registry may change."""
    sync("corp")
    before = files()
    configure_sync(source(way, directory, "timeout = 2s\n" + keys))
    directory.change(*({"number": number, "active": True, "given": "Other"}
                       for number in range(0, 120, 5)))
    directory.clear()
    directory.faults(*({"path": WAYS[way][1], **fault} for fault in faults))
    result = sync("corp", *["--full"] * full, status=status)
    equal(files(), before, "registry")
    return result


# --- what a sync gets over ---------------------------------------------------

STYLES = (("scim", "seconds"), ("scim", "date"), ("okta", "reset"),
          ("entra", "graph"), ("pingone", "body"), ("rest", "seconds"),
          ("csv", "seconds"))


@test
def throttling_in_the_middle_is_waited_for():
    for way, style in STYLES:
        begin(way)
        nth = 1 if way == "csv" else 3
        result = first_sync(way, {"kind": "throttle", "style": style,
                                  "nth": nth})
        assert result.seconds > 0.9, (way, style, result.seconds)
        throttled = directory.requests(WAYS[way][1])
        equal(throttled[nth - 1]["status"], 429, way)
        equal(throttled[nth]["query"], throttled[nth - 1]["query"], way)


@test
def throttling_is_waited_for_as_long_as_the_server_says():
    begin("scim")
    result = first_sync("scim", {"kind": "throttle", "nth": 2, "seconds": 4})
    assert 4 <= result.seconds < 8, result.seconds


@test
def a_busy_server_is_asked_again():
    begin("scim")
    first_sync("scim", {"kind": "throttle", "status": 503, "nth": 2,
                        "seconds": 1},
               {"kind": "throttle", "status": 503, "nth": 4, "times": 2,
                "style": "none"})


@test
def connections_that_break_in_the_middle_of_a_page_are_made_anew():
    for number, way in enumerate(WAYS):
        begin(way)
        first_sync(way, {"kind": ("cut", "close")[number % 2],
                         "nth": 1 if way == "csv" else 2})


@test
def connections_that_break_between_two_chunks_are_made_anew():
    begin("scim")
    first_sync("scim", {"kind": "cut", "chunked": True, "nth": 2},
               {"kind": "close", "chunked": True, "nth": 4},
               {"kind": "reset", "nth": 6})


@test
def a_page_that_does_not_come_is_asked_for_again():
    begin("scim")
    result = first_sync("scim", {"kind": "slow", "nth": 3, "seconds": 20})
    assert 2 <= result.seconds < 15, result.seconds


@test
def bodies_in_chunks_are_read():
    for way in WAYS:
        begin(way, chunked=True)
        first_sync(way)


@test
def a_client_gets_a_new_token_when_the_old_one_ends_in_the_middle():
    for way in ("entra", "pingone"):
        begin(way)
        first_sync(way, {"kind": "token_expired", "nth": 3})
        equal(len(directory.requests("/token")), 2, way)
        begin(way, token_requests=2)
        first_sync(way)


@test
def a_last_page_without_end_ends():
    for way in LINKING:
        for mode in ("repeat_last", "repeat_new"):
            begin(way)
            directory.modes(mode, page_max=25)
            first_sync(way)
            assert len(directory.requests(WAYS[way][1])) < 12, (way, mode)


# --- what ends a sync --------------------------------------------------------

BAD_PAGES = (
    # What may be better another time.
    {"kind": "truncated"}, {"kind": "html"}, {"kind": "nothing"},
    {"kind": "nothing", "gzip": True}, {"kind": "gzip"},
    {"kind": "status", "status": 200, "body": '{"Resources": 5}'},
    {"kind": "status", "status": 200, "body": '"text"'},
    {"kind": "status", "status": 200, "body": "[[[[" * 5000},
    # What will not.
    {"kind": "status", "status": 403, "body": '{"error":"no"}'},
    {"kind": "status", "status": 404, "body": ""},
    {"kind": "redirect"},
)


def _register_bad(way):
    def check():
        for fault in BAD_PAGES:
            if way == "csv" and fault["kind"] == "truncated":
                continue
            nth = 1 if way == "csv" else 2
            begin(way)
            status = 78 if fault.get("status", 200) in (403, 404) \
                or fault["kind"] == "redirect" else 2
            if way == "csv":
                # A text without the columns may be the wrong URL.
                status = (2, 78)
            result = sync_that_fails(way, {**fault, "nth": nth, "times": 0},
                                     status=status)
            contains(result.errors, "corp")
            equal(directory.other(), [], f"{way} {fault}")
    check.__name__ = f"a_bad_page_of_{way}_leaves_the_registry_as_it_was"
    test(check)


for _way in WAYS:
    _register_bad(_way)


@test
def a_bad_first_page_leaves_the_registry_as_it_was():
    for way in WAYS:
        for kind in ("html", "nothing"):
            begin(way)
            sync_that_fails(way, {"kind": kind, "times": 0},
                            status=(2, 78) if way == "csv" else 2)


@test
def a_csv_that_ends_within_a_quote_leaves_the_registry_as_it_was():
    begin("csv")
    sync("corp")
    before = files()
    directory.modes("csv_bad_line")
    sync("corp", status=2)
    equal(files(), before)


@test
def a_body_without_end_leaves_the_registry_as_it_was():
    begin("scim")
    sync_that_fails("scim", {"kind": "huge", "nth": 2, "times": 0},
                    keys="sync_deadline = 20s\n")


@test
def a_void_token_leaves_the_registry_as_it_was():
    for way in ("scim", "okta", "csv"):
        begin(way)
        result = sync_that_fails(
            way, {"kind": "token_expired", "nth": 1 if way == "csv" else 3,
                  "times": 0}, status=78)
        contains(result.errors, "401")


@test
def a_directory_that_is_down_leaves_the_registry_as_it_was():
    faults = ({"kind": "throttle", "status": 503, "style": "none"},
              {"kind": "reset"})
    for number, way in enumerate(WAYS):
        begin(way)
        sync_that_fails(way, {**faults[number % 2], "times": 0},
                        keys="sync_deadline = 2s\n")


@test
def a_directory_that_cannot_be_reached_leaves_the_registry_as_it_was():
    begin("scim")
    sync("corp")
    before = files()
    for url in ("https://directory.example.com:1/scim/v2",
                "https://nowhere.example.com/scim/v2"):
        configure_sync(source("scim", directory,
                              f"url = {url}\nsync_deadline = 2s\n"))
        sync("corp", status=2)
        equal(files(), before, url)


@test
def throttling_without_end_ends_at_the_deadline():
    begin("scim")
    result = sync_that_fails(
        "scim", {"kind": "throttle", "times": 0, "seconds": 3600},
        keys="sync_deadline = 2s\n")
    assert result.seconds < 8, result.seconds


@test
def an_empty_list_at_once_stops_at_the_guard():
    for way in WAYS:
        begin(way)
        result = sync_that_fails(way, {"kind": "empty_list", "times": 0},
                                 status=1)
        contains(result.errors, "max_removal_percent")


@test
def an_empty_page_before_the_announced_end_is_no_end():
    for way in ("scim", "pingone"):
        begin(way)
        # The fifth of five: those who are missing are fewer than the guard
        # would mind.
        sync_that_fails(way, {"kind": "empty_list", "nth": 5, "times": 0})


@test
def a_next_page_at_another_origin_is_refused_and_no_token_goes_there():
    for way in LINKING:
        keys = (f"url = {directory.url}/lists/items?absolute=1\n"
                if way == "rest" else "")
        begin(way, keys)
        result = sync_that_fails(way, {"kind": "other_origin", "nth": 2},
                                 keys=keys)
        contains(result.errors, "corp")
        equal(directory.other(), [], way)


@test
def other_ports_schemes_and_names_are_other_origins():
    own, other = directory.port, directory.port + 2
    for to in (directory.url.replace("https:", "http:"),
               f"https://id.example.com:{own}",
               f"https://directory.example.com:{own}@id.example.com:{other}",
               f"https://directory.example.com:{own}.example.com:{other}",
               f"https://directory.example.com:{other}",
               "https://directory.example.com",
               f"//directory.example.com:{other}",
               f"https:/\\id.example.com:{other}",
               f"ftp://directory.example.com:{own}", "file://"):
        begin("okta")
        sync_that_fails("okta", {"kind": "other_origin", "nth": 2, "to": to})
        equal(directory.other(), [], to)
        equal(len(directory.requests("/api/v1/users")), 2, to)


@test
def a_token_does_not_go_over_plain_http():
    plain = Directory(users=5, tls=False)
    forget()
    configure_sync(source("scim", plain).replace(f"ca_file = {PKI}/ca.pem\n",
                                                 ""))
    result = sync("corp", status=78)
    contains(result.errors, "http")
    equal(plain.requests(), [])


run_tests()

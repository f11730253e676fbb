#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The simulated directories behave as their documents say, and each deviation
and fault is there when it is switched on."""
import http.client
import ssl
import urllib.error
from urllib.parse import quote

from extauth_test import *
from sync_case import *

from directory_filter import BadFilter, parse

directory = Directory(users=1000, groups=20)
context = ssl.create_default_context(cafile=PKI + "/ca.pem")
BEARER = "Bearer " + SECRETS["token"]
USERS = "/scim/v2/Users"


def get(path, authorization=BEARER, data=None, **headers):
    """Returns status, headers and body, which is parsed if it is JSON."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    url = path if path.startswith("http") else directory.url + path
    request = urllib.request.Request(
        url, data, {"Authorization": authorization, **names})
    try:
        answer = urllib.request.urlopen(request, timeout=10, context=context)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        body = answer.read()
        try:
            body = json.loads(body)
        except ValueError:
            pass
        return answer.status, answer.headers, body


def found(text, path=USERS):
    """Returns the answer to a SCIM filter."""
    return get(f"{path}?filter={quote(text)}")[2]


def client_token():
    form = (f"grant_type=client_credentials&client_id={CLIENT}&client_secret="
            f"{CLIENT_SECRET}&scope=https%3A%2F%2Fgraph%2F.default")
    answer = get(f"/{TENANT}/oauth2/v2.0/token", "", form.encode())[2]
    return "Bearer " + answer["access_token"]


def begin(*modes, **settings):
    directory.reset()
    directory.modes(*modes, **settings)


@test
def the_same_seed_makes_the_same_people():
    begin()
    resources = get(USERS + "?count=1000")[2]["Resources"]
    equal([r["id"] for r in resources],
          [p.id for p in directory.people.all()])
    equal(len({p.id for p in directory.people.all()}), 1000)
    assert People(seed="2", users=1).person(0).id != resources[0]["id"]


@test
def filters_are_parsed():
    good = {'userName eq "a\\"b"': [("username", "eq", 'a"b')],
            'emails[value eq "x" and type eq "work"]':
                [("emails.value", "eq", "x"), ("emails.type", "eq", "work")],
            "a eq 'o''x' or b ne true":
                [("a", "eq", "o'x"), ("b", "ne", True)],
            "(a pr or b gt 2025-01-01T00:00:00Z) and c eq 1":
                [("a", "pr", None), ("b", "gt", "2025-01-01T00:00:00Z"),
                 ("c", "eq", "1")]}
    for text, leaves in good.items():
        equal([(leaf.attribute, leaf.operator, leaf.value)
               for leaf in parse(text).leaves()], leaves)
    for text in ("userName eq", "x", 'a zz "b"', 'a eq "b" junk', 'a eq "b',
                 '(a eq "b"', 'a[b eq "c"', ""):
        try:
            parse(text)
        except BadFilter:
            continue
        raise AssertionError(f"{text!r} was taken")


@test
def scim_finds_pages_and_refuses():
    begin()
    body = get(USERS + "?startIndex=101&count=100")[2]
    equal((body["totalResults"], body["startIndex"], len(body["Resources"])),
          (1000, 101, 100))
    user = body["Resources"][3]
    email = user["userName"]
    for text in (f'userName eq "{email.upper()}"', f'id eq "{user["id"]}"',
                 f'emails[value eq "{email}"]',
                 f'emails.value eq "{email}" and active eq true',
                 'externalId eq "E0000103"'):
        equal([r["id"] for r in found(text)["Resources"]], [user["id"]], text)
    equal(found('userName eq "nobody"')["totalResults"], 0)
    status, _, error = get(USERS + "?filter=" + quote('userName zz "a"'))
    equal((status, error["scimType"], error["status"]),
          (400, "invalidFilter", "400"))
    equal(get(USERS, "Bearer wrong")[0], 401)
    equal(get(f"{USERS}/{user['id']}")[0], 200)
    equal(get(USERS + "/unknown")[0], 404)
    equal(get(f"{USERS}/{user['id']}", If_None_Match='W/"1735689600"')[0],
          304)
    groups = found(f'members.value eq "{user["id"]}"', "/scim/v2/Groups")
    equal({g["id"] for g in groups["Resources"]},
          {g["value"] for g in user["groups"]})
    assert "members" in groups["Resources"][0]


@test
def scim_deviates_as_it_is_told():
    beyond = USERS + "?startIndex=1001&count=10"
    wrong = USERS + "?filter=" + quote("userName zz")
    first = directory.people.person(0)
    looks = {
        "endless": lambda: len(get(beyond)[2]["Resources"]) == 10,
        "no_paging": lambda: len(get(beyond)[2]["Resources"]) == 1000,
        "items_per_page": lambda: get(beyond)[2]["itemsPerPage"] == 10,
        "filter_ignored": lambda: found('id eq "x"')["totalResults"] == 1000,
        "bad_filter_empty": lambda: get(wrong)[0] == 200,
        "case_sensitive": lambda: found(
            f'userName eq "{first.email.upper()}"')["totalResults"] == 0,
        "no_resources": lambda: "Resources" not in get(beyond)[2],
        "no_total": lambda: "totalResults" not in get(beyond)[2],
        "cap200": lambda: len(get(USERS + "?count=500")[2]["Resources"])
        == 200,
        "snowflake": lambda: get(USERS)[2]["totalResults"] == 1,
        "no_config": lambda: get("/scim/v2/ServiceProviderConfig")[0] == 404,
        "no_user_groups": lambda: "groups" not in
        get(USERS)[2]["Resources"][0],
        "no_posix": lambda: len(get(USERS)[2]["Resources"][0]["schemas"]) == 1,
        "strings": lambda: get(USERS)[2]["totalResults"] == "1000",
        "oracle": lambda: len(get(USERS)[2]["Resources"][0]["schemas"]) == 1
        and len(get(USERS + "?attributes=" + SETTINGS_POSIX)[2]
                ["Resources"][0]["schemas"]) == 2,
        "entra": lambda: get(USERS + "?filter=" + quote(
            f'emails.value eq "{first.email}"'))[0] == 400
        and get(USERS + "?filter=a+b")[0] == 400
        and "totalResults" not in get(USERS)[2],
        "aws": lambda: len(get(USERS + "?count=500&startIndex=501")[2]
                           ["Resources"]) == 100,
    }
    for mode, holds in looks.items():
        begin()
        assert not holds(), f"{mode} without being told"
        begin(mode)
        assert holds(), mode


SETTINGS_POSIX = ("urn:ietf:params:scim:schemas:oracle:idcs:extension:posix:"
                  "User:uidNumber")


@test
def scim_cursors_lead_to_everybody():
    for mode, key in (("cursor_only", "Resources"), ("entra", "resources"),
                      ("aws", "Resources")):
        begin(mode)
        ids, cursor = [], ""
        while cursor is not None:
            body = get(f"{USERS}?count=300&cursor={cursor}")[2]
            ids += [r["id"] for r in body[key]]
            cursor = body.get("nextCursor")
        equal(ids, [p.id for p in directory.people.all()], mode)
        equal(get(USERS + "?cursor=wrong")[2]["scimType"], "invalidCursor")
    begin("cursor_only", "new_cursor")
    last = get(USERS + "?count=300&cursor=c-900")[2]
    again = get(f"{USERS}?count=300&cursor={last['nextCursor']}")[2]
    equal(again["Resources"], last["Resources"])
    assert again["nextCursor"] != last["nextCursor"]


def follow(url, items_of, next_of, authorization):
    """Returns everything on all pages."""
    items = []
    while url:
        _, headers, body = get(url, authorization)
        items += items_of(body)
        url = next_of(headers, body)
    return items


def next_link(headers, _body):
    for link in headers.get_all("Link", ()):
        if 'rel="next"' in link:
            return link[1:].split(">")[0]
    return None


@test
def okta_leads_through_its_pages():
    begin()
    ssws = "SSWS " + SECRETS["token"]
    users = follow("/api/v1/users?limit=200", lambda body: body, next_link,
                   ssws)
    equal([u["id"] for u in users], [p.id for p in directory.people.all()])
    email = users[3]["profile"]["email"]
    search = quote(f'profile.email eq "{email}"')
    equal(get("/api/v1/users?search=" + search, ssws)[2], [users[3]])
    equal(get("/api/v1/users/" + email)[2], users[3])
    status, headers, error = get("/api/v1/users/nobody")
    equal((status, error["errorCode"]), (404, "E0000007"))
    assert int(headers["X-Rate-Limit-Remaining"]) > 0
    equal(get("/api/v1/users", "SSWS wrong")[2]["errorCode"], "E0000011")
    group = directory.people.groups[1]
    equal([g["id"] for g in get("/api/v1/groups?q=developers")[2]],
          [group.id])
    equal(len(get(f"/api/v1/groups/{group.id}/users")[2]),
          len(directory.people.members(group)))
    equal({g["profile"]["name"] for g in
           get(f"/api/v1/users/{email}/groups")[2]},
          {directory.people.groups[n].name
           for n in directory.people.person(3).groups})


@test
def okta_tells_of_the_deprovisioned_only_if_asked():
    begin()
    directory.change({"number": 4, "status": "DEPROVISIONED"})
    gone = directory.people.person(4).id
    assert gone not in [u["id"] for u in get("/api/v1/users")[2]]
    since = quote('lastUpdated gt "2025-06-01T00:00:00.000Z"')
    equal([(u["id"], u["status"]) for u in
           get("/api/v1/users?filter=" + since)[2]],
          [(gone, "DEPROVISIONED")])


@test
def graph_selects_and_tells_what_changed():
    begin()
    bearer = client_token()
    users = follow("/v1.0/users?$select=id,accountEnabled,mail&$top=400",
                   lambda body: body["value"],
                   lambda _h, body: body.get("@odata.nextLink"), bearer)
    equal([u["accountEnabled"] for u in users],
          [p.active for p in directory.people.all()])
    equal([u["mail"] for u in users], [p.mail for p in
                                       directory.people.all()])
    body = get("/v1.0/users", bearer)[2]
    assert "accountEnabled" not in body["value"][0]
    equal(len(body["value"]), 100)
    equal(get("/v1.0/users?$top=1000", bearer)[0], 400)
    url, seen = "/v1.0/users/delta?$select=id,mail", 0
    while url:
        body = get(url, bearer)[2]
        seen += len(body["value"])
        url = body.get("@odata.nextLink")
    equal(seen, 1000)
    directory.change({"do": "remove", "number": 9},
                     {"number": 10, "mail": "x@example.com"})
    changes = get(body["@odata.deltaLink"], bearer)[2]["value"]
    equal([change.get("@removed") is not None for change in changes],
          [True, False])
    directory.modes("delta_gone")
    equal(get(body["@odata.deltaLink"], bearer)[0], 410)
    equal(get("/v1.0/users", "Bearer wrong")[0], 401)


@test
def pingone_leads_through_its_pages():
    begin()
    bearer = client_token()
    base = f"/v1/environments/{ENVIRONMENT}/users"
    users = follow(base + "?limit=300&include=memberOfGroupNames",
                   lambda body: body["_embedded"]["users"],
                   lambda _h, body: body["_links"].get("next", {}).get("href"),
                   bearer)
    equal([u["id"] for u in users], [p.id for p in directory.people.all()])
    group = directory.people.groups[1]
    in_group = get(f"{base}?limit=1000&filter=" + quote(
        f'memberOfGroups[id eq "{group.id}"]'), bearer)[2]
    equal(in_group["count"], len(directory.people.members(group)))
    assert all("developers" in u["memberOfGroupNames"] for u in users
               if u["id"] == in_group["_embedded"]["users"][0]["id"])
    equal(get(base, "Bearer wrong")[2]["code"], "ACCESS_FAILED")


@test
def lists_know_whether_they_changed():
    begin()
    paths = ["/lists/" + shape for shape in (
        "array", "items?page=2", "pages", "token?after=t3", "link?page=2")]
    for path in [*paths, "/people.csv"]:
        status, headers, _ = get(path)
        equal(status, 200, path)
        known = {"If_None_Match": headers["ETag"]}, \
            {"If_Modified_Since": headers["Last-Modified"]}
        equal([get(path, **header)[0] for header in known], [304, 304], path)
        directory.change({"number": 1, "given": path})
        equal([get(path, **header)[0] for header in known], [200, 200], path)


@test
def faults_come_when_they_are_due():
    begin()
    path = USERS + "?count=2"
    directory.faults(
        {"kind": "throttle", "nth": 2, "style": "seconds", "seconds": 7},
        {"kind": "cut", "nth": 3}, {"kind": "truncated", "nth": 4},
        {"kind": "html", "nth": 5}, {"kind": "nothing", "nth": 6},
        {"kind": "empty_list", "nth": 7}, {"kind": "redirect", "nth": 8},
        {"kind": "close", "nth": 10, "path": "nowhere"},
        {"kind": "token_expired", "nth": 9, "times": 0})
    equal(get(path)[0], 200)
    status, headers, _ = get(path)
    equal((status, headers["Retry-After"]), (429, "7"))
    try:
        get(path)
        raise AssertionError("the connection was not cut")
    except (OSError, http.client.IncompleteRead):
        pass
    assert isinstance(get(path)[2], bytes), "no truncated JSON"
    contains(get(path)[2], b"<html>")
    equal(get(path)[2], b"")
    equal(get(path)[2]["Resources"], [])
    # urllib follows, and takes the token along.
    equal(get(path)[0], 200)
    equal([r["headers"]["authorization"] for r in directory.other()],
          [BEARER])
    equal([get(path)[0], get(path)[0]], [401, 401])
    entry = directory.requests()[1]
    equal({key: entry[key] for key in ("method", "path", "query", "scheme",
                                       "authorized", "status")},
          {"method": "GET", "path": USERS, "query": "count=2", "scheme":
           "bearer", "authorized": True, "status": 429})


@test
def a_page_of_a_thousand_among_many_is_quick():
    directory.reset(users=100000)
    get(USERS + "?startIndex=1&count=1000")
    started = time.monotonic()
    equal(len(get(USERS + "?startIndex=70001&count=1000")[2]["Resources"]),
          1000)
    assert time.monotonic() - started < 0.5
    directory.reset(users=1000)


run_tests()

# SPDX-License-Identifier: MIT
"""Okta's management API below /api/v1: users and groups, Link headers, rate
limits. Modes:

  okta_states   some users are in each of the other states of Okta
  repeat_last   the last page's link "next" leads to the last page
  repeat_new    the same, with another link each time
  okta_posix    custom attributes uidNumber ... in the profile

Does not know: how users come to change.
"""
import time
from urllib.parse import quote, urlencode

from directory_base import say
from directory_filter import BadFilter, parse
from directory_people import stamp

PREFIX = "/api/v1"
USERS_MAX = 200
MEMBERS_MAX = 1000
STATES = ("STAGED", "PROVISIONED", "RECOVERY", "LOCKED_OUT",
          "PASSWORD_EXPIRED", "SUSPENDED", "DEPROVISIONED")
ERRORS = {"E0000011": (401, "Invalid token provided"),
          "E0000031": (400, "Invalid search criteria."),
          "E0000007": (404, "Not found: Resource not found"),
          "E0000022": (405, "The endpoint does not support the provided HTTP "
                            "method")}


def status_of(directory, person):
    """Returns the state of a user: that which was set, else made up."""
    if person.status:
        return person.status
    if directory.has("okta_states") and person.number % 11 == 5:
        return STATES[person.number // 11 % len(STATES)]
    return "ACTIVE" if person.active else "SUSPENDED"


def okta(directory, request):
    """Answers a request."""
    answer = _respond(directory, request)
    answer.headers += [("X-Rate-Limit-Limit", "600"),
                       ("X-Rate-Limit-Remaining", "599"),
                       ("X-Rate-Limit-Reset", str(int(time.time()) + 60)),
                       ("X-Okta-Request-Id", f"r{request.number}")]
    return answer


def _respond(directory, request):
    if not directory.may_ask(request, "ssws", "bearer"):
        return _error("E0000011")
    if request.method != "GET":
        return _error("E0000022")
    path = request.path[len(PREFIX):].strip("/").split("/")
    try:
        if path == ["users"]:
            return _users(directory, request)
        if path == ["groups"]:
            return _groups(directory, request)
        if path[0] == "users":
            return _user(directory, request, path[1:])
        if path[0] == "groups":
            return _group(directory, request, path[1:])
    except BadFilter:
        return _error("E0000031")
    return _error("E0000007")


def _error(code):
    status, text = ERRORS[code]
    return say({"errorCode": code, "errorSummary": text, "errorLink": code,
                "errorId": "oae1", "errorCauses": []}, status)


def _page(directory, request, numbers, make, most):
    """Returns a page of what the numbers stand for, with its Link headers."""
    size = directory.page_size(request.number_of("limit", 0), most, most)
    after = request.query.get("after", "").split(".")[0]
    place = int(after[2:]) if after.startswith("a0") else 0
    chosen = numbers[place:place + size]
    following = None
    if place + size < len(numbers):
        following = f"a0{place + size}"
    elif directory.has("repeat_last"):
        following = f"a0{place}"
    elif directory.has("repeat_new"):
        following = f"a0{place}.{request.number}"
    links = [("Link", f'<{directory.url}{request.target}>; rel="self"')]
    if following:
        query = {k: v for k, v in request.query.items() if k != "after"}
        query["after"] = following
        links.append(("Link", f"<{directory.url}{quote(request.path)}?"
                      f'{urlencode(query, quote_via=quote)}>; rel="next"'))
    return say([make(number) for number in chosen], headers=links)


def _users(directory, request):
    numbers = directory.numbers(request)
    people = directory.people
    text = request.query.get("search", request.query.get("filter"))
    if text is not None:
        tree = parse(text)
        numbers = [n for n in numbers
                   if tree.holds(_values(directory, people.person(n)))]
    elif "q" in request.query:
        word = request.query["q"].lower()
        numbers = [n for n in numbers
                   if people.person(n).email.startswith(word)]
    else:
        numbers = [n for n in numbers if status_of(
            directory, people.person(n)) != "DEPROVISIONED"]
    return _page(directory, request, numbers,
                 lambda n: _body(directory, people.person(n)), USERS_MAX)


def _values(directory, person):
    values = {"profile.email": person.email, "profile.login": person.email,
              "id": person.id, "status": status_of(directory, person),
              "lastupdated": stamp(person.modified),
              "profile.lastname": person.family}
    return lambda name: [values[name]] if name in values else []


def _body(directory, person):
    status = status_of(directory, person)
    profile = {"login": person.email, "email": person.email,
               "firstName": person.given, "lastName": person.family,
               "displayName": person.display, "secondEmail": None,
               "employeeNumber": person.external_id, "nick": person.login}
    if directory.has("okta_posix"):
        profile.update(uidNumber=person.uid, gidNumber=person.gid,
                       homeDirectory=person.home, loginShell=person.shell)
    return {"id": person.id, "status": status,
            "created": stamp(1735689600), "activated": None,
            "lastLogin": None, "lastUpdated": stamp(person.modified),
            "type": {"id": "oty1"}, "profile": profile,
            "credentials": {"provider": {"type": "OKTA", "name": "OKTA"}},
            "_links": {"self": {
                "href": f"{directory.url}/api/v1/users/{person.id}"}}}


def _found(directory, name):
    people = directory.people
    found = [p for p in people.find(id=name) or people.find(email=name)
             if p.number in people.numbers]
    return found[0] if found else None


def _user(directory, request, path):
    person = _found(directory, path[0])
    if person is None:
        return _error("E0000007")
    if len(path) == 1:
        return say(_body(directory, person))
    if path[1:] != ["groups"]:
        return _error("E0000007")
    return _page(directory, request, person.groups,
                 lambda n: _group_body(directory, n), USERS_MAX)


def _groups(directory, request):
    groups = directory.people.groups
    numbers = [] if request.is_emptied else list(range(len(groups)))
    text = request.query.get("search", request.query.get("filter"))
    if text is not None:
        tree = parse(text)
        numbers = [n for n in numbers if tree.holds(
            lambda name, n=n: {"profile.name": [groups[n].name],
                               "id": [groups[n].id],
                               "type": ["OKTA_GROUP"]}.get(name, []))]
    elif "q" in request.query:
        word = request.query["q"].lower()
        numbers = [n for n in numbers
                   if groups[n].name.lower().startswith(word)]
    return _page(directory, request, numbers,
                 lambda n: _group_body(directory, n), USERS_MAX)


def _group_body(directory, number):
    group = directory.people.groups[number]
    return {"id": group.id, "created": stamp(1735689600),
            "lastUpdated": stamp(1735689600), "type": "OKTA_GROUP",
            "objectClass": ["okta:user_group"],
            "profile": {"name": group.name, "description": None}}


def _group(directory, request, path):
    group = directory.people.group(id=path[0])
    if group is None:
        return _error("E0000007")
    if len(path) == 1:
        return say(_group_body(directory, group.number))
    if path[1:] != ["users"]:
        return _error("E0000007")
    people = directory.people
    members = [] if request.is_emptied else people.members(group)
    return _page(directory, request, members,
                 lambda n: _body(directory, people.person(n)), MEMBERS_MAX)

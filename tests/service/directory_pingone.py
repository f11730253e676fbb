# SPDX-License-Identifier: MIT
"""PingOne's directory below /v1/environments/{id}: users and groups in HAL.
Modes repeat_last and repeat_new as in directory_okta.py.

Does not know: how users come to change.
"""
from urllib.parse import quote, urlencode

from directory_base import say
from directory_filter import BadFilter, parse
from directory_people import stamp

PREFIX = "/v1/environments/"
LIMIT_MAX = 1000


def pingone(directory, request):
    """Answers a request."""
    if not directory.may_ask(request, "bearer"):
        return _error(401, "ACCESS_FAILED", "INVALID_TOKEN")
    path = request.path[len(PREFIX):].strip("/").split("/")[1:]
    try:
        if path == ["users"]:
            return _users(directory, request)
        if path == ["groups"]:
            return _groups(directory, request)
        if path and path[0] == "users":
            return _user(directory, request, path[1:])
        if path and path[0] == "groups" and len(path) == 2:
            group = directory.people.group(id=path[1])
            if group:
                return say(_group_body(directory, group))
    except BadFilter:
        return _error(400, "INVALID_REQUEST", "INVALID_FILTER")
    return _error(404, "NOT_FOUND", "NOT_FOUND")


def _error(status, code, detail):
    return say({"id": "1", "code": code, "message": "The request could not be "
                "completed.", "details": [
                    {"code": detail, "message": "See the code."}]}, status)


def _page(directory, request, items, make, name):
    size = directory.page_size(request.number_of("limit", 0), 100, LIMIT_MAX)
    cursor = request.query.get("cursor", "").split(".")[0]
    place = int(cursor[1:]) if cursor else 0
    self_link = directory.url + request.target
    links = {"self": {"href": self_link}}
    following = None
    if place + size < len(items):
        following = f"p{place + size}"
    elif directory.has("repeat_last"):
        following = f"p{place}"
    elif directory.has("repeat_new"):
        following = f"p{place}.{request.number}"
    if following:
        query = dict(request.query, cursor=following)
        links["next"] = {"href": f"{directory.url}{quote(request.path)}?"
                         + urlencode(query, quote_via=quote)}
    chosen = items[place:place + size]
    return say({"_links": links,
                "_embedded": {name: [make(item) for item in chosen]},
                "count": len(items), "size": len(chosen)})


def _users(directory, request):
    numbers = directory.numbers(request)
    people = directory.people
    text = request.query.get("filter")
    if text is not None:
        tree = parse(text)
        numbers = [n for n in numbers
                   if tree.holds(_values(directory, people.person(n)))]
    return _page(directory, request, numbers,
                 lambda n: _body(directory, request, people.person(n)),
                 "users")


def _values(directory, person):
    values = {"email": [person.email], "username": [person.email],
              "id": [person.id], "externalid": [person.external_id],
              "enabled": [person.active],
              "updatedat": [stamp(person.modified)]}

    def values_of(name):
        if name in ("memberofgroups.id", "memberofgroups.name"):
            groups = directory.people.groups
            field = name.rpartition(".")[2]
            return [getattr(groups[n], field) for n in person.groups]
        return values.get(name, [])
    return values_of


def _body(directory, request, person):
    environment = request.path[len(PREFIX):].split("/")[0]
    own = f"{directory.url}{PREFIX}{environment}/users/{person.id}"
    body = {"_links": {"self": {"href": own}}, "id": person.id,
            "environment": {"id": environment},
            "account": {"canAuthenticate": person.active, "status": "OK"},
            "createdAt": stamp(1735689600), "email": person.email,
            "enabled": person.active, "externalId": person.external_id,
            "identityProvider": {"type": "PING_ONE"},
            "lifecycle": {"status": person.status or "ACCOUNT_OK"},
            "mfaEnabled": False,
            "name": {"formatted": person.display, "given": person.given,
                     "family": person.family},
            "nickname": person.login, "population": {"id": "p-1"},
            "updatedAt": stamp(person.modified), "username": person.email,
            "verifyStatus": "NOT_INITIATED"}
    groups = [directory.people.groups[n] for n in person.groups]
    wanted = request.query.get("include", "").split(",")
    if "memberOfGroupNames" in wanted:
        body["memberOfGroupNames"] = [group.name for group in groups]
    if "memberOfGroupIDs" in wanted:
        body["memberOfGroupIDs"] = [group.id for group in groups]
    return body


def _group_body(directory, group):
    return {"_links": {}, "id": group.id, "name": group.name,
            "environment": {"id": "e"}, "displayName": group.name.title(),
            "directMemberCounts": {
                "users": len(directory.people.members(group))}}


def _user(directory, request, path):
    people = directory.people
    found = [p for p in people.find(id=path[0])
             if p.number in people.numbers]
    if not found:
        return _error(404, "NOT_FOUND", "NOT_FOUND")
    if len(path) == 1:
        return say(_body(directory, request, found[0]))
    if path[1:] != ["memberOfGroups"]:
        return _error(404, "NOT_FOUND", "NOT_FOUND")

    def make(number):
        group = people.groups[number]
        item = {"id": group.id, "type": "DIRECT"}
        if request.query.get("expand") == "group":
            item["_embedded"] = {"group": _group_body(directory, group)}
        return item
    return _page(directory, request, found[0].groups, make,
                 "groupMemberships")


def _groups(directory, request):
    groups = [] if request.is_emptied else directory.people.groups
    text = request.query.get("filter")
    if text is not None:
        tree = parse(text)
        groups = [group for group in groups if tree.holds(
            lambda name, group=group: {"name": [group.name], "id": [group.id]}
            .get(name, []))]
    return _page(directory, request, groups,
                 lambda group: _group_body(directory, group), "groups")

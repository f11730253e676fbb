# SPDX-License-Identifier: MIT
"""Microsoft Graph below /v1.0: users, what changed since, groups with their
members. Modes:

  repeat_last, repeat_new   as in directory_okta.py
  delta_gone     a link to what changed has expired: 410
  strict_cast    a cast wants ConsistencyLevel: eventual and $count=true
  no_mail        mail is null for everybody

`mail` is null for one user in five; accountEnabled comes only if selected.

Does not know: how users come to change.
"""
import re
from urllib.parse import quote, urlencode

from directory_base import say
from directory_filter import BadFilter, parse

PREFIX = "/v1.0"
TOP_MAX = 999
USER_CAST = "microsoft.graph.user"
GROUP_CAST = "microsoft.graph.group"
DEFAULT_USER = ("businessPhones", "displayName", "givenName", "jobTitle",
                "mail", "mobilePhone", "surname", "userPrincipalName", "id")


def graph(directory, request):
    """Answers a request."""
    if not directory.may_ask(request, "bearer"):
        return _error(401, "InvalidAuthenticationToken",
                      "Access token is empty or has expired.")
    path = request.path[len(PREFIX):].strip("/").split("/")
    try:
        return _respond(directory, request, path)
    except (BadFilter, KeyError) as error:
        return _error(400, "Request_BadRequest", f"Invalid: {error}")


def _respond(directory, request, path):
    if path in (["users", "delta"], ["users", "microsoft.graph.delta()"]):
        return _delta(directory, request)
    if path == ["users"]:
        return _users(directory, request)
    if path == ["groups"]:
        return _groups(directory, request)
    if path[0] == "users":
        return _user(directory, request, path[1:])
    if path[0] == "groups":
        return _group(directory, request, path[1:])
    return _missing("path")


def _error(status, code, message, headers=()):
    return say({"error": {"code": code, "message": message, "innerError": {
        "date": "2026-01-01T00:00:00", "request-id": "1"}}}, status,
               headers=headers)


def _missing(name):
    return _error(404, "Request_ResourceNotFound",
                  f"Resource '{name}' does not exist.")


def _select(request, default):
    names = [name.strip() for name in request.query.get(
        "$select", "").split(",") if name.strip()]
    return names or list(default)


def _link(directory, request, **more):
    """Returns the URL of this request with other parameters; opaque, and with
    the dollars as they are."""
    query = {k: v for k, v in request.query.items()
             if k not in ("$skiptoken", "$deltatoken")}
    query.update({"$" + name: value for name, value in more.items()})
    return (f"{directory.url}{quote(request.path)}?"
            + urlencode(query, quote_via=quote, safe="$,"))


def _page(directory, request, items, make, context, size):
    """Returns the page of `items` that the request's $skiptoken means, as a
    dict, and whether it is the last."""
    token = request.query.get("$skiptoken", "t0").split(".")[0]
    if not re.fullmatch(r"t\d+", token):
        raise BadFilter("$skiptoken")
    place = int(token[1:])
    body = {"@odata.context": f"{directory.url}/v1.0/$metadata#{context}"}
    following = None
    if place + size < len(items):
        following = f"t{place + size}"
    elif directory.has("repeat_last"):
        following = f"t{place}"
    elif directory.has("repeat_new"):
        following = f"t{place}.{request.number}"
    if following:
        body["@odata.nextLink"] = _link(directory, request,
                                        skiptoken=following)
    if request.query.get("$count") == "true" and token == "t0":
        body["@odata.count"] = len(items)
    body["value"] = [make(item) for item in items[place:place + size]]
    return body


def _size(directory, request):
    asked = request.number_of("$top", 0)
    if "$top" in request.query and not 1 <= asked <= TOP_MAX:
        raise BadFilter("$top")
    return directory.page_size(asked, 100, TOP_MAX)


def _body(directory, person, names):
    has_mail = person.mail and not directory.has("no_mail")
    values = {"id": person.id, "userPrincipalName": person.email,
              "mail": person.email if has_mail else None,
              "displayName": person.display, "givenName": person.given,
              "surname": person.family, "accountEnabled": person.active,
              "otherMails": [], "businessPhones": [],
              "employeeId": person.external_id, "mailNickname": person.login,
              "onPremisesSamAccountName": person.login,
              "onPremisesExtensionAttributes": {
                  "extensionAttribute1": str(person.uid),
                  "extensionAttribute2": person.home}}
    body = {}
    for name in names:
        if name.startswith("extension_"):
            part = name.rpartition("_")[2]
            extension = {"uidNumber": person.uid, "gidNumber": person.gid,
                         "homeDirectory": person.home,
                         "loginShell": person.shell}
            if part in extension:
                body[name] = extension[part]
        else:
            body[name] = values.get(name)
    body["id"] = person.id
    return body


def _values(person):
    values = {"userprincipalname": person.email, "mail": person.mail,
              "id": person.id, "accountenabled": person.active,
              "displayname": person.display,
              "mailnickname": person.login}
    return lambda name: [values[name]] if name in values else []


def _users(directory, request):
    numbers = directory.numbers(request)
    people = directory.people
    if "$skip" in request.query:
        raise BadFilter("$skip")
    text = request.query.get("$filter")
    if text is not None:
        tree = parse(text)
        numbers = [n for n in numbers
                   if tree.holds(_values(people.person(n)))]
    names = _select(request, DEFAULT_USER)
    return say(_page(directory, request, numbers,
                     lambda n: _body(directory, people.person(n), names),
                     "users", _size(directory, request)))


def _delta(directory, request):
    """First everybody, then what changed since a $deltatoken."""
    people = directory.people
    token = request.query.get("$deltatoken")
    names = _select(request, DEFAULT_USER)
    end = len(people.history)
    if token == "latest":
        items = []
    elif token is None:
        items = directory.numbers(request)
    elif directory.has("delta_gone"):
        return _error(410, "syncStateNotFound", "Resync required.", [
            ("Location", f"{directory.url}/v1.0/users/delta?$skiptoken=t0")])
    else:
        items = list(dict.fromkeys(
            number for number, _ in people.history[int(token):end]))

    def make(number):
        person = people.person(number)
        if number in people.numbers:
            return _body(directory, person, names)
        return {"id": person.id, "@removed": {"reason": "changed"}}

    wanted = re.search(r"odata\.maxpagesize=(\d+)",
                       request.headers.get("prefer", ""))
    size = directory.page_size(int(wanted[1]) if wanted else 0, 200, TOP_MAX)
    body = _page(directory, request, items, make, "users", size)
    if token is not None and "@odata.nextLink" in body:
        body["@odata.nextLink"] += "&$deltatoken=" + token
    if "@odata.nextLink" not in body:
        body["@odata.deltaLink"] = _link(directory, request, deltatoken=end)
    return say(body)


def _user(directory, request, path):
    people = directory.people
    found = [p for p in people.find(id=path[0]) or people.find(email=path[0])
             if p.number in people.numbers]
    if not found:
        return _missing(path[0])
    person = found[0]
    if len(path) == 1:
        return say(_body(directory, person, _select(request, DEFAULT_USER)))
    if path[1] not in ("transitiveMemberOf", "memberOf"):
        return _missing(path[1])
    _check_cast(directory, request, path[2:])
    numbers = person.groups if path[1] == "transitiveMemberOf" \
        else person.groups[::2]
    return _group_page(directory, request, numbers)


def _check_cast(directory, request, cast):
    if cast and directory.has("strict_cast") and (
            request.headers.get("consistencylevel") != "eventual"
            or request.query.get("$count") != "true"):
        raise BadFilter("the cast wants ConsistencyLevel and $count")


def _groups(directory, request):
    groups = directory.people.groups
    numbers = [] if request.is_emptied else list(range(len(groups)))
    text = request.query.get("$filter")
    if text is not None:
        tree = parse(text)
        numbers = [n for n in numbers if tree.holds(
            lambda name, n=n: {"displayname": [groups[n].name],
                               "id": [groups[n].id], "mailnickname":
                               [groups[n].name]}.get(name, []))]
    return _group_page(directory, request, numbers)


def _group_page(directory, request, numbers):
    groups = directory.people.groups
    names = _select(request, ("id", "displayName", "mailNickname",
                              "securityEnabled"))

    def make(number):
        group = groups[number]
        values = {"id": group.id, "displayName": group.name,
                  "mailNickname": group.name, "securityEnabled": True}
        return {name: values.get(name) for name in ["id", *names]}
    return say(_page(directory, request, numbers, make, "groups",
                     _size(directory, request)))


def _group(directory, request, path):
    people = directory.people
    group = people.group(id=path[0])
    if group is None:
        return _missing(path[0])
    if len(path) == 1:
        return say({"id": group.id, "displayName": group.name})
    if path[1] not in ("transitiveMembers", "members") \
            or path[2:] not in ([], [USER_CAST]):
        return _missing(path[1])
    _check_cast(directory, request, path[2:])
    numbers = [] if request.is_emptied else people.members(group)
    if path[1] == "members":
        numbers = numbers[::2]
    names = _select(request, DEFAULT_USER)

    def make(number):
        body = _body(directory, people.person(number), names)
        return body if path[2:] else {
            "@odata.type": "#" + USER_CAST, **body}
    return say(_page(directory, request, numbers, make, "directoryObjects",
                     _size(directory, request)))

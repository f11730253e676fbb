# SPDX-License-Identifier: MIT
"""SCIM 2.0 below /scim/v2 (RFC 7643, 7644, 9865), with what servers make of
it. Modes:

  endless          startIndex beyond the end gives the first page again, and
                   itemsPerPage is what was asked for (scimmy, Express 4)
  no_paging        always the whole list (scimmy, Express 5)
  items_per_page   itemsPerPage is what was asked for
  filter_ignored   a filter changes nothing
  bad_filter_empty a filter that is none finds nobody, 200
  case_sensitive   userName eq compares bytes
  cursor           cursor paging besides startIndex; cursor_only without it
  same_cursor      the last page's nextCursor leads to the last page
  new_cursor       the same with another cursor each time
  entra            Microsoft's: cursor only, `resources`, no totalResults, no
                   filter for e-mails, no blank in the query string
  aws              no startIndex, no attributes; cursor; at most 100
  strict           parameters that aws does not know are errors
  snowflake        an unfiltered list is one made-up user
  cap200           at most 200 on a page
  oracle           POSIX attributes only if named in attributes=
  no_resources     Resources is missing where there are none
  no_user_groups   users do not tell their groups
  no_config        no ServiceProviderConfig
  no_total         no totalResults
  strings          numbers and booleans are strings
  shown_login      userName is the login name, not the e-mail
  no_posix         no POSIX extension

Does not know: how users come to change.
"""
from directory_base import say
from directory_filter import BadFilter, Junction, parse
from directory_http import Answer
from directory_people import stamp

PREFIX = "/scim/v2"
KIND = "application/scim+json"
MESSAGES = "urn:ietf:params:scim:api:messages:2.0:"
CORE = "urn:ietf:params:scim:schemas:core:2.0:"
PAGE_MAX = 1000
ENTRA_ATTRIBUTES = ("username", "externalid", "id", "groups.value",
                    "mailnickname", "displayname")


class Refused(Exception):
    """The request is refused with a status and a scimType."""


def scim(directory, request):
    """Answers a request."""
    if not directory.may_ask(request, "bearer", "basic"):
        return _error(401, "", "no valid credentials")
    if directory.has("entra") and ("+" in request.raw_query
                                   or "%20=" in request.raw_query
                                   or "=%20" in request.raw_query):
        return _error(400, "invalidSyntax", "blank in the query")
    path = request.path[len(PREFIX):].strip("/").split("/")
    if path == ["ServiceProviderConfig"]:
        return _config(directory)
    if path[0] not in ("Users", "Groups") or len(path) > 2:
        return _error(404, "", "no such resource")
    try:
        resources = Resources(directory, request, path[0])
        return resources.one(path[1]) if path[1:] else resources.list()
    except Refused as refused:
        return _error(*refused.args)
    except BadFilter as error:
        if directory.has("bad_filter_empty"):
            return resources.page([], 0, 1, 0)
        return _error(400, "invalidFilter", str(error))


def _error(status, scim_type, detail):
    body = {"schemas": [MESSAGES + "Error"], "status": str(status),
            "detail": detail}
    if scim_type:
        body["scimType"] = scim_type
    return say(body, status, KIND)


def _is_cursor_only(directory):
    return any(directory.has(mode) for mode in ("entra", "aws",
                                                "cursor_only"))


def _config(directory):
    if directory.has("no_config"):
        return _error(404, "", "no such resource")
    only = _is_cursor_only(directory)
    has_cursor = only or directory.has("cursor")
    body = {"schemas": [CORE + "ServiceProviderConfig"],
            "patch": {"supported": True}, "bulk": {"supported": False},
            "filter": {"supported": True, "maxResults": PAGE_MAX},
            "changePassword": {"supported": False},
            "sort": {"supported": False},
            "etag": {"supported": not directory.has("endless")},
            "authenticationSchemes": [{"type": "oauthbearertoken",
                                       "name": "Bearer", "description": "b"}]}
    if has_cursor:
        body["pagination"] = {
            "cursor": True, "index": not only,
            "defaultPaginationMethod": "cursor" if only else "index",
            "defaultPageSize": 100, "maxPageSize": PAGE_MAX,
            "cursorTimeout": 3600}
    return say(body, 200, KIND)


class Resources:
    """The users or the groups, as one request asks for them."""

    def __init__(self, directory, request, kind):
        self.directory, self.request, self.kind = directory, request, kind
        self.has = directory.has
        query = request.query
        self.attributes = self._names(query.get("attributes"))
        self.excluded = self._names(query.get("excludedAttributes"))
        if self.has("aws"):
            if self.has("strict") and {"startIndex", "attributes",
                                       "excludedAttributes"} & set(query):
                raise Refused(400, "invalidValue", "unknown parameter")
            self.attributes, self.excluded = [], []

    @staticmethod
    def _names(text):
        return [name.strip().lower() for name in (text or "").split(",")
                if name.strip()]

    # one resource

    def one(self, name):
        items = ([p for p in self.directory.people.find(id=name)
                  if p.number in self.directory.people.numbers]
                 if self.kind == "Users"
                 else [g for g in self.directory.people.groups
                       if g.id == name])
        if not items:
            return _error(404, "", f"Resource {name} not found")
        body = self.resource(items[0])
        tag = body["meta"]["version"]
        if self.request.headers.get("if-none-match") == tag:
            return Answer(304, headers=[("ETag", tag)])
        return say(body, 200, KIND, [("ETag", tag)])

    # lists

    def list(self):
        numbers = self._found()
        if _is_cursor_only(self.directory) or (
                self.has("cursor") and "cursor" in self.request.query):
            return self._cursor_page(numbers)
        return self._index_page(numbers)

    def _size(self):
        most = 100 if self.has("aws") else 200 if self.has("cap200") \
            else PAGE_MAX
        asked = self.request.number_of("count", 0)
        return self.directory.page_size(asked, 100, most), asked

    def _index_page(self, numbers):
        size, asked = self._size()
        if self.has("no_paging"):
            return self.page(numbers, len(numbers), 1, len(numbers))
        first = max(1, self.request.number_of("startIndex", 1))
        chosen = numbers[first - 1:first - 1 + size]
        if not chosen and self.has("endless"):
            first, chosen = 1, numbers[:size]
        if self.request.query.get("count") == "0":
            chosen = []
        shown = asked if self.has("endless") or self.has("items_per_page") \
            else len(chosen)
        return self.page(chosen, len(numbers), first, shown)

    def _cursor_page(self, numbers):
        size, _ = self._size()
        cursor = self.request.query.get("cursor", "")
        place = 0
        if cursor:
            word, _, rest = cursor.partition("-")
            if word != "c" or not rest.split("-")[0].isdigit():
                raise Refused(400, "invalidCursor", "no such cursor")
            place = int(rest.split("-")[0])
        chosen = numbers[place:place + size]
        following = None
        if place + size < len(numbers):
            following = f"c-{place + size}"
        elif self.has("same_cursor"):
            following = f"c-{place}"
        elif self.has("new_cursor"):
            following = f"c-{place}-{self.request.number}"
        return self.page(chosen, len(numbers), None, len(chosen), following)

    def page(self, chosen, total, first, shown, following=None):
        body = {"schemas": [MESSAGES + "ListResponse"]}
        if not (self.has("entra") or self.has("no_total")):
            body["totalResults"] = self._number(
                total + self.directory.settings["total"])
        if first is not None:
            body["startIndex"] = self._number(first)
        body["itemsPerPage"] = self._number(shown)
        if following:
            body["nextCursor"] = following
        if chosen or not self.has("no_resources"):
            body["resources" if self.has("entra") else "Resources"] = [
                self.resource(self._item(number)) for number in chosen]
        return say(body, 200, KIND)

    def _item(self, number):
        people = self.directory.people
        return (people.person(number) if self.kind == "Users"
                else people.groups[number])

    # filters

    def _found(self):
        """Returns the numbers of what the filter finds."""
        people = self.directory.people
        text = self.request.query.get("filter")
        everybody = (self.directory.numbers(self.request)
                     if self.kind == "Users" else
                     [] if self.request.is_emptied
                     else list(range(len(people.groups))))
        if self.has("snowflake") and self.kind == "Users" and not text:
            return everybody[:1]
        if text is None or self.has("filter_ignored"):
            return everybody
        tree = parse(text)
        self._check(tree)
        leaf = tree.leaves()[0]
        if self.kind == "Users" and len(tree.leaves()) == 1 \
                and leaf.operator == "eq" and leaf.attribute in QUICK:
            found = people.find(**{QUICK[leaf.attribute](self): leaf.value})
            chosen = [p.number for p in found if p.number in everybody]
        else:
            chosen = [number for number in everybody
                      if tree.holds(self._values_of(number))]
        if self.has("case_sensitive") and leaf.attribute == "username":
            chosen = [number for number in chosen if leaf.value
                      == self._user_name(people.person(number))]
        return chosen

    def _check(self, tree):
        names = {leaf.attribute for leaf in tree.leaves()}
        if self.has("entra"):
            if isinstance(tree, Junction) and "or" in tree.words():
                raise BadFilter("or is not supported")
            if names - set(ENTRA_ATTRIBUTES):
                raise BadFilter(f"not supported: {names}")
        if self.has("aws") and names - {"username", "externalid",
                                        "groups.value", "displayname",
                                        "members", "id", "members.value"}:
            raise BadFilter(f"not supported: {names}")

    def _values_of(self, number):
        item = self._item(number)

        def values(attribute):
            if self.kind == "Groups":
                if attribute in ("members", "members.value"):
                    people = self.directory.people
                    return [people.person(n).id for n in people.members(item)]
                return {"displayname": [item.name], "id": [item.id]}.get(
                    attribute, [])
            return USER_VALUES.get(attribute, lambda _s, _p: [])(self, item)
        return values

    # resources

    def _user_name(self, person):
        return person.login if self.has("shown_login") else person.email

    def _number(self, value):
        return str(value) if self.has("strings") else value

    def resource(self, item):
        body = (self._user(item) if self.kind == "Users"
                else self._group(item))
        if self.attributes:
            body = {key: value for key, value in body.items()
                    if key in ("schemas", "id", "meta")
                    or self._is_named(key)}
        return {key: value for key, value in body.items()
                if key.lower() not in self.excluded}

    def _is_named(self, key):
        low = key.lower()
        return any(name == low or name.startswith((low + ".", low + ":"))
                   or name == CORE.lower() + "user:" + low
                   for name in self.attributes)

    def _user(self, person):
        directory = self.directory
        base = "" if self.has("endless") or self.has("entra") \
            else directory.url
        body = {
            "schemas": [CORE + "User"], "id": person.id,
            "externalId": person.external_id,
            "userName": self._user_name(person),
            "displayName": person.display,
            "name": {"formatted": person.display, "givenName": person.given,
                     "familyName": person.family},
            "active": ("True" if person.active else "False")
            if self.has("strings") else person.active,
            "emails": [{"value": "other." + person.email, "type": "home"},
                       {"value": person.email, "type": "work",
                        "primary": True}],
            "groups": [{"value": group.id, "display": group.name,
                        "$ref": f"{base}{PREFIX}/Groups/{group.id}"}
                       for group in (directory.people.groups[number]
                                     for number in person.groups)],
            "meta": {"resourceType": "User", "version":
                     f'W/"{person.modified}"',
                     "lastModified": stamp(person.modified),
                     "location": f"{base}{PREFIX}/Users/{person.id}"}}
        if self.has("no_user_groups") or self.has("aws"):
            del body["groups"]
        self._add_posix(body, person)
        return body

    def _add_posix(self, body, person):
        urn = self.directory.settings["posix_schema"] + ":User"
        if self.has("no_posix") or (self.has("oracle") and not any(
                name.startswith(urn.lower()) for name in self.attributes)):
            return
        values = (self._number(person.uid), self._number(person.gid),
                  person.home, person.shell)
        body["schemas"].append(urn)
        body[urn] = dict(zip(self.directory.settings["posix_names"], values))

    def _group(self, group):
        body = {"schemas": [CORE + "Group"], "id": group.id,
                "displayName": group.name,
                "meta": {"resourceType": "Group", "version": 'W/"'
                         f'{self.directory.people.version}"',
                         "location": f"{PREFIX}/Groups/{group.id}"}}
        if not self.has("no_posix"):
            urn = self.directory.settings["posix_schema"] + ":Group"
            body[urn] = {"gidNumber": self._number(group.gid)}
            body["schemas"].append(urn)
        if "members" not in self.excluded and (
                not self.attributes or self._is_named("members")):
            people = self.directory.people
            body["members"] = [
                {"value": people.person(number).id, "type": "User"}
                for number in people.members(group)]
        return body


QUICK = {
    "id": lambda _: "id", "externalid": lambda _: "external_id",
    "emails": lambda _: "email", "emails.value": lambda _: "email",
    "username": lambda resources:
    "login" if resources.has("shown_login") else "email",
}
USER_VALUES = {
    "id": lambda _, p: [p.id], "externalid": lambda _, p: [p.external_id],
    "username": lambda resources, p: [resources._user_name(p)],
    "emails": lambda _, p: [p.email], "emails.value": lambda _, p: [p.email],
    "emails.type": lambda _, p: ["work"],
    "displayname": lambda _, p: [p.display],
    "active": lambda _, p: [p.active],
    "meta.lastmodified": lambda _, p: [stamp(p.modified)],
    "groups.value": lambda resources, p: [
        resources.directory.people.groups[number].id for number in p.groups],
}

# SPDX-License-Identifier: MIT
"""What the fuzzer of the sources begins with: scripts of answers, as
fuzz_source.c reads them.

Does not know: where they are written to.
"""
import json

END = b"\x1e"
GRAPH = "https://graph.microsoft.com/v1.0"
PING = "https://api.pingone.eu/v1"
TOKEN = (200, {"access_token": "ACCESS-TOKEN-0123456789",
               "token_type": "Bearer", "expires_in": 3600})
EMAIL = "alice@example.com"
REFUSALS = [(400, {"scimType": "invalidFilter", "detail": "no"}),
            (400, {"scimType": "expiredCursor"}), (401, {}), (403, {}),
            (404, {"code": "NOT_FOUND"}), (410, {}), (304, ""),
            (429, "", "Retry-After: 7"), (503, "", "Retry-After: 7"),
            (429, "", "X-Rate-Limit-Reset: 1767225640",
             "Date: Thu, 01 Jan 2026 00:00:00 GMT"),
            (429, {"details": [{"innerError": {"retryAfter": 3}}]}),
            (200, "<html>", "Content-Type: text/html"), (200, ""), (200, {})]


def people(*ids):
    """The same people in the words of all directories at once."""
    return [{"id": one, "userName": f"{one}@example.com", "active": True,
             "mail": None, "userPrincipalName": EMAIL, "accountEnabled": True,
             "email": EMAIL, "username": one, "enabled": True,
             "status": "ACTIVE", "lastUpdated": "2026-01-01T00:00:00.000Z",
             "profile": {"login": one, "email": EMAIL, "displayName": one},
             "name": {"formatted": one}, "displayName": one,
             "emails": [{"value": EMAIL, "primary": True}]} for one in ids]


GROUPS = [{"id": "g1", "displayName": "Team", "name": "Team",
           "profile": {"name": "Team"},
           "members": [{"value": "u1", "type": "User"},
                       {"value": "g2", "type": "Group"}]},
          {"id": "g2", "displayName": "Other", "name": "Other",
           "profile": {"name": "Other"},
           "members": [{"value": "u2"}, {"value": "g1", "type": "Group"}]}]
IN_GROUP = [dict(people("u1")[0],
                 groups=[{"value": "g1", "display": "Team"}, "Other"])]


def scim(items, total=None, cursor=None):
    page = {"Resources": items}
    if total is not None:
        page["totalResults"] = total
    if cursor:
        page["nextCursor"] = cursor
    return (200, page)


def okta(items, after=None):
    if after is None:
        return (200, items)
    return (200, items,
            f'link: <https://DIR/api/v1/{after}>; rel="next"',
            "Date: Thu, 01 Jan 2026 00:00:00 GMT")


def graph(items, following=None, delta=None):
    page = {"value": items}
    if following:
        page["@odata.nextLink"] = f"{GRAPH}/{following}"
    if delta:
        page["@odata.deltaLink"] = f"{GRAPH}/{delta}"
    return (200, page)


def ping(kind, items, following=None):
    page = {"_embedded": {kind: items}, "count": len(items)}
    if following:
        page["_links"] = {"next": {"href": f"{PING}/{following}"}}
    return (200, page)


def rest(items, following=None):
    return (200, {"users": items, "next": following}, 'ETag: "1"')


CSV = ("id,email,name,gecos,uid,home,shell,groups,state\r\n"
       'u1,alice@example.com,alice,"A, B",2000200001,/home/a,/bin/sh,'
       "Team;Other,enabled\r\nu2,b@example.com,bob,,,,,,disabled\n")

SCRIPTS = {
    "source_scim": [
        [scim(people("u1", "u2"), 4), scim(people("u2", "u3"), 4),
         scim(people("u4"), 4), scim(GROUPS, 2), scim([], 2)],
        [scim(people("u1"), None, "c1"), scim(people("u2"), None, "c2"),
         scim([]), scim(GROUPS)],
        [scim(IN_GROUP, 1), scim([], 1), scim(GROUPS, 2), scim([], 2)],
        [(200, {"resources": people("u1"), "totalResults": "1"})],
    ],
    "source_okta": [
        [okta(people("u1", "u2"), "users?limit=200&after=u2"),
         okta(people("u3")), okta(GROUPS, "groups?after=g2"), okta([]),
         okta(people("u1", "u3"))],
        [okta(people("u1")), okta(GROUPS), okta(people("u1"))],
    ],
    "source_entra": [
        [TOKEN, graph(people("u1"), "users/delta?$skiptoken=a"),
         graph(people("u2"), None, "users/delta?$deltatoken=b"),
         graph(GROUPS), graph(people("u1"))],
        [TOKEN, graph([{"id": "u1", "@removed": {"reason": "changed"}}], None,
                      "users/delta?$deltatoken=c"), graph(GROUPS)],
    ],
    "source_pingone": [
        [TOKEN, ping("users", people("u1"), "environments/E/users?cursor=a"),
         ping("users", people("u2")), ping("groups", GROUPS),
         ping("users", people("u1"))],
        [TOKEN, ping("users", people("u1")), ping("groupMemberships", GROUPS)],
    ],
    "source_rest": [
        [rest(IN_GROUP, "/list?page=2"), rest(people("u2"), "?page=3"),
         rest([])],
    ],
    "source_csv": [[(200, CSV, 'ETag: "1"',
                     "Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT")]],
}


def event(status, body, *headers):
    text = body if isinstance(body, str) else json.dumps(body)
    lines = "".join(f"!{line}\n" for line in headers)
    return b"%03d" % status + lines.encode() + text.encode() + END


def inputs():
    """Yields a target and an input of it, many times."""
    for name, scripts in SCRIPTS.items():
        for script in scripts:
            events = [event(*answer) for answer in script]
            for flags in range(4):
                yield name, bytes([flags]) + b"".join(events)
                yield name, bytes([flags | 4]) + END + b"".join(events)
            for place in range(len(events) + 1):
                for refusal in REFUSALS:
                    yield name, b"\x00" + b"".join(
                        events[:place] + [event(*refusal)] + events[place:])

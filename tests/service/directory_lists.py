# SPDX-License-Identifier: MIT
"""Lists of users that are nobody's standard: JSON below /lists, of several
shapes, and /people.csv. Each has ETag and Last-Modified and answers 304 (the
setting `validators` says which).

  /lists/array              [user...], everybody
  /lists/items?page=n       {"items": [...], "next": "/lists/items?page=2"},
                            next is null at the end; ?absolute=1: a whole URL
  /lists/pages?page=n       {"data": {"people": [...]}, "page": n, "pages": m}
  /lists/token?after=t      {"users": [...], "meta": {"next_token": t}},
                            missing at the end
  /lists/link?page=n        [user...] with a Link header
  /lists/lookup?email=e     [user...], who has that e-mail
  /people.csv               a headline and a line for each

Modes: repeat_last and repeat_new as in directory_okta.py (items, token,
link), csv_bom, csv_lf, csv_quoted, csv_names (other headings), csv_bad_line,
list_strings.

Does not know: how users come to change.
"""
import csv
import io

from directory_base import say
from directory_http import Answer

PAGE = 100
CSV_FIELDS = ("id", "name", "email", "gecos", "uid", "gid", "home", "shell",
              "state", "groups")
OTHER_FIELDS = ("Key", "Login", "Mail address", "Full name", "Number", "gid",
                "Home", "Shell", "Working", "Teams")
LINES_IN_CHUNK = 2000


def lists(directory, request):
    """Answers a request for a JSON list."""
    if not directory.may_ask(request, "bearer", "basic"):
        return say({"error": "unauthorized"}, 401)
    shape = request.path.removeprefix("/lists/")
    if shape not in SHAPES:
        return say({"error": "no such list"}, 404)
    headers, is_known = directory.validators(request, request.target,
                                             directory.settings["modes"])
    if is_known and not request.is_emptied:
        return Answer(304, headers=headers)
    answer = SHAPES[shape](directory, request)
    answer.headers += headers
    return answer


def item_of(directory, person):
    """Returns a user as the lists have one: nested, with other names."""
    groups = directory.people.groups
    item = {"employee": {"id": person.external_id, "name": person.display},
            "key": person.id, "login": person.login,
            "contact": {"mail": person.email}, "enabled": person.active,
            "unix": {"uid": person.uid, "gid": person.gid,
                     "home": person.home, "shell": person.shell},
            "teams": [groups[number].name for number in person.groups],
            "units": [{"name": groups[number].name}
                      for number in person.groups]}
    if directory.has("list_strings"):
        item["unix"]["uid"] = str(person.uid)
        item["enabled"] = "yes" if person.active else "no"
    return item


def _items(directory, numbers):
    return [item_of(directory, person)
            for person in directory.persons(numbers)]


def _page(directory, request):
    """Returns the numbers on a page, its number from 1, that of the next page
    or 0, and how many pages there are."""
    numbers = directory.numbers(request)
    size = directory.page_size(0, PAGE, PAGE)
    page = max(1, int(request.query.get("page", "1").split(".")[0]))
    pages = max(1, -(-len(numbers) // size))
    following = page + 1 if page < pages else 0
    if not following and directory.has("repeat_last"):
        following = page
    elif not following and directory.has("repeat_new"):
        following = f"{page}.{request.number}"
    return numbers[(page - 1) * size:page * size], page, following, pages


def _array(directory, request):
    return say(_items(directory, directory.numbers(request)))


def _paged_items(directory, request):
    numbers, _, following, _ = _page(directory, request)
    start = directory.url if "absolute" in request.query else ""
    more = "&absolute=1" if start else ""
    return say({"items": _items(directory, numbers), "next":
                f"{start}/lists/items?page={following}{more}"
                if following else None})


def _pages(directory, request):
    numbers, page, _, pages = _page(directory, request)
    return say({"data": {"people": _items(directory, numbers)},
                "page": page, "pages": pages})


def _token(directory, request):
    request.query["page"] = request.query.get("after", "t1")[1:] or "1"
    numbers, _, following, _ = _page(directory, request)
    meta = {"next_token": f"t{following}"} if following else {}
    return say({"users": _items(directory, numbers), "meta": meta})


def _link(directory, request):
    numbers, _, following, _ = _page(directory, request)
    headers = [("Link", f"<{directory.url}/lists/link?page={following}>; "
                'rel="next"')] if following else []
    return say(_items(directory, numbers), headers=headers)


def _lookup(directory, request):
    people = directory.people
    found = people.find(email=request.query.get("email", ""))
    return say([item_of(directory, person) for person in found
                if person.number in people.numbers])


SHAPES = {"array": _array, "items": _paged_items, "pages": _pages,
          "token": _token, "link": _link, "lookup": _lookup}


# --- CSV ---------------------------------------------------------------------

def people_csv(directory, request):
    """Answers a request for /people.csv."""
    if not directory.may_ask(request, "bearer", "basic"):
        return Answer(401, b"unauthorized\n", "text/plain")
    headers, is_known = directory.validators(request, request.target,
                                             directory.settings["modes"])
    if is_known and not request.is_emptied:
        return Answer(304, headers=headers)
    lines = csv_lines(directory, directory.numbers(request))
    if len(directory.people.numbers) <= LINES_IN_CHUNK:
        # Of known length, so that any fault can spoil it.
        lines = b"".join(lines)
    return Answer(200, lines, "text/csv; charset=utf-8", headers)


def csv_lines(directory, numbers):
    """Yields the file, some lines at a time."""
    quoting = (csv.QUOTE_ALL if directory.has("csv_quoted")
               else csv.QUOTE_MINIMAL)
    text = io.StringIO()
    writer = csv.writer(text, quoting=quoting, lineterminator="\n"
                        if directory.has("csv_lf") else "\r\n")
    text.write("\ufeff" if directory.has("csv_bom") else "")
    writer.writerow(OTHER_FIELDS if directory.has("csv_names")
                    else CSV_FIELDS)
    groups = [group.name for group in directory.people.groups]
    for count, number in enumerate(numbers, 1):
        person = directory.people.person(number)
        writer.writerow((
            person.id, person.login, person.email, person.display, person.uid,
            person.gid, person.home, person.shell,
            "enabled" if person.active else "disabled",
            ";".join(groups[group] for group in person.groups)))
        if directory.has("csv_bad_line") and count == len(numbers) // 2:
            text.write('"an open quote,x\n')
        if count % LINES_IN_CHUNK == 0:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()

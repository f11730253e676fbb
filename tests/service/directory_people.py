# SPDX-License-Identifier: MIT
"""The people and groups that a simulated directory holds: any number of them,
the same ones for the same seed, made one by one when asked for.

A test that imports this knows what the directory knows; what extauth should
make of it, it works out itself.

Does not know: any protocol.
"""
import hashlib
import threading
import time
import uuid

GIVEN = (("Anna", "anna"), ("Björn", "bjoern"), ("Chloé", "chloe"),
         ("Dmitri", "dmitri"), ("Ewa", "ewa"), ("Fatma", "fatma"),
         ("Grete", "grete"), ("Haruki", "haruki"), ("İpek", "ipek"),
         ("João", "joao"), ("Kwame", "kwame"), ("Łucja", "lucja"),
         ("Małgorzata", "malgorzata"), ("Nguyễn", "nguyen"),
         ("Søren", "soeren"), ("李", "li"))
FAMILY = (("Ångström", "angstroem"), ("Brown", "brown"), ("Çelik", "celik"),
          ("Dvořák", "dvorak"), ("Eriksson", "eriksson"), ("Fischer",
          "fischer"), ("García", "garcia"), ("O'Hara", "ohara"),
          ("Ivanov", "ivanov"), ("Jensen", "jensen"), ("Kovács", "kovacs"),
          ("Mensah", "mensah"), ("van der Berg", "vdberg"), ("王", "wang"))
GROUP_NAMES = ("staff", "developers", "operators", "auditors")
DOMAIN = "example.com"
FIRST_UID = 2000300000
FIRST_GID = 2000290000
# When those who were never changed were changed last, 2025-01-01 UTC.
BEGINNING = 1735689600
CHANGEABLE = ("id", "external_id", "email", "login", "given", "family",
              "active", "status", "uid", "gid", "home", "shell", "groups",
              "mail")


class Person:
    """One user. `number` is the directory's own and never leaves it."""
    __slots__ = ("number", "id", "external_id", "email", "login", "given",
                 "family", "active", "status", "uid", "gid", "home", "shell",
                 "groups", "mail", "modified")

    @property
    def display(self):
        return f"{self.given} {self.family}"


class Group:
    """One group, by its number from 0 on."""
    __slots__ = ("number", "id", "name", "gid")

    def __init__(self, seed, number):
        digest = hashlib.blake2b(f"{seed}/group/{number}".encode(),
                                 digest_size=16).digest()
        self.number = number
        self.id = str(uuid.UUID(bytes=digest))
        self.name = (GROUP_NAMES[number] if number < len(GROUP_NAMES)
                     else f"team-{number:03}")
        self.gid = FIRST_GID + number


def make_person(seed, number, group_count):
    """Returns the user of this number as the directory had it first."""
    digest = hashlib.blake2b(f"{seed}/{number}".encode(),
                             digest_size=20).digest()
    given = GIVEN[digest[16] % len(GIVEN)]
    family = FAMILY[digest[17] % len(FAMILY)]
    person = Person()
    person.number = number
    text = digest.hex()
    person.id = (f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-"
                 f"{text[20:32]}")
    person.external_id = f"E{number:07}"
    person.login = f"{given[1]}.{family[1]}{number}"
    person.email = f"{person.login}@{DOMAIN}"
    person.mail = None if number % 5 == 2 else person.email
    person.given, person.family = given[0], family[0]
    person.active = number % 50 != 7
    person.status = None
    person.uid = person.gid = FIRST_UID + number
    person.home = f"/home/{person.login}"
    person.shell = "/bin/sh" if number % 10 == 4 else "/bin/bash"
    person.groups = first_groups(number, group_count)
    person.modified = BEGINNING
    return person


def first_groups(number, group_count):
    """Returns the numbers of the groups that a user begins in: of "staff" one
    in two, of each other one its share, of the last one nobody."""
    groups = [0] if number % 2 == 0 and group_count else []
    if group_count > 2:
        others = group_count - 2
        groups += sorted({1 + number % others, 1 + (number * 7 + 3) % others})
    return groups


class People:
    """All users and groups, and how they change. Safe in threads."""

    def __init__(self, seed="1", users=100, groups=20):
        self.lock = threading.RLock()
        self.seed = seed
        self.groups = [Group(seed, number) for number in range(groups)]
        self.numbers = list(range(users))  # of who is there, in order
        self.next_number = users
        self.changed = {}   # number -> {field: value}
        self.history = []   # (number, "changed" or "removed"), oldest first
        self.version = 1
        self.touched = BEGINNING
        self._cache = {}

    # who is there

    def person(self, number):
        """Returns a user by number, also one who was removed."""
        person = make_person(self.seed, number, len(self.groups))
        for field, value in self.changed.get(number, {}).items():
            setattr(person, field, value)
        return person

    def all(self):
        """Yields everybody."""
        for number in list(self.numbers):
            yield self.person(number)

    def find(self, **field):
        """Returns the users whose field (id, email, login, external_id) is
        that, whatever the case of its letters."""
        (name, value), = field.items()
        index = self._cached("by " + name, lambda: self._index(name))
        return [self.person(number)
                for number in index.get(value.lower(), ())]

    def members(self, group):
        """Returns the numbers of the users of a group, in order."""
        return self._cached("members", self._members)[group.number]

    def group(self, **field):
        """Returns the group of this id or name, or None."""
        (name, value), = field.items()
        for group in self.groups:
            if getattr(group, name).lower() == value.lower():
                return group
        return None

    def _index(self, name):
        index = {}
        for person in self.all():
            index.setdefault((getattr(person, name) or "").lower(),
                             []).append(person.number)
        return index

    def _members(self):
        members = [[] for _ in self.groups]
        for number in self.numbers:
            own = self.changed.get(number, {}).get("groups")
            if own is None:
                own = first_groups(number, len(self.groups))
            for group in own:
                members[group].append(number)
        return members

    def _cached(self, name, make):
        with self.lock:
            if self._cache.get("version") != self.version:
                self._cache = {"version": self.version}
            if name not in self._cache:
                self._cache[name] = make()
            return self._cache[name]

    # how they change

    def apply(self, changes):
        """Does what a list of objects says: {"do": "change", "number": n,
        FIELD: value...}, {"do": "remove", "number": n}, {"do": "add", "at":
        place (else the end), FIELD: value...}. Returns the numbers."""
        ways = {"change": self._change, "remove": self._remove,
                "add": self._add}
        with self.lock:
            self.version += 1
            # Each time is another second, for Last-Modified.
            self.touched = max(int(time.time()), self.touched + 1)
            numbers = []
            for change in changes:
                fields = dict(change)
                numbers.append(ways[fields.pop("do", "change")](**fields))
            return numbers

    def _change(self, number, **fields):
        unknown = set(fields) - set(CHANGEABLE)
        if unknown:
            raise KeyError(f"no such field: {unknown}")
        self.changed.setdefault(number, {}).update(fields,
                                                   modified=self.touched)
        self.history.append((number, "changed"))
        return number

    def _remove(self, number):
        self.numbers.remove(number)
        self.history.append((number, "removed"))
        return number

    def _add(self, at=None, **fields):
        number = self.next_number
        self.next_number += 1
        self.numbers.insert(len(self.numbers) if at is None else at, number)
        return self._change(number, **fields)


def stamp(seconds):
    """Returns a time as RFC 3339 has it, with milliseconds."""
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(seconds))

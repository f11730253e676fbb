# SPDX-License-Identifier: MIT
"""What the registry must hold after a sync, worked out from what the directory
holds by the rules of extauth.conf(5) and DESIGN section 5 alone: login names,
uids, groups, states, the lines of `extauthctl user export`.

Does not know: extauth's code, any protocol.
"""
import csv
import io
import re
import unicodedata
from dataclasses import dataclass, field

FIELDS = ("name", "email", "uid", "gid", "gecos", "home", "shell",
          "external_id", "provider", "source", "state", "not_after", "groups",
          "linked")
UID_RANGE = (2000200001, 2147352575)
UID_KEY = (b"extauth ", b"uid-hash")
MASK = (1 << 64) - 1
# What Unicode does not take apart.
WITHOUT_ACCENT = dict(zip("ÆÐ×ØÞßæð÷øþ", "ADxOTsad/ot"))


def siphash(key, data):
    """SipHash-1-3 of the paper by Aumasson and Bernstein."""
    def turn(word, bits):
        return ((word << bits) | (word >> (64 - bits))) & MASK

    def mix(v):
        v[0] = (v[0] + v[1]) & MASK
        v[1] = turn(v[1], 13) ^ v[0]
        v[0] = turn(v[0], 32)
        v[2] = (v[2] + v[3]) & MASK
        v[3] = turn(v[3], 16) ^ v[2]
        v[0] = (v[0] + v[3]) & MASK
        v[3] = turn(v[3], 21) ^ v[0]
        v[2] = (v[2] + v[1]) & MASK
        v[1] = turn(v[1], 17) ^ v[2]
        v[2] = turn(v[2], 32)

    start = b"somepseudorandomlygeneratedbytes"
    v = [int.from_bytes(start[8 * n:8 * n + 8], "big") ^ key[n % 2]
         for n in range(4)]
    whole = len(data) // 8 * 8
    last = data[whole:].ljust(7, b"\0") + bytes([len(data) & 255])
    for place in range(0, whole + 8, 8):
        word = int.from_bytes(data[place:place + 8] if place < whole else last,
                              "little")
        v[3] ^= word
        mix(v)
        v[0] ^= word
    v[2] ^= 0xff
    for _ in range(3):
        mix(v)
    return v[0] ^ v[1] ^ v[2] ^ v[3]


def hashed_number(text, taken):
    """Returns the uid (or gid) that an unchanging id leads to."""
    first, last = UID_RANGE
    key = tuple(int.from_bytes(part, "big") for part in UID_KEY)
    number = first + siphash(key, text.encode()) % (last - first + 1)
    while number in taken:
        number = number + 1 if number < last else first
    return number


def login_of(text):
    """Returns the login name that a user name or e-mail leads to."""
    name = re.sub(r"[^a-z0-9_-]", "-", text.partition("@")[0].lower())
    return (name if re.match(r"[a-z_]", name) else "_" + name)[:32]


def gecos_of(text):
    """Returns a full name as the registry takes it: letters of Latin-1 without
    their accents, a blank for a colon, ? for what else is not printable
    ASCII."""
    return "".join(map(_gecos_letter, text))


def _gecos_letter(letter):
    if " " <= letter <= "~":
        return " " if letter == ":" else letter
    if not "\u00c0" <= letter <= "\u00ff":
        return "?"
    plain = unicodedata.normalize("NFD", letter)[0]
    return WITHOUT_ACCENT.get(letter, plain)


@dataclass
class Way:
    """What a type of source tells by itself: which attribute is the id, the
    name, and whether it has uid, home and shell, and tells groups."""
    id_is: str = "id"
    name_is: str = "email"
    has_posix: bool = False
    state: object = None  # of a person: True where enabled


WAYS = {
    "scim": Way(has_posix=True),
    "okta": Way(),
    "entra": Way(),
    "pingone": Way(),
    "rest": Way(name_is="login", has_posix=True),
    "csv": Way(name_is="login", has_posix=True),
    "file": Way(name_is="login", has_posix=True),
}


@dataclass
class Registry:
    """The expected contents. `groups` maps local names of [group NAME] to
    (remote name, gid)."""
    way: Way
    source: str = "corp"
    provider: str = ""
    groups: dict = field(default_factory=dict)
    when_gone: str = "disable"
    users: dict = field(default_factory=dict)  # external id -> row
    removed: list = field(default_factory=list)
    counts: dict = field(default_factory=dict)

    def taken(self):
        return ({row["uid"] for row in self.users.values()}
                | {row["uid"] for row in self.removed}
                | {gid for _, gid in self.groups.values()})

    def read(self, people, leave_out=()):
        """One whole reading; returns the numbers of the summary line."""
        self.counts = dict.fromkeys(
            ("added", "changed", "enabled", "disabled", "removed", "refused",
             "unchanged"), 0)
        persons = {getattr(p, self.way.id_is): p for p in people.all()
                   if p.number not in leave_out}
        emails = {p.email for p in persons.values()}
        for known, row in list(self.users.items()):
            if known not in persons:
                # A known e-mail with another id is another person.
                self._gone(known, row, row["email"] in emails)
        self._taken = self.taken()
        # Who is new is registered in the order of the ids, so that all hosts
        # come to the same.
        for person_id, person in sorted(persons.items()):
            self._take(person_id, person, people)
        return self.counts

    def _gone(self, known, row, is_replaced):
        if self.when_gone == "remove" or is_replaced:
            del self.users[known]
            self.removed.append({"name": row["name"], "uid": row["uid"],
                                 "state": "removed"})
            self.counts["removed"] += 1
        elif row["state"] == "enabled":
            row["state"] = "disabled"
            self.counts["disabled"] += 1
        else:
            self.counts["unchanged"] += 1

    def _take(self, person_id, person, people):
        row = self.users.get(person_id)
        is_new = row is None
        before = dict(row or {})
        if is_new:
            row = self.users[person_id] = self._new(person_id, person)
        row["email"] = person.email
        row["gecos"] = gecos_of(person.display)
        if self.way.has_posix:
            row["home"], row["shell"] = person.home, person.shell
        is_enabled = (self.way.state(person) if self.way.state
                      else person.active)
        row["state"] = "enabled" if is_enabled else "disabled"
        names = {people.groups[n].name for n in person.groups}
        row["groups"] = ";".join(sorted(
            (local for local, (remote, _) in self.groups.items()
             if remote in names), key=lambda local: self.groups[local][1]))
        self._count(is_new, before, row)

    def _count(self, is_new, before, row):
        if is_new:
            self.counts["added"] += 1
        elif before == row:
            self.counts["unchanged"] += 1
        elif before["state"] != row["state"]:
            self.counts[row["state"]] += 1
        else:
            self.counts["changed"] += 1

    def _new(self, person_id, person):
        name = login_of(getattr(person, self.way.name_is))
        uid = (person.uid if self.way.has_posix
               else hashed_number(person_id, self._taken))
        self._taken.add(uid)
        return {"name": name, "uid": uid, "gid": uid, "home": "/home/" + name,
                "shell": "/bin/bash", "external_id": person_id,
                "provider": self.provider, "source": self.source,
                "not_after": "", "linked": "no"}

    def export(self):
        """Returns what `extauthctl user export` prints."""
        text = io.StringIO()
        writer = csv.DictWriter(text, FIELDS, restval="",
                                lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(self.users.values())
        writer.writerows(self.removed)
        return text.getvalue()

    def summary(self, prefix=""):
        """Returns the last line of the sync."""
        return f"{self.source}: {prefix}" + ", ".join(
            f"{what} {count}" for what, count in self.counts.items())

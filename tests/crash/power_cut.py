# SPDX-License-Identifier: MIT
"""The power goes at any moment of a change: the writes, renames and fsyncs of
one run of each are replayed on a model of a disk (power_disk.py). Each state
that it may leave must be the registry before or after, as must the other
files, and the next writer goes on.

usage: tests/enter python3 tests/crash/power_cut.py [STATES]
   STATES: so many different ones (500)"""
import itertools
import random

from quick_case import *
from power_disk import Disk, trace
from sync_case import Directory as People, configure_sync, source

STATES = argument(500)
SLOW_EVERY = 100
SAVED = "/srv/saved/extauth-registry-20300102-030405"
IDS = ("kind,number,name,email,external_id\r\n"
       "user,2000777777,zoe,zoe@example.com,\r\n")
MODES = {"nss": 0o644}
looker = Looker()
chance = random.Random(SEED)
judged = Counter()


def key(state):
    return tuple(sorted(state.items()))


class Cut:
    """A change, its trace, and the states that a power cut may leave.
    `order` are the files in the order in which they may become new."""

    def __init__(self, change, order):
        self.change, self.order = change, order
        change.directory.put()
        self.calls = trace(change.command)
        # Another run, with other seeds of the indexes: its files are those
        # that the states are made of.
        self.end = Directory()
        change.directory.put()
        self.before = {name: content for name, (content, _)
                       in change.directory.files.items()}
        self.after = {name: content for name, (content, _)
                      in self.end.files.items()}

    def states(self, wanted):
        """So many different ones, from each point of the trace in turn."""
        found = {}
        for _ in range(1000):
            disk = Disk(REGISTRY)
            for call in self.calls:
                disk.replay(*call)
                for _ in range(4):
                    state = disk.possible(chance)
                    found.setdefault(key(state), state)
            equal(disk.now(), self.after, f"{self.change.name}: the model")
            if len(found) >= 2 * wanted:
                break
        return self._of_each_kind(list(found.values()), wanted)

    def _of_each_kind(self, states, wanted):
        """So many of them, evenly: a kind is which names there are, and which
        of them are new."""
        chance.shuffle(states)
        kinds = {}
        for state in states:
            kind = tuple(sorted((name, content == self.after.get(name))
                                for name, content in state.items()))
            kinds.setdefault(kind, []).append(state)
        turns = itertools.zip_longest(*kinds.values())
        even = [state for turn in turns for state in turn if state is not None]
        return even[:wanted]

    def check_files(self, state, what):
        """Each lasting file is byte by byte the old or the new one, and none
        is newer than one that comes before it."""
        for name, content in state.items():
            if os.path.basename(name).startswith("."):
                continue
            assert content in (self.before.get(name), self.after.get(name)), \
                f"{what}: {name} is neither"
        news = [state.get(name) == self.after[name] for name in self.order
                if self.before.get(name) != self.after[name]]
        equal(news, sorted(news, reverse=True), f"{what}: {self.order}")

    def judge(self, state, is_slow):
        """Puts a state on the disk and lets everything look at it."""
        what = f"{self.change.name}, state of {sorted(state)}"
        self.check_files(state, what)
        put_files({name: (content, MODES.get(name, 0o600))
                   for name, content in state.items()})
        is_new = self.change.must_be_whole(what)
        if is_slow:
            self.change.must_end(what)
        looker.must_go_on(what)
        judged[is_new] += 1

    def judge_all(self, wanted):
        states = self.states(wanted)
        for number, state in enumerate(states):
            self.judge(state, number % SLOW_EVERY == 0)
        self.check_end()
        print(f"# {self.change.name}: {len(states)} states, {len(self.calls)} "
              "calls")

    def check_end(self):
        """When the command has ended, its change is durable."""
        self.change.directory.put()
        disk = Disk(REGISTRY)
        for call in self.calls:
            disk.replay(*call)
        for _ in range(20):
            state = disk.possible(chance)
            for name in self.order:
                equal(state.get(name) == self.after[name], True,
                      f"{self.change.name}: {name} is durable at the end")


def cut(name, *command, order=("registry", "nss")):
    return Cut(QuickChange(looker, name, *command), order)


def first_ones():
    """The registry comes into being: by a command, and from a backup."""
    shutil.rmtree(REGISTRY)
    os.mkdir(REGISTRY)
    write_people("/srv/people.csv", 150)
    configure("[extauth]\n")
    yield cut("first person", "user", "add", "old3", "--email",
              "old3@example.com")
    yield cut("first import", "user", "import", "/srv/first.csv")
    yield cut("restore", "registry", "restore", SAVED,
              order=("ids", "registry", "nss"))


def save():
    """Saves a registry of some people for `registry restore`."""
    register(100)
    os.makedirs(os.path.dirname(SAVED), exist_ok=True)
    shutil.copy2(f"{REGISTRY}/registry", SAVED)
    write(SAVED.replace("-registry-", "-ids-"), IDS, 0o600)
    write("/srv/first.csv", "name,email\n" + "".join(
        f"old{number},old{number}@example.com\n" for number in range(80)))


def small_changes(kind):
    """Those that touch few people: the files are made from the old ones, but
    for those of the first format."""
    yield cut(f"add{kind}", *CHANGE[1:])
    yield cut(f"new group{kind}", "user", "add", "new", "--email",
              "new@example.com", "--group", "another")
    yield cut(f"remove{kind}", "user", "remove", "old7")
    yield cut(f"disable{kind}", "user", "disable", "old8")


def changes():
    save()
    yield from first_ones()
    register(300)
    yield from small_changes("")
    yield cut("import", "user", "import", "/srv/people.csv")
    configure("[extauth]\nmap_registry = no\n")
    yield cut("map_registry = no", *CHANGE[1:])
    configure("[extauth]\n")
    equal(looker.ask("first"), "done")
    yield from small_changes(" in the first format")
    yield cut("upgrade", "registry", "upgrade")
    people = People(users=40, groups=3)
    configure_sync(source("csv", people))
    yield cut("first sync", "sync", "corp",
              order=("registry", "nss", "sync/corp"))
    extauthctl("sync", "corp")
    people.change({"do": "remove", "number": 3}, {"do": "add"})
    yield cut("sync", "sync", "corp", order=("registry", "nss", "sync/corp"))


@test
def whatever_a_power_cut_leaves_is_the_old_registry_or_the_new_one():
    for number, made in enumerate(changes()):
        share = -(-STATES // 16)
        made.judge_all(share)
        made.change.directory.put()
    figure("power_cut_changes", number + 1)
    figure("power_cut_states", judged.total())
    figure("power_cut_states_new", judged[True])
    # The first one ends the test.
    figure("power_cut_damaged", 0)
    assert judged[True] > 0 and judged[False] > 0


run_tests()

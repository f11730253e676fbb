# SPDX-License-Identifier: MIT
"""The power goes at any moment of `user add`: the writes, renames and fsyncs of
one run are replayed on a model of a file system that keeps only what was
synced, and of the rest anything: lost, cut, zeroed, in any order. Each state
must be the registry before or after.

usage: tests/enter python3 tests/crash/power_cut.py [STATES] [SEED]"""
import random

from crash_case import *

STATES = argument(300)
SEED = argument(1)
CALL = re.compile(r"^(\d+) +(\w+)\((.*)\) += (-?\d+)")
STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


def strings(text):
    return [bytes.fromhex(part.replace("\\x", ""))
            for part in STRING.findall(text)]


class Inode:
    """A file: what its writer sees, and what is surely on the disk."""

    def __init__(self, content=b""):
        self.content = bytearray(content)
        self.synced = bytes(content)
        self.position = 0

    def write(self, data, offset=None):
        at = self.position if offset is None else offset
        if len(self.content) < at:
            self.content.extend(bytes(at - len(self.content)))
        self.content[at:at + len(data)] = data
        if offset is None:
            self.position = at + len(data)

    def possible(self, chance):
        """One content that a power cut may leave."""
        now = bytes(self.content)
        if now == self.synced:
            return now
        kind = chance.randrange(5)
        if kind == 0:
            return self.synced
        if kind == 1:
            return now
        if kind == 2:
            return now[:chance.randrange(len(now) + 1)]
        blank = bytearray(now)
        for page in range(0, len(now), 4096):
            if chance.random() < 0.5:
                blank[page:page + 4096] = bytes(len(now[page:page + 4096]))
        return bytes(blank)


class Disk:
    """The registry's directory while the calls of a trace are replayed."""

    def __init__(self):
        self.names = {}
        for name in os.listdir(REGISTRY):
            path = f"{REGISTRY}/{name}"
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    self.names[name] = Inode(file.read())
        self.synced_names = dict(self.names)
        self.pending = []   # changes of names since the directory's fsync
        self.open = {}      # descriptor -> Inode, or "directory"

    def change_names(self, change):
        change(self.names)
        self.pending.append(change)

    def replay(self, name, text, result):
        handler = getattr(self, "on_" + name, None)
        if handler and result >= 0:
            handler(text, result)

    def on_openat(self, text, result):
        path = strings(text)[0].decode()
        words = text.split(",")
        flags = words[2] if len(words) > 2 else ""
        self.open.pop(result, None)
        base = os.path.basename(path)
        is_ours = path.startswith(REGISTRY) or (
            not path.startswith("/") and "AT_FDCWD" not in words[0])
        if path == REGISTRY:
            self.open[result] = "directory"
        elif is_ours:
            if base not in self.names and "O_CREAT" in flags:
                inode = Inode()
                self.change_names(lambda names: names.update({base: inode}))
            self.open[result] = self.names.get(base)

    def on_close(self, text, _result):
        self.open.pop(int(text), None)

    def file_of(self, text):
        found = self.open.get(int(text.split(",")[0]))
        return found if isinstance(found, Inode) else None

    def on_write(self, text, result):
        inode = self.file_of(text)
        if inode:
            inode.write(strings(text)[0][:result])

    def on_pwrite64(self, text, result):
        inode = self.file_of(text)
        if inode:
            inode.write(strings(text)[0][:result],
                        int(text.rsplit(",", 1)[1]))

    def on_ftruncate(self, text, _result):
        inode = self.file_of(text)
        if inode:
            length = int(text.rsplit(",", 1)[1])
            del inode.content[length:]
            inode.content.extend(bytes(length - len(inode.content)))

    def on_fsync(self, text, _result):
        if self.open.get(int(text)) == "directory":
            self.synced_names = dict(self.names)
            self.pending = []
        elif self.file_of(text):
            inode = self.file_of(text)
            inode.synced = bytes(inode.content)

    on_fdatasync = on_fsync

    def on_renameat(self, text, _result):
        old, new = [os.path.basename(part.decode()) for part in strings(text)]

        def rename(names):
            if old in names:
                names[new] = names.pop(old)
        self.change_names(rename)

    on_renameat2 = on_renameat

    def on_unlinkat(self, text, _result):
        name = os.path.basename(strings(text)[0].decode())
        self.change_names(lambda names: names.pop(name, None))

    def possible(self, chance):
        """One state that a power cut may leave: any of the changes of names
        since the last fsync of the directory, any content that was not
        synced."""
        names = dict(self.synced_names)
        for change in self.pending:
            if chance.random() < 0.5:
                change(names)
        return {name: inode.possible(chance)
                for name, inode in names.items() if inode}


def put(state):
    put_back("before")
    for name in os.listdir(REGISTRY):
        if os.path.isfile(f"{REGISTRY}/{name}"):
            os.unlink(f"{REGISTRY}/{name}")
    for name, content in state.items():
        path = f"{REGISTRY}/{name}"
        with open(path, "wb") as file:
            file.write(content)
        os.chmod(path, 0o644 if name == "nss" else 0o600)


def trace():
    """The calls of one change: name, arguments, result."""
    run("strace", "-f", "-xx", "-s", "100000000", "-o", "/run/trace", "-e",
        "trace=openat,close,write,pwrite64,ftruncate,fsync,fdatasync,"
        "renameat,renameat2,unlinkat", *CHANGE, check=True)
    put_back("before")
    found = []
    for line in open("/run/trace", encoding="ascii", errors="replace"):
        call = CALL.match(line)
        if call:
            found.append((call[2], call[3], int(call[4])))
    return found


def key(state):
    return tuple(sorted(state.items()))


@test
def whatever_a_power_cut_leaves_is_the_old_registry_or_the_new_one():
    change = Change(users=300)
    calls = trace()
    assert sum(name == "fsync" for name, _, _ in calls) >= 3, "no fsync seen"
    chance = random.Random(SEED)
    seen = {}
    disk = Disk()
    for name, text, result in calls:
        disk.replay(name, text, result)
        for _ in range(max(1, 8 * STATES // len(calls))):
            state = disk.possible(chance)
            seen.setdefault(key(state), state)
    states = list(seen.values())
    chance.shuffle(states)
    news = 0
    for state in states[:STATES]:
        put(state)
        news += change.must_be_whole(f"state of {sorted(state)}")
        change.must_go_on("after a power cut")
    put(disk.possible(chance))
    assert change.must_be_whole("the last state"), "the end is not durable"
    print(f"# {len(states)} different states, {len(states[:STATES])} looked "
          f"at, {news} of them new")
    assert news > 0


run_tests()

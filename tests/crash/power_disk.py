# SPDX-License-Identifier: MIT
"""A model of a file system that keeps only what was synced, and of the rest
anything: names that changed since the fsync of their directory in any
selection and order, contents that were written since the fsync of their file
cut anywhere or torn at 512 or 4,096 bytes. The calls of a writer are replayed
on it.

Does not know: what a registry is.
"""
import os
import re

from extauth_test import run

TRACED = ("openat,close,write,pwrite64,writev,ftruncate,fallocate,fsync,"
          "fdatasync,rename,renameat,renameat2,link,linkat,symlink,symlinkat,"
          "unlink,unlinkat,mkdir,mkdirat,rmdir,dup,dup2,dup3,msync")
CALL = re.compile(r"^(\w+)\((.*)\) += (-?\d+)")
STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
DESCRIPTOR_PATH = re.compile(r"/proc/self/fd/(\d+)(?:/(.*))?$")
SECTOR, PAGE = 512, 4096


def trace(command):
    """Runs a command; returns its calls: name, arguments, result."""
    run("strace", "-xx", "-s", "100000000", "-o", "/run/trace", "-e",
        "trace=" + TRACED, *command, check=True)
    found = []
    for line in open("/run/trace", encoding="ascii", errors="replace"):
        call = CALL.match(line)
        if call:
            found.append((call[1], call[2], int(call[3])))
    return found


def strings(text):
    """The texts among the arguments of a call, as bytes."""
    return [bytes.fromhex(part.replace("\\x", ""))
            for part in STRING.findall(text)]


class File:
    """What its writer sees, and what is surely on the disk."""

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

    def now(self):
        return bytes(self.content)

    def possible(self, chance):
        """One content that a power cut may leave."""
        now, old = self.now(), self.synced
        if now == old:
            return now
        kind = chance.randrange(6)
        if kind < 2:
            return (old, now)[kind]
        if kind == 2:
            return now[:chance.randrange(len(now) + 1)]
        return self._torn(chance, SECTOR if kind == 3 else PAGE)

    def _torn(self, chance, size):
        """Of each block: the new, the old, or nothing was written."""
        torn = bytearray(self.content)
        share = chance.random()
        for at in range(0, len(torn), size):
            if chance.random() < share:
                block = self.synced[at:at + size] * (chance.random() < 0.5)
                length = len(torn[at:at + size])
                torn[at:at + size] = block[:length].ljust(length, b"\0")
        cut = chance.choice((len(torn), -(-len(torn) // size) * size,
                             chance.randrange(len(torn) + 1)))
        return bytes(torn[:cut])


class Folder:
    """Names, and those that are surely on the disk."""

    def __init__(self, path=None):
        self.names = {}
        if path:
            for name in os.listdir(path):
                self.names[name] = self._read(f"{path}/{name}")
        self.synced = dict(self.names)
        self.pending = []

    @staticmethod
    def _read(path):
        if os.path.isdir(path):
            return Folder(path)
        with open(path, "rb") as file:
            return File(file.read())

    def change(self, change):
        change(self.names)
        self.pending.append(change)

    def sync(self):
        self.synced = dict(self.names)
        self.pending = []

    def now(self):
        return {name: entry.now() for name, entry in self.names.items()}

    def possible(self, chance):
        names = dict(self.synced)
        changes = [change for change in self.pending
                   if chance.random() < 0.5]
        if chance.random() < 0.3:
            chance.shuffle(changes)
        for change in changes:
            change(names)
        return {name: entry.possible(chance)
                for name, entry in names.items()}


def flat(tree, prefix=""):
    """The contents of a tree of dicts by their paths."""
    found = {}
    for name, content in tree.items():
        if isinstance(content, dict):
            found.update(flat(content, prefix + name + "/"))
        else:
            found[prefix + name] = content
    return found


class Disk:
    """One directory while the calls of a trace are replayed."""

    def __init__(self, path):
        self.path = path
        self.root = Folder(path)
        self.open = {}  # descriptor -> File or Folder of ours

    def now(self):
        return flat(self.root.now())

    def possible(self, chance):
        return flat(self.root.possible(chance))

    def replay(self, name, text, result):
        if result >= 0:
            getattr(self, "on_" + name)(text, result)

    def _find(self, base, path):
        """The folder and the name that a path ends in; None if not ours."""
        through = DESCRIPTOR_PATH.match(path)
        if through:
            base, path = self.open.get(int(through[1])), through[2] or ""
        elif path == self.path or path.startswith(self.path + "/"):
            base, path = self.root, path[len(self.path) + 1:]
        elif path.startswith("/"):
            return None, ""
        *parents, name = path.split("/")
        for parent in parents:
            base = base.names.get(parent) if isinstance(base, Folder) else None
        return (base, name) if isinstance(base, Folder) else (None, "")

    def _places(self, text):
        """The places that a call with or without directories names."""
        words = [word.strip() for word in text.split(",")]
        places = []
        for number, word in enumerate(words):
            if word.startswith('"'):
                before = words[number - 1] if number else ""
                base = self.open.get(int(before)) if before.isdigit() else None
                places.append(self._find(base, strings(word)[0].decode()))
        return places

    def on_openat(self, text, result):
        self.open.pop(result, None)
        (folder, name), = self._places(text)
        if folder is None:
            return
        if name and name not in folder.names and "O_CREAT" in text:
            self._make(folder, name, File())
        entry = folder.names.get(name) if name else folder
        assert not (isinstance(entry, File) and "O_TRUNC" in text
                    and entry.content), "truncates a file in place"
        if entry:
            self.open[result] = entry

    @staticmethod
    def _make(folder, name, entry):
        folder.change(lambda names: names.setdefault(name, entry))

    def on_mkdirat(self, text, _result):
        (folder, name), = self._places(text)
        if folder and name:
            self._make(folder, name, Folder())

    on_mkdir = on_mkdirat

    def on_close(self, text, _result):
        self.open.pop(int(text), None)

    def _file(self, text):
        found = self.open.get(int(text.split(",")[0]))
        return found if isinstance(found, File) else None

    def on_write(self, text, result):
        if self._file(text):
            self._file(text).write(strings(text)[0][:result])

    def on_pwrite64(self, text, result):
        if self._file(text):
            self._file(text).write(strings(text)[0][:result],
                                   int(text.rsplit(",", 1)[1]))

    def on_writev(self, text, result):
        if self._file(text):
            self._file(text).write(b"".join(strings(text))[:result])

    def on_ftruncate(self, text, _result):
        file = self._file(text)
        if file:
            length = int(text.rsplit(",", 1)[1])
            del file.content[length:]
            file.content.extend(bytes(length - len(file.content)))

    def on_fsync(self, text, _result):
        entry = self.open.get(int(text))
        if isinstance(entry, Folder):
            entry.sync()
        elif entry:
            entry.synced = entry.now()

    on_fdatasync = on_fsync

    def on_renameat(self, text, _result):
        (folder, old), (other, new) = self._places(text)
        if folder is None and other is None:
            return
        assert folder is other, "renames into another directory"

        def rename(names):
            if old in names:
                names[new] = names.pop(old)
        folder.change(rename)

    on_renameat2 = on_rename = on_renameat

    def on_unlinkat(self, text, _result):
        (folder, name), = self._places(text)
        if folder:
            folder.change(lambda names: names.pop(name, None))

    on_unlink = on_unlinkat

    def _foreign(self, text, _result):
        """A call that the model has no way for must not be one of ours."""
        if '"' in text:
            ours = any(folder for folder, _ in self._places(text))
        else:
            ours = int(text.split(",")[0]) in self.open
        assert not ours, f"not in the model: {text[:200]}"

    on_link = on_linkat = on_symlink = on_symlinkat = on_rmdir = _foreign
    on_dup = on_dup2 = on_dup3 = on_fallocate = on_msync = _foreign

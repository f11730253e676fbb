# SPDX-License-Identifier: MIT
"""The registry judged quickly, thousands of times: by one process that reads
both files with the product's own reader (look.c), and by commands every now
and then.

Does not know: how the writer is broken."""
from crash_case import *

LASTING = {"registry", "nss", "lock", "sync", "ids"}


class Looker:
    """The process that reads both files."""

    def __init__(self):
        self.process = subprocess.Popen(
            [BUILD + "/tests/crash/look", REGISTRY], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True, bufsize=1)
        atexit.register(self.process.kill)

    def ask(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().rstrip("\n")

    def look(self):
        """What each of the two files holds: (content, generation)."""
        line = self.ask("look")
        words = line.split()
        if len(words) != 4 or "bad" in words:
            raise AssertionError(f"damaged: {line}")
        return tuple(words[:2]), tuple(words[2:])

    def must_go_on(self, what, name="later"):
        """Fails unless the next writer finds the lock free, succeeds, and
        leaves nothing of the broken one beside the two files."""
        answer = self.ask(f"add {name}")
        equal(answer, "done", f"{what}: the next writer")
        registry, nss = self.look()
        equal(registry[1], nss[1], f"{what}: generations")
        left = set(os.listdir(REGISTRY)) - LASTING - {".ids.new"}
        assert not left, f"{what}: left {left}"


class Directory:
    """All files of the registry's directory, in memory."""

    def __init__(self):
        self.files = {}
        for folder, _, names in os.walk(REGISTRY):
            for name in names:
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    self.files[os.path.relpath(path, REGISTRY)] = (
                        file.read(), os.stat(path).st_mode & 0o777)

    def put(self):
        """Makes the directory be like this."""
        put_files(self.files)


def temporaries():
    """The files that a broken writer left, everywhere."""
    return [name for _, _, names in os.walk(REGISTRY) for name in names
            if name.startswith(".")]


def put_files(files):
    """Makes the directory hold these: {name: (content, mode)}."""
    os.makedirs(REGISTRY, exist_ok=True)
    for folder, _, names in os.walk(REGISTRY):
        for name in names:
            os.unlink(os.path.join(folder, name))
    for name, (content, mode) in files.items():
        path = f"{REGISTRY}/{name}"
        if "/" in name:
            os.makedirs(os.path.dirname(path), exist_ok=True)
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        os.write(file, content)
        os.fchmod(file, mode)
        os.close(file)


class QuickChange:
    """One command, the directory before it, and what the files hold before
    and after it. The directory is put back."""

    def __init__(self, looker, name, *command):
        self.looker, self.name = looker, name
        self.command = ["/usr/sbin/extauthctl", *command]
        self.directory = Directory()
        self.before = looker.look()
        run(*self.command, check=True)
        self.after = looker.look()
        self.directory_after = Directory()
        assert self.before != self.after, f"{name} changes nothing"
        self.directory.put()

    def must_be_whole(self, what):
        """Fails unless each of the two files is the old or the new one, and
        `nss` not the newer of them. Returns whether both are new."""
        what = f"{self.name}, {what}"
        now = self.looker.look()
        for number, file in enumerate(("registry", "nss")):
            if now[number] not in (self.before[number], self.after[number]):
                raise AssertionError(f"{what}: {file} is neither: {now}, "
                                     f"{self.before}, {self.after}")
        assert not (now[1] == self.after[1] and now[0] == self.before[0]), \
            f"{what}: nss is new, registry is not"
        return now == self.after

    def must_end(self, what):
        """Gives the command again, by itself, where it had not begun to be
        seen; another one mends what is left. Then the registry holds what it
        should, and programs are told of it."""
        what = f"{self.name}, {what}"
        if self.looker.look()[0] == self.before[0]:
            run(*self.command, check=True)
            equal([content for content, _ in self.looker.look()],
                  [content for content, _ in self.after], what)
            equal(temporaries(), [], f"{what}: left")
        extauthctl("user", "disable", "old3")
        registry, nss = self.looker.look()
        equal(registry[1], nss[1], f"{what}: generations")
        found = run("getent", "-s", "passwd:extauth", "passwd", "old3")
        assert found.output.startswith("old3:"), f"{what}: {found}"


def register(users):
    """A registry of some people, one of them removed, none disabled."""
    configure("[extauth]\n")
    rows = [f"old{number},old{number}@example.com,crew;admins,id-{number}"
            for number in range(users)]
    extauthctl("user", "import", "-", input="\n".join(
        ["name,email,groups,external_id", *rows]) + "\n")
    extauthctl("user", "remove", "old1")


def write_people(path, people):
    """Writes a file for `user import` of so many more."""
    rows = [f"more{number},more{number}@example.com,crew"
            for number in range(people)]
    write(path, "\n".join(["name,email,groups", *rows]) + "\n")

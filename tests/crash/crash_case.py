# SPDX-License-Identifier: MIT
"""What the tests of a broken writer share: the registry before and after one
change, and the question which of the two is there now.

Does not know: how the writer is broken."""
import os
import re
import shutil
import sys
from collections import Counter

sys.path.insert(0, os.environ["EXTAUTH_SOURCE"] + "/tests/e2e")
from extauth_test import *  # noqa: E402

REGISTRY = "/var/lib/extauth"
KEPT = "/srv/registry"
CHANGE = ["/usr/sbin/extauthctl", "user", "add", "new", "--email",
          "new@example.com", "--group", "admins"]


def system_calls(command):
    """The calls of one whole run, each with its number among its like."""
    run("strace", "-f", "-o", "/run/trace", *command, check=True)
    seen = Counter()
    calls = []
    for line in open("/run/trace", encoding="utf-8", errors="replace"):
        call = re.match(r"\d+ +(?:<\.\.\. )?(\w+)\(", line)
        if call and call[1] not in ("exit_group", "execve"):
            seen[call[1]] += 1
            calls.append((call[1], seen[call[1]]))
    return calls


def keep(name):
    """Keeps a copy of the registry's directory under a name."""
    shutil.rmtree(f"{KEPT}/{name}", ignore_errors=True)
    shutil.copytree(REGISTRY, f"{KEPT}/{name}")


def put_back(name):
    """Makes the directory what was kept, in place: it may be a mount."""
    os.makedirs(REGISTRY, exist_ok=True)
    for entry in os.listdir(REGISTRY):
        path = f"{REGISTRY}/{entry}"
        shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
    shutil.copytree(f"{KEPT}/{name}", REGISTRY, dirs_exist_ok=True)


def export():
    """What the registry holds; None where it cannot be read."""
    result = extauthctl("user", "export", check=False)
    return result.output if result.status == 0 else None


def name_service():
    """What programs are told of the users of the change."""
    found = run("getent", "-s", "passwd:extauth", "passwd", "old3", "new")
    groups = run("getent", "-s", "group:extauth", "group", "admins")
    return found.output + groups.output


class Change:
    """One change to a registry of some users, and its two sides."""

    def __init__(self, users=20):
        configure("[extauth]\n")
        rows = [f"old{number},old{number}@example.com,crew;admins"
                for number in range(users)]
        extauthctl("user", "import", "-",
                   input="\n".join(["name,email,groups", *rows]) + "\n")
        extauthctl("user", "remove", "old1")
        keep("before")
        self.export_before = export()
        self.names_before = name_service()
        run(*CHANGE, check=True)
        keep("after")
        self.export_after = export()
        self.names_after = name_service()
        assert self.export_before != self.export_after
        assert self.names_before != self.names_after
        put_back("before")

    def must_be_whole(self, what):
        """Fails unless each of the two files is the old or the new one.
        Returns whether both are new."""
        exported, named = export(), name_service()
        if exported not in (self.export_before, self.export_after):
            raise AssertionError(f"{what}: registry is {exported!r}")
        if named not in (self.names_before, self.names_after):
            raise AssertionError(f"{what}: nss says {named!r}")
        assert not (named == self.names_after
                    and exported == self.export_before), what
        return exported == self.export_after and named == self.names_after

    def must_go_on(self, what):
        """Fails unless the next writer succeeds, leaves nothing of the broken
        one behind, and gives out a uid of its own."""
        result = extauthctl("user", "add", "later", "--email",
                            "later@example.com", check=False)
        assert result.status == 0, f"{what}: {result.errors}"
        lines = export().splitlines()
        column = lines[0].split(",").index("uid")
        uids = [line.split(",")[column] for line in lines[1:]]
        assert len(uids) == len(set(uids)), f"{what}: {uids}"
        rest = set(os.listdir(REGISTRY)) - {"registry", "nss", "lock", "sync"}
        assert not rest, f"{what}: left {rest}"

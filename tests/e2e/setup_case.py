# SPDX-License-Identifier: MIT
"""What the tests of `extauthctl setup` share: the machine as an installation
leaves it, put back before each test, and what it consists of.

Does not know: what setup is to do.
"""
import hashlib
import os
import shutil
import stat

from extauth_test import (AUTH_LOG, Service, contains, equal, extauthctl, run,
                          start, wait_until, write)

PLACES = ["etc", "var/lib/pam", "var/lib/extauth", "var/cache/debconf",
          "var/backups"]
KEPT = "/run/setup-kept.tar"
PART = "/etc/extauth/conf.d/50-setup.conf"
SECRET = "/etc/extauth/secrets/setup-client-secret"
RECORD = "/var/lib/extauth/setup"
PASSWORD = "right password"

run("ssh-keygen", "-A", check=True)
run("tar", "-C", "/", "--xattrs", "-cf", KEPT, *PLACES, check=True)
service = Service()
service.users({"alice@example.com": PASSWORD})
URL = service.url + "/login"
REST = ("--type", "rest", "--url", URL)
ALICE = ("--user", "alice", "--email", "alice@example.com")


def put_back():
    """Makes the machine what it was before the first test."""
    for place in PLACES:
        for name in os.listdir("/" + place):
            path = f"/{place}/{name}"
            if os.path.isdir(path) and not os.path.islink(path):
                shutil.rmtree(path)
            else:
                os.unlink(path)
    run("tar", "-C", "/", "--xattrs", "-xpf", KEPT, check=True)
    os.makedirs("/var/lib/extauth", exist_ok=True)
    shutil.rmtree("/run/extauth", ignore_errors=True)
    shutil.rmtree("/home/alice", ignore_errors=True)


def tree(*places, times=False):
    """Returns every path with owner, mode and digest, and its time of change
    if `times`."""
    found = {}
    for place in places:
        for directory, names, files in os.walk(place):
            for name in names + files:
                path = os.path.join(directory, name)
                found[path] = _facts(path, times)
    return found


def _facts(path, times):
    status = os.lstat(path)
    facts = [stat.filemode(status.st_mode), status.st_uid, status.st_gid]
    if stat.S_ISREG(status.st_mode):
        with open(path, "rb") as file:
            facts.append(hashlib.sha256(file.read()).hexdigest())
        if times:
            facts += [status.st_mtime_ns, status.st_ino]
    return facts


def same(before, after):
    """Fails unless both trees are equal, and names what is different."""
    equal({path for path in before.keys() | after.keys()
           if before.get(path) != after.get(path)}, set(), "changed")


def setup(*arguments, input="", check=False):
    """Runs setup without questions."""
    return extauthctl("setup", "--yes", *arguments, input=input, check=check,
                      timeout=40)


def set_up(*arguments, input=PASSWORD + "\n"):
    """Sets up for REST and alice; has to succeed."""
    return setup(*REST, *ALICE, *arguments, input=input, check=True)


def refuse_at_once():
    """Takes the pause after a wrong password out."""
    write("/etc/extauth/conf.d/60-own.conf", "[extauth]\nfailure_delay = 0s\n")


def unsetup(*arguments, check=True):
    return extauthctl("unsetup", "--yes", *arguments, check=check)


def says(result, status, *parts):
    """Fails unless it ended with `status` and said each part."""
    equal(result.status, status, result.output + result.errors)
    for part in parts:
        contains(result.output + result.errors, part)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def add_breakglass(*options):
    """Makes the local account that setup asks for."""
    run("useradd", "-m", "-s", "/bin/bash", "-G", "sudo", *options,
        "breakglass", check=True)
    run("chpasswd", input="breakglass:own password\n", check=True)


def start_sshd():
    """Starts sshd with the machine's own configuration."""
    os.makedirs("/run/sshd", exist_ok=True)
    return start("/usr/sbin/sshd", "-D", port=22, log="/run/sshd-log")


__all__ = [name for name in dir() if not name.startswith("_")]

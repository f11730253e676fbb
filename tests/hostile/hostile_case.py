# SPDX-License-Identifier: MIT
"""What the hostile servers share: a password that nobody can have by chance,
the search for it in all its forms, one login with what the log says of it, the
memory that it took, and the figures.

Does not know: what a server does."""
import base64
import functools
import glob
import hashlib
import os
import random
import sys
import urllib.parse
from dataclasses import dataclass

sys.path.insert(0, os.environ["EXTAUTH_SOURCE"] + "/tests/e2e")
from extauth_test import *  # noqa: E402
from transport_case import *  # noqa: E402

CA = f"ca_file = {PKI}/ca.pem\n"
UNAVAILABLE = ("UNAVAILABLE", "PAM_AUTHINFO_UNAVAIL")
ACCEPTED = ("ACCEPTED", "PAM_SUCCESS")
# What HTTP Basic, a form and JSON would write in other ways stands in it.
PASSWORD_BYTES = ("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
                  "+&%/?~")
PASSWORD_LENGTH = 24

print(f"# EXTAUTH_SEED = {SEED}")
_random = random.Random(SEED)


# --- the password ----------------------------------------------------------

def new_password():
    """Returns a random one that was not used before."""
    return "".join(_random.choice(PASSWORD_BYTES)
                   for _ in range(PASSWORD_LENGTH))


def forms_of(password):
    """Returns the bytes that it may be on its way: as it is, URL encoded, in
    base64 of any alignment and of HTTP Basic, in hexadecimal."""
    plain = password.encode()
    forms = {plain, urllib.parse.quote(password, safe="").encode(),
             urllib.parse.quote_plus(password).encode(),
             plain.hex().encode(), plain.hex().upper().encode(),
             password.encode("utf-16-le"), plain.replace(b"/", b"\\/"),
             base64.b64encode(f"{EMAIL}:{password}".encode())}
    for shift in range(3):
        # Without the first and last letters, which neighbours share.
        coded = base64.b64encode(b"\0" * shift + plain)
        forms.add(coded[4:-4])
    return forms


def password_bytes_in(password, *texts):
    """Counts the bytes of all forms of the password in what was received."""
    return sum(len(form) * text.count(form)
               for form in forms_of(password) for text in texts)


# --- logins ----------------------------------------------------------------

@dataclass
class Login:
    """What came of one login; sizes in KiB, times in seconds."""
    result: tuple
    log: dict
    seconds: float
    worker_kib: int
    host_kib: int


def log_in(password=None):
    """Logs alice in by the smallest host."""
    password = password or new_password()
    path = "/run/hostile-password"
    write(path, password + "\n", 0o600)
    decisions = Decisions()
    done = run(HOST, SERVICE, "alice", path, "memory")
    code, microseconds, worker, host = map(int, done.output.split())
    names = [name for name, number in CODES.items() if number == code]
    log = decisions.one()
    return Login((log["result"].upper(), names[0] if names else str(code)),
                 log, microseconds / 1e6, worker, host)


# --- what must stay as it was ----------------------------------------------

@functools.cache
def _registry():
    return tuple(sorted(glob.glob("/var/lib/extauth/*")))


def registry_hash():
    """Returns a hash of the registry's files, which no server may change."""
    digest = hashlib.sha256()
    for path in _registry():
        with open(path, "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def check_registry(before):
    """An outage is no reason to forget anybody."""
    equal(registry_hash(), before, "hash of the registry")
    equal(run("id", "-un", "alice").output, "alice\n")
    equal(workers(), [], "workers that are left")

# SPDX-License-Identifier: MIT
"""The fixture users: who they are, what becomes of their logins, their second
factors. An e-mail's local part, without digits at its end, is the kind.

Does not know: HTTP, any provider.
"""
import base64
import hashlib
import hmac
import re
import secrets
import struct
import threading
import time
import uuid
import zlib

from provider_http import SPOILT

PASSWORD = "Right-Password-1"
# Nobody else is known. Of a kind that a provider does not tell apart from
# "ok", the login is that of "ok".
KINDS = SPOILT + (
    "ok", "alice", "bob", "locked", "disabled", "expired", "mustchange",
    "warn", "totp", "push", "pushreject", "pushtimeout", "number", "sms",
    "call", "mfa", "enroll", "policy", "throttled", "throttled-reset",
    "throttled-seconds", "throttled-date", "throttled-body", "other",
    "otherinfo", "unverified", "two", "aadsts")
STEP_SECONDS = 30


class User:
    """One fixture user. `email` is as it was asked for."""

    def __init__(self, name):
        self.email = name if "@" in name else name + "@example.com"
        local = self.email.partition("@")[0].lower()
        self.kind = local.rstrip("0123456789")
        self.code = int(local[6:]) if re.fullmatch(r"aadsts\d+", local) else 0
        self.is_known = self.kind in KINDS
        self.number = zlib.crc32(local.encode()) % 90000 + 10000
        self.uuid = str(uuid.uuid5(uuid.NAMESPACE_URL, "user:" + local))
        self.okta_id = f"00u{self.number}"

    def throttle_style(self, default):
        """Returns the style if the user is to be throttled, else None."""
        word, _, style = self.kind.partition("-")
        return (style or default) if word == "throttled" else None


class Factors:
    """Passwords, one-time codes, pushes: what changes while a simulator runs.
    Of the user's e-mail. Thread-safe. Of the settings of a simulator: a line
    is added to the file `accepted` for each thing that was right; `standing`:
    a new password is not kept, and the code of step 0 is right at any time, so
    that one login can be played again and again."""

    def __init__(self, settings):
        self._lock = threading.RLock()
        self._settings = settings
        self.clear()

    def clear(self):
        """All as at the start, but for one-time codes: those that were used
        stay used."""
        with self._lock:
            self._passwords = {}
            self._failures = {}
            self._messages = {}
            self._pushes = {}
            self._used = getattr(self, "_used", {})

    def _accept(self, what, user):
        """Notes that something was right."""
        if self._settings["accepted"]:
            with open(self._settings["accepted"], "a",
                      encoding="utf-8") as file:
                file.write(f"{what} {user.email}\n")

    # passwords

    def password_is(self, user, password):
        with self._lock:
            if not user.is_known or password != self._passwords.get(
                    user.email, PASSWORD):
                return False
            self._accept("password", user)
            return True

    def set_password(self, user, password):
        with self._lock:
            if not self._settings["standing"]:
                self._passwords[user.email] = password
            self._accept("change", user)

    def fail(self, user):
        """Counts a failure and returns how many there are."""
        with self._lock:
            self._failures[user.email] = self._failures.get(user.email, 0) + 1
            return self._failures[user.email]

    def failures(self, user):
        with self._lock:
            return self._failures.get(user.email, 0)

    # one-time codes, RFC 6238

    @staticmethod
    def totp_secret(user):
        return hashlib.sha256(b"totp:" + user.email.encode()).digest()[:20]

    def totp(self, user, counter=None):
        """Returns the code of a time step, of now if none is given."""
        if counter is None:
            counter = int(time.time()) // STEP_SECONDS
        digest = hmac.new(self.totp_secret(user), struct.pack(">Q", counter),
                          hashlib.sha1).digest()
        start = digest[-1] & 15
        number = struct.unpack(">I", digest[start:start + 4])[0] & 0x7fffffff
        return f"{number % 1000000:06}"

    def totp_uri(self, user):
        secret = base64.b32encode(self.totp_secret(user)).decode()
        return f"otpauth://totp/{user.email}?secret={secret}"

    def check_totp(self, user, code):
        """Returns "right", "wrong" or "replayed". One step to either side is
        right as well."""
        now = int(time.time()) // STEP_SECONDS
        with self._lock:
            if self._settings["standing"] and code == self.totp(user, 0):
                self._accept("code", user)
                return "right"
            for counter in (now - 1, now, now + 1):
                if hmac.compare_digest(code.encode(),
                                       self.totp(user, counter).encode()):
                    if counter <= self._used.get(user.email, 0):
                        return "replayed"
                    self._used[user.email] = counter
                    self._accept("code", user)
                    return "right"
        return "wrong"

    # messages with a code

    def send_message(self, user):
        """Sends a code; returns False if one was sent a moment ago."""
        with self._lock:
            sent = self._messages.get(user.email)
            if sent and time.monotonic() - sent[1] < STEP_SECONDS:
                return False
            self._messages[user.email] = (f"{secrets.randbelow(10**6):06}",
                                          time.monotonic())
            return True

    def message(self, user):
        """Returns the code that was sent, or ""."""
        with self._lock:
            return self._messages.get(user.email, ("",))[0]

    def check_message(self, user, code):
        return bool(code) and code == self.message(user)

    # pushes

    def begin_push(self, user):
        """Shows a request on the phone; returns its number."""
        number = secrets.randbelow(90) + 10
        with self._lock:
            self._pushes[user.email] = {"number": number, "polls": 0,
                                        "result": "WAITING"}
        return number

    def push(self, user):
        """Returns the open or decided push, a dict, or None."""
        with self._lock:
            return self._pushes.get(user.email)

    def poll_push(self, user):
        """Returns WAITING, SUCCESS, REJECTED or TIMEOUT."""
        with self._lock:
            push = self._pushes.get(user.email)
            if push is None:
                return "TIMEOUT"
            push["polls"] += 1
            if push["polls"] > 1 and push["result"] == "WAITING":
                push["result"] = {"pushreject": "REJECTED",
                                  "pushtimeout": "TIMEOUT"}.get(
                                      user.kind, "WAITING")
            return push["result"]

    def decide_push(self, user, result, number=None):
        """Decides an open push: approve, reject or timeout. Of several
        numbers the right one must be chosen where one is shown."""
        with self._lock:
            push = self._pushes.get(user.email)
            if push is None or push["result"] != "WAITING":
                return False
            if (result == "approve" and user.kind == "number"
                    and number != push["number"]):
                result = "reject"
            push["result"] = {"approve": "SUCCESS", "reject": "REJECTED",
                              "timeout": "TIMEOUT"}[result]
            return True

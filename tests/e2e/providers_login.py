# SPDX-License-Identifier: MIT
"""Logins by the real ssh with keyboard-interactive authentication, for the
tests of the providers.

Does not know: which questions there are.
"""
import itertools

import pexpect

from extauth_test import contains, equal, spawn
from providers_case import PASSWORD, add_user_of

OPTIONS = ("-F", "none", "-o", "StrictHostKeyChecking=no",
           "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR",
           "-o", "PubkeyAuthentication=no", "-o", "NumberOfPasswordPrompts=1")

_users = itertools.count(1)


def new_user(way, kind, *options):
    """Registers one more user of a kind; returns name and e-mail."""
    number = next(_users)
    name, email = f"{kind}-u{number}", f"{kind}{number}@example.com"
    add_user_of(way, name, email, *options)
    return name, email


class Login:
    """One keyboard-interactive login by the real ssh."""

    def __init__(self, name, password=PASSWORD, command="id -un"):
        self.name = name
        self.child = spawn("/usr/bin/ssh", *OPTIONS, "-o",
                           "PreferredAuthentications=keyboard-interactive",
                           "-l", name, "127.0.0.1", command, timeout=20)
        self.child.delaybeforesend = 0.05
        if password is not None:
            self.answer("Password: ", password)

    def answer(self, prompt, text):
        """Waits for a prompt (a regular expression) and answers it."""
        self.child.expect(prompt)
        self.child.sendline(text)
        return self.child

    def wait_for(self, prompt):
        """Waits for a prompt and returns its match."""
        self.child.expect(prompt)
        return self.child.match

    def say(self, text):
        self.child.sendline(text)

    def end(self):
        """Returns the exit status and what was said since the last prompt."""
        self.child.expect(pexpect.EOF)
        self.child.close()
        return self.child.exitstatus, self.child.before.replace("\r", "")

    def logged_in(self):
        status, text = self.end()
        equal((status, self.name in text.split("\n")), (0, True), text)

    def refused(self):
        status, text = self.end()
        equal(status, 255, text)
        contains(text, "Permission denied")

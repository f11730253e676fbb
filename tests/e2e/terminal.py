# SPDX-License-Identifier: MIT
"""Programs that ask on a terminal: agetty with login(1), su, sudo, passwd.

    console = Console("tty1")
    console.log_in("alice", "password")
    console.expect_shell()

Does not know: extauth, or what a right password is.
"""
import os
import pty
import subprocess

import pexpect.fdpexpect

from extauth_test import run, spawn, stop

PROMPT = "EXTAUTH-SHELL> "


class Console:
    """agetty on /dev/NAME, which is a pty under that name, so that all that
    asks for the name of the terminal gets /dev/NAME."""

    def __init__(self, name="tty1"):
        self._path = "/dev/" + name
        master, slave = pty.openpty()
        with open(self._path, "w", encoding="ascii"):
            pass
        run("mount", "--bind", os.ttyname(slave), self._path, check=True)
        self._getty = subprocess.Popen(
            ["/sbin/agetty", "--noclear", name, "dumb"],
            stdin=subprocess.DEVNULL, start_new_session=True)
        self.screen = pexpect.fdpexpect.fdspawn(master, timeout=20,
                                                encoding="utf-8")
        self.screen.delaybeforesend = 0.3
        # Kept open: a pty whose last slave closes gives no more input.
        self._slave = slave

    def log_in(self, name, password):
        """Answers the prompts for name and password."""
        self.screen.expect("login: ")
        self.screen.sendline(name)
        self.screen.expect("Password: ")
        self.screen.sendline(password)

    def expect_shell(self):
        """Waits for the shell of the login, which from then on prompts with
        PROMPT."""
        # What is typed before the shell is there may be thrown away.
        self.screen.expect(r"\$ $")
        self.screen.sendline(f"PS1='{PROMPT[:5]}''{PROMPT[5:]}'")
        self.screen.expect(PROMPT)

    def command(self, text):
        """Runs a command in the shell and returns what it said."""
        self.screen.sendline(text)
        self.screen.expect(PROMPT)
        return self.screen.before.split("\n", 1)[1].replace("\r", "").strip()

    def close(self):
        """Ends agetty, or the login that it became, and the terminal."""
        stop(self._getty)
        self.screen.close()
        os.close(self._slave)
        # The shell of the login may take a moment longer to go.
        run("umount", "--lazy", self._path, check=True)
        os.unlink(self._path)


def spawn_as(user, *command):
    """Starts a program of `user` on a terminal of its own."""
    environment = {"PATH": "/usr/bin:/bin", "TERM": "dumb", "HOME": "/tmp",
                   "USER": user, "LOGNAME": user, "LANG": "C.UTF-8"}
    return spawn("/usr/bin/setpriv", "--reuid", user, "--regid", user,
                 "--init-groups", "--", *command, env=environment)


def finish(child):
    """Reads to the end of the program; returns its exit status and the rest
    of what it said."""
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus, child.before.replace("\r", "")

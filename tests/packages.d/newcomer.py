#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Types the commands of README's "Set it up in five minutes" into a shell of a
root that newcomer.sh made, answers what is asked, and checks what was read.

usage: newcomer.py ROOT
"""
import os
import re
import sys
import time

import pexpect

SOURCE = os.path.realpath(os.path.dirname(__file__) + "/../..")
ROOT = sys.argv[1]
PASSWORD = "correct horse"
PROMPT = r"newcomer\[(\d+)\]> "
SHELL = """
. "$1/tests/prepare.sh"
. "$1/tests/root.sh"
loopback=$2 root_enter "$3" env PS1='newcomer[$?]> ' \\
    /bin/bash --norc --noprofile --noediting -i
"""

# What a person types when this is asked.
ANSWERS = [
    (r"\nType[^\n]*: $", "basic"),
    (r"\nAddress[^\n]*: $", "https://id.example.com/"),
    (r"\nDomain[^\n]*: $", ""),
    (r"\[[yY]/[nN]\]:? ?$", "y"),
    (r"\(yes/no/\[fingerprint\]\)\? $", "yes"),
    (r"[Pp]assword[^\n]*: $", PASSWORD),
    (r"alice@\S+:~\$ $", "id; exit"),
]


class Shell:
    """A shell in the root; what is typed and read is the transcript."""

    def __init__(self, loopback):
        self.child = pexpect.spawn(
            "/bin/bash", ["-c", SHELL, "shell", SOURCE, loopback, ROOT],
            encoding="utf-8", timeout=300, dimensions=(40, 200))
        self.child.expect(PROMPT)
        self.typed = 0

    def quietly(self, command):
        """Runs what is not the newcomer's to type."""
        self.child.sendline(command)
        self.child.expect(PROMPT)
        assert self.child.match[1] == "0", self.child.before

    def type(self, command):
        """Types a command, answers what it asks, and returns (seconds, status,
        answers, text)."""
        begun, text, answers = time.monotonic(), "", 0
        self.child.sendline(command)
        self.typed += 1
        patterns = [PROMPT] + [pattern for pattern, _ in ANSWERS]
        while True:
            try:
                seen = self.child.expect(patterns)
            except pexpect.ExceptionPexpect:
                sys.exit(f"newcomer: nobody answers this:\n{text}"
                         f"{self.child.before}")
            text += self.child.before + self.child.after
            if seen == 0:
                break
            answers += 1
            time.sleep(0.3)
            self.child.sendline(ANSWERS[seen - 1][1])
        return (time.monotonic() - begun, int(self.child.match[1]), answers,
                text.replace("\r", ""))


def blocks(chapter):
    """Returns the blocks of commands of the numbered steps of a chapter."""
    with open(SOURCE + "/README.md", encoding="utf-8") as readme:
        text = readme.read().split(f"## {chapter}\n")[1]
    text = re.split(r"\n##+ |\n\*\*To undo", text)[0]
    return [block.strip().split("\n")
            for block in text.split("```\n")[1::2]]


def show(shell, command, log):
    """Types one command and prints its line; the text goes to the log."""
    seconds, status, answers, text = shell.type(command)
    log.append(text)
    print(f"{'ok  ' if status == 0 else 'FAIL'} {seconds:6.1f} s  $ {command}"
          + f"  ({answers} answers)" * (answers > 0), flush=True)
    if status != 0:
        print(text)
        sys.exit(1)
    return seconds, answers, text


def contains(text, *parts):
    """Fails unless the parts stand in the text, in that order."""
    at = 0
    for part in parts:
        found = text.find(part, at)
        if found < 0:
            print(text)
            sys.exit(f"newcomer: not there, or not in its place: {part!r}")
        at = found + len(part)


def undo(shell):
    """The removal takes back what setup did, and leaves what is extauth's."""
    _, _, text = show(
        shell, "apt remove -y libpam-extauth libnss-extauth extauth", [])
    contains(text, "run: pam-auth-update --disable mkhomedir")
    shell.quietly("! grep -rE 'extauth|mkhomedir' /etc/pam.d "
                  "/etc/nsswitch.conf /etc/ssh")
    shell.quietly("test -s /var/lib/extauth/registry")
    shell.quietly("test -s /etc/extauth/conf.d/50-setup.conf")


def main():
    install, setup, login = blocks("Set it up in five minutes")
    log, total, answered = [], 0.0, 0
    shell = Shell("no")
    shell.quietly("cd /root/extauth")
    for command in install:
        seconds, answers, text = show(shell, command, log)
        total, answered = total + seconds, answered + answers
    contains(text, "to begin: extauthctl setup")
    shell = Shell("yes")
    shell.quietly("mkdir -p /run/sshd && /usr/sbin/sshd && nginx")
    for command in setup:
        seconds, answers, text = show(shell, command, log)
        total, answered = total + seconds, answered + answers
    contains(text, "Type: basic", "To be changed:", "alice: registered",
             "errors: 0, warnings: 0",
             "alice may log in through sshd (PAM_SUCCESS)",
             "Keep this root shell open")
    for command in login:
        seconds, answers, text = show(shell, command, log)
        total, answered = total + seconds, answered + answers
    contains(text, "password:", "uid=2000200001(alice)", "groups=")
    commands = len(install + setup + login)
    assert commands <= 8 and answered <= 14, (commands, answered)
    undo(shell)
    print(f"from nothing to an SSH login: {commands} commands, {answered} "
          f"answers, {total:.0f} s of waiting")


main()

# SPDX-License-Identifier: MIT
"""One login through libpam and pam_extauth.so alone, by the smallest host, for
the tests of what lies between the module and the server.

Does not know: servers.
"""
import glob
import itertools
import re
import subprocess

from extauth_test import (BUILD, PKI, LogMark, add_user, configure, run,
                          wait_until, write)

HOST = BUILD + "/tests/bench/pam_login"
WORKER = "extauth-exchange"
SERVICE = "transport"
EMAIL = "alice@example.com"
CODES = {"PAM_SUCCESS": 0, "PAM_AUTH_ERR": 7, "PAM_AUTHINFO_UNAVAIL": 9,
         "PAM_MAXTRIES": 11, "PAM_SERVICE_ERR": 3, "PAM_SYSTEM_ERR": 4}
CONFIGURATION = """[extauth]
default_provider = main
failure_delay = 0ms
max_failures = 0
login_deadline = {deadline}
[provider main]
type = {kind}
url = {url}
{keys}"""

_numbers = itertools.count(1)


def set_provider(url, keys=f"ca_file = {PKI}/ca.pem", kind="rest",
                 deadline="5s"):
    """Configures the provider; no failure is padded or counted here."""
    configure(CONFIGURATION.format(url=url, keys=keys, kind=kind,
                                   deadline=deadline))


def set_up():
    """Registers alice and makes the PAM service."""
    write(f"/etc/pam.d/{SERVICE}", "auth required pam_extauth.so\n"
          "account required pam_permit.so\n")
    set_provider("https://id.example.com:1")
    add_user("alice", EMAIL)


def fresh_password():
    """Returns one that was not used before: the same wrong password is not
    sent twice within seconds."""
    return f"pass-word-{next(_numbers):06}"


def _command(password):
    # The file lives as long as a host that was started and not waited for.
    path = f"/run/transport-password-{next(_numbers)}"
    write(path, password + "\n", 0o600)
    return [HOST, SERVICE, "alice", path]


def login(password=None):
    """Logs alice in; returns the name of the PAM code and the seconds."""
    result = run(*_command(password or fresh_password()))
    names = [name for name, code in CODES.items() if code == result.status]
    return names[0] if names else f"code {result.status}", result.seconds


def begin_login(password=None, **options):
    """Starts a login and returns its process at once; options are Popen's."""
    return subprocess.Popen(_command(password or fresh_password()),
                            stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL, **options)


def read_process(pid, name):
    """Returns /proc/PID/NAME as bytes."""
    with open(f"/proc/{pid}/{name}", "rb") as file:
        return file.read()


def process_status(pid):
    """Returns /proc/PID/status as a dict of lists of words."""
    lines = read_process(pid, "status").decode().splitlines()
    return {key: value.split() for key, _, value
            in (line.partition(":") for line in lines)}


def workers():
    """Returns the process ids of all workers that live."""
    found = []
    for path in glob.glob("/proc/[0-9]*"):
        pid = int(path.rpartition("/")[2])
        try:
            status = process_status(pid)
        except OSError:
            continue
        if status["Name"][0] == WORKER[:15] and status["State"][0] != "Z":
            found.append(pid)
    return found


class Decisions(LogMark):
    """The lines that our module logs for each login, in order."""

    def wait_for(self, count):
        """Waits for as many, and returns them as dicts."""
        wait_until(lambda: len(self._lines()) >= count, f"{count} log lines")
        return [self._read(line) for line in self._lines()]

    def one(self):
        decision, = self.wait_for(1)
        return decision

    def _lines(self):
        return self.lines(f"pam_extauth({SERVICE}:auth): result=")

    @staticmethod
    def _read(line):
        pairs = re.findall(r'(\w+)=("[^"]*"|\S+)', line)
        return {key: value.strip('"') for key, value in pairs}

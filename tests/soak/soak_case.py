# SPDX-License-Identifier: MIT
"""What the soaks share: people, each with canaries of his own (see soak.h), a
server that knows whose they are, plans of logins, hosts that carry them out,
and what must have come of each.

Does not know: what the hosts' processes look like meanwhile."""
import os
import random
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from string import Template

sys.path.insert(0, os.environ["EXTAUTH_SOURCE"] + "/tests/e2e")
from extauth_test import *  # noqa: E402

FOLDER = "/run/soak"
RECORD = FOLDER + "/record"
PORT = 8463
# Of 65,536 right passwords one is taken for the wrong one that came less than
# five seconds before it (throttle.h): so nobody comes again that soon.
PEOPLE_MOST = 5000
RIGHT, WRONG, SWAPPED = "r", "w", "s"
SUCCESS, AUTH_ERR, NOT_CALLED = 0, 7, -1
# However busy the machine is, the server is there and answers.
CONFIGURATION = Template("""[extauth]
default_provider = main
failure_delay = $delay
login_deadline = 60s
max_failures = $failures
explain_refusals = $explain

[provider main]
type = rest
url = https://id.example.com:$port/login
ca_file = $pki/ca.pem
connect_timeout = 1m
timeout = 1m
body = {"email": "{{USEREMAIL}}", "password": "{{USERPASSWORD}}",
   "name": "{{USERNAME}}", "id": "{{USEREXTERNALID}}", "place": "{{RHOST}}"}
accept_if = /status == "active"
identity = /email
identity_external_id = /id
reject_message = /error/message
""")


def people_for(logins):
    """Returns how many people so many logins need."""
    return max(100, min(PEOPLE_MOST, logins))


@dataclass
class Login:
    """What is tried: `owner` is whose password the user gives."""
    user: int
    number: int
    owner: int
    act: str
    wait_ms: int

    def line(self):
        return (f"{self.user} {self.number} {self.owner} {self.act} "
                f"{self.wait_ms}\n")

    def password(self):
        return f"c.{self.owner}.{self.number}.{self.act}.{self.wait_ms}"

    def sent(self):
        """The line of the server's record."""
        return f"soak{self.user}@example.com {self.password()}"

    def expected(self):
        """The codes of the three calls and what is shown."""
        if self.act == RIGHT and self.owner == self.user:
            return f"{SUCCESS} {SUCCESS} {SUCCESS}", []
        codes = f"{AUTH_ERR} {NOT_CALLED} {NOT_CALLED}"
        if self.act == SWAPPED:
            return codes, []
        return codes, [f"note.{self.user}.{self.number}"]


class Scene:
    """The registry, the configuration and the server for so many people."""

    def __init__(self, people, delay="0ms", failures=0, explain="yes"):
        self.people = people
        os.makedirs(FOLDER, exist_ok=True)
        configure(CONFIGURATION.substitute(
            delay=delay, failures=failures, explain=explain, port=PORT,
            pki=PKI))
        write("/etc/pam.d/soak", "auth required pam_extauth.so debug\n"
              "account required pam_extauth.so\n")
        self.register()
        print(f"# seed {SEED}")
        self.server = start(BUILD + "/tests/soak/soak_server", str(PORT),
                            f"{PKI}/server.pem", f"{PKI}/server.key",
                            str(people), RECORD, port=PORT,
                            log=FOLDER + "/log")

    def register(self):
        rows = [f"soak{n},soak{n}@example.com,id-{n},soak{n}"
                for n in range(self.people)]
        extauthctl("user", "import", "-", input="\n".join(
            ["name,email,external_id,gecos", *rows]) + "\n")

    def forget_requests(self):
        """Empties the server's record."""
        os.truncate(RECORD, 0)

    def plan(self, count, wait_ms=50):
        """Logins by chance: of sixteen eight are right, three wrong, four have
        the next one's right password, and one is answered about the next."""
        chance = random.Random(SEED)
        logins = []
        for number in range(count):
            user = number % self.people
            following = (user + 1) % self.people
            owner, act = chance.choices(
                ((user, RIGHT), (user, WRONG), (following, RIGHT),
                 (user, SWAPPED)), (8, 3, 4, 1))[0]
            logins.append(Login(user, number, owner, act,
                                chance.randrange(wait_ms)))
        return logins


class Hosts:
    """Some processes with some threads each that carry out a plan."""

    def __init__(self, logins, processes, threads, *options):
        self.logins = logins
        self.started = time.monotonic()
        self.result_paths = []
        # What they have in the end and had not before the first login: all
        # their descriptors, and the bytes of the heap of the one with most.
        self.more_fds = 0
        self.more_heap = 0
        self.processes = []
        for number in range(processes):
            plan, result = (f"{FOLDER}/{name}-{number}"
                            for name in ("plan", "result"))
            write(plan, "".join(login.line()
                                for login in logins[number::processes]), 0o600)
            self.result_paths.append(result)
            self.processes.append(subprocess.Popen(
                [BUILD + "/tests/soak/soak_host", "soak", str(threads), plan,
                 result, *options], stdout=subprocess.PIPE, text=True))

    def are_running(self):
        return any(process.poll() is None for process in self.processes)

    def wait(self):
        """Waits for their end; returns how many seconds they took."""
        for process in self.processes:
            before, after = process.communicate()[0].splitlines()
            equal(process.returncode, 0, "a host's status")
            (fds, heap), (fds_then, heap_then) = (
                map(int, line.split()) for line in (before, after))
            self.more_fds += fds_then - fds
            self.more_heap = max(self.more_heap, heap_then - heap)
        return time.monotonic() - self.started

    def results(self):
        """Returns {number: (codes, marks, words, milliseconds)}."""
        found = {}
        for path in self.result_paths:
            for line in open(path, encoding="utf-8"):
                number, *codes, took, marks = line.split()[:6]
                assert int(number) not in found, line
                found[int(number)] = (" ".join(codes), marks, line.split()[6:],
                                      int(took) / 1000)
        return found


@dataclass
class Account:
    """What came of a plan."""
    wrong: list
    crossed: list
    milliseconds: list

    def percentile(self, share):
        return sorted(self.milliseconds)[
            min(len(self.milliseconds) - 1,
                int(len(self.milliseconds) * share))]


def judge(logins, results):
    """Compares the results with what the plan demands."""
    account = Account([], [], [])
    for login in logins:
        codes, marks, words, took = results.get(
            login.number, ("none", "", [], 0))
        expected_codes, expected_words = login.expected()
        account.milliseconds.append(took)
        if codes != expected_codes:
            account.wrong.append((login, codes, words))
        if marks != "-" or words != expected_words:
            account.crossed.append((login, codes, marks, words))
    return account


def crossed_requests(logins):
    """What the server was sent more or less often than once, or for another
    person, or with what belongs to another login."""
    with open(RECORD, encoding="utf-8") as record:
        sent = Counter(record.read().splitlines())
    planned = Counter(login.sent() for login in logins)
    return list((sent - planned) + (planned - sent))


def crossed_log_lines(logins, mark):
    """The decisions in the log that are not about the login's own user, or not
    the only one of it; and how many logins have one."""
    users = {login.number: login.user for login in logins}
    crossed = []
    seen = Counter()
    for line in mark.lines(":auth): result="):
        place = re.search(r"(?<!\w)p\.(\d+)\.(\d+)", line)
        name = re.search(r" user=soak(\d+)", line)
        number = int(place[2])
        seen[number] += 1
        if not users.get(number) == int(place[1]) == int(name[1]):
            crossed.append(line)
    crossed += [f"{count} lines of login {number}"
                for number, count in seen.items() if count != 1]
    return crossed, len(seen)


def passwords_in(text):
    """All that have the form of a password of soak.h."""
    return re.findall(r"\bc\.\d+\.\d+\.[a-z]\.\d*", text)

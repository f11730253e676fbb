# SPDX-License-Identifier: MIT
"""What the tests of killed logins share: servers, a provider of each of some
types, a user for each, and the programs that log in and kill.

Does not know: who is killed."""
from crash_case import *
from providers_case import (PASSWORD, CLIENT, SECRET_FILE, Simulator)

SERVICE = "killed"
DEADLINE_MS = 15000
WRONG = "wrong-%u"
# What the programs complain of, by its words (kill_host.c).
complaints = Counter()


class Scene:
    """The servers, the configuration and the users."""

    def __init__(self):
        print(f"# EXTAUTH_SEED={SEED}")
        self.service = Service()
        self.service.users({f"{name}@example.com": PASSWORD
                            for name in ("rest", "basic")})
        self.simulators = {}
        self.sections = {
            "rest": f"type = rest\nurl = {self.service.url}/login\n",
            "basic": f"type = basic\nurl = {self.service.url}/basic\n"}
        write(f"/etc/pam.d/{SERVICE}", "auth required pam_extauth.so\n"
              "account required pam_permit.so\n")
        write(SECRET_FILE, "client-secret\n", 0o600)
        self.configure()
        for name in self.sections:
            add_user(name, None, "--provider", name)

    def add(self, way, text):
        """Adds a provider that a simulator plays, and its user."""
        simulator = Simulator(way)
        self.simulators[way] = simulator
        self.sections[way] = text.format(url=simulator.url)
        self.configure()
        add_user("totp", None, "--provider", way)

    def configure(self):
        """Nothing is padded or counted: every login is asked about."""
        configure("[extauth]\nfailure_delay = 0ms\nmax_failures = 0\n"
                  f"login_deadline = {DEADLINE_MS}ms\n"
                  "[service " + SERVICE + "]\nsecond_factor = ask\n"
                  "allow_users = rest, basic, totp\n" + "".join(
                      f"[provider {name}]\n{text}ca_file = {PKI}/ca.pem\n"
                      for name, text in self.sections.items()))


def log_in(program, user, password, answer, *numbers):
    """Runs a program that logs in and kills. Returns its numbers by name."""
    result = run(f"{BUILD}/tests/crash/{program}", SERVICE, user, password,
                 answer, *map(str, numbers), timeout=1800)
    complaints["grants"] += result.errors.count("success without a grant")
    if result.status != 0:
        raise AssertionError(f"{program} {user}: status {result.status}\n"
                             f"{result.output}{result.errors}")
    print(f"# {program} {user} {password}: {result.output.strip()}", flush=True)
    return {name: int(number) for name, number in
            re.findall(r"(\w+)=(\d+)", result.output)}

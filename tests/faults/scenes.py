# SPDX-License-Identifier: MIT
"""The scenarios of the fault sweep: how the machine stands in each, what is
called, and what comes of it without a fault.

Does not know: faults.
"""
import glob
import os
import pathlib
import shutil
from dataclasses import dataclass, field

from extauth_test import (BUILD, PKI, Service, add_user, configure, extauthctl, run,
                          write)
from providers_case import PASSWORD, provider_section, start_simulators
from sync_case import Directory, configure_sync, source
from provider_users import Factors, User

REGISTRY = "/var/lib/extauth"
KEPT = "/srv/faults"
GENERAL = """[extauth]
failure_delay = 0ms
max_failures = 0
login_deadline = 1s
default_provider = main
"""
XML = ("data_as = xml\nbody = <login><email>{{USEREMAIL}}</email>"
       "<password>{{USERPASSWORD}}</password></login>\n")
PEOPLE = "name,email,groups\n" + "".join(
    f"p{number},p{number}@example.com,crew;admins\n" for number in range(5))
WITHOUT_WORKER = ("unknown", "local", "disabled", "past-its-date", "throttled",
                  "bad-configuration", "nowhere")
CTL = "/usr/sbin/extauthctl"
SAVED = "/var/backups/extauth-registry-20300102-030405"
ACCEPTED = "/run/accepted"
# Of the step at which the simulators, standing, always accept it.
CODE = Factors.totp(Factors({}), User("totp1"), 0)


@dataclass
class Scenario:
    """One scenario: what sweep_host is told, what it gives without a fault,
    and how the machine stands."""
    name: str
    kind: str
    arguments: list
    expected: str = ""
    prepare: object = None
    command: list = field(default_factory=list)
    statuses: tuple = (0,)

    @property
    def has_worker(self):
        """Whether it asks a server; the refusals that need none are named."""
        return self.name.startswith(("auth-", "sync-", "chauthtok-")) \
            and self.name.partition("-")[2] not in WITHOUT_WORKER

    @property
    def is_accepted(self):
        """Whether the service must write down that it accepted."""
        return self.expected == "SUCCESS" \
            and self.name.startswith(("auth-", "chauthtok-"))


service = None
directory = None
simulators = {}
scenarios = []


def provider(kind="rest", path="/login", keys="", general="", url=None):
    """Configures the test service as the one provider."""
    configure(GENERAL + general + f"[provider main]\ntype = {kind}\n"
              f"url = {url or service.url}{path}\n" + keys)


def simulated(way, keys=""):
    """Configures a simulator as the one provider."""
    write("/etc/extauth/secrets/client", "client-secret\n", 0o600)
    configure(GENERAL + provider_section(way, simulators, keys, "main"))


def begin():
    """Starts the servers, and keeps the registry as each scenario finds it."""
    global service, directory
    service = Service()
    directory = Directory(users=5, groups=2)
    service.users({f"{name}@example.com": PASSWORD
                   for name in ("alice", "bob", "dora", "paula")})
    simulators.update(start_simulators("okta", "oauth2"))
    for path in (ACCEPTED, accepted()[1]):
        write(path, "")
    for simulator in simulators.values():
        simulator.tell("/settings", accepted=ACCEPTED, standing=True)
    # A host that writes to it keeps a socket, which is the C library's.
    if os.path.exists("/dev/log"):
        os.unlink("/dev/log")
    run("sed", "-i", "-E", "s/^(passwd|group):.*/\\1: files extauth/",
        "/etc/nsswitch.conf", check=True)
    configure("[extauth]\nenumerate = yes\n")
    run("useradd", "-u", "1501", "bob", check=True)
    run("useradd", "-u", "1502", "lucy", check=True)
    for name in ("alice", "dora", "ok1", "totp1", "expired1"):
        add_user(name, None, "--group", "admins")
    add_user("paula", None, "--not-after", "2020-01-01")
    add_user("bob", None, "--local")
    extauthctl("user", "disable", "dora")
    write("/srv/people.csv", PEOPLE)
    shutil.rmtree(KEPT, ignore_errors=True)
    shutil.copytree(REGISTRY, KEPT)


def empty_registry():
    for path in glob.glob(REGISTRY + "/*") + glob.glob("/run/extauth/*"):
        shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)


def set_scene(scenario):
    """The machine as the scenario wants it."""
    empty_registry()
    shutil.copytree(KEPT, REGISTRY, dirs_exist_ok=True)
    pathlib.Path(SAVED).unlink(missing_ok=True)
    service.answer_as(None)
    provider()
    if scenario.prepare:
        scenario.prepare()


def login(name, user, expected, prepare=None, password="right", more=()):
    """A call of pam_authenticate. Who is granted the service must have
    accepted."""
    scenarios.append(Scenario(
        "auth-" + name, "pam", ["--call", "auth", "--user", user, "--password",
                                password, *more], expected, prepare))


def accepted(path="/run/test-service-8443/users.accepted"):
    return ("--accepted", path)


login("right", "alice", "SUCCESS", more=accepted())
login("wrong", "alice", "AUTH_ERR", password="wrong")
login("form", "alice", "SUCCESS",
      lambda: provider(keys="data_as = urlencoded\n"), more=accepted())
login("xml", "alice", "SUCCESS", lambda: provider(keys=XML), more=accepted())
login("basic", "alice", "SUCCESS", lambda: provider("basic", "/basic"),
      more=accepted())
login("basic-wrong", "alice", "AUTH_ERR", lambda: provider("basic", "/basic"),
      password="wrong")
login("unknown", "nobodyatall", "USER_UNKNOWN")
login("local", "lucy", "USER_UNKNOWN")
login("linked", "bob", "SUCCESS", more=accepted())
login("disabled", "dora", "AUTH_ERR")
login("past-its-date", "paula", "AUTH_ERR")
# A mark that cannot be read counts as none: the provider decides.
login("throttled", "alice", "AUTH_ERR", lambda: throttled(),
      more=("--open", *accepted()))
login("status-500", "alice", "AUTHINFO_UNAVAIL",
      lambda: service.answer_as("/status/500"))
login("redirect", "alice", "AUTHINFO_UNAVAIL",
      lambda: service.answer_as("/status/302"))
login("garbage", "alice", "AUTH_ERR", lambda: garbage())
login("server-down", "alice", "AUTHINFO_UNAVAIL",
      lambda: provider(url="https://id.example.com:1"))
login("bad-certificate", "alice", "AUTHINFO_UNAVAIL",
      lambda: provider(keys="pin_sha256 = " + "A" * 43 + "=\n"))
login("bad-configuration", "alice", "SERVICE_ERR",
      lambda: configure(GENERAL + "[provider main]\ntype = none\n"))
login("forgot", "alice", "AUTH_ERR", lambda: provider(
    keys=f"forgot_password_url = {service.url}/forgot?e={{{{USEREMAIL}}}}\n"),
      password="wrong", more=("--options", "forgot_password", "--answer", "y"))
login("oauth2", "ok1", "SUCCESS", lambda: simulated("oauth2"),
      more=accepted(ACCEPTED))
login("oauth2-wrong", "ok1", "AUTH_ERR", lambda: simulated("oauth2"),
      password="wrong")
login("okta", "ok1", "SUCCESS", lambda: simulated("okta"),
      more=accepted(ACCEPTED))
login("okta-code", "totp1", "SUCCESS", lambda: simulated("okta"),
      more=("--answer", CODE, *accepted(ACCEPTED)))
login("okta-wrong-code", "totp1", "AUTH_ERR", lambda: simulated("okta"))


def throttled():
    """So many wrong passwords that the next are refused unheard."""
    configure(GENERAL.replace("max_failures = 0", "max_failures = 2")
              + f"[provider main]\ntype = rest\nurl = {service.url}/login\n")
    write("/etc/pam.d/faults", "auth required pam_extauth.so\n")
    for number in range(3):
        write("/run/wrong-password", f"wrong-{number}\n", 0o600)
        run(BUILD + "/tests/bench/pam_login", "faults", "alice",
            "/run/wrong-password")


def garbage():
    provider(keys="accept_if = /status == \"active\"\n")
    service.answer_as("/garbage")


def account(name, user, expected, prepare=None, more=()):
    scenarios.append(Scenario(
        "account-" + name, "pam", ["--call", "account", "--user", user, *more],
        expected, prepare))


def service_rules(rule):
    return lambda: configure(GENERAL + f"[service faults]\n{rule}\n"
                             "[provider main]\ntype = rest\n"
                             f"url = {service.url}/login\n")


account("allowed", "alice", "SUCCESS")
account("disabled", "dora", "ACCT_EXPIRED")
account("past-its-date", "paula", "ACCT_EXPIRED")
account("group-allowed", "alice", "SUCCESS",
        service_rules("allow_groups = admins"))
account("group-refused", "alice", "PERM_DENIED",
        service_rules("allow_groups = others"))
account("unknown", "nobodyatall", "USER_UNKNOWN")
account("linked", "bob", "SUCCESS", more=("--local",))
account("no-registry", "alice", "AUTHINFO_UNAVAIL", empty_registry)


def change(name, user, expected, prepare=None, password="right", more=()):
    scenarios.append(Scenario(
        "chauthtok-" + name, "pam", ["--call", "change", "--user", user,
                                     "--password", password, *more],
        expected, prepare))


change("right", "expired1", "SUCCESS", lambda: simulated("okta"),
       more=accepted(ACCEPTED))
change("wrong", "expired1", "AUTH_ERR", lambda: simulated("okta"), "wrong")
change("nowhere", "alice", "PERM_DENIED")
change("unknown", "nobodyatall", "USER_UNKNOWN")


def look_up(call, user, expected, mapped=True):
    for way in ("read", "mapped") if mapped else ("read",):
        scenarios.append(Scenario(
            f"nss-{call}-{way}", "nss", ["--call", call, "--user", user,
                                         "--answer", way], expected))


ALICE = "alice:*:2000200001:2000200001::/home/alice:/bin/bash"
look_up("getpwnam", "alice", ALICE)
look_up("getpwuid", "2000200001", ALICE)
look_up("getgrnam", "admins", "admins:*:2081336598:alice,dora,ok1,totp1,"
        "expired1,")
look_up("getgrgid", "2000200001", "alice:*:2000200001:")
look_up("initgroups", "alice", "4242 2081336598 ")
look_up("everybody", "", "root:x:0:0:root:/root:/bin/bash", mapped=False)
look_up("replaced", "alice", ALICE)


def writer(name, *command, prepare=None):
    scenarios.append(Scenario("registry-" + name, "command", [], "", prepare,
                              [CTL, *command]))


writer("add", "user", "add", "new", "--email", "new@example.com", "--group",
       "crew")
writer("first", "user", "add", "new", "--email", "new@example.com",
       prepare=empty_registry)
writer("import", "user", "import", "/srv/people.csv")
writer("remove", "user", "remove", "alice")
writer("disable", "user", "disable", "alice")
writer("enable", "user", "enable", "dora")


writer("restore", "registry", "restore", SAVED, prepare=lambda: save())


def save():
    """The registry is saved, as by a purge, and gone."""
    shutil.copy(KEPT + "/registry", SAVED)
    empty_registry()


def reader(name, expected, *command, more=(), statuses=(0,)):
    """A command that only reads; `expected` is the first line of what it says,
    if that counts."""
    scenarios.append(Scenario("read-" + name, "command", list(more), expected,
                              None, [CTL, *command], statuses))


reader("export", "name,email,uid,gid,gecos,home,shell,external_id,provider,"
       "source,state,not_after,groups,linked", "user", "export",
       more=("--told",))
reader("list", "name      uid         email                 state     "
       "not_after   groups", "user", "list", more=("--told",))
# Of a configuration that cannot be read it leaves something out.
reader("show", "", "user", "show", "alice")
reader("status", "", "status")
# What it finds is how the scenarios before left the machine.
reader("check", "", "check", statuses=(0, 1))
reader("metrics", "", "metrics")


def sync(name, way, prepare=lambda: None):
    def set_up():
        prepare()
        configure_sync(source(way, directory, "timeout = 1s\n"
                              "sync_deadline = 3s\n"))
    scenarios.append(Scenario(
        "sync-" + name, "command", ["--deadline", "20000", "--limit", "4500"],
        "", set_up, [CTL, "sync", "corp"]))


sync("csv", "csv")
sync("scim", "scim")
sync("first", "csv", empty_registry)

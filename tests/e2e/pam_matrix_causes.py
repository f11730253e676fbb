# SPDX-License-Identifier: MIT
"""What makes the PAM module give each of its codes, and for whom.

Does not know: what a stack makes of a code.
"""
import contextlib
import os
import shutil
from dataclasses import dataclass
from typing import Callable, Optional

from damage import CONFIG, PAM_MODULE, REGISTRY, WORKER, kept
from extauth_test import BUILD, configure, extauthctl, run, write
from fault_server import FaultServer, http_answer

REMOTE = "password of the service"
LOCAL_PASSWORD = "local password"
STAND_IN = BUILD + "/tests/pam/stand_in"
SCRIPT = "/run/pam-test/script"
CONFIG_TEXT = """[extauth]
default_provider = main
failure_delay = 1ms
login_deadline = {deadline}
{throttle}

[provider main]
type = rest
url = {url}/login
ca_file = /etc/extauth-test/ca.pem
expired_if = /is == "expired"
locked_if = /is == "locked"
second_factor_if = /is == "factor"

[service matrix]
allow_users = {allowed}
"""
# All but barred.
ALLOWED = "alice, dora, pete, nick, clash, linked"

server = FaultServer(8444)
_numbers = iter(range(10000))


@dataclass
class Cause:
    name: str               # what the log says, and what was it after a colon
    auth: Optional[str]     # the code that the module gives, None: not asked,
                            # "by form": it depends on that of the line
    account: Optional[str]
    user: str
    password: Callable
    enter: Callable         # a context in which it holds
    by: str                 # what gives the code
    asks_as: str            # the user of the host program


CAUSES = []


def right():
    return REMOTE


def wrong():
    """Another one each time: a repeated one would not be sent."""
    return f"wrong {next(_numbers)}"


@contextlib.contextmanager
def as_it_is():
    yield


def use(deadline="5s", throttle="max_failures = 0"):
    configure(CONFIG_TEXT.format(deadline=deadline, throttle=throttle,
                                 allowed=ALLOWED, url=server.url))


def cause(name, auth, account, user="alice", password=right, enter=as_it_is,
          by="module", asks_as="root"):
    CAUSES.append(Cause(name, auth, account, user, password, enter, by,
                        asks_as))


# --- what the server says ----------------------------------------------------

def answering(status, body=b"{}"):
    @contextlib.contextmanager
    def context():
        server.behave(answer=http_answer(status=status, body=body))
        yield
        server.behave()
    return context


@contextlib.contextmanager
def silent():
    server.behave(silent=True)
    use(deadline="100ms")
    yield
    use()
    server.behave()


@contextlib.contextmanager
def denying():
    """No answer to the type rest means this verdict."""
    with kept(WORKER):
        shutil.copy(STAND_IN, WORKER)
        write(SCRIPT, "verdict denied_by_policy\n")
        yield


# --- what is broken ----------------------------------------------------------

def without(*paths):
    @contextlib.contextmanager
    def context():
        with kept(*paths):
            for path in paths:
                os.unlink(path)
            yield
    return context


@contextlib.contextmanager
def with_unknown_key():
    with kept(CONFIG):
        with open(CONFIG, "a", encoding="ascii") as file:
            file.write("ulr = x\n")
        yield


@contextlib.contextmanager
def paused():
    use(throttle="max_failures = 1\nfailure_pause = 10m")
    server.behave(answer=http_answer(status="401 No"))
    yield
    server.behave()
    extauthctl("user", "unlock", "alice")
    use()


# --- each --------------------------------------------------------------------

cause("accepted", "SUCCESS", "SUCCESS")
cause("rejected", "AUTH_ERR", None, "alice", wrong, answering("401 No"))
cause("expired", "AUTH_ERR", None, "alice", wrong,
      answering("401 No", b'{"is": "expired"}'))
cause("locked", "AUTH_ERR", None, "alice", wrong,
      answering("401 No", b'{"is": "locked"}'))
cause("second_factor_needed", "AUTH_ERR", None, "alice", wrong,
      answering("401 No", b'{"is": "factor"}'))
cause("denied_by_policy", "AUTH_ERR", None, "alice", wrong, denying,
      by="stand-in")
cause("throttled", "MAXTRIES", None, "alice", wrong, answering("429 Slow"))
cause("unavailable", "AUTHINFO_UNAVAIL", None, "alice", right,
      answering("503 Down"))
cause("misconfigured", "AUTHINFO_UNAVAIL", None, "alice", right,
      answering("404 Gone"))
cause("unavailable:late", "AUTHINFO_UNAVAIL", None, "alice", right, silent)
cause("fault", "SYSTEM_ERR", None, "alice", right, without(WORKER))
cause("module-gone", "MODULE_UNKNOWN", "MODULE_UNKNOWN", "alice", right,
      without(PAM_MODULE))
cause("bad_configuration", "SERVICE_ERR", "SERVICE_ERR", "alice", right,
      with_unknown_key)
cause("registry_unavailable", "AUTHINFO_UNAVAIL", "AUTHINFO_UNAVAIL", "alice", right,
      without(REGISTRY))
cause("not_root", "AUTHINFO_UNAVAIL", "SUCCESS", "alice", right,
      asks_as="local")
cause("no_password", "by form", None, "alice", lambda: None)
cause("password_refused:empty", "AUTH_ERR", None, "alice", lambda: "")
cause("password_refused:control", "AUTH_ERR", None, "alice", lambda: "a\x01b")
cause("throttled_locally", "AUTH_ERR", None, "alice", wrong, paused)
cause("disabled", "AUTH_ERR", "ACCT_EXPIRED", "dora")
cause("past_not_after", "AUTH_ERR", "ACCT_EXPIRED", "pete")
cause("service_not_allowed", "AUTH_ERR", "PERM_DENIED", "barred")
cause("name_clash", "AUTH_ERR", "PERM_DENIED", "nick")
cause("name_clash:local", "USER_UNKNOWN", "USER_UNKNOWN", "clash")
cause("accepted:linked", "SUCCESS", "SUCCESS", "linked")
cause("bad_configuration:linked", "USER_UNKNOWN", "USER_UNKNOWN", "linked", right,
      with_unknown_key)
cause("unknown", "USER_UNKNOWN", "USER_UNKNOWN", "ghost")
cause("not_ours", "USER_UNKNOWN", "USER_UNKNOWN", "other")


def add_people():
    """The users of all causes."""
    users = ("alice", "dora", "barred", "nick", "clash")
    for name in users:
        extauthctl("user", "add", name, "--email", name + "@example.com")
    extauthctl("user", "add", "pete", "--email", "pete@example.com",
               "--not-after", "2020-12-31")
    extauthctl("user", "disable", "dora")
    for name in ("local", "expired", "linked"):
        run("useradd", "-m", "-s", "/bin/bash", name, check=True)
    run("chage", "-E", "1", "expired", check=True)
    passwords = "".join(f"{name}:{LOCAL_PASSWORD}\n"
                        for name in ("root", "local", "expired", "linked"))
    run("chpasswd", "-c", "SHA256", "-s", "1000", input=passwords, check=True)
    extauthctl("user", "add", "linked", "--email", "linked@example.com",
               "--local")
    with open("/etc/passwd", "a", encoding="ascii") as file:
        file.write("clash:*:1777:1777::/:/bin/sh\n")
    for name, uid in (("other", 4711), ("nick", 4712)):
        write(f"/etc/userdb/{name}.user",
              f'{{"userName": "{name}", "uid": {uid}, "gid": {uid}}}\n')
        os.symlink(f"{name}.user", f"/etc/userdb/{uid}.user")
    run("sed", "-i", "-E", r"s/^(passwd|group|shadow):.*/\1: files systemd"
        " extauth/", "/etc/nsswitch.conf", check=True)

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Who is disabled or past the date gets in nowhere: not with a password, not
with a key, not by cron, sudo or su; also with the registry gone or damaged."""
import contextlib

from extauth_test import *
from terminal import finish, spawn_as

REGISTRY = "/var/lib/extauth/registry"
NSS = "/var/lib/extauth/nss"
REMOTE = "password of the service"
LINKED = "linked password"
KEY = "/run/test-key"
PAM_SUCCESS, PAM_AUTH_ERR, PAM_AUTHINFO_UNAVAIL = 0, 7, 9
PAM_ACCT_EXPIRED = 13
# What keeps each of them out, as the log names it.
OUT = {"dora": "disabled", "pete": "past_not_after"}

service = Service()
service.users({f"{name}@example.com": REMOTE
               for name in ("alice", "dora", "pete", "linked")})
configure(f"""[extauth]
default_provider = main
failure_delay = 100ms
max_failures = 0

[provider main]
type = rest
url = {service.url}/login
ca_file = {PKI}/ca.pem
""")


def give_key(name):
    """Puts the public key into the home of a user."""
    home = f"/home/{name}"
    os.makedirs(home + "/.ssh", mode=0o700, exist_ok=True)
    with open(KEY + ".pub", encoding="ascii") as file:
        write(home + "/.ssh/authorized_keys", file.read(), 0o600)
    run("chown", "-R", f"{name}:{name}", home, check=True)


run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", KEY, check=True)
add_local_user("linked", LINKED)
add_user("alice")
add_user("dora")
add_user("pete", None, "--not-after", "2020-12-31")
add_user("linked", None, "--local")
for account in ("alice", "dora", "pete", "linked"):
    give_key(account)
extauthctl("user", "disable", "dora")
write("/etc/pam.d/test-remote", "auth required pam_extauth.so\n"
      "account required pam_extauth.so\n")
write("/etc/sudoers.d/test", "alice, dora, pete, linked ALL=(ALL:ALL) "
      "NOPASSWD: ALL\n", 0o440)
Sshd()


# --- ways in -----------------------------------------------------------------

def by_password(name, password=REMOTE, method="password"):
    return ssh(name, password, method=method)


def by_key(name):
    return ssh(name, "", "id -un", "-i", KEY, method="publickey")


def by_sudo(name):
    """sudo that asks for no password, so that its account step decides."""
    child = spawn_as(name, "/usr/bin/sudo", "id", "-un")
    return finish(child)


def pam_login(name, password=REMOTE, stack="test-remote"):
    """Returns the PAM code of authentication and account step."""
    write("/run/test-password", password + "\n", 0o600)
    return run(BUILD + "/tests/bench/pam_login", stack, name,
               "/run/test-password").status


def account_step(name, stack="test-remote", *prefix):
    """Returns what pamtester says of the account step alone."""
    result = run(*prefix, "pamtester", stack, name, "acct_mgmt")
    return (result.output + result.errors).strip()


def cron_runs(*names):
    """Runs a job of each as real cron's @reboot, and returns whose job ran and
    the log. A job of root, which is always let in, shows that cron is done."""
    marker = "/tmp/job-of-"
    for name in (*names, "root"):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(marker + name)
        path = "/var/spool/cron/crontabs/" + name
        write(path, f"@reboot touch {marker}{name}\n", 0o600)
        uid = "0" if name == "root" else str(UIDS[name])
        run("chown", f"{uid}:crontab", path, check=True)
    with contextlib.suppress(FileNotFoundError):
        os.unlink("/run/crond.reboot")
    mark = LogMark()
    process = start("/usr/sbin/cron", "-f")
    wait_until(lambda: os.path.exists(marker + "root"), "the job of root")
    for name in names:
        mark.wait(rf"(?i)cron.*(\b{name}\b.*(orphan|CMD|result=)"
                  rf"|(orphan|CMD|result=).*\b{name}\b)")
    stop(process)
    return [n for n in names if os.path.exists(marker + n)], mark.text()


def uid_of(name):
    return int(run("id", "-u", name, check=True).output)


UIDS = {name: uid_of(name) for name in ("alice", "dora", "pete", "linked")}


@contextlib.contextmanager
def moved_away(*paths):
    for path in paths:
        os.rename(path, path + ".away")
    try:
        yield
    finally:
        for path in paths:
            os.rename(path + ".away", path)


def all_refused(names):
    """Neither password nor key lets anybody in over ssh; nothing is sent."""
    service.clear()
    for name in names:
        refused(by_password(name))
        refused(by_key(name))
    equal(service.requests(), [])


# --- tests -------------------------------------------------------------------

@test
def enabled_user_gets_in_everywhere():
    logged_in(by_password("alice"), "alice")
    logged_in(by_key("alice"), "alice")
    equal(pam_login("alice"), PAM_SUCCESS)
    status, output = by_sudo("alice")
    equal((status, output.split()), (0, ["root"]))


@test
def ssh_refuses_password_and_key_and_says_why():
    service.clear()
    for name, result in OUT.items():
        for method in ("password", "keyboard-interactive"):
            mark = LogMark()
            refused(by_password(name, method=method))
            mark.wait(rf"\(sshd:auth\): result={result} user={name} ")
        mark = LogMark()
        assert by_key(name).status == 255
        mark.wait(rf"\(sshd:account\): result={result} user={name} ")
    equal(service.requests(), [])


run_tests()

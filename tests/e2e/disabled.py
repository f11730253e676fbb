#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Who is disabled or past the date gets in nowhere: not with a password, not
with a key, not by cron, sudo or su; also with the registry gone or damaged."""
import contextlib
import datetime
from concurrent.futures import ThreadPoolExecutor

from extauth_test import *

REGISTRY = "/var/lib/extauth/registry"
NSS = "/var/lib/extauth/nss"
REMOTE = "password of the service"
KEY = "/run/test-key"
PAM_SUCCESS, PAM_AUTH_ERR = 0, 7
EXPIRED = "pamtester: User account has expired"
UNAVAILABLE = ("pamtester: Authentication service cannot retrieve "
               "authentication info")
# What keeps each of them out, as the log names it.
OUT = {"dora": "disabled", "pete": "past_not_after"}

service = Service()
service.users({f"{name}@example.com": REMOTE
               for name in ("alice", "dora", "pete", "soon")})
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
    """Lets the key of the test log in as a user."""
    home = f"/home/{name}"
    os.makedirs(home + "/.ssh", mode=0o700)
    with open(KEY + ".pub", encoding="ascii") as file:
        write(home + "/.ssh/authorized_keys", file.read(), 0o600)
    run("chown", "-R", f"{name}:{name}", home, check=True)


run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", KEY, check=True)
add_user("alice")
add_user("dora")
add_user("pete", None, "--not-after", "2020-12-31")
for account in ("alice", *OUT):
    give_key(account)
UIDS = {name: int(run("id", "-u", name, check=True).output)
        for name in ("alice", *OUT)}
extauthctl("user", "disable", "dora")
write("/etc/pam.d/test-remote", "auth required pam_extauth.so\n"
      "account required pam_extauth.so\n")
write("/etc/sudoers.d/test", "ALL ALL=(ALL:ALL) NOPASSWD: ALL\n", 0o440)
Sshd()


# --- ways in -----------------------------------------------------------------

def by_password(name, method="password"):
    return ssh(name, REMOTE, method=method)


def by_key(name):
    return ssh(name, "", "id -un", "-i", KEY, method="publickey")


def by_sudo(name):
    """sudo that asks for no password, so that its account step decides."""
    uid = str(UIDS[name])
    return run("setpriv", "--reuid", uid, "--regid", uid, "--clear-groups",
               "sudo", "-n", "id", "-un")


def by_su(name):
    """su by root, which asks for no password either."""
    return run("su", name, "-c", "id -un")


def pam_login(name):
    """Returns the PAM code of authentication and account step."""
    write("/run/test-password", REMOTE + "\n", 0o600)
    return run(BUILD + "/tests/bench/pam_login", "test-remote", name,
               "/run/test-password").status


def account_step(name, *prefix):
    """Returns what the account step alone says, called by pamtester."""
    result = run(*prefix, "pamtester", "test-remote", name, "acct_mgmt")
    return (result.output + result.errors).strip()


def no_way_in(results):
    """Fails if a program let anybody in."""
    for result in results:
        assert result.status != 0 and result.output == "", result


def ssh_refuses(*names):
    """Neither a password nor a key opens anything; all at the same time, since
    sshd is slow to refuse."""
    service.clear()
    ways = [lambda n=name, w=way: w(n)
            for name in names
            for way in (by_password, by_key)]
    with ThreadPoolExecutor() as pool:
        no_way_in(list(pool.map(lambda way: way(), ways)))
    equal(service.requests(), [])


def job(name):
    return f"/tmp/job-of-{name}"


def start_jobs(*names):
    """Starts the real cron with a job of each for its start."""
    for name in names:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(job(name))
        write("/var/spool/cron/crontabs/" + name,
              f"@reboot touch {job(name)}\n", 0o600)
    with contextlib.suppress(FileNotFoundError):
        os.unlink("/run/crond.reboot")
    return start("/usr/sbin/cron", "-f")


def cron_refuses(pattern, *names):
    """cron runs the job of root, and none of `names`; for each of them the log
    has a line that matches `pattern`."""
    mark = LogMark()
    cron = start_jobs("root", *names)
    for name in names:
        mark.wait(pattern.format(name=name, result=OUT.get(name)))
    wait_until(lambda: os.path.exists(job("root")), "the job of root")
    stop(cron)
    equal([name for name in names if os.path.exists(job(name))], [], "ran")


@contextlib.contextmanager
def gone(*paths):
    """Takes files away and puts them back."""
    for path in paths:
        os.rename(path, path + ".away")
    try:
        yield
    finally:
        for path in paths:
            os.rename(path + ".away", path)


# --- with the registry in place ----------------------------------------------

@test
def who_is_enabled_gets_in_everywhere():
    logged_in(by_password("alice"), "alice")
    logged_in(by_key("alice"), "alice")
    equal((by_sudo("alice").output, by_su("alice").output),
          ("root\n", "alice\n"))
    cron = start_jobs("alice")
    wait_until(lambda: os.path.exists(job("alice")), "the job of alice")
    stop(cron)


@test
def ssh_refuses_who_is_out_with_password_and_key():
    mark = LogMark()
    ssh_refuses(*OUT)
    for name, result in OUT.items():
        for step in ("auth", "account"):
            mark.wait(rf"\(sshd:{step}\): result={result} user={name} ")


@test
def ssh_refuses_who_is_out_by_keyboard_interactive():
    service.clear()
    with ThreadPoolExecutor() as pool:
        no_way_in(list(pool.map(
            lambda name: by_password(name, "keyboard-interactive"), OUT)))
    equal(service.requests(), [])


@test
def sudo_and_su_refuse_who_is_out():
    for name, result in OUT.items():
        mark = LogMark()
        no_way_in([by_sudo(name), by_su(name)])
        for host in ("sudo", "su"):
            mark.wait(rf"\({host}:account\): result={result} user={name} ")


@test
def cron_runs_no_job_of_who_is_out():
    cron_refuses(r"\(cron:account\): result={result} user={name} ", *OUT)


@test
def account_step_says_expired_to_root_and_to_others():
    for name in OUT:
        equal(account_step(name), EXPIRED, name)
        equal(account_step(name, "setpriv", "--reuid", "nobody",
                           "--clear-groups"), EXPIRED, name)


@test
def files_of_who_is_disabled_keep_their_owner():
    equal(run("stat", "-c", "%U", "/home/dora").output, "dora\n")


# --- the moment that counts --------------------------------------------------

@test
def disabling_counts_from_the_next_login_on():
    logged_in(by_key("alice"), "alice")
    extauthctl("user", "disable", "alice")
    ssh_refuses("alice")
    no_way_in([by_sudo("alice")])
    extauthctl("user", "enable", "alice")
    logged_in(by_password("alice"), "alice")
    logged_in(by_key("alice"), "alice")


@test
def date_counts_by_itself_when_it_comes():
    end = (datetime.datetime.now(datetime.timezone.utc)
           + datetime.timedelta(seconds=6))
    add_user("soon", None, "--not-after", end.strftime("%Y-%m-%dT%H:%M:%SZ"))
    equal(pam_login("soon"), PAM_SUCCESS)
    wait_until(lambda: account_step("soon") == EXPIRED, "the date")
    service.clear()
    equal(pam_login("soon"), PAM_AUTH_ERR)
    equal(service.requests(), [])


# --- without the registry, or with what is left of it ------------------------

@test
def who_is_out_stays_out_with_the_registry_gone():
    with gone(REGISTRY):
        ssh_refuses(*OUT)
        for name in OUT:
            no_way_in([by_sudo(name), by_su(name)])
            equal(account_step(name), UNAVAILABLE, name)
        cron_refuses(r"\(cron:account\): result=registry_unavailable "
                     r"user={name} ", *OUT)


@test
def who_is_out_stays_out_with_both_files_gone():
    with gone(REGISTRY, NSS):
        ssh_refuses(*OUT)
        for name in OUT:
            no_way_in([by_sudo(name), by_su(name)])
            equal(account_step(name), UNAVAILABLE, name)
        cron_refuses(r"\({name}\) ORPHAN \(no passwd entry\)", *OUT)


def damaged(old, name):
    """Returns the registry with the name of a user spoilt, and with all that
    comes after its first mention spoilt."""
    place = old.index(name.encode())
    yield old[:place] + b"\xff" + old[place + 1:]
    yield old[:place] + b"q" + old[place + 1:]
    yield old[:place] + bytes(len(old) - place)


@test
def who_is_out_stays_out_with_a_damaged_record():
    with open(REGISTRY, "rb") as file:
        old = file.read()
    try:
        for name in OUT:
            for spoilt in damaged(old, name):
                with open(REGISTRY, "r+b") as file:
                    file.write(spoilt)
                no_way_in([by_key(name), by_sudo(name), by_su(name)])
                equal(account_step(name), UNAVAILABLE, name)
    finally:
        with open(REGISTRY, "r+b") as file:
            file.write(old)


@test
def who_is_out_stays_out_with_a_registry_that_does_not_know_him():
    """As after a crash between the two files, or a restored backup."""
    with open(REGISTRY, "rb") as file:
        old = file.read()
    with open(NSS, "rb") as file:
        old_nss = file.read()
    for name in OUT:
        extauthctl("user", "remove", name)
    with open(NSS, "r+b") as file:
        file.truncate(0)
        file.write(old_nss)
    try:
        for name in OUT:
            equal(run("id", "-un", name).output.strip(), name)
            no_way_in([by_key(name), by_sudo(name), by_su(name)])
            equal(account_step(name), UNAVAILABLE, name)
    finally:
        with open(REGISTRY, "r+b") as file:
            file.truncate(0)
            file.write(old)


run_tests()

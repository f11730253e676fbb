# SPDX-License-Identifier: MIT
"""Ways into a machine: each tells whether a person got in, or was refused.

Does not know: who should get in.
"""
import os
import stat
import time

import pexpect

from extauth_test import run, spawn, ssh, start, stop, wait_until, write
from terminal import finish

KEY = "/etc/ssh/test-key"
JOBS = "/run/jobs"
# The default of OpenSSH takes most of the time of such a login.
QUICK = ("-o", "KexAlgorithms=curve25519-sha256")


def prepare(names):
    """Gives all of them the key of the test, and sudo; the delays of the hosts
    themselves after a refusal go."""
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", KEY, check=True)
    with open(KEY + ".pub", encoding="ascii") as file:
        public = file.read()
    for name in names:
        write("/etc/ssh/keys/" + name, public)
    write("/etc/sudoers.d/test", "Defaults passwd_tries=1, !lecture\n"
          "Defaults timestamp_timeout=0\nALL ALL=(ALL:ALL) ALL\n", 0o440)
    run("sed", "-i", "-E", "s/(pam_unix.so.*)/\\1 nodelay/",
        "/etc/pam.d/common-auth", check=True)
    run("sed", "-i", "s/delay=3000000/delay=100000/", "/etc/pam.d/login",
        check=True)
    run("sed", "-i", "-E", "s/^FAIL_DELAY.*/FAIL_DELAY 0/", "/etc/login.defs",
        check=True)
    for startup in (".bashrc", ".profile", ".bash_profile"):
        write("/root/" + startup, "")


def got_in(result, output):
    """Tells whether a command was run; it must say what it says there, and
    nothing where it was refused."""
    if result.status == 0 and result.output == output + "\n":
        return True
    if result.status == 0 or result.output:
        raise AssertionError(f"neither let in nor refused: {result}")
    return False


def by_ssh(person):
    return got_in(ssh(person.name, person.password, "id -un", *QUICK),
                  person.name)


def by_key(person):
    return got_in(ssh(person.name, "", "id -un", *QUICK, "-i", KEY,
                      method="publickey"), person.name)


def by_sudo(person):
    """His own password makes him root."""
    uid = str(person.uid)
    return got_in(run("setpriv", "--reuid", uid, "--regid", uid,
                      "--clear-groups", "sudo", "-S", "-p", "", "id", "-un",
                      input=person.password + "\n", start_new_session=True),
                  "root")


def by_su(person):
    """A local user becomes him with his password."""
    return got_in(run("setpriv", "--reuid", "local", "--regid", "local",
                      "--init-groups", "su", person.name, "-c", "id -un",
                      input=person.password + "\n", start_new_session=True),
                  person.name)


def by_su_of_root(person):
    """Root becomes him, without a password: the account step decides."""
    return got_in(run("su", person.name, "-c", "id -un"), person.name)


def by_login(person):
    """login(1) on a terminal."""
    child = spawn("/bin/login", env={**os.environ, "TERM": "dumb"}, timeout=30)
    child.delaybeforesend = 0.02
    child.expect("login: ")
    child.sendline(person.name)
    child.expect("Password: ")
    child.sendline(person.password)
    found = child.expect([r"[#$] $", "Login incorrect|failure",
                          pexpect.EOF])
    if found == 0:
        child.sendline("exec id -un")
        status, output = finish(child)
        if (status, output.split()[-1:]) != (0, [person.name]):
            raise AssertionError(f"login of {person.name}: {status} {output}")
        return True
    child.close(force=True)
    return False


def is_done(process):
    """Tells whether cron started all jobs, so that it sleeps, and all ended."""
    path = f"/proc/{process.pid}/"
    with open(path + "stat", encoding="ascii") as file:
        if file.read().rsplit(")", 1)[1].split()[0] != "S":
            return False
    with open(f"{path}task/{process.pid}/children", encoding="ascii") as file:
        return file.read().strip() == ""


def by_cron(people):
    """The names of those whose jobs the real cron runs at its start; that of
    root is among them."""
    run("rm", "-rf", JOBS, "/run/crond.reboot", "/var/spool/cron/crontabs",
        check=True)
    os.makedirs(JOBS)
    os.chmod(JOBS, stat.S_IRWXU | stat.S_IRWXG | stat.S_IRWXO)
    for name in {"root", *(person.name for person in people)}:
        write("/var/spool/cron/crontabs/" + name,
              f"@reboot id -un >{JOBS}/{name}\n", 0o600)
    cron = start("/usr/sbin/cron", "-f")
    wait_until(lambda: os.path.exists(JOBS + "/root"), "the job of root", 30)
    wait_until(lambda: is_done(cron), "the end of the jobs", 30)
    stop(cron)
    return set(os.listdir(JOBS))


PASSWORD_WAYS = (by_ssh, by_sudo, by_login, by_su)
ACCOUNT_WAYS = (by_key, by_su_of_root, by_cron)


def seconds_of(program, *arguments, rounds):
    """The least time that a program which must succeed takes."""
    times = []
    for _ in range(rounds):
        started = time.monotonic()
        run(program, *arguments, check=True)
        times.append(time.monotonic() - started)
    return min(times)

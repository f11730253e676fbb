#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The installed packages through an administrator's day: logins by ssh, on a
console, with su and sudo against nginx, the PAM profile on and off, removal,
purge, and back again.

Started by debian/tests/day. In the environment may stand EXTAUTH_DEBS, the
directory to install from by dpkg (else apt-get does), and EXTAUTH_BEFORE, a
copy of nsswitch.conf and pam.d from before the installation.
"""
import glob
import os
import re
import stat

from extauth_test import *
from terminal import Console, finish, spawn_as

PACKAGES = ("libpam-extauth", "libnss-extauth", "extauth")
DEBS = os.environ.get("EXTAUTH_DEBS")
BEFORE = os.environ.get("EXTAUTH_BEFORE")
PORT = 2222
LOCAL = ("breakglass", "local password")
PASSWORD = "correct horse"
BACKUPS = "/var/backups/extauth-registry-*"
MODES = {
    "/usr/sbin/extauthctl": 0o755,
    "/usr/libexec/extauth/extauth-exchange": 0o755,
    "/etc/extauth": 0o755,
    "/etc/extauth/extauth.conf": 0o644,
    "/etc/extauth/conf.d": 0o755,
    "/etc/extauth/secrets": 0o700,
    "/var/lib/extauth": 0o755,
    "/run/extauth": 0o700,
}


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def stacks():
    """Returns the text of the files that pam-auth-update writes."""
    return {path: read(path) for path in glob.glob("/etc/pam.d/common-*")}


def before(path):
    """Returns what a file held before the packages came: nsswitch.conf gets
    one word from them, and pam.d nothing until the profile is enabled."""
    if BEFORE:
        return read(BEFORE + path)
    return re.sub(r"(?m)^((?:passwd|group):.*) extauth$", r"\1", read(path))


def install():
    """Installs the three packages and returns what was said."""
    if DEBS:
        files = [glob.glob(f"{DEBS}/{name}_*.deb")[0] for name in PACKAGES]
        done = run("dpkg", "--force-confold", "-i", *files, timeout=120)
    else:
        done = run("apt-get", "-q", "-y", "install", *PACKAGES, timeout=120)
    equal(done.status, 0, done.output + done.errors)
    return done.output + done.errors


def take_away(how):
    """Removes or purges them and returns what was said."""
    command = ["dpkg", "--" + how] if DEBS else ["apt-get", "-q", "-y", how]
    done = run(*command, *PACKAGES, timeout=120)
    equal(done.status, 0, done.output + done.errors)
    return done.output + done.errors


def profile(verb):
    run("pam-auth-update", "--package", "--" + verb, "extauth", check=True)


def log_in(name, password, method="password"):
    result = ssh(name, password, port=PORT, method=method)
    return result.status == 0 and result.output.strip() == name


def uid_of(name):
    """Returns what NSS says, or None."""
    done = run("getent", "passwd", name)
    return int(done.output.split(":")[2]) if done.status == 0 else None


STACKS = stacks()
nsswitch_before = before("/etc/nsswitch.conf")
nginx = Nginx()
nginx.users({f"{name}@example.com": PASSWORD for name in ("alice", "bob")})
add_local_user(*LOCAL)
set_local_password("root", "root password")
sshd = Sshd(port=PORT)


def configure_provider():
    """As an administrator does: extauth.conf stays as it was shipped."""
    write("/etc/extauth/conf.d/50-test.conf", f"""[extauth]
default_provider = main
failure_delay = 100ms
max_failures = 0

[provider main]
type = basic
url = {nginx.url}/auth
ca_file = {PKI}/ca.pem
""")


# --- installed --------------------------------------------------------------

@test
def files_have_their_modes():
    for path, mode in MODES.items():
        status = os.stat(path)
        equal((stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid),
              (mode, 0, 0), path)
    for package in PACKAGES:
        for path in run("dpkg", "-L", package).output.split():
            mode = stat.S_IMODE(os.stat(path).st_mode)
            equal(mode & 0o6022, 0, f"{path}: {mode:o}")


@test
def the_worker_has_a_user_who_cannot_log_in():
    account = read("/etc/passwd").split("\nextauth:")[1].split("\n")[0]
    assert account.endswith(":/usr/sbin/nologin"), account
    equal(run("passwd", "-S", "extauth").output.split()[1], "L")


@test
def man_pages_are_there():
    for page in ("8/extauthctl.8", "5/extauth.conf.5", "8/pam_extauth.8"):
        assert os.path.exists(f"/usr/share/man/man{page}.gz"), page


@test
def nobodys_login_changes_before_the_profile_is_enabled():
    for line in ("passwd", "group"):
        assert re.search(rf"(?m)^{line}:.* extauth$",
                         read("/etc/nsswitch.conf")), line
    assert not any("pam_extauth" in text for text in STACKS.values())
    if BEFORE:
        for path, text in STACKS.items():
            equal(text, read(BEFORE + path), path)
    configure_provider()
    add_user("alice")
    assert not log_in("alice", PASSWORD)
    assert log_in(*LOCAL)


# --- in use -----------------------------------------------------------------

@test
def ssh_logs_in_once_the_profile_is_enabled():
    profile("enable")
    assert log_in("alice", PASSWORD)
    assert log_in("alice", PASSWORD, method="keyboard-interactive")
    assert not log_in("alice", "wrong")
    assert log_in(*LOCAL)


@test
def nss_knows_the_person_and_her_group():
    uid = uid_of("alice")
    contains(run("getent", "passwd", str(uid)).output, "alice:*:")
    contains(run("getent", "group", "alice").output, f"alice:*:{uid}:")
    equal(run("id", "-u", "alice").output.strip(), str(uid))


@test
def console_logs_in():
    console = Console("tty1")
    console.log_in("alice", PASSWORD)
    console.expect_shell()
    equal(console.command("id -un"), "alice")
    console.close()


@test
def su_and_sudo_take_the_password_of_the_service():
    write("/etc/sudoers.d/extauth-test", "alice ALL=(ALL:ALL) ALL\n", 0o440)
    child = spawn_as(LOCAL[0], "/bin/su", "alice", "-c", "id -un")
    child.expect("Password: ")
    child.sendline(PASSWORD)
    status, output = finish(child)
    equal((status, output.split()), (0, ["alice"]))
    child = spawn_as("alice", "/usr/bin/sudo", "-k", "id", "-un")
    child.expect("assword.*: ")
    child.sendline(PASSWORD)
    status, output = finish(child)
    equal((status, output.split()), (0, ["root"]))


@test
def who_is_disabled_stays_out():
    extauthctl("user", "disable", "alice")
    assert not log_in("alice", PASSWORD)
    extauthctl("user", "enable", "alice")
    assert log_in("alice", PASSWORD)


@test
def the_profile_can_be_disabled_and_enabled():
    profile("disable")
    equal(stacks(), STACKS)
    assert not log_in("alice", PASSWORD)
    assert log_in(*LOCAL)
    profile("enable")
    assert log_in("alice", PASSWORD)


# --- away and back ------------------------------------------------------------

uids = {}


def machine_is_as_before():
    equal(read("/etc/nsswitch.conf"), nsswitch_before)
    equal(stacks(), STACKS)
    assert log_in(*LOCAL)
    assert log_in("root", "root password")
    assert not log_in("alice", PASSWORD)


@test
def removal_leaves_the_machine_as_it_was_and_keeps_the_registry():
    take_away("remove")
    machine_is_as_before()
    assert os.path.exists("/var/lib/extauth/registry")
    assert os.path.exists("/etc/extauth/conf.d/50-test.conf")


@test
def a_new_installation_finds_the_registry_and_says_how_things_are():
    output = install()
    contains(output, "pam_absent")
    profile("enable")
    assert log_in("alice", PASSWORD)


@test
def purge_names_the_copy_of_the_registry_that_it_leaves():
    extauthctl("secret", "set", "token", input="secret\n")
    add_user("bob")
    uids.update({name: uid_of(name) for name in ("alice", "bob")})
    extauthctl("user", "remove", "bob")
    home = os.path.expanduser("~alice")
    os.makedirs(home, exist_ok=True)
    output = take_away("purge")
    machine_is_as_before()
    copy, = glob.glob(BACKUPS)
    contains(output, copy)
    equal(stat.S_IMODE(os.stat(copy).st_mode), 0o600)
    for path in ("/etc/extauth", "/var/lib/extauth", "/run/extauth"):
        assert not os.path.lexists(path), path
    assert os.path.isdir(home)


@test
def the_next_installation_brings_everybody_back_with_the_same_uid():
    output = install()
    copy, = glob.glob(BACKUPS)
    contains(output, f"extauthctl registry restore {copy}")
    equal(uid_of("alice"), None)
    extauthctl("registry", "restore", copy)
    configure_provider()
    profile("enable")
    assert log_in("alice", PASSWORD)
    equal(uid_of("alice"), uids["alice"])
    add_user("bob")
    assert uid_of("bob") not in (None, uids["bob"]), uids


@test
def a_purge_with_nobody_registered_leaves_no_copy():
    take_away("purge")
    for path in glob.glob(BACKUPS):
        os.unlink(path)
    contains(install(), "extauthctl setup")
    take_away("purge")
    equal(glob.glob(BACKUPS), [])
    machine_is_as_before()


run_tests()

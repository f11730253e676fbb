#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The first login makes the home directory, set up as README.md says."""
import pwd
import stat

from extauth_test import *
from terminal import Console

service = Service()
service.users({f"{name}@example.com": "right"
               for name in ("alice", "bob", "carol", "dora")})
configure(f"""[extauth]
default_provider = main
email_login_names = yes
failure_delay = 100ms

[provider main]
type = rest
url = {service.url}/login
ca_file = {PKI}/ca.pem
""")
for user in ("alice", "carol", "dora"):
    add_user(user)
extauthctl("user", "add", "bob@example.com")
Sshd()


def commands_of_readme(part):
    """Returns the block of commands of README.md that has `part` in it."""
    with open(SOURCE + "/README.md", encoding="utf-8") as readme:
        blocks = readme.read().split("```\n")[1::2]
    block, = [block for block in blocks if part in block]
    return block


def has_own_home(name):
    """Fails unless the home is there, the user's alone, and filled."""
    account = pwd.getpwnam(name)
    state = os.stat(account.pw_dir)
    equal((stat.S_IMODE(state.st_mode), state.st_uid, state.st_gid),
          (0o700, account.pw_uid, account.pw_gid), account.pw_dir)
    for file in os.listdir("/etc/skel"):
        state = os.stat(f"{account.pw_dir}/{file}")
        equal((state.st_uid, state.st_gid),
              (account.pw_uid, account.pw_gid), file)


@test
def commands_of_the_readme_set_it_up():
    run("sh", "-e", "-x", input=commands_of_readme("mkhomedir"), cwd=SOURCE,
        check=True)
    with open("/etc/pam.d/common-session", encoding="ascii") as session:
        contains(session.read(), "pam_mkhomedir.so")


@test
def first_login_by_ssh_makes_the_home():
    for name in ("alice", "bob@example.com"):
        assert not os.path.exists("/home/" + name)
        result = ssh(name, "right", "pwd")
        equal((result.status, result.output), (0, f"/home/{name}\n"),
              result.errors)
        has_own_home(name)


@test
def first_login_at_the_console_makes_the_home():
    assert not os.path.exists("/home/carol")
    console = Console("tty1")
    console.log_in("carol", "right")
    console.expect_shell()
    equal(console.command("pwd"), "/home/carol")
    console.close()
    has_own_home("carol")


@test
def refused_login_makes_no_home():
    refused(ssh("dora", "wrong"))
    assert not os.path.exists("/home/dora")


@test
def second_login_leaves_the_home_as_it_is():
    os.chmod("/home/alice", 0o750)
    write("/home/alice/.profile", "own\n")
    equal(ssh("alice", "right", "cat .profile").output, "own\n")
    equal(stat.S_IMODE(os.stat("/home/alice").st_mode), 0o750)


run_tests()

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""passwd(1) changes a password at Okta; forgotten ones are mailed by Okta and
PingOne; where neither goes, people are told where to go."""
from extauth_test import *
from providers_case import *
from terminal import finish, spawn_as

NEW = "New-Password-2"
QUESTION = ("Forgot your password? Send a reset mail to the registered "
            "address [y/N]")

simulators = start_simulators("okta", "pingone", "aptify")
okta = simulators["okta"]
configure_all(simulators, "explain_refusals = yes\n",
              provider_section("aptify", simulators, "password_page = "
                               "https://id.example.com/password\n", "page")
              + provider_section("okta", simulators, "api_token_file = "
                                 "/etc/extauth/secrets/token\n", "trusted"))
write("/etc/extauth/secrets/token", "api-token\n", 0o600)
run("sed", "-i", "/^password.*pam_unix/i password [success=done "
    "user_unknown=ignore default=die] pam_extauth.so",
    "/etc/pam.d/common-password", check=True)
run("sed", "-i", "s/pam_extauth.so.*/& forgot_password/",
    "/etc/pam.d/common-auth", check=True)
add_local_user("local", "local password")
_users = iter(range(1, 100))


def new_user(way, kind):
    number = next(_users)
    name, email = f"{kind}-u{number}", f"{kind}{number}@example.com"
    add_user_of(way, name, email)
    return name, email


def passwd(name, old, new, again=None):
    """Runs passwd(1) as the user; returns its status and what it said."""
    child = spawn_as(name, "/usr/bin/passwd")
    said = ""
    for text in (old, new, again or new):
        number = child.expect(["(?i)password.*: $", pexpect.EOF])
        said += child.before
        if number == 1:
            break
        said += child.after
        child.sendline(text)
    status, rest = finish(child)
    return status, said + rest


@test
def passwd_changes_an_expired_password_at_okta():
    name, email = new_user("okta", "expired")
    status, said = passwd(name, PASSWORD, NEW)
    equal(status, 0, said)
    change, = okta.requests("change_password")
    equal(json.loads(change["body"])["newPassword"], NEW)
    assert okta.passwords(email) <= 2, okta.passwords(email)


@test
def passwd_changes_any_password_with_an_api_token_and_none_without():
    name, email = new_user("trusted", "ok")
    okta.clear()
    status, said = passwd(name, PASSWORD, NEW)
    equal(status, 0, said)
    change, = okta.requests("change_password")
    equal((change["headers"]["authorization"], change["status"]),
          ("SSWS api-token", 200))
    assert okta.passwords(email) <= 2, okta.passwords(email)
    name, _ = new_user("okta", "ok")
    okta.clear()
    status, said = passwd(name, PASSWORD, NEW)
    assert status != 0, said
    equal(okta.requests("change_password"), [])


@test
def passwd_with_a_wrong_old_password_changes_nothing():
    okta.clear()
    name, email = new_user("okta", "expired")
    status, said = passwd(name, "wrong", NEW)
    assert status != 0, said
    equal(okta.requests("change_password"), [])
    equal(okta.passwords(email), 1)


@test
def passwd_tells_that_a_new_password_is_too_weak():
    okta.clear()
    name, _ = new_user("okta", "expired")
    status, said = passwd(name, PASSWORD, "weak")
    assert status != 0, said
    equal(len(okta.requests("change_password")), 1)
    contains(said, "Password requirements")


@test
def passwd_elsewhere_says_where_to_go():
    name, _ = new_user("page", "ok")
    status, said = passwd(name, PASSWORD, NEW)
    assert status != 0, said
    contains(said, "https://id.example.com/password")
    equal(simulators["aptify"].ask("/state")["requests"], [])


def forget(name):
    """A wrong password in su, then yes to the mail; returns what it said."""
    child = spawn_as("local", "/bin/su", name)
    child.expect("Password: ")
    child.sendline("wrong")
    child.expect_exact(QUESTION)
    child.sendline("y")
    return finish(child)[1]


@test
def forgotten_password_is_mailed_by_okta_and_pingone():
    for way in ("okta", "pingone"):
        simulator = simulators[way]
        name, email = new_user(way, "ok")
        mark = LogMark()
        forget(name)
        mark.wait(f"result=reset_mail_sent user={name} ")
        equal(simulator.ask("/state")["mails"], [email], way)
        equal(simulator.passwords(email), 1, way)


@test
def forgotten_password_that_the_provider_refuses_reads_the_same():
    right, _ = new_user("okta", "ok")
    refused_one, _ = new_user("okta", "policy")
    mark = LogMark()
    said = [forget(name).replace(name, "") for name in (right, refused_one)]
    equal(said[0], said[1])
    mark.wait(f"result=reset_mail_failed user={refused_one} ")


@test
def expired_password_tells_what_to_do():
    name, _ = new_user("okta", "expired")
    child = spawn_as("local", "/bin/su", name)
    child.expect("Password: ")
    child.sendline(PASSWORD)
    child.expect("(?i)expired")
    child.close()


run_tests()

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Second factors of Okta in real sshd logins: codes, pushes, numbers, and what
becomes of them where nobody can be asked."""
import contextlib
from urllib.parse import parse_qsl

from extauth_test import *
from providers_case import *
from providers_login import *
from terminal import finish, spawn_as

simulators = start_simulators("okta")
okta = simulators["okta"]
okta.tell("/settings", interval=1)
configure_all(simulators)
add_local_user("local", "local password")
Sshd()


@contextlib.contextmanager
def changed(general, more):
    """Adds lines to [extauth], and more to the end, for a while."""
    with open("/etc/extauth/extauth.conf", encoding="utf-8") as file:
        before = file.read()
    configure(before.replace("[extauth]", "[extauth]\n" + general) + more)
    try:
        yield
    finally:
        configure(before)


def appending():
    return changed("", "\n[service sshd]\nsecond_factor = append\n")


# --- Okta: codes -------------------------------------------------------------

CODE_PROMPT = "Code from .*: $"
PHONE_PROMPT = "Enter for a request on your phone: $"


@test
def okta_code_of_the_app_logs_in():
    name, email = new_user("okta", "totp")
    login = Login(name)
    login.answer(CODE_PROMPT, okta.code(email))
    login.logged_in()
    equal(okta.passwords(email), 1)


@test
def okta_wrong_code_is_asked_for_again_three_times_in_all():
    name, email = new_user("okta", "totp")
    login = Login(name)
    login.answer(CODE_PROMPT, "000000")
    login.answer(CODE_PROMPT, okta.code(email))
    login.logged_in()
    name, email = new_user("okta", "totp")
    login = Login(name)
    for _ in range(3):
        login.answer(CODE_PROMPT, "000000")
    login.refused()
    equal(okta.passwords(email), 1)


@test
def right_code_after_three_wrong_ones_logs_in_at_once():
    name, email = new_user("okta", "totp")
    login = Login(name)
    for _ in range(3):
        login.answer(CODE_PROMPT, "000000")
    login.refused()
    login = Login(name)
    login.answer(CODE_PROMPT, okta.code(email))
    login.logged_in()


@test
def okta_code_that_was_used_is_refused():
    name, email = new_user("okta", "totp")
    code = okta.code(email)
    login = Login(name)
    login.answer(CODE_PROMPT, code)
    login.logged_in()
    login = Login(name)
    login.answer(CODE_PROMPT, code)
    login.wait_for(CODE_PROMPT)
    login.child.close()


@test
def okta_code_by_sms_logs_in():
    name, email = new_user("okta", "sms")
    login = Login(name)
    login.answer("Enter for a code by sms: $", "")
    login.wait_for(CODE_PROMPT)
    login.say(okta.ask("/user", user=email)["message"])
    login.logged_in()


@test
def okta_code_by_a_call_logs_in():
    name, email = new_user("okta", "call")
    login = Login(name)
    login.answer("Enter for a code by call: $", "")
    login.wait_for(CODE_PROMPT)
    login.say(okta.ask("/user", user=email)["message"])
    login.logged_in()


@test
def okta_person_chooses_among_the_factors_by_what_is_typed():
    name, email = new_user("okta", "mfa")
    login = Login(name)
    contains(login.wait_for(CODE_PROMPT)[0],
             "Enter for a request on your phone")
    equal(okta.ask("/user", user=email)["push"], None)
    login.say(okta.code(email))
    login.logged_in()
    login = Login(name)
    login.answer(CODE_PROMPT, "")
    okta.wait_for_push(email)
    okta.decide_push(email, "approve")
    login.logged_in()


# --- Okta: push --------------------------------------------------------------

def begin_push(kind, way="okta"):
    """Logs in up to the request on the phone."""
    name, email = new_user(way, kind)
    login = Login(name)
    login.answer(PHONE_PROMPT, "")
    okta.wait_for_push(email)
    return login, email


@test
def okta_push_that_is_approved_logs_in():
    login, email = begin_push("push")
    okta.decide_push(email, "approve")
    login.logged_in()
    equal(okta.passwords(email), 1)


@test
def okta_push_that_is_rejected_is_refused():
    login, email = begin_push("push")
    mark = LogMark()
    okta.decide_push(email, "reject")
    login.refused()
    contains(mark.wait("result=rejected user=" + login.name), "REJECTED")


@test
def okta_push_that_times_out_is_refused():
    login, email = begin_push("push")
    mark = LogMark()
    okta.decide_push(email, "timeout")
    login.refused()
    contains(mark.wait(r"result=\w+ user=" + login.name), "TIMEOUT")


def choose_number(way):
    """Logs in with a number challenge; returns the login, the e-mail, and the
    number that the person reads."""
    name, email = new_user(way, "number")
    login = Login(name)
    login.answer(PHONE_PROMPT, "")
    number = login.wait_for(r"On your phone choose (\d\d)[^\n]*: $")[1]
    return login, email, int(number)


@test
def okta_number_challenge_tells_the_number_and_logs_in():
    for way in ("okta", "okta_token"):
        login, email, number = choose_number(way)
        push = okta.wait_for_push(email)
        equal(number, push["number"], way)
        okta.decide_push(email, "approve", number)
        login.say("")
        login.logged_in()


@test
def okta_number_challenge_with_another_number_is_refused():
    login, email, number = choose_number("okta")
    okta.wait_for_push(email)
    okta.decide_push(email, "approve", 10 + (number + 1) % 90)
    login.say("")
    login.refused()


@test
def okta_direct_authentication_takes_a_code_and_a_push():
    name, email = new_user("okta_token", "totp")
    login = Login(name)
    login.answer(CODE_PROMPT, okta.code(email))
    login.logged_in()
    equal(okta.passwords(email), 1)
    login, email = begin_push("push", "okta_token")
    okta.decide_push(email, "approve")
    login.logged_in()
    equal(okta.passwords(email), 1)


# --- other services ----------------------------------------------------------

@test
def su_asks_for_the_code_and_waits_for_the_phone():
    name, email = new_user("okta", "mfa")
    for answer in (okta.code(email), ""):
        child = spawn_as("local", "/bin/su", name, "-c", "id -un")
        child.expect("Password: ")
        child.sendline(PASSWORD)
        child.expect(CODE_PROMPT)
        child.sendline(answer)
        if not answer:
            okta.wait_for_push(email)
            okta.decide_push(email, "approve")
        status, said = finish(child)
        equal((status, said.split()[-1:]), (0, [name]), said)


@test
def sudo_asks_for_the_code_and_waits_for_the_phone():
    write("/etc/sudoers.d/test", "ALL ALL=(ALL:ALL) ALL\n"
          "Defaults timestamp_timeout=0\n", 0o440)
    name, email = new_user("okta", "mfa")
    for answer in (okta.code(email), ""):
        child = spawn_as(name, "/usr/bin/sudo", "id", "-un")
        child.expect(r"password for \S+: ")
        child.sendline(PASSWORD)
        child.expect(CODE_PROMPT)
        child.sendline(answer)
        if not answer:
            okta.wait_for_push(email)
            okta.decide_push(email, "approve")
        status, said = finish(child)
        equal((status, said.split()[-1:]), (0, ["root"]), said)


@test
def nobody_is_waited_for_beyond_the_deadline_for_persons():
    with changed("person_deadline = 3s", ""):
        mark = LogMark()
        started = time.monotonic()
        login, _ = begin_push("push")
        login.refused()
    assert time.monotonic() - started < 12
    contains(mark.wait("result=second_factor_needed user=" + login.name),
             "person_deadline")


# --- services that cannot ask ------------------------------------------------

@test
def sshd_password_method_is_refused_where_a_code_is_needed():
    name, email = new_user("okta", "totp")
    mark = LogMark()
    refused(ssh(name, PASSWORD))
    line = mark.wait(f"result=second_factor_needed user={name} ")
    contains(line, "the service cannot ask")
    equal(okta.passwords(email), 1)


@test
def code_appended_to_the_password_logs_in_where_the_service_allows_it():
    name, email = new_user("okta", "totp")
    with appending():
        logged_in(ssh(name, f"{PASSWORD},{okta.code(email)}"), name)
        equal(okta.passwords(email), 1)
        refused(ssh(name, f"{PASSWORD},000000"))


@test
def push_needs_no_prompt_where_codes_are_appended():
    name, email = new_user("okta", "push")
    with appending():
        child = spawn("/usr/bin/sshpass", "-p", PASSWORD, "/usr/bin/ssh",
                      *OPTIONS, "-o", "PreferredAuthentications=password",
                      "-l", name, "127.0.0.1", "id -un")
        okta.wait_for_push(email)
        okta.decide_push(email, "approve")
        child.expect(name + "\r\n")
        child.close()
    equal(okta.passwords(email), 1)


# --- secrets -----------------------------------------------------------------

@test
def log_holds_no_password_code_or_token():
    secrets = {PASSWORD, *okta.ask("/state")["tokens"]}
    for request in okta.requests():
        body = request["body"]
        fields = (json.loads(body) if body.startswith("{")
                  else dict(parse_qsl(body)))
        secrets.update(fields.get(name) for name in (
            "stateToken", "passCode", "mfa_token", "oob_code", "otp"))
    secrets -= {None, "000000"}
    assert len(secrets) > 10, secrets
    with open(AUTH_LOG, encoding="utf-8") as log:
        text = log.read()
    # Six digits alone may well be the end of a number.
    found = [secret for secret in secrets
             if re.search(rf"(?<![0-9a-z]){re.escape(secret)}(?!\d)", text)]
    equal(found, [])


run_tests()

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Real sshd logins at each provider: by the password alone, with a device
code, with a token for the session."""
from concurrent.futures import ThreadPoolExecutor

from extauth_test import *
from providers_case import *
from providers_login import *

DEVICE = "\n[provider device]\ntype = oauth2\nissuer = {url}\n" \
    "grant = device\nclient_id = PUBLIC\nclient_auth = none\n" \
    f"ca_file = {PKI}/ca.pem\n"
ENTRA_DEVICE = "\n[provider entra_device]\ntype = entra\nurl = {url}\n" \
    f"tenant = {TENANT}\ngrant = device\nclient_id = PUBLIC\n" \
    f"ca_file = {PKI}/ca.pem\n"

simulators = start_simulators()
okta = simulators["okta"]
oauth2 = simulators["oauth2"]
for one in simulators.values():
    one.tell("/settings", interval=1)
configure_all(simulators, more=DEVICE.format(url=oauth2.url)
              + ENTRA_DEVICE.format(url=simulators["entra"].url)
              + provider_section("aptify", simulators,
                                 "export_token = APTIFY_TOKEN\n", "session"))
Sshd()


# --- the password alone ------------------------------------------------------

def with_password(way):
    name, email = new_user(way, "ok")
    Login(name).logged_in()
    equal(simulators[WAYS[way][0]].passwords(email), 1, way)
    Login(name, "wrong").refused()


@test
def password_logs_in_at_each_provider_and_a_wrong_one_does_not():
    with ThreadPoolExecutor(len(WAYS)) as pool:
        list(pool.map(with_password, WAYS))


@test
def somebody_whose_external_id_is_another_is_refused():
    name, _ = new_user("okta", "ok", "--external-id", "00u1")
    mark = LogMark()
    Login(name).refused()
    contains(mark.wait(f"result=rejected user={name} "),
             "identity changed: registered 00u1, answered 00u")
    email = "ok9000@example.com"
    add_user_of("okta", "right", email, "--external-id",
                okta.ask("/user", user=email)["okta_id"])
    Login("right").logged_in()


# --- the device grant --------------------------------------------------------

def begin_device():
    """Logs in up to the device code; returns the login, the e-mail and the
    code."""
    name, email = new_user("device", "ok")
    # pam_unix asks first; there is no password to be typed.
    login = Login(name, "")
    match = login.wait_for(r"([B-Z]{4}-[B-Z]{4})(?s:.*): $")
    contains(login.child.before + match[0], oauth2.url + "/device")
    return login, email, match[1]


def is_polled(code):
    return any(device["user_code"] == code and device["polled"]
               for device in oauth2.ask("/state")["devices"])


@test
def device_code_approved_by_the_right_person_logs_in():
    login, email, code = begin_device()
    login.say("")
    wait_until(lambda: is_polled(code), "a poll")
    oauth2.decide_device(code, "approved", email)
    login.logged_in()
    equal(oauth2.passwords(email), 0)


@test
def device_code_approved_by_somebody_else_is_refused():
    login, _, code = begin_device()
    mark = LogMark()
    oauth2.decide_device(code, "approved", "bob@example.com")
    login.say("")
    login.refused()
    contains(mark.wait("result=rejected user=" + login.name),
             "the answer is about somebody else")


@test
def entra_device_code_must_be_approved_by_the_same_id():
    entra = simulators["entra"]
    email = "ok9001@example.com"
    add_user_of("entra_device", "entra-right", email, "--external-id",
                entra.ask("/user", user=email)["id"])
    wrong, _ = new_user("entra_device", "ok", "--external-id",
                        "11111111-0000-0000-0000-000000000000")
    for name in ("entra-right", wrong):
        login = Login(name, "")
        code = login.wait_for(r"code ([B-Z]{8})(?s:.*): $")[1]
        entra.decide_device(code, "approved", email)
        login.say("")
        if name == wrong:
            login.refused()
        else:
            login.logged_in()


@test
def device_code_that_is_denied_or_expired_is_refused():
    for state in ("denied", "expired"):
        login, _, code = begin_device()
        oauth2.decide_device(code, state)
        login.say("")
        login.refused()


# --- a token for the session -------------------------------------------------

@test
def token_is_in_the_environment_of_the_session_and_nowhere_else():
    name, _ = new_user("session", "ok")
    login = Login(name, command="echo token=$APTIFY_TOKEN")
    status, text = login.end()
    equal(status, 0)
    token = re.search(r"token=(\w+)", text)[1]
    equal(len(token), 32, text)
    aptify = simulators["aptify"]
    contains([r["headers"].get("aptifyauthorization")
              for r in aptify.requests("UserInformation")],
             f"Web {token}")
    equal([r for r in aptify.requests("Logout") if token in str(r)], [])
    found = run("grep", "-rlF", token, "/etc", "/var", "/run", "/tmp",
                "/home").output
    equal(found, "", "files with the token")


@test
def token_of_the_caller_is_not_given_to_what_sudo_runs():
    write("/etc/sudoers.d/test", "ALL ALL=(ALL:ALL) ALL\n"
          "Defaults timestamp_timeout=0\n", 0o440)
    name, _ = new_user("session", "ok")
    for options in ((), ("-i",), ("-u", "nobody")):
        result = run("setpriv", "--reuid", name, "--regid", name,
                     "--init-groups", "sudo", "-S", *options, "--", "env",
                     input=PASSWORD + "\n", start_new_session=True)
        equal((result.status, "APTIFY_TOKEN" in result.output), (0, False),
              result.errors)


run_tests()

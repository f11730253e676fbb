#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The local throttle spares the provider's lock-out counter."""
from extauth_test import *

PASSWORD = "right password"

service = Service()
service.users({"alice@example.com": PASSWORD, "bob@example.com": PASSWORD})
write("/etc/pam.d/throttle",
      "auth required pam_extauth.so\naccount required pam_extauth.so\n")
add_user("alice")
add_user("bob")


def limits(text):
    configure(f"""[extauth]
default_provider = main
failure_delay = 10ms
{text}
[provider main]
type = rest
url = {service.url}/login
ca_file = {PKI}/ca.pem
""")


def login(name, password):
    """Logs in through PAM and returns the code."""
    write("/run/throttle-password", password + "\n", 0o600)
    return run(BUILD + "/tests/bench/pam_login", "throttle", name,
               "/run/throttle-password").status


def begin(name="alice"):
    service.clear()
    extauthctl("user", "unlock", name)


@test
def six_wrong_passwords_send_five_requests():
    limits("max_failures = 5")
    begin()
    mark = LogMark()
    codes = [login("alice", f"wrong {number}") for number in range(6)]
    equal(codes, [7] * 6, "codes")
    equal(len(service.requests()), 5, "requests")
    mark.wait("result=throttled_locally user=alice")


@test
def right_password_is_refused_during_the_pause():
    equal(login("alice", PASSWORD), 7, "code")
    equal(len(service.requests()), 5, "requests")


@test
def other_users_are_not_paused():
    equal(login("bob", PASSWORD), 0, "code")


@test
def unlock_ends_the_pause():
    begin()
    equal(login("alice", PASSWORD), 0, "code")
    equal(len(service.requests()), 1, "requests")


@test
def pause_ends_by_itself():
    limits("max_failures = 2\nfailure_pause = 1s")
    begin()
    for number in range(3):
        login("alice", f"again wrong {number}")
    equal(len(service.requests()), 2, "requests")
    wait_until(lambda: login("alice", PASSWORD) == 0, "the end of the pause")


@test
def success_forgets_the_failures():
    limits("max_failures = 3")
    begin()
    for number in range(2):
        login("alice", f"one {number}")
    equal(login("alice", PASSWORD), 0, "code")
    for number in range(2):
        login("alice", f"two {number}")
    equal(login("alice", PASSWORD), 0, "code")


@test
def identical_wrong_password_is_sent_once_within_five_seconds():
    limits("max_failures = 5")
    begin()
    mark = LogMark()
    equal([login("alice", "the same wrong") for _ in range(3)], [7] * 3)
    equal(len(service.requests()), 1, "requests")
    mark.wait("result=repeated user=alice")


@test
def another_password_is_sent_at_once():
    begin()
    equal(login("alice", "wrong once"), 7)
    equal(login("alice", PASSWORD), 0)
    equal(len(service.requests()), 2, "requests")


@test
def outage_does_not_count():
    limits("max_failures = 2")
    begin()
    service.answer_as("/status/503")
    for number in range(4):
        equal(login("alice", f"during outage {number}"), 9)
    service.answer_as(None)
    equal(login("alice", PASSWORD), 0, "code")


@test
def zero_turns_the_pause_off():
    limits("max_failures = 0")
    begin()
    for number in range(8):
        login("alice", f"many {number}")
    equal(len(service.requests()), 8, "requests")


@test
def nothing_of_a_password_is_in_the_marks():
    limits("max_failures = 5")
    begin()
    login("alice", "VerySecretCanary")
    for name in os.listdir("/run/extauth"):
        with open("/run/extauth/" + name, "rb") as file:
            assert b"Canary" not in file.read(), name
    equal(oct(os.stat("/run/extauth").st_mode & 0o777), "0o700")


run_tests()

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A refusal takes the same time whatever the reason: unknown, disabled and
wrong password, 200 logins each, medians within 5 ms. Measured around
pam_authenticate in the smallest host, the classes mixed and several at a
time, so that what disturbs one disturbs all."""
import random
import statistics
from concurrent.futures import ThreadPoolExecutor

from extauth_test import *

LOGINS = 200
AT_A_TIME = 8
PASSWORDS = 50
CLASSES = {"unknown": "nobodyhere", "disabled": "bob", "wrong": "alice"}

service = Service()
service.users({"alice@example.com": "right password",
               "bob@example.com": "right password"})
configure(f"""[extauth]
default_provider = main
failure_delay = 200ms
max_failures = 0

[provider main]
type = rest
url = {service.url}/login
ca_file = {PKI}/ca.pem
""")
write("/etc/pam.d/timing",
      "auth required pam_extauth.so\naccount required pam_permit.so\n")
for number in range(PASSWORDS):
    write(f"/run/timing/{number}", f"wrong {number}\n", 0o600)
add_user("alice")
add_user("bob")
extauthctl("user", "disable", "bob")


def refused_ms(name, number):
    """Returns how long the refusal of one login took."""
    result = run(BUILD + "/tests/bench/pam_login", "timing", name,
                 f"/run/timing/{number % PASSWORDS}", "time")
    code, microseconds = result.output.split()
    assert code != "0", name
    return int(microseconds) / 1000


@test
def refusals_take_the_same_time():
    logins = [(kind, number) for kind in CLASSES for number in range(LOGINS)]
    random.Random(4711).shuffle(logins)
    times = {kind: [] for kind in CLASSES}
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        done = pool.map(lambda login: refused_ms(CLASSES[login[0]], login[1]),
                        logins)
        for (kind, _), milliseconds in zip(logins, done):
            times[kind].append(milliseconds)
    medians = {kind: statistics.median(t) for kind, t in times.items()}
    print(f"# medians in ms: {medians}")
    assert max(medians.values()) - min(medians.values()) <= 5, medians
    assert min(min(t) for t in times.values()) >= 200, "answered too early"


@test
def unknown_and_disabled_users_cause_no_request():
    assert service.requests()
    for request in service.requests():
        contains(request.body.decode(), "alice@example.com")


run_tests()

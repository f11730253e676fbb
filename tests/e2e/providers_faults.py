#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What becomes of the login of each fixture user at each provider, and that
the password was sent once."""
from concurrent.futures import ThreadPoolExecutor

from extauth_test import *
from providers_case import *

SERVICE = "providers"
CODE_OF = {"accepted": "PAM_SUCCESS", "rejected": "PAM_AUTH_ERR",
           "expired": "PAM_AUTH_ERR", "locked": "PAM_AUTH_ERR",
           "second_factor_needed": "PAM_AUTH_ERR",
           "denied_by_policy": "PAM_AUTH_ERR", "throttled": "PAM_MAXTRIES",
           "unavailable": "PAM_AUTHINFO_UNAVAIL",
           "misconfigured": "PAM_AUTHINFO_UNAVAIL"}
SHORT = {"ok": "accepted", "no": "rejected", "exp": "expired",
         "lock": "locked", "mfa": "second_factor_needed",
         "pol": "denied_by_policy"}
# By protocols.md 0.1 and the section of the provider; second_factor = deny.
VERDICTS = """
kind         okta  okta_token  entra  pingone  pingfederate  aptify  oauth2
ok           ok    ok          ok     ok       ok            ok      ok
warn         ok    ok          ok     ok       ok            ok      ok
unknown      no    no          no     no       no            no      no
locked       lock  no          lock   lock     no            no      no
disabled     no    no          lock   lock     no            no      no
expired      exp   exp         exp    exp      no            no      no
mustchange   exp   exp         exp    exp      no            ok      no
totp         mfa   mfa         mfa    ok       ok            ok      ok
push         mfa   mfa         mfa    ok       ok            ok      ok
sms          mfa   mfa         mfa    ok       ok            ok      ok
enroll       mfa   mfa         mfa    ok       ok            ok      no
policy       no    pol         pol    lock     no            no      pol
other        no    no          no     no       no            no      no
"""
# The same at every provider.
ANYWHERE = {"throttled": "throttled", "throttled-date": "throttled",
            "throttled-seconds": "throttled", "throttled-reset": "throttled",
            "down": "unavailable", "slow": "unavailable",
            "reset": "unavailable", "empty": "unavailable",
            "html": "unavailable", "truncated": "unavailable",
            "wrongtype": "unavailable", "huge": "unavailable",
            "moved": "misconfigured"}
# What the log says of a wrong password, in the provider's own terms.
REASONS = {"okta": "E0000004", "okta_token": "invalid_grant",
           "entra": "AADSTS50126", "pingone": "INVALID_VALUE",
           "pingfederate": "invalid_grant", "oauth2": "invalid_grant",
           "aptify": "Incorrect User ID or Password"}
# Of these the look-up by e-mail tells that there is nobody to be asked.
NOT_SENT = {("pingone", "unknown"), ("pingone", "disabled"),
            ("pingone", "other")}

simulators = start_simulators()
configure_all(simulators, "login_deadline = 3s\n",
              f"[service {SERVICE}]\nsecond_factor = deny\n")
write(f"/etc/pam.d/{SERVICE}", "auth required pam_extauth.so\n"
      "account required pam_permit.so\n")


def name_of(way, kind):
    return f"{kind}-{list(WAYS).index(way)}"


def email_of(way, kind):
    return f"{kind}{list(WAYS).index(way)}@example.com"


def table():
    """Returns {way: {kind: verdict}}."""
    head, *rows = [line.split() for line in VERDICTS.strip().splitlines()]
    found = {way: dict(ANYWHERE) for way in WAYS}
    for kind, *cells in rows:
        for way, cell in zip(head[1:], cells):
            found[way][kind] = SHORT[cell]
    return found


TABLE = table()


def register_all():
    """By one import: a process for each user would take long."""
    rows = [f"{name_of(way, kind)},{email_of(way, kind)},{way}"
            for way, kinds in TABLE.items() for kind in kinds]
    write("/run/users.csv", "\n".join(["name,email,provider", *rows, ""]))
    extauthctl("user", "import", "/run/users.csv")


register_all()


def log_in(way, kind, password=PASSWORD):
    """Logs in; returns the PAM code, the verdict of the log line, and how
    often the password was sent."""
    mark = LogMark()
    name = name_of(way, kind)
    simulator = simulators[WAYS[way][0]]
    before = simulator.passwords(email_of(way, kind))
    code = pam_login(SERVICE, name, password)
    line = result_of(mark, SERVICE, name)
    sent = simulator.passwords(email_of(way, kind)) - before
    return code, line["result"], sent


def try_all(way):
    """Logs every fixture user in; returns what is not as it should be."""
    wrong = []
    for kind, verdict in TABLE[way].items():
        count = 0 if (way, kind) in NOT_SENT else 1
        expected = CODE_OF[verdict], verdict, count
        got = log_in(way, kind)
        if got != expected:
            wrong.append(f"{way} {kind}: got {got}, expected {expected}")
    return wrong


@test
def every_fixture_user_gets_the_verdict_of_the_table_for_one_password():
    with ThreadPoolExecutor(len(WAYS)) as pool:
        wrong = sum(pool.map(try_all, WAYS), [])
    assert not wrong, "\n".join(wrong)


@test
def wrong_password_is_rejected_sent_once_and_named_in_the_log():
    for way, reason in REASONS.items():
        mark = LogMark()
        # A reason with the password in it would be left out.
        equal(log_in(way, "ok", "No-Such-Password-1"),
              ("PAM_AUTH_ERR", "rejected", 1), way)
        contains(result_of(mark, SERVICE, name_of(way, "ok"))["reason"],
                 reason)


# The classes of Microsoft's codes, one of each.
ENTRA = {50105: "denied_by_policy", 50079: "second_factor_needed",
         50053: "locked", 50055: "expired", 65001: "misconfigured",
         7000218: "misconfigured", 90055: "throttled", 80001: "unavailable",
         99999: "rejected"}


@test
def entra_codes_are_sorted_and_named_in_the_log():
    for code, verdict in ENTRA.items():
        name = f"aadsts{code}"
        add_user_of("entra", name, name + "@example.com")
        mark = LogMark()
        pam = pam_login(SERVICE, name)
        line = result_of(mark, SERVICE, name)
        equal((pam, line["result"]), (CODE_OF[verdict], verdict), name)
        contains(line["reason"], f"AADSTS{code}")


@test
def log_tells_when_a_throttled_login_may_be_tried_again():
    for kind, word in (("throttled-seconds", "retry after 30"),
                       ("throttled-date", "retry after ..., "),
                       ("throttled-reset", "reset at ")):
        for way in ("okta", "oauth2"):
            add_user_of(way, f"again-{kind}-{way}",
                        f"{kind}{90 + len(way)}@example.com")
            mark = LogMark()
            pam_login(SERVICE, f"again-{kind}-{way}")
            line = result_of(mark, SERVICE, f"again-{kind}-{way}")
            assert re.search(word, line["reason"]), line["reason"]
    mark = LogMark()
    log_in("pingone", "throttled")
    contains(result_of(mark, SERVICE, name_of("pingone", "throttled"))[
        "reason"], "retry after 30")


@test
def nobody_is_bothered_where_a_second_factor_is_denied():
    for way in ("okta", "okta_token"):
        for kind in ("push", "sms"):
            user = simulators["okta"].ask("/user", user=email_of(way, kind))
            equal((user["push"], user["message"]), (None, ""), way)


@test
def aptify_failure_with_status_401_is_rejected_as_well():
    simulators["aptify"].tell("/settings", bad_status=401)
    equal(log_in("aptify", "ok", "wrong 401"), ("PAM_AUTH_ERR", "rejected", 1))
    simulators["aptify"].tell("/settings", bad_status=200)


def last_request(way):
    """Returns the number of the request of a login that bears the password,
    from 1, and its bytes."""
    simulator = simulators[WAYS[way][0]]
    simulator.clear()
    equal(log_in(way, "ok")[0], "PAM_SUCCESS", way)
    state = simulator.ask("/state", text=PASSWORD)
    bears = [r["bears"] for r in state["requests"]]
    equal(bears.count(True), 1, f"{way}: requests with a password")
    number = bears.index(True) + 1
    return number, state["received"][number - 1]


def reset_everywhere(way, simulator):
    """Resets the connection within the request that bears the password, after
    each of its bytes."""
    number, size = last_request(way)
    wrong = []
    for count in range(1, size + 1):
        simulator.clear()
        simulator.tell("/cut", request=number, bytes=count)
        code = pam_login(SERVICE, name_of(way, "ok"))
        state = simulator.ask("/state", text=PASSWORD)
        got = code, state["received"][number - 1:], state["with"] <= 1
        if got != ("PAM_AUTHINFO_UNAVAIL", [count], True):
            wrong.append(f"{way}: after {count} bytes {got}")
    return wrong


@test
def reset_at_any_byte_of_the_password_request_is_not_tried_again():
    # Two ways share Okta's simulator, and a cut is for one login at a time.
    ways = [way for way in WAYS if way != "okta_token"]
    with ThreadPoolExecutor(len(ways)) as pool:
        wrong = sum(pool.map(
            lambda way: reset_everywhere(way, simulators[WAYS[way][0]]),
            ways), [])
    wrong += reset_everywhere("okta_token", simulators["okta"])
    assert not wrong, "\n".join(wrong)


run_tests()

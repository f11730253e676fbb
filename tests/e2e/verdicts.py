#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What each answer and each fault of a server means: verdict and PAM code of
tests/verdicts.txt, through libpam, the module, the worker and a server."""
import base64
import datetime
import ssl

import certificates
from extauth_test import *
from fault_server import FaultServer, http_answer
from transport_case import *

PASSWORD = "a-password-that-nobody-else-has"
CA = f"ca_file = {PKI}/ca.pem\n"

service = Service()
faults = FaultServer(8444)
set_up()


def read_table():
    """Returns {what the server does: (verdict, PAM code)}; statuses are
    numbers."""
    table = {}
    with open(SOURCE + "/tests/verdicts.txt", encoding="utf-8") as file:
        rows = [line.split() for line in file if line.strip()
                and not line.startswith("#")]
    for what, verdict, code in rows:
        first, _, last = what.partition("-")
        if not first.isdigit():
            table[what] = (verdict, code)
            continue
        for status in range(int(first), int(last or first) + 1):
            assert status not in table, status
            table[status] = (verdict, code)
    return table


TABLE = read_table()


def result_of(password=None):
    """Logs in; returns verdict and PAM code, and the log line as a dict."""
    decisions = Decisions()
    code, seconds = login(password)
    decision = decisions.one()
    decision["seconds"] = seconds
    return (decision["result"].upper(), code), decision


def check_statuses(statuses, answer_with):
    """Logs in once for each status and compares all of them."""
    decisions = Decisions()
    codes = []
    for status in statuses:
        answer_with(status)
        codes.append(login()[0])
    got = {status: (line["result"].upper(), code, int(line["http"]))
           for status, code, line
           in zip(statuses, codes, decisions.wait_for(len(codes)))}
    wrong = {status: got[status] for status in statuses
             if got[status] != (*TABLE[status], status)}
    equal(wrong, {}, "statuses with another verdict, code or http= in the log")


# --- status ----------------------------------------------------------------

@test
def table_names_every_status_once():
    equal([s for s in TABLE if isinstance(s, int)], list(range(100, 600)))


@test
def every_status_from_200_to_599_gives_verdict_and_code():
    set_provider(service.url)
    check_statuses(range(200, 600),
                   lambda status: service.answer_as(f"/status/{status}"))
    service.clear()


def informational(status, *more):
    return f"HTTP/1.1 {status} Wait\r\n\r\n".encode() + b"".join(more)


@test
def every_status_1xx_alone_gives_verdict_and_code():
    set_provider(faults.url)
    check_statuses(range(100, 200),
                   lambda status: faults.behave(answer=informational(status)))


@test
def silence_after_an_informational_status_ends_at_the_deadline():
    set_provider(faults.url, deadline="1s")
    faults.behave(answer=informational(100), silent_at_end=True)
    equal(result_of()[0], TABLE["slow-header"])


@test
def answer_after_an_informational_status_counts():
    set_provider(faults.url)
    for status, last in ((103, 200), (100, 401), (102, 503)):
        faults.behave(answer=informational(
            status, http_answer(status=f"{last} Last")))
        equal(result_of()[0], TABLE[last], f"{status} and then {last}")


@test
def html_with_status_200_is_accepted_where_no_condition_is_set():
    # The generic rule is that of the services' own connectors: the status
    # says it. `extauthctl check --online` is there to find such an endpoint.
    set_provider(service.url)
    service.answer_as("/html")
    equal(result_of()[0], ("ACCEPTED", "PAM_SUCCESS"))
    service.clear()


# --- transport -------------------------------------------------------------

FILLER = [f"X-Filler-{number}: {'x' * 1000}" for number in range(70)]
JSON_TOO_LONG = b'"' + b"x" * 262144 + b'"'
# What the log says, and how the server behaves.
TRANSPORT = {
    "empty": ("empty answer", dict(close_after_request=True)),
    "garbage": ("not HTTP", dict(answer=bytes(range(128, 256)) * 8)),
    "truncated": ("truncated answer", dict(answer=http_answer()[:-3])),
    "oversize": ("body over 256 KiB", dict(answer=http_answer(JSON_TOO_LONG))),
    "headers": ("headers over 64 KiB",
                dict(answer=http_answer(headers=FILLER))),
    "slow-header": ("timeout", dict(seconds_per_byte=0.2)),
    "reset": ("reset", dict(reset_after_answer_bytes=20)),
}


def check_result(name, reason):
    result, decision = result_of()
    equal(result, TABLE[name], name)
    contains(decision["reason"], reason)
    return decision


@test
def each_fault_of_an_answer_gives_verdict_and_code():
    for name, (reason, behaviour) in TRANSPORT.items():
        faults.clear()
        faults.behave(**behaviour)
        set_provider(faults.url, deadline="1s" if "slow" in name else "5s")
        check_result(name, reason)
        equal(faults.connections, 1, f"connections for {name}")


@test
def oversize_without_a_content_length_is_cut_as_well():
    set_provider(faults.url)
    faults.behave(answer=b"HTTP/1.1 200 OK\r\n\r\n" + JSON_TOO_LONG)
    check_result("oversize", "body over 256 KiB")


@test
def slow_answers_end_at_the_deadline():
    for path in ("slow-header", "slow-body"):
        set_provider(f"{service.url}/{path}", deadline="1s")
        decision = check_result(path, "timeout")
        assert decision["seconds"] < 1.5, decision
    set_provider(faults.url, deadline="1s")
    faults.behave(silent=True)
    assert check_result("slow-header", "timeout")["seconds"] < 1.5


@test
def timeout_of_the_provider_ends_before_the_deadline():
    set_provider(service.url + "/slow-header", CA + "timeout = 300ms")
    assert check_result("slow-header", "timeout")["seconds"] < 1


@test
def refused_connection_and_reset_one_are_unavailable():
    set_provider("https://id.example.com:8499")
    check_result("refused", "connect refused")
    faults.behave(reset_on_accept=True)
    set_provider(faults.url)
    equal(result_of()[0], TABLE["reset"])
    faults.behave(reset_after_request_bytes=20)
    check_result("reset", "reset")


@test
def unknown_name_is_unavailable():
    set_provider("https://no-such-name.example.com")
    check_result("no-such-name", "name")


# --- TLS -------------------------------------------------------------------

def date_of(certificate, which):
    """Returns a date of a certificate as year-month-day."""
    text = run("openssl", "x509", "-in", certificate, "-noout", "-" + which,
               check=True).output.strip().partition("=")[2]
    when = datetime.datetime.strptime(text, "%b %d %H:%M:%S %Y %Z")
    return when.strftime("%Y-%m-%d")


def check_no_password(server):
    """The server was reached, and got nothing of the password."""
    server.wait()
    assert server.connections == 1, server.connections
    encoded = base64.b64encode(f"{EMAIL}:{PASSWORD}".encode())
    for got in server.received:
        assert PASSWORD.encode() not in got and encoded not in got, got


def check_tls(name, server, expected, keys=CA):
    """Logs in against a server that must not be trusted."""
    for kind in ("rest", "basic"):
        server.clear()
        set_provider(server.url, keys, kind)
        result, decision = result_of(PASSWORD)
        equal(result, TABLE[name], name)
        equal(decision.get("tls"), expected, "tls= in the log")
        check_no_password(server)


@test
def expired_certificate_sends_nothing():
    date = date_of(PKI + "/expired.pem", "enddate")
    check_tls("expired", FaultServer(8451, "expired"),
              f"expired {date} cn=DNS:id.example.com")


@test
def certificate_of_tomorrow_sends_nothing():
    check_tls("not-yet-valid",
              FaultServer(8452, certificates.not_yet_valid()),
              "not-yet-valid 2099-01-02 cn=id.example.com")


@test
def certificate_of_another_host_sends_nothing():
    check_tls("wrong-host", FaultServer(8453, "other"),
              "wrong-host cn=DNS:other.example.net")


@test
def self_signed_certificate_sends_nothing():
    check_tls("self-signed", FaultServer(8454, "selfsigned"),
              "self-signed cn=id.example.com")


@test
def certificate_of_an_unknown_issuer_sends_nothing():
    server = FaultServer(8455, certificates.unknown_issuer())
    text = "unknown-issuer cn=id.example.com issuer=nobody's CA"
    check_tls("unknown-issuer", server, text)
    check_tls("unknown-issuer", server, text, keys="")


@test
def system_authorities_do_not_count_beside_a_ca_file():
    # The tests' CA stands in /etc/ssl/certs; here another one is configured.
    certificates.unknown_issuer()
    other = f"ca_file = {certificates.DIRECTORY}/authority.pem"
    faults.behave()
    check_tls("unknown-issuer", faults, "unknown-issuer cn=DNS:id.example.com"
              " issuer=extauth test CA", keys=other)


@test
def right_certificate_is_accepted_with_and_without_ca_file():
    faults.behave()
    for keys in (CA, ""):
        set_provider(faults.url, keys)
        equal(result_of()[0], ("ACCEPTED", "PAM_SUCCESS"), keys)


@test
def pin_decides():
    faults.behave()
    right = certificates.pin(PKI + "/server")
    wrong = certificates.pin(PKI + "/other")
    for pins in ([right], [wrong, right]):
        set_provider(faults.url, CA + "".join(f"pin_sha256 = {p}\n"
                                              for p in pins))
        equal(result_of()[0], ("ACCEPTED", "PAM_SUCCESS"), pins)
    check_tls("pin-mismatch", faults, "pin-mismatch cn=DNS:id.example.com",
              f"{CA}pin_sha256 = {wrong}\n")


@test
def tls_before_1_2_sends_nothing():
    for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
        faults.behave(minimum_tls=ssl.TLSVersion.TLSv1, maximum_tls=version)
        check_tls("old-tls", faults, "protocol")


@test
def minimum_tls_1_3_refuses_1_2():
    faults.behave(maximum_tls=ssl.TLSVersion.TLSv1_2)
    set_provider(faults.url)
    equal(result_of()[0], ("ACCEPTED", "PAM_SUCCESS"))
    check_tls("old-tls", faults, "protocol", CA + "minimum_tls = 1.3\n")


@test
def plain_http_on_the_tls_port_sends_nothing():
    faults.behave(tls=False, answer_at_once=True,
                  answer=http_answer(status="400 Bad Request"))
    check_tls("plain-http", faults, "not-tls")


# --- conditions ------------------------------------------------------------

ACCEPT = 'accept_if = /status == "active"\n'
# Keys, status, answer, verdict: DESIGN, "Conditions".
CONDITIONS = [
    (ACCEPT, 200, '{"status": "active"}', "ACCEPTED"),
    (ACCEPT, 200, '{"status": "blocked"}', "REJECTED"),
    (ACCEPT, 200, '{"status": ["active"]}', "REJECTED"),
    (ACCEPT, 200, '{}', "REJECTED"),
    (ACCEPT, 401, '{"status": "active"}', "REJECTED"),
    (ACCEPT, 201, '{"status": "active"}', "REJECTED"),
    (ACCEPT + "accept_if = /member\n", 200, '{"status": "active"}',
     "REJECTED"),
    (ACCEPT + "accept_if = /member\n", 200,
     '{"status": "active", "member": 1}', "ACCEPTED"),
    ("accept_if = /member\n", 200, '{"member": false}', "REJECTED"),
    ("accept_if = /member\n", 200, '{"member": null}', "REJECTED"),
    ("accept_if = /member\n", 200, '{"member": 0}', "ACCEPTED"),
    ("accept_if = /error != 7\n", 200, '{"error": 7}', "REJECTED"),
    ("accept_if = /error != 7\n", 200, '{"error": 8}', "ACCEPTED"),
    ("accept_status = 204, 201\n", 201, "", "ACCEPTED"),
    ("accept_status = 204, 201\n", 200, "{}", "REJECTED"),
    ("expired_if = /code == 12\n", 401, '{"code": 12}', "EXPIRED"),
    ("expired_if = /code == 12\n", 200, '{"code": 12}', "EXPIRED"),
    ("expired_if = /code == 12\n", 401, '{"code": 13}', "REJECTED"),
    ("expired_if = /code == 12\n", 200, '{"code": 13}', "ACCEPTED"),
    ("expired_if = /a\nexpired_if = /b\n", 403, '{"b": true}', "EXPIRED"),
    ("locked_if = /locked\n", 401, '{"locked": true}', "LOCKED"),
    ("locked_if = /locked\n", 200, '{"locked": true}', "LOCKED"),
    ("locked_if = /locked\n", 401, '{"locked": false}', "REJECTED"),
    ("second_factor_if = /mfa\n", 401, '{"mfa": "sms"}',
     "SECOND_FACTOR_NEEDED"),
    ("second_factor_if = /mfa\n", 200, '{"mfa": "sms"}',
     "SECOND_FACTOR_NEEDED"),
    ("unavailable_if = /down\n", 401, '{"down": true}', "UNAVAILABLE"),
    ("unavailable_if = /down\n", 200, '{"down": true}', "UNAVAILABLE"),
    ("locked_if = /locked\n", 503, '{"locked": true}', "UNAVAILABLE"),
    ("locked_if = /locked\n", 404, '{"locked": true}', "MISCONFIGURED"),
    ("locked_if = /locked\n", 429, '{"locked": true}', "THROTTLED"),
]
NOT_JSON = [
    ("application/xml", "<login><status>active</status></login>"),
    ("text/html", "<html>active</html>"),
    ("application/json", ""),
    ("application/json", '{"status": "active"'),
    ("application/json", '{"status": "active"} {}'),
    ("application/json", '{"status": "active", "status": "active"}'),
    ("application/json", "{'status': 'active'}"),
    ("application/json", '{"status": "active",}'),
    ("application/json", '\ufeff{"status": "active"}'),
]
CODE_OF = {"ACCEPTED": "PAM_SUCCESS", "THROTTLED": "PAM_MAXTRIES",
           "UNAVAILABLE": "PAM_AUTHINFO_UNAVAIL",
           "MISCONFIGURED": "PAM_AUTHINFO_UNAVAIL"}


def check_condition(keys, answer, verdict):
    set_provider(faults.url, CA + keys)
    faults.behave(answer=answer)
    result, decision = result_of()
    equal(result, (verdict, CODE_OF.get(verdict, "PAM_AUTH_ERR")),
          f"{keys!r}, {answer!r}")
    return decision


@test
def conditions_judge_an_answer():
    for keys, status, body, verdict in CONDITIONS:
        check_condition(keys, http_answer(body.encode(), f"{status} Answer"),
                        verdict)


@test
def answer_that_is_not_strict_json_is_refused_where_a_condition_is_set():
    conditions = [ACCEPT, "accept_if = /status != 1\n"] + [
        f"{key} = /locked\n" for key in
        ("expired_if", "locked_if", "second_factor_if", "unavailable_if")]
    for number, (kind, body) in enumerate(NOT_JSON):
        answer = http_answer(body.encode()).replace(
            b"application/json", kind.encode())
        keys = conditions[number % len(conditions)]
        for each in {ACCEPT, keys}:
            contains(check_condition(each, answer, "REJECTED")["reason"],
                     "not JSON")


run_tests()

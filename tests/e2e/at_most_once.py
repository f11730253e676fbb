#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""One login sends the password at most once, and to the configured server
alone, whatever the server does."""
import base64

from extauth_test import *
from fault_server import FaultServer, http_answer
from http2_server import *
from transport_case import *

UNAVAILABLE = "PAM_AUTHINFO_UNAVAIL"
CA = f"ca_file = {PKI}/ca.pem\n"
KINDS = ("rest", "basic")

faults = FaultServer(8444)
second = FaultServer(8446)
plain = FaultServer(80)
plain.behave(tls=False)
http2 = Http2Server(8445)
set_up()


def count_passwords(received, password):
    """Counts in what a server read; HTTP Basic hides it in base64."""
    encoded = base64.b64encode(f"{EMAIL}:{password}".encode())
    return sum(got.count(password.encode()) + got.count(encoded)
               for got in received)


def send_once(code, kind="rest", count=1):
    """Logs in against `faults`; the password is to arrive `count` times, over
    one connection, and PAM to answer `code`."""
    faults.clear()
    password = fresh_password()
    equal(login(password)[0], code, "PAM code")
    faults.wait()
    equal(faults.connections, 1, "connections")
    equal(count_passwords(faults.received, password), count, "passwords")


# --- HTTP/1.1 --------------------------------------------------------------

@test
def answered_login_sends_it_once():
    for kind in KINDS:
        set_provider(faults.url, kind=kind)
        faults.behave(keep_alive=True)
        send_once("PAM_SUCCESS")


@test
def connection_closed_after_the_whole_body_is_not_tried_again():
    for kind in KINDS:
        set_provider(faults.url, kind=kind)
        faults.behave(close_after_request=True)
        send_once(UNAVAILABLE)


@test
def connection_reset_at_every_byte_of_the_request_is_not_tried_again():
    for kind, step in (("rest", 1), ("basic", 7)):
        set_provider(faults.url, kind=kind)
        faults.clear()
        faults.behave()
        login()
        length = len(faults.received[0])
        assert length > 100, faults.received
        for count in [*range(0, length, step), length]:
            faults.clear()
            faults.behave(reset_after_request_bytes=count)
            equal(login()[0], UNAVAILABLE, f"reset after {count} bytes")
            faults.wait()
            equal((faults.connections, [len(r) for r in faults.received]),
                  (1, [count] if count else []), f"{kind}, {count} bytes")


@test
def connection_reset_within_the_answer_is_not_tried_again():
    set_provider(faults.url)
    for count in range(0, len(http_answer()), 10):
        faults.behave(reset_after_answer_bytes=count)
        send_once(UNAVAILABLE)


ANSWERS = [
    ("408 Request Timeout", "Retry-After: 0", UNAVAILABLE),
    ("408 Request Timeout", "Connection: close", UNAVAILABLE),
    ("425 Too Early", "Retry-After: 0", UNAVAILABLE),
    ("429 Too Many Requests", "Retry-After: 0", "PAM_MAXTRIES"),
    ("503 Service Unavailable", "Retry-After: 0", UNAVAILABLE),
    ("401 Unauthorized", 'WWW-Authenticate: Basic realm="x"', "PAM_AUTH_ERR"),
    ("401 Unauthorized", 'WWW-Authenticate: Digest realm="x", nonce="1",'
     ' qop="auth", algorithm=MD5', "PAM_AUTH_ERR"),
    ("401 Unauthorized", "WWW-Authenticate: NTLM", "PAM_AUTH_ERR"),
    ("401 Unauthorized", "WWW-Authenticate: Negotiate", "PAM_AUTH_ERR"),
    ("407 Proxy Authentication Required",
     'Proxy-Authenticate: Basic realm="x"', UNAVAILABLE),
    ("417 Expectation Failed", "X-Nothing: 1", "PAM_AUTH_ERR"),
    ("421 Misdirected Request", "X-Nothing: 1", "PAM_AUTH_ERR"),
    ("426 Upgrade Required", "Upgrade: h2c", "PAM_AUTH_ERR"),
]


@test
def answer_that_invites_to_try_again_is_final():
    for kind in KINDS:
        set_provider(faults.url, kind=kind)
        for status, header, code in ANSWERS:
            faults.behave(answer=http_answer(status=status, headers=[header]),
                          keep_alive=True)
            send_once(code)


# --- redirects -------------------------------------------------------------

@test
def redirect_is_followed_nowhere():
    targets = ["/elsewhere", faults.url + "/elsewhere", second.url + "/login",
               "http://id.example.com/login", "http://localhost/",
               "//localhost"]
    second.clear()
    plain.clear()
    for status in (301, 302, 303, 307, 308):
        for number, target in enumerate(targets):
            set_provider(faults.url, kind=KINDS[(status + number) % 2])
            faults.behave(keep_alive=True, answer=http_answer(
                status=f"{status} Go", headers=["Location: " + target]))
            decisions = Decisions()
            send_once(UNAVAILABLE)
            # The redirect itself is judged, not what a second request gave.
            decision = decisions.one()
            equal((decision["result"], decision["http"]),
                  ("misconfigured", str(status)), target)
    equal((second.connections, plain.connections), (0, 0),
          "connections elsewhere")


@test
def refresh_and_alternative_service_are_followed_nowhere():
    second.clear()
    set_provider(faults.url)
    faults.behave(keep_alive=True, answer=http_answer(
        status="401 No", headers=[f"Refresh: 0; url={second.url}",
                                  'Alt-Svc: h2=":8446"; persist=1']))
    send_once("PAM_AUTH_ERR")
    send_once("PAM_AUTH_ERR")
    equal(second.connections, 0, "connections elsewhere")


# --- HTTP/2 ----------------------------------------------------------------

def http2_login(password):
    """Logs in; returns the PAM code and, over all connections, how many
    requests began and how often the password came."""
    http2.clear()
    code = login(password)[0]
    http2.wait()
    events = [event for log in http2.connections for event in log]
    requests = sum(kind in (HEADERS, None) and bool(payload)
                   for kind, payload in events)
    bodies = [payload for kind, payload in events if kind in (DATA, None)]
    return code, requests, count_passwords(bodies, password)


@test
def http2_is_spoken():
    set_provider(http2.url)
    for status, code in ((200, "PAM_SUCCESS"), (401, "PAM_AUTH_ERR"),
                         (408, UNAVAILABLE)):
        http2.behave("data", status)
        equal(http2_login(fresh_password()), (code, 1, 1))
        equal([log[0] for log in http2.connections], [("protocol", "h2")])


@test
def http2_connection_that_ends_at_any_frame_is_not_tried_again():
    set_provider(http2.url)
    for point in ("start", "preface", "settings", "headers", "data"):
        for act in ("close", "reset"):
            http2.behave(point, act)
            code, requests, passwords = http2_login(fresh_password())
            equal(code, UNAVAILABLE, f"{act} at {point}")
            assert requests <= 1 and passwords <= 1, http2.connections
            equal(passwords, 1 if point == "data" else passwords)


@test
def http2_goaway_is_not_a_reason_to_try_again():
    set_provider(http2.url, deadline="2s")
    for point in ("preface", "settings", "headers", "data"):
        for error in (NO_ERROR, ENHANCE_YOUR_CALM, HTTP_1_1_REQUIRED):
            http2.behave(point, "goaway", error)
            code, requests, passwords = http2_login(fresh_password())
            equal(code, UNAVAILABLE, f"{error} at {point}")
            assert requests <= 1 and passwords <= 1, http2.connections


@test
def http2_stream_that_is_reset_is_not_tried_again():
    set_provider(http2.url)
    for point in ("headers", "data"):
        for error in (NO_ERROR, INTERNAL_ERROR, REFUSED_STREAM, CANCEL,
                      ENHANCE_YOUR_CALM, HTTP_1_1_REQUIRED):
            http2.behave(point, "rst", error)
            code, requests, passwords = http2_login(fresh_password())
            equal(code, UNAVAILABLE, f"{error} at {point}")
            equal(requests, 1, f"requests, {error} at {point}")
            assert passwords <= 1, http2.connections


@test
def nginx_sees_one_request_over_http2():
    nginx = Nginx()
    nginx.users({EMAIL: "right"})
    set_provider(nginx.url + "/auth", kind="basic")
    nginx.clear()
    equal([login("right")[0], login()[0]], ["PAM_SUCCESS", "PAM_AUTH_ERR"])
    equal([(r["status"], r["protocol"]) for r in nginx.requests()],
          [(200, "HTTP/2.0"), (401, "HTTP/2.0")])


run_tests()

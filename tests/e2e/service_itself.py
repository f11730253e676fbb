#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The test service does what the other tests believe of it."""
from extauth_test import *
from fault_server import FaultServer, http_answer

service = Service()
service.users({"alice@example.com": "a&b <c> \"d\" é"})
PASSWORD = "a&b <c> \"d\" é"


faults = FaultServer(8444)


def curl(*arguments):
    result = run("curl", "-sS", "-w", "%{http_code}", "-o", "/tmp/answer",
                 "--cacert", PKI + "/ca.pem", "-m", "5", *arguments)
    return int(result.output or 0)


@test
def checks_json():
    body = json.dumps({"email": "alice@example.com", "password": PASSWORD})
    equal(curl(service.url + "/login", "--data-binary", body), 200)
    equal(curl(service.url + "/login", "--data-binary",
               body.replace("a&b", "x")), 401)


@test
def checks_a_form_and_a_query():
    parts = ["--data-urlencode", "email=alice@example.com",
             "--data-urlencode", "password=" + PASSWORD]
    equal(curl(service.url + "/login", *parts), 200)
    equal(curl(service.url + "/login", "-G", *parts), 200)
    equal(curl(service.url + "/login", "-X", "PUT", *parts), 200)


@test
def checks_xml():
    body = ("<login><email>alice@example.com</email><password>a&amp;b &lt;c"
            "&gt; &quot;d&quot; é</password></login>")
    equal(curl(service.url + "/login", "--data-binary", body), 200)


@test
def checks_http_basic():
    equal(curl(service.url + "/basic", "-u",
               "alice@example.com:" + PASSWORD), 200)
    equal(curl(service.url + "/basic", "-u", "alice@example.com:x"), 401)


@test
def records_the_request_as_it_was_sent():
    service.clear()
    curl(service.url + "/login?x=%20", "-X", "PUT", "-H", "X-Test: \xe9",
         "--data-binary", "body")
    request, = service.requests()
    equal((request.method, request.target, request.body, request.is_complete),
          ("PUT", b"/login?x=%20", b"body", True))
    equal(request.header("x-test"), "\xe9".encode())


@test
def answers_every_status():
    for status in (200, 201, 204, 302, 400, 404, 429, 500, 503, 599):
        equal(curl(f"{service.url}/status/{status}"), status)


@test
def control_file_chooses_the_answer():
    service.answer_as("/status/503")
    equal(curl(service.url + "/login"), 503)
    service.clear()
    equal(curl(service.url + "/accept"), 200)


@test
def closes_after_the_body():
    service.clear()
    equal(curl(service.url + "/close-after-body", "-d", "body"), 0)
    equal(service.requests()[0].body, b"body")


@test
def answers_slowly():
    equal(curl(service.url + "/slow-header", "-m", "2"), 0)
    equal(curl(service.url + "/slow-body", "-m", "2"), 200)


@test
def nginx_asks_for_the_password():
    nginx = Nginx()
    nginx.users({"alice@example.com": "right"})
    equal(curl(nginx.url + "/auth", "-u", "alice@example.com:right"), 200)
    equal(curl(nginx.url + "/auth", "-u", "alice@example.com:wrong"), 401)
    equal([r["status"] for r in nginx.requests()], [200, 401])


@test
def fault_server_answers_what_it_is_told():
    faults.behave()
    equal(curl(faults.url, "--http1.1", "-d", "x=1"), 200)
    assert faults.received[-1].endswith(b"\r\n\r\nx=1"), faults.received
    faults.behave(answer=http_answer(b"", "418 Teapot"), keep_alive=True)
    equal(curl(faults.url), 418)


@test
def fault_server_resets_at_every_byte():
    faults.behave()
    curl(faults.url, "-d", "x=1")
    length = len(faults.received[-1])
    for count in (1, 20, length - 1, length):
        faults.behave(reset_after_request_bytes=count)
        equal(curl(faults.url, "-d", "x=1"), 0)
        equal(len(faults.received[-1]), count, "bytes")
    faults.behave(reset_after_answer_bytes=30)
    assert curl(faults.url, "--fail-early") in (0, 200)


@test
def fault_server_keeps_silent_and_drips_and_speaks_plain():
    faults.behave(silent=True)
    equal(curl(faults.url, "-m", "1"), 0)
    faults.behave(tls=False)
    equal(curl(faults.url, "-m", "1"), 0)
    equal(curl(faults.url.replace("https", "http")), 200)
    faults.behave(seconds_per_byte=0.2)
    equal(curl(faults.url, "-m", "1"), 0)
    faults.behave(reset_on_accept=True)
    equal(curl(faults.url), 0)


run_tests()

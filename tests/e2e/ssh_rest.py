#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""ssh with a password, checked by a REST endpoint that takes JSON."""
from extauth_test import *

service = Service()
service.users({"alice@example.com": 'quote" back\\slash é',
               "bob@example.com": "right:expired"})
configure(f"""[extauth]
default_provider = main
organization_id = 4711
failure_delay = 200ms

[provider main]
type = rest
url = {service.url}/login
ca_file = {PKI}/ca.pem
header = X-Device: {{{{DEVICENAME}}}}
body = {{"email": "{{{{USEREMAIL}}}}", "password": "{{{{USERPASSWORD}}}}",
       "org": "{{{{ORGID}}}}", "ip": "{{{{DEVICEIP}}}}"}}
accept_if = /status == "active"
reject_message = /error/message
""")
add_user("alice")
add_user("bob")
Sshd()


@test
def right_password_logs_in():
    service.clear()
    result = ssh("alice", 'quote" back\\slash é')
    logged_in(result, "alice")
    equal(len(service.requests()), 1, "requests")


@test
def request_holds_what_the_body_says():
    service.clear()
    ssh("alice", 'quote" back\\slash é')
    request = service.requests()[0]
    equal((request.method, request.target), ("POST", b"/login"))
    equal(request.header("X-Device"), b"127.0.0.1")
    equal(request.header("Content-Type").split(b";")[0], b"application/json")
    equal(json.loads(request.body),
          {"email": "alice@example.com", "password": 'quote" back\\slash é',
           "org": "4711", "ip": "127.0.0.1"})


@test
def wrong_password_is_refused():
    service.clear()
    refused(ssh("alice", "wrong"))
    equal(len(service.requests()), 1, "requests")


@test
def condition_that_does_not_hold_refuses():
    service.clear()
    refused(ssh("bob", "right"))
    equal(len(service.requests()), 1, "requests")


@test
def server_that_is_down_is_reported_as_unavailable():
    mark = LogMark()
    service.answer_as("/status/503")
    refused(ssh("alice", 'quote" back\\slash é'))
    contains(mark.wait("sshd:auth.*result=unavailable"), "http=503")


@test
def redirect_is_not_followed():
    service.clear()
    service.answer_as("/status/302")
    refused(ssh("alice", 'quote" back\\slash é'))
    equal(len(service.requests()), 1, "requests")


run_tests()

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""ssh with a password, checked by nginx with auth_basic over TLS."""
from extauth_test import *

nginx = Nginx()
nginx.users({"alice@example.com": "right pass:word"})
configure(f"""[extauth]
default_provider = main
failure_delay = 200ms

[provider main]
type = basic
url = {nginx.url}/auth
ca_file = {PKI}/ca.pem
""")
add_user("alice")
add_local_user("local", "local password")
set_local_password("root", "root password")
Sshd()


@test
def right_password_logs_in():
    nginx.clear()
    result = ssh("alice", "right pass:word")
    logged_in(result, "alice")
    equal([(r["method"], r["status"], r["user"]) for r in nginx.requests()],
          [("GET", 200, "alice@example.com")])


@test
def wrong_password_is_refused():
    nginx.clear()
    refused(ssh("alice", "wrong"))
    equal([r["status"] for r in nginx.requests()], [401])


@test
def right_password_writes_one_log_line():
    mark = LogMark()
    equal(ssh("alice", "right pass:word").status, 0, "status")
    line = mark.wait(r"pam_extauth\(sshd:auth\).*result=accepted")
    for part in ("user=alice", "provider=main", "rhost=127.0.0.1", "http=200"):
        contains(line, part)
    assert re.search(r" ms=\d+", line), line
    equal(len(mark.lines("sshd:auth): result=")), 1, "lines")


@test
def wrong_password_writes_one_log_line_without_the_password():
    mark = LogMark()
    ssh("alice", "Wr0ngAndS3cret")
    line = mark.wait(r"pam_extauth\(sshd:auth\).*result=rejected")
    contains(line, "http=401")
    assert "Wr0ngAndS3cret" not in mark.text(), mark.text()


@test
def unknown_user_causes_no_request():
    nginx.clear()
    refused(ssh("nobodyhere", "right pass:word"))
    equal(nginx.requests(), [])


@test
def root_logs_in_and_causes_no_request():
    nginx.clear()
    logged_in(ssh("root", "root password"), "root")
    refused(ssh("root", "wrong"))
    equal(nginx.requests(), [])


@test
def local_user_logs_in_and_causes_no_request():
    nginx.clear()
    logged_in(ssh("local", "local password"), "local")
    refused(ssh("local", "right pass:word"))
    equal(nginx.requests(), [])


@test
def keyboard_interactive_logs_in():
    nginx.clear()
    result = ssh("alice", "right pass:word", method="keyboard-interactive")
    logged_in(result, "alice")
    refused(ssh("alice", "wrong", method="keyboard-interactive"))
    equal([r["status"] for r in nginx.requests()], [200, 401])


run_tests()

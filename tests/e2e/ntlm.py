#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""http_auth = ntlm: Windows integrated authentication, as Aptify's provider IIS
wants it, against a server that checks the proof."""
import json

from extauth_test import *
from ntlm_server import NtlmServer, md4
from transport_case import *

PASSWORD = "Right-Password-1"
USERS = {EMAIL: PASSWORD}
CA = f"ca_file = {PKI}/ca.pem\n"
TOKEN = "2f1c0000-0000-4000-8000-00000000abcd"


def answer(path, user, headers):
    """What Aptify says to each of its calls."""
    about = {"UserId": 1, "UserName": EMAIL, "Email": EMAIL, "LinkId": 2,
             "CompanyId": 3, "TokenId": TOKEN}
    if path.endswith("/UserInformation"):
        equal(headers["AptifyAuthorization"], f"IIS {TOKEN}", "header")
        return json.dumps({"result": "ok", "userInfo": about}).encode()
    return json.dumps(about).encode()


server = NtlmServer(8447, USERS, answer,
                    ("/services/UserInformation", "/open",
                     "/services/Authentication/Logout"))
set_up()


@test
def digest_of_the_server_is_right():
    equal(md4(b"abc").hex(), "a448017aaf21d8525fc10ae87aa6729d")
    equal(md4(b"").hex(), "31d6cfe0d16ae931b73c59d7e0c089c0")
    equal(md4(b"1234567890" * 8).hex(), "e33b4ddc9c38f2199c3e7b164fcc0536")


@test
def rest_logs_in_by_ntlm_and_proves_the_password_once():
    set_provider(server.url + "/login", CA + "http_auth = ntlm\nmethod = GET\n")
    mark = Decisions()
    equal(login(PASSWORD)[0], "PAM_SUCCESS")
    mark.one()
    equal(server.requests, ["/login", "/login"])
    equal(server.proofs, [EMAIL])


@test
def wrong_password_is_refused_after_one_proof():
    server.proofs.clear()
    mark = Decisions()
    equal(login(fresh_password())[0], "PAM_AUTH_ERR")
    contains(mark.one()["reason"], "401")
    equal(server.proofs, [EMAIL])


@test
def password_beyond_ascii_is_not_tried():
    server.requests.clear()
    mark = Decisions()
    equal(login("Pässwort-1")[0], "PAM_AUTH_ERR")
    contains(mark.one()["reason"], "beyond ASCII")
    equal(server.requests, [])


@test
def aptify_s_provider_iis_logs_in():
    server.requests.clear()
    server.proofs.clear()
    set_provider(server.url + "/services", CA + "login_provider = IIS\n",
                 kind="aptify")
    mark = Decisions()
    equal(login(PASSWORD)[0], "PAM_SUCCESS")
    equal(mark.one()["reason"], "UserId=1 LinkId=2 CompanyId=3")
    path = "/services/Authentication/Login/IIS"
    equal(server.requests, [path, path, "/services/UserInformation",
                            "/services/Authentication/Logout"])
    equal(server.proofs, [EMAIL])
    equal(login(fresh_password())[0], "PAM_AUTH_ERR")
    mark.wait_for(2)


@test
def server_that_asks_for_no_proof_lets_nobody_in():
    set_provider(server.url + "/services/Authentication/Logout",
                 CA + "http_auth = ntlm\nmethod = GET\n")
    server.proofs.clear()
    mark = Decisions()
    equal(login(fresh_password())[0], "PAM_AUTHINFO_UNAVAIL")
    contains(mark.one()["reason"], "NTLM")
    equal(server.proofs, [])


@test
def first_message_sent_twice_is_no_proof():
    """A request on a connection that was used before may be repeated."""
    set_provider(server.url + "/open", CA + "http_auth = ntlm\nmethod = GET\n"
                 "connection = request\nconnection_method = GET\n"
                 f"connection_url = {server.url}/services/Authentication/Logout"
                 "\nheader = X-Link: {{CONNECTION:/LinkId}}\n")
    server.proofs.clear()
    server.hangs_up.add("/open")
    mark = Decisions()
    equal(login(fresh_password())[0], "PAM_AUTHINFO_UNAVAIL")
    contains(mark.one()["reason"], "NTLM")
    equal(server.proofs, [])


run_tests()

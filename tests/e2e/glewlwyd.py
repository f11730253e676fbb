#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Logins against glewlwyd, an OpenID Connect server that is not ours: password
grant, introspection, userinfo, device grant; through libpam and sshd."""
from extauth_test import *
from glewlwyd_server import Glewlwyd

# glewlwyd takes it in Basic only as it is, RFC 6749 wants it form-encoded.
SECRET = "a%b c:d+e"
PASSWORD = "right: pässword & 100%"
MALLORYS = "mallory's own"
PAM_SUCCESS, PAM_AUTH_ERR, PAM_AUTHINFO_UNAVAIL = 0, 7, 9
CODE = r"[A-Z0-9]{4}-[A-Z0-9]{4}"
# A poll may be noted a little earlier than the interval after the last one:
# the server's clock is read before the answer, the client's after it.
TOLERANCE = 0.1

server = Glewlwyd()
server.add_client("logins", SECRET)
for account in ("alice", "bob@example.com", "frank", "gina"):
    server.add_user(account, PASSWORD)
server.add_user("dora", PASSWORD, enabled=False)
server.add_user("mallory", MALLORYS)


def provider(name, *lines, plugin="oidc", secret="glewlwyd"):
    """Returns the section of a provider, with more lines for it."""
    return "\n".join([
        f"[provider {name}]", "type = oauth2",
        f"issuer = {server.issuer(plugin)}", f"ca_file = {PKI}/ca.pem",
        "client_id = logins", f"client_secret_file = {secret}",
        "client_auth = basic_raw", "scope = openid logins", *lines, "", ""])


BY_NAME = ("username = {{USERNAME}}", "identity_from = introspection",
           "identity = /username", "identity_is = name")
BY_SUBJECT = ("username = {{USERNAME}}", "identity_from = userinfo",
              "identity = /sub", "identity_is = external_id")
BY_ID_TOKEN = ("username = {{USERNAME}}", "identity = /sub",
               "identity_is = external_id")


def set_up(person_deadline="60s"):
    """Writes the configuration: all providers of this file."""
    configure(f"""[extauth]
default_provider = main
failure_delay = 100ms
max_failures = 0
person_deadline = {person_deadline}

""" + provider("main", *BY_NAME)
              + provider("by-email", "identity_from = introspection",
                         "identity = /username")
              + provider("by-name-sent", "username = {{USERNAME}}",
                         "identity_from = introspection",
                         "identity = /username")
              + provider("userinfo", *BY_SUBJECT)
              + provider("userinfo-email", "username = {{USERNAME}}",
                         "identity_from = userinfo")
              + provider("id-token", *BY_ID_TOKEN)
              + provider("wrong-secret", *BY_NAME, secret="wrong")
              + provider("encoded", *BY_NAME).replace("basic_raw", "basic")
              + provider("device", "grant = device", *BY_NAME[1:])
              + provider("hasty", "grant = device", *BY_NAME[1:],
                         plugin="hasty"))


def subject_of(username):
    """Returns the `sub` that glewlwyd gave to a user."""
    token = run("curl", "-s", "--cacert", PKI + "/ca.pem", "-u",
                "logins:" + SECRET, server.issuer() + "/token",
                "-d", "grant_type=password", "-d", "username=" + username,
                "--data-urlencode", "password=" + PASSWORD,
                "-d", "scope=openid", check=True).output
    token = json.loads(token)["access_token"]
    answer = run("curl", "-s", "--cacert", PKI + "/ca.pem", "-H",
                 "Authorization: Bearer " + token,
                 server.issuer() + "/userinfo", check=True).output
    equal(list(json.loads(answer)), ["sub"], "what userinfo tells")
    return json.loads(answer)["sub"]


extauthctl("secret", "set", "glewlwyd", input=SECRET)
extauthctl("secret", "set", "wrong", input="not-the-secret")
set_up()
add_user("alice", None, "--external-id", subject_of("alice"))
add_user("bob")
add_user("dora")
add_user("frank", None, "--provider", "device")
add_user("gina", None, "--provider", "hasty")
write("/etc/pam.d/sshd", """auth required pam_extauth.so
account required pam_extauth.so
session required pam_permit.so
""")
for name in ("by-email", "by-name-sent", "userinfo", "userinfo-email",
             "id-token", "wrong-secret", "encoded", "main"):
    write("/etc/pam.d/test-" + name,
          f"auth required pam_extauth.so provider={name}\n"
          "account required pam_extauth.so\n")
Sshd()


def login(name, password=PASSWORD, by="main"):
    """Returns the PAM code of a login and its line in the log. A password that
    was just refused may be tried again at once."""
    extauthctl("user", "unlock", name)
    mark = LogMark()
    server.clear()
    write("/run/test-password", password + "\n", 0o600)
    code = run(BUILD + "/tests/bench/pam_login", "test-" + by, name,
               "/run/test-password").status
    return code, mark.wait("test-.*:auth.*result=")


def password_requests():
    """Returns the statuses of the requests to the token endpoint."""
    return [r["status"] for r in server.requests("/api/oidc/token")]


# --- password grant ----------------------------------------------------------

@test
def configuration_is_found_right():
    result = extauthctl("config", "show")
    contains(result.output, "introspection")


@test
def right_password_logs_in_by_ssh():
    server.clear()
    mark = LogMark()
    logged_in(ssh("alice", PASSWORD), "alice")
    contains(mark.wait("sshd:auth.*result="), "result=accepted")
    equal(password_requests(), [200])
    equal([r["status"] for r in server.requests("/introspect")], [200])


@test
def wrong_password_is_refused_by_ssh():
    server.clear()
    mark = LogMark()
    refused(ssh("alice", "wrong"))
    line = mark.wait("sshd:auth.*result=")
    contains(line, "result=rejected")
    contains(line, "http=403")
    equal(password_requests(), [403])


@test
def disabled_user_is_refused():
    code, line = login("dora")
    equal(code, PAM_AUTH_ERR)
    contains(line, "result=rejected")
    equal(password_requests(), [403])


@test
def wrong_client_secret_is_no_refusal_of_the_person():
    code, line = login("alice", by="wrong-secret")
    equal(code, PAM_AUTHINFO_UNAVAIL)
    contains(line, "result=misconfigured")
    contains(line, "http=400")
    contains(line, "secret")
    equal(password_requests(), [400])


@test
def encoded_client_secret_is_not_what_glewlwyd_takes():
    code, line = login("alice", by="encoded")
    equal(code, PAM_AUTHINFO_UNAVAIL)
    contains(line, "result=misconfigured")


@test
def online_check_names_the_wrong_secret_alone():
    found = extauthctl("--json", "check", "--online", check=False).output
    found = [f["text"] for f in json.loads(found)
             if f["id"] == "misconfigured"]
    equal([text.split(":")[0] for text in found],
          ["provider wrong-secret", "provider encoded"])
    for text in found:
        contains(text, "secret")


@test
def no_secret_and_no_password_is_in_the_log():
    mark = LogMark()
    login("alice")
    login("alice", by="wrong-secret")
    login("alice", "wrong-password")
    for part in (SECRET, "not-the-secret", PASSWORD, "wrong-password", "eyJ"):
        assert part not in mark.text(), part


# --- whose token it is -------------------------------------------------------

@test
def introspection_tells_the_name():
    equal(login("alice")[0], PAM_SUCCESS)


@test
def introspection_tells_the_email():
    code, line = login("bob", by="by-email")
    equal(code, PAM_SUCCESS, line)
    equal([r["target"] for r in server.requests("/introspect")],
          ["/api/oidc/introspect"])


@test
def name_is_not_taken_for_an_email():
    code, line = login("alice", by="by-name-sent")
    equal(code, PAM_AUTH_ERR, line)
    contains(line, "somebody else")


@test
def userinfo_tells_the_subject():
    code, line = login("alice", by="userinfo")
    equal(code, PAM_SUCCESS, line)


@test
def id_token_tells_the_subject_without_a_further_request():
    code, line = login("alice", by="id-token")
    equal(code, PAM_SUCCESS, line)
    equal([r["target"] for r in server.requests("/api/")],
          ["/api/oidc/.well-known/openid-configuration", "/api/oidc/token"])


@test
def userinfo_without_the_email_is_refused():
    code, line = login("alice", by="userinfo-email")
    equal(code, PAM_AUTH_ERR, line)
    equal(password_requests(), [200])


@test
def subject_of_another_user_is_refused():
    extauthctl("user", "remove", "alice")
    add_user("alice", None, "--external-id", "somebody-before")
    code, line = login("alice", by="userinfo")
    equal(code, PAM_AUTH_ERR, line)
    contains(line, "identity changed: registered somebody-before, answered ")
    extauthctl("user", "remove", "alice")
    add_user("alice")


# --- device grant ------------------------------------------------------------

def begin(name, plugin="oidc"):
    """Begins an ssh login; returns it with the code that the person reads."""
    server.clear()
    child = spawn("/usr/bin/ssh", "-F", "none", "-o",
                  "StrictHostKeyChecking=no", "-o", "LogLevel=ERROR", "-o",
                  "UserKnownHostsFile=/dev/null", "-o",
                  "PreferredAuthentications=keyboard-interactive", "-o",
                  "NumberOfPasswordPrompts=1", "-l", name, "127.0.0.1",
                  "id -un", timeout=30)
    child.expect(CODE)
    code = child.after
    contains(child.before, f"/api/{plugin}/device")
    return child, code


def end(child):
    """Returns the exit status of ssh and what it said last."""
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus, child.before.replace("\r", "").strip()


def polls(plugin="oidc"):
    """Returns times and statuses of the polls."""
    return [(r["time"], r["status"])
            for r in server.requests(f"/api/{plugin}/token")]


def gaps(plugin="oidc"):
    """Returns the seconds between a poll and the next."""
    times = [time for time, _ in polls(plugin)]
    return [later - earlier for earlier, later in zip(times, times[1:])]


def approve(username, password, code, plugin="oidc"):
    """Has a second process approve the code, as a browser elsewhere would."""
    run("/usr/bin/python3", "-c",
        "import sys; from glewlwyd_server import Glewlwyd;"
        "Glewlwyd.approve(*sys.argv[1:])",
        username, password, "logins", code, plugin, check=True,
        cwd=SOURCE + "/tests/e2e")


@test
def device_that_the_asked_user_approves_logs_in():
    mark = LogMark()
    child, code = begin("frank")
    approve("frank", PASSWORD, code)
    child.sendline("")
    status, said = end(child)
    # ssh's own word on the missing home may come before or after.
    equal(status, 0, said)
    assert "frank" in said.splitlines(), said
    contains(mark.wait("sshd:auth.*result="), "result=accepted")


@test
def device_that_somebody_else_approves_is_refused():
    mark = LogMark()
    child, code = begin("frank")
    approve("mallory", MALLORYS, code)
    child.sendline("")
    status, said = end(child)
    equal(status, 255, said)
    line = mark.wait("sshd:auth.*result=")
    contains(line, "result=rejected")
    contains(line, "somebody else")
    equal(polls()[-1][1], 200, "the provider's own yes")


@test
def device_is_polled_no_faster_than_the_interval():
    child, code = begin("frank")
    child.sendline("")
    wait_until(lambda: len(polls()) >= 3, "three polls")
    approve("frank", PASSWORD, code)
    status, said = end(child)
    equal(status, 0, said)
    assert min(gaps()) >= 1 - TOLERANCE, gaps()


@test
def slow_down_is_obeyed_for_good():
    child, code = begin("gina", "hasty")
    child.sendline("")
    wait_until(lambda: len(polls("hasty")) >= 3, "three polls", 20)
    approve("gina", PASSWORD, code, "hasty")
    status, said = end(child)
    equal(status, 0, said)
    equal([status for _, status in polls("hasty")], [400, 400, 400, 200])
    assert gaps("hasty")[0] < 4, "the server was not asked too early"
    assert min(gaps("hasty")[1:]) >= 6 - TOLERANCE, gaps("hasty")


@test
def device_that_nobody_approves_is_refused_in_time():
    set_up(person_deadline="4s")
    mark = LogMark()
    started = time.monotonic()
    child, _ = begin("frank")
    child.sendline("")
    status, said = end(child)
    equal(status, 255, said)
    assert time.monotonic() - started < 10
    assert "result=accepted" not in mark.wait("sshd:auth.*result=")
    set_up()


@test
def service_that_cannot_ask_gets_no_device_code():
    server.clear()
    mark = LogMark()
    refused(ssh("frank", "anything"))
    contains(mark.wait("sshd:auth.*result="), "result=second_factor_needed")
    equal(polls(), [])


run_tests()

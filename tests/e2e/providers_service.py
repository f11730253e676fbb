#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The simulators themselves, asked by curl: what each demands and answers, so
that the tests of logins stand on firm ground."""
import email.utils
import glob

from extauth_test import *
from providers_case import *

sys.path.insert(0, SOURCE + "/tests/service")
from provider_users import Factors, User

simulators = start_simulators()
okta = simulators["okta"]
WIRE = SOURCE + "/tests/service/wire"
JSON = ("-H", "Accept: application/json", "-H",
        "Content-Type: application/json")
TOKEN_PATHS = {"okta": "/oauth2/v1/token", "oauth2": "/token",
               "entra": f"/{TENANT}/oauth2/v2.0/token",
               "pingfederate": "/as/token.oauth2"}


def curl(url, *arguments):
    """Returns status, headers (a dict, lower-case names) and body."""
    result = run("curl", "-sS", "-i", "--http1.1", "--max-time", "5",
                 "--cacert", PKI + "/ca.pem", *arguments, url)
    equal(result.status, 0, result.errors)
    head, _, body = result.output.replace("\r\n", "\n").partition("\n\n")
    lines = head.split("\n")
    headers = dict(line.lower().split(": ", 1) for line in lines[1:])
    return int(lines[0].split()[1]), headers, body


def authn(path, **body):
    status, headers, text = curl(okta.url + "/api/v1/authn" + path, *JSON,
                                 "-d", json.dumps(body))
    return status, headers, json.loads(text)


def log_in(user, password=PASSWORD):
    return authn("", username=user, password=password,
                 options={"warnBeforePasswordExpired": True})


def token(provider, user, *more, password=PASSWORD, grant="password",
          client="CLIENT:client-secret"):
    """Asks a token endpoint for the password grant."""
    fields = (f"grant_type={grant}", f"username={user}",
              f"password={password}", "scope=openid", *more)
    return curl(simulators[provider].url + TOKEN_PATHS[provider], "-u", client,
                *(word for field in fields for word in ("-d", field)))


@test
def every_example_of_an_answer_is_what_its_name_says():
    paths = glob.glob(WIRE + "/*/*.*")
    assert len(paths) > 200, len(paths)
    for path in paths:
        _, status, kind = os.path.basename(path).rsplit(".", 2)
        assert 200 <= int(status) < 600, path
        with open(path, encoding="utf-8") as file:
            text = file.read()
        equal(text == "", kind == "empty", path)
        if kind == "json":
            json.loads(text)


@test
def one_time_codes_are_those_of_rfc_6238():
    factors = Factors({"accepted": "", "standing": False})
    factors.totp_secret = lambda user: b"12345678901234567890"
    for seconds, code in ((59, "287082"), (1111111109, "081804"),
                          (1111111111, "050471"), (20000000000, "353130")):
        equal(factors.totp(User("ok"), seconds // 30), code)
    user = User("ok")
    now = factors.totp(user)
    equal([factors.check_totp(user, c) for c in ("000", now, now)],
          ["wrong", "right", "replayed"])


@test
def okta_refuses_other_methods_and_media_types():
    url = okta.url + "/api/v1/authn"
    body = json.dumps({"username": "ok@example.com", "password": PASSWORD})
    for status, arguments in ((405, ()), (400, ("-d", body)),
                              (400, (*JSON, "-d", "{")),
                              (401, (*JSON, "-H", "Authorization: SSWS no",
                                     "-d", body)),
                              (200, (*JSON, "-d", body))):
        equal(curl(url, *arguments)[0], status, str(arguments))


@test
def okta_leads_through_its_states():
    okta.clear()
    status, _, warned = log_in("warn@example.com")
    equal((status, warned["status"]), (200, "PASSWORD_WARN"))
    skipped = authn("/skip", stateToken=warned["stateToken"])[2]
    equal(skipped["status"], "SUCCESS")
    # A state token ends with its login.
    equal(authn("/skip", stateToken=warned["stateToken"])[0], 401)
    expired = log_in("expired@example.com")[2]
    answers = [authn("/credentials/change_password",
                     stateToken=expired["stateToken"], oldPassword=old,
                     newPassword=new)[0]
               for old, new in (("wrong", "New-Password-2"),
                                (PASSWORD, "weak"),
                                (PASSWORD, "New-Password-2"))]
    equal(answers, [403, 403, 200])
    equal(okta.passwords("expired@example.com"), 4)


@test
def okta_push_waits_for_the_person():
    for kind, answer, number, result in (
            ("push", "approve", None, "SUCCESS"),
            ("push", "reject", None, "REJECTED"),
            ("push", "timeout", None, "TIMEOUT"),
            ("number", "approve", 0, "REJECTED")):
        user = kind + "@example.com"
        state = log_in(user)[2]["stateToken"]
        verify = "/factors/opf1/verify"
        for _ in range(2):
            waiting = authn(verify, stateToken=state)[2]
            equal(waiting["factorResult"], "WAITING")
        shown = waiting["_embedded"]["factor"].get("_embedded")
        equal(shown, {"challenge": {"correctAnswer":
                                    okta.wait_for_push(user)["number"]}}
              if kind == "number" else None)
        okta.decide_push(user, answer, number)
        end = authn(verify, stateToken=state)[2]
        equal(end.get("factorResult") or end["status"], result)


@test
def token_endpoints_know_their_clients():
    for provider in TOKEN_PATHS:
        equal(token(provider, "ok@example.com")[0], 200, provider)
        equal(token(provider, "ok@example.com", client="CLIENT:no")[0], 401,
              provider)
        assert token(provider, "ok@example.com", password="no")[0] in (
            400, 401, 403), provider
        assert token(provider, "ok@example.com", grant="other")[0] == 400
    # RFC 6749 2.3.1, which servers read in two ways.
    for client, status in (("ENCODED:a%25b%20c%3Ad%2Be", 200),
                           ("ENCODED:a%b c:d+e", 401),
                           ("RAW:a%b c:d+e", 200)):
        equal(token("oauth2", "ok@example.com", client=client)[0], status)


@test
def throttling_has_four_styles():
    status, headers, _ = log_in("throttled@example.com")
    assert status == 429 and int(headers["x-rate-limit-reset"]) > time.time()
    status, headers, _ = token("entra", "throttled@example.com")
    equal((status, headers["retry-after"]), (429, "30"))
    status, headers, _ = token("oauth2", "throttled@example.com")
    when = email.utils.parsedate_to_datetime(headers["retry-after"])
    assert status == 429 and when.timestamp() > time.time()
    status, headers, body = check_password("throttled@example.com")
    equal((status, "retry-after" in headers), (429, False))
    contains(body, '"retryAfter":30')


def check_password(user, media="check", password=PASSWORD):
    """The three requests of PingOne's password check."""
    url = simulators["pingone"].url
    worker = json.loads(curl(
        f"{url}/{ENVIRONMENT}/as/token", "-u", "CLIENT:client-secret",
        "-d", "grant_type=client_credentials")[2])["access_token"]
    bearer = ("-H", "Authorization: Bearer " + worker)
    users = f"{url}/v1/environments/{ENVIRONMENT}/users"
    equal(curl(users)[0], 401)
    found = json.loads(curl(users, *bearer, "-G", "--data-urlencode",
                            f'filter=email eq "{user}"')[2])
    return curl(f"{users}/{found['_embedded']['users'][0]['id']}/password",
                *bearer, "-H", "Content-Type: application/"
                f"vnd.pingidentity.password.{media}+json",
                "-d", json.dumps({"password": password}))


@test
def pingone_wants_its_media_type_and_counts_failures():
    simulators["pingone"].clear()
    equal(check_password("ok@example.com", "other")[0], 415)
    contains(check_password("ok@example.com")[2], '"status":"OK"')
    for left in (4, 3, 2, 1, 0):
        contains(check_password("ok@example.com", password="no")[2],
                 f'"failuresRemaining":{left}')
    contains(check_password("ok@example.com")[2], "PASSWORD_LOCKED_OUT")
    simulators["pingone"].clear()


@test
def aptify_hides_what_needs_a_token():
    base = simulators["aptify"].url + "/AptifyServicesAPI/services/"
    login = base + "Authentication/Login/Web"
    equal(curl(base + "UserInformation")[0], 404)
    contains(curl(login, "-d", f"UserName=ok@example.com&Password=no")[2],
             "ErrorInfo")
    form = f"UserName=ok@example.com&Password={PASSWORD}"
    granted = json.loads(curl(login, "-d", form)[2])["TokenId"]
    header = ("-H", f"AptifyAuthorization: Web {granted}")
    information = json.loads(curl(base + "UserInformation", *header)[2])
    equal(information["userInfo"]["Email"], "ok@example.com")
    equal(curl(base + "Authentication/Logout", *header)[0], 200)
    equal(curl(base + "UserInformation", *header)[0], 404)


@test
def device_code_obeys_interval_and_expiry_and_works_once():
    oauth2 = simulators["oauth2"]
    oauth2.tell("/settings", interval=1)
    begun = json.loads(curl(oauth2.url + "/device_authorization", "-d",
                            "client_id=PUBLIC&scope=openid")[2])

    def poll():
        return json.loads(curl(
            oauth2.url + "/token", "-d", "client_id=PUBLIC", "-d",
            "grant_type=urn:ietf:params:oauth:grant-type:device_code", "-d",
            "device_code=" + begun["device_code"])[2])

    equal([poll()["error"], poll()["error"]],
          ["authorization_pending", "slow_down"])
    oauth2.decide_device(begun["user_code"], "approved", "bob@example.com")
    userinfo = json.loads(curl(
        oauth2.url + "/userinfo", "-H",
        "Authorization: Bearer " + poll()["access_token"])[2])
    equal(userinfo["email"], "bob@example.com")
    equal(poll()["error"], "invalid_grant")


@test
def spoilt_answers_are_spoilt_as_named():
    bodies = {kind: token("oauth2", kind + "@example.com")
              for kind in ("empty", "html", "truncated", "wrongtype", "down")}
    equal({kind: answer[0] for kind, answer in bodies.items()},
          {"empty": 200, "html": 200, "truncated": 200, "wrongtype": 200,
           "down": 503})
    equal(bodies["empty"][2], "")
    contains(bodies["html"][2], "<html>")
    assert isinstance(json.loads(bodies["wrongtype"][2]), list)
    assert len(token("oauth2", "huge@example.com")[2]) > 10_000_000
    result = run("curl", "-sS", "--cacert", PKI + "/ca.pem", "-u",
                 "CLIENT:client-secret", "-d", "grant_type=password&scope="
                 f"openid&username=reset@example.com&password={PASSWORD}",
                 simulators["oauth2"].url + "/token")
    assert result.status in (18, 56), result


run_tests()

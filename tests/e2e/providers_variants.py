#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the keys of a provider change: Aptify's providers and ways to send the
password, how an OAuth 2.0 client proves itself, where the identity is looked
for, Okta with an API token and with a server of its own."""
from urllib.parse import parse_qsl, urlsplit

from extauth_test import *
from providers_case import *

SERVICE = "providers"
ACCEPTED = "PAM_SUCCESS"
REFUSED = "PAM_AUTH_ERR"
UNAVAILABLE = "PAM_AUTHINFO_UNAVAIL"

simulators = start_simulators("okta", "aptify", "oauth2")
okta, aptify, oauth2 = (simulators[n] for n in ("okta", "aptify", "oauth2"))
configure_all(simulators, more=provider_section("okta", simulators, "",
                                                "tested"))
write(f"/etc/pam.d/{SERVICE}", "auth required pam_extauth.so\n"
      "account required pam_permit.so\n")
write("/etc/extauth/secrets/special", "a%b c:d+e\n", 0o600)
write("/etc/extauth/secrets/token", "api-token\n", 0o600)
for name in ("ok", "other", "otherinfo", "other1", "other2", "other3",
             "other4", "unverified1", "unverified2"):
    add_user(name, f"{name}@example.com", "--provider", "tested")


def set_provider(text, simulator):
    """Configures the one provider that is tested."""
    write("/etc/extauth/secrets/client", "client-secret\n", 0o600)
    configure("[extauth]\nfailure_delay = 0ms\nmax_failures = 0\n"
              f"[provider tested]\nca_file = {PKI}/ca.pem\n"
              + text.format(url=simulator.url))
    simulator.clear()


# --- Aptify ------------------------------------------------------------------

APTIFY = "type = aptify\nurl = {url}/AptifyServicesAPI/services\n"


@test
def aptify_provider_names_go_into_the_path_as_they_are_typed():
    for name in ("Domain", "Web", "web", "vNext", "DomainWithContainer",
                 "SQLNeedsInputWithContainer", "eBusinessWebUser"):
        set_provider(f"{APTIFY}login_provider = {name}\n", aptify)
        equal(pam_login(SERVICE, "ok"), ACCEPTED, name)
        login, = aptify.requests("Login")
        equal((login["method"], urlsplit(login["target"]).path.split("/")[-1]),
              ("POST", name))
        equal(dict(parse_qsl(login["body"])),
              {"UserName": "ok@example.com", "Password": PASSWORD})


@test
def aptify_provider_that_is_not_there_is_a_wrong_configuration():
    set_provider(APTIFY + "login_provider = Nobody\n", aptify)
    equal(pam_login(SERVICE, "ok"), UNAVAILABLE)


@test
def aptify_takes_the_password_as_form_query_or_json():
    for way, method in (("form", "POST"), ("query", "GET"), ("json", "POST")):
        set_provider(APTIFY + "login_provider = Web\n"
                     f"login_by = {way}\nallow_password_in_url = "
                     + ("yes\n" if way == "query" else "no\n"), aptify)
        equal(pam_login(SERVICE, "ok"), ACCEPTED, way)
        login, = aptify.requests("Login")
        equal((login["method"], PASSWORD in login["target"],
               login["headers"].get("content-type", "").partition(";")[0]),
              (method, way == "query",
               {"form": "application/x-www-form-urlencoded", "query": "",
                "json": "application/json"}[way]))


@test
def aptify_password_in_the_url_must_be_allowed():
    text = APTIFY.format(url=aptify.url) + "login_provider = SQL\n"
    configure(f"[extauth]\n[provider tested]\n{text}")
    result = extauthctl("check", check=False)
    assert result.status != 0
    contains(result.output + result.errors, "allow_password_in_url")


@test
def aptify_extra_fields_go_with_the_password():
    set_provider(APTIFY + "login_provider = DomainWithContainer\n"
                 "field = Container: OU=Staff\n", aptify)
    equal(pam_login(SERVICE, "ok"), ACCEPTED)
    login, = aptify.requests("Login")
    equal(dict(parse_qsl(login["body"]))["Container"], "OU=Staff")


@test
def aptify_user_information_must_name_the_same_user_and_logout_ends_it():
    set_provider(APTIFY + "login_provider = Web\n", aptify)
    equal(pam_login(SERVICE, "ok"), ACCEPTED)
    equal([r["target"].rpartition("/")[2] for r in aptify.requests()],
          ["Web", "UserInformation", "Logout"])
    aptify.clear()
    equal(pam_login(SERVICE, "otherinfo"), REFUSED)
    equal(aptify.passwords("otherinfo@example.com"), 1)
    aptify.clear()
    equal(pam_login(SERVICE, "other"), REFUSED)


# --- OAuth 2.0 ---------------------------------------------------------------

OAUTH2 = "type = oauth2\nissuer = {url}\n"
SPECIAL = "client_secret_file = /etc/extauth/secrets/special\n"


@test
def oauth2_client_proves_itself_in_four_ways():
    usual = f"client_id = CLIENT\nclient_secret_file = {SECRET_FILE}\n"
    for keys, code in (
            (usual, ACCEPTED),
            (usual + "client_auth = basic_raw\n", ACCEPTED),
            (usual + "client_auth = post\n", ACCEPTED),
            ("client_id = PUBLIC\nclient_auth = none\n", ACCEPTED),
            ("client_id = CLIENT\nclient_auth = none\n", UNAVAILABLE),
            ("client_id = ENCODED\n" + SPECIAL, ACCEPTED),
            ("client_id = ENCODED\nclient_auth = basic_raw\n" + SPECIAL,
             UNAVAILABLE),
            ("client_id = RAW\nclient_auth = basic_raw\n" + SPECIAL,
             ACCEPTED)):
        set_provider(OAUTH2 + keys, oauth2)
        equal(pam_login(SERVICE, "ok"), code, keys)


@test
def oauth2_identity_is_looked_for_where_the_key_says():
    client = f"client_id = CLIENT\nclient_secret_file = {SECRET_FILE}\n"
    # Each time somebody else: what was refused is not asked again at once.
    for other, where, path in (("other1", "auto", None),
                               ("other2", "id_token", None),
                               ("other3", "userinfo", "/userinfo"),
                               ("other4", "introspection", "/introspect")):
        set_provider(f"{OAUTH2}{client}identity_from = {where}\n", oauth2)
        equal(pam_login(SERVICE, "ok"), ACCEPTED, where)
        asked = [r["target"] for r in oauth2.requests()][2:]
        equal(asked, [path] if path else [], where)
        equal(pam_login(SERVICE, other), REFUSED, where)
        equal(oauth2.passwords(other + "@example.com"), 1, where)


@test
def oauth2_address_that_is_not_verified_is_refused():
    client = f"client_id = CLIENT\nclient_secret_file = {SECRET_FILE}\n"
    for name, where in (("unverified1", "id_token"),
                        ("unverified2", "userinfo")):
        set_provider(f"{OAUTH2}{client}identity_from = {where}\n", oauth2)
        equal(pam_login(SERVICE, name), REFUSED, where)
        equal(oauth2.passwords(name + "@example.com"), 1, where)


@test
def oauth2_without_discovery_asks_the_token_endpoint_alone():
    set_provider("type = oauth2\ntoken_url = {url}/token\nclient_id = CLIENT\n"
                 "userinfo_url = {url}/userinfo\nscope = email\n"
                 f"client_secret_file = {SECRET_FILE}\n", oauth2)
    equal(pam_login(SERVICE, "ok"), ACCEPTED)
    equal([r["target"] for r in oauth2.requests()], ["/token", "/userinfo"])


@test
def oauth2_issuer_under_another_name_is_a_wrong_configuration():
    url = oauth2.url.replace("id.example.com", "localhost")
    set_provider(f"type = oauth2\nissuer = {url}\nclient_id = CLIENT\n"
                 f"client_secret_file = {SECRET_FILE}\n", oauth2)
    equal(pam_login(SERVICE, "ok"), UNAVAILABLE)
    equal(oauth2.passwords("ok@example.com"), 0)


# --- Okta --------------------------------------------------------------------

@test
def okta_with_an_api_token_tells_where_the_person_is():
    set_provider("type = okta\nurl = {url}\n"
                 "api_token_file = /etc/extauth/secrets/token\n", okta)
    equal(pam_login(SERVICE, "ok"), ACCEPTED)
    headers = okta.requests("/authn")[0]["headers"]
    equal(headers["authorization"], "SSWS api-token")
    equal(headers["x-forwarded-for"], "127.0.0.1")


@test
def okta_wrong_api_token_is_a_wrong_configuration():
    write("/etc/extauth/secrets/token", "another\n", 0o600)
    equal(pam_login(SERVICE, "ok"), UNAVAILABLE)
    write("/etc/extauth/secrets/token", "api-token\n", 0o600)


@test
def okta_authorization_server_of_its_own_is_asked():
    set_provider("type = okta\nurl = {url}\nokta_api = token\n"
                 "authorization_server = default\nclient_id = CLIENT\n"
                 f"client_secret_file = {SECRET_FILE}\n", okta)
    equal(pam_login(SERVICE, "ok"), ACCEPTED)
    equal([r["target"] for r in okta.requests()],
          ["/oauth2/default/v1/token"])


run_tests()

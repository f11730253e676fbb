#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Each configuration of extauth-providers(7), run as it stands: it loads, the
right password logs in and a wrong one does not, the dry run shows every
request, and the online check names what is wrong in the provider's words."""
import manual_servers
from extauth_test import *
from manual_servers import API_KEY, CLIENT_SECRET, PASSWORD

PAM_SUCCESS, PAM_AUTH_ERR = 0, 7
TENANT = "11111111-2222-3333-4444-555555555555"
ENTRA = f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0"
PINGONE = f"/v1/environments/{TENANT}/users"
APTIFY = "https://aptify.example.com/AptifyServicesAPI/services"
ISSUER = "https://sso.example.com/realms/staff"
DISCOVERY = f"GET {ISSUER}/.well-known/openid-configuration"


@dataclass
class Case:
    """What is expected of one configuration of the manual."""
    kind: str           # the simulator
    requests: tuple     # of the dry run, as patterns
    secret: str = ""    # that it names
    # (endpoint, answer of wire/, pattern of what the check says)
    faults: tuple = ()


# By heading and by the number of the configuration on that page.
CASES = {
    ("HTTP BASIC", 0): Case("", ("GET https://intranet.example.com/auth",)),
    ("REST", 0): Case("rest", ("POST https://id.example.com/v1/login",)),
    ("REST WITH A CONNECTION FIRST", 0): Case(
        "rest", ("POST https://id.example.com/v2/session",
                 "POST https://id.example.com/v2/login"), API_KEY),
    ("REST WITH A CONNECTION FIRST", 1): Case(
        "rest", ("POST https://id.example.com/oauth2/token",
                 "POST https://id.example.com/v3/login"), CLIENT_SECRET),
    ("OAUTH 2.0 AND OPENID CONNECT", 0): Case(
        "oauth2", (DISCOVERY, f"POST {ISSUER}/.*"), CLIENT_SECRET,
        (("/token", "unauthorized_client",
          "unauthorized_client: Client not allowed for direct access"),)),
    ("DEVICE GRANT", 0): Case(
        "oauth2", (DISCOVERY, f"POST {ISSUER}/.*", f"POST {ISSUER}/.*"), "",
        (("/device_authorization", "unauthorized_client",
          "unauthorized_client: "),)),
    ("OKTA", 0): Case("okta", ("POST https://example.okta.com/api/v1/authn",)),
    ("OKTA BY ITS TOKEN ENDPOINT", 0): Case(
        "okta", ("POST https://example.okta.com/oauth2/v1/token",), "",
        (("/oauth2/v1/token", "token_unauthorized_client",
          "unauthorized_client: The client is not authorized to use"),
         ("/oauth2/v1/token", "token_invalid_client", "invalid_client: "))),
    ("MICROSOFT ENTRA ID", 0): Case(
        "entra", (f"POST {ENTRA}/token",), "",
        ((f"/{TENANT}/oauth2/v2.0/token", "AADSTS65001",
          "AADSTS65001: .*consent"),
         (f"/{TENANT}/oauth2/v2.0/token", "AADSTS7000218",
          "AADSTS7000218: .*public client"),
         (f"/{TENANT}/oauth2/v2.0/token", "AADSTS7000215",
          "AADSTS7000215: .*secret"))),
    ("PINGONE", 0): Case(
        "pingone", (f"POST https://auth.pingone.com/{TENANT}/as/token",
                    f"GET https://api.pingone.com{PINGONE}[?]filter=email"
                    "%20eq%20%22alice%40example.com%22",
                    f"POST https://api.pingone.com{PINGONE}/[^/]+/password"),
        CLIENT_SECRET,
        ((f"/{TENANT}/as/token", "token_unauthorized_client",
          "unauthorized_client"),)),
    ("PINGFEDERATE", 0): Case(
        "pingfederate", ("POST https://sso.example.com:9031/as/token.oauth2",
                         "GET https://sso.example.com:9031/idp/"
                         "userinfo.openid"), CLIENT_SECRET,
        (("/as/token.oauth2", "unauthorized_client",
          "unauthorized_client"),)),
    ("APTIFY", 0): Case(
        "aptify", (f"POST {APTIFY}/Authentication/Login/Web",
                   f"GET {APTIFY}/UserInformation",
                   f"(GET|POST) {APTIFY}/Authentication/Logout")),
}

# In bold type, but no keys: verdicts, words of PAM's options.
OTHER_WORDS = {"second_factor_needed", "denied_by_policy", "forgot_password",
               "basic_raw", "external_id", "auth_basic", "pam_extauth"}


def read_manual():
    """Returns the pages of the manual, by heading."""
    with open(SOURCE + "/man/extauth-providers.7.scd",
              encoding="utf-8") as manual:
        pages = re.split(r"(?m)^# ", manual.read())[1:]
    return {page.partition("\n")[0]: page for page in pages}


def read_configurations():
    """Returns {(heading, number on the page): configuration}."""
    found = {}
    for heading, page in PAGES.items():
        blocks = re.findall(r"(?ms)^```\n(.*?)^```$", page)
        blocks = [block for block in blocks if "[provider " in block]
        found.update({(heading, number): block
                      for number, block in enumerate(blocks)})
    return found


def read_log(heading):
    """Returns the parts of the log line that a page shows for a refusal."""
    shown = re.search(r"(?s)^\*The log shows\*\n\t_(.*?)_(?![a-z])",
                      PAGES[heading][PAGES[heading].index("*The log shows"):])
    line = shown[1].replace("\n\t", " ")
    return re.findall(r'reason=".*|\S+', line)


PAGES = read_manual()
MANUAL = read_configurations()


def set_up(key):
    """Installs a configuration as it stands, and the secret that it names."""
    text = MANUAL[key]
    configure(text)
    for name in set(re.findall(r"client_secret_file = (\S+)|{{SECRET:(\S+)}}",
                               text)):
        extauthctl("secret", "set", "".join(name), input=CASES[key].secret)
    manual_servers.clear_requests()


def document(*arguments):
    """Returns what a command prints as JSON."""
    return json.loads(extauthctl("--json", *arguments, check=False).output)


def findings(*arguments):
    """Returns the errors that `check` finds about providers, as one text."""
    found = document("check", *arguments)
    return "\n".join(f"{f['id']} {f['text']}" for f in found
                     if f["level"] == "error")


def login(password):
    """Returns the PAM code of alice's login, and its line in the log."""
    extauthctl("user", "unlock", "alice")
    mark = LogMark()
    write("/run/test-password", password + "\n", 0o600)
    code = run(BUILD + "/tests/bench/pam_login", "test-manual", "alice",
               "/run/test-password").status
    return code, mark.wait("test-manual:auth.*result=")


def fits(requests, patterns):
    """Fails unless each request is as its pattern, and none is left over."""
    if (len(requests) != len(patterns)
            or not all(map(re.fullmatch, patterns, requests))):
        raise AssertionError(f"{requests} for {patterns}")


# --- what each configuration is asked ----------------------------------------

def loads(key):
    set_up(key)
    equal(findings(), "")


def dry_run_shows_every_request_and_no_secret(key):
    set_up(key)
    trace = document("test-login", "alice", "--dry-run")["trace"]
    fits([line for line in trace
          if re.match(r"(GET|POST|PUT) https://", line)], CASES[key].requests)
    equal(manual_servers.requests(), [])
    for part in (CASES[key].secret, "dry-run"):
        assert not part or part not in "\n".join(trace), part
    assert not re.search("Basic [A-Za-z0-9+/=]{8}", "\n".join(trace)), trace


def right_password_logs_in(key):
    set_up(key)
    code, line = login(PASSWORD)
    equal(code, PAM_SUCCESS, line)
    equal(len(manual_servers.requests()), len(CASES[key].requests),
          str(manual_servers.requests()))


def wrong_password_is_refused(key):
    set_up(key)
    code, line = login("not-" + PASSWORD)
    equal(code, PAM_AUTH_ERR, line)
    for part in read_log(key[0]):
        contains(line, part)


def online_check_finds_nothing(key):
    set_up(key)
    equal(findings("--online"), "")


def check_names_a_missing_secret(key):
    set_up(key)
    name = re.search(r"client_secret_file = (\S+)", MANUAL[key])[1]
    extauthctl("secret", "remove", name)
    contains(findings(), "secret_missing")


def online_check_names_a_wrong_secret(key):
    set_up(key)
    name = re.search(r"client_secret_file = (\S+)", MANUAL[key])[1]
    extauthctl("secret", "set", name, input="wrong")
    contains(findings("--online"), "invalid_client")


def online_check_names_faults_of_the_client(key):
    for path, answer, text in CASES[key].faults:
        set_up(key)
        manual_servers.set_fault(CASES[key].kind, path, answer)
        found = findings("--online")
        manual_servers.set_fault(CASES[key].kind)
        contains(found, "misconfigured")
        assert re.search(text, found), (text, found)


# --- device grant ------------------------------------------------------------

def device_login(decision, user):
    """Logs alice in by ssh; somebody decides. Returns the exit status of ssh
    and what it said last."""
    child = spawn("/usr/bin/ssh", "-F", "none", "-o",
                  "StrictHostKeyChecking=no", "-o", "LogLevel=ERROR", "-o",
                  "UserKnownHostsFile=/dev/null", "-o",
                  "PreferredAuthentications=keyboard-interactive", "-o",
                  "NumberOfPasswordPrompts=1", "-l", "alice", "127.0.0.1",
                  "id -un")
    child.expect("[B-Z]{4}-[B-Z]{4}")
    done = manual_servers.control("oauth2", "/device", user_code=child.after,
                                  state=decision, user=user)
    equal(done, {"done": True})
    child.sendline("")
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus, child.before.replace("\r", "").strip()


def approval_logs_in(key):
    set_up(key)
    status, said = device_login("approved", "alice")
    equal(status, 0, said)
    assert "alice" in said.splitlines(), said


def denial_is_refused(key):
    set_up(key)
    mark = LogMark()
    status, said = device_login("denied", "alice")
    equal(status, 255, said)
    for part in read_log(key[0]):
        contains(mark.wait("sshd:auth.*result="), part)


def approval_by_somebody_else_is_refused(key):
    set_up(key)
    mark = LogMark()
    status, said = device_login("approved", "bob")
    equal(status, 255, said)
    contains(mark.wait("sshd:auth.*result="), "somebody else")


# --- the tests ---------------------------------------------------------------

def register(key, *checks):
    """Registers tests of one configuration, under its page's name."""
    heading, number = key
    slug = re.sub(r"[^A-Za-z0-9]+", "_", heading.lower())
    for check in checks:
        def run_check(check=check):
            check(key)
        run_check.__name__ = (f"manual_{slug}_{number + 1}_"
                              f"{check.__name__}")
        test(run_check)


@test
def every_configuration_of_the_manual_is_tested():
    equal(sorted(MANUAL), sorted(CASES))


@test
def every_key_that_the_manual_names_is_one():
    with open(SOURCE + "/etc/extauth.conf", encoding="utf-8") as shipped:
        known = set(re.findall(r"(?m)^#([a-z0-9_]+) =", shipped.read()))
    named = set(re.findall(r"\*([a-z0-9]+(?:_[a-z0-9]+)+)(?: = \S+)?\*",
                           "\n".join(PAGES.values())))
    equal(named - known - OTHER_WORDS, set())


@test
def every_code_of_entra_leads_to_the_verdict_that_the_manual_says():
    set_up(("MICROSOFT ENTRA ID", 0))
    rows = re.findall(r"(?m)^\|  (\w+)\n:  (.*)$",
                      PAGES["MICROSOFT ENTRA ID"])
    codes = {code: verdict for verdict, text in rows
             for code in re.findall(r"\d{4,}", text)}
    got = {code: entra_verdict(code) for code in codes}
    equal({code: got[code] for code in codes if got[code] != codes[code]}, {})
    assert len(codes) >= 55, codes


def entra_verdict(code):
    """Returns the verdict on a user for whom Entra has that code."""
    extauthctl("user", "add", "aadsts" + code, "--email",
               f"aadsts{code}@example.com")
    result = extauthctl("--json", "test-login", "aadsts" + code,
                        input=PASSWORD + "\n", check=False)
    return json.loads(result.output)["verdict"]


for one in CASES:
    register(one, loads, dry_run_shows_every_request_and_no_secret)
    if one[0] == "DEVICE GRANT":
        register(one, approval_logs_in, denial_is_refused,
                 approval_by_somebody_else_is_refused)
    else:
        register(one, right_password_logs_in, wrong_password_is_refused)
    register(one, online_check_finds_nothing)
    if CASES[one].secret == CLIENT_SECRET:
        register(one, check_names_a_missing_secret,
                 online_check_names_a_wrong_secret)
    if CASES[one].faults:
        register(one, online_check_names_faults_of_the_client)

manual_servers.start_all()
for service in ("sshd", "test-manual"):
    write("/etc/pam.d/" + service, """auth [success=done default=die] pam_extauth.so
account [success=1 default=ignore] pam_localuser.so
account [success=done default=die] pam_extauth.so
session required pam_permit.so
""")
# Beside the manual's text: only that a refusal need not take long.
write("/etc/extauth/conf.d/test.conf", "[extauth]\nfailure_delay = 100ms\n")
configure(MANUAL["REST", 0])
add_user("alice")
Sshd()
run_tests()

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the placeholders stand for in URL path, query, header and body, and
what else a request holds, as a server receives it."""
import base64
from xml.parsers import expat

from extauth_test import *
from placeholders_case import *


# --- set-up ------------------------------------------------------------------

write_configuration()
extauthctl("secret", "set", "key", input=SECRET + "\n")
add_user("alice", "Alice.O'Neil+x@Example.com", "--external-id", EXTERNAL_ID)
add_user("plain", "plain@example.com")
for place in [*PROVIDERS, "basic"]:
    write(f"/etc/pam.d/e2e-{place}",
          f"auth required pam_extauth.so provider={place}\n")
HOST = os.uname().nodename


# --- the values --------------------------------------------------------------

@test
def every_placeholder_arrives_in_every_place():
    expected = {
        "USERID": str(registered_uid("alice")), "USERNAME": "alice",
        "USEREMAIL": "Alice.O'Neil+x@Example.com", "USERPASSWORD": PASSWORD,
        "USEREXTERNALID": EXTERNAL_ID, "ORGID": 'org "4711" & sons/%',
        "DEVICEOS": system_name(), "DEVICENAME": "192.0.2.7",
        "DEVICEIP": "192.0.2.7", "HOSTNAME": HOST, "TTY": "/dev/pts/4",
        "RHOST": "192.0.2.7", "SECRET_key": SECRET}
    for place in ("path", "query", "header", "json", "form", "xml"):
        equal(values(place, rhost="192.0.2.7", tty="/dev/pts/4"),
              dict(expected, SERVICE="e2e-" + place), place)


@test
def user_id_may_be_a_json_number():
    equal(json.loads(accepted("number").body),
          {"id": registered_uid("alice"), "p": PASSWORD})


@test
def empty_external_id_is_empty_in_every_place():
    for place in ("path", "query", "header", "json", "form", "xml"):
        equal(values(place, user="plain")["USEREXTERNALID"], "", place)


@test
def external_id_that_is_a_dot_segment_is_never_sent_in_a_path():
    add_user("dots", "dots@example.com", "--external-id", "..")
    code, requests = log_in("path", user="dots")
    equal((code, requests), (PAM_AUTH_ERR, []))
    got = values("query", user="dots", password="another")
    equal(got["USEREXTERNALID"], "..")


@test
def email_is_sent_as_stored_and_not_as_typed():
    write_configuration("email_login_names = yes")
    try:
        add_user("carol@example.com", "Carol@Example.com")
        got = values("json", user="carol@example.com")
        equal((got["USERNAME"], got["USEREMAIL"]),
              ("carol@example.com", "Carol@Example.com"))
        for typed in ("Carol@Example.com", "CAROL@EXAMPLE.COM",
                      "Alice.O'Neil+x@Example.com", "ALICE"):
            equal(log_in("json", user=typed), (PAM_USER_UNKNOWN, []), typed)
    finally:
        write_configuration()


@test
def organization_of_the_provider_comes_before_the_general_one():
    equal(values("org")["ORGID"], "42 of the provider")
    equal(values("json")["ORGID"], 'org "4711" & sons/%')


@test
def device_os_comes_from_os_release_and_from_its_key():
    equal(values("json")["DEVICEOS"], system_name())
    os.unlink("/etc/os-release")
    write("/etc/os-release", "NAME=x\n"
          'PRETTY_NAME="Test \\"Linux\\" 9 <&> more"\n')
    for place in ("header", "json", "xml"):
        equal(values(place)["DEVICEOS"], system_name(), place)
    contains(system_name(), 'Test "Linux" 9 <&> more')
    write_configuration('device_os = Own "OS" / 1.0')
    equal(values("xml")["DEVICEOS"], 'Own "OS" / 1.0')
    write_configuration()


# --- from where --------------------------------------------------------------

def check_device(expected_name, expected_ip, **items):
    """Compares name and address of the device in four places."""
    for place in ("path", "query", "header", "xml"):
        got = values(place, **items)
        equal((got["DEVICENAME"], got["DEVICEIP"], got["RHOST"], got["TTY"]),
              (expected_name, expected_ip, items.get("rhost") or "",
               items.get("tty") or ""), f"{place} {items}")


@test
def numeric_remote_host_is_name_and_address():
    for rhost, ip in (("192.0.2.7", "192.0.2.7"),
                      ("2001:db8::7", "2001:db8::7"),
                      ("::1", "::1"),
                      ("::ffff:192.0.2.7", "192.0.2.7"),
                      ("fe80::1%eth0", "fe80::1")):
        check_device(rhost, ip, rhost=rhost, tty="ssh")
    check_device("192.0.2.7", "192.0.2.7", rhost="192.0.2.7",
                 connection="198.51.100.3 51000 10.9.9.9 22")


@test
def name_of_a_remote_host_is_never_resolved():
    # /etc/hosts of the private root knows it.
    contains(run("getent", "hosts", "client.example.com").output, "10.9.9.9")
    check_device("client.example.com", "", rhost="client.example.com")
    check_device("client.example.com", "198.51.100.3",
                 rhost="client.example.com",
                 connection="198.51.100.3 51000 10.9.9.9 22")
    check_device("client.example.com", "2001:db8::9",
                 rhost="client.example.com",
                 connection="2001:db8::9 51000 fd00:9::9 22")
    for number in ("192.0.2", "192.0.2.256", "0x7f.1", "192.0.2.7.example"):
        check_device(number, "", rhost=number)


@test
def local_login_has_its_terminal_or_this_host():
    check_device("tty1", "127.0.0.1", tty="tty1")
    check_device("tty1", "127.0.0.1", tty="/dev/tty1")
    check_device("pts/3", "127.0.0.1", tty="/dev/pts/3")
    check_device(HOST, "127.0.0.1")
    check_device(HOST, "127.0.0.1", rhost="", tty="")
    # As sudo says it: its own host.
    check_device("pts/3", "127.0.0.1", rhost=HOST, tty="/dev/pts/3")
    check_device("pts/3", "198.51.100.3", tty="pts/3",
                 connection="198.51.100.3 51000 10.9.9.9 22")
    write_configuration("local_device_ip = 10.20.30.40")
    check_device("tty1", "10.20.30.40", tty="tty1")
    check_device("client.example.com", "", rhost="client.example.com")
    write_configuration()


HOSTILE = [
    b'q"uo\'te\\s', b"a\r\nX-Injected: yes\r\n\r\nGET /accept HTTP/1.1",
    b"a\nb", b"a\tb\x1b[2Jc\x7fd", "w\u00f6rld.\u4f8b".encode(),
    b"a\xff\xfe\xc0\x80z", b"<a b='c'>&amp;]]>", b"%0d%0aX-Injected:%20yes",
    b"{{USERPASSWORD}}", b"../../x", b"a?b#c&d=e;f", b"x" * 255, b"x" * 256,
    b"x" * 4096, b"\x01" * 4096, b"\xc3\xa9" * 2048]


def printable(rhost):
    """Returns at most 255 bytes of it; what is not printable ASCII is '?'."""
    return "".join(chr(byte) if 0x20 <= byte <= 0x7e else "?"
                   for byte in rhost[:255])


@test
def hostile_remote_host_never_breaks_a_request():
    for place in ("path", "query", "header", "json", "form", "xml"):
        for rhost in HOSTILE:
            request = accepted(place, rhost=rhost)
            got = READERS[place](request)
            equal((got["RHOST"], got["DEVICENAME"], got["DEVICEIP"]),
                  (printable(rhost), printable(rhost), ""), f"{place} {rhost}")
            equal(got["USERPASSWORD"], PASSWORD)
            assert request.header("X-Injected") is None, request


@test
def remote_host_that_cannot_be_said_refuses_without_a_request():
    # RFC 9110 5.5: blanks at the ends are not part of a field's value.
    for rhost in (" a", "a ", " "):
        equal(log_in("header", rhost=rhost, password=f"1{rhost}"),
              (PAM_AUTH_ERR, []), rhost)
        equal(values("json", rhost=rhost, password=f"2{rhost}")["RHOST"],
              rhost)
    # RFC 3986 3.3: dot segments.
    for rhost in (".", ".."):
        equal(log_in("path", rhost=rhost, password=f"1{rhost}"),
              (PAM_AUTH_ERR, []), rhost)
        equal(values("query", rhost=rhost, password=f"2{rhost}")["RHOST"],
              rhost)


@test
def hostile_terminal_never_breaks_a_request():
    for place in ("path", "header", "json", "xml"):
        for tty in HOSTILE:
            got = values(place, tty=tty)
            equal((got["TTY"], got["DEVICENAME"], got["DEVICEIP"]),
                  (printable(tty), printable(tty), "127.0.0.1"),
                  f"{place} {tty}")


@test
def hostile_ssh_connection_is_no_address():
    for connection in (b"client.example.com 1 2 3", b"x\r\nX-Injected: yes",
                       b"", b"1.2.3.4\r\nX-Injected: yes", b"9" * 4096):
        for place in ("header", "json"):
            got = values(place, rhost="client.example.com",
                         connection=connection)
            equal(got["DEVICEIP"], "", f"{place} {connection}")


# --- secrets -----------------------------------------------------------------

@test
def newline_at_the_end_of_a_secret_is_dropped():
    for text in (SECRET + "\n", SECRET):
        write("/etc/extauth/secrets/key", text, 0o600)
        for place in ("path", "query", "header", "json", "form", "xml"):
            equal(values(place)["SECRET_key"], SECRET, place)


@test
def missing_secret_refuses_without_a_request():
    os.rename("/etc/extauth/secrets/key", "/etc/extauth/secrets/other")
    code, requests = log_in("json")
    os.rename("/etc/extauth/secrets/other", "/etc/extauth/secrets/key")
    assert code != PAM_SUCCESS, code
    equal(requests, [])


# --- what else a request holds -----------------------------------------------

def header_names(request):
    return sorted(name.lower() for name, value in request.headers)


@test
def default_bodies_hold_email_and_password():
    expected = {"email": "Alice.O'Neil+x@Example.com",
                "password": 'p"<&>+%\\ \u00e9'}
    password = expected["password"]
    request = accepted("default-json", password=password)
    equal((request.method, json.loads(request.body)), ("POST", expected))
    request = accepted("default-form", password=password)
    equal((request.method, read_query(request.body.decode("ascii"))),
          ("PUT", expected))
    request = accepted("default-xml", password=password)
    equal(request.method, "POST")
    texts = {}
    stack = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, given: stack.append(name)
    parser.CharacterDataHandler = lambda text: texts.update(
        {stack[-1]: texts.get(stack[-1], "") + text})
    parser.Parse(request.body, True)
    equal((stack, texts), (["login", "email", "password"], expected))


@test
def content_type_and_accept_follow_the_form():
    for place, content_type, accept in (
            ("default-json", b"application/json", b"application/json"),
            ("default-form", b"application/x-www-form-urlencoded", None),
            ("default-xml", b"application/xml; charset=utf-8",
             b"application/xml")):
        request = accepted(place)
        equal((request.header("Content-Type"), request.header("Accept")),
              (content_type, accept), place)


@test
def configured_content_type_and_accept_replace_ours():
    request = accepted("own-type")
    equal(request.header("Content-Type"), b"application/vnd.example+json")
    equal(request.header("Accept"), b"text/plain")
    equal(header_names(request), ["accept", "content-length", "content-type",
                                  "host", "user-agent"])


@test
def request_has_no_header_that_nobody_asked_for():
    request = accepted("default-json")
    equal(header_names(request), ["accept", "content-length", "content-type",
                                  "host", "user-agent"])
    equal(request.header("Host"), b"id.example.com:8443")
    assert re.fullmatch(rb"extauth/[0-9]+\.[0-9]+\.[0-9]+",
                        request.header("User-Agent")), request.headers


@test
def get_has_neither_body_nor_content_type():
    request = accepted("query")
    equal((request.method, request.body), ("GET", b""))
    equal(header_names(request), ["host", "user-agent"])


@test
def basic_with_post_sends_no_body_unless_one_is_set():
    request = accepted("no-body")
    equal((request.method, request.body), ("POST", b""))
    equal(request.header("Content-Type"), None)
    equal(request.header("Authorization"), basic_header(PASSWORD))


def basic_header(password):
    pair = "Alice.O'Neil+x@Example.com:" + password
    return b"Basic " + base64.b64encode(pair.encode())


@test
def basic_is_sent_with_the_first_request():
    password = "p\u00e4ss:word "
    service.users({"Alice.O'Neil+x@Example.com": "right"})
    request = accepted("basic", password="right")
    equal((request.method, request.body), ("GET", b""))
    equal(header_names(request), ["authorization", "host", "user-agent"])
    equal(request.header("Authorization"), basic_header("right"))
    code, requests = log_in("basic", password=password)
    equal((code, [r.header("Authorization") for r in requests]),
          (PAM_AUTH_ERR, [basic_header(password)]))


@test
def user_id_with_a_colon_cannot_be_registered():
    for email in ("a:b@example.com", "ab@example.com:80", ":@example.com",
                  '"a:b"@example.com'):
        result = extauthctl("user", "add", "colon", "--email", email,
                            check=False)
        assert result.status not in (0, 2), result
        write("/tmp/users.csv", "name,email\ncolon," + json.dumps(email)
              .replace('\\"', '""') + "\n")
        result = extauthctl("user", "import", "/tmp/users.csv", check=False)
        assert result.status not in (0, 2), result
        result = extauthctl("user", "show", "colon", check=False)
        equal(result.status, 1, "registered")
    write("/tmp/users.csv", 'name,email\ncolon,"ab@example.com"\n')
    extauthctl("user", "import", "/tmp/users.csv")


@test
def cookies_are_never_sent_back():
    nginx = Nginx(extra="""location / {
        proxy_pass https://127.0.0.1:8443;
        add_header Set-Cookie "session=1; Path=/" always; }""")
    PROVIDERS["cookie"] = [f"url = {nginx.url}/accept"]
    write_configuration()
    write("/etc/pam.d/e2e-cookie",
          "auth required pam_extauth.so provider=cookie\n")
    answer = run("curl", "-s", "-i", "--cacert", PKI + "/ca.pem",
                 nginx.url + "/accept", check=True)
    contains(answer.output.lower(), "set-cookie: session=1")
    for _ in range(2):
        equal(accepted("cookie").header("Cookie"), None)


run_tests()

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every byte of a password in every place of a request, as httpbin behind
nginx with TLS and auth_basic receives it.

A value either arrives as it is, read back by parsers that are not ours (json,
urllib, expat, base64, and httpbin's own), or the login is refused and nothing
is sent. Which of the two holds is written down by hand in must_be_refused().
"""
import base64
import hashlib
import threading

from encoding_reading import check_httpbin, read_back
from extauth_test import *

PAM_SUCCESS, PAM_AUTH_ERR = 0, 7
ORACLE_PORT = 14800
RECORD = "/run/oracle-record"
XML_BODY = ("<login><user>{{USEREMAIL}}</user>"
            "<p a=\"{{USERPASSWORD}}\" b='{{USERPASSWORD}}'>"
            "{{USERPASSWORD}}</p></login>")
BODIES = {
    "json": '{"user": "{{USEREMAIL}}", "p": "{{USERPASSWORD}}"}',
    "urlencoded": "user={{USEREMAIL}}&p={{USERPASSWORD}}&end=1",
    "xml": XML_BODY,
}
EMPTY_BODIES = {
    "json": '{"user": "{{USEREMAIL}}"}',
    "urlencoded": "user={{USEREMAIL}}",
    "xml": "<login><user>{{USEREMAIL}}</user></login>",
}
PLACES = ("path", "query", "header", "basic", "body")


# --- what must be refused: DESIGN 4 and 7, RFC 3986, 8259, 9110, XML 1.0 ----

CONTROLS = set(range(0x00, 0x20)) | {0x7f}


def is_utf8(password):
    try:
        password.decode("utf-8")
        return True
    except UnicodeDecodeError:
        return False


def must_be_refused(place, password):
    """Tells whether nothing may be sent. `place` is path, query, header,
    basic, json, urlencoded or xml."""
    # Whatever the place: empty, blanks alone, controls, over 1024 bytes.
    # What follows a NUL never reaches the module: libpam's texts end there.
    if not password.strip(b" ") or len(password) > 1024:
        return True
    if CONTROLS & set(password):
        return True
    # RFC 8259 8.1, XML 1.0 4.3.3: text is UTF-8.
    if place in ("json", "xml") and not is_utf8(password):
        return True
    # XML 1.0 2.2: not a character.
    if place == "xml" and (b"\xef\xbf\xbe" in password
                           or b"\xef\xbf\xbf" in password):
        return True
    # RFC 9110 5.5: what a recipient may read otherwise, or strip.
    if place == "header":
        return max(password) > 0x7f or password != password.strip(b" ")
    # RFC 3986 3.3: a dot segment is none that can be encoded.
    return place == "path" and password in (b".", b"..")


# --- providers: one for each method, data_as and place -----------------------

class Cell:
    """One method, data_as and the places of the password, with a provider, a
    user and a PAM service of its own."""

    def __init__(self, method, data_as, *places):
        self.method, self.data_as, self.places = method, data_as, places
        self.rules = [data_as if p == "body" else p for p in places]
        self.name = "-".join([method, data_as, places[0]]).lower()
        if len(places) > 1:
            self.name = "many"
        write(f"/etc/pam.d/{self.name}",
              f"auth required pam_extauth.so provider={self.name}\n")

    def email(self):
        return self.name + "@example.com"

    def url(self):
        path = "/auth/anything" if "basic" in self.places else "/anything"
        if "path" in self.places:
            path += "/x{{USERPASSWORD}}y"
        if "query" in self.places:
            path += "?a=1&p={{USERPASSWORD}}&z=2"
        return nginx.url + path

    def provider(self):
        """Returns the section of its provider."""
        lines = [f"[provider {self.name}]", "type = rest",
                 f"method = {self.method}", f"url = {self.url()}",
                 f"ca_file = {PKI}/ca.pem", "allow_password_in_url = yes",
                 "header = X-Case: {{RHOST}}",
                 "header = X-User: {{USEREMAIL}}"]
        if "header" in self.places:
            lines.append("header = X-Password: {{USERPASSWORD}}")
        if "basic" in self.places:
            lines.append("http_auth = basic")
        if self.method != "GET":
            bodies = BODIES if "body" in self.places else EMPTY_BODIES
            lines += [f"data_as = {self.data_as}",
                      f"body = {bodies[self.data_as]}"]
        return "\n".join(lines) + "\n"


def make_matrix():
    cells = [Cell(method, data_as, place) for method in ("POST", "PUT")
             for data_as in BODIES for place in PLACES]
    return cells + [Cell("GET", "none", place) for place in PLACES[:-1]]


def find_cell(name):
    return next(c for c in cells if c.name == name)


# --- logins, two at a time ---------------------------------------------------

@dataclass
class Case:
    cell: Cell
    password: bytes
    number: str = ""
    code: int = -1
    requests: list = None


def log_in_all(cases):
    """Carries the cases out in one host, one after the other."""
    lines = "".join(f"{c.cell.name} {c.cell.name} "
                    f"{(c.password or bytes(1)).hex()} "
                    f"{c.number.encode().hex()}\n" for c in cases)
    result = run(BUILD + "/tests/e2e/pam_items", input=lines, timeout=150,
                 check=True)
    for case, code in zip(cases, result.output.split(), strict=True):
        case.code = int(code)


def write_basic_user(case, password):
    """Lets nginx know the one password of a case, as a hash: one that arrives
    changed is refused by it."""
    digest = base64.b64encode(hashlib.sha1(password).digest()).decode()
    write(f"{nginx.directory}/users-{case.number}",
          f"{case.cell.email()}:{{SHA}}{digest}\n")


def carry_out(cases):
    """Logs in once for each case and fills in codes and requests. A user's
    logins stay within one host."""
    if os.path.exists(RECORD):
        os.unlink(RECORD)
    for number, case in enumerate(cases):
        case.number = f"case{number}"
        if "basic" in case.cell.places:
            write_basic_user(case, case.password.split(b"\0")[0])
    names = sorted({c.cell.name for c in cases})
    halves = [[c for c in cases if names.index(c.cell.name) % 2 == half]
              for half in (0, 1)]
    threads = [threading.Thread(target=log_in_all, args=(half,))
               for half in halves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    received = read_record()
    for case in cases:
        case.requests = received.pop(case.number, [])
    equal(received, {}, "requests of nobody")


def read_record():
    received = {}
    if os.path.exists(RECORD):
        with open(RECORD, encoding="utf-8") as record:
            for line in map(json.loads, record):
                received.setdefault(line["case"], []).append(line)
    return received


# --- comparing --------------------------------------------------------------

def check_arrived(rule, case, request):
    """Fails unless the password was read as it is from one place."""
    what = f"{case.cell.name} {rule} {case.password[:80]!r}"
    got = read_back(rule, request)
    equal(got, [case.password] * len(got), what)
    equal(len(got), 3 if rule == "xml" else 1, what + ": times")
    if is_utf8(case.password):
        check_httpbin(rule, case.password, request)


def check(case):
    """Fails unless the password arrived as it is or nothing was sent."""
    what = f"{case.cell.name} {case.password[:80]!r}"
    if any(must_be_refused(rule, case.password) for rule in case.cell.rules):
        equal((case.code, len(case.requests)), (PAM_AUTH_ERR, 0), what)
        return
    equal((case.code, len(case.requests)), (PAM_SUCCESS, 1), what)
    equal(case.requests[0]["method"], case.cell.method, what)
    for rule in case.cell.rules:
        check_arrived(rule, case, case.requests[0])


def check_all(cases):
    carry_out(cases)
    for case in cases:
        check(case)


def one_of_each_rule():
    """Returns cells in which each place stands once. Those that take any
    printable byte share one request."""
    return [many] + [find_cell(name) for name in (
        "post-json-header", "put-json-body", "put-xml-body")]


def utf8_with_all_bytes():
    """Returns UTF-8 with each of its lead and continuation bytes."""
    codes = [*range(0x80, 0xc0), *(lead << 6 for lead in range(0x03, 0x20)),
             *(max(0x800, lead << 12) for lead in range(16) if lead != 0xd),
             0xd000, *(max(0x10000, lead << 18) for lead in range(5))]
    text = "".join(map(chr, codes)).encode()
    equal(set(text), set(range(0x80, 0xc0)) | set(range(0xc2, 0xf5)))
    return text


def pattern(length):
    """Returns that many bytes in which each place can be told."""
    return (b"".join(b"%04d." % n for n in range(length // 5 + 1)))[:length]


# --- set-up ------------------------------------------------------------------

LOCATIONS = f"""
        location /anything {{
            proxy_pass http://127.0.0.1:{ORACLE_PORT};
        }}
        location /auth/ {{
            auth_basic "extauth test";
            auth_basic_user_file /run/test-nginx-9443/users-$http_x_case;
            proxy_pass http://127.0.0.1:{ORACLE_PORT};
        }}
"""


def start_oracle():
    start("/usr/bin/gunicorn", "-b", f"127.0.0.1:{ORACLE_PORT}",
          "--chdir", SOURCE + "/tests/e2e", "--limit-request-line", "8190",
          "encoding_oracle:app", port=ORACLE_PORT, log="/run/oracle-log",
          env=dict(os.environ, ORACLE_RECORD=RECORD))


start_oracle()
nginx = Nginx(extra=LOCATIONS)
cells = make_matrix()
many = Cell("POST", "urlencoded", "path", "query", "basic", "body")
configure("[extauth]\nfailure_delay = 0ms\nmax_failures = 0\n"
          + "\n".join(cell.provider() for cell in [*cells, many]))
for cell in [*cells, many]:
    add_user(cell.name, cell.email())


# --- tests -------------------------------------------------------------------

@test
def all_bytes_arrive_with_every_method_form_and_place():
    printable = b"a b" + bytes(range(0x21, 0x7f))
    passwords = [printable, printable[::-1], bytes(range(0x80, 0x100)),
                 utf8_with_all_bytes(), b"{{USEREMAIL}}"]
    equal(len(cells), 34, "cells")
    check_all([Case(cell, password) for cell in cells
               for password in passwords])


@test
def each_of_256_bytes_alone_arrives_or_is_refused_in_every_place():
    check_all([Case(cell, bytes([byte])) for cell in one_of_each_rule()
               for byte in range(256)])


@test
def each_byte_that_is_no_control_arrives_within_a_password():
    check_all([Case(cell, b"a" + bytes([byte]) + b"z")
               for cell in one_of_each_rule()
               for byte in [*range(0x20, 0x30), *range(0x3a, 0x41),
                            *range(0x5b, 0x61), *range(0x7b, 0x7f)]])


@test
def controls_are_refused_at_every_position_with_every_method_and_form():
    positions = [lambda byte: byte + b"ab", lambda byte: b"a" + byte + b"b",
                 lambda byte: b"ab" + byte]
    cases = [Case(find_cell("post-json-body"), put(bytes([byte])))
             for byte in sorted(CONTROLS - {0}) for put in positions]
    cases += [Case(cell, b"a" + byte + b"b") for cell in cells
              for byte in (b"\r", b"\n", b"\t", b"\x1b", b"\x7f")]
    check_all(cases)
    equal({(c.code, len(c.requests)) for c in cases}, {(PAM_AUTH_ERR, 0)})


@test
def what_follows_nul_is_never_sent():
    for cell in one_of_each_rule():
        case = Case(cell, b"ab\0cd")
        carry_out([case])
        for rule in cell.rules:
            sent = [set(read_back(rule, r)) for r in case.requests]
            equal(sent, [{b"ab"}])


@test
def blanks_at_the_ends_are_kept_or_refused():
    check_all([Case(cell, password) for cell in one_of_each_rule()
               for password in (b" ab", b"ab ", b" ab ", b"a  b", b"   ")])


@test
def what_is_not_utf8_is_refused_in_json_and_xml_only():
    wrong = [b"\xc0\x80", b"\xc1\xbf", b"\xe0\x80\x80", b"\xe0\x9f\xbf",
             b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xf0\x80\x80\x80",
             b"\xf4\x90\x80\x80", b"\xf5\x80\x80\x80", b"\xc3", b"\xe2\x82",
             b"\xf0\x9f\x98", b"\x80", b"\xfe", b"\xff", b"\xc3(",
             b"\xe2\x82a", b"w\xf6rd"]
    right = [chr(code).encode() for code in (
        0x80, 0x85, 0x7ff, 0x800, 0x2028, 0xd7ff, 0xe000, 0xfeff, 0xfffd,
        0xfffe, 0xffff, 0x10000, 0x1fffe, 0x10ffff)]
    # U+00E9 in two forms: neither is made into the other.
    right += ["\u00e9".encode(), "e\u0301".encode()]
    check_all([Case(cell, b"a" + text + b"b") for cell in one_of_each_rule()
               for text in wrong + right])


@test
def text_that_looks_like_syntax_stays_literal():
    texts = ["{{USEREMAIL}}", "{{USERPASSWORD}}", "{{SECRET:none}}", "{{",
             "}}", "{{}}", "{{NOPE}}", "{{USERID", "%00", "%41", "%", "%2",
             "+", "&", "a=1&p=2", "&amp;", "&#65;", "]]>", "<![CDATA[",
             "<!--", "</p>",
             '\\', '\\"', '"', '","p":"x', "\\u0041", "\\n", "'", "?", "#",
             "../..", "a/../b", "x;y", "a: b", ":", "::", "@", "$host", "`id`",
             "${HOME}", "-", "--", "\\x00", "%s%n"]
    check_all([Case(cell, text.encode()) for cell in one_of_each_rule()
               for text in texts])


@test
def each_length_up_to_1024_bytes_arrives_and_no_other():
    lengths = sorted({2 ** power + more for power in range(13)
                      for more in (-1, 0, 1)})
    cases = [Case(find_cell(name), pattern(length)) for length in lengths
             for name in ("post-json-body", "get-none-basic",
                          "get-none-query")]
    check_all(cases)
    equal(sorted({len(c.password) for c in cases if c.code == PAM_SUCCESS}),
          [n for n in lengths if 1 <= n <= 1024], "lengths that arrived")


@test
def a_password_of_1024_bytes_that_all_grow_arrives():
    check_all([Case(cell, character * 1024) for cell in one_of_each_rule()
               for character in (b'"', b"&", b"\\")])


@test
def basic_with_another_password_than_nginx_knows_is_refused():
    case = Case(find_cell("get-none-basic"), b"wrong")
    case.number = "wrong"
    write_basic_user(case, b"right")
    nginx.clear()
    log_in_all([case])
    equal(case.code, PAM_AUTH_ERR)
    wait_until(nginx.requests, "nginx's log line")
    equal([r["status"] for r in nginx.requests()], [401])


run_tests()

# SPDX-License-Identifier: MIT
"""What placeholders.py stands on: a provider for each place of a placeholder,
logins with given PAM items, and readers of what arrived.

Does not know: what a placeholder should stand for.
"""
from urllib.parse import parse_qs, unquote, urlsplit
from xml.parsers import expat

from extauth_test import *

PAM_SUCCESS, PAM_AUTH_ERR, PAM_USER_UNKNOWN = 0, 7, 10
NAMES = ["USERID", "USERNAME", "USEREMAIL", "USERPASSWORD", "USEREXTERNALID",
         "ORGID", "DEVICEOS", "DEVICENAME", "DEVICEIP", "HOSTNAME", "SERVICE",
         "TTY", "RHOST", "SECRET:key"]
# Beyond those that are encoded everywhere: what a URL would end or change at.
EXTERNAL_ID = "\"a/b%2e../..'<&>\\?#{{USERID}}"
PASSWORD = "pass word"
SECRET = "s3cr&t=\"<%>/\\?"

service = Service()


# --- providers ---------------------------------------------------------------

def holder(name):
    return "{{" + name + "}}"


def path_provider():
    path = "/accept/" + "/".join("x" + holder(name) for name in NAMES)
    return [f"url = {service.url}{path}", "method = GET",
            "allow_password_in_url = yes"]


def query_provider():
    query = "&".join(f"{name.replace(':', '_')}={holder(name)}"
                     for name in NAMES)
    return [f"url = {service.url}/accept?{query}", "method = GET",
            "allow_password_in_url = yes"]


def header_provider():
    return [f"url = {service.url}/accept", "method = GET"] + [
        f"header = X-{name.replace(':', '-')}: {holder(name)}"
        for name in NAMES]


def body_provider(data_as):
    keys = [(name.replace(":", "_"), holder(name)) for name in NAMES]
    bodies = {
        "json": "{" + ", ".join(f'"{k}": "{v}"' for k, v in keys) + "}",
        "urlencoded": "&".join(f"{k}={v}" for k, v in keys),
        "xml": "<r>" + "".join(f"<{k} a='{v}'>{v}</{k}>"
                               for k, v in keys) + "</r>",
    }
    return [f"url = {service.url}/accept", f"data_as = {data_as}",
            f"body = {bodies[data_as]}"]


def default_provider(method, data_as):
    return [f"url = {service.url}/accept", f"method = {method}",
            f"data_as = {data_as}"]


PROVIDERS = {
    "path": path_provider(),
    "query": query_provider(),
    "header": header_provider(),
    "json": body_provider("json"),
    "form": body_provider("urlencoded"),
    "xml": body_provider("xml"),
    "number": [f"url = {service.url}/accept",
               'body = {"id": {{USERID}}, "p": "{{USERPASSWORD}}"}'],
    "default-json": default_provider("POST", "json"),
    "default-form": default_provider("PUT", "urlencoded"),
    "default-xml": default_provider("POST", "xml"),
    "own-type": default_provider("POST", "json") + [
        "header = Content-Type: application/vnd.example+json",
        "header = accept: text/plain"],
    "no-body": default_provider("POST", "json") + ["http_auth = basic"],
    "org": body_provider("json") + ["organization_id = 42 of the provider"],
}
EXTRA = f"""
[provider basic]
type = basic
url = {service.url}/basic
ca_file = {PKI}/ca.pem
"""


def write_configuration(general=""):
    sections = [f"[provider {name}]\ntype = rest\nca_file = {PKI}/ca.pem\n"
                + "\n".join(lines) + "\n" for name, lines in PROVIDERS.items()]
    configure("[extauth]\nfailure_delay = 0ms\nmax_failures = 0\n"
              "organization_id = org \"4711\" & sons/%\n"
              + general + "\n" + "\n".join(sections) + EXTRA)


# --- logins ------------------------------------------------------------------

def encode(text):
    """Returns the word that pam_items reads; None leaves the item unset."""
    if text is None:
        return "-"
    return (text if isinstance(text, bytes) else text.encode()).hex()


def log_in(place, user="alice", password=PASSWORD, rhost=None, tty=None,
           connection=None):
    """Authenticates with the provider `place`. Returns the PAM code and the
    requests that arrived."""
    service.clear()
    # A path that holds the values is none that the service knows.
    service.answer_as(None if place == "basic" else "/accept")
    line = " ".join(["e2e-" + place, user, encode(password), encode(rhost),
                     encode(tty), encode(connection)]) + "\n"
    result = run(BUILD + "/tests/e2e/pam_items", input=line, check=True)
    return int(result.output), service.requests()


def accepted(place, **items):
    """Returns the one request of a login that was accepted."""
    code, requests = log_in(place, **items)
    equal((code, len(requests)), (PAM_SUCCESS, 1), "code and requests")
    return requests[0]


# --- reading -----------------------------------------------------------------

def read_xml(body):
    """Returns the text of each element; that of its attribute is the same."""
    texts, attributes, stack = {}, {}, []

    def start(name, given):
        stack.append(name)
        texts[name] = ""
        attributes[name] = given.get("a")

    def characters(text):
        texts[stack[-1]] += text

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda name: stack.pop()
    parser.CharacterDataHandler = characters
    parser.Parse(body, True)
    del texts["r"], attributes["r"]
    equal(attributes, texts, "attributes and texts")
    return texts


def read_path(request):
    segments = urlsplit(request.target.decode("ascii")).path.split("/")[2:]
    texts = [unquote(segment, errors="strict") for segment in segments]
    assert all(text.startswith("x") for text in texts), request.target
    return {name.replace(":", "_"): text[1:]
            for name, text in zip(NAMES, texts, strict=True)}


def read_query(text):
    pairs = parse_qs(text, keep_blank_values=True, strict_parsing=True,
                     errors="strict")
    return {name: values[0] for name, values in pairs.items()}


def read_headers(request):
    return {name.replace(":", "_"): (request.header(
        "X-" + name.replace(":", "-")) or b"").decode("ascii")
        for name in NAMES}


READERS = {
    "path": read_path,
    "query": lambda r: read_query(urlsplit(r.target.decode("ascii")).query),
    "header": read_headers,
    "json": lambda r: json.loads(r.body),
    "form": lambda r: read_query(r.body.decode("ascii")),
    "xml": lambda r: read_xml(r.body),
}
READERS["org"] = READERS["json"]


def values(place, **items):
    """Returns what each placeholder stood for in one login."""
    return READERS[place](accepted(place, **items))


def registered_uid(name):
    return json.loads(extauthctl("user", "show", name, "--json").output)["uid"]


def system_name():
    """Returns what /etc/os-release and uname(2) say, read by a shell."""
    script = '. /etc/os-release; echo "$PRETTY_NAME $(uname -m)"'
    return run("sh", "-c", script, check=True).output.strip()

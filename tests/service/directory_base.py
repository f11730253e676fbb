# SPDX-License-Identifier: MIT
"""The frame of the simulated directories: who may ask, what was asked, which
of the directories a path belongs to, tokens, validators, the control port.

Does not know: any one directory; each is a function of a request, put into
ROUTES by directories.py.
"""
import base64
import hashlib
import http.server
import json
import secrets
import threading
import traceback
from email.utils import formatdate
from urllib.parse import unquote_plus

from directory_faults import Faults, with_fault
from directory_http import Answer
from directory_people import People

TOKEN = "directory-token"
USER, PASSWORD = "reader", "directory-password"
CLIENT, CLIENT_SECRET = "CLIENT", "client-secret"
SETTINGS = {
    "modes": [],        # deviations, by name; see each directory
    "page_max": 0,      # users on a page at most; 0: as the directory does
    "posix_schema": "urn:ietf:params:scim:schemas:oracle:idcs:extension:posix",
    "posix_names": ["uidNumber", "gidNumber", "homeDirectory", "loginShell"],
    "total": 0,         # added to totalResults
    "token_requests": 0,  # an issued token serves so many requests; 0: all
    "validators": ["etag", "modified"],
    "chunked": False,
}


class Directory:
    """All directories of one origin over the same people."""

    def __init__(self, url, other_url, routes, **people):
        self.url, self.other_url, self.routes = url, other_url, routes
        self.stopping = threading.Event()
        self.lock = threading.RLock()
        self.faults = Faults()
        self.tokens = {}  # token -> requests that it has served
        self.settings = dict(SETTINGS)
        self.first_people = people
        self.people = People(**people)
        self.clear()

    def clear(self):
        """Forgets the requests so far and the faults."""
        with self.lock:
            self.log, self.other = [], []
            self.connections = 0
            self.faults.clear()

    def connected(self):
        with self.lock:
            self.connections += 1

    def has(self, mode):
        """Tells whether a deviation is switched on."""
        return mode in self.settings["modes"]

    # requests

    def answer(self, request):
        """Returns the answer to a request and writes it down."""
        with self.lock:
            fault = self.faults.met(request)
            entry = {"method": request.method, "path": request.path,
                     "query": request.raw_query, "fault":
                     fault and fault["kind"]}
            self.log.append(entry)
            request.number = len(self.log)
        try:
            answer = (with_fault(self, request, fault) if fault
                      else self.respond(request))
        except Exception:
            traceback.print_exc()
            answer = Answer(500, b'{"error":"the simulator failed"}')
        scheme, _ = request.authorization()
        entry.update(scheme=scheme, authorized=self._is_authorized(request),
                     status=answer.status,
                     conditional="if-none-match" in request.headers
                     or "if-modified-since" in request.headers,
                     accept=request.headers.get("accept", ""),
                     bytes=len(answer.body) if isinstance(answer.body, bytes)
                     else -1)
        return answer

    def answer_other(self, request):
        """What comes to the other origin is only written down."""
        with self.lock:
            self.other.append({"method": request.method, "target":
                               request.target, "headers": request.headers,
                               "body": request.body.decode("latin-1")})
        return Answer(200, b'{"value":[],"Resources":[],"items":[]}')

    def respond(self, request):
        """Returns the right answer to a request."""
        for prefix, directory in self.routes:
            if request.path.startswith(prefix):
                answer = directory(self, request)
                if self.settings["chunked"] and isinstance(answer.body, bytes):
                    answer.body = iter([answer.body])
                return answer
        if request.path.endswith("/token"):
            return self._token(request)
        return say({"error": "no such path"}, 404)

    # who may ask

    def _is_authorized(self, request):
        """Tells whether the request proves who asks, once for a request."""
        if request.is_authorized is None:
            scheme, proof = request.authorization()
            if scheme == "basic":
                right = base64.b64encode(f"{USER}:{PASSWORD}".encode())
                request.is_authorized = proof == right.decode()
            else:
                request.is_authorized = (scheme in ("bearer", "ssws") and (
                    proof == TOKEN or self._takes(proof)))
        return request.is_authorized

    def _takes(self, token):
        with self.lock:
            if token not in self.tokens:
                return False
            self.tokens[token] += 1
            most = self.settings["token_requests"]
            if most and self.tokens[token] > most:
                del self.tokens[token]
                return False
            return True

    def may_ask(self, request, *schemes):
        """Tells whether the request proves who asks by one of the schemes."""
        return (self._is_authorized(request)
                and request.authorization()[0] in schemes)

    def _token(self, request):
        """OAuth 2.0 client credentials (RFC 6749 4.4)."""
        form = request.form()
        client = form.get("client_id"), form.get("client_secret")
        scheme, proof = request.authorization()
        if scheme == "basic":
            name, _, secret = base64.b64decode(proof).decode().partition(":")
            client = unquote_plus(name), unquote_plus(secret)
        request.is_authorized = client == (CLIENT, CLIENT_SECRET)
        if not request.is_authorized:
            return say({"error": "invalid_client",
                        "error_description": "unknown client"}, 401)
        if form.get("grant_type") != "client_credentials":
            return say({"error": "unsupported_grant_type"}, 400)
        if "/oauth2/v2.0/" in request.path and not form.get(
                "scope", "").endswith("/.default"):
            return say({"error": "invalid_scope", "error_description":
                        "AADSTS1002012: The provided value for scope is not "
                        "valid.", "error_codes": [1002012]}, 400)
        token = secrets.token_urlsafe(24)
        with self.lock:
            self.tokens[token] = 0
        return say({"token_type": "Bearer", "expires_in": 3599,
                    "access_token": token})

    # who is in an answer

    def numbers(self, request):
        """Returns the numbers of all users, in the directory's order."""
        return [] if request.is_emptied else list(self.people.numbers)

    def persons(self, numbers):
        return [self.people.person(number) for number in numbers]

    def page_size(self, asked, default, most):
        """Returns how many users a page has."""
        return max(1, min(asked or default, most,
                          self.settings["page_max"] or most))

    # validators (RFC 9110 8.8)

    def validators(self, request, *more):
        """Returns the headers ETag and Last-Modified of a list, and whether
        the request says that it has it already."""
        text = json.dumps([self.people.version, self.people.seed, *more])
        tag = '"' + hashlib.sha256(text.encode()).hexdigest()[:16] + '"'
        date = formatdate(self.people.touched, usegmt=True)
        headers, is_known = [], None
        if "modified" in self.settings["validators"]:
            headers.append(("Last-Modified", date))
            since = request.headers.get("if-modified-since")
            is_known = since == date if since else None
        if "etag" in self.settings["validators"]:
            headers.append(("ETag", tag))
            known = request.headers.get("if-none-match")
            if known:
                is_known = tag in known
        return headers, bool(is_known)


def say(value, status=200, kind="application/json", headers=()):
    """Returns an answer of JSON."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Answer(status, body.encode(), kind, list(headers))


# --- the control port --------------------------------------------------------

class _Control(http.server.BaseHTTPRequestHandler):
    """GET /state; POST /clear, /reset, /settings, /people, /faults, each with
    JSON as its body."""

    def do_GET(self):
        directory = self.server.directory
        with directory.lock:
            self._say({"requests": directory.log, "other": directory.other,
                       "connections": directory.connections,
                       "settings": directory.settings,
                       "tokens": list(directory.tokens)})

    def do_POST(self):
        directory = self.server.directory
        size = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(size) or b"{}")
        try:
            self._say(self._do(directory, body))
        except (KeyError, TypeError, ValueError) as error:
            self.send_error(400, str(error))

    def _do(self, directory, body):
        if self.path == "/clear":
            directory.clear()
        elif self.path == "/reset":
            # The people of the beginning, or others; no deviation.
            directory.first_people.update(body)
            directory.people = People(**directory.first_people)
            directory.settings = dict(SETTINGS)
            directory.tokens.clear()
            directory.clear()
        elif self.path == "/settings":
            unknown = set(body) - set(SETTINGS)
            if unknown:
                raise KeyError(f"no such setting: {unknown}")
            directory.settings.update(body)
        elif self.path == "/people":
            return directory.people.apply(body)
        elif self.path == "/faults":
            directory.faults.set(body)
        else:
            raise KeyError("no such path")
        return {}

    def _say(self, value):
        data = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format, *args):
        """Says nothing: the tests ask too often."""


def start_control(directory, port):
    """Serves the control port, plain HTTP on loopback."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), _Control)
    server.directory = directory
    threading.Thread(target=server.serve_forever, daemon=True).start()

# SPDX-License-Identifier: MIT
"""What a simulator of a provider is made of: its request log and its counts of
passwords, the control port, and what OAuth 2.0 endpoints have in common.

Does not know: any one provider.
"""
import base64
import binascii
import http.server
import json
import secrets
import threading
import time
import traceback
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from provider_http import SPOILT, Answer, quoted, spoil, wire
from provider_users import Factors, User

CLIENT = "CLIENT"
CLIENT_SECRET = "client-secret"
PUBLIC_CLIENT = "PUBLIC"  # has no secret
# Servers differ in what RFC 6749 2.3.1 means; see protocols 6.1.
SPECIAL_SECRET = "a%b c:d+e"
ENCODED_CLIENT = "ENCODED"
RAW_CLIENT = "RAW"
FORM = "application/x-www-form-urlencoded"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"


class Simulator:
    """The common part. A provider's class has respond(request) -> Answer and
    the name of its folder in wire/."""
    folder = "shared"
    values = {}

    def __init__(self, url):
        self.url = url
        self.lock = threading.RLock()
        self.settings = {"interval": 5, "device_seconds": 600,
                         "accepted": "", "standing": False}
        self.factors = Factors(self.settings)
        self.tokens = {}   # access token -> (user, scope)
        self.devices = {}  # device code -> dict
        self.mails = []
        self.clear()

    def clear(self):
        """Forgets requests, mails and failures; not tokens."""
        with self.lock:
            self.requests = []
            self.passwords = {}
            self.bodies = []
            self.cut = None
            self.mails.clear()
            self.factors.clear()

    # what the HTTP server calls

    def begin(self):
        """A request begins; returns its number, from 1."""
        with self.lock:
            self.bodies.append(b"")
            return len(self.bodies)

    def cut_of(self, number):
        """Returns after how many bytes this request is to be reset, or
        None."""
        with self.lock:
            cut = self.cut
            return cut["bytes"] if cut and cut["request"] == number else None

    def received(self, number, data):
        """What was read of a request, whole or not."""
        with self.lock:
            # A clear() may have come between.
            if number <= len(self.bodies):
                self.bodies[number - 1] = data

    def answer(self, request):
        """Returns the answer to a whole request."""
        try:
            answer = self.respond(request)
        except Exception:
            traceback.print_exc()
            answer = Answer(500)
        with self.lock:
            self.requests.append({
                "method": request.method, "target": request.target,
                "headers": request.headers, "user": request.user,
                "body": request.body.decode("utf-8", "replace"),
                "bears": request.bears, "status": answer.status})
        return answer

    # what providers call

    def bears_password(self, request, name):
        """Notes that the request bears the password of `name`; returns the
        user."""
        user = User(name)
        request.user = user.email
        request.bears = True
        with self.lock:
            self.passwords[user.email] = self.passwords.get(user.email, 0) + 1
        return user

    def spoilt(self, user, answer):
        """Returns the answer as this user gets it."""
        return spoil(answer, user.kind) if user.kind in SPOILT else answer

    def wire(self, name, user=None, **values):
        """Returns wire/FOLDER/NAME with the user put in. Names of `values` are
        the texts of the file without their quotes."""
        every = {f'"{old}"': quoted(new) for old, new in values.items()}
        every.update({"https://ORG": self.url, "https://AS": self.url,
                      "https://API": self.url, '"CLIENT"': quoted(CLIENT)})
        if user:
            every.update(self.user_values(user))
        return wire(f"{self.folder}/{name}", every)

    def user_values(self, user):
        """Returns what is put into an answer for a user."""
        return {'"alice@example.com"': quoted(user.email)}

    # OAuth 2.0

    def client_of(self, request, form):
        """Returns the id of the client that proved itself, or ""."""
        basic = request.bearer("Basic")
        if not basic:
            name, secret = form.get("client_id"), form.get("client_secret")
            if name == PUBLIC_CLIENT and secret is None:
                return name
            return name if (name, secret) == (CLIENT, CLIENT_SECRET) else ""
        try:
            text = base64.b64decode(basic, validate=True).decode()
        except (binascii.Error, ValueError):
            return ""
        name, _, secret = text.partition(":")
        if name == RAW_CLIENT:
            return name if secret == SPECIAL_SECRET else ""
        if name == ENCODED_CLIENT:
            right = "a%25b" in secret and unquote_plus(secret)
            return name if right == SPECIAL_SECRET else ""
        return name if (name, secret) == (CLIENT, CLIENT_SECRET) else ""

    def claims(self, user, client):
        """Returns the claims of an id_token."""
        raise NotImplementedError

    def id_token(self, user, client):
        """Returns a JWT. Its signature is made up: it comes over TLS from the
        token endpoint, and nobody checks it."""
        parts = [{"alg": "RS256", "typ": "JWT", "kid": "k1"},
                 self.claims(user, client)]
        encoded = [base64.urlsafe_b64encode(json.dumps(part).encode())
                   .rstrip(b"=").decode() for part in parts]
        return ".".join([*encoded, secrets.token_urlsafe(64)])

    def grant(self, user, client, name="tokens", scope="openid"):
        """Returns the answer with new tokens for a user."""
        token = secrets.token_urlsafe(24)
        with self.lock:
            self.tokens[token] = (user, scope)
        answer = self.wire(name, user, **{
            "@ACCESS_TOKEN@": token,
            "@ID_TOKEN@": self.id_token(user, client)})
        answer.headers += [("Cache-Control", "no-store"),
                           ("Pragma", "no-cache")]
        return answer

    def owner_of(self, token):
        """Returns the user of an access token, or None."""
        with self.lock:
            return self.tokens.get(token, (None,))[0]

    # RFC 8628

    def begin_device(self, client, name="device", code_form="{}-{}", **values):
        """Returns the answer that begins a device authorization."""
        letters = "BCDFGHJKLMNPQRSTVWXZ"
        halves = ["".join(secrets.choice(letters) for _ in range(4))
                  for _ in range(2)]
        user_code = code_form.format(*halves)
        device_code = secrets.token_urlsafe(24)
        interval = self.settings["interval"]
        with self.lock:
            self.devices[device_code] = {
                "user_code": user_code, "client": client, "user": None,
                "state": "pending", "interval": interval, "polled": 0.0,
                "expires": time.monotonic() + self.settings["device_seconds"]}
        answer = self.wire(name, D=device_code, **values)
        body = json.loads(answer.body.replace(
            b"WDJB-MJHT", user_code.encode()).replace(
                b"WDJBMJHT", user_code.encode()))
        # A server that names no interval means 5 s.
        if interval != 5 or "interval" in body:
            body["interval"] = interval
        body["expires_in"] = self.settings["device_seconds"]
        answer.body = json.dumps(body, separators=(",", ":")).encode()
        return answer

    def poll_device(self, device_code, client):
        """Returns (state, user): "pending", "slow_down", "denied", "expired",
        "invalid", or "approved", once."""
        with self.lock:
            device = self.devices.get(device_code)
            if device is None or device["client"] != client:
                return "invalid", None
            now = time.monotonic()
            if now > device["expires"]:
                device["state"] = "expired"
            if device["state"] == "approved":
                del self.devices[device_code]
                return "approved", device["user"]
            if device["state"] == "pending":
                last, device["polled"] = device["polled"], now
                # Half a second is the network's.
                if last and now - last < device["interval"] - 0.5:
                    device["interval"] += 5
                    return "slow_down", None
            return device["state"], None

    def decide_device(self, user_code, state, name=""):
        """A person, `name`, typed the code into the page and decided:
        approved, denied or expired."""
        with self.lock:
            for device in self.devices.values():
                if (device["user_code"] == user_code
                        and device["state"] == "pending"):
                    device["state"] = state
                    device["user"] = User(name) if name else None
                    return True
        return False


# --- the control port --------------------------------------------------------

class _Control(http.server.BaseHTTPRequestHandler):
    """GET /state, /user?user=; POST /clear, /settings, /cut, /push, /device,
    each with a JSON object as its body."""

    def do_GET(self):
        simulator = self.server.simulator
        target = urlsplit(self.path)
        query = dict(parse_qsl(target.query))
        if target.path == "/state":
            with simulator.lock:
                self._say({
                    "passwords": simulator.passwords,
                    "requests": simulator.requests,
                    "received": [len(data) for data in simulator.bodies],
                    "with": sum(query.get("text", "\0").encode() in data
                                for data in simulator.bodies),
                    "mails": simulator.mails,
                    "tokens": list(simulator.tokens),
                    "devices": [dict(device, user=str(device["user"]))
                                for device in simulator.devices.values()]})
        elif target.path == "/user":
            user = User(query["user"])
            self._say({"id": user.uuid, "number": user.number,
                       "okta_id": user.okta_id,
                       "totp": simulator.factors.totp(user),
                       "uri": simulator.factors.totp_uri(user),
                       "message": simulator.factors.message(user),
                       "push": simulator.factors.push(user)})
        else:
            self.send_error(404)

    def do_POST(self):
        simulator = self.server.simulator
        size = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(size) or b"{}")
        if self.path == "/clear":
            simulator.clear()
            self._say({})
        elif self.path == "/settings":
            simulator.settings.update(body)
            self._say(simulator.settings)
        elif self.path == "/cut":
            simulator.cut = body
            self._say({})
        elif self.path == "/push":
            self._say({"done": simulator.factors.decide_push(
                User(body["user"]), body["answer"], body.get("number"))})
        elif self.path == "/device":
            self._say({"done": simulator.decide_device(
                body["user_code"], body["state"], body.get("user", ""))})
        else:
            self.send_error(404)

    def _say(self, value):
        data = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format, *args):
        """Says nothing: the tests ask too often."""


def start_control(simulator, port):
    """Serves the control port, plain HTTP on loopback."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), _Control)
    server.simulator = simulator
    threading.Thread(target=server.serve_forever, daemon=True).start()

# SPDX-License-Identifier: MIT
"""What the simulators of providers share: an HTTP/1.1 server with TLS that
reads a request byte by byte if need be, answers from wire/, and the ways in
which an answer can be spoilt.

Does not know: any provider.
"""
import email.utils
import glob
import json
import os
import re
import select
import socket
import socketserver
import ssl
import struct
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

WIRE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "wire")
TYPES = {"json": "application/json", "txt": "application/json",
         "html": "text/html; charset=utf-8", "empty": None}
HUGE_BYTES = 10 * 1024 * 1024
SLOW_SECONDS = 60
REASONS = {200: "OK", 302: "Found", 400: "Bad Request", 401: "Unauthorized",
           403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
           415: "Unsupported Media Type", 429: "Too Many Requests",
           500: "Internal Server Error", 503: "Service Unavailable"}


@dataclass
class Answer:
    status: int
    body: bytes = b""
    kind: str = "json"
    headers: list = field(default_factory=list)
    end: str = ""  # "reset": within the body; "slow": never


def wire(name, values=None):
    """Returns the answer that wire/NAME.STATUS.KIND holds; NAME may have the
    status in it. `values` maps texts of the file to what is put in for each,
    in one pass."""
    paths = sorted(glob.glob(f"{WIRE}/{name}.*"))
    if len(paths) != 1:
        raise KeyError(f"{len(paths)} files for {name}")
    with open(paths[0], encoding="utf-8") as file:
        text = file.read().removesuffix("\n")
    if values:
        longest_first = sorted(values, key=len, reverse=True)
        pattern = "|".join(re.escape(old) for old in longest_first)
        text = re.sub(pattern, lambda match: values[match[0]], text)
    _, status, kind = os.path.basename(paths[0]).rsplit(".", 2)
    return Answer(int(status), text.encode(), kind)


def quoted(text):
    """Returns a text as JSON has it, with the quotes."""
    return json.dumps(text, ensure_ascii=False)


# --- answers that go wrong ---------------------------------------------------

def throttled(answer, style, seconds=30):
    """Adds when to come back, in one of the four styles; "body" has it in the
    body already."""
    when = int(time.time()) + seconds
    if style == "reset":
        answer.headers += [("X-Rate-Limit-Limit", "1"),
                           ("X-Rate-Limit-Remaining", "0"),
                           ("X-Rate-Limit-Reset", str(when))]
    elif style == "seconds":
        answer.headers.append(("Retry-After", str(seconds)))
    elif style == "date":
        answer.headers.append(
            ("Retry-After", email.utils.formatdate(when, usegmt=True)))
    return answer


def spoil(answer, kind):
    """Returns the answer as a user of that kind gets it."""
    if kind == "down":
        return Answer(503, b"<html><body>Back soon</body></html>", "html")
    if kind == "moved":
        return Answer(302, headers=[("Location", "/elsewhere")])
    if kind == "slow":
        answer.end = "slow"
    elif kind == "reset":
        answer.end = "reset"
    elif kind in ("empty", "html"):
        return wire(f"shared/{kind}")
    elif kind == "truncated":
        answer.body = answer.body[:-len(answer.body) // 3]
    elif kind == "wrongtype":
        answer.body = b"[" + answer.body + b"]"
    elif kind == "huge":
        answer.body = b" " * HUGE_BYTES + answer.body
    return answer


SPOILT = ("down", "moved", "slow", "reset", "empty", "html", "truncated",
          "wrongtype", "huge")


# --- requests ----------------------------------------------------------------

class Request:
    """One request, whole."""

    def __init__(self, head, body):
        lines = head.decode("latin-1").split("\r\n")
        self.method, self.target, self.protocol = lines[0].split(" ", 2)
        self.headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            self.headers[name.strip().lower()] = value.strip()
        self.body = body
        parts = urlsplit(self.target)
        self.path = unquote(parts.path)
        self.query = dict(parse_qsl(parts.query, keep_blank_values=True))
        self.user = ""      # set by who finds it out
        self.bears = False  # a password

    def media_type(self):
        return self.headers.get("content-type", "").partition(";")[0].strip()

    def form(self):
        """Returns the fields of a form; of a double one, None as its value."""
        fields = {}
        for name, value in parse_qsl(self.body.decode("utf-8", "replace"),
                                     keep_blank_values=True):
            fields[name] = None if name in fields else value
        return fields

    def json(self):
        """Returns the object that the body is, or None."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return None
        return value if isinstance(value, dict) else None

    def bearer(self, scheme="Bearer", header="authorization"):
        """Returns what stands behind the scheme in a header, or ""."""
        word, _, rest = self.headers.get(header, "").partition(" ")
        return rest if word.lower() == scheme.lower() else ""


# --- the server --------------------------------------------------------------

class Cut(Exception):
    """The connection is to be reset here."""


class _Handler(socketserver.BaseRequestHandler):
    def handle(self):
        try:
            self.request.settimeout(SLOW_SECONDS)
            self.connection = self.server.context.wrap_socket(
                self.request, server_side=True)
            self._data = b""
            while self._one():
                pass
            self.connection.close()
        except Cut:
            self._reset()
        except (OSError, ValueError):
            pass

    def _one(self):
        number = None
        received = b""
        limit = None
        while True:
            if received and number is None:
                number = self.server.simulator.begin()
                limit = self.server.simulator.cut_of(number)
            if limit is not None and len(received) >= limit:
                self.server.simulator.received(number, received[:limit])
                raise Cut
            request, rest = self._take(received)
            if request is not None:
                self._data = rest
                break
            # The first byte is read alone: it may be the last.
            size = 65536 if limit is None else limit - len(received)
            got = self._receive(size if number else 1)
            if not got:
                if number is not None:
                    self.server.simulator.received(number, received)
                return False
            received += got
        self.server.simulator.received(number, received)
        return self._answer(request)

    def _receive(self, size):
        if self._data:
            got, self._data = self._data[:size], self._data[size:]
            return got
        return self.connection.recv(size)

    @staticmethod
    def _take(data):
        head, separator, body = data.partition(b"\r\n\r\n")
        if not separator:
            return None, data
        found = re.search(rb"(?im)^content-length:\s*(\d+)", head)
        length = int(found[1]) if found else 0
        if len(body) < length:
            return None, data
        return Request(head, body[:length]), body[length:]

    def _answer(self, request):
        answer = self.server.simulator.answer(request)
        if answer.end == "slow":
            # Until the other side gives up.
            select.select([self.connection], [], [], SLOW_SECONDS)
            raise Cut
        head = [f"HTTP/1.1 {answer.status} {REASONS.get(answer.status, 'X')}",
                f"Content-Length: {len(answer.body)}"]
        if TYPES[answer.kind]:
            head.append("Content-Type: " + TYPES[answer.kind])
        head += [f"{name}: {value}" for name, value in answer.headers]
        data = "\r\n".join([*head, "", ""]).encode() + answer.body
        if answer.end == "reset":
            self.connection.sendall(data[:-len(answer.body) // 2])
            raise Cut
        self.connection.sendall(data)
        return request.headers.get("connection", "").lower() != "close"

    def _reset(self):
        raw = self.connection
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                       struct.pack("ii", 1, 0))
        # Closing an SSL socket must not wait for the other side.
        socket.socket(fileno=raw.detach()).close()


class Server(socketserver.ThreadingTCPServer):
    """Serves a simulator on 127.0.0.1:port with TLS."""
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, simulator, port, certificate, key):
        self.simulator = simulator
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        super().__init__(("127.0.0.1", port), _Handler)

    def start(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        """A fault of a simulator is told; a connection's end is none."""
        super().handle_error(request, client_address)

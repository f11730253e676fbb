# SPDX-License-Identifier: MIT
"""The HTTP/1.1 server under the simulated directories, with TLS or without:
connections that stay open, bodies of known length or chunked, answers that are
cut, slow or spoilt.

Does not know: any directory.
"""
import gzip
import socket
import socketserver
import ssl
import struct
import threading
import time
from dataclasses import dataclass, field
from email.utils import formatdate
from urllib.parse import parse_qsl, unquote, urlsplit

REASONS = {200: "OK", 302: "Found", 304: "Not Modified", 400: "Bad Request",
           401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
           405: "Method Not Allowed", 410: "Gone", 429: "Too Many Requests",
           500: "Internal Server Error", 501: "Not Implemented",
           503: "Service Unavailable"}
IDLE_SECONDS = 60


@dataclass
class Answer:
    """`body` is bytes, or something that yields bytes and is sent in chunks.
    `end` says how it goes wrong: "cut" in the middle of the body, "close" the
    same without a reset, "reset" before anything was sent."""
    status: int = 200
    body: object = b""
    kind: str = "application/json"
    headers: list = field(default_factory=list)
    end: str = ""
    wait: float = 0.0

    def header(self, name):
        """Returns the first value of a header, or None."""
        return next((value for key, value in self.headers
                     if key.lower() == name.lower()), None)


class Request:
    """One request, whole."""

    def __init__(self, line, headers, body):
        self.method, self.target, self.protocol = line.split(" ", 2)
        self.headers = headers
        self.body = body
        parts = urlsplit(self.target)
        self.path = unquote(parts.path)
        self.raw_query = parts.query
        self.query = dict(parse_qsl(parts.query, keep_blank_values=True))
        self.is_authorized = None  # set by who finds it out
        self.is_emptied = False    # nobody is to be in the answer
        self.number = 0

    def authorization(self):
        """Returns the scheme in lower case and what stands behind it."""
        scheme, _, rest = self.headers.get("authorization", "").partition(" ")
        return scheme.lower(), rest

    def form(self):
        return dict(parse_qsl(self.body.decode("utf-8", "replace"),
                              keep_blank_values=True))

    def number_of(self, name, default):
        """Returns a number of the query; of what is none, the default."""
        value = self.query.get(name, "")
        return int(value) if value.lstrip("-").isdigit() else default


class Ended(Exception):
    """The connection is over."""


class _Handler(socketserver.BaseRequestHandler):
    def handle(self):
        self.server.directory.connected()
        try:
            self.request.settimeout(IDLE_SECONDS)
            self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.server.context:
                self.request = self.server.context.wrap_socket(
                    self.request, server_side=True)
            with self.request.makefile("rb", 65536) as stream:
                while self._one(stream):
                    pass
        except (Ended, OSError, ValueError):
            pass

    def _one(self, stream):
        line = stream.readline(65537).decode("latin-1").rstrip("\r\n")
        if not line:
            return False
        headers = {}
        for raw in iter(stream.readline, b"\r\n"):
            if not raw:
                return False
            name, _, value = raw.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        body = stream.read(int(headers.get("content-length", 0)))
        request = Request(line, headers, body)
        self._send(request, self.server.answer(request))
        return headers.get("connection", "").lower() != "close"

    def _send(self, request, answer):
        if answer.wait:
            self.server.directory.stopping.wait(answer.wait)
        if answer.end == "reset":
            self._reset()
        is_whole = isinstance(answer.body, bytes)
        head = [f"HTTP/1.1 {answer.status} {REASONS[answer.status]}",
                "Date: " + formatdate(usegmt=True)]
        if answer.status != 304:
            head += [f"Content-Type: {answer.kind}",
                     f"Content-Length: {len(answer.body)}" if is_whole
                     else "Transfer-Encoding: chunked"]
        head += [f"{name}: {value}" for name, value in answer.headers]
        data = "\r\n".join([*head, "", ""]).encode()
        if request.method == "HEAD" or answer.status == 304:
            self.request.sendall(data)
        elif is_whole:
            self._send_whole(data, answer)
        else:
            self._send_chunks(data, answer)

    def _send_whole(self, head, answer):
        if not answer.end:
            self.request.sendall(head + answer.body)
            return
        self.request.sendall(head + answer.body[:len(answer.body) // 2])
        self._end(answer)

    def _send_chunks(self, head, answer):
        self.request.sendall(head)
        for number, data in enumerate(answer.body):
            if answer.end and number == 1:
                self._end(answer)
            if data:
                self.request.sendall(b"%x\r\n%s\r\n" % (len(data), data))
        if answer.end:
            self._end(answer)
        self.request.sendall(b"0\r\n\r\n")

    def _end(self, answer):
        """Ends the connection in the middle. What was sent is let arrive: a
        reset would else overtake it."""
        if answer.end == "cut":
            time.sleep(0.05)
            self._reset()
        raise Ended

    def _reset(self):
        self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                struct.pack("ii", 1, 0))
        # Closing an SSL socket must not wait for the other side.
        socket.socket(fileno=self.request.detach()).close()
        raise Ended


class Server(socketserver.ThreadingTCPServer):
    """Serves a directory on 127.0.0.1:port. `answer` is what makes an answer
    of a request."""
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, directory, answer, port, certificate=None, key=None):
        self.directory, self.answer = directory, answer
        self.context = None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate, key)
        super().__init__(("127.0.0.1", port), _Handler)

    def start(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def shutdown_request(self, request):
        """A socket that was reset is gone already."""
        if request.fileno() >= 0:
            super().shutdown_request(request)


def in_chunks(data, size=8192):
    """Yields bytes in pieces."""
    for start in range(0, len(data), size):
        yield data[start:start + size]


def zipped(answer):
    """Packs an answer, which nobody asked for."""
    answer.body = gzip.compress(answer.body)
    answer.headers.append(("Content-Encoding", "gzip"))
    return answer

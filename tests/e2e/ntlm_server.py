# SPDX-License-Identifier: MIT
"""An HTTPS server that lets one user in by NTLM, version 2: the three messages
over one connection, the proof computed from the password ([MS-NLMP] 3.3.2).

    server = NtlmServer(8447, {"alice@example.com": "secret"}, answer)

Does not know: extauth.
"""
import base64
import hashlib
import hmac
import http.server
import os
import socketserver
import ssl
import struct
import threading

PKI = "/etc/extauth-test"
CHALLENGE = bytes.fromhex("0123456789abcdef")
UNICODE, NTLM, TARGET_INFO = 0x1, 0x200, 0x800000
EXTENDED_SECURITY = 0x80000


def md4(message):
    """RFC 1320; hashlib has it no more."""
    def turn(value, count):
        value &= 0xffffffff
        return (value << count | value >> (32 - count)) & 0xffffffff

    padded = message + b"\x80" + bytes(-(len(message) + 9) % 64)
    padded += struct.pack("<Q", len(message) * 8)
    state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]
    rounds = (
        (lambda x, y, z: (x & y) | (~x & z), 0, range(16), (3, 7, 11, 19)),
        (lambda x, y, z: (x & y) | (x & z) | (y & z), 0x5a827999,
         [i % 4 * 4 + i // 4 for i in range(16)], (3, 5, 9, 13)),
        (lambda x, y, z: x ^ y ^ z, 0x6ed9eba1,
         [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
         (3, 9, 11, 15)),
    )
    for start in range(0, len(padded), 64):
        words = struct.unpack("<16I", padded[start:start + 64])
        a, b, c, d = state
        for function, constant, order, shifts in rounds:
            for step, index in enumerate(order):
                a = turn(a + function(b, c, d) + words[index] + constant,
                         shifts[step % 4])
                a, b, c, d = d, a, b, c
        state = [(old + new) & 0xffffffff
                 for old, new in zip(state, (a, b, c, d))]
    return struct.pack("<4I", *state)


def challenge_message():
    """Type 2: our challenge and the least target information there is."""
    target = "EXTAUTH".encode("utf-16-le")
    information = struct.pack("<HH", 2, len(target)) + target + bytes(4)
    flags = UNICODE | NTLM | TARGET_INFO | EXTENDED_SECURITY
    head = b"NTLMSSP\0" + struct.pack("<I", 2)
    head += struct.pack("<HHI", len(target), len(target), 48)
    head += struct.pack("<I", flags) + CHALLENGE + bytes(8)
    head += struct.pack("<HHI", len(information), len(information),
                        48 + len(target))
    return head + target + information


def _field(message, offset):
    length, _, start = struct.unpack_from("<HHI", message, offset)
    return message[start:start + length]


def read_authenticate(message):
    """Returns user, domain and the NTLMv2 response of a type 3 message."""
    return (_field(message, 36).decode("utf-16-le"),
            _field(message, 28).decode("utf-16-le"), _field(message, 20))


def is_proof(response, user, domain, password):
    """Tells whether the response proves that password."""
    key = hmac.new(md4(password.encode("utf-16-le")),
                   (user.upper() + domain).encode("utf-16-le"),
                   hashlib.md5).digest()
    proof, blob = response[:16], response[16:]
    return len(blob) > 8 and hmac.compare_digest(
        proof, hmac.new(key, CHALLENGE + blob, hashlib.md5).digest())


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    user = None  # whom this connection has proved
    turn = 0     # requests on this connection

    def log_message(self, *_):
        pass

    def _answer(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _ask(self, message=b""):
        value = b"NTLM " + base64.b64encode(message)
        self._answer(401, headers=[("WWW-Authenticate",
                                    value.decode().strip())])

    def _prove(self, message):
        """Reads a type 3 message; a right one names this connection's user."""
        server = self.server.owner
        user, domain, response = read_authenticate(message)
        server.proofs.append(user)
        password = server.users.get(user)
        if password is not None and is_proof(response, user, domain, password):
            self.user = user

    def do_GET(self):
        server = self.server.owner
        server.requests.append(self.path)
        self.turn += 1
        if self.turn > 1 and self.path in server.hangs_up:
            self.close_connection = True
            return
        kind, _, value = self.headers.get("Authorization", "").partition(" ")
        message = base64.b64decode(value) if kind == "NTLM" else b""
        if message[8:12] == b"\3\0\0\0":
            self._prove(message)
        if self.user or server.is_open(self.path):
            self._answer(200, server.answer(self.path, self.user, self.headers))
        elif message[8:12] == b"\1\0\0\0":
            self._ask(challenge_message())
        else:
            self._ask()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class NtlmServer:
    """Serves on 127.0.0.1:port in a thread of this process. `answer` is given
    path, user (None where `open_paths` let anybody in) and headers, and returns
    the body of the 200."""

    def __init__(self, port, users, answer, open_paths=()):
        self.url = f"https://id.example.com:{port}"
        self.users, self.answer = users, answer
        self.is_open = lambda path: path in open_paths
        self.requests, self.proofs = [], []
        self.hangs_up = set()  # paths that no connection has as its second
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        path = os.path.join(PKI, "server")
        context.load_cert_chain(path + ".pem", path + ".key")
        server = _Server(("127.0.0.1", port), _Handler)
        server.owner = self
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()

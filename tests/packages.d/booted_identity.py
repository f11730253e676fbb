#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""An identity service of the smallest kind: POST of {"email", "password"} is
answered 200 for the one right password, 401 otherwise. Each request is a line
on standard output, without the password.

usage: booted_identity.py PORT CERTIFICATE KEY PASSWORD
"""
import http.server
import json
import ssl
import sys


class Answer(http.server.BaseHTTPRequestHandler):
    """One request."""
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        """Checks the password."""
        length = int(self.headers.get("Content-Length", "0"))
        told = json.loads(self.rfile.read(length))
        status = 200 if told["password"] == sys.argv[4] else 401
        print(told["email"], status, flush=True)
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Nothing more is told."""


def main():
    """Serves until it is ended."""
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", int(sys.argv[1])), Answer)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.serve_forever()


if __name__ == "__main__":
    main()

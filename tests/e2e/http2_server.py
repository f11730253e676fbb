# SPDX-License-Identifier: MIT
"""A server on loopback that speaks just enough HTTP/2 (RFC 9113) to end a
connection or a stream at any frame.

    server = Http2Server(8445)
    server.behave("headers", REFUSED_STREAM)

Does not know: extauth, HPACK.
"""
import socket
import ssl
import struct
import threading

PKI = "/etc/extauth-test"
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, GOAWAY = 0, 1, 3, 4, 7
END_STREAM = ACK = 1
# Error codes, RFC 9113 section 7.
NO_ERROR, INTERNAL_ERROR, REFUSED_STREAM = 0, 2, 7
CANCEL, ENHANCE_YOUR_CALM, HTTP_1_1_REQUIRED = 8, 11, 13
# :status 200, 408 and 401 by RFC 7541: an indexed field, and two literals with
# the name of index 8.
STATUS = {200: b"\x88", 408: b"\x08\x03408", 401: b"\x08\x03401"}


def frame(kind, flags, stream, payload=b""):
    """Returns the bytes of one frame."""
    return (struct.pack(">I", len(payload))[1:] + bytes([kind, flags])
            + struct.pack(">I", stream) + payload)


class Http2Server:
    """Accepts on 127.0.0.1:port with TLS and ALPN h2, http/1.1. For each
    connection `connections` has the list of what came: ("protocol", name),
    (frame type, payload), or for HTTP/1.1 (None, bytes)."""

    def __init__(self, port):
        self.url = f"https://id.example.com:{port}"
        self.connections = []
        self._threads = []
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(PKI + "/server.pem",
                                      PKI + "/server.key")
        self._context.set_alpn_protocols(["h2", "http/1.1"])
        self.behave("data", 200)
        self._socket = socket.create_server(("127.0.0.1", port), backlog=64)
        threading.Thread(target=self._accept, daemon=True).start()

    def behave(self, point, act, code=NO_ERROR):
        """Sets what happens at which point of each connection: at "start",
        "preface", "settings" (the client's acknowledgement), "headers" (of
        the request) or "data" (its whole body).

        act: a status, "close", "reset" (TCP), "goaway" (with `code`, as if no
            stream had been seen), or "rst" (of the stream, with `code`)
        """
        self._how = (point, act, code)

    def clear(self):
        """Forgets what came."""
        self.wait()
        self.connections = []

    def wait(self, seconds=10):
        """Waits until every connection so far has ended."""
        threads, self._threads = self._threads, []
        for thread in threads:
            thread.join(seconds)
            if thread.is_alive():
                raise AssertionError("a connection does not end")

    def _accept(self):
        while True:
            raw, _ = self._socket.accept()
            thread = threading.Thread(target=self._serve, args=(raw,),
                                      daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, raw):
        log = []
        self.connections.append(log)
        try:
            connection = self._context.wrap_socket(raw, server_side=True)
        except (OSError, ssl.SSLError):
            raw.close()
            return
        log.append(("protocol", connection.selected_alpn_protocol()))
        connection.settimeout(10)
        try:
            if log[0][1] == "h2":
                self._speak(connection, log)
            else:
                log.append((None, connection.recv(65536)))
        except (OSError, ssl.SSLError, EOFError):
            pass
        if connection.fileno() >= 0:
            connection.close()

    def _speak(self, connection, log):
        is_going_on = self._reach("start", connection)
        while is_going_on:
            if not log[1:]:
                log.append(("preface", self._take(connection, len(PREFACE))))
                connection.sendall(frame(SETTINGS, 0, 0))
                is_going_on = self._reach("preface", connection)
                continue
            kind, flags, payload = self._take_frame(connection)
            log.append((kind, payload))
            if kind == SETTINGS and not flags & ACK:
                connection.sendall(frame(SETTINGS, ACK, 0))
            point = {SETTINGS: "settings" if flags & ACK else None,
                     HEADERS: "headers",
                     DATA: "data" if flags & END_STREAM else None}.get(kind)
            is_going_on = self._reach(point, connection)

    @staticmethod
    def _take(connection, count):
        got = b""
        while len(got) < count:
            more = connection.recv(count - len(got))
            if not more:
                raise EOFError
            got += more
        return got

    def _take_frame(self, connection):
        head = self._take(connection, 9)
        length = int.from_bytes(head[:3], "big")
        return head[3], head[4], self._take(connection, length)

    def _reach(self, point, connection):
        """Does what is to be done here; false ends the connection."""
        at, act, code = self._how
        if point != at:
            return True
        if act == "close":
            return False
        if act == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                  struct.pack("ii", 1, 0))
            socket.socket(fileno=connection.detach()).close()
            return False
        if act == "goaway":
            payload = struct.pack(">II", 0, code)
            connection.sendall(frame(GOAWAY, 0, 0, payload))
        elif act == "rst":
            payload = struct.pack(">I", code)
            connection.sendall(frame(RST_STREAM, 0, 1, payload))
        else:
            connection.sendall(frame(HEADERS, 4, 1, STATUS[act])
                               + frame(DATA, END_STREAM, 1, b"{}"))
        return True

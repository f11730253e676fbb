# SPDX-License-Identifier: MIT
"""A server on loopback that misbehaves below HTTP: it resets connections,
keeps silent, drips, speaks plain HTTP on a TLS port, answers any bytes.

    faults = FaultServer(8444)
    faults.behave(reset_after_request_bytes=100)

Does not know: extauth, or what a right answer is.
"""
import os
import select
import socket
import ssl
import struct
import threading
import time

PKI = "/etc/extauth-test"
ACCEPTED = b'{"status": "active"}'


def http_answer(body=ACCEPTED, status="200 OK", headers=()):
    """Returns the bytes of a whole HTTP/1.1 answer."""
    lines = ["HTTP/1.1 " + status, "Content-Type: application/json",
             f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


class FaultServer:
    """Accepts on 127.0.0.1:port in threads of this process. What it read, one
    bytes object for each connection, is in `received`; with TLS, what was
    inside. `certificate` is a name in the tests' PKI or a path without .pem.
    """

    def __init__(self, port, certificate="server"):
        self.url = f"https://id.example.com:{port}"
        self.received = []
        self.connections = 0
        self._threads = []
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        # Else the library would refuse to speak the TLS of old.
        self._context.set_ciphers("DEFAULT@SECLEVEL=0")
        path = os.path.join(PKI, certificate)
        self._context.load_cert_chain(path + ".pem", path + ".key")
        self.behave()
        self._socket = socket.create_server(("127.0.0.1", port), backlog=64)
        threading.Thread(target=self._accept, daemon=True).start()

    def behave(self, *, answer=None, tls=True, silent=False,
               reset_on_accept=False, reset_after_request_bytes=None,
               reset_after_answer_bytes=None, close_after_request=False,
               seconds_per_byte=0.0, keep_alive=False, minimum_tls=None,
               maximum_tls=None, answer_at_once=False, silent_at_end=False):
        """Sets what the next connections get.

        answer: the bytes to answer with (http_answer() if None)
        tls: False speaks plain HTTP
        silent: accepts and says nothing, not even TLS
        reset_on_accept, reset_after_request_bytes, reset_after_answer_bytes:
            sends a TCP reset there, counted in bytes inside TLS
        close_after_request: closes in order after the whole request
        seconds_per_byte: waits before each byte of the answer
        keep_alive: answers any number of requests of one connection
        minimum_tls, maximum_tls: versions as in ssl.TLSVersion
        answer_at_once: answers after the first bytes, whatever they are
        silent_at_end: keeps the connection open after the answer
        """
        self._how = {key: value for key, value in locals().items()
                     if key != "self"}
        self._context.minimum_version = minimum_tls or ssl.TLSVersion.TLSv1_2
        self._context.maximum_version = (maximum_tls or
                                         ssl.TLSVersion.MAXIMUM_SUPPORTED)

    def clear(self):
        """Forgets what was received."""
        self.wait()
        self.received = []
        self.connections = 0

    def wait(self, seconds=10):
        """Waits until every connection so far has ended."""
        threads, self._threads = self._threads, []
        for thread in threads:
            thread.join(seconds)
            if thread.is_alive():
                raise AssertionError("a connection does not end")

    def stop(self):
        self._socket.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, daemon=True,
                                      args=(connection, self._how))
            self._threads.append(thread)
            thread.start()

    def _serve(self, raw, how):
        try:
            if how["reset_on_accept"]:
                return self._reset(raw)
            if how["silent"]:
                return self._wait_for_end(raw)
            connection = raw
            if how["tls"]:
                connection = self._context.wrap_socket(raw, server_side=True)
            self._talk(connection, how)
            connection.close()
        except (OSError, ssl.SSLError):
            raw.close()

    def _talk(self, connection, how):
        more = True
        while more:
            request, is_cut = self._read(connection, how)
            if request:
                self.received.append(request)
            if not request and not is_cut:
                return
            if is_cut:
                return self._reset(connection)
            if how["close_after_request"]:
                return
            more = self._answer(connection, how) and how["keep_alive"]

    @staticmethod
    def _read(connection, how):
        """Reads one request; stops where it is to be cut. Returns the bytes
        and whether that was reached."""
        limit = how["reset_after_request_bytes"]
        data = b""
        while limit is None or len(data) < limit:
            got = connection.recv(
                65536 if limit is None else limit - len(data))
            data += got
            if how["answer_at_once"]:
                return data, False
            head, separator, body = data.partition(b"\r\n\r\n")
            if not got:
                return data, False
            if not separator or limit is not None:
                continue
            length = 0
            for line in head.lower().split(b"\r\n"):
                if line.startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if len(body) >= length:
                return data, False
        return data, True

    def _answer(self, connection, how):
        answer = how["answer"] if how["answer"] is not None else http_answer()
        cut = how["reset_after_answer_bytes"]
        part = answer if cut is None else answer[:cut]
        if how["seconds_per_byte"]:
            for byte in part:
                time.sleep(how["seconds_per_byte"])
                connection.sendall(bytes([byte]))
        else:
            connection.sendall(part)
        if how["silent_at_end"]:
            self._wait_for_end(connection)
        if cut is not None:
            self._reset(connection)
            return False
        return True

    @staticmethod
    def _reset(connection):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                              struct.pack("ii", 1, 0))
        # Closing an SSL socket must not wait for the other side.
        socket.socket(fileno=connection.detach()).close()

    @staticmethod
    def _wait_for_end(connection):
        while True:
            readable, _, _ = select.select([connection], [], [], 60)
            if not readable or not connection.recv(65536):
                connection.close()
                return

# SPDX-License-Identifier: MIT
"""A server on loopback that keeps every byte that came, before and after
decryption, and sends what a test tells it, byte for byte.

Does not know: extauth, certificates, what is right."""
import socket
import ssl
import struct
import threading

CLIENT_SECONDS = 20
MOST_AT_ONCE = 65536
NO_MORE = (ConnectionError, TimeoutError, ssl.SSLError, EOFError)


def context(path, ciphers="DEFAULT", versions=("TLSv1_2", "TLSv1_3"),
            numbers=None):
    """Returns an SSL context with a certificate, good or not; `numbers` is a
    file of those for Diffie-Hellman."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # Else the library would refuse to be as bad as it is asked to.
    made.set_ciphers(ciphers + ":@SECLEVEL=0")
    made.minimum_version = ssl.TLSVersion[versions[0]]
    made.maximum_version = ssl.TLSVersion[versions[1]]
    if path:
        made.load_cert_chain(path + ".pem", path + ".key")
    if numbers:
        made.load_dh_params(numbers)
    return made


class Connection:
    """One connection. What came is in `raw`, and decrypted in `plain`."""

    def __init__(self, link):
        self.raw = bytearray()
        self.plain = bytearray()
        self._link = link
        self._link.settimeout(CLIENT_SECONDS)
        self._parts = 0

    def receive(self):
        """Returns what came next, b"" at the end."""
        got = self._link.recv(MOST_AT_ONCE)
        self.raw += got
        return got

    def send(self, data):
        self._link.sendall(data)

    def receive_to_end(self):
        try:
            while self.receive():
                pass
        except NO_MORE:
            pass

    def reset(self):
        self._link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                              struct.pack("ii", 1, 0))
        self._link.close()

    def end_sending(self):
        """Says by TCP alone that nothing will follow."""
        self._link.shutdown(socket.SHUT_WR)

    def close(self):
        self._link.close()

    # --- TLS ---

    def begin_tls(self, ssl_context, mangle=None):
        """Shakes hands; `mangle` is given the number of each part, from 0, and
        what is to be sent, and returns what is sent instead, or None to
        close."""
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls = ssl_context.wrap_bio(self._incoming, self._outgoing,
                                         server_side=True)
        self._mangle = mangle
        self._do(self._tls.do_handshake)

    def _flush(self):
        data = self._outgoing.read()
        if data and self._mangle:
            data = self._mangle(self._parts, data)
            self._parts += 1
            if data is None:
                raise EOFError
        if data:
            self.send(data)

    def _do(self, act, *arguments):
        while True:
            try:
                result = act(*arguments)
                self._flush()
                return result
            except ssl.SSLWantReadError:
                self._flush()
                got = self.receive()
                if not got:
                    raise EOFError from None
                self._incoming.write(got)
            except ssl.SSLError:
                # The alert is on its way, which tells the client why.
                self._flush()
                raise

    def receive_decrypted(self):
        got = self._do(self._tls.read, MOST_AT_ONCE)
        self.plain += got
        return got

    def receive_request(self):
        """Returns one request over TLS, whole."""
        data = b""
        while True:
            head, separator, body = data.partition(b"\r\n\r\n")
            if separator and len(body) >= self._length(head):
                return data
            got = self.receive_decrypted()
            if not got:
                raise EOFError
            data += got

    @staticmethod
    def _length(head):
        lengths = [line for line in head.lower().split(b"\r\n")
                   if line.startswith(b"content-length:")]
        return int(lengths[0].split(b":")[1]) if lengths else 0

    def send_encrypted(self, data):
        self._tls.write(data)
        self._flush()

    def end_tls(self):
        """Says by TLS that nothing will follow."""
        try:
            self._tls.unwrap()
        except ssl.SSLWantReadError:
            pass
        self._flush()


class RecordingServer:
    """Accepts on a free port of 127.0.0.1 in threads of this process, and lets
    each connection be served by what behave() set."""

    def __init__(self, address="127.0.0.1", port=0):
        self._socket = socket.create_server((address, port), backlog=256)
        self.port = self._socket.getsockname()[1]
        self.url = f"https://id.example.com:{self.port}"
        self._serve = Connection.receive_to_end
        self.connections = []
        self.mistakes = []
        self._threads = []
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def behave(self, serve):
        """Sets the function that gets each new Connection."""
        self._serve = serve

    def _accept(self):
        while True:
            try:
                link, _ = self._socket.accept()
            except OSError:
                return
            connection = Connection(link)
            thread = threading.Thread(target=self._one, daemon=True,
                                      args=(connection, self._serve))
            with self._lock:
                self.connections.append(connection)
                self._threads.append(thread)
                thread.start()

    def _one(self, connection, serve):
        try:
            serve(connection)
        except (*NO_MORE, OSError):
            pass
        except Exception as mistake:
            self.mistakes.append(mistake)
        connection.close()

    def clear(self):
        """Forgets the connections so far, once they have ended."""
        self.wait()
        self.connections = []

    def wait(self, seconds=30):
        """Waits until every connection so far has ended."""
        with self._lock:
            threads, self._threads = self._threads, []
        for thread in threads:
            thread.join(seconds)
            if thread.is_alive():
                raise AssertionError("a connection does not end")
        if self.mistakes:
            raise AssertionError("the server is wrong") from self.mistakes[0]

    def raw(self):
        return b"".join(bytes(c.raw) for c in self.connections)

    def plain(self):
        return b"".join(bytes(c.plain) for c in self.connections)

    def stop(self):
        self._socket.close()

# SPDX-License-Identifier: MIT
"""Servers that break off, or break the rules of TLS, before any certificate
counts: their bytes are written by hand (RFC 5246, RFC 8446).

Does not know: extauth; what it should log stands in each row as a text."""
import random
import struct

ALERT, HANDSHAKE, CHANGE_CIPHER_SPEC = 21, 22, 20
SERVER_HELLO, CERTIFICATE = 2, 11
TLS_1_2 = 0x0303
ECDSA_AES128, NULL_SHA, TLS_1_3_AES128 = 0xC02B, 0x0002, 0x1301
RENEGOTIATION = struct.pack(">HHB", 0xFF01, 1, 0)
# What a server of TLS 1.3 says where somebody made it speak 1.2.
DOWNGRADED = b"DOWNGRD\x01"
# A ServerHello with this random number asks for another ClientHello.
RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891"
                      "c2a211167abb8c5e079e09e2c8a8339c")
X25519, SECP256R1, SECP192R1 = 29, 23, 19


def record(kind, payload, version=TLS_1_2):
    return struct.pack(">BHH", kind, version, len(payload)) + payload


def message(kind, body, length=None):
    length = len(body) if length is None else length
    return bytes([kind]) + struct.pack(">I", length)[1:] + body


def extension(kind, body):
    return struct.pack(">HH", kind, len(body)) + body


def hello(version=TLS_1_2, number=bytes(32), session=b"",
          cipher=ECDSA_AES128, compression=0, extensions=RENEGOTIATION):
    body = (struct.pack(">H", version) + number + bytes([len(session)])
            + session + struct.pack(">HB", cipher, compression)
            + struct.pack(">H", len(extensions)) + extensions)
    return record(HANDSHAKE, message(SERVER_HELLO, body))


def hello_1_3(client_hello, *extensions, number=bytes(32)):
    # After record, message, version and random number comes the session.
    begin = 5 + 4 + 2 + 32
    session = client_hello[begin + 1:begin + 1 + client_hello[begin]]
    version = extension(43, b"\x03\x04")
    return hello(number=number, session=session, cipher=TLS_1_3_AES128,
                 extensions=version + b"".join(extensions))


def key_share(group, key=b""):
    share = struct.pack(">H", group)
    return extension(51, share + (struct.pack(">H", len(key)) + key
                                  if key else b""))


def protocols(*names):
    inner = b"".join(bytes([len(name)]) + name for name in names)
    return extension(16, struct.pack(">H", len(inner)) + inner)


def say(answer):
    """Returns what a server does that answers a ClientHello by `answer`, or
    by what it makes of the ClientHello."""
    def serve(connection):
        client_hello = connection.receive()
        connection.send(answer(client_hello) if callable(answer) else answer)
        connection.receive_to_end()
    return serve


def retry_twice(connection):
    for _ in range(2):
        client_hello = connection.receive()
        connection.send(hello_1_3(client_hello, key_share(SECP256R1),
                                  number=RETRY))
    connection.receive_to_end()


def close_after_hello(connection):
    connection.receive()


def reset_after_hello(connection):
    connection.receive()
    connection.reset()


def not_tls(seed):
    yield "plain HTTP", "not-tls", say(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    yield "SSH", "not-tls", say(b"SSH-2.0-OpenSSH_9.2p1\r\n")
    yield "mail", "not-tls", say(b"220 mail.example.com ESMTP\r\n" * 9)
    yield "garbage", "not-tls", say(random.Random(seed).randbytes(4096))
    yield "zeros", "not-tls", say(bytes(65536))
    yield "record of 65535 bytes", "not-tls", say(
        struct.pack(">BHH", HANDSHAKE, TLS_1_2, 65535) + bytes(65535))


def broken_off():
    ended = "handshake: the connection ended"
    yield "closed after the hello", ended, close_after_hello
    yield "reset after the hello", ended, reset_after_hello
    yield "alert", "handshake: sslv3 alert handshake failure", say(
        record(ALERT, b"\x02\x28"))
    yield "alert internal error", "handshake: tlsv1 alert internal error", say(
        record(ALERT, b"\x02\x50"))
    yield "warnings without end", "handshake: too many warn alerts", say(
        record(ALERT, b"\x01\x5a") * 1000)
    yield "empty records without end", "handshake: record too small", say(
        record(HANDSHAKE, b"") * 1000)
    yield "cipher changes without end", "handshake: unexpected message", say(
        record(CHANGE_CIPHER_SPEC, b"\x01") * 1000)


def hellos_1_2():
    for title, cause, options in (
            ("SSL 3", "protocol", dict(version=0x0300)),
            ("a version of tomorrow", "protocol", dict(version=0x0305)),
            ("downgrade by force", "handshake: inappropriate fallback",
             dict(number=bytes(24) + DOWNGRADED)),
            ("hello with a cipher without encryption",
             "handshake: wrong cipher returned",
             dict(cipher=NULL_SHA)),
            ("cipher of another version", "handshake: wrong cipher returned",
             dict(cipher=TLS_1_3_AES128)),
            ("compression", "handshake: compression disabled",
             dict(compression=1)),
            ("insecure renegotiation",
             "handshake: unsafe legacy renegotiation disabled",
             dict(extensions=b"")),
            ("stapled garbage that nobody asked for",
             "handshake: unsolicited extension",
             dict(extensions=RENEGOTIATION + extension(5, b"\1garbage"))),
            ("ticket that nobody asked for", "handshake: unsolicited extension",
             dict(extensions=RENEGOTIATION + extension(41, b"\0\0"))),
            ("two protocols by ALPN", "handshake: bad extension",
             dict(extensions=RENEGOTIATION + protocols(b"h2", b"evil"))),
            ("no protocol by ALPN", "handshake: bad extension",
             dict(extensions=RENEGOTIATION + protocols())),
            ("the same extension twice", "handshake: bad extension",
             dict(extensions=RENEGOTIATION * 2))):
        yield title, cause, say(hello(**options))


def hellos_1_3():
    def say_1_3(*extensions, **options):
        return say(lambda got: hello_1_3(got, *extensions, **options))

    yield "group that was not offered", "handshake: bad key share", say_1_3(
        key_share(SECP192R1, bytes(49)))
    yield "point that is none", "handshake: failed during derivation", say_1_3(
        key_share(X25519, bytes(32)))
    yield "no key", "handshake: no suitable key share", say_1_3()
    yield "retry without a change", "handshake: bad key share", say_1_3(
        key_share(X25519), number=RETRY)
    yield "retry twice", "handshake: unexpected message", retry_twice


def long_messages():
    yield "hello of 16 MiB", "handshake: excessive message size", say(record(
        HANDSHAKE, message(SERVER_HELLO, bytes(1000), 0xFFFFFF)))
    yield "certificates of 16 MiB", "handshake: excessive message size", say(
        hello() + record(HANDSHAKE, message(CERTIFICATE, bytes(16000),
                                            0xFFFFFF))
        + record(HANDSHAKE, bytes(16384)) * 1024)
    yield "no certificate", "handshake: length mismatch", say(hello() + record(
        HANDSHAKE, message(CERTIFICATE, bytes(3))))


def all_hellos(seed):
    """Returns rows of name, what the log must say behind tls=, server."""
    return [*not_tls(seed), *broken_off(), *hellos_1_2(), *hellos_1_3(),
            *long_messages()]

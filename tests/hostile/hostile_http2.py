# SPDX-License-Identifier: MIT
"""Answers over HTTP/2 (RFC 9113) that have no end, are too long, or break its
rules.

Does not know: extauth."""
import itertools
import struct

from hostile_case import PKI
from http2_server import (DATA, END_STREAM, GOAWAY, HEADERS, PREFACE,
                          RST_STREAM, SETTINGS, frame)
from recording_server import context

PRIORITY, PUSH_PROMISE, PING, WINDOW_UPDATE, CONTINUATION = 2, 5, 6, 8, 9
END_HEADERS = 4
MANY = 1 << 16
STATUS_200 = b"\x88"
TLS = context(PKI + "/server")
TLS.set_alpn_protocols(["h2"])


def is_whole(data):
    """Tells whether the client's request has ended."""
    at = len(PREFACE)
    while at + 9 <= len(data):
        length = int.from_bytes(data[at:at + 3], "big")
        kind, flags = data[at + 3], data[at + 4]
        at += 9 + length
        if kind in (DATA, HEADERS) and flags & END_STREAM and at <= len(data):
            return True
    return False


def serve_http2(frames):
    """Returns a server that answers a request by the frames of frames()."""
    def serve(connection):
        connection.begin_tls(TLS)
        connection.send_encrypted(frame(SETTINGS, 0, 0)
                                  + frame(SETTINGS, 1, 0))
        data = b""
        while not is_whole(data):
            got = connection.receive_decrypted()
            if not got:
                return
            data += got
        for part in frames():
            connection.send_encrypted(part)
        connection.receive_to_end()
    return serve


def headers(fields=STATUS_200, flags=END_HEADERS):
    return frame(HEADERS, flags, 1, fields)


def data(body, flags=END_STREAM):
    return frame(DATA, flags, 1, body)


def field(name, value):
    """Returns one that is not kept, in the simplest form (RFC 7541)."""
    def text(of):
        # An integer with a prefix of seven bits.
        length = len(of)
        if length < 127:
            return bytes([length]) + of
        length, digits = length - 127, []
        while length >= 128:
            digits.append(length % 128 + 128)
            length //= 128
        return bytes([127, *digits, length]) + of
    return b"\0" + text(name) + text(value)


def without_end(*frames, first=b""):
    """Sends `first`, and then the frames many times."""
    def parts():
        yield first
        yield from itertools.repeat(b"".join(frames) * 64, MANY // 64)
    return parts


def once(*frames):
    return lambda: [b"".join(frames)]


def bomb():
    """One field of 4,000 bytes that is kept, and meant 16,000 times."""
    kept = b"\x40" + field(b"x-bomb", b"x" * 4000)[1:]
    return [headers(STATUS_200 + kept + b"\xbe" * 12000)]


MANY_FIELDS = b"".join(field(b"x-%d" % n, b"y") for n in range(1200))
HTTP2_ANSWERS = [
    ("1 GiB of data", without_end(frame(DATA, 0, 1, b" " * 16384),
                                  first=headers())),
    ("empty data without end", without_end(frame(DATA, 0, 1),
                                           first=headers())),
    ("padding without end", without_end(
        frame(DATA, 8, 1, b"\xff" + bytes(255)), first=headers())),
    ("continuations without end", without_end(
        frame(CONTINUATION, 0, 1, field(b"x-more", b"y" * 100)),
        first=headers(flags=0))),
    ("empty continuations without end", without_end(
        frame(CONTINUATION, 0, 1), first=headers(flags=0))),
    ("10,000 fields", once(
        headers(STATUS_200, 0), *[frame(CONTINUATION, 0, 1, MANY_FIELDS)] * 9,
        frame(CONTINUATION, END_HEADERS, 1))),
    ("field of 1 MiB", without_end(
        frame(CONTINUATION, 0, 1, b"y" * 16384),
        first=headers(STATUS_200 + field(b"x", b"y" * (1 << 20))[:9], 0))),
    ("compressed bomb", bomb),
    ("100 without end", without_end(headers(b"\x08\x03100"))),
    ("pings without end", without_end(frame(PING, 0, 0, bytes(8)))),
    ("settings without end", without_end(frame(SETTINGS, 0, 0))),
    ("priorities without end", without_end(
        frame(PRIORITY, 0, 1, bytes(5)))),
    ("windows without end", without_end(
        frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", 1 << 20)))),
    ("resets without end", without_end(
        frame(RST_STREAM, 0, 1, bytes(4)))),
    ("goodbyes without end", without_end(
        frame(GOAWAY, 0, 0, struct.pack(">II", 1, 0)))),
    ("unknown frames without end", without_end(
        frame(200, 0, 1, bytes(100)))),
    ("pushed pages", without_end(frame(
        PUSH_PROMISE, END_HEADERS, 1, struct.pack(">I", 2) + STATUS_200))),
    ("frame of 16 MiB", once(struct.pack(">I", 0xFFFFFF)[1:]
                             + bytes([DATA, 0]) + struct.pack(">I", 1)
                             + bytes(1 << 20))),
    ("data before a header", once(frame(DATA, END_STREAM, 1, b"{}"))),
    ("data of another stream", once(headers(),
                                    frame(DATA, END_STREAM, 3, b"{}"))),
    ("data of no stream", once(headers(), frame(DATA, END_STREAM, 0, b"{}"))),
    ("header that cannot be unpacked", once(headers(b"\xff" * 20))),
    ("no status", once(headers(field(b"x", b"y")))),
    ("two statuses", once(headers(STATUS_200 * 2 + b"\x8d"))),
    ("zeros", once(bytes(100000))),
]

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Answers that would fill the memory, the disk or the time of whoever reads
them: each ends in the right PAM code by the deadline, and in little memory.

usage: tests/enter python3 tests/hostile/answers.py [COUNT]
   COUNT: so many answers with changed bytes (20 if not given); with less than
   100 only some of those that take all the time that they get"""
import zlib

from hostile_case import *
from hostile_http2 import (HTTP2_ANSWERS, data, field, headers,
                           serve_http2)
from hostile_http2 import once as http2_once
from recording_server import *

COUNT = argument(20)
DEADLINE_S = 1
SPARE_S = 0.5
# The goal is 32 MiB; what a login takes at best is about 12.
MOST_KIB = 32768
MOST_OF_HOST_KIB = 512
GIB = 1 << 30
OK = b"HTTP/1.1 200 OK\r\n"
BODY = b'{"status": "active"}'
TLS = context(PKI + "/server")
CONDITION = CA + 'accept_if = /status == "active"\n'
REJECTED = ("REJECTED", "PAM_AUTH_ERR")
MISCONFIGURED = ("MISCONFIGURED", "PAM_AUTHINFO_UNAVAIL")

set_up()
server = RecordingServer()
registry_before = registry_hash()
worker_peaks = []


def answer_by(parts):
    """Returns a server that answers by the parts that parts() yields."""
    def serve(connection):
        connection.begin_tls(TLS)
        connection.receive_request()
        for part in parts():
            connection.send_encrypted(part)
        connection.end_tls()
        connection.receive_to_end()
    return serve


def once(*parts):
    return answer_by(lambda: [b"".join(parts)])


def repeat(first, again, times=GIB):
    """Sends `first`, and then `again` for ever, or so many times."""
    def parts():
        yield first
        block = again * max(1, 16384 // len(again))
        for _ in range(0, len(again) * times, len(block)):
            yield block
    return answer_by(parts)


def drip(data, seconds=1):
    """Sends a byte each second."""
    def parts():
        for byte in data:
            yield bytes([byte])
            time.sleep(seconds)
    return answer_by(parts)


def headed(*lines, body=BODY):
    return OK + b"".join(line + b"\r\n" for line in lines) + b"\r\n" + body


def gzip_bomb(size):
    """Returns as many zeros, packed a thousandfold."""
    packer = zlib.compressobj(9, wbits=31)
    block = bytes(1 << 20)
    return b"".join(packer.compress(block) for _ in range(size >> 20)) \
        + packer.flush()


def length_of(number):
    return b"Content-Length: " + str(number).encode()


BOMB = gzip_bomb(GIB // 8)
CHUNKED = b"Transfer-Encoding: chunked"
CHUNK = b"4000\r\n" + b" " * 0x4000 + b"\r\n"

# Name, server, result, what the log says.
TOO_MUCH = [
    ("1 GiB with a length", repeat(headed(length_of(GIB), body=b""), b" "),
     UNAVAILABLE, "body over 256 KiB"),
    ("1 GiB without a length", repeat(headed(body=b""), b" "),
     UNAVAILABLE, "body over 256 KiB"),
    ("chunks without end", repeat(headed(CHUNKED, body=b""), CHUNK),
     UNAVAILABLE, "body over 256 KiB"),
    ("chunks of a byte without end",
     repeat(headed(CHUNKED, body=b""), b"1\r\n \r\n"),
     UNAVAILABLE, "body over 256 KiB"),
    ("chunk extension without end",
     repeat(headed(CHUNKED, body=b"1;"), b"x"), UNAVAILABLE, ""),
    ("trailers without end",
     repeat(headed(CHUNKED, body=b"2\r\n{}\r\n0\r\n"), b"X-A: b\r\n"),
     UNAVAILABLE, "headers over 64 KiB"),
    ("gzip bomb as content", once(headed(
        b"Content-Encoding: gzip", length_of(len(BOMB)), body=BOMB)),
     REJECTED, "not JSON"),
    ("gzip bomb as transfer", once(headed(
        b"Transfer-Encoding: gzip, chunked",
        body=b"%x\r\n" % len(BOMB) + BOMB + b"\r\n0\r\n\r\n")), None, ""),
    ("10,000 headers", once(headed(
        *(b"X-%d: %d" % (n, n) for n in range(10000)))),
     UNAVAILABLE, "headers over 64 KiB"),
    ("10,000 cookies", once(headed(
        *(b"Set-Cookie: a%d=b" % n for n in range(10000)))),
     UNAVAILABLE, "headers over 64 KiB"),
    ("header of 1 MiB", once(headed(b"X-Long: " + b"x" * (1 << 20))),
     UNAVAILABLE, ""),
    ("header name of 1 MiB", once(headed(b"x" * (1 << 20) + b": 1")),
     UNAVAILABLE, ""),
    ("status line of 1 MiB", once(OK[:-2] + b"x" * (1 << 20)),
     UNAVAILABLE, ""),
    ("header without end", repeat(OK + b"X-Long: ", b"x"), UNAVAILABLE, ""),
    ("folded header without end", repeat(OK + b"X-Long: x\r\n", b" x\r\n"),
     UNAVAILABLE, "headers over 64 KiB"),
    ("100 Continue without end",
     repeat(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), UNAVAILABLE,
     "headers over 64 KiB"),
    ("103 Early Hints without end",
     repeat(b"", b"HTTP/1.1 103 Hints\r\nLink: </a>\r\n\r\n"), UNAVAILABLE,
     "headers over 64 KiB"),
    ("empty lines without end", repeat(b"", b"\r\n"), UNAVAILABLE, ""),
    ("JSON of 200,000 brackets", once(headed(body=b"[" * 200000)), REJECTED,
     "not JSON"),
]
TOO_SLOW = [
    ("header, a byte each second", drip(headed(length_of(20)))),
    ("body, a byte each second", answer_by(lambda: slow_body(b""))),
    ("chunks, a byte each second", answer_by(lambda: slow_body(CHUNKED))),
    ("silence", answer_by(lambda: time.sleep(DEADLINE_S + 1) or [])),
    ("silence after 100", answer_by(lambda: silence_after(
        b"HTTP/1.1 100 Continue\r\n\r\n"))),
    ("silence within the body", answer_by(lambda: silence_after(
        headed(length_of(21))))),
    ("silence without a length", answer_by(lambda: silence_after(headed()))),
]


def slow_body(framing):
    yield headed(framing or length_of(20), body=b"")
    for byte in BODY:
        time.sleep(1)
        yield b"1\r\n%c\r\n" % byte if framing else bytes([byte])


def silence_after(data):
    yield data
    time.sleep(DEADLINE_S + 1)


CONTRADICTIONS = [
    ("chunk size beyond 64 bits", once(headed(
        CHUNKED, body=b"fffffffffffffffff\r\n" + BODY)), UNAVAILABLE),
    ("chunk size of 64 bits", once(headed(
        CHUNKED, body=b"ffffffffffffffff\r\n" + BODY)), UNAVAILABLE),
    ("chunk size of 63 bits", once(headed(
        CHUNKED, body=b"7fffffffffffffff\r\n" + BODY)), UNAVAILABLE),
    ("chunk size below zero", once(headed(
        CHUNKED, body=b"-14\r\n" + BODY + b"\r\n0\r\n\r\n")), UNAVAILABLE),
    ("chunk size in words", once(headed(
        CHUNKED, body=b"twenty\r\n" + BODY + b"\r\n0\r\n\r\n")), UNAVAILABLE),
    ("chunk longer than told", once(headed(
        CHUNKED, body=b"2\r\n" + BODY + b"\r\n0\r\n\r\n")), UNAVAILABLE),
    ("length below zero", once(headed(b"Content-Length: -20")), UNAVAILABLE),
    ("length beyond 64 bits", once(headed(length_of(1 << 70))), UNAVAILABLE),
    ("two lengths, the first too long",
     once(headed(length_of(30), length_of(20))), UNAVAILABLE),
    ("two lengths, the last too long",
     once(headed(length_of(20), length_of(30))), UNAVAILABLE),
    ("two lengths, one cuts to nothing",
     once(headed(length_of(20), length_of(0))), UNAVAILABLE),
    ("length in words", once(headed(b"Content-Length: twenty")), UNAVAILABLE),
    ("NUL in a header", once(headed(b"X-Nul: a\0b", length_of(20))),
     UNAVAILABLE),
    ("NUL in a header's name", once(headed(b"X-N\0l: a", length_of(20))),
     UNAVAILABLE),
    ("NUL in the status line", once(b"HTTP/1.1 2\x0000 OK\r\n\r\n" + BODY),
     UNAVAILABLE),
    ("NUL in the body", once(headed(length_of(21), body=BODY + b"\0")),
     REJECTED),
    ("status beyond 999", once(b"HTTP/1.1 2000 OK\r\n\r\n" + BODY),
     UNAVAILABLE),
    ("status below 100", once(b"HTTP/1.1 020 OK\r\n\r\n" + BODY), UNAVAILABLE),
    ("status without a number", once(b"HTTP/1.1 OK\r\n\r\n" + BODY),
     UNAVAILABLE),
    ("version of tomorrow", once(b"HTTP/7.0 200 OK\r\n\r\n" + BODY),
     UNAVAILABLE),
    ("HTTP 0.9", once(BODY), UNAVAILABLE),
    ("other protocol", once(b"ICY 200 OK\r\n\r\n" + BODY), UNAVAILABLE),
    ("header without a colon", once(headed(b"nonsense", length_of(20))),
     UNAVAILABLE),
    ("a second answer behind the first",
     once(headed(length_of(2), body=b"{}") + headed(length_of(20))),
     REJECTED),
]
# As they should be, or harmless.
GOOD = [
    ("length", once(headed(length_of(20)))),
    ("the same length twice", once(headed(length_of(20), length_of(20)))),
    ("chunks", once(headed(CHUNKED, body=b"14\r\n" + BODY
                           + b"\r\n0\r\n\r\n"))),
    ("chunks and a trailer", once(headed(
        CHUNKED, body=b"14\r\n" + BODY + b"\r\n0\r\nX-A: b\r\n\r\n"))),
    ("no length", once(headed())),
    ("hints before it", once(
        b"HTTP/1.1 103 Hints\r\nLink: </a>\r\n\r\n"
        + headed(length_of(20)))),
    ("HTTP/2", serve_http2(http2_once(headers(), data(BODY)))),
    ("HTTP/2 and a trailer", serve_http2(http2_once(
        headers(), data(BODY, flags=0), headers(field(b"x-a", b"b"), 5)))),
]
PORTALS = [
    ("HTML with 200", once(headed(b"Content-Type: text/html", length_of(21),
                                  body=b"<html>sign in</html>\n")), REJECTED),
    ("511", once(b"HTTP/1.1 511 Sign in\r\nContent-Length: 0\r\n\r\n"),
     UNAVAILABLE),
    ("302", once(b"HTTP/1.1 302 Found\r\nLocation: https://localhost/\r\n"
                 b"Content-Length: 0\r\n\r\n"), MISCONFIGURED),
    ("nothing with 200", once(headed(length_of(0), body=b"")), REJECTED),
]


def log_in_at(serve, keys=CONDITION):
    server.clear()
    server.behave(serve)
    set_provider(server.url, keys, deadline=f"{DEADLINE_S}s")
    return log_in()


def some(rows):
    return rows if COUNT >= 100 else random.Random(SEED).sample(rows, 3)


@functools.cache
def host_kib():
    """Returns what a host needs for an answer as it should be."""
    done = log_in_at(once(headed(length_of(20))))
    equal(done.result, ACCEPTED)
    return done.host_kib


def check(name, serve, expected, reason="", keys=CONDITION):
    """Logs in; `expected` None stands for anything but a grant."""
    most_of_host = host_kib() + MOST_OF_HOST_KIB
    done = log_in_at(serve, keys)
    assert b"\r\n\r\n" in server.plain(), f"{name}: not asked"
    worker_peaks.append(done.worker_kib)
    if expected is None:
        assert done.result in (UNAVAILABLE, REJECTED, MISCONFIGURED), \
            (name, done)
    else:
        equal(done.result, expected, f"{name}: {done}")
    said = done.log.get("reason", "")
    assert any(one in said for one in reason.split("|")), (name, done)
    assert done.seconds <= DEADLINE_S + SPARE_S, (name, done)
    assert 4096 < done.worker_kib < MOST_KIB, (name, done)
    assert done.host_kib <= most_of_host, (name, done, most_of_host)


@test
def answer_as_it_should_be_is_a_grant():
    for name, serve in GOOD:
        equal(log_in_at(serve).result, ACCEPTED, name)


@test
def answer_that_has_no_end_ends():
    for row in TOO_MUCH:
        check(*row)


@test
def answer_that_takes_its_time_ends_at_the_deadline():
    for name, serve in some(TOO_SLOW):
        # Who ends it, the worker or its host, is a matter of milliseconds.
        check(name, serve, UNAVAILABLE, "timeout|before login_deadline")


@test
def answer_that_contradicts_itself_is_no_grant():
    for row in CONTRADICTIONS:
        check(*row)


@test
def portal_is_no_grant_where_a_condition_is_set():
    for row in PORTALS:
        check(*row)


@test
def bytes_that_change_on_the_way_are_no_grant():
    """Each answer refuses; no changed byte of it makes it a grant."""
    numbers = random.Random(SEED)
    body = b'{"status": "locked"}'
    refusal = headed(length_of(20), body=body).replace(b"200 OK", b"401 No")
    for number in range(COUNT):
        changed = bytearray(refusal)
        for _ in range(1 + number % 3):
            changed[numbers.randrange(len(changed))] = numbers.randrange(256)
        check(f"changed: {bytes(changed)}", once(bytes(changed)), None)


@test
def answer_over_http2_that_has_no_end_ends():
    for name, frames in some(HTTP2_ANSWERS):
        check("HTTP/2: " + name, serve_http2(frames), UNAVAILABLE)


@test
def figures_of_the_whole():
    check_registry(registry_before)
    figure("hostile_answers", len(worker_peaks))
    figure("worker_peak_kib", max(worker_peaks))


run_tests()

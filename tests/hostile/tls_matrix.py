#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Servers that must not be trusted get no byte of a password: each is refused
for the reason that it has, and its twin without that fault is believed.

usage: tests/enter python3 tests/hostile/tls_matrix.py [COUNT]
   COUNT: so many handshakes with one changed byte (20 if not given); with less
   than 100 a twin of many bad servers is asked once"""
import tls_certificates
import tls_hellos
from hostile_case import *
from recording_server import *

COUNT = argument(20)
ANSWER = (b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n'
          b'Content-Length: 20\r\n\r\n{"status": "active"}')

set_up()
write("/etc/hosts", "127.0.0.1 localhost id.example.com example.com"
      " login.id.example.com\n")
server = RecordingServer()
registry_before = registry_hash()
bad_servers = []
broken = []
arrived = 0


def answer_over_tls(ssl_context, mangle=None, answer=ANSWER):
    """Returns what a server does that is good but for its handshake."""
    def serve(connection):
        connection.begin_tls(ssl_context, mangle)
        connection.receive_request()
        connection.send_encrypted(answer)
        connection.end_tls()
        connection.receive_to_end()
    return serve


def log_in_at(host=None, keys=None, deadline="5s"):
    """Logs in with a new password; returns what came of it, and how many of
    its bytes came before and after decryption."""
    host = host or "id.example.com"
    server.clear()
    set_provider(f"https://{host}:{server.port}", keys or CA,
                 deadline=deadline)
    password = new_password()
    done = log_in(password)
    server.wait()
    return done, (password_bytes_in(password, server.raw()),
                  password_bytes_in(password, server.plain()))


def check_bad(name, cause, serve, host=None, keys=None, deadline="5s",
              counted=bad_servers):
    """Such a server is refused, and nothing that is secret comes to it."""
    global arrived
    server.behave(serve)
    done, (raw, plain) = log_in_at(host, keys, deadline)
    arrived += raw + plain
    counted.append(name)
    equal(done.result, UNAVAILABLE, name)
    said = done.log.get("tls", done.log["reason"])
    assert any(one in said for one in cause.split("|")), (name, cause, said)
    equal((raw, plain), (0, 0), f"bytes of the password at {name}")
    equal(len(server.connections), 1, f"connections to {name}")
    assert server.raw(), f"{name} was not reached"


def check_good(name, serve, host=None, keys=None):
    """A good server is believed, and the password is found by the search."""
    server.behave(serve)
    done, (raw, plain) = log_in_at(host, keys)
    equal(done.result, ACCEPTED, f"twin of {name}, {done.log}")
    assert plain >= PASSWORD_LENGTH, f"the search found nothing: {name}"
    equal(raw, 0, f"bytes in clear: {name}")


def serve_as(a_server):
    return answer_over_tls(context(a_server.certificate,
                                   **a_server.options))


# --- before the handshake is done ------------------------------------------

@test
def bad_certificate_is_refused_for_its_reason_and_its_twin_believed():
    believed = []
    for case in cases:
        check_bad(case.name, case.cause, serve_as(case.bad), case.bad.host,
                  case.bad.keys)
        if COUNT < 100 and case.good in believed:
            continue
        check_good(case.name, serve_as(case.good), case.good.host,
                   case.good.keys)
        believed.append(case.good)


@test
def bad_hello_is_refused_for_its_reason():
    for name, cause, serve in tls_hellos.all_hellos(SEED):
        check_bad(name, cause, serve)


VERSIONS = ("TLSv1_2", "TLSv1_3")


def context_of(version):
    return context(good, versions=(version, version))


@functools.cache
def handshake_of(version):
    """Returns the parts that a good server sends until it can be trusted."""
    parts = []

    def note(part, data):
        parts.append(data)
        return data

    check_good(version, answer_over_tls(context_of(version), note))
    # In TLS 1.3 the first part is all: tickets and the answer follow.
    return parts[:1] if version == "TLSv1_3" else parts[:2]


def payloads(data):
    """Returns begin and end of what is in each record."""
    spans, at = [], 0
    while at < len(data):
        end = at + 5 + int.from_bytes(data[at + 3:at + 5], "big")
        spans.append((at + 5, end))
        at = end
    return spans


def serve_cut(version, cut_part, record, missing):
    """Ends the connection within a part of the handshake: so many bytes before
    the end of that record."""
    def serve(connection):
        def cut(part, data):
            if part < cut_part:
                return data
            # A signature, and so a record, may be a byte longer than before.
            connection.send(data[:payloads(data)[record][1] - missing])
            return None

        connection.begin_tls(context_of(version), cut)
    return serve


@test
def server_that_closes_within_the_handshake_gets_nothing():
    for version in VERSIONS:
        parts = handshake_of(version)
        cuts = [(part, record, missing) for part, data in enumerate(parts)
                for record in range(len(payloads(data)))
                for missing in (1, 0)]
        assert len(cuts) >= 8, cuts
        # Without the last, which misses nothing.
        for cut in cuts[:-1]:
            check_bad(f"{version} closed at {cut}", "handshake|reset",
                      serve_cut(version, *cut), counted=broken)


@test
def changed_byte_of_a_handshake_gets_nothing():
    numbers = random.Random(SEED)
    for count in range(COUNT):
        version = VERSIONS[count % 2]
        changed_part = numbers.randrange(len(handshake_of(version)))
        place, bit = numbers.random(), 1 << numbers.randrange(8)

        def flip(part, data):
            if part != changed_part:
                return data
            changed = bytearray(data)
            within = [number for begin, end in payloads(data)
                      for number in range(begin, end)]
            changed[within[int(place * len(within))]] ^= bit
            return bytes(changed)

        check_bad(f"{version} {count}: {place:.3f} of part {changed_part}"
                  f" changed by {bit}", "",
                  answer_over_tls(context_of(version), flip), deadline="1s",
                  counted=broken)


# --- after it --------------------------------------------------------------

def check_after(name, expected, serve, reason=""):
    """Logs in at a server that is the right one; the password comes to it
    once, and what it then does decides."""
    server.behave(serve)
    password_bytes = PASSWORD_LENGTH
    done, (raw, plain) = log_in_at()
    equal((done.result, raw, plain), (expected, 0, password_bytes), name)
    contains(done.log.get("reason", ""), reason)


def answer_and(end, answer=ANSWER, **options):
    """Returns a server that answers, and then does `end`."""
    def serve(connection):
        connection.begin_tls(context(good, **options))
        connection.receive_request()
        connection.send_encrypted(answer)
        end(connection)
        connection.receive_to_end()
    return serve


UNMEASURED = b'HTTP/1.1 200 OK\r\n\r\n{"status": "active"}'


@test
def end_without_a_notice_is_an_end_only_where_the_length_is_known():
    """Whoever sits between can cut a connection, but not say so in TLS."""
    fin = Connection.end_sending
    check_after("length, notice", ACCEPTED, answer_and(Connection.end_tls))
    check_after("length, cut", ACCEPTED, answer_and(fin))
    check_after("no length, notice", ACCEPTED,
                answer_and(Connection.end_tls, UNMEASURED))
    for versions in (("TLSv1_2",) * 2, ("TLSv1_3",) * 2):
        check_after("no length, cut", UNAVAILABLE,
                    answer_and(fin, UNMEASURED, versions=versions))
    for answer in (ANSWER[:-1], UNMEASURED[:15], UNMEASURED[:17]):
        for end in (fin, Connection.end_tls, Connection.reset):
            check_after("cut answer", UNAVAILABLE, answer_and(end, answer))


@test
def clear_text_after_the_handshake_is_no_answer():
    def clear(connection):
        connection.send(ANSWER)
        connection.end_sending()

    check_after("clear text", UNAVAILABLE, answer_and(clear, b""))


@test
def many_session_tickets_do_no_harm():
    def serve(connection):
        many = context(good, versions=("TLSv1_3",) * 2)
        many.num_tickets = 100
        answer_over_tls(many)(connection)

    check_after("tickets", ACCEPTED, serve)


class Renegotiating:
    """openssl's server, which is told by its standard input to shake hands
    again, and what to answer."""

    def __init__(self, path, port):
        self.output = "/run/s_server"
        self.process = subprocess.Popen(
            ["openssl", "s_server", "-msg", "-tls1_2", "-accept", str(port),
             "-cert", path + ".pem", "-key", path + ".key"],
            stdin=subprocess.PIPE, stdout=open(self.output, "wb"),
            stderr=subprocess.STDOUT)
        atexit.register(stop, self.process)
        wait_until(lambda: b"ACCEPT" in self.received(), "openssl s_server")

    def received(self):
        with open(self.output, "rb") as file:
            return file.read()

    def say(self, text):
        self.process.stdin.write(text)
        self.process.stdin.flush()


@test
def handshake_again_with_the_same_server_does_no_harm():
    port = 8460
    peer = Renegotiating(good, port)
    set_provider(f"https://id.example.com:{port}", CA)
    password = new_password()
    host = begin_login(password)
    wait_until(lambda: password.encode() in peer.received(), "the password")
    peer.say(b"r\n")
    # Of each handshake one by either side.
    wait_until(lambda: peer.received().count(b", Finished") == 4,
               "the second handshake")
    peer.say(ANSWER)
    equal(host.wait(10), CODES["PAM_SUCCESS"])
    equal(password_bytes_in(password, peer.received()), PASSWORD_LENGTH)


@test
def figures_of_the_whole():
    check_registry(registry_before)
    equal(len(set(bad_servers)), len(bad_servers), "names of bad servers")
    figure("bad_tls_servers", len(bad_servers))
    figure("broken_handshakes", len(broken))
    figure("password_bytes_arrived", arrived)
    equal(arrived, 0, "bytes of passwords that arrived")


cases, good = tls_certificates.all_cases()
run_tests()

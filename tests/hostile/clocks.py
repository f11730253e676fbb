#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A clock that is ten years off, or jumps there and back during a login: the
deadline holds, and a certificate that is not valid then is not believed.

usage: tests/enter python3 tests/hostile/clocks.py"""
from hostile_case import *
from recording_server import *

LIBRARY = BUILD + "/tests/hostile/clock_shift.so"
TEN_YEARS_S = 3652 * 24 * 3600
SPARE_S = 0.5
TLS = context(PKI + "/server")

set_up()
server = RecordingServer()
registry_before = registry_hash()
arrived = 0


def set_clock(seconds, word="stay"):
    """Sets what the processes see that begin from now on."""
    write("/run/clock-shift", f"{word} {seconds}\n")


def answer(connection):
    connection.begin_tls(TLS)
    connection.receive_request()
    connection.send_encrypted(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    connection.end_tls()
    connection.receive_to_end()


def log_in_while(serve, deadline="5s"):
    global arrived
    server.clear()
    server.behave(serve)
    set_provider(server.url, CA, deadline=deadline)
    password = new_password()
    done = log_in(password)
    server.wait()
    if done.result != ACCEPTED:
        arrived += password_bytes_in(password, server.raw(), server.plain())
    return done


set_clock(0)
write("/etc/ld.so.preload", LIBRARY + "\n")


@test
def clock_is_another_for_whoever_begins_now():
    for seconds in (TEN_YEARS_S, -TEN_YEARS_S, 0):
        set_clock(seconds)
        shown = int(run("date", "+%s", check=True).output)
        set_clock(0)
        assert abs(shown - seconds - time.time()) < 60, (shown, seconds)


@test
def certificate_is_judged_by_the_clock():
    for seconds, cause in ((TEN_YEARS_S, "expired "),
                           (-TEN_YEARS_S, "not-yet-valid ")):
        set_clock(seconds)
        done = log_in_while(answer)
        equal(done.result, UNAVAILABLE)
        contains(done.log["tls"], cause)
    set_clock(0)
    equal(log_in_while(answer).result, ACCEPTED)
    equal(arrived, 0, "bytes of passwords that arrived")


@test
def jumps_of_the_clock_do_not_move_the_deadline():
    worst_s = 0
    for seconds in (TEN_YEARS_S, -TEN_YEARS_S):
        set_clock(seconds, "jump")
        done = log_in_while(Connection.receive_to_end, "1s")
        equal(done.result, UNAVAILABLE)
        assert 0.5 < done.seconds < 1 + SPARE_S, done
        worst_s = max(worst_s, done.seconds)
        # Whatever the certificate then is, the answer comes at once.
        done = log_in_while(answer, "1s")
        assert done.result in (ACCEPTED, UNAVAILABLE), done
        assert done.seconds < 1 + SPARE_S, done
    set_clock(0)
    figure("worst_with_a_jumping_clock_ms", round(worst_s * 1000) - 1000)


@test
def nobody_is_left_and_nobody_forgotten():
    check_registry(registry_before)


run_tests()

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The worker finds the provider's address as the machine does, with its system
call filter on, and a dead name server holds no login beyond its deadline."""
import functools
import ipaddress
import pwd
import signal
import struct
import threading

from extauth_test import *
from fault_server import FaultServer
from transport_case import *

HOST = "id.example.com"
ADDRESS = "127.0.0.1"
RESOLVED = BUILD + "/resolved"
UNAVAILABLE = "PAM_AUTHINFO_UNAVAIL"
TYPE_A = 1


class NameServer:
    """A name server on UDP port 53 that knows HOST alone; `asked` holds the
    names. Silent, it receives and never answers."""

    def __init__(self, address, is_silent=False):
        self.asked = []
        self.is_silent = is_silent
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((address, 53))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            query, client = self._socket.recvfrom(4096)
            name, kind, end = self._question(query)
            self.asked.append(name)
            if not self.is_silent:
                self._socket.sendto(self._answer(query, name, kind, end),
                                    client)

    @staticmethod
    def _question(query):
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1:at + 1 + query[at]].decode())
            at += 1 + query[at]
        kind, = struct.unpack_from(">H", query, at + 1)
        return ".".join(labels).lower(), kind, at + 5

    @staticmethod
    def _answer(query, name, kind, end):
        records = b""
        if name == HOST and kind == TYPE_A:
            # The name is a pointer to the question's.
            records = struct.pack(">HHHIH", 0xC00C, TYPE_A, 1, 60, 4) + \
                ipaddress.ip_address(ADDRESS).packed
        flags = 0x8180 if name == HOST else 0x8183
        counts = struct.pack(">HHHHH", flags, 1, bool(records), 0, 0)
        return query[:2] + counts + query[12:end] + records


def look_up_by(hosts, *servers):
    """Sets the hosts line of nsswitch.conf, and the name servers."""
    run("sed", "-i", "-E", f"s/^hosts:.*/hosts: {hosts}/",
        "/etc/nsswitch.conf", check=True)
    write("/etc/resolv.conf", "".join(f"nameserver {s}\n" for s in servers))


def forget():
    names.asked.clear()
    server.clear()


def check_dead(seconds=1):
    """Logs in with a deadline of so many seconds; nothing may be sent, and no
    worker may be left."""
    server.clear()
    set_provider(server.url, deadline=f"{seconds}s")
    code, took = login()
    equal(code, UNAVAILABLE)
    assert took < seconds + 0.5, took
    equal(workers(), [], "workers")
    equal(server.connections, 0, "connections")
    return took


@functools.cache
def start_resolved():
    """Copies systemd-resolved and its NSS module into this private root and
    starts it once, with our name server; returns the process."""
    assert os.path.exists(RESOLVED + "/done"), \
        f"run tests/unpack {RESOLVED} systemd-resolved libnss-resolve"
    run("sh", "-c", f"tar -C {RESOLVED} -c . | "
        "tar -C / -x --keep-directory-symlink --no-same-owner", check=True)
    try:
        pwd.getpwnam("systemd-resolve")
    except KeyError:
        run("useradd", "--system", "--no-create-home", "systemd-resolve",
            check=True)
    user = pwd.getpwnam("systemd-resolve")
    os.makedirs("/run/systemd/resolve")
    os.chown("/run/systemd/resolve", user.pw_uid, user.pw_gid)
    write("/etc/systemd/resolved.conf", f"""[Resolve]
DNS={ADDRESS}
FallbackDNS=
Domains=~.
DNSSEC=no
LLMNR=no
MulticastDNS=no
Cache=no
DNSStubListener=no
ReadEtcHosts=no
""")
    # With the loopback alone it takes the network for down and asks nobody.
    for command in ("link add veth0 type veth peer name veth1",
                    "addr add 198.51.100.1/24 dev veth0",
                    "link set veth0 up", "link set veth1 up"):
        run("ip", *command.split(), check=True)
    process = start("/lib/systemd/systemd-resolved", log="/run/resolved.log")
    wait_until(lambda: os.path.exists(
        "/run/systemd/resolve/io.systemd.Resolve"), "systemd-resolved")
    return process


write("/etc/hosts", "127.0.0.1 localhost\n")
names = NameServer(ADDRESS)
silent = [NameServer(f"127.0.0.{last}", is_silent=True) for last in (2, 3)]
server = FaultServer(8444)
set_up()


# --- files dns -------------------------------------------------------------

@test
def name_is_found_by_dns():
    look_up_by("files dns", ADDRESS)
    forget()
    set_provider(server.url)
    equal(login()[0], "PAM_SUCCESS")
    assert HOST in names.asked, names.asked
    equal(server.connections, 1, "connections")


def check_filtered():
    """Looks at the worker while the server holds it, and ends the login."""
    forget()
    server.behave(answer=b"", silent_at_end=True)
    set_provider(server.url)
    host = begin_login()
    wait_until(lambda: server.received, "the request")
    pid, = workers()
    equal(process_status(pid)["Seccomp"], ["2"])
    host.kill()
    host.wait()
    server.behave()
    assert HOST in names.asked, names.asked


@test
def filter_is_on_after_a_name_was_found_by_dns():
    look_up_by("files dns", ADDRESS)
    check_filtered()


@test
def name_that_does_not_exist_is_unavailable():
    look_up_by("files dns", ADDRESS)
    set_provider("https://no-such-name.example.com:8444")
    decisions = Decisions()
    equal(login()[0], UNAVAILABLE)
    contains(decisions.one()["reason"], "name not found")


@test
def dead_name_server_ends_at_the_deadline():
    look_up_by("files dns", "127.0.0.2")
    check_dead()
    assert HOST in silent[0].asked, silent[0].asked


@test
def two_dead_name_servers_end_at_the_deadline():
    look_up_by("files dns", "127.0.0.2", "127.0.0.3")
    check_dead(seconds=6)
    assert HOST in silent[1].asked, silent[1].asked


@test
def name_server_without_a_route_ends_before_the_deadline():
    look_up_by("files dns", "203.0.113.53")
    check_dead()


@test
def name_server_in_a_black_hole_ends_at_the_deadline():
    run("ip", "route", "add", "203.0.113.0/24", "dev", "lo", check=True)
    look_up_by("files dns", "203.0.113.53", "203.0.113.54")
    check_dead()
    run("ip", "route", "del", "203.0.113.0/24", check=True)


@test
def name_server_that_refuses_ends_before_the_deadline():
    look_up_by("files dns", "127.0.0.9")
    assert check_dead() < 0.5


@test
def address_needs_no_name_server():
    look_up_by("files dns", "127.0.0.2")
    forget()
    set_provider(server.url.replace(HOST, ADDRESS))
    code, seconds = login()
    equal(code, "PAM_SUCCESS")
    assert seconds < 1, seconds


# --- resolve ---------------------------------------------------------------

@test
def name_is_found_by_systemd_resolved():
    start_resolved()
    look_up_by("resolve")
    forget()
    set_provider(server.url)
    equal(login()[0], "PAM_SUCCESS")
    assert HOST in names.asked, names.asked
    equal(server.connections, 1, "connections")


@test
def filter_is_on_after_a_name_was_found_by_systemd_resolved():
    start_resolved()
    look_up_by("resolve")
    check_filtered()


@test
def systemd_resolved_with_a_dead_name_server_ends_at_the_deadline():
    start_resolved()
    look_up_by("resolve")
    names.is_silent = True
    forget()
    check_dead()
    names.is_silent = False
    assert HOST in names.asked, names.asked


@test
def systemd_resolved_that_stands_still_ends_at_the_deadline():
    look_up_by("resolve")
    start_resolved().send_signal(signal.SIGSTOP)
    check_dead()
    start_resolved().send_signal(signal.SIGCONT)


@test
def dns_is_asked_where_systemd_resolved_is_not_there():
    stop(start_resolved())
    look_up_by("resolve [!UNAVAIL=return] files dns", ADDRESS)
    forget()
    set_provider(server.url)
    equal(login()[0], "PAM_SUCCESS")
    assert HOST in names.asked, names.asked


run_tests()

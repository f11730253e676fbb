#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A redirect is followed nowhere, whatever it points to: no other server sees a
connection, the right one no second request, and no file is opened.

usage: tests/enter python3 tests/hostile/redirects.py [COUNT]
   COUNT: so many redirects of those that there are (all if not given)"""
import ctypes

from hostile_case import *
from recording_server import *

COUNT = argument(10 ** 6)
STATUSES = (300, 301, 302, 303, 305, 307, 308)
KINDS = ("rest", "basic")
CANARY = "/srv/canary/answer.json"
IN_OPEN = 0x20
IN_NONBLOCK = os.O_NONBLOCK
MISCONFIGURED = ("MISCONFIGURED", "PAM_AUTHINFO_UNAVAIL")
GRANT = (b'HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n'
         b'{"status": "active"}')
# Ports of what a redirect may name, all of them ours.
PLAIN_PORTS = {"ftp": 21, "ssh": 22, "telnet": 23, "smtp": 25, "dict": 2628,
               "tftp": 69, "gopher": 70, "http": 80, "pop3": 110, "imap": 143,
               "ldap": 389, "smb": 445, "rtsp": 554, "mqtt": 1883,
               "https": 443}
NO_CONFIGURATION = ("file:///srv/canary/answer.json", "ftp://id.example.com/",
                    "gopher://id.example.com/", "scp://id.example.com/",
                    "ldap://id.example.com/", "dict://id.example.com/",
                    "http://id.example.com/")

set_up()
write(CANARY, '{"status": "active"}')
tls = context(PKI + "/server")
server = RecordingServer()
other_tls = RecordingServer()
others = {name: RecordingServer(port=port)
          for name, port in PLAIN_PORTS.items()}
registry_before = registry_hash()
libc = ctypes.CDLL(None, use_errno=True)
counts = {"tried": 0, "followed": 0}


class OpenedFiles:
    """Tells whether anybody opened a file in the canary's directory."""

    def __init__(self):
        self._fd = libc.inotify_init1(IN_NONBLOCK)
        assert self._fd >= 0
        assert libc.inotify_add_watch(
            self._fd, os.path.dirname(CANARY).encode(), IN_OPEN) >= 0

    def were_there(self):
        try:
            return bool(os.read(self._fd, 4096))
        except BlockingIOError:
            return False


def grant(connection):
    """Whoever came here in place of the right server would be let in."""
    connection.begin_tls(tls)
    connection.receive_request()
    connection.send_encrypted(GRANT)
    connection.end_tls()
    connection.receive_to_end()


def grant_in_clear(connection):
    connection.receive()
    connection.send(GRANT)
    connection.receive_to_end()


for one in others.values():
    one.behave(grant_in_clear)
other_tls.behave(grant)
others["https"].behave(grant)
opened = OpenedFiles()


def targets():
    here, there = server.port, other_tls.port
    return [
        "/login", "elsewhere", "?again", "#here", "",
        f"https://id.example.com:{here}/elsewhere",
        f"https://id.example.com:{there}/", f"https://localhost:{there}/",
        f"https://127.0.0.1:{there}/", "https://id.example.com/",
        f"https://id.example.com:{here}@localhost:{there}/",
        f"https://localhost:{there}\\@id.example.com:{here}/",
        f"//localhost:{there}/", f"///localhost:{there}/",
        f"\\\\localhost:{there}\\", f"https:localhost:{there}",
        f"http://id.example.com:{here}/", "http://id.example.com/",
        "HTTP://LOCALHOST/", "//localhost", "http://[::1]/",
        "http://127.1/", "http://2130706433/", "http://0x7f.1/",
        "file://" + CANARY, "file:" + CANARY, "FILE://localhost" + CANARY,
        "file://127.0.0.1" + CANARY, "file://id.example.com" + CANARY,
        "ftp://id.example.com/a", "ftps://id.example.com:21/a",
        "gopher://id.example.com/_GET", "ldap://id.example.com/dc=a",
        "dict://id.example.com/d:a", "telnet://id.example.com/",
        "tftp://id.example.com/a", "smtp://id.example.com/",
        "pop3://id.example.com/", "imap://id.example.com/",
        "smb://id.example.com/a/b", "rtsp://id.example.com/",
        "mqtt://id.example.com/a", "scp://id.example.com/a",
        "sftp://id.example.com/a", "ws://id.example.com/",
        "javascript:alert(1)", "data:,{}", "unix:/run/a", "jar:file:" + CANARY,
        "https://id.example.com:99999/", "https://", "\t https://localhost/",
        "https://id.example.com:" + "9" * 4000, "a" * 8000]


def redirect(status, target):
    """Returns a server that answers any number of requests by a redirect."""
    head = (f"HTTP/1.1 {status} Go\r\nLocation: {target}\r\n"
            "Content-Length: 0\r\n\r\n").encode()

    def serve(connection):
        connection.begin_tls(tls)
        while True:
            connection.receive_request()
            connection.send_encrypted(head)
    return serve


def connections_elsewhere():
    return sum(len(one.connections) for one in [other_tls, *others.values()])


def check(status, target, kind):
    server.clear()
    server.behave(redirect(status, target))
    set_provider(server.url + "/login", CA, kind)
    password = new_password()
    done = log_in(password)
    server.wait()
    requests = server.plain().count(b" HTTP/1.1\r\n")
    sent = sum(server.plain().count(form) > 0 for form in
               forms_of(password))
    name = f"{status} to {target[:60]!r}, {kind}"
    counts["tried"] += 1
    counts["followed"] += (connections_elsewhere() + opened.were_there()
                           + requests - 1 + len(server.connections) - 1)
    # The redirect itself is judged, not what a second request gave.
    equal((done.result, done.log["http"]), (MISCONFIGURED, str(status)), name)
    equal((len(server.connections), requests), (1, 1), name)
    assert sent > 0, f"the search finds nothing: {name}"
    equal(connections_elsewhere(), 0, f"connections elsewhere: {name}")
    equal(counts["followed"], 0, name)


@test
def targets_would_be_seen():
    for port in (*PLAIN_PORTS.values(), other_tls.port):
        socket.create_connection(("127.0.0.1", port)).close()
    wait_until(lambda: connections_elsewhere() == len(PLAIN_PORTS) + 1,
               "connections")
    for one in [other_tls, *others.values()]:
        one.clear()
    open(CANARY, encoding="utf-8").close()
    assert opened.were_there()
    equal(connections_elsewhere(), 0)


@test
def redirect_is_followed_nowhere():
    all_of_them = [(status, target) for target in targets()
                   for status in STATUSES]
    chosen = all_of_them if COUNT >= len(all_of_them) \
        else random.Random(SEED).sample(all_of_them, COUNT)
    for number, (status, target) in enumerate(chosen):
        check(status, target, KINDS[number % len(KINDS)])


FILLING = (b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b; Max-Age=99999\r\n"
           b"Strict-Transport-Security: max-age=99999; preload\r\n"
           b'Alt-Svc: h2=":443"; ma=99999; persist=1\r\n'
           b"Content-Length: 2\r\nConnection: keep-alive\r\n\r\n{}")
# What a worker may read: itself and its libraries, the configuration, and how
# this machine finds a name.
READABLE = re.compile(
    r"/(usr/)?lib(exec)?/|/etc/(extauth|extauth-test|ssl)/|/usr/lib/ssl/"
    r"|/dev/(null|urandom)$|/proc/(self|sys)/|/usr/share/zoneinfo|"
    r"/etc/(ld\.so\.(cache|preload)|passwd|group|nsswitch\.conf|hosts"
    r"|host\.conf|resolv\.conf|gai\.conf|localtime|os-release|services)$")


def fill(connection):
    connection.begin_tls(tls)
    while True:
        connection.receive_request()
        connection.send_encrypted(FILLING)


def files_of_a_worker():
    """Returns path and flags of what the worker opens in one login."""
    run("strace", "-f", "-e", "trace=execve,open,openat,creat", "-o",
        "/run/trace", HOST, SERVICE, "alice", "/run/hostile-password",
        check=True)
    with open("/run/trace", encoding="utf-8") as trace:
        lines = trace.read().splitlines()
    pid, = {line.split()[0] for line in lines
            if "execve(" in line and WORKER in line}
    return [found.groups() for line in lines if line.split()[0] == pid
            and (found := re.search(r'open(?:at)?\(.*?"(.*?)", (\S+)', line))]


@test
def worker_keeps_nothing_that_a_server_says():
    """No cookie, no alternative service, no other state from login to login,
    and no connection: all of it would be a file, or a second connection."""
    server.clear()
    server.behave(fill)
    set_provider(server.url, CA)
    write("/run/hostile-password", new_password() + "\n", 0o600)
    for _ in range(2):
        files = files_of_a_worker()
        assert len(files) > 10, files
        strange = [path for path, flags in files if not READABLE.match(path)
                   or "O_WRONLY" in flags or "O_CREAT" in flags
                   or "O_RDWR" in flags and path != "/dev/null"]
        equal(strange, [], "files of the worker")
    server.wait()
    equal(len(server.connections), 2, "connections")
    assert b"ookie" not in server.plain()
    equal(connections_elsewhere(), 0)


@test
def address_that_is_no_https_is_refused_in_the_configuration():
    equal(extauthctl("config", "show").status, 0)
    for url in NO_CONFIGURATION:
        set_provider(url, CA)
        equal(login()[0], "PAM_SERVICE_ERR", url)
        shown = extauthctl("config", "show", check=False)
        assert shown.status != 0 and "url" in shown.errors, shown
    equal((connections_elsewhere(), opened.were_there()), (0, False))


@test
def figures_of_the_whole():
    check_registry(registry_before)
    figure("redirects_tried", counts["tried"])
    figure("redirects_followed", counts["followed"])


run_tests()

# SPDX-License-Identifier: MIT
"""What the end-to-end tests share: real servers, real logins, TAP output.

A test file runs inside `tests/enter`, so it may write /etc and start anything:

    from extauth_test import *

    @test
    def right_password_logs_in():
        assert ssh("alice", "secret").status == 0

    run_tests()

Does not know: how extauth works inside; it starts programs and reads files.
"""
import atexit
import json
import os
import re
import socket
import subprocess
import sys
import time
import traceback
from dataclasses import dataclass

import pexpect

BUILD = os.environ["EXTAUTH_BUILD"]
SOURCE = os.environ["EXTAUTH_SOURCE"]
sys.path.append(SOURCE + "/tests")
from harness import SEED, argument, figure  # noqa: E402,F401

PKI = "/etc/extauth-test"
AUTH_LOG = "/var/log/auth.log"
SERVICE_URL = "https://id.example.com:8443"
NGINX_URL = "https://id.example.com:9443"

_tests = []


# --- tests and TAP ---------------------------------------------------------

class Skipped(Exception):
    """Raised by a test that cannot run; counts as failed in tests/run."""


def test(function):
    """Registers a test; its name, a sentence, is that of the function."""
    _tests.append(function)
    return function


def _diagnose(text):
    for line in text.rstrip().splitlines():
        print("# " + line)


def _run_one(number, function):
    name = function.__name__.replace("_", " ")
    log_start = os.path.getsize(AUTH_LOG)
    started = time.monotonic()
    try:
        function()
    except Skipped as reason:
        print(f"ok {number} - {name} # SKIP {reason}", flush=True)
        return True
    except Exception:
        print(f"not ok {number} - {name}")
        _diagnose(traceback.format_exc())
        with open(AUTH_LOG, encoding="utf-8", errors="replace") as log:
            log.seek(log_start)
            _diagnose("syslog meanwhile:\n" + log.read())
        sys.stdout.flush()
        return False
    print(f"ok {number} - {name}")
    print(f"# {time.monotonic() - started:.2f} s", flush=True)
    return True


def run_tests():
    """Runs the registered tests in order and ends the process. Arguments of
    the program, if any, choose tests by a part of their name."""
    chosen = [t for t in _tests
              if not sys.argv[1:] or any(a in t.__name__ for a in sys.argv[1:])]
    print(f"1..{len(chosen)}", flush=True)
    failed = 0
    for number, function in enumerate(chosen, 1):
        failed += not _run_one(number, function)
    sys.exit(1 if failed else 0)


def equal(got, expected, what="value"):
    """Fails unless both are equal, and shows both."""
    if got != expected:
        raise AssertionError(f"{what}: got {got!r}, expected {expected!r}")


def contains(text, part):
    """Fails unless `part` is in `text`, and shows both."""
    if part not in text:
        raise AssertionError(f"{part!r} is not in {text!r}")


# --- programs --------------------------------------------------------------

@dataclass
class Result:
    status: int
    output: str
    errors: str
    seconds: float


def run(*command, input="", timeout=60, check=False, **options):
    """Runs a command and returns its Result; with `check` it must end in 0."""
    started = time.monotonic()
    done = subprocess.run(command, input=input.encode(), timeout=timeout,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          check=False, **options)
    result = Result(done.returncode, done.stdout.decode(errors="replace"),
                    done.stderr.decode(errors="replace"),
                    time.monotonic() - started)
    if check and result.status != 0:
        raise AssertionError(f"{' '.join(command)}: status {result.status}\n"
                             f"{result.output}{result.errors}")
    return result


def start(*command, port=None, log=None, **options):
    """Starts a server, ends it at exit, and waits until `port` of loopback
    answers. Output goes to the file `log`."""
    out = open(log, "ab") if log else subprocess.DEVNULL
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out,
                               stderr=subprocess.STDOUT, **options)
    atexit.register(stop, process)
    if port:
        wait_until(lambda: process.poll() is not None or port_answers(port),
                   f"port {port} of {command[0]}")
        if process.poll() is not None:
            text = open(log, errors="replace").read() if log else ""
            raise AssertionError(f"{' '.join(command)} ended at once: {text}")
    return process


def stop(process):
    """Ends a server that start() started."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def port_answers(port, host="127.0.0.1"):
    try:
        socket.create_connection((host, port), timeout=1).close()
        return True
    except OSError:
        return False


def wait_until(is_true, what, seconds=10):
    """Waits until is_true() holds; fails after `seconds`."""
    end = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds} s for {what}")
        time.sleep(0.02)


def write(path, text, mode=0o644):
    """Writes a file whole, making its directory if need be."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)


# --- extauth ---------------------------------------------------------------

def configure(text):
    """Writes /etc/extauth/extauth.conf."""
    write("/etc/extauth/extauth.conf", text)


def extauthctl(*arguments, input="", check=True, timeout=60):
    return run("/usr/sbin/extauthctl", *arguments, input=input, check=check,
               timeout=timeout)


def add_user(name, email=None, *options):
    """Registers a user; the e-mail is NAME@example.com if not given."""
    extauthctl("user", "add", name, "--email", email or f"{name}@example.com",
               *options)


def add_local_user(name, password):
    """Makes an account in /etc/passwd with a home and a local password."""
    run("useradd", "-m", "-s", "/bin/bash", name, check=True)
    run("chpasswd", input=f"{name}:{password}\n", check=True)


def set_local_password(name, password):
    run("chpasswd", input=f"{name}:{password}\n", check=True)


# --- syslog ----------------------------------------------------------------

class LogMark:
    """Remembers the end of the syslog; lines() gives what came after."""

    def __init__(self):
        self.start = os.path.getsize(AUTH_LOG)

    def text(self):
        with open(AUTH_LOG, encoding="utf-8", errors="replace") as log:
            log.seek(self.start)
            return log.read()

    def lines(self, part="pam_extauth"):
        return [line for line in self.text().splitlines() if part in line]

    def wait(self, pattern, seconds=20):
        """Waits for a line that matches, and returns it."""
        end = time.monotonic() + seconds
        while True:
            for line in self.text().splitlines():
                if re.search(pattern, line):
                    return line
            if time.monotonic() > end:
                raise AssertionError(f"no line matches {pattern!r} in:\n"
                                     + self.text())
            time.sleep(0.02)


# --- servers ---------------------------------------------------------------

@dataclass
class Request:
    method: str
    target: bytes
    headers: list
    body: bytes
    is_complete: bool
    port: int

    def header(self, name):
        """Returns the one value of a header as bytes, or None."""
        values = [v for n, v in self.headers if n.lower() == name.lower()]
        return values[0] if values else None


class Service:
    """The test service (tests/service) on 127.0.0.1:8443, with TLS."""

    def __init__(self, port=8443, certificate="server", tls=True,
                 address="127.0.0.1"):
        self.directory = f"/run/test-service-{port}"
        os.makedirs(self.directory, exist_ok=True)
        self.users_path = self.directory + "/users"
        self.record_path = self.directory + "/record"
        self.control_path = self.directory + "/control"
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://id.example.com:{port}"
        self.users({})
        arguments = ["--port", str(port), "--address", address,
                     "--users", self.users_path, "--record", self.record_path,
                     "--control", self.control_path]
        if tls:
            arguments += ["--certificate", f"{PKI}/{certificate}.pem",
                          "--key", f"{PKI}/{certificate}.key"]
        self.process = start(BUILD + "/tests/service/extauth-test-service",
                             *arguments, port=port if address == "127.0.0.1"
                             else None, log=self.directory + "/log")

    def users(self, passwords):
        """Sets the accounts: {e-mail: password}, or "password:status"."""
        write(self.users_path,
              "".join(f"{e}:{p}\n" for e, p in passwords.items()))

    def answer_as(self, path):
        """Answers every request as if it asked for `path`; None ends that."""
        if path is None:
            if os.path.exists(self.control_path):
                os.unlink(self.control_path)
        else:
            write(self.control_path, path)

    def requests(self):
        """Returns what was received since the start or clear()."""
        if not os.path.exists(self.record_path):
            return []
        with open(self.record_path, encoding="utf-8") as record:
            return [self._request(json.loads(line)) for line in record]

    @staticmethod
    def _request(line):
        headers = [(name, bytes.fromhex(value))
                   for name, value in line["headers"] if name]
        return Request(line["method"], bytes.fromhex(line["target"]), headers,
                       bytes.fromhex(line["body"]), line["complete"],
                       line["port"])

    def clear(self):
        """Forgets the requests so far, and answers by the path again."""
        self.answer_as(None)
        if os.path.exists(self.record_path):
            os.unlink(self.record_path)

    def stop(self):
        stop(self.process)


NGINX_CONFIG = """
user root;
daemon off;
worker_processes 1;
pid {directory}/pid;
error_log {directory}/error.log;
events {{ worker_connections 64; }}
http {{
    log_format test escape=json '{{"method": "$request_method",'
        ' "target": "$request_uri", "status": $status,'
        ' "protocol": "$server_protocol", "tls": "$ssl_protocol",'
        ' "user": "$remote_user"}}';
    access_log {directory}/access.log test;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    default_type application/json;
    server {{
        listen 127.0.0.1:{port} ssl http2;
        server_name id.example.com;
        ssl_certificate {pki}/server.pem;
        ssl_certificate_key {pki}/server.key;
        ssl_protocols TLSv1.2 TLSv1.3;
        location = /auth {{
            auth_basic "extauth test";
            auth_basic_user_file {directory}/users;
            alias {directory}/answer.json;
        }}
        {extra}
    }}
}}
"""


class Nginx:
    """nginx on 127.0.0.1:9443 with TLS and HTTP/2: /auth is behind
    auth_basic; `extra` is more text for its server block."""

    def __init__(self, port=9443, extra=""):
        self.directory = f"/run/test-nginx-{port}"
        os.makedirs(self.directory, exist_ok=True)
        self.url = f"https://id.example.com:{port}"
        self.users({})
        write(self.directory + "/answer.json", '{"status": "active"}\n')
        write(self.directory + "/conf", NGINX_CONFIG.format(
            directory=self.directory, pki=PKI, port=port, extra=extra))
        self.process = start("/usr/sbin/nginx", "-c", self.directory + "/conf",
                             port=port, log=self.directory + "/start.log")

    def users(self, passwords):
        """Sets the accounts: {e-mail: password}."""
        lines = []
        for email, password in passwords.items():
            hashed = run("openssl", "passwd", "-apr1", "-stdin",
                         input=password + "\n", check=True).output.strip()
            lines.append(f"{email}:{hashed}\n")
        write(self.directory + "/users", "".join(lines))

    def requests(self):
        """Returns the requests with an HTTP request line, as dicts of the
        access log; connections without one (port probes) do not count."""
        with open(self.directory + "/access.log", encoding="utf-8") as log:
            lines = [json.loads(line) for line in log]
        return [line for line in lines if line["method"]]

    def clear(self):
        """Forgets the requests so far."""
        os.truncate(self.directory + "/access.log", 0)

    def stop(self):
        stop(self.process)


class Sshd:
    """The real sshd on a port of every address; it logs to the syslog.
    `options` are more lines for its configuration, put first so that they
    win; `match` are lines for its end, such as Match blocks."""

    def __init__(self, options="", match="", port=22):
        directory = f"/run/test-sshd-{port}"
        os.makedirs(directory, exist_ok=True)
        os.makedirs("/run/sshd", exist_ok=True)
        if not os.path.exists("/etc/ssh/ssh_host_ed25519_key"):
            run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f",
                "/etc/ssh/ssh_host_ed25519_key", check=True)
        write(directory + "/config", f"""{options}
Port {port}
PidFile {directory}/pid
HostKey /etc/ssh/ssh_host_ed25519_key
UsePAM yes
PermitRootLogin yes
PasswordAuthentication yes
MaxStartups 100
LogLevel VERBOSE
{match}
""")
        self.process = start("/usr/sbin/sshd", "-D", "-f",
                             directory + "/config", port=port,
                             log=directory + "/log")

    def stop(self):
        stop(self.process)


def ssh(user, password, command="id -un", *options, host="127.0.0.1", port=22,
        method="password", timeout=60):
    """Logs in by the real ssh with one password attempt and runs a command.
    Returns its Result; see logged_in() and refused()."""
    return run("sshpass", "-p", password, "ssh", "-p", str(port), "-F", "none",
               "-o", "StrictHostKeyChecking=no", "-o", "LogLevel=ERROR",
               "-o", "UserKnownHostsFile=/dev/null",
               "-o", "PreferredAuthentications=" + method,
               "-o", "NumberOfPasswordPrompts=1", "-o", "PubkeyAuthentication="
               + ("yes" if method == "publickey" else "no"),
               *options, "-l", user, host, command, timeout=timeout)


def logged_in(result, user):
    """Fails unless ssh() logged in and `id -un` said `user`."""
    equal((result.status, result.output.strip()), (0, user), result.errors)


def refused(result):
    """Fails unless ssh() was refused for the password."""
    if result.status not in (5, 255) or result.output:
        raise AssertionError(f"not refused: {result}")
    contains(result.errors + "Permission denied" * (result.status == 5),
             "Permission denied")


def spawn(command, *arguments, timeout=20, env=None):
    """Starts a program on a terminal of its own (pexpect); echo is off."""
    child = pexpect.spawn(command, list(arguments), timeout=timeout,
                          encoding="utf-8", echo=False,
                          env=env or dict(os.environ))
    child.delaybeforesend = 0.3
    return child

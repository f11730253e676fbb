#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""No copy of a password stays behind, and the environment of a set-user-id
program neither moves a request nor makes a file."""
import glob
import socket
import threading

from extauth_test import *

# Put together here, so that this file does not hold what is searched for.
CANARY = "Can" + "ary-"
PASSWORD = CANARY + "7f3a9c-Password"
WRONG = CANARY + "51e0bd-Wrong"
ROGUE_PORT = 9999
CANARY_DIRECTORY = "/tmp/canary"

service = Service()
service.users({"alice@example.com": PASSWORD})
configure(f"""[extauth]
default_provider = main
failure_delay = 50ms
max_failures = 0

[provider main]
type = rest
url = {service.url}/login
ca_file = {PKI}/ca.pem
""")
add_user("alice", None, "--shell", "/bin/sh")
add_local_user("local", "local password")
write("/etc/sudoers.d/alice", "alice ALL=(ALL) ALL\n", 0o440)


# --- the environment -------------------------------------------------------

class RogueProxy:
    """Counts who connects to the port that the environment names."""

    def __init__(self):
        self.connections = 0
        self.socket = socket.create_server(("127.0.0.1", ROGUE_PORT))
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            self.socket.accept()[0].close()
            self.connections += 1


rogue = RogueProxy()


def hostile_environment():
    """Returns an environment in which each variable would do harm."""
    proxy = f"http://127.0.0.1:{ROGUE_PORT}"
    files = {name: f"{CANARY_DIRECTORY}/{name}" for name in (
        "SSLKEYLOGFILE", "MALLOC_TRACE", "LD_DEBUG_OUTPUT", "LD_PROFILE_OUTPUT",
        "GCONV_PATH", "HOSTALIASES", "CURL_HOME", "OPENSSL_CONF",
        "OPENSSL_MODULES", "OPENSSL_ENGINES", "CURL_SSL_BACKEND", "NETRC",
        "LOCPATH", "NLSPATH", "TMPDIR", "XDG_CONFIG_HOME")}
    return {
        "PATH": os.environ["PATH"], "TERM": "dumb", **files,
        "https_proxy": proxy, "HTTPS_PROXY": proxy, "http_proxy": proxy,
        "ALL_PROXY": proxy, "all_proxy": proxy,
        "HOME": CANARY_DIRECTORY, "CURL_CA_BUNDLE": "/dev/null",
        "SSL_CERT_FILE": "/dev/null", "SSL_CERT_DIR": "/nowhere",
        "LD_PRELOAD": "/nowhere/evil.so", "LD_LIBRARY_PATH": "/nowhere",
        "RES_OPTIONS": "ndots:15", "LOCALDOMAIN": "evil.example",
        "TZ": "/etc/shadow", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8",
        "NSS_WRAPPER_PASSWD": "/nowhere", "EXTAUTH_CONFIG": "/nowhere",
    }


def set_up_canaries():
    os.makedirs(CANARY_DIRECTORY, exist_ok=True)
    os.chmod(CANARY_DIRECTORY, 0o777)
    write(CANARY_DIRECTORY + "/.netrc",
          "machine id.example.com login evil password evil\n", 0o666)
    service.clear()
    return set(os.listdir(CANARY_DIRECTORY))


def check_canaries(before, logins):
    equal(set(os.listdir(CANARY_DIRECTORY)), before, "files")
    equal(rogue.connections, 0, "connections to the rogue proxy")
    equal(len(service.requests()), logins, "requests at the configured host")
    for request in service.requests():
        equal(request.header("Authorization"), None)


def log_in_by(command, arguments, password, expected):
    """Runs a program that asks for a password, as user local, in the hostile
    environment; `expected` is what it says afterwards."""
    child = pexpect.spawn(
        "setpriv", ["--reuid", "local", "--regid", "local", "--init-groups",
                    command, *arguments],
        timeout=20, encoding="utf-8", echo=False, env=hostile_environment())
    child.expect("assword")
    time.sleep(0.3)
    child.sendline(password)
    child.expect(expected)
    child.close()


@test
def environment_of_su_does_nothing():
    before = set_up_canaries()
    log_in_by("su", ["alice", "-c", "id -un"], PASSWORD, "alice")
    log_in_by("su", ["alice", "-c", "id -un"], WRONG, "Authentication failure")
    check_canaries(before, 2)


@test
def environment_of_sudo_does_nothing():
    before = set_up_canaries()
    for password, answer in ((PASSWORD, "root"), (WRONG, "incorrect|try again")):
        child = pexpect.spawn(
            "setpriv", ["--reuid", "alice", "--regid", "alice", "--init-groups",
                        "sudo", "-k", "-S", "-p", "password: ", "id", "-un"],
            timeout=20, encoding="utf-8", echo=False,
            env=hostile_environment())
        child.expect("password: ")
        child.sendline(password)
        child.expect(answer)
        child.close()
    check_canaries(before, 2)


@test
def environment_of_login_does_nothing():
    before = set_up_canaries()
    child = pexpect.spawn("login", ["alice"], timeout=20, encoding="utf-8",
                          echo=False, env={
                              k: v for k, v in hostile_environment().items()
                              if not k.startswith(("LD_", "GCONV"))})
    child.expect("assword:")
    time.sleep(0.3)
    child.sendline(PASSWORD)
    child.expect(r"\$ ")
    child.sendline("id -un")
    child.expect("alice")
    child.close()
    check_canaries(before, 1)


@test
def environment_of_a_set_user_id_program_does_nothing():
    """Those above clean it in part; this one leaves all of it as it is."""
    tester = "/usr/local/bin/set-user-id-login"
    run("install", "-m", "4755", BUILD + "/tests/bench/pam_login", tester,
        check=True)
    pam_service()
    before = set_up_canaries()
    for password, code in ((PASSWORD, 0), (WRONG, 7)):
        write("/run/secrecy-password", password + "\n", 0o600)
        done = run("setpriv", "--reuid", "local", "--regid", "local",
                   "--init-groups", tester, "secrecy", "alice",
                   "/run/secrecy-password", env=hostile_environment())
        equal(done.status, code, done)
    check_canaries(before, 2)


# --- what stays behind -----------------------------------------------------

def pam_service():
    write("/etc/pam.d/secrecy", "auth required pam_extauth.so debug\n"
          "account required pam_extauth.so debug\n")


def memory_after_login(password):
    """Returns the core of a host that has ended its PAM session, and the code
    that pam_authenticate gave."""
    pam_service()
    write("/run/secrecy-password", password + "\n", 0o600)
    host = subprocess.Popen(
        [BUILD + "/tests/bench/pam_login", "secrecy", "alice",
         "/run/secrecy-password", "wait"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    code = int(host.stdout.readline())
    run("gcore", "-o", "/tmp/core", str(host.pid), check=True)
    host.stdin.close()
    host.wait()
    with open(f"/tmp/core.{host.pid}", "rb") as core:
        memory = core.read()
    os.unlink(f"/tmp/core.{host.pid}")
    return memory, code


@test
def no_copy_is_left_in_the_host_after_a_success():
    memory, code = memory_after_login(PASSWORD)
    equal(code, 0, "code")
    assert b"/run/secrecy-password" in memory, "the search finds nothing"
    equal(memory.count(PASSWORD.encode()), 0, "copies")


@test
def no_copy_is_left_in_the_host_after_a_refusal():
    memory, code = memory_after_login(WRONG)
    equal(code, 7, "code")
    equal(memory.count(WRONG.encode()), 0, "copies")


@test
def no_copy_is_left_in_the_host_after_an_outage():
    service.answer_as("/status/503")
    memory, code = memory_after_login(PASSWORD)
    service.answer_as(None)
    equal(code, 9, "code")
    equal(memory.count(PASSWORD.encode()), 0, "copies")


def files_that_hold(text, *directories):
    """lastlog is left out: it holds no text, and its size is that of the
    highest uid."""
    found = run("grep", "-rlaF", "--devices=skip", "--exclude=lastlog", text,
                *directories)
    return found.output.split()


@test
def no_log_and_no_file_holds_a_password():
    Sshd()
    logged_in(ssh("alice", PASSWORD), "alice")
    refused(ssh("alice", WRONG))
    for name in ("/run/secrecy-password", service.users_path,
                 service.record_path):
        if os.path.exists(name):
            os.unlink(name)
    for password in (PASSWORD, WRONG, CANARY):
        equal(files_that_hold(password, "/var/log", "/run", "/etc", "/tmp",
                              "/var/lib/extauth"), [])


@test
def arguments_and_environments_hold_no_password_during_a_login():
    service.users({"alice@example.com": PASSWORD})
    service.answer_as("/slow-header")
    pam_service()
    write("/run/secrecy-password", PASSWORD + "\n", 0o600)
    host = subprocess.Popen(
        [BUILD + "/tests/bench/pam_login", "secrecy", "alice",
         "/run/secrecy-password"], stdout=subprocess.DEVNULL)
    wait_until(lambda: run("pgrep", "-x", "extauth-exchang").status == 0,
               "the worker")
    time.sleep(0.3)
    looked_at = 0
    for name in glob.glob("/proc/[0-9]*/cmdline") + \
            glob.glob("/proc/[0-9]*/environ"):
        try:
            with open(name, "rb") as file:
                assert PASSWORD.encode() not in file.read(), name
            looked_at += 1
        except OSError:
            continue
    host.kill()
    host.wait()
    service.answer_as(None)
    assert looked_at > 4, looked_at


run_tests()

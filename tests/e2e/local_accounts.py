#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Root and local users log in, without delay, whatever of extauth is broken;
registered users are refused meanwhile."""
import shutil
import statistics

from damage import (CONFIG, NSS, NSSWITCH, NSS_MODULE, PAM_MODULE, REGISTRY,
                    WORKER, black_hole, content, garbage, kept, overwrite)
from extauth_test import *
from terminal import finish, spawn_as

STACK = ["/etc/pam.d/common-auth", "/etc/pam.d/common-account"]
PAM_SUCCESS, PAM_SYSTEM_ERR, PAM_SERVICE_ERR = 0, 4, 3
PAM_AUTH_ERR, PAM_AUTHINFO_UNAVAIL, PAM_MODULE_UNKNOWN = 7, 9, 28
ADDED_SECONDS_MAX = 0.1
REMOTE = "password of the service"
LOCALS = {"root": "root password", "local": "local password",
          "linked": "linked password"}

CONFIG_TEXT = """[extauth]
default_provider = main
failure_delay = 100ms
login_deadline = 2s
max_failures = 0

[provider main]
type = rest
url = {url}/login
ca_file = {pki}/ca.pem
"""

service = Service()
service.users({"alice@example.com": REMOTE, "linked@example.com": REMOTE})
configure(CONFIG_TEXT.format(url=service.url, pki=PKI))
for account, local_password in LOCALS.items():
    if account == "root":
        set_local_password(account, local_password)
    else:
        add_local_user(account, local_password)
add_user("alice")
add_user("linked", None, "--local")
write("/etc/sudoers.d/test", "local ALL=(ALL:ALL) ALL\n", 0o440)
write("/etc/pam.d/test-remote", "auth required pam_extauth.so\n"
      "account required pam_extauth.so\n")
write("/etc/pam.d/test-with",
      "@include common-auth\n@include common-account\n")
write("/etc/pam.d/test-without",
      "auth [success=1 default=ignore] pam_unix.so nullok\n"
      "auth requisite pam_deny.so\nauth required pam_permit.so\n"
      "account required pam_unix.so\naccount required pam_permit.so\n")
for startup in (".bashrc", ".profile", ".bash_profile"):
    write("/root/" + startup, "")
Sshd()


# --- what is broken ----------------------------------------------------------

open_sockets = []


def add_option(option):
    """Gives an option to the module in both stacks of Debian."""
    for path in STACK:
        text = content(path).decode()
        contains(text, "pam_extauth.so")
        overwrite(path, text.replace("pam_extauth.so",
                                     f"pam_extauth.so {option}").encode())


# --- who logs in -------------------------------------------------------------

def pam_login(stack, user, password):
    """Returns the PAM code of authentication and account step."""
    write("/run/test-password", password + "\n", 0o600)
    return run(BUILD + "/tests/bench/pam_login", stack, user,
               "/run/test-password").status


def ssh_lets_locals_in():
    for user in ("root", "local"):
        logged_in(ssh(user, LOCALS[user]), user)


def at_once(child):
    """Answers without delay: these programs forget what was typed before they
    print a prompt, and nothing later."""
    child.delaybeforesend = 0.02
    return child


def login_lets_locals_in():
    for user in ("root", "local"):
        child = at_once(spawn("/bin/login",
                              env={**os.environ, "TERM": "dumb"}))
        child.expect("login: ")
        child.sendline(user)
        child.expect("Password: ")
        child.sendline(LOCALS[user])
        child.expect(r"[#$] $")
        child.sendline("exec id -un")
        status, output = finish(child)
        equal((status, output.split()[-1:]), (0, [user]), output)


def su_lets_locals_in():
    for caller, user in (("local", "root"), ("linked", "local")):
        child = at_once(spawn_as(caller, "/bin/su", user, "-c", "id -un"))
        child.expect("Password: ")
        child.sendline(LOCALS[user])
        status, output = finish(child)
        equal((status, output.split()), (0, [user]))


def sudo_lets_locals_in():
    child = at_once(spawn_as("local", "/usr/bin/sudo", "-k", "id", "-un"))
    child.expect("password for local: ")
    child.sendline(LOCALS["local"])
    status, output = finish(child)
    equal((status, output.split()), (0, ["root"]))
    result = run("sudo", "id", "-un")
    equal((result.status, result.output), (0, "root\n"), result.errors)


def stack_lets_locals_in():
    """Also the linked user, with his local password."""
    for user, password in LOCALS.items():
        equal(pam_login("test-with", user, password), PAM_SUCCESS, user)
        equal(run("id", "-un", user).output.strip(), user)


def seconds(stack, nsswitch, user):
    overwrite(NSSWITCH, nsswitch)
    started = time.monotonic()
    equal(pam_login(stack, user, LOCALS[user]), PAM_SUCCESS, user)
    return time.monotonic() - started


def added_seconds(user, rounds):
    """Compares the medians of a login with and without extauth."""
    having = content(NSSWITCH)
    lacking = having.replace(b" extauth", b"")
    pairs = [(seconds("test-with", having, user),
              seconds("test-without", lacking, user))
             for _ in range(rounds)]
    overwrite(NSSWITCH, having)
    return (statistics.median(pair[0] for pair in pairs)
            - statistics.median(pair[1] for pair in pairs))


def nothing_is_added():
    """More rounds settle it where a busy machine made a few of them slow."""
    for user in ("root", "local"):
        for rounds in (3, 15, 45):
            added = added_seconds(user, rounds)
            if added < ADDED_SECONDS_MAX:
                break
        assert added < ADDED_SECONDS_MAX, (user, added)


def hosts_let_locals_in():
    ssh_lets_locals_in()
    login_lets_locals_in()
    su_lets_locals_in()
    sudo_lets_locals_in()


def locals_log_in(by_hosts=True):
    service.clear()
    stack_lets_locals_in()
    if by_hosts:
        hosts_let_locals_in()
    nothing_is_added()
    equal(service.requests(), [])


# --- tests -------------------------------------------------------------------

def broken(code, *paths, by_hosts=True):
    """Registers a test: with what the function breaks, root and local users
    log in and a registered one gets `code`; then `paths` are put back. Without
    `by_hosts` it is the PAM stack of Debian alone that they log in through."""
    def register(function):
        def one_test():
            with kept(*paths):
                function()
                locals_log_in(by_hosts)
                equal(pam_login("test-remote", "alice", REMOTE), code)
                if by_hosts:
                    assert pam_login("test-with", "alice", REMOTE) != 0
            equal(pam_login("test-with", "alice", REMOTE), PAM_SUCCESS)
        one_test.__name__ = f"locals_log_in_with_{function.__name__}"
        return test(one_test)
    return register


@test
def everybody_logs_in_with_nothing_broken():
    locals_log_in()
    for user in ("alice", "linked"):
        for stack in ("test-remote", "test-with"):
            equal(pam_login(stack, user, REMOTE), PAM_SUCCESS, user)


@broken(PAM_SERVICE_ERR, CONFIG)
def an_unknown_key_in_the_configuration():
    configure(CONFIG_TEXT.format(url=service.url, pki=PKI) + "ulr = x\n")


@broken(PAM_SERVICE_ERR, CONFIG, by_hosts=False)
def garbage_as_configuration():
    overwrite(CONFIG, garbage(5000))


@broken(PAM_SERVICE_ERR, CONFIG, by_hosts=False)
def a_configuration_that_others_may_write():
    os.chmod(CONFIG, 0o666)


@broken(PAM_SERVICE_ERR, CONFIG, by_hosts=False)
def no_configuration():
    os.unlink(CONFIG)


@broken(PAM_AUTHINFO_UNAVAIL, REGISTRY, by_hosts=False)
def no_registry():
    os.unlink(REGISTRY)


@broken(PAM_AUTHINFO_UNAVAIL, REGISTRY, NSS)
def neither_registry_nor_nss():
    shutil.rmtree(os.path.dirname(REGISTRY))


@broken(PAM_AUTHINFO_UNAVAIL, REGISTRY, NSS, by_hosts=False)
def registry_and_nss_truncated():
    for path in (REGISTRY, NSS):
        os.truncate(path, os.path.getsize(path) // 2)


@broken(PAM_AUTHINFO_UNAVAIL, REGISTRY, NSS)
def garbage_as_registry_and_nss():
    for path in (REGISTRY, NSS):
        overwrite(path, garbage(os.path.getsize(path)))


@broken(PAM_AUTHINFO_UNAVAIL, REGISTRY, NSS, by_hosts=False)
def registry_and_nss_of_another_owner():
    for path in (REGISTRY, NSS):
        shutil.chown(path, "nobody")


@broken(PAM_SERVICE_ERR, *STACK, "/etc/pam.d/test-remote")
def an_unknown_module_option():
    add_option("no_such_option")
    write("/etc/pam.d/test-remote", "auth required pam_extauth.so retry=3\n")


@broken(PAM_SYSTEM_ERR, WORKER)
def no_worker():
    os.unlink(WORKER)


@broken(PAM_SYSTEM_ERR, WORKER, by_hosts=False)
def garbage_as_worker():
    os.unlink(WORKER)
    overwrite(WORKER, garbage(5000))
    os.chmod(WORKER, 0o755)


@broken(PAM_MODULE_UNKNOWN, PAM_MODULE)
def no_module_file():
    os.unlink(PAM_MODULE)


@broken(PAM_AUTH_ERR, NSS_MODULE, by_hosts=False)
def no_nss_module_file():
    os.unlink(NSS_MODULE)


@broken(PAM_AUTHINFO_UNAVAIL, CONFIG)
def an_endpoint_that_never_answers():
    listener = socket.create_server(("127.0.0.1", 8500), backlog=100)
    open_sockets.append(listener)
    configure(CONFIG_TEXT.format(url="https://id.example.com:8500", pki=PKI))


@broken(PAM_AUTHINFO_UNAVAIL, CONFIG)
def an_endpoint_whose_packets_are_lost():
    open_sockets.extend(black_hole(8501))
    configure(CONFIG_TEXT.format(url="https://id.example.com:8501", pki=PKI))


@broken(PAM_AUTHINFO_UNAVAIL, CONFIG, by_hosts=False)
def an_endpoint_without_a_route():
    configure(CONFIG_TEXT.format(url="https://192.0.2.1", pki=PKI))


def damages():
    """Yields names of damage and what it makes of the bytes of a file."""
    for size in (0, 1, 7, 64, 191, 255, 300, 512):
        yield f"cut to {size} bytes", lambda old, size=size: old[:size]
    yield "cut by a byte", lambda old: old[:-1]
    yield "a byte too many", lambda old: old + b"\0"
    yield "zeros", lambda old: bytes(len(old))
    for place in range(4, 512, 52):
        yield (f"byte {place} wrong",
               lambda old, place=place: old[:place]
               + bytes([old[place] ^ 0xff]) + old[place + 1:])
    for start in (64, 256, 400):
        yield (f"garbage from {start} on",
               lambda old, start=start: old[:start]
               + garbage(len(old) - start))


@test
def locals_log_in_whatever_is_left_of_the_registry():
    sound = {path: content(path) for path in (REGISTRY, NSS)}
    with kept(REGISTRY, NSS):
        for name, damage in damages():
            for path, old in sound.items():
                overwrite(path, damage(old))
            for user, password in LOCALS.items():
                equal(pam_login("test-with", user, password), PAM_SUCCESS,
                      f"{user}, {name}")


run_tests()

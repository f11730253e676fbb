#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""sshd: methods, kinds of user and of name, addresses, UseDNS, keys."""
from concurrent.futures import ThreadPoolExecutor

from extauth_test import *
from terminal import finish

METHODS = ("password", "keyboard-interactive")
KEY = "/run/test-key"
DNS_PORT = 2022
FEW_PORT = 2023

service = Service()
service.users({f"{name}@example.com": f"password of {name}"
               for name in ("alice", "bob", "dora")})
configure(f"""[extauth]
default_provider = main
email_login_names = yes
failure_delay = 100ms
max_failures = 0

[provider main]
type = rest
url = {service.url}/login
ca_file = {PKI}/ca.pem
body = {{"email": "{{{{USEREMAIL}}}}", "password": "{{{{USERPASSWORD}}}}",
       "user": "{{{{USERNAME}}}}",
       "name": "{{{{DEVICENAME}}}}", "ip": "{{{{DEVICEIP}}}}",
       "service": "{{{{SERVICE}}}}", "rhost": "{{{{RHOST}}}}"}}
""")
add_user("alice")
extauthctl("user", "add", "bob@example.com")
add_user("dora")
extauthctl("user", "disable", "dora")
add_local_user("local", "local password")
set_local_password("root", "root password")
write("/etc/sudoers.d/test", "alice ALL=(ALL:ALL) ALL\n", 0o440)
run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", KEY, check=True)
for owner in ("alice", "bob@example.com", "dora"):
    with open(KEY + ".pub", encoding="ascii") as public:
        write("/etc/ssh/keys/" + owner, public.read())
Sshd("AuthorizedKeysFile /etc/ssh/keys/%u")
Sshd("UseDNS yes", port=DNS_PORT)
Sshd("AllowUsers alice root", port=FEW_PORT)


def all_at_once(function, cases):
    """Calls function(*case) for each case at the same time and returns the
    results in their order."""
    with ThreadPoolExecutor(len(cases)) as pool:
        return list(pool.map(lambda case: function(*case), cases))


def bodies():
    return [json.loads(request.body) for request in service.requests()]


def device(*arguments, **options):
    """Logs alice in and returns DEVICENAME and DEVICEIP at the server."""
    service.clear()
    logged_in(ssh("alice", "password of alice", "id -un", *arguments,
                  **options), "alice")
    body, = bodies()
    return body["name"], body["ip"]


# --- methods and names -------------------------------------------------------

@test
def right_password_logs_in_by_either_method_and_kind_of_name():
    for name, email in (("alice", "alice@example.com"),
                        ("bob@example.com", "bob@example.com")):
        for method in METHODS:
            service.clear()
            password = "password of " + name.split("@", maxsplit=1)[0]
            logged_in(ssh(name, password, method=method), name)
            body, = bodies()
            equal((body["user"], body["email"], body["service"]),
                  (name, email, "sshd"), method)


@test
def wrong_password_is_refused_by_either_method_and_kind_of_name():
    service.clear()
    cases = [(name, f"wrong by {method}", method)
             for name in ("alice", "bob@example.com") for method in METHODS]
    for result in all_at_once(
            lambda name, password, method: ssh(name, password, method=method),
            cases):
        refused(result)
    equal(sorted((body["user"], body["password"]) for body in bodies()),
          sorted((name, password) for name, password, _ in cases))


@test
def other_spelling_of_a_name_does_not_log_in():
    service.clear()
    for result in all_at_once(ssh, [
            ("Alice", "password of alice"),
            ("alice@example.com", "password of alice"),
            ("BOB@example.com", "password of bob"),
            ("bob", "password of bob")]):
        refused(result)
    equal(bodies(), [])


@test
def unknown_refused_root_and_local_users_cause_no_request():
    service.clear()
    cases = [(user, password, port, method) for user, password, port in (
        ("nobodyhere", "password of alice", 22),
        ("nobody@example.com", "password of alice", 22),
        ("bob@example.com", "password of bob", FEW_PORT),
        ("root", "password of alice", 22),
        ("local", "password of alice", 22),
    ) for method in METHODS]
    for result in all_at_once(
            lambda user, password, port, method: ssh(
                user, password, port=port, method=method), cases):
        refused(result)
    for method in METHODS:
        logged_in(ssh("root", "root password", method=method), "root")
        logged_in(ssh("local", "local password", method=method), "local")
    equal(bodies(), [])


@test
def user_whom_allowusers_names_logs_in():
    equal(device(port=FEW_PORT), ("127.0.0.1", "127.0.0.1"))


# --- where the login comes from ----------------------------------------------

@test
def addresses_reach_the_server():
    for host in ("127.0.0.1", "10.9.9.9", "::1", "fd00:9::9"):
        for method in METHODS:
            equal(device(host=host, method=method), (host, host), method)


@test
def usedns_gives_the_name_and_the_address_stays():
    for host, name in (("10.9.9.9", "client.example.com"),
                       ("127.0.0.1", "localhost"),
                       ("::1", "localhost")):
        for method in METHODS:
            equal(device(host=host, method=method, port=DNS_PORT),
                  (name, host), method)


@test
def usedns_with_an_address_without_name_gives_the_address():
    for method in METHODS:
        equal(device("-b", "127.0.0.2", host="127.0.0.2", method=method,
                     port=DNS_PORT), ("127.0.0.2", "127.0.0.2"), method)


@test
def without_usedns_a_known_name_is_not_looked_up():
    equal(device(host="client.example.com"), ("10.9.9.9", "10.9.9.9"))


@test
def sudo_in_an_ssh_session_comes_from_its_terminal():
    service.clear()
    child = spawn("/usr/bin/ssh", "-tt", "-F", "none", "-l", "alice", "-o",
                  "StrictHostKeyChecking=no", "-o", "LogLevel=ERROR", "-o",
                  "UserKnownHostsFile=/dev/null", "-i", KEY, "127.0.0.1",
                  "tty && sudo id -un")
    child.expect("password for alice: ")
    terminal = re.search(r"/dev/(pts/\d+)", child.before)[1]
    child.sendline("password of alice")
    status, output = finish(child)
    equal((status, output.split()), (0, ["root"]))
    body, = bodies()
    equal((body["service"], body["name"], body["ip"]),
          ("sudo", terminal, "127.0.0.1"))


# --- keys --------------------------------------------------------------------

@test
def key_of_a_registered_user_passes_the_account_step():
    service.clear()
    for name in ("alice", "bob@example.com"):
        logged_in(ssh(name, "", "id -un", "-i", KEY, method="publickey"), name)
    equal(bodies(), [])


@test
def key_of_a_disabled_user_is_refused():
    service.clear()
    mark = LogMark()
    result = ssh("dora", "", "id -un", "-i", KEY, method="publickey")
    equal((result.status, result.output), (255, ""))
    mark.wait(r"pam_extauth\(sshd:account\).*result=disabled user=dora")
    equal(bodies(), [])


run_tests()

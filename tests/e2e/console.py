#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""login(1) through agetty, su, sudo and cron, with registered users."""
from extauth_test import *
from terminal import Console, PROMPT, finish, spawn_as

PASSWORDS = {name: f"password of {name}"
             for name in ("alice", "bob", "carol", "dora")}

service = Service()
service.users({f"{name}@example.com": password
               for name, password in PASSWORDS.items()})
configure(f"""[extauth]
default_provider = main
failure_delay = 100ms
max_failures = 0

[provider main]
type = rest
url = {service.url}/login
ca_file = {PKI}/ca.pem
body = {{"email": "{{{{USEREMAIL}}}}", "password": "{{{{USERPASSWORD}}}}",
       "name": "{{{{DEVICENAME}}}}", "ip": "{{{{DEVICEIP}}}}",
       "service": "{{{{SERVICE}}}}", "rhost": "{{{{RHOST}}}}",
       "tty": "{{{{TTY}}}}"}}

[service sudo]
allow_users = alice
allow_groups = admins
""")
add_user("alice")
add_user("bob")
add_user("carol", None, "--group", "admins")
add_user("dora")
extauthctl("user", "disable", "dora")
add_local_user("local", "local password")
write("/etc/sudoers.d/test", "alice, bob, carol, local ALL=(ALL:ALL) ALL\n"
      "Defaults timestamp_timeout=0\n", 0o440)
write("/etc/profile.d/test.sh", "cd /tmp\n")


def body_of_only_request():
    """Returns the body of the one request that came."""
    requests = service.requests()
    equal(len(requests), 1, "requests")
    return json.loads(requests[0].body)


# --- login(1) ----------------------------------------------------------------

@test
def console_login_tells_the_terminal_and_the_own_address():
    service.clear()
    console = Console("tty1")
    console.log_in("alice", PASSWORDS["alice"])
    console.expect_shell()
    equal(console.command("id -un; tty"), "alice\n/dev/tty1")
    console.close()
    body = body_of_only_request()
    equal((body["service"], body["name"], body["ip"], body["rhost"]),
          ("login", "tty1", "127.0.0.1", ""))
    contains(body["tty"], "tty1")


@test
def console_login_asks_again_after_a_wrong_password():
    service.clear()
    mark = LogMark()
    console = Console("tty1")
    console.log_in("alice", "wrong")
    console.screen.expect("Login incorrect")
    mark.wait(r"pam_extauth\(login:auth\).*result=rejected user=alice")
    console.log_in("alice", PASSWORDS["alice"])
    console.expect_shell()
    equal(console.command("id -un"), "alice")
    console.close()
    equal([json.loads(r.body)["password"] for r in service.requests()],
          ["wrong", PASSWORDS["alice"]])


@test
def console_login_of_local_and_unknown_names_causes_no_request():
    service.clear()
    console = Console("tty1")
    console.log_in("nobodyhere", PASSWORDS["alice"])
    console.screen.expect("Login incorrect")
    console.log_in("local", "local password")
    console.expect_shell()
    equal(console.command("id -un"), "local")
    console.close()
    equal(service.requests(), [])


# --- su ----------------------------------------------------------------------

def su(*arguments, password):
    child = spawn_as("local", "/bin/su", *arguments, "-c", "id -un")
    terminal = os.ttyname(child.child_fd)
    child.expect("Password: ")
    child.sendline(password)
    return finish(child), terminal


@test
def su_logs_in():
    service.clear()
    (status, output), _ = su("alice", password=PASSWORDS["alice"])
    equal((status, output.split()), (0, ["alice"]))
    body = body_of_only_request()
    equal((body["service"], body["ip"], body["rhost"]),
          ("su", "127.0.0.1", ""))
    assert re.fullmatch(r"pts/\d+", body["name"]), body


@test
def su_with_a_login_shell_logs_in():
    service.clear()
    (status, output), _ = su("-l", "alice", password=PASSWORDS["alice"])
    equal((status, output.split()[-1:]), (0, ["alice"]))
    equal(body_of_only_request()["service"], "su-l")


@test
def su_refuses_a_wrong_password():
    service.clear()
    (status, output), _ = su("alice", password="wrong")
    equal(status, 1, "status")
    contains(output, "Authentication failure")
    equal(len(service.requests()), 1, "requests")


@test
def root_becomes_a_registered_user_without_a_password():
    service.clear()
    result = run("su", "-l", "alice", "-c", "id -un")
    equal((result.status, result.output.split()[-1:]), (0, ["alice"]))
    result = run("su", "-l", "dora", "-c", "id -un")
    equal((result.status, result.output), (1, ""))
    equal(service.requests(), [])


# --- sudo --------------------------------------------------------------------

def sudo_session(name):
    """The session of a registered user on a terminal, with a shell."""
    child = spawn("/bin/su", "-l", name)
    child.expect(r"\$ $")
    child.sendline(f"PS1='{PROMPT[:5]}''{PROMPT[5:]}'")
    child.expect(PROMPT)
    return child


def sudo_command(child, command, *passwords):
    """Runs a command that asks for passwords; returns what it said, and its
    status on the last line."""
    child.sendline(command + "; echo status=$?")
    for password in passwords:
        child.expect(r"password for \w+: ")
        child.sendline(password)
    child.expect(PROMPT)
    return child.before.replace("\r", "").split("\n")


def sudo_from_input(name, password, *arguments):
    """sudo -S of a registered user, without a terminal."""
    return run("setpriv", "--reuid", name, "--regid", name, "--init-groups",
               "sudo", "-S", *arguments, "--", "id", "-un",
               input=password + "\n", start_new_session=True)


@test
def sudo_in_a_session_asks_the_service():
    service.clear()
    child = sudo_session("alice")
    lines = sudo_command(child, "tty; sudo id -un", PASSWORDS["alice"])
    assert "root" in lines and "status=0" in lines, lines
    child.close()
    body = body_of_only_request()
    equal((body["service"], body["email"], body["ip"]),
          ("sudo", "alice@example.com", "127.0.0.1"))
    assert re.fullmatch(r"pts/\d+", body["name"]), body


@test
def sudo_asks_again_after_a_wrong_password():
    service.clear()
    child = sudo_session("alice")
    lines = sudo_command(child, "sudo id -un", "wrong", PASSWORDS["alice"])
    assert "root" in lines and "status=0" in lines, lines
    child.close()
    equal(len(service.requests()), 2, "requests")


@test
def sudo_gives_up_after_three_wrong_passwords():
    service.clear()
    child = sudo_session("alice")
    lines = sudo_command(child, "sudo id -un", "one", "two", "three")
    assert "root" not in lines and "status=1" in lines, lines
    child.close()
    equal(len(service.requests()), 3, "requests")


@test
def sudo_takes_the_password_from_its_input():
    service.clear()
    result = sudo_from_input("alice", PASSWORDS["alice"])
    equal((result.status, result.output), (0, "root\n"), result.errors)
    result = sudo_from_input("alice", "wrong")
    equal((result.status, result.output), (1, ""))
    equal(len(service.requests()), 2, "requests")


@test
def sudo_lets_in_the_groups_of_its_section():
    service.clear()
    for option in ((), ("-i",)):
        result = sudo_from_input("carol", PASSWORDS["carol"], *option)
        equal((result.status, result.output), (0, "root\n"), result.errors)
    equal([json.loads(r.body)["service"] for r in service.requests()],
          ["sudo", "sudo-i"])


@test
def sudo_refuses_whom_its_section_does_not_name():
    service.clear()
    for option, name in (((), "sudo"), (("-i",), "sudo-i")):
        mark = LogMark()
        result = sudo_from_input("bob", PASSWORDS["bob"], *option)
        equal((result.status, result.output), (1, ""))
        mark.wait(rf"\({name}:auth\).*result=service_not_allowed user=bob")
    equal(service.requests(), [])


@test
def sudo_of_a_local_user_causes_no_request():
    service.clear()
    result = sudo_from_input("local", "local password")
    equal((result.status, result.output), (0, "root\n"), result.errors)
    equal(service.requests(), [])


# --- cron --------------------------------------------------------------------

@test
def cron_runs_jobs_of_registered_and_local_users_but_not_of_disabled_ones():
    service.clear()
    mark = LogMark()
    for name in ("alice", "dora", "local"):
        run("crontab", "-u", name, "-", check=True,
            input=f"@reboot id -un >/tmp/job-of-{name}\n")
    process = start("/usr/sbin/cron", "-f")
    mark.wait(r"pam_extauth\(cron:account\).*result=disabled user=dora")
    for name in ("alice", "local"):
        path = f"/tmp/job-of-{name}"
        wait_until(lambda path=path: os.path.exists(path)
                   and os.path.getsize(path), path)
        with open(path, encoding="ascii") as file:
            equal(file.read(), name + "\n")
    stop(process)
    assert not os.path.exists("/tmp/job-of-dora")
    equal(service.requests(), [])


run_tests()

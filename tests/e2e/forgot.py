#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The offer of a reset mail: where it is made, what it says, what it sends."""
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qsl, urlsplit

from extauth_test import *
from terminal import Console, finish, spawn_as

QUESTION = ("Forgot your password? Send a reset mail to the registered "
            "address [y/N]")
ANSWER = ("If you asked for it and the address is registered, a mail is on "
          "its way.")
MESSAGE = "Forgot it? See https://id.example.com/reset"
STATUSES = (200, 201, 204, 302, 401, 500)
SSH_OPTIONS = ("-F", "none", "-o", "StrictHostKeyChecking=no", "-o",
               "UserKnownHostsFile=/dev/null", "-o",
               "PubkeyAuthentication=no")

service = Service()
provider = f"""type = rest
url = {service.url}/login
ca_file = {PKI}/ca.pem
"""
configure(f"""[extauth]
default_provider = main
organization_id = 4711
device_os = Test OS & more
failure_delay = 100ms
max_failures = 0
forgot_password_message = {MESSAGE}

[provider main]
{provider}
forgot_password_url = {service.url}/forgot?id={{{{USERID}}}}&email=\
{{{{USEREMAIL}}}}&external={{{{USEREXTERNALID}}}}&org={{{{ORGID}}}}\
&os={{{{DEVICEOS}}}}&device={{{{DEVICENAME}}}}&ip={{{{DEVICEIP}}}}
""" + "".join(f"""
[provider status{status}]
{provider}
forgot_password_url = {service.url}/status/{status}?email={{{{USEREMAIL}}}}
""" for status in STATUSES))
add_local_user("local", "local password")
run("sed", "-i", "s/pam_extauth.so.*/& forgot_password/",
    "/etc/pam.d/common-auth", check=True)
Sshd()


def new_user(*options):
    """Registers one more user, who was sent no mail yet."""
    new_user.count += 1
    name = f"user{new_user.count}"
    add_user(name, f"{name}+x@example.com", *options)
    return name


new_user.count = 0


def resets():
    """Returns the requests that are no logins, and tries none of them is
    anything but a GET without body."""
    requests = [r for r in service.requests() if r.target != b"/login"]
    for request in requests:
        equal((request.method, request.body), ("GET", b""))
    return requests


def all_at_once(function, cases):
    """Calls function(case) for each case at the same time and returns the
    results in their order."""
    with ThreadPoolExecutor(len(cases)) as pool:
        return list(pool.map(function, cases))


def fail_su(name, answer, password="wrong"):
    """A wrong password in su, then the answer; returns what su said to it."""
    child = spawn_as("local", "/bin/su", name)
    child.expect("Password: ")
    child.sendline(password)
    child.expect_exact(QUESTION)
    child.sendline(answer)
    status, output = finish(child)
    equal(status, 1, "status of su")
    contains(output, "su: Authentication failure")
    return output


def fail_ssh(name, answer):
    """A wrong password for sshd, then the answer; returns what it said."""
    child = spawn("/usr/bin/ssh", *SSH_OPTIONS, "-l", name, "-o",
                  "PreferredAuthentications=keyboard-interactive", "-o",
                  "NumberOfPasswordPrompts=1", "127.0.0.1", "true")
    child.expect("Password: ")
    child.sendline("wrong")
    child.expect_exact(QUESTION)
    child.sendline(answer)
    status, output = finish(child)
    equal(status, 255, "status of ssh")
    return output


# --- where the question is asked ---------------------------------------------

@test
def login_asks_and_yes_sends_one_request_with_the_seven_placeholders():
    service.clear()
    name = new_user("--external-id", "no=1&2")
    console = Console("tty1")
    console.log_in(name, "wrong")
    console.screen.expect_exact(QUESTION)
    console.screen.sendline("y")
    console.screen.expect_exact(ANSWER)
    console.screen.expect("Login incorrect")
    console.close()
    request, = resets()
    uid = run("id", "-u", name, check=True).output.strip()
    target = urlsplit(request.target.decode())
    equal(target.path, "/forgot")
    equal(parse_qsl(target.query, keep_blank_values=True), [
        ("id", uid), ("email", name + "+x@example.com"),
        ("external", "no=1&2"), ("org", "4711"), ("os", "Test OS & more"),
        ("device", "tty1"), ("ip", "127.0.0.1")])


@test
def su_asks_and_yes_sends_one_request():
    service.clear()
    contains(fail_su(new_user(), "YES"), ANSWER)
    equal(len(resets()), 1, "requests")


@test
def sshd_asks_in_keyboard_interactive_and_yes_sends_one_request():
    service.clear()
    contains(fail_ssh(new_user(), "yes"), ANSWER)
    request, = resets()
    contains(request.target, b"device=127.0.0.1&ip=127.0.0.1")


@test
def sudo_which_wants_silence_neither_asks_nor_tells():
    service.clear()
    name = new_user()
    write("/etc/sudoers.d/test", f"{name} ALL=(ALL:ALL) ALL\n"
          "Defaults passwd_tries=1\n", 0o440)
    child = spawn_as(name, "/usr/bin/sudo", "id", "-un")
    child.expect("password for .*: ")
    child.sendline("wrong")
    equal(finish(child), (1, "\nsudo: 1 incorrect password attempt\n"))
    equal(resets(), [])


@test
def login_asks_once_in_two_attempts():
    service.clear()
    name = new_user()
    console = Console("tty1")
    console.log_in(name, "wrong 1")
    console.screen.expect_exact(QUESTION)
    console.screen.sendline("n")
    console.screen.expect("Login incorrect")
    console.log_in(name, "wrong 2")
    console.screen.expect("Login incorrect")
    assert QUESTION not in console.screen.before, console.screen.before
    console.close()
    equal(resets(), [])
    equal(len(service.requests()), 2, "logins")


@test
def right_password_is_not_asked():
    service.clear()
    name = new_user()
    service.users({name + "+x@example.com": "right"})
    child = spawn_as("local", "/bin/su", name, "-c", "id -un")
    child.expect("Password: ")
    child.sendline("right")
    status, output = finish(child)
    equal((status, output.split()), (0, [name]))


# --- answers -----------------------------------------------------------------

@test
def any_other_answer_sends_nothing():
    service.clear()
    name = new_user()
    all_at_once(lambda case: fail_su(name, case[1], f"wrong {case[0]}"),
                list(enumerate(("n", "", "N", "no", "maybe", "yy", "yes "))))
    equal(len(service.requests()), 7, "logins")
    equal(resets(), [])


@test
def second_request_within_ten_minutes_is_not_sent_and_reads_the_same():
    service.clear()
    name = new_user()
    first = fail_su(name, "y", "wrong 1")
    second = fail_su(name, "y", "wrong 2")
    contains(first, ANSWER)
    equal(second, first)
    equal(len(resets()), 1, "requests")


@test
def unknown_user_reads_the_same_at_the_console_and_causes_no_request():
    service.clear()
    said = []
    for name in (new_user(), "nobodyhere"):
        console = Console("tty1")
        console.log_in(name, "wrong")
        console.screen.expect_exact(QUESTION)
        console.screen.sendline("y")
        console.screen.expect("Login incorrect")
        said.append(console.screen.before)
        console.close()
    contains(said[0], ANSWER)
    equal(said[1], said[0])
    equal(len(service.requests()), 2, "requests of the registered user")


@test
def unknown_user_reads_the_same_in_sshd_and_causes_no_request():
    service.clear()
    name = new_user()
    answers = ("y", "n", "", "yes", "maybe")
    said = all_at_once(lambda case: fail_ssh(*case), [
        (who, answer) for answer in answers for who in (name, "nosuchuser")])
    for answer, known, unknown in zip(answers, said[::2], said[1::2]):
        equal(unknown.replace("nosuchuser", name), known, answer)
    equal({json.loads(r.body)["email"] for r in service.requests() if r.body},
          {name + "+x@example.com"})
    equal(len(resets()), 1, "requests")


@test
def only_status_200_counts_as_sent():
    service.clear()
    mark = LogMark()
    names = {status: new_user("--provider", f"status{status}")
             for status in STATUSES}
    said = set(all_at_once(lambda name: fail_su(name, "y"),
                           list(names.values())))
    equal(len(said), 1, "different answers")
    equal(sorted(r.target.split(b"?")[0] for r in resets()),
          sorted(b"/status/%d" % status for status in STATUSES))
    for status, name in names.items():
        result = "sent" if status == 200 else "failed"
        line = mark.wait(f"su:auth.*result=reset_mail_{result} user={name} ")
        contains(line, f"http={status}")


# --- where nobody can be asked -----------------------------------------------

@test
def sshd_with_the_password_method_shows_the_message():
    service.clear()
    name = new_user()
    service.users({name + "+x@example.com": "right"})
    child = spawn("/usr/bin/ssh", *SSH_OPTIONS, "-l", name, "-o",
                  "PreferredAuthentications=password", "-tt", "127.0.0.1")
    child.expect("password: ")
    child.sendline("wrong")
    child.expect("password: ")
    assert QUESTION not in child.before, child.before
    child.sendline("right")
    # sshd shows what the module told when the session begins.
    child.expect_exact(MESSAGE)
    child.expect(r"\$ $")
    child.close()
    equal(resets(), [])


@test
def passwd_offers_a_reset_mail():
    service.clear()
    name = new_user()
    run("sed", "-i", "/^password.*pam_unix/i password [success=done "
        "user_unknown=ignore default=die] pam_extauth.so",
        "/etc/pam.d/common-password", check=True)
    child = spawn_as(name, "/usr/bin/passwd")
    child.expect_exact(QUESTION)
    child.sendline("y")
    status, output = finish(child)
    contains(output, ANSWER)
    contains(output, MESSAGE)
    assert status != 0, "passwd said that it changed a password"
    equal(len(service.requests()), 1, "requests")
    equal(len(resets()), 1, "requests")


run_tests()

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What extauth-troubleshooting(7) tells people to type is typed, where things
are as its page says: the commands print what the page shows, and mend."""
from extauth_test import *

CONFIG = """[extauth]
default_provider = main
failure_delay = 100ms

[provider main]
type = rest
url = {url}/login
ca_file = {pki}/ca.pem
"""
DEAD = "https://id.example.com:8555"
REGISTRY = "/var/lib/extauth/registry"
# What is another one each time: times, addresses, ports, ids.
NUMBERS = r"(?<=id=)[0-9a-f]{8}|\d[\d.:-]*"


def content(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


PAGE = content(SOURCE + "/man/extauth-troubleshooting.7.scd")


# --- the page ----------------------------------------------------------------

def blocks(title):
    """Returns the literal blocks of a section, each as a list of lines."""
    text = PAGE.split(f"\n# {title}\n")[1]
    text = re.split(r"\n# [A-Z]", re.sub(r"\n# (?=[a-z/])", "\n\0", text))[0]
    return [block.strip("\n").replace("\0", "# ").split("\n")
            for block in re.findall(r"^```\n(.*?)^```$", text, re.S | re.M)]


def commands(title):
    """Returns (command, lines that it prints) for each one behind a "#"."""
    return [(block[0][2:], block[1:]) for block in blocks(title)
            if block[0].startswith("# ")]


def pattern(line):
    """Returns a regular expression for a line of the page: its numbers and
    blanks may be others."""
    parts = [re.escape(part) for part in re.split(NUMBERS, line)]
    return re.sub(r"(\\ )+", r"\\s+", "[0-9a-f.:-]+".join(parts))


def prints(command, lines, **options):
    """Runs a command of the page; every line of the page is among what it
    says, but for numbers."""
    result = run("bash", "-c", command, **options)
    said = result.output + result.errors
    for line in lines:
        if not re.search(pattern(line), said):
            raise AssertionError(f"{command}: no {line} in\n{said}")
    return result


def page_is_right(title, **options):
    """Runs every command of a section in order."""
    for command, lines in commands(title):
        prints(command, lines, **options)


# --- the host ----------------------------------------------------------------

service = Service()
service.users({"alice@example.com": "right"})
expired = Service(port=8444, certificate="expired")
configure(CONFIG.format(url=service.url, pki=PKI))
add_user("alice")
# Without the seconds that follow a wrong password.
write("/etc/pam.d/common-auth", content("/etc/pam.d/common-auth").replace(
    "pam_unix.so nullok", "pam_unix.so nullok nodelay"))
add_local_user("breakglass", "local password")
set_local_password("root", "root password")
run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "/tmp/alice",
    check=True)
# There is no journal in here.
write("/run/test-bin/journalctl", f"#!/bin/sh\nexec cat {AUTH_LOG}\n", 0o755)
os.environ["PATH"] = "/run/test-bin:" + os.environ["PATH"]
MODULE = run("find", "/usr/lib", "-name", "pam_extauth.so", "-type", "f",
             check=True).output.split()[0]
os.chdir("/tmp")
Sshd()


def locals_log_in():
    for user, password in (("root", "root password"),
                           ("breakglass", "local password")):
        logged_in(ssh(user, password), user)


# --- tests -------------------------------------------------------------------

@test
def the_log_tells_why_a_login_is_refused():
    refused(ssh("alice", "wrong"))
    page_is_right("A LOGIN IS REFUSED", input="also wrong\n")


@test
def an_outage_is_seen_and_a_key_gets_in():
    configure(CONFIG.format(url=DEAD, pki=PKI))
    page_is_right("THE PROVIDER IS DOWN")
    refused(ssh("alice", "right"))
    locals_log_in()
    lines = [line for block in blocks("THE PROVIDER IS DOWN") for line in block
             if not block[0].startswith("#")]
    run("bash", "-ec", "\n".join(lines), check=True)
    logged_in(ssh("alice", "", "id -un", "-i", "/tmp/alice",
                  method="publickey"), "alice")
    configure(CONFIG.format(url=service.url, pki=PKI))
    logged_in(ssh("alice", "right"), "alice")


@test
def an_expired_certificate_is_seen():
    configure(CONFIG.format(url=expired.url, pki=PKI))
    page_is_right("THE CERTIFICATE EXPIRED")
    configure(CONFIG.format(url=service.url, pki=PKI))


@test
def somebody_who_left_is_kept_out():
    session = subprocess.Popen(
        ["ssh", "-F", "none", "-i", "/tmp/alice", "-o", "LogLevel=ERROR",
         "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
         "alice@127.0.0.1", "sleep 60"], stdin=subprocess.DEVNULL)
    wait_until(lambda: run("pgrep", "-u", "alice", "sleep").status == 0,
               "the session")
    for command, lines in reversed(commands("SOMEBODY LEFT")):
        prints(command, lines)
    assert session.wait(10) != 0
    refused(ssh("alice", "right"))
    find = [block for block in blocks("SOMEBODY LEFT")
            if block[0].startswith("find")][0][0]
    contains(run("bash", "-c", find.replace("find /", "find /home")).output,
             "/home/alice")
    extauthctl("user", "enable", "alice")


@test
def whoever_is_locked_out_comes_in_again():
    steps = commands("LOCKED OUT")
    stock = content("/etc/pam.d/sshd")
    write("/etc/pam.d/sshd", "#%PAM-1.0\nauth required pam_extauth.so\n"
          + stock)
    os.rename(MODULE, MODULE + ".away")
    refused(ssh("root", "root password"))
    names = ("check", "pam-auth-update --disable", "sed", "sed", "--force")
    equal(len(steps), len(names), "commands")
    for (command, _), name in zip(steps, names):
        contains(command, name)
    prints(*steps[0])
    prints(*steps[3])
    locals_log_in()
    for command, _ in (steps[1], steps[2]):
        run("env", "-i", "/bin/sh", "-c", command, check=True)
        locals_log_in()
    os.rename(MODULE + ".away", MODULE)
    refused(ssh("alice", "right"))
    run("bash", "-c", steps[4][0], check=True)
    logged_in(ssh("alice", "right"), "alice")


@test
def the_lines_are_made_harmless_by_hand():
    command = commands("LOCKED OUT")[2][0]
    stack = {path: content(path) for path in command.split()[3:]}
    equal(len(stack), 2, "files")
    run("bash", "-c", command, check=True)
    for path in stack:
        assert "pam_extauth" not in content(path), content(path)
    locals_log_in()
    refused(ssh("alice", "right"))
    for path, text in stack.items():
        write(path, text)
    logged_in(ssh("alice", "right"), "alice")


@test
def an_invalid_user_is_not_known_or_not_registered():
    nsswitch = content("/etc/nsswitch.conf")
    write("/etc/nsswitch.conf", nsswitch.replace(" extauth", ""))
    mark = LogMark()
    refused(ssh("alice", "right"))
    mark.wait("Invalid user alice")
    (look, _), (show, lines) = commands("INVALID USER")
    equal(run("bash", "-c", look).output, "")
    write("/etc/nsswitch.conf", nsswitch)
    prints(show.replace("alice", "zoe"),
           [line.replace("alice", "zoe") for line in lines])


@test
def a_registry_that_is_gone_is_put_back():
    copy = "/var/backups/extauth-registry-20261120-070000"
    run("install", "-D", "-m", "600", REGISTRY, copy, check=True)
    os.unlink(REGISTRY)
    page_is_right("THE REGISTRY IS GONE")
    mark = LogMark()
    refused(ssh("alice", "right"))
    mark.wait("result=registry_unavailable")
    restore = [block[0] for block in blocks("THE REGISTRY IS GONE")
               if block[0].startswith("extauthctl registry")]
    run("bash", "-c", restore[0], check=True)
    logged_in(ssh("alice", "right"), "alice")


@test
def the_other_pages_show_what_there_is():
    page_is_right("LOGINS ARE SLOW", input="right\n")
    page_is_right("A CHANGE IS NOT SEEN")
    page_is_right("AFTER AN UPGRADE")


run_tests()

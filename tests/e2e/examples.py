#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The examples for single services, as they stand, in the real programs: who is
registered gets in; a wrong password and a disabled user do not; local users and
root do, also without the module's file."""
import base64
import glob
import http.client
import shutil
from concurrent.futures import ThreadPoolExecutor

import yaml

from extauth_test import *
from terminal import finish, spawn_as

EXAMPLES = "/usr/share/doc/extauth/examples"
COCKPIT = BUILD + "/cockpit"
WEB_PORT = 9090
PASSWORDS = {"alice": "password of alice", "dora": "password of dora",
             "local": "local password", "root": "root password"}
KEY = "/run/test-key"

def content(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def at_once(stack):
    """Returns a stack without the seconds that follow a wrong password."""
    return stack.replace("pam_unix.so nullok", "pam_unix.so nullok nodelay") \
        .replace("delay=3000000", "delay=1")


service = Service()
service.users({f"{name}@example.com": PASSWORDS[name]
               for name in ("alice", "dora")})
configure(f"""[extauth]
default_provider = main
failure_delay = 100ms
max_failures = 0

[provider main]
type = rest
url = {service.url}/login
ca_file = {PKI}/ca.pem
""")
add_user("alice")
add_user("dora")
extauthctl("user", "disable", "dora")
add_local_user("local", PASSWORDS["local"])
set_local_password("root", PASSWORDS["root"])
write("/etc/sudoers.d/test", "alice, dora, local ALL=(ALL:ALL) ALL\n"
      "Defaults timestamp_timeout=0\n", 0o440)
for startup in (".bashrc", ".profile", ".bash_profile"):
    write("/root/" + startup, "")
run("pam-auth-update", "--package", "--remove", "extauth", check=True)
run("ssh-keygen", "-A", check=True)
run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", KEY, check=True)
write("/etc/pam.d/common-auth", at_once(content("/etc/pam.d/common-auth")))
MODULE = run("find", "/usr/lib", "-name", "pam_extauth.so", "-type", "f",
             check=True).output.split()[0]


# --- putting an example in ---------------------------------------------------

def add_lines(name, files):
    """Does what the example pam.d/`name` says to files of /etc/pam.d."""
    lines = {"auth": [], "account": [], "session": []}
    for line in content(f"{EXAMPLES}/pam.d/{name}").splitlines():
        if line and not line.startswith("#"):
            lines[line.split()[0]].append(line)
    for file in files:
        stack = []
        for line in content("/etc/pam.d/" + file).splitlines():
            words = [] if line.startswith("#") else line.split()
            if "common-account" in words:
                stack += lines["account"]
            if "common-auth" in words and lines["auth"]:
                stack += lines["auth"]
            else:
                stack.append(line)
            if words[-1:] == ["common-session"]:
                stack += lines["session"]
        write("/etc/pam.d/" + file, at_once("\n".join(stack) + "\n"))
        contains("\n".join(stack), "pam_extauth.so")


class WithoutModule:
    """The module's file is gone meanwhile."""

    def __enter__(self):
        os.rename(MODULE, MODULE + ".away")

    def __exit__(self, *_):
        os.rename(MODULE + ".away", MODULE)


# --- one login by each program: who am I then, "" if refused -----------------

def by_password(user, password):
    return ssh(user, password).output.strip()


def by_keyboard(user, password):
    return ssh(user, password, method="keyboard-interactive").output.strip()


def by_key(user, password):
    """The password is of no use: the key alone counts, and "wrong" is another
    one."""
    key = KEY if password == PASSWORDS[user] else KEY + ".wrong"
    return ssh(user, "", "id -un", "-o", "IdentityFile=" + key,
               "-o", "BatchMode=yes", method="publickey").output.strip()


def by_sudo(user, password):
    result = run("setpriv", "--reuid", user, "--regid", user, "--init-groups",
                 "sudo", "-S", "--", "id", "-un", input=password + "\n",
                 start_new_session=True)
    return user if result.output == "root\n" else result.output


def by_sudo_i(user, password):
    result = run("setpriv", "--reuid", user, "--regid", user, "--init-groups",
                 "sudo", "-S", "-i", "--", "id", "-un", input=password + "\n",
                 start_new_session=True)
    return user if result.output == "root\n" else result.output


def by_login(user, password):
    child = spawn("/bin/login", env={**os.environ, "TERM": "dumb"})
    child.expect("login: ")
    child.sendline(user)
    child.expect("Password: ")
    child.sendline(password)
    if child.expect([r"[#$] $", "Login incorrect", pexpect.EOF]) != 0:
        child.close(force=True)
        return ""
    child.sendline("exec id -un")
    return finish(child)[1].split()[-1]


def by_su(user, password):
    child = spawn_as("local", "/bin/su", user, "-c", "id -un")
    child.expect("Password: ")
    child.sendline(password)
    status, output = finish(child)
    return output.strip() if status == 0 else ""


def by_web(user, password):
    """Cockpit starts its bridge as the user, who is asked who he is there."""
    token = base64.b64encode(f"{user}:{password}".encode()).decode()
    connection = http.client.HTTPConnection("127.0.0.1", WEB_PORT, timeout=60)
    connection.request("GET", "/cockpit/login",
                       headers={"Authorization": "Basic " + token})
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        equal(answer.status, 401, "status")
        return ""
    owners = run("ps", "-C", "cockpit-bridge", "-o", "user:32=", check=True)
    return user if user in owners.output.split() else "no bridge"


def try_all(log_in, *attempts):
    """Tries (user, password, expected) at the same time."""
    with ThreadPoolExecutor(len(attempts)) as pool:
        answers = list(pool.map(lambda one: log_in(*one[:2]), attempts))
    equal([(user, answer) for (user, _, _), answer in zip(attempts, answers)],
          [(user, expected) for user, _, expected in attempts])


def right(user):
    return (user, PASSWORDS[user], user)


def everybody_gets_what_is_due(log_in, *local_users):
    """The rules of every example; `local_users` log in by it."""
    local_attempts = [right(user) for user in local_users]
    try_all(log_in, right("alice"), ("alice", "wrong", ""),
            ("dora", PASSWORDS["dora"], ""), ("local", "wrong", ""),
            *local_attempts)
    with WithoutModule():
        try_all(log_in, ("alice", PASSWORDS["alice"], ""), *local_attempts)


# --- sshd --------------------------------------------------------------------

STOCK_SSHD = content("/etc/pam.d/sshd")


def start_sshd(example, drop_in):
    """sshd with Debian's configuration, the example and the drop-in."""
    write("/etc/pam.d/sshd", STOCK_SSHD)
    add_lines(example, ["sshd"])
    shutil.copy(f"{EXAMPLES}/sshd_config.d/{drop_in}.conf",
                "/etc/ssh/sshd_config.d/extauth.conf")
    run("/usr/sbin/sshd", "-t", check=True)
    return start("/usr/sbin/sshd", "-D", "-o", "PermitRootLogin=yes",
                 "-o", "MaxStartups=100", port=22, log="/run/sshd.log")


@test
def sshd_with_passwords():
    sshd = start_sshd("sshd-password", "password")
    everybody_gets_what_is_due(by_password, "local", "root")
    equal(ssh("alice", PASSWORDS["alice"], "stat -c %a:%U ~").output,
          "700:alice\n", "home")
    assert not by_keyboard("alice", PASSWORDS["alice"])
    stop(sshd)


@test
def sshd_with_keyboard_interactive():
    sshd = start_sshd("sshd-keyboard-interactive", "keyboard-interactive")
    everybody_gets_what_is_due(by_keyboard, "local", "root")
    assert not by_password("alice", PASSWORDS["alice"])
    stop(sshd)


@test
def sshd_with_keys_and_the_account_check():
    sshd = start_sshd("sshd-key", "key")
    for user in PASSWORDS:
        home = os.path.expanduser("~" + user)
        run("install", "-d", "-m", "700", "-o", user, home, check=True)
        run("install", "-d", "-m", "700", "-o", user, home + "/.ssh",
            check=True)
        run("install", "-m", "600", "-o", user, KEY + ".pub",
            home + "/.ssh/authorized_keys", check=True)
    service.clear()
    everybody_gets_what_is_due(by_key, "local", "root")
    for user in ("alice", "local"):
        assert not by_password(user, PASSWORDS[user])
    equal(service.requests(), [])
    stop(sshd)


# --- sudo, login, su ---------------------------------------------------------

@test
def sudo():
    add_lines("sudo", ["sudo", "sudo-i"])
    for log_in in (by_sudo, by_sudo_i):
        everybody_gets_what_is_due(log_in, "local")
    equal(run("sudo", "id", "-un").output, "root\n")


@test
def login_on_a_terminal():
    add_lines("login", ["login"])
    everybody_gets_what_is_due(by_login, "local", "root")


@test
def su():
    add_lines("su", ["su"])
    everybody_gets_what_is_due(by_su, "local", "root")
    for user, status in (("alice", 0), ("local", 0), ("dora", 1)):
        equal(run("su", "-l", user, "-c", "true").status, status, user)


# --- Cockpit -----------------------------------------------------------------

def start_cockpit():
    """Copies the packages into this private root and starts the web server."""
    assert os.path.exists(COCKPIT + "/done"), (
        f"run tests/unpack {COCKPIT} cockpit-ws cockpit-bridge")
    run("sh", "-c", f"tar -C {COCKPIT} --exclude=./done -c . | "
        "tar -C / -x --keep-directory-symlink --no-same-owner", check=True)
    for group in ("cockpit-ws", "cockpit-wsinstance"):
        run("useradd", "--system", "--no-create-home", group)
    add_lines("cockpit", ["cockpit"])
    return start("/usr/lib/cockpit/cockpit-ws", "--no-tls", "--address",
                 "127.0.0.1", "--port", str(WEB_PORT), port=WEB_PORT,
                 log="/run/cockpit.log")


@test
def cockpit():
    web = start_cockpit()
    everybody_gets_what_is_due(by_web, "local")
    stop(web)


# --- the files ---------------------------------------------------------------

@test
def no_example_requires_the_module():
    names = sorted(os.path.basename(path)
                   for path in glob.glob(EXAMPLES + "/pam.d/*"))
    equal(names, ["cockpit", "login", "sshd-key", "sshd-keyboard-interactive",
                  "sshd-password", "su", "sudo"])
    for name in names:
        for line in content(f"{EXAMPLES}/pam.d/{name}").splitlines():
            if line.startswith("#") or "pam_extauth.so" not in line:
                continue
            assert line.split()[1].startswith("["), line
    contains(extauthctl("check", check=False).output, "errors: 0")


def cloud_init():
    """Returns the user data, read as cloud-init reads them."""
    text = content(EXAMPLES + "/cloud-init.yaml")
    equal(text.splitlines()[0], "#cloud-config")
    return yaml.safe_load(text)


@test
def cloud_init_makes_a_host_that_people_log_in_to():
    data = cloud_init()
    equal(sorted(data), ["package_update", "packages", "runcmd", "users",
                         "write_files"])
    extauthctl("user", "remove", "alice")
    configure("")
    write("/etc/pam.d/sshd", STOCK_SSHD)
    os.unlink("/etc/ssh/sshd_config.d/extauth.conf")
    for file in data["write_files"]:
        equal(sorted(file), ["content", "defer", "owner", "path",
                             "permissions"])
        equal(file["owner"], "root:root")
        write(file["path"], file["content"], int(file["permissions"], 8))
    for command in data["runcmd"]:
        run(*[word.replace("https://id.example.com/v1", service.url)
              for word in command], check=True)
    service.clear()
    sshd = start("/usr/sbin/sshd", "-D", port=22, log="/run/sshd.log")
    logged_in(ssh("alice", PASSWORDS["alice"]), "alice")
    equal(service.requests()[0].header("X-Api-Key"),
          b"replace-this-with-your-own")
    stop(sshd)


run_tests()

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""One account, one name: a name that is somebody else's as well is refused,
linked users keep what is theirs, and no other spelling of a name is one."""
import contextlib
import grp
import pwd
from concurrent.futures import ThreadPoolExecutor

from extauth_test import *

REMOTE = "password of the service"
KEY = "/run/test-key"
LOCAL = {"bob": "local of bob", "carol": "local of carol"}
SHORT, EMAIL = "alice", "carl@example.com"
PAM_SUCCESS, PAM_AUTH_ERR, PAM_USER_UNKNOWN = 0, 7, 10
FAILLOCK = "/run/test-faillock"

# Other spellings of EMAIL, and of SHORT, whose e-mail is ann.smith@...
SPELLINGS = [
    "Alice", "ALICE", "alicE", "alice ", " alice", "alice.", ".alice",
    "alice\t", "alice\n", "alice/", "./alice", "alice:", "alice,", "alice@",
    "alice$", "alice%", "+alice", "alice*", "alic?", "alic", "alicee",
    "ann.smith@example.com", "ann.smith@EXAMPLE.com", "Ann.Smith@example.com",
    "ANN.SMITH@EXAMPLE.COM", "ann.smith", "ann", "alice@example.com",
    "alice@EXAMPLE.com", "alice@localhost", "EXAMPLE\\alice", "example/alice",
    "alice%40example.com", "\u0430lice", "al\u0131ce", "ALI\u212aE",
    "\uff41lice", "alice\u200b", "alice\u0301", "alice\u00a0",
    "Carl@example.com", "CARL@EXAMPLE.COM", "carl@EXAMPLE.com",
    "carl@Example.Com", "carl", "carl@", "carl@example", "carl@example.com.",
    "carl@example.com ", " carl@example.com", "carl@example.com\n",
    "carl+tag@example.com", "c.arl@example.com", "carl@@example.com",
    "carl @example.com", "<carl@example.com>", "mailto:carl@example.com",
    '"carl"@example.com', "carl(x)@example.com", "carl%example.com",
    "carl@ex\u0430mple.com", "carl@example\u3002com",
]
# Those that go through the real sshd, which is slow to refuse.
SSH_SPELLINGS = [
    "Alice", "ALICE", "alice ", "alice.", "alice@", "ann.smith@example.com",
    "ann.smith@EXAMPLE.com", "alice@example.com", "alice@EXAMPLE.com",
    "EXAMPLE\\alice", "\u0430lice",
    "Carl@example.com", "carl@EXAMPLE.com", "carl", "carl@example.com.",
    "carl@example.com ", "carl+tag@example.com", "CARL@EXAMPLE.COM",
]

service = Service()
service.users({f"{who}@example.com": REMOTE
               for who in ("ann.smith", "alice", "carl", "bob", "carol",
                           "dave", "oscar", "past")})
configure(f"""[extauth]
default_provider = main
email_login_names = yes
failure_delay = 100ms
max_failures = 0

[provider main]
type = rest
url = {service.url}/login
ca_file = {PKI}/ca.pem
""")
# As README has it: other services first.
nsswitch = open("/etc/nsswitch.conf", encoding="ascii").read()
write("/etc/nsswitch.conf", re.sub(
    r"(?m)^(passwd|group):.*", r"\1: files systemd extauth", nsswitch))


def add_passwd_line(name, uid):
    """Adds an account to /etc/passwd, as configuration management would: the
    tools refuse a name that is known already."""
    with open("/etc/passwd", "a", encoding="ascii") as file:
        file.write(f"{name}:x:{uid}:{uid}::/home/{name}:/bin/bash\n")
    with open("/etc/shadow", "a", encoding="ascii") as file:
        file.write(f"{name}:!:19000:0:99999:7:::\n")


@contextlib.contextmanager
def passwd_kept():
    """Puts /etc/passwd back as it was."""
    with open("/etc/passwd", encoding="utf-8") as file:
        old = file.read()
    try:
        yield old
    finally:
        write("/etc/passwd", old)


def give_key(name):
    """Lets the key of the test log in as a user."""
    home = f"/home/{name}"
    os.makedirs(home + "/.ssh", mode=0o700, exist_ok=True)
    with open(KEY + ".pub", encoding="ascii") as file:
        write(home + "/.ssh/authorized_keys", file.read(), 0o600)
    run("chown", "-R", name, home, check=True)


run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", KEY, check=True)
add_user(SHORT, "ann.smith@example.com")
extauthctl("user", "add", EMAIL)
add_local_user("bob", LOCAL["bob"])
add_user("bob", None, "--local")
add_local_user("past", "local of past")
add_user("past", None, "--local", "--not-after", "2020-12-31")
for account in ("carol", "dave", "oscar"):
    add_user(account)
add_passwd_line("carol", 4444)
set_local_password("carol", LOCAL["carol"])
add_passwd_line("oscar", 0)
write("/run/userdb/dave.user", json.dumps(
    {"userName": "dave", "uid": 5555, "gid": 5555, "disposition": "regular",
     "homeDirectory": "/home/dave", "shell": "/bin/bash"}))
for account in ("bob", "dave"):
    give_key(account)
write("/etc/sudoers.d/test", "bob ALL=(ALL:ALL) NOPASSWD: ALL\n", 0o440)
write("/etc/pam.d/test-remote", "auth required pam_extauth.so\n"
      "account required pam_extauth.so\n")
DENIED = ("auth requisite pam_listfile.so item=user sense=deny "
          "file=/etc/test-denied onerr=fail\n")
write("/etc/test-denied", f"{SHORT}\n{EMAIL}\n")
write("/etc/pam.d/test-listed", DENIED + "auth required pam_extauth.so\n"
      "account required pam_extauth.so\n")
write("/etc/pam.d/test-counted", f"""
auth requisite pam_faillock.so preauth deny=3 nodelay dir={FAILLOCK}
auth [success=1 default=ignore] pam_extauth.so
auth [default=die] pam_faillock.so authfail deny=3 nodelay dir={FAILLOCK}
auth required pam_faillock.so authsucc deny=3 nodelay dir={FAILLOCK}
account required pam_extauth.so
""")
Sshd(match="".join(f"Match User {name}\n  ForceCommand echo forced\n"
                   for name in (SHORT, EMAIL)))


# --- ways in -----------------------------------------------------------------

def pam_login(name, password=REMOTE, stack="test-remote"):
    """Returns the PAM code of authentication and account step."""
    write("/run/test-password", password + "\n", 0o600)
    return run(BUILD + "/tests/bench/pam_login", stack, name,
               "/run/test-password").status


def by_key(name):
    return ssh(name, "", "id -un", "-i", KEY, method="publickey")


def is_let_in(result):
    return result.status == 0 or result.output != ""


def ssh_refuses_all(names):
    """Logs in as each of `names` with the right password, many at a time."""
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda name: ssh(name, REMOTE), names))
    equal([name for name, result in zip(names, results) if is_let_in(result)],
          [], "let in")


def refused_as_clash(name):
    """Fails unless ssh with the right password of the service was refused,
    with the reason in the log and without a request."""
    service.clear()
    mark = LogMark()
    refused(ssh(name, REMOTE))
    mark.wait(rf"\(sshd:auth\): result=name_clash user={name} ")
    equal(service.requests(), [])


# --- names that are somebody else's as well ----------------------------------

@test
def name_in_passwd_with_another_uid_is_refused_but_its_own_password_works():
    refused_as_clash("carol")
    equal(pwd.getpwnam("carol").pw_uid, 4444)
    logged_in(ssh("carol", LOCAL["carol"]), "carol")
    equal(service.requests(), [])


@test
def name_that_leaves_passwd_is_the_registered_one_again():
    with passwd_kept() as old:
        write("/etc/passwd", re.sub(r"(?m)^carol:.*\n", "", old))
        service.clear()
        equal(pam_login("carol"), PAM_SUCCESS)
        equal(len(service.requests()), 1, "requests")
    refused_as_clash("carol")


@test
def name_that_another_name_service_answers_is_refused_with_password_and_key():
    equal(pwd.getpwnam("dave").pw_uid, 5555)
    refused_as_clash("dave")
    mark = LogMark()
    result = by_key("dave")
    assert not is_let_in(result), result
    mark.wait(r"\(sshd:account\): result=name_clash user=dave ")


@test
def name_with_uid_0_is_none_of_ours():
    service.clear()
    mark = LogMark()
    equal(pam_login("oscar"), PAM_USER_UNKNOWN)
    equal((mark.lines(), service.requests()), ([], []))


@test
def system_names_cannot_be_registered_or_linked():
    for name in ("root", "toor", "daemon", "carol", "oscar"):
        for option in ((), ("--local",)):
            result = extauthctl("user", "add", name, "--email",
                                "new@example.com", *option, check=False)
            equal(result.status, 1, f"{name} {option}")


@test
def hostile_names_are_judged_alike_where_letters_are_others():
    """In Turkish the small letter of I is not i."""
    locales = ["tr_TR", "az_AZ", "ja_JP"]
    for locale in locales:
        run("localedef", "-i", locale, "-f", "UTF-8", f"{locale}.UTF-8",
            check=True)
    result = run(BUILD + "/tests/unit/test_identity_hostile", env={
        **os.environ, "CK_TAP_LOG_FILE_NAME": "-",
        "EXTAUTH_LOCALES": " ".join(f"{name}.UTF-8" for name in locales)})
    equal((result.status, result.output.count("\nok ")
           + result.output.startswith("ok ")), (0, 2), result.output)


# --- linked users ------------------------------------------------------------

@test
def linked_user_has_both_passwords():
    service.clear()
    logged_in(ssh("bob", REMOTE), "bob")
    equal([json.loads(r.body)["email"] for r in service.requests()],
          ["bob@example.com"])
    service.clear()
    logged_in(ssh("bob", LOCAL["bob"]), "bob")
    logged_in(by_key("bob"), "bob")
    equal(service.requests(), [])


@test
def linked_user_is_not_answered_by_our_name_service():
    equal(run("getent", "-s", "extauth", "passwd", "bob").status, 2)
    equal(run("getent", "-s", "extauth", "group", "bob").status, 2)
    equal(run("getent", "-s", "extauth", "passwd", SHORT).status, 0)


def linked_user_keeps_what_is_local():
    service.clear()
    mark = LogMark()
    refused(ssh("bob", REMOTE))
    logged_in(ssh("bob", LOCAL["bob"]), "bob")
    logged_in(by_key("bob"), "bob")
    result = run("setpriv", "--reuid", "bob", "--regid", "bob",
                 "--init-groups", "sudo", "-n", "id", "-un")
    equal((result.status, result.output), (0, "root\n"), result.errors)
    equal(service.requests(), [])
    return mark


@test
def disabled_linked_user_loses_only_the_remote_password():
    extauthctl("user", "disable", "bob")
    try:
        mark = linked_user_keeps_what_is_local()
        mark.wait(r"\(sshd:auth\): result=disabled user=bob ")
    finally:
        extauthctl("user", "enable", "bob")
    equal(pam_login("bob"), PAM_SUCCESS)


@test
def linked_user_past_the_date_loses_the_remote_password():
    service.clear()
    equal(pam_login("past"), PAM_AUTH_ERR)
    equal(pam_login("past", "local of past", "su"), PAM_SUCCESS)
    equal(service.requests(), [])


@test
def linked_user_whose_uid_was_changed_loses_only_the_remote_password():
    with passwd_kept() as old:
        uid = pwd.getpwnam("bob").pw_uid
        write("/etc/passwd", old.replace(f"bob:x:{uid}:", "bob:x:4445:"))
        service.clear()
        mark = LogMark()
        equal(pam_login("bob"), PAM_USER_UNKNOWN)
        mark.wait(r"result=name_clash user=bob ")
        equal(pam_login("bob", LOCAL["bob"], "su"), PAM_SUCCESS)
        equal(service.requests(), [])
    equal(pam_login("bob"), PAM_SUCCESS)


# --- spellings ---------------------------------------------------------------

@test
def exact_names_log_in_and_their_forced_command_holds():
    service.clear()
    for name, email in ((SHORT, "ann.smith@example.com"), (EMAIL, EMAIL)):
        result = ssh(name, REMOTE)
        equal((result.status, result.output), (0, "forced\n"), result.errors)
        equal(json.loads(service.requests()[-1].body)["email"], email)
        equal((pwd.getpwnam(name).pw_name, grp.getgrnam(name).gr_name),
              (name, name))
        equal(run("id", "-un", name).output, name + "\n")
    equal(len(service.requests()), 2, "requests")


@test
def no_other_spelling_resolves():
    for name in SPELLINGS:
        for look_up in (pwd.getpwnam, grp.getgrnam):
            with contextlib.suppress(KeyError):
                raise AssertionError(f"{name!r} is {look_up(name)}")
        equal(run("id", "--", name).status, 1, repr(name))
        equal(run("getent", "passwd", "--", name).status, 2, repr(name))
        for command in (("su", name, "-c", "id"),
                        ("sudo", "-u", name, "id")):
            result = run(*command)
            assert not is_let_in(result), (command, result)


@test
def no_other_spelling_is_authenticated():
    service.clear()
    uid = str(pwd.getpwnam(SHORT).pw_uid)
    for name in (*SPELLINGS, uid, "#" + uid, ""):
        assert pam_login(name) != PAM_SUCCESS, repr(name)
    equal(service.requests(), [])


@test
def no_other_spelling_logs_in_by_ssh():
    service.clear()
    uid = str(pwd.getpwnam(SHORT).pw_uid)
    ssh_refuses_all([*SSH_SPELLINGS, uid])
    equal(service.requests(), [])


@test
def what_sshd_cuts_off_a_name_takes_no_rule_away():
    """sshd itself takes `name:style`, and with SELinux `name/role`, for
    `name`."""
    for name in (SHORT, EMAIL):
        for rest in (":", ":x", "/", "/x"):
            result = ssh(name + rest, REMOTE)
            assert result.output in ("forced\n", ""), (name + rest, result)


@test
def deny_list_holds_in_sshd():
    with open("/etc/pam.d/sshd", encoding="utf-8") as file:
        old = file.read()
    write("/etc/pam.d/sshd", DENIED + old)
    service.clear()
    try:
        mark = LogMark()
        ssh_refuses_all([SHORT, EMAIL, "Alice", "ann.smith@example.com",
                         "Carl@example.com", "carl@EXAMPLE.com"])
        for name in (SHORT, EMAIL):
            mark.wait(rf"pam_listfile\(sshd:auth\).*{name}")
        logged_in(ssh("bob", REMOTE), "bob")
    finally:
        write("/etc/pam.d/sshd", old)
    equal(len(service.requests()), 1, "requests")


@test
def deny_list_holds_for_every_spelling():
    service.clear()
    for name in (SHORT, EMAIL, *SPELLINGS):
        assert pam_login(name, stack="test-listed") != PAM_SUCCESS, repr(name)
    equal(service.requests(), [])
    equal(pam_login("bob", stack="test-listed"), PAM_SUCCESS)


@test
def counter_of_failures_counts_one_name():
    """pam_faillock: no other spelling has a counter of its own."""
    os.makedirs(FAILLOCK)
    for name in (SHORT, EMAIL):
        equal(pam_login(name, stack="test-counted"), PAM_SUCCESS)
        for number in range(3):
            assert pam_login(name, f"wrong {number}", "test-counted") != 0
    service.clear()
    for name in (SHORT, EMAIL, *SPELLINGS):
        assert pam_login(name, stack="test-counted") != PAM_SUCCESS, repr(name)
    equal(service.requests(), [])
    equal(sorted(os.listdir(FAILLOCK)), [SHORT, EMAIL])


run_tests()

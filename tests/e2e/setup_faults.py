#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""extauthctl setup where something is in its way: nobody is locked out, and
nothing is half done."""
import glob

from extauth_test import *
from setup_case import *

RENAMES = 8  # of a whole setup: what is recorded and what is changed


@test
def sudo_and_login_need_a_local_way_to_root():
    put_back()
    run("passwd", "-l", "root")
    for name in ("sudo", "login", "sshd,sudo-i"):
        says(setup(*REST, "--service", name, "--no-test-login"), 1,
             "adduser breakglass && adduser breakglass sudo")
    add_breakglass()
    for option in (("-L",), ("-e", "2020-01-01"), ("-s", "/usr/sbin/nologin")):
        run("usermod", *option, "breakglass", check=True)
        says(setup(*REST, "--service", "sudo", "--no-test-login"), 1,
             "no local account")
        run("usermod", "-U", "-e", "", "-s", "/bin/bash", "breakglass")
    assert not os.path.exists(PART)
    says(setup(*REST, "--service", "sshd,sudo,login", "--no-test-login"), 0,
         "breakglass has a password of its own",
         "services = sshd, sudo, login, cron, atd, su")


@test
def console_access_is_a_local_way_too():
    put_back()
    run("passwd", "-l", "root")
    says(setup(*REST, "--service", "sudo", "--no-test-login",
               "--i-have-console-access"), 0)


@test
def setup_that_is_killed_is_undone_or_ended_by_the_next_run():
    for at in range(1, RENAMES + 1):
        put_back()
        before = tree("/etc")
        run("strace", "-o", "/dev/null", "-e", "trace=rename", "-e",
            f"inject=rename:signal=KILL:when={at}", "extauthctl", "setup",
            "--yes", *REST, "--no-test-login")
        if at % 2 == 0:
            says(setup(*REST, "--no-test-login"), 0)
            contains(read("/etc/nsswitch.conf"), " extauth\n")
        unsetup()
        same(before, {path: facts for path, facts in tree("/etc").items()
                      if not path.endswith(".extauth-new")})
        assert not os.path.exists(RECORD)


@test
def pam_that_was_changed_by_hand_is_told_with_the_mend():
    put_back()
    text = read("/etc/pam.d/common-auth")
    write("/etc/pam.d/common-auth", text.replace(
        "# here's the fallback", "auth optional pam_permit.so\n"
        "# here's the fallback"))
    before = tree("/etc")
    says(setup(*REST, "--no-test-login"), 1, "changed by hand",
         "pam-auth-update --force", "everything is as it was before")
    same(before, tree("/etc"))
    assert not os.path.exists(RECORD)


@test
def sshd_that_does_not_read_our_file_undoes_everything():
    put_back()
    write("/etc/ssh/sshd_config", "UsePAM yes\nPasswordAuthentication no\n"
          "KbdInteractiveAuthentication no\n")
    before = tree("/etc")
    says(setup(*REST, "--no-test-login"), 1, "has no effect",
         "Include /etc/ssh/sshd_config.d/*.conf")
    same(before, tree("/etc"))


@test
def file_that_cannot_be_replaced_undoes_what_was_done_before_it():
    put_back()
    before = tree("/etc")
    # What is mounted cannot be renamed over, as in a container.
    run("mount", "--bind", *["/etc/nsswitch.conf"] * 2, check=True)
    result = setup(*REST, "--no-test-login")
    run("umount", "/etc/nsswitch.conf", check=True)
    says(result, 2, "/etc/nsswitch.conf: ", "everything is as it was before")
    assert "undoing" not in result.errors, result.errors
    same(before, tree("/etc"))
    assert not os.path.exists(RECORD)


@test
def step_that_cannot_be_undone_is_told_and_left_to_unsetup():
    put_back()
    tool = "/usr/sbin/pam-auth-update"
    write("/etc/ssh/sshd_config", "UsePAM yes\nPasswordAuthentication no\n"
          "KbdInteractiveAuthentication no\n")
    before = tree("/etc")
    os.rename(tool, tool + ".real")
    write(tool, f'#!/bin/sh\n[ "$1" = --disable ] || exec {tool}.real "$@"\n',
          0o755)
    result = setup(*REST, "--no-test-login")
    os.rename(tool + ".real", tool)
    says(result, 1, "undoing extauth: ", "extauthctl unsetup")
    assert "as it was before" not in result.errors, result.errors
    unsetup()
    same(before, tree("/etc"))
    assert not os.path.exists(RECORD)


@test
def configuration_by_hand_is_named_with_file_and_line():
    put_back()
    own = "/etc/extauth/conf.d/90-mine.conf"
    write(own, "[provider main]\ntype = basic\nurl = https://h/\n")
    says(setup(*REST, "--no-test-login"), 1,
         own + ":2: [provider main] type: set by hand already")
    write(own, "# mine\n[extauth]\nservices = sshd\n")
    add_breakglass()
    says(setup(*REST, "--no-test-login", "--service", "sshd,sudo"), 1,
         own + ":3: [extauth] services: does not name sudo")
    says(setup(*REST, "--no-test-login"), 0)
    assert "services" not in read(PART)
    write(own, "[extauth]\nshel = /bin/sh\n")
    says(setup("--type", "basic", "--url", URL, "--no-test-login"), 78,
         own + ":2: [extauth] shel: unknown key")


@test
def package_that_is_missing_is_named():
    put_back()
    for path, package in (
            (glob.glob("/usr/lib/*/libnss_extauth.so.2")[0], "libnss-extauth"),
            ("/usr/share/pam-configs/extauth", "libpam-extauth")):
        os.rename(path, path + ".away")
        says(setup(*REST, "--no-test-login"), 1, "install " + package)
        os.rename(path + ".away", path)
    assert not os.path.exists(PART)


@test
def file_that_was_changed_by_hand_stays():
    put_back()
    set_up()
    write(PART, read(PART) + "timeout = 3s\n")
    says(setup("--type", "basic", "--url", URL, "--no-test-login"), 1,
         PART + ": changed by hand since", "--overwrite")
    contains(read(PART), "timeout = 3s\n")
    result = unsetup(check=False)
    says(result, 1, PART + ": left as it is")
    contains(read(PART), "timeout = 3s\n")
    assert "extauth" not in read("/etc/nsswitch.conf")
    says(setup(*REST, "--no-test-login"), 1, "not written by setup")
    says(setup(*REST, "--no-test-login", "--overwrite"), 0)
    assert "timeout" not in read(PART)
    unsetup()
    contains(read(PART), "timeout = 3s\n")


@test
def lines_of_nsswitch_go_though_others_have_come():
    put_back()
    set_up()
    write("/etc/nsswitch.conf", read("/etc/nsswitch.conf") + "# mine\n")
    unsetup()
    text = read("/etc/nsswitch.conf")
    assert text.endswith("# mine\n") and "extauth" not in text, text


@test
def service_that_says_yes_to_everybody_is_not_kept():
    put_back()
    before = tree("/etc")
    says(setup("--type", "rest", "--url", service.url + "/accept", *ALICE,
               input=PASSWORD + "\n"), 1, "accepts_everybody",
         "undone; everything is as it was before",
         "`extauthctl user remove alice` takes that back")
    same(before, tree("/etc"))


@test
def login_that_fails_is_told_and_kept():
    put_back()
    refuse_at_once()
    says(setup(*REST, *ALICE, input="wrong\n"), 1, "PAM_AUTH_ERR",
         "result=rejected user=alice")
    assert os.path.exists(PART)
    extauthctl("user", "disable", "alice")
    says(setup("--user", "alice", input=PASSWORD + "\n"), 1,
         "result=disabled user=alice")


@test
def stack_that_kills_or_hangs_up_hurts_nobody():
    put_back()
    write("/run/kill", "#!/bin/sh\nkill -9 $PPID\n", 0o755)
    write("/etc/pam.d/evil", "auth required pam_exec.so /run/kill\n"
          "@include common-auth\n@include common-account\n")
    says(setup(*REST, *ALICE, "--service", "evil", input=PASSWORD + "\n"), 1,
         "alice does not log in through evil")
    assert os.path.exists(PART)


@test
def registry_of_an_earlier_installation_comes_first():
    put_back()
    write("/var/backups/extauth-registry-20260101-000000", "x", 0o600)
    says(setup(*REST, *ALICE), 1, "extauthctl registry restore "
         "/var/backups/extauth-registry-20260101-000000")
    assert not os.path.exists(PART)


@test
def two_at_a_time_are_one_too_many():
    put_back()
    os.makedirs("/run/extauth", 0o700, exist_ok=True)
    first = subprocess.Popen(["flock", "/run/extauth", "sleep", "5"])
    wait_until(lambda: run("flock", "-n", "/run/extauth", "true").status,
               "the lock")
    says(setup(*REST, "--no-test-login"), 2, "another setup")
    first.kill()
    first.wait()


@test
def nobody_else_can_hold_the_lock():
    put_back()
    for place in ("/var/lib/extauth", "/run/extauth"):
        subprocess.Popen(["setpriv", "--reuid=nobody", "--clear-groups",
                          "flock", place, "sleep", "20"],
                         stderr=subprocess.DEVNULL)
    wait_until(lambda: run("flock", "-n", "/var/lib/extauth", "true").status,
               "the lock of the directory that all may read")
    says(setup("--dry-run", *REST, "--no-test-login"), 0)


@test
def damaged_record_is_told_and_kept():
    for text in ("{}", "[", "[null]", "[1]", "[{}]",
                 '[{"kind": "file", "path": "etc/passwd", "digests": []}]',
                 '[{"kind": "file", "path": "/etc/x"}]',
                 '[{"kind": "file", "path": "/etc/x", "digests": [null]}]',
                 '[{"kind": "other", "path": "/etc/x", "digests": []}]',
                 '[{"kind": "lines", "path": "/etc/x", "after": 1}]',
                 '[{"kind": "profile", "path": "--force"}]'):
        put_back()
        write(RECORD, text, 0o600)
        says(unsetup(check=False), 1, RECORD + ": damaged")
        says(setup(*REST, "--no-test-login"), 1, RECORD + ": damaged")
        equal(read(RECORD), text)


run_tests()

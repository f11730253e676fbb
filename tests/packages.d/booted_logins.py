# SPDX-License-Identifier: MIT
"""Checks of a booted system: logins, what they leave, what a reboot keeps.

Does not know: units of extauth.
"""
import time

from booted_machine import contains, equal
from booted_units import DIRECTORY_PEOPLE, RUN_DIRECTORY, registered

CRON = "/home/alice/cron-was-here"


def ssh(machine, name, password, *command, status=0):
    """Logs in by password; returns what the command said."""
    done = machine.run(
        "sshpass", "-p", password, "ssh", "-o", "StrictHostKeyChecking=no",
        "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR",
        "-o", "PubkeyAuthentication=no", "-o", "NumberOfPasswordPrompts=1",
        f"{name}@127.0.0.1", *command, check=False)
    equal((done.returncode, done.stdout)[:1 if done.returncode == status
                                         else 2], (status,))
    return done.stdout.rstrip("\n")


def registered_user_logs_in_on_the_console(machine):
    machine.run("extauthctl", "user", "add", "alice", "--email",
                "alice@example.com")
    machine.console.login("alice", machine.password)
    console = machine.console
    equal(console.type("id -un"), "alice")
    contains(console.type("loginctl --no-legend list-sessions | cat"), "alice")
    contains(console.type("loginctl show-session $XDG_SESSION_ID -p Service"),
             "Service=login")


def home_is_made_and_closed_to_others(machine):
    equal(machine.tell("stat", "-c", "%a %U:%G", "/home/alice"),
          "700 alice:alice")
    machine.run("sh", "-c", f"echo '* * * * * alice id -un >{CRON}' "
                ">/etc/cron.d/scene")


def user_manager_runs_for_him(machine):
    uid = machine.tell("id", "-u", "alice")
    equal(machine.properties(f"user@{uid}.service", "ActiveState"),
          ["active"])
    equal(machine.console.type("systemctl --user is-system-running"),
          "running")


def sudo_asks_for_his_password(machine):
    equal(machine.console.sudo("id -u", machine.password), "0")
    machine.console.logout()


def journal_has_one_line_for_the_console_login(machine):
    lines = [line for line in machine.tell(
        "journalctl", "-b", "-o", "cat", "--no-pager").splitlines()
        if "pam_extauth(login:auth)" in line and "user=alice" in line]
    equal(len(lines), 1)
    contains(lines[0], "result=accepted")


def wrong_password_is_refused_at_the_console(machine):
    machine.console.answer("alice", "wrong")
    machine.console.expect("incorrect")
    # The next prompt is login's own; an end of input leads back to getty.
    machine.console.expect("login: ")
    machine.console.sendeof()


def root_logs_in_on_the_console(machine):
    machine.console.login("root", machine.local_password)
    equal(machine.console.type("id -u"), "0")
    machine.console.logout()


def registered_and_local_users_log_in_by_ssh(machine):
    equal(ssh(machine, "alice", machine.password, "id", "-un"), "alice")
    equal(ssh(machine, "nora", machine.local_password, "id", "-un"), "nora")
    ssh(machine, "alice", "wrong-again", "true", status=255)


def somebody_of_the_directory_logs_in_by_ssh(machine):
    name = sorted(registered(machine) - {"alice"})[0]
    equal(ssh(machine, name, machine.password, "id", "-un"), name)
    home = machine.tell("getent", "passwd", name).split(":")[5]
    equal(machine.tell("stat", "-c", "%a %U", home), f"700 {name}")


def ssh_session_is_known_to_logind(machine):
    told = ssh(machine, "alice", machine.password,
               "loginctl show-session $XDG_SESSION_ID -p Service -p Remote")
    equal(sorted(told.split()), ["Remote=yes", "Service=sshd"])


def cron_ran_his_job(machine):
    end = time.monotonic() + 75
    while (time.monotonic() < end
           and machine.run("test", "-s", CRON, check=False).returncode != 0):
        time.sleep(1)
    equal(machine.tell("cat", CRON), "alice")


def refusals_leave_marks_that_are_closed(machine):
    marks = machine.tell("find", RUN_DIRECTORY, "-type", "f", "-printf",
                         "%m %u\n")
    assert marks and set(marks.splitlines()) == {"600 root"}, marks


def registered_users_are_there_after_a_reboot(machine):
    equal(machine.tell("getent", "passwd", "alice").split(":")[0], "alice")
    assert len(registered(machine)) > DIRECTORY_PEOPLE / 2


def marks_are_gone_after_a_reboot(machine):
    equal(machine.tell("find", RUN_DIRECTORY, "-type", "f"), "")


def local_users_log_in_with_the_endpoint_dead(machine):
    begin = time.monotonic()
    equal(ssh(machine, "nora", machine.local_password, "id", "-un"), "nora")
    assert time.monotonic() - begin < 10
    root_logs_in_on_the_console(machine)


def registered_user_is_refused_soon_with_the_endpoint_dead(machine):
    begin = time.monotonic()
    ssh(machine, "alice", machine.password, "true", status=255)
    assert time.monotonic() - begin < 30

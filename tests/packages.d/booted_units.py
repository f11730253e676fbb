# SPDX-License-Identifier: MIT
"""Checks of a booted system: units, the timer, what the service does.

Does not know: how people log in.
"""
import json
import os
import re
import time

from booted_machine import contains, equal

LIMIT = 1.5
UNITS = ("extauth-sync.service", "extauth-exchange@.service",
         "extauth-metrics.service")
# The first fifteen bytes of its name, as the kernel has it.
WORKER = "extauth-exchang"
SOON = "/run/systemd/system/extauth-sync.timer.d"
RUN_DIRECTORY = "/run/extauth"
DIRECTORY_PEOPLE = 20


def registered(machine):
    """Login names of the registered users."""
    return set(re.findall(r'"name": *"([^"]+)"', machine.tell(
        "extauthctl", "user", "list", "--json")))


def sysusers_made_the_user_of_the_worker(machine):
    name, _, uid, _, _, _, shell = machine.tell(
        "getent", "-s", "files", "passwd", "extauth").split(":")
    equal((name, shell), ("extauth", "/usr/sbin/nologin"))
    assert 0 < int(uid) < 1000, uid


def tmpfiles_made_directories_with_their_modes(machine):
    equal(machine.tell("stat", "-c", "%a %U:%G %F", RUN_DIRECTORY,
                       "/var/lib/extauth", "/etc/extauth/secrets"),
          "700 root:root directory\n755 root:root directory\n"
          "700 root:root directory")


def nothing_of_ours_runs_before_it_is_enabled(machine):
    for unit in ("extauth-sync.timer", "extauth-exchange.socket"):
        equal(machine.properties(unit, "ActiveState"), ["inactive"])


def each_unit_is_exposed_at_most_so_much(machine):
    seen = 0
    for unit in UNITS:
        path = next((path for path in (f"/usr/lib/systemd/system/{unit}",
                                       f"/etc/systemd/system/{unit}")
                     if os.path.exists(machine.root + path)), None)
        if path is None:
            continue
        told = machine.tell("systemd-analyze", "security", "--offline=yes",
                            "--no-pager", path)
        level = float(re.search(r"exposure level for .*: ([0-9.]+)", told)[1])
        print(f"     | {unit}: {level}")
        assert level <= LIMIT, f"{unit}: {level}"
        seen += 1
    assert seen >= 2, seen


def units_have_no_setting_that_is_not_known(machine):
    for unit in ("extauth-sync.service", "extauth-sync.timer",
                 "extauth-exchange.socket", "extauth-exchange@x.service"):
        equal(machine.tell("systemd-analyze", "verify", "--man=no", unit), "")


def starting_the_service_registers_the_directory(machine):
    machine.run("systemctl", "start", "extauth-sync.service", timeout=60)
    equal(machine.properties("extauth-sync.service", "Result"), ["success"])
    found = registered(machine)
    assert len(found) >= DIRECTORY_PEOPLE / 2, found
    some = sorted(found)[0]
    equal(machine.tell("getent", "passwd", some).split(":")[0], some)
    equal(machine.tell("stat", "-c", "%a %U", "/var/lib/extauth/registry"),
          "600 root")


def service_tells_its_sums_in_the_journal(machine):
    lines = machine.tell("journalctl", "-u", "extauth-sync.service", "-o",
                         "cat", "--no-pager").splitlines()
    equal(len([line for line in lines if line.startswith("corp: added ")]), 1)


def directory(machine, what, value):
    """Tells the directory's control port."""
    machine.run("python3", "-c", "import sys, urllib.request as request\n"
                f"request.urlopen('http://127.0.0.1:8701/{what}', "
                "sys.stdin.buffer.read())", text=json.dumps(value))


def status_of_the_reading_half(machine):
    """Its /proc status as a dictionary, once it has given up what it may."""
    status = {}
    for _ in range(100):
        pid = machine.tell("pgrep", "-x", "-n", WORKER, check=False)
        text = machine.tell("cat", f"/proc/{pid}/status", check=False)
        status = dict(line.split(":\t", 1) for line in text.splitlines()
                      if ":\t" in line)
        if status.get("CapPrm") == "0" * 16:
            break
        time.sleep(0.1)
    return status


def reading_half_is_nobody_without_capabilities(machine):
    directory(machine, "faults", [{"kind": "slow", "path": "/scim",
                                   "times": 0, "seconds": 30}])
    machine.run("systemctl", "--no-block", "start", "extauth-sync.service")
    time.sleep(1)
    status = status_of_the_reading_half(machine)
    equal(status["Uid"].split(), [machine.tell("id", "-u", "extauth")] * 4)
    for kind in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
        equal(status[kind], "0" * 16)
    equal((status["NoNewPrivs"], status["Seccomp"]), ("1", "2"))


def writing_half_has_no_network_and_no_capabilities(machine):
    pid = machine.tell("pgrep", "-x", "-n", "extauthctl")
    equal(machine.tell("grep", "-c", ":", f"/proc/{pid}/net/dev"), "1")
    contains(machine.tell("cat", f"/proc/{pid}/status"),
             "CapBnd:\t0000000000000000")


def reading_half_ends_with_the_other(machine):
    machine.run("systemctl", "stop", "extauth-sync.service")
    time.sleep(1)
    directory(machine, "faults", [])
    equal(machine.tell("pgrep", "-x", WORKER, check=False), "")


def sync_run(machine):
    """What identifies the last run of the service."""
    return machine.properties("extauth-sync.service", "InvocationID")


def only_root_may_speak_to_the_reading_half(machine):
    equal(machine.tell("stat", "-c", "%a %U:%G",
                       "/run/extauth-exchange.socket"), "600 root:root")


def timer_is_switched_on_and_waits(machine):
    machine.run("systemctl", "enable", "--now", "extauth-sync.timer")
    next_elapse, state = machine.properties(
        "extauth-sync.timer", "NextElapseUSecRealtime", "ActiveState")
    assert next_elapse and state == "active", (next_elapse, state)
    contains(machine.tell("systemctl", "list-timers", "--no-pager"),
             "extauth-sync.service")


def timer_starts_the_service(machine):
    machine.run("sh", "-c", f"mkdir -p {SOON} && printf '[Timer]\n"
                "OnCalendar=\nRandomizedDelaySec=0\nOnCalendar=*:*:0/2\n' "
                f">{SOON}/soon.conf && systemctl daemon-reload &&"
                "systemctl restart extauth-sync.timer")
    before = now = sync_run(machine)
    end = time.monotonic() + 15
    while now == before and time.monotonic() < end:
        time.sleep(0.5)
        now = sync_run(machine)
    machine.run("sh", "-c", f"rm -r {SOON} && systemctl daemon-reload && "
                "systemctl restart extauth-sync.timer")
    assert now != before, "the timer started nothing"
    # Waits for the run that may be under way.
    machine.run("systemctl", "start", "extauth-sync.service")
    equal(machine.properties("extauth-sync.service", "Result"), ["success"])


def nscd_knows_who_was_registered_a_moment_ago(machine):
    machine.run("systemctl", "start", "nscd.service")
    directory(machine, "reset", {"users": DIRECTORY_PEOPLE + 5})
    new = re.search(r"^\+ (\S+) ", machine.tell(
        "extauthctl", "sync", "--dry-run"), re.M)[1]
    equal(machine.run("getent", "passwd", new, check=False).returncode, 2)
    machine.run("systemctl", "start", "extauth-sync.service", timeout=60)
    equal(machine.tell("getent", "passwd", new).split(":")[0], new)
    machine.run("systemctl", "stop", "nscd.service", "nscd.socket",
                check=False)


def timer_is_enabled_after_a_reboot(machine):
    equal(machine.properties("extauth-sync.timer", "ActiveState"), ["active"])


def service_fails_soon_and_changes_nothing(machine):
    before = registered(machine)
    machine.run("systemctl", "start", "extauth-sync.service", check=False,
                timeout=90)
    equal(machine.properties("extauth-sync.service", "Result"),
          ["exit-code"])
    equal(registered(machine), before)
    machine.run("systemctl", "reset-failed")


def reading_half_finds_names_by_systemd_resolved(machine):
    machine.run("systemctl", "start", "systemd-resolved.service")
    machine.run("cp", "/etc/nsswitch.conf", "/root")
    machine.run("sed", "-i", "s/^hosts:.*/hosts: resolve [!UNAVAIL=return]/",
                "/etc/nsswitch.conf")
    machine.run("systemctl", "start", "extauth-sync.service", timeout=60)
    equal(machine.properties("extauth-sync.service", "Result"), ["success"])
    machine.run("cp", "/root/nsswitch.conf", "/etc/nsswitch.conf")
    machine.run("systemctl", "stop", "systemd-resolved.service")

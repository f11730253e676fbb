#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Boots the image that tests/qemu made and logs in on its serial console: as a
registered user, and as root, who runs qemu.d/inside. Passes on its lines.

usage: console.py DIRECTORY PASSWORD LOCAL-PASSWORD LOG
"""
import os
import re
import sys
import time

import pexpect

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE + "/../packages.d")
from booted_console import Console

DIRECTORY, PASSWORD, LOCAL, LOG = sys.argv[1:]
BOOT_S = 300
CHECKS_S = 900
LINE = re.compile(r"(ok  |FAIL) +[0-9.]+ s  .*|     \| .*")


def options():
    """Those of qemu: no network, two processors, everything by software."""
    return ["-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2",
            "-m", "1024", "-nographic", "-no-reboot", "-nic", "none",
            "-kernel", f"{DIRECTORY}/kernel", "-initrd", f"{DIRECTORY}/initrd",
            "-append", "root=/dev/vda rw console=ttyS0 quiet",
            "-drive", f"file={DIRECTORY}/image,if=virtio,format=raw"]


class Results:
    """The lines so far."""

    def __init__(self):
        self.count = {"ok": 0, "FAIL": 0}

    def line(self, text):
        """Passes one on."""
        print(text, flush=True)
        word = text[:4].strip()
        if word in self.count:
            self.count[word] += 1

    def check(self, what, begin, is_right, detail):
        """Makes one."""
        self.line(f"{'ok' if is_right else 'FAIL':4} "
                  f"{time.monotonic() - begin:6.1f} s  {what}")
        if not is_right:
            self.line(f"     | {detail!r}")


def look_from_inside(console, results):
    """As root: qemu.d/inside, whose lines count."""
    console.login("root", LOCAL)
    console.sendline(f"stty -echo; bash /scene/inside {PASSWORD} {LOCAL}; "
                     "echo inside' 'ended")
    while console.expect([r"inside ended", r"([^\r\n]*)\r*\n"],
                         timeout=CHECKS_S) == 1:
        found = LINE.search(console.match.group(1))
        if found:
            results.line(found[0])
    console.expect("ready> ")
    console.sendline("stty echo")
    console.expect("ready> ")
    console.logout()


def log_in_as_a_registered_user(console, results):
    """Serial console, sudo, logout."""
    begin = time.monotonic()
    console.login("alice", PASSWORD)
    told = console.type("id -un; stat -c %a ~; tty")
    results.check("registered user logs in on the serial console", begin,
                  told.split() == ["alice", "700", "/dev/ttyS0"], told)
    begin = time.monotonic()
    told = console.sudo("id -u", PASSWORD)
    results.check("sudo asks for his password", begin, told == "0", told)
    console.logout()


def power_off(console, results):
    """As root; the kernel log of all that is looked at once more."""
    console.login("root", LOCAL)
    begin = time.monotonic()
    told = console.type("journalctl -k -b -o cat --no-pager | grep "
                        "'apparmor=\"DENIED\"' | grep -v -e confined- -e "
                        "/root/people | cat")
    results.check("nothing else was denied", begin, told == "", told)
    console.sendline("systemctl poweroff")


def main():
    """Boots it, and counts."""
    results = Results()
    with open(LOG, "w", encoding="utf-8", errors="replace") as log:
        console = Console("qemu-system-x86_64", options(), log, BOOT_S)
        try:
            begin = time.monotonic()
            console.await_login()
            results.check("it boots to a login prompt", begin, True, "")
            look_from_inside(console, results)
            log_in_as_a_registered_user(console, results)
            power_off(console, results)
            console.expect(pexpect.EOF, timeout=BOOT_S)
        except Exception as error:
            results.check("all of it", begin, False, str(error)[-600:])
        finally:
            console.close(force=True)
    print(f"{results.count['ok']} passed, {results.count['FAIL']} failed")
    return results.count["FAIL"] != 0


if __name__ == "__main__":
    sys.exit(main())

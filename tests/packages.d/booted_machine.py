# SPDX-License-Identifier: MIT
"""A directory with a Debian in it, booted by systemd-nspawn with a network of
its own (loopback), and the console of that.

Does not know: extauth.
"""
import contextlib
import os
import subprocess
import time

import pexpect

from booted_console import BOOT_S, STEP_S, Console

UNIFIED = "/sys/fs/cgroup/unified"


def equal(found, wanted):
    """Fails with both."""
    assert found == wanted, f"found {found!r}, wanted {wanted!r}"


def contains(text, part):
    """Fails with both."""
    assert part in text, f"no {part!r} in {text[-2000:]!r}"


def check(case, machine, counts):
    """Runs one check and tells it in a line."""
    begin = time.monotonic()
    result, detail = "ok", ""
    try:
        case(machine)
    except Exception as error:
        text = str(error).splitlines() or [""]
        result, detail = "FAIL", f"\n     | {type(error).__name__}: {text[0]}"
    counts[result] += 1
    print(f"{result:4} {time.monotonic() - begin:6.1f} s  "
          f"{case.__name__.replace('_', ' ')}{detail}", flush=True)


class Machine:
    """One that runs from `with` to its end, with the passwords of its
    registered and of its local people."""

    def __init__(self, root, password, local_password, log=None):
        self.root = root
        self.password = password
        self.local_password = local_password
        self._log = log
        self._group = None
        self._leader = None
        self.console = None

    def __enter__(self):
        self._begin_group()
        self.console = Console(
            "systemd-nspawn", self._options(), self._log,
            env=dict(os.environ, SYSTEMD_NSPAWN_UNIFIED_HIERARCHY="1",
                     TERM="vt220"), preexec_fn=self._enter_group)
        return self

    def __exit__(self, *_):
        if self._leader is not None:
            with contextlib.suppress(subprocess.SubprocessError):
                self.run("systemctl", "poweroff", check=False)
        try:
            self.console.expect(pexpect.EOF, timeout=BOOT_S)
        except pexpect.TIMEOUT:
            self.console.terminate(force=True)
        self.console.close(force=True)
        if self._group:
            self._remove_group()

    def _options(self):
        options = ["--quiet", "-D", self.root, "--boot", "--private-network",
                   "--console=interactive", "--hostname=booted",
                   "--link-journal=no"]
        # Where no systemd runs, there is nothing to be registered with.
        if not os.path.isdir("/run/systemd/system"):
            options += ["--register=no", "--keep-unit"]
        return options

    def _begin_group(self):
        if os.path.isdir(UNIFIED) and os.access(UNIFIED, os.W_OK):
            self._group = f"{UNIFIED}/extauth-booted-{os.getpid()}"
            os.makedirs(self._group, exist_ok=True)

    def _enter_group(self):
        if self._group:
            with open(f"{self._group}/cgroup.procs", "w",
                      encoding="ascii") as file:
                file.write("0")

    def _remove_group(self):
        for folder, _, _ in os.walk(self._group, topdown=False):
            with contextlib.suppress(OSError):
                os.rmdir(folder)

    def _find_leader(self):
        path = f"/proc/{self.console.pid}/task/{self.console.pid}/children"
        end = time.monotonic() + STEP_S
        while time.monotonic() < end:
            with open(path, encoding="ascii") as file:
                children = file.read().split()
            if children:
                return children[0]
            time.sleep(0.1)
        raise RuntimeError("systemd-nspawn started nothing")

    def run(self, *command, check=True, text=None, timeout=STEP_S):
        """Runs the command inside; returns its subprocess result."""
        if self._leader is None:
            self._leader = self._find_leader()
        return subprocess.run(
            ["nsenter", "-t", self._leader, "-m", "-p", "-n", "-u", "-i", "-C",
             "-r", "-w", "/usr/bin/env", "-i", "HOME=/root", "LANG=C.UTF-8",
             "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "SYSTEMD_PAGER=",
             "TERM=dumb", *command],
            input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, check=check, timeout=timeout)

    def tell(self, *command, **options):
        """What the command says, without the last line end."""
        return self.run(*command, **options).stdout.rstrip("\n")

    def properties(self, unit, *names):
        """Values of the unit's properties, in the order of their names."""
        found = dict(line.split("=", 1) for line in self.tell(
            "systemctl", "show", unit, "-p", ",".join(names)).splitlines())
        return [found[name] for name in names]

    def await_boot(self):
        """Waits for the end of the boot; returns systemd's word for how the
        system is."""
        end = time.monotonic() + BOOT_S
        state = ""
        while time.monotonic() < end:
            state = self.tell("systemctl", "is-system-running", check=False)
            if state.splitlines()[-1:] in (["running"], ["degraded"],
                                           ["maintenance"]):
                break
            time.sleep(0.2)
        return state

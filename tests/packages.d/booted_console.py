# SPDX-License-Identifier: MIT
"""The console of a system that boots: its login prompt and a shell behind it.

Does not know: what the system runs on, extauth.
"""
import pexpect

BOOT_S = 60
STEP_S = 20


class Console(pexpect.spawn):
    """The console of the system that the command boots. `log` is a file, or
    None; `boot_s` how long the first prompt may take."""

    def __init__(self, command, options, log=None, boot_s=BOOT_S, **more):
        super().__init__(command, options, encoding="utf-8",
                         codec_errors="replace", dimensions=(50, 200),
                         timeout=STEP_S * boot_s // BOOT_S, **more)
        self.logfile_read = log
        self.delaybeforesend = 0.3
        self._boot_s = boot_s
        self._is_asked = False  # for a name

    def await_login(self):
        """Waits for the login prompt."""
        if not self._is_asked:
            self.expect("login: ", timeout=self._boot_s)
        self._is_asked = True

    def answer(self, name, password):
        """Tells name and password to the login prompt."""
        self.await_login()
        self._is_asked = False
        self.sendline(name)
        self.expect("assword: ")
        self.sendline(password)

    def login(self, name, password):
        """Logs in; the shell's prompt is `ready> ` then."""
        self.answer(name, password)
        if self.expect([r"[$#] ", "incorrect", "assword: "]) != 0:
            raise RuntimeError(f"{name} was not let in at the console")
        # As told to the shell, the word does not stand in one piece.
        self.sendline("export SYSTEMD_PAGER=; "
                      "bind 'set enable-bracketed-paste off'; PS1='ready''> '")
        self.expect("ready> ")

    def type(self, line):
        """Types a line at the prompt; returns what came up to the next."""
        self.sendline(line)
        self.expect("\n")
        self.expect("ready> ")
        return self.before.replace("\r", "").rstrip("\n")

    def sudo(self, command, password):
        """Runs the command by sudo, which has to ask; returns what came."""
        self.sendline(f"sudo -k {command}")
        self.expect("assword.*: ")
        self.sendline(password)
        self.expect("ready> ")
        return self.before.replace("\r", "").strip("\n")

    def logout(self):
        """Back to the login prompt."""
        self.sendline("exit")
        self.await_login()

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the running worker is, read back from the kernel while a server holds
it: its rights, its limits, its descriptors, and what ends it."""
import ctypes
import glob
import pwd
import signal

from extauth_test import *
from fault_server import FaultServer
from transport_case import *

PASSWORD = "a-password-that-nobody-else-has"
API_KEY = "a-secret-of-the-administrator"
WORKER_USER = pwd.getpwnam("extauth")
# x86-64 and the generic table agree on it.
PIDFD_GETFD = 438
PTRACE_ATTACH, PTRACE_DETACH = 16, 17

libc = ctypes.CDLL(None, use_errno=True)
server = FaultServer(8444)
set_up()
extauthctl("secret", "set", "api-key", input=API_KEY)
KEYS = f"ca_file = {PKI}/ca.pem\nheader = X-Api-Key: {{{{SECRET:api-key}}}}\n"


class Held:
    """A login whose worker has sent the request and waits for the answer."""

    def __init__(self, deadline="20s"):
        server.clear()
        server.behave(answer=b"", silent_at_end=True)
        set_provider(server.url, KEYS, deadline=deadline)
        # What a host may have and the worker must not: groups, a descriptor
        # that is inherited, an environment, a signal that is ignored.
        with open("/etc/shadow", "rb") as shadow:
            self.host = begin_login(
                PASSWORD, extra_groups=[4, 27], pass_fds=[shadow.fileno()],
                env={"HOME": "/root", "SSLKEYLOGFILE": "/run/keys"},
                restore_signals=False)
        wait_until(lambda: server.received, "the request")
        self.pid, = workers()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.host.send_signal(signal.SIGCONT)
        self.host.kill()
        self.host.wait()
        wait_until(lambda: not workers(), "the end of the worker")

    def is_gone(self):
        return self.pid not in workers()

    def borrow_dialog(self):
        """Returns a copy of the host's end of the dialog."""
        number, = [int(os.path.basename(path)) for path
                   in glob.glob(f"/proc/{self.host.pid}/fd/*")
                   if is_unix(os.readlink(path))]
        pidfd = os.pidfd_open(self.host.pid)
        copy = libc.syscall(PIDFD_GETFD, pidfd, number, 0)
        os.close(pidfd)
        assert copy >= 0, os.strerror(ctypes.get_errno())
        return socket.socket(fileno=copy)


def inodes(table):
    """Returns the rows of /proc/net/TABLE by inode, each a list of words."""
    column = {"tcp": 9, "unix": 6}[table]
    with open(f"/proc/net/{table}", encoding="utf-8") as file:
        rows = [line.split() for line in file.readlines()[1:]]
    return {row[column]: row for row in rows}


def socket_inode(link):
    """Returns the inode in `socket:[INODE]`."""
    return link[len("socket:["):-1] if link.startswith("socket:[") else None


def is_unix(link):
    return socket_inode(link) in inodes("unix")


def as_worker_user(function):
    """Runs function() in a process of the worker's user; true if it held."""
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setresgid(*[WORKER_USER.pw_gid] * 3)
            os.setresuid(*[WORKER_USER.pw_uid] * 3)
            os._exit(0 if function() else 1)
        except BaseException:
            os._exit(2)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def can_read(pid, *names):
    """Tells which files of /proc/PID can be opened."""
    readable = []
    for name in names:
        try:
            read_process(pid, name)
            readable.append(name)
        except PermissionError:
            pass
    return readable


def can_attach(pid):
    if libc.ptrace(PTRACE_ATTACH, pid, None, None) != 0:
        return False
    os.waitpid(pid, 0)
    libc.ptrace(PTRACE_DETACH, pid, None, None)
    return True


def can_attach_as_root(pid):
    child = os.fork()
    if child == 0:
        os._exit(0 if can_attach(pid) else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


# --- rights ----------------------------------------------------------------

@test
def worker_is_its_own_user_without_groups_and_capabilities():
    with Held() as held:
        got = process_status(held.pid)
        equal(got["Uid"], [str(WORKER_USER.pw_uid)] * 4)
        equal(got["Gid"], [str(WORKER_USER.pw_gid)] * 4)
        equal(got["Groups"], [])
        for name in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
            equal(int(got[name][0], 16), 0, name)


@test
def worker_is_filtered_and_gains_no_rights():
    with Held() as held:
        got = process_status(held.pid)
        equal((got["Seccomp"], got["NoNewPrivs"], got["Threads"]),
              (["2"], ["1"], ["1"]))


@test
def worker_has_limits():
    with Held() as held:
        lines = read_process(held.pid, "limits").decode().splitlines()
        limits = {line[:25].strip(): line[25:].split()[:2] for line in lines}
        equal(limits["Max core file size"], ["0", "0"])
        equal(limits["Max file size"], ["0", "0"])
        equal(limits["Max open files"], ["64", "64"])
        equal(limits["Max address space"], [str(256 << 20)] * 2)


@test
def worker_cannot_be_looked_at_by_its_own_user():
    # A process that is not dumpable belongs to root in /proc.
    secret_files = ("environ", "maps", "auxv", "mem", "syscall")
    sleeper = subprocess.Popen(["sleep", "60"], user=WORKER_USER.pw_uid,
                               group=WORKER_USER.pw_gid, extra_groups=[])
    try:
        wait_until(lambda: process_status(sleeper.pid)["Name"] == ["sleep"],
                   "sleep")
        assert as_worker_user(lambda: can_read(sleeper.pid, "environ", "auxv")
                              == ["environ", "auxv"])
        equal(os.stat(f"/proc/{sleeper.pid}/fd").st_uid, WORKER_USER.pw_uid)
    finally:
        sleeper.kill()
        sleeper.wait()
    with Held() as held:
        owner = os.stat(f"/proc/{held.pid}/fd")
        equal((owner.st_uid, owner.st_gid), (0, 0), "owner in /proc")
        assert as_worker_user(
            lambda: can_read(held.pid, *secret_files) == [])


@test
def worker_cannot_be_traced_by_its_own_user():
    with Held() as held:
        assert not as_worker_user(lambda: can_attach(held.pid))
        # Root can: it was not for a reason of this machine.
        assert can_attach_as_root(held.pid)


@test
def worker_has_a_session_and_signals_of_its_own():
    with Held() as held:
        equal(os.getsid(held.pid), held.pid)
        got = process_status(held.pid)
        # glibc's posix_spawn leaves the two that are its own, 32 and 33,
        # ignored.
        own = 1 << 31 | 1 << 32
        equal((got["SigBlk"], int(got["SigIgn"][0], 16) & ~own),
              (["0" * 16], 0))


# --- what it holds ---------------------------------------------------------

@test
def worker_has_no_environment_and_nothing_secret_in_its_arguments():
    with Held() as held:
        equal(read_process(held.pid, "environ"), b"")
        equal(read_process(held.pid, "cmdline"), WORKER.encode() + b"\0")
        for name in ("environ", "cmdline"):
            for secret in (PASSWORD, API_KEY):
                assert secret.encode() not in read_process(held.host.pid, name)


def descriptors(pid):
    return {int(os.path.basename(path)): os.readlink(path)
            for path in glob.glob(f"/proc/{pid}/fd/*")}


@test
def worker_holds_the_dialog_and_its_connection_alone():
    with Held() as held:
        links = descriptors(held.pid)
        for number in range(3):
            equal(links.pop(number), "/dev/null")
        shared = set(links.values()) & set(descriptors(held.host.pid).values())
        equal(shared, set(), "shared with the host")
        assert is_unix(links.pop(3)), links
        # libcurl wakes itself by a pair of sockets, or by an eventfd.
        waking = [link for link in links.values() if is_unix(link)]
        assert len(waking) in (0, 2), links
        others = [link for link in links.values()
                  if link not in waking + ["anon_inode:[eventfd]"]]
        rows = [inodes("tcp").get(socket_inode(link)) for link in others]
        # 20FC is 8444.
        equal([row and row[2] for row in rows], ["0100007F:20FC"], links)


@test
def worker_keeps_no_secret_file_open():
    with Held() as held:
        for path in glob.glob(f"/proc/{held.pid}/fd/*"):
            assert "secrets" not in os.readlink(path)
        assert API_KEY.encode() in server.received[0], server.received


# --- what ends it ----------------------------------------------------------

@test
def host_that_is_killed_leaves_no_worker():
    with Held() as held:
        held.host.kill()
        wait_until(held.is_gone, "the end of the worker", seconds=1)


@test
def death_signal_ends_it_even_if_the_dialog_stays_open():
    with Held() as held:
        dialog = held.borrow_dialog()
        held.host.kill()
        wait_until(held.is_gone, "the end of the worker", seconds=1)
        dialog.close()


@test
def hang_up_of_the_dialog_ends_it_while_the_host_lives():
    with Held() as held:
        dialog = held.borrow_dialog()
        held.host.send_signal(signal.SIGSTOP)
        dialog.shutdown(socket.SHUT_RDWR)
        wait_until(held.is_gone, "the end of the worker", seconds=2)
        dialog.close()


@test
def deadline_ends_it():
    started = time.monotonic()
    with Held(deadline="1s") as held:
        equal(held.host.wait(5), CODES["PAM_AUTHINFO_UNAVAIL"])
        assert time.monotonic() - started < 1.5
        assert held.is_gone()


@test
def host_ends_a_worker_that_stands_still():
    started = time.monotonic()
    with Held(deadline="1s") as held:
        os.kill(held.pid, signal.SIGSTOP)
        equal(held.host.wait(5), CODES["PAM_AUTHINFO_UNAVAIL"])
        assert time.monotonic() - started < 1.5
        assert held.is_gone()


@test
def worker_ends_by_itself_if_the_host_stands_still():
    with Held(deadline="1s") as held:
        held.host.send_signal(signal.SIGSTOP)
        wait_until(held.is_gone, "the end of the worker", seconds=4)


@test
def killed_worker_is_no_grant():
    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV):
        with Held() as held:
            os.kill(held.pid, number)
            equal(held.host.wait(5), CODES["PAM_SYSTEM_ERR"], number)


run_tests()

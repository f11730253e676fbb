# SPDX-License-Identifier: MIT
"""The writer meets a full disk, one that cannot be written, too few
descriptors, and each of its system calls failing: the exit status tells, and
the registry is the old or the new one.

usage: tests/enter python3 tests/crash/full_disk.py [STEP]"""
from collections import Counter

from crash_case import *

STEP = argument(1)
# What the kernel may say to each call that the writer makes on files.
ERRORS = {
    "openat": ["ENOSPC", "EMFILE", "ENFILE", "EIO", "EROFS"],
    "write": ["ENOSPC", "EIO", "EDQUOT"],
    "pwrite64": ["ENOSPC", "EIO", "EDQUOT"],
    "writev": ["ENOSPC", "EIO"],
    "ftruncate": ["ENOSPC", "EIO"],
    "fsync": ["EIO", "ENOSPC"],
    "fdatasync": ["EIO", "ENOSPC"],
    "fchmod": ["EIO", "EROFS"],
    "renameat": ["ENOSPC", "EIO", "EROFS"],
    "renameat2": ["ENOSPC", "EIO", "EROFS"],
    "fcntl": ["EIO", "ENOLCK"],
    "getrandom": ["EAGAIN"],
    "mmap": ["ENOMEM"],
    "pread64": ["EIO"],
    "newfstatat": ["EIO"],
}
change = None


def judge(what, result):
    """The status must fit what is there, and a failure must say why."""
    is_new = change.must_be_whole(what)
    assert is_new or result.status != 0, f"{what}: status 0, but not written"
    if result.status not in (0, 127) and "mmap" not in what:
        assert "extauthctl: " in result.errors, f"{what}: {result.errors!r}"
    return is_new


@test
def the_users_are_there():
    global change
    change = Change()


@test
def a_failing_system_call_leaves_the_old_registry_or_the_new_one():
    run("strace", "-f", "-o", "/run/trace", *CHANGE, check=True)
    put_back("before")
    counts = Counter(
        call[1] for call in re.finditer(
            r"^\d+ +(\w+)\(", open("/run/trace", encoding="utf-8",
                                   errors="replace").read(), re.M))
    cases = [(call, number, error) for call, errors in ERRORS.items()
             for number in range(1, counts[call] + 1) for error in errors]
    failed = 0
    for call, number, error in cases[::STEP]:
        what = f"{error} of {call} number {number}"
        result = run("strace", "-f", "-o", "/dev/null", "-e",
                     f"inject={call}:error={error}:when={number}", *CHANGE)
        failed += result.status != 0
        judge(what, result)
        change.must_go_on(what)
        put_back("before")
    print(f"# {len(cases[::STEP])} faults, {failed} of them told")
    assert failed > len(cases[::STEP]) // 10


def change_on_a_small_disk(size):
    """Changes the registry on a disk of that size, which stays mounted; tells
    whether the registry is the new one."""
    run("mount", "-t", "tmpfs", "-o", "mode=755," + size, "small", REGISTRY,
        check=True)
    put_back("before")
    result = run(*CHANGE)
    is_new = judge(f"a disk of {size}", result)
    if not is_new:
        contains(result.errors, "No space left on device")
        equal(sorted(os.listdir(REGISTRY)), ["lock", "nss", "registry"])
    return is_new


@test
def a_full_disk_leaves_the_old_registry():
    pages = sum(-(-os.path.getsize(f"{REGISTRY}/{name}") // 4096)
                for name in ("registry", "nss"))
    outcomes = set()
    for free_pages in range(0, pages + 8):
        outcomes.add(change_on_a_small_disk(
            f"size={4 * (pages + free_pages)}k"))
        run("umount", REGISTRY, check=True)
    put_back("before")
    equal(outcomes, {True, False}, "outcomes")


@test
def a_disk_without_a_free_inode_leaves_the_old_registry():
    outcomes = set()
    for inodes in range(4, 10):
        outcomes.add(change_on_a_small_disk(f"nr_inodes={inodes}"))
        run("mount", "-o", "remount,nr_inodes=64", REGISTRY, check=True)
        put_back("before")
        change.must_go_on(f"a disk of {inodes} inodes")
        run("umount", REGISTRY, check=True)
    put_back("before")
    equal(outcomes, {True, False}, "outcomes")


@test
def a_disk_that_cannot_be_written_is_told():
    run("mount", "--bind", REGISTRY, REGISTRY, check=True)
    run("mount", "-o", "remount,bind,ro", REGISTRY, check=True)
    result = run(*CHANGE)
    run("umount", REGISTRY, check=True)
    assert result.status != 0
    contains(result.errors, "Read-only file system")
    assert not judge("read-only", result)


@test
def too_few_descriptors_are_told():
    for limit in range(3, 12):
        result = run("prlimit", f"--nofile={limit}", *CHANGE)
        judge(f"{limit} descriptors", result)
        put_back("before")


@test
def a_file_size_limit_kills_nothing_but_the_change():
    result = run("prlimit", "--fsize=1024", *CHANGE)
    assert result.status != 0
    assert not change.must_be_whole("file size limit")
    change.must_go_on("file size limit")
    put_back("before")


run_tests()

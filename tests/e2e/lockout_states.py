# SPDX-License-Identifier: MIT
"""What can be broken of extauth, and who besides root and local users still
gets in then.

A state breaks something by a function, which may return another that mends
what the copies of files do not. What it still ADMITS:
    password  the enabled registered user with his password
    key       the same where the account step alone is asked
    other     so for a user whom another service of NSS knows

Does not know: how anybody logs in.
"""
import os
import shutil
import socket
import stat
from dataclasses import dataclass
from typing import Callable

import certificates
from damage import (CONFIG, NSS, NSS_MODULE, NSSWITCH, PAM_MODULE, REGISTRY,
                    WORKER, black_hole, content, garbage, overwrite)
from extauth_test import PKI, configure, run, start, write

CONF_D = "/etc/extauth/conf.d/60-test.conf"
SECRET = "/etc/extauth/secrets/api"
MARKS = "/run/extauth"
RESOLV = "/etc/resolv.conf"
WORKER_STARTED = "/run/worker-started"
CONFIG_TEXT = """[extauth]
default_provider = main
failure_delay = 100ms
login_deadline = {deadline}
max_failures = 0

[provider main]
type = rest
url = {url}/login
ca_file = {pki}/ca.pem
header = X-Api-Key: {{{{SECRET:api}}}}
"""

EVERYBODY = frozenset({"password", "key", "other"})
WITH_KEY = frozenset({"key", "other"})
OTHERS = frozenset({"other"})
NOBODY = frozenset()

STATES = []
open_sockets = []


@dataclass
class State:
    name: str
    admits: frozenset
    paths: tuple
    enter: Callable


def state(admits, *paths):
    def register(function):
        STATES.append(State(function.__name__, admits, paths, function))
        return function
    return register


def use_provider(url, deadline="10s"):
    configure(CONFIG_TEXT.format(url=url, pki=PKI, deadline=deadline))


def watch_worker():
    """From now on the worker leaves a mark when it is started. The shell must
    stay root where su is the host, as the worker does."""
    real = WORKER + "-itself"
    os.rename(WORKER, real)
    write(WORKER, f"#!/bin/bash -p\n: >{WORKER_STARTED}\nexec {real}\n", 0o755)


# --- nothing -----------------------------------------------------------------

@state(EVERYBODY)
def nothing_broken():
    pass


# --- modules -----------------------------------------------------------------

@state(NOBODY, PAM_MODULE)
def no_pam_module():
    os.unlink(PAM_MODULE)


@state(NOBODY, PAM_MODULE)
def an_empty_pam_module():
    # A new file: who has the old one mapped must not lose it.
    os.unlink(PAM_MODULE)
    overwrite(PAM_MODULE, b"")


# One that is cut further behind kills every host in dlopen, as any module cut
# so does: nothing of ours runs before. dpkg never leaves one.
@state(NOBODY, PAM_MODULE)
def a_pam_module_cut_in_its_headers():
    old = content(PAM_MODULE)
    os.unlink(PAM_MODULE)
    overwrite(PAM_MODULE, old[:200])


@state(NOBODY, PAM_MODULE)
def garbage_as_pam_module():
    os.unlink(PAM_MODULE)
    overwrite(PAM_MODULE, garbage(50000))


@state(NOBODY, PAM_MODULE)
def a_pam_module_of_another_machine():
    old = bytearray(content(PAM_MODULE))
    old[18] ^= 0xff
    os.unlink(PAM_MODULE)
    overwrite(PAM_MODULE, bytes(old))


@state(OTHERS, NSS_MODULE)
def no_nss_module():
    os.unlink(NSS_MODULE)


@state(OTHERS, NSS_MODULE)
def garbage_as_nss_module():
    os.unlink(NSS_MODULE)
    overwrite(NSS_MODULE, garbage(50000))


@state(OTHERS, NSSWITCH)
def no_extauth_in_nsswitch():
    overwrite(NSSWITCH, content(NSSWITCH).replace(b" extauth", b""))


# --- configuration -----------------------------------------------------------

@state(OTHERS, CONFIG)
def no_configuration():
    os.unlink(CONFIG)


@state(OTHERS, CONFIG)
def a_configuration_with_a_syntax_error():
    overwrite(CONFIG, content(CONFIG) + b"[provider\n")


@state(OTHERS, CONFIG)
def a_configuration_with_an_unknown_key():
    overwrite(CONFIG, content(CONFIG) + b"ulr = x\n")


@state(OTHERS, CONFIG)
def a_configuration_that_others_may_write():
    os.chmod(CONFIG, stat.S_IRUSR | stat.S_IWUSR | stat.S_IWOTH)


@state(OTHERS, CONFIG)
def a_configuration_that_cannot_be_read():
    os.unlink(CONFIG)
    os.mkdir(CONFIG)


@state(OTHERS, CONF_D)
def a_broken_file_in_conf_d():
    write(CONF_D, "[provider main]\nurl\n")


# --- endpoint ----------------------------------------------------------------

@state(WITH_KEY, CONFIG)
def an_endpoint_that_refuses():
    use_provider("https://id.example.com:8599")


@state(WITH_KEY, CONFIG)
def an_endpoint_whose_packets_are_lost():
    open_sockets.extend(black_hole(8501))
    use_provider("https://id.example.com:8501", "1s")


@state(WITH_KEY, CONFIG, RESOLV)
def name_servers_that_never_answer():
    for address in ("127.0.0.8", "127.0.0.9"):
        silent = socket.socket(type=socket.SOCK_DGRAM)
        silent.bind((address, 53))
        open_sockets.append(silent)
    overwrite(RESOLV, b"nameserver 127.0.0.8\nnameserver 127.0.0.9\n")
    use_provider("https://id.elsewhere.example", "1s")


@state(WITH_KEY, CONFIG)
def a_clock_that_is_before_the_certificate():
    path = certificates.not_yet_valid()
    start("/usr/bin/openssl", "s_server", "-quiet", "-accept", "8502",
          "-cert", path + ".pem", "-key", path + ".key", "-www", port=8502)
    use_provider("https://id.example.com:8502")


# --- registry ----------------------------------------------------------------

@state(NOBODY, REGISTRY)
def no_registry():
    os.unlink(REGISTRY)


@state(NOBODY, REGISTRY)
def a_registry_cut_in_half():
    os.truncate(REGISTRY, os.path.getsize(REGISTRY) // 2)


@state(NOBODY, REGISTRY, NSS)
def garbage_as_registry_and_nss():
    for path in (REGISTRY, NSS):
        overwrite(path, garbage(os.path.getsize(path)))


@state(OTHERS, NSS)
def no_nss_file():
    os.unlink(NSS)


@state(NOBODY, os.path.dirname(REGISTRY))
def neither_registry_nor_nss_file():
    shutil.rmtree(os.path.dirname(REGISTRY))


# --- worker ------------------------------------------------------------------

@state(WITH_KEY, WORKER)
def no_worker():
    os.unlink(WORKER)


@state(WITH_KEY, WORKER)
def a_worker_that_cannot_be_executed():
    os.chmod(WORKER, stat.S_IRUSR | stat.S_IWUSR)


@state(WITH_KEY, WORKER)
def a_worker_that_is_killed():
    write(WORKER, f"#!/bin/bash -p\n: >{WORKER_STARTED}\nkill -9 $$\n", 0o755)


@state(WITH_KEY, "/etc/passwd")
def no_user_for_the_worker():
    run("sed", "-i", "/^extauth:/d", "/etc/passwd", check=True)


@state(WITH_KEY, SECRET)
def no_secret():
    os.unlink(SECRET)


# --- marks of the throttle ---------------------------------------------------

def count_failures():
    """So that tries are to be marked."""
    overwrite(CONFIG, content(CONFIG).replace(b"max_failures = 0",
                                              b"max_failures = 20"))


def mount_on_marks(options):
    count_failures()
    os.makedirs(MARKS, mode=0o700, exist_ok=True)
    run("mount", "-t", "tmpfs", "-o", options, "tmpfs", MARKS, check=True)
    return lambda: run("umount", MARKS, check=True)


@state(EVERYBODY, CONFIG)
def a_run_directory_that_cannot_be_written():
    return mount_on_marks("mode=700,ro")


@state(EVERYBODY, CONFIG)
def a_run_directory_on_a_full_disk():
    undo = mount_on_marks("mode=700,size=4096")
    overwrite(MARKS + "/full", bytes(4096))
    return undo


@state(EVERYBODY, CONFIG)
def a_run_directory_without_room_for_a_file():
    return mount_on_marks("mode=700,nr_inodes=1")


@state(EVERYBODY, CONFIG, MARKS)
def a_file_as_run_directory():
    count_failures()
    shutil.rmtree(MARKS, ignore_errors=True)
    write(MARKS, "")


# --- all at once -------------------------------------------------------------

@state(NOBODY, PAM_MODULE, NSS_MODULE, CONFIG, WORKER, "/etc/passwd",
       os.path.dirname(REGISTRY))
def nothing_left_but_the_lines_of_the_stack():
    for path in (PAM_MODULE, NSS_MODULE, CONFIG, WORKER):
        os.unlink(path)
    shutil.rmtree(os.path.dirname(REGISTRY))
    no_user_for_the_worker()

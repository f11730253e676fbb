# SPDX-License-Identifier: MIT
"""Files that a test breaks, and that are whole again afterwards; a port that
swallows what is sent to it.

    with kept(CONFIG):
        overwrite(CONFIG, garbage(5000))

Does not know: who logs in meanwhile.
"""
import contextlib
import os
import socket
import tempfile

from extauth_test import run

CONFIG = "/etc/extauth/extauth.conf"
REGISTRY = "/var/lib/extauth/registry"
NSS = "/var/lib/extauth/nss"
WORKER = "/usr/libexec/extauth/extauth-exchange"
NSSWITCH = "/etc/nsswitch.conf"


def find(name):
    """Returns the path of an installed module."""
    return run("find", "/usr/lib", "-name", name, "-not", "-type", "d",
               check=True).output.split()[0]


PAM_MODULE = find("pam_extauth.so")
NSS_MODULE = find("libnss_extauth.so.2")


@contextlib.contextmanager
def kept(*paths):
    """Puts files back as they were, with their owner and mode; what was not
    there is taken away again."""
    with tempfile.TemporaryDirectory() as directory:
        copies = {path: f"{directory}/{number}"
                  for number, path in enumerate(paths)
                  if os.path.lexists(path)}
        for path, copy in copies.items():
            run("cp", "-a", path, copy, check=True)
        try:
            yield
        finally:
            for path in paths:
                run("rm", "-rf", path, check=True)
            for path, copy in copies.items():
                os.makedirs(os.path.dirname(path), exist_ok=True)
                run("cp", "-a", copy, path, check=True)


def black_hole(port):
    """Has packets to a port lost, as long as the sockets live that it returns:
    the kernel drops what comes for a full queue."""
    sockets = [socket.create_server(("127.0.0.1", port), backlog=0)]
    for _ in range(4):
        waiting = socket.socket()
        waiting.setblocking(False)
        waiting.connect_ex(("127.0.0.1", port))
        sockets.append(waiting)
    return sockets


def content(path):
    with open(path, "rb") as file:
        return file.read()


def overwrite(path, new):
    with open(path, "wb") as file:
        file.write(new)


def garbage(size):
    """Bytes that look random and are the same each time."""
    return bytes((number * 167 + number // 7 * 31) % 256
                 for number in range(size))

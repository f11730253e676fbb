#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A process that goes on over an upgrade: it has libpam with our module, or NSS
with ours, in its memory, and does what each line of standard input says.

  auth PASSWORD    the PAM code of another pam_authenticate on the first handle
  uid NAME         what getpwnam says
  old              "yes" if a library of ours that was replaced is still mapped

usage: upgrade_host.py USER CONFDIR
"""
import pwd
import sys

from pam_host import Handle


def authenticate(handle, password):
    handle.password = password
    return handle.ask("auth")


def uid_of(name):
    try:
        return str(pwd.getpwnam(name).pw_uid)
    except KeyError:
        return "none"


def has_old_library():
    with open("/proc/self/maps", encoding="utf-8") as maps:
        return any("extauth.so" in line and line.rstrip().endswith("(deleted)")
                   for line in maps)


def main():
    handle = Handle(sys.argv[2], sys.argv[1])
    for line in sys.stdin:
        verb, _, rest = line.rstrip("\n").partition(" ")
        if verb == "auth":
            print(authenticate(handle, rest), flush=True)
        elif verb == "uid":
            print(uid_of(rest), flush=True)
        else:
            print("yes" if has_old_library() else "no", flush=True)


if __name__ == "__main__":
    main()

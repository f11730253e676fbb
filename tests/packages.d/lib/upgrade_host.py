#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A process that goes on over an upgrade: it has libpam with our module, or NSS
with ours, in its memory, and does what each line of standard input says.

  auth PASSWORD    the PAM code of another pam_authenticate on the first handle
  uid NAME         what getpwnam says
  old              "yes" if a library of ours that was replaced is still mapped

usage: upgrade_host.py USER CONFDIR
"""
import ctypes
import pwd
import sys

from pam_host import CODES, SERVICE

_PROMPT_ECHO_OFF = 1


class _Message(ctypes.Structure):
    _fields_ = [("style", ctypes.c_int), ("text", ctypes.c_char_p)]


class _Response(ctypes.Structure):
    _fields_ = [("text", ctypes.c_void_p), ("code", ctypes.c_int)]


_CONVERSE = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_int, ctypes.POINTER(ctypes.POINTER(_Message)),
    ctypes.POINTER(ctypes.POINTER(_Response)), ctypes.c_void_p)


class _Conversation(ctypes.Structure):
    _fields_ = [("converse", _CONVERSE), ("context", ctypes.c_void_p)]


_libpam = ctypes.CDLL("libpam.so.0")
_libc = ctypes.CDLL(None)
_libc.calloc.restype = ctypes.c_void_p
_libc.strdup.restype = ctypes.c_void_p


class Host:
    """One PAM handle that is never ended."""

    def __init__(self, user, directory):
        self.password = ""
        self._conversation = _Conversation(_CONVERSE(self._converse), None)
        self._handle = ctypes.c_void_p()
        code = _libpam.pam_start_confdir(
            SERVICE.encode(), user.encode(), ctypes.byref(self._conversation),
            directory.encode(), ctypes.byref(self._handle))
        assert code == 0, code

    def _converse(self, count, messages, ret_responses, _context):
        memory = _libc.calloc(count, ctypes.sizeof(_Response))
        responses = ctypes.cast(memory, ctypes.POINTER(_Response))
        for number in range(count):
            if messages[number].contents.style == _PROMPT_ECHO_OFF:
                responses[number].text = _libc.strdup(self.password.encode())
        ret_responses[0] = responses
        return 0

    def authenticate(self, password):
        self.password = password
        return CODES[_libpam.pam_authenticate(self._handle, 0)]


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
    host = Host(sys.argv[1], sys.argv[2])
    for line in sys.stdin:
        verb, _, rest = line.rstrip("\n").partition(" ")
        if verb == "auth":
            print(host.authenticate(rest), flush=True)
        elif verb == "uid":
            print(uid_of(rest), flush=True)
        else:
            print("yes" if has_old_library() else "no", flush=True)


if __name__ == "__main__":
    main()

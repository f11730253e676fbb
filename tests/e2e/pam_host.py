# SPDX-License-Identifier: MIT
"""A PAM application in this process: the real libpam, a stack of its own in a
directory, and a person who types one password.

Does not know: what the modules of a stack do.
"""
import ctypes
import os

from extauth_test import write

CODES = (
    "SUCCESS OPEN_ERR SYMBOL_ERR SERVICE_ERR SYSTEM_ERR BUF_ERR PERM_DENIED"
    " AUTH_ERR CRED_INSUFFICIENT AUTHINFO_UNAVAIL USER_UNKNOWN MAXTRIES"
    " NEW_AUTHTOK_REQD ACCT_EXPIRED SESSION_ERR CRED_UNAVAIL CRED_EXPIRED"
    " CRED_ERR NO_MODULE_DATA CONV_ERR AUTHTOK_ERR AUTHTOK_RECOVERY_ERR"
    " AUTHTOK_LOCK_BUSY AUTHTOK_DISABLE_AGING TRY_AGAIN IGNORE ABORT"
    " AUTHTOK_EXPIRED MODULE_UNKNOWN BAD_ITEM CONV_AGAIN INCOMPLETE").split()
SERVICE = "matrix"
_ITEM_FAIL_DELAY = 10
_PROMPT_ECHO_OFF = 1
_CONV_ERR = 19


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
# Called in place of sleeping after a refusal.
_no_delay = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_uint,
                             ctypes.c_void_p)(lambda code, delay, context: None)


class Handle:
    """One PAM handle of the service SERVICE; `password` is what the person
    types, or None: nobody answers."""

    def __init__(self, directory, user, password=None):
        self.password = password
        self._conversation = _Conversation(_CONVERSE(self._converse), None)
        self._handle = ctypes.c_void_p()
        code = _libpam.pam_start_confdir(
            SERVICE.encode(), user.encode(), ctypes.byref(self._conversation),
            directory.encode(), ctypes.byref(self._handle))
        assert code == 0, CODES[code]
        _libpam.pam_set_item(self._handle, _ITEM_FAIL_DELAY, _no_delay)

    def _converse(self, count, messages, ret_responses, _context):
        if self.password is None:
            return _CONV_ERR
        memory = _libc.calloc(count, ctypes.sizeof(_Response))
        responses = ctypes.cast(memory, ctypes.POINTER(_Response))
        for number in range(count):
            if messages[number].contents.style == _PROMPT_ECHO_OFF:
                responses[number].text = _libc.strdup(self.password.encode())
        ret_responses[0] = responses
        return 0

    def ask(self, step):
        """Returns the name of what pam_authenticate ("auth") or pam_acct_mgmt
        ("account") says."""
        call = (_libpam.pam_authenticate if step == "auth"
                else _libpam.pam_acct_mgmt)
        return CODES[call(self._handle, 0)]

    def end(self):
        _libpam.pam_end(self._handle, 0)


def make_stack(directory, *lines):
    """Writes the stack of the service SERVICE; a type that has no line lets
    everybody pass."""
    types = {line.split()[0] for line in lines}
    rest = [kind + " required pam_permit.so"
            for kind in ("auth", "account") if kind not in types]
    write(f"{directory}/{SERVICE}", "\n".join([*lines, *rest, ""]))


def _ask(directory, step, user, password):
    handle = Handle(directory, user, password)
    name = handle.ask(step)
    handle.end()
    return name


def ask(directory, step, user, password, as_uid=0):
    """Returns the name of what pam_authenticate ("auth") or pam_acct_mgmt
    ("account") says, asked by a program of the user `as_uid`."""
    if as_uid == 0:
        return _ask(directory, step, user, password)
    child = os.fork()
    if child == 0:
        os.setresuid(as_uid, as_uid, as_uid)
        os._exit(CODES.index(_ask(directory, step, user, password)))
    return CODES[os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])]

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the built files export, need, and are hardened with.

usage: symbols.py BUILD-DIRECTORY
"""
import os
import re
import subprocess
import sys

from gate import check, finish

BUILD = sys.argv[1]
PAM = "pam_extauth/pam_extauth.so"
NSS = "nss_extauth/libnss_extauth.so.2"
EXCHANGE = "exchange/extauth-exchange"
CTL = "extauthctl/extauthctl"

EXPORTED = {
    PAM: r"pam_sm_(authenticate|setcred|acct_mgmt|open_session"
         r"|close_session|chauthtok)",
    NSS: r"_nss_extauth_[a-z_]+",
}
NEEDED = {
    PAM: {"libpam.so.0", "libc.so.6"},
    NSS: {"libc.so.6"},
    EXCHANGE: {"libcurl.so.4", "libjson-c.so.5", "libseccomp.so.2",
               "libssl.so.3", "libcrypto.so.3", "libqrencode.so.4",
               "libc.so.6"},
    CTL: {"libpam.so.0", "libjson-c.so.5", "libssl.so.3", "libcrypto.so.3", "libc.so.6"},
}
# The complete set of entry points that each module must have.
REQUIRED = {
    PAM: ["pam_sm_authenticate", "pam_sm_setcred", "pam_sm_acct_mgmt",
          "pam_sm_open_session", "pam_sm_close_session", "pam_sm_chauthtok"],
    NSS: ["_nss_extauth_" + name for name in (
        "getpwnam_r", "getpwuid_r", "setpwent", "getpwent_r", "endpwent",
        "getgrnam_r", "getgrgid_r", "setgrent", "getgrent_r", "endgrent",
        "initgroups_dyn")],
}
# The dynamic loader comes with libc.
LOADER = re.compile(r"ld-linux.*\.so\.\d|ld64?\.so\.\d")


def tool(*command):
    return subprocess.run(command, check=True, text=True,
                          stdout=subprocess.PIPE).stdout


def dynamic(path):
    return tool("readelf", "-dW", path)


def export_problems(name, path):
    symbols = {line.split()[-1].split("@")[0] for line in
               tool("nm", "-D", "--defined-only", path).splitlines()}
    yield from (f"{symbol} is exported" for symbol in symbols
                if not re.fullmatch(EXPORTED[name], symbol))
    yield from (f"{symbol} is missing" for symbol in REQUIRED[name]
                if symbol not in symbols)


def needed_problems(name, path):
    needed = re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic(path))
    return [f"needs {library}" for library in needed
            if library not in NEEDED[name] and not LOADER.match(library)]


def hardening_problems(name, path):
    segments, tags = tool("readelf", "-lW", path), dynamic(path)
    symbols = tool("nm", "-D", path)
    stack = re.search(r"GNU_STACK.*", segments)
    if "GNU_RELRO" not in segments:
        yield "no RELRO"
    if "BIND_NOW" not in tags and not re.search(r"FLAGS_1.*\bNOW\b", tags):
        yield "no BIND_NOW"
    if stack is None or "RWE" in stack[0]:
        yield "the stack is executable"
    if "TEXTREL" in tags:
        yield "text relocations"
    if "RPATH" in tags or "RUNPATH" in tags:
        yield "a library search path is compiled in"
    if "__stack_chk_fail" not in symbols:
        yield "no stack protector"
    if not re.search(r"__\w+_chk\b(?<!stack_chk)", symbols):
        yield "no fortified function"
    if name in (EXCHANGE, CTL) and not re.search(r"FLAGS_1.*\bPIE\b", tags):
        yield "not position independent"


def check_file(name):
    path = f"{BUILD}/{name}"
    if not os.path.exists(path):
        check(f"{name} is built", [f"{path} is not there"])
        return
    if name in EXPORTED:
        check(f"{name} exports its entry points and nothing else",
              export_problems(name, path))
    check(f"{name} needs only its libraries", needed_problems(name, path))
    check(f"{name} is hardened", hardening_problems(name, path))


for file_name in (PAM, NSS, EXCHANGE, CTL):
    check_file(file_name)
finish()

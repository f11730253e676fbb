#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The layer check: who may include whom."""
import os
import re

from gate import PRODUCT, PROGRAMS, check, files, finish, read

# Lowest first. A module may include those before it. The files of a module
# are NAME.c, NAME.h and NAME_*.c, NAME_*.h; the longest name that fits counts.
ORDER = {
    "common": [
        # base
        "paths", "error", "secret", "buffer", "hash", "passwd_entry",
        "module_option",
        # text
        "escape", "ini", "condition", "template", "csv",
        # facts
        "identity", "device", "verdict", "config",
        # users
        "registry", "policy", "throttle",
        # dialog
        "frame", "phrase", "login", "sync", "worker",
    ],
    "exchange": [
        # message
        "text", "base64url", "qr", "json", "response", "tls", "request",
        "values", "credentials",
        # machines: each of them a module
        "machine", "origin", "draft", "judge", "person", "connection",
        "oauth", "source_machine", "source_state", "source_entry",
        "source_fetch", "source_walk", "provider_*", "source_*",
        # tables
        "provider", "source",
        # the program
        "resolve", "http", "sandbox", "drive", "drive_source", "dialog",
        "job", "main",
    ],
}

# libnss_extauth is mapped into every process of the machine.
NSS_MODULES = {"paths", "error", "secret", "buffer", "hash", "identity",
               "registry"}

# A header of a library, and the only files that may include it.
LIBRARY_HEADERS = {
    r"security/": r"pam_extauth/|extauthctl/setup_(login|finish)",
    r"syslog\.h": r"pam_extauth/|extauthctl/setup_login_child",
    r"nss\.h": r"nss_extauth/",
    r"curl/": r"exchange/http",
    r"json-c/": r"exchange/|extauthctl/",
    r"seccomp\.h": r"exchange/sandbox",
    r"qrencode\.h": r"exchange/qr",
    r"openssl/": r"exchange/|extauthctl/",
    r"(microhttpd|check)\.h": r"tests/",
    r"locale\.h": r"extauthctl/|pam_extauth/pam_translate",
}

INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)', re.M)


def module_of(folder, stem):
    """Returns the module that a file belongs to, or None."""
    order = ORDER.get(folder, [])
    fits = [name for name in order
            if stem == name or stem.startswith(name.removesuffix("*"))
            and name.endswith("*") or stem.startswith(name + "_")]
    return max(fits, key=len) if fits else None


def folder_of(header, own_folder):
    """Returns the folder in which an included header stands, or None."""
    if f"{own_folder}/{header}" in HEADERS:
        return own_folder
    if header == "paths.h" or f"common/{header}" in HEADERS:
        return "common"
    found = [path for path in HEADERS if path.endswith("/" + header)]
    return os.path.dirname(found[0]) if found else None


def place_problem(path, folder, stem, header):
    """Says what is wrong with including `header`, or returns None."""
    target = folder_of(header, folder)
    if "/" in header:
        return f"{path}: {header}: include headers by name alone"
    if target is None:
        return f"{path}: {header}: there is no such header"
    if target not in (folder, "common"):
        return f"{path}: {header} belongs to another program"
    if target != folder or folder not in ORDER:
        return None
    own = module_of(folder, stem)
    other = module_of(target, header[:-2])
    order = ORDER[folder]
    if own and other and order.index(other) > order.index(own):
        return f"{path}: {header} stands in a higher layer than {stem}"
    return None


def place_problems():
    for path in files():
        folder, name = path.split("/")
        for header, _ in INCLUDE.findall(read(path)):
            problem = header and place_problem(path, folder, name[:-2], header)
            if problem:
                yield problem


def unplaced_files():
    for path in files(ORDER):
        folder, name = path.split("/")
        if module_of(folder, name[:-2]) is None:
            yield f"{path}: not in ORDER of tests/gates/layers.py"


def nss_problems():
    for path in files(["nss_extauth"]):
        for header, _ in INCLUDE.findall(read(path)):
            if header and folder_of(header, "nss_extauth") == "common" \
                    and module_of("common", header[:-2]) not in NSS_MODULES:
                yield f"{path}: {header} is not for the NSS module"


def library_problems():
    for path in files():
        for _, header in INCLUDE.findall(read(path)):
            for pattern, users in LIBRARY_HEADERS.items():
                if re.match(pattern, header) and not re.match(users, path):
                    yield f"{path}: <{header}> is only for {users}"


HEADERS = set(files(PRODUCT, "*.h"))

check("every file of common and exchange has a layer", unplaced_files())
check("a file includes only its own folder, lower layers first, and common",
      place_problems())
check("the NSS module includes only the registry and the base",
      nss_problems())
check("library headers stay where they belong", library_problems())
check("every program has a folder of its own",
      [f"{name}: no source file" for name in PROGRAMS if not files([name])])
finish()

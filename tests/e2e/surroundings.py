#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What lies around a login: names that are nobody's or of /etc/passwd, which
cause no request, and files, of which the worker writes none."""
import pwd
import random
import re

from extauth_test import *
from transport_case import *

NAMES = 500
PASSWORD = "right password"
# The worker tries its filter on a call that must be refused.
FILTER_TRIED = "openat(AT_FDCWD, NULL, O_RDWR)"

service = Service()
service.users({EMAIL: PASSWORD})
set_up()


def of_service():
    set_provider(service.url + "/login", deadline="5s")
    service.clear()


def login_as(name):
    """Logs somebody in by the smallest host with the right password; returns
    the PAM code."""
    write("/run/surroundings", PASSWORD + "\n", 0o600)
    return run(HOST, SERVICE, name, "/run/surroundings").status


@test
def no_name_of_passwd_causes_a_request():
    of_service()
    for account in pwd.getpwall():
        if account.pw_name != "alice":
            assert login_as(account.pw_name) != 0, account.pw_name
    equal(service.requests(), [], "requests")


def strange_names():
    """Names that look like alice's or like something else, none of them hers,
    of random pieces that are known to deceive."""
    pieces = ["alice", "ali", "ce", "\u0430lice", "Alice", "ALICE",
              "\uff41lice", "al\u0131ce", "a\u0301lice", "\u202ealice",
              "\u200b", "\ufeff", "-f ", "root", "../", "/", ":", "0x0", "0",
              "+", "@", "@example.com", "example.com", ".", " ", "\t", "\n",
              "\r", "%s", "%n", "$(id)", "`id`", ";", "|", "\\", "'", '"',
              "{{USEREMAIL}}", "\x7f", "\u0085", "i\u0307", "\u00df",
              "\udcff", "\udcc3", "a" * 4096]
    chance = random.Random(SEED)
    names = set()
    while len(names) < NAMES:
        names.add("".join(chance.choices(pieces, k=chance.randint(1, 4))))
    return sorted(names - {"alice", "", EMAIL})


@test
def hostile_names_are_nobody():
    of_service()
    equal(login_as("alice"), CODES["PAM_SUCCESS"])
    service.clear()
    for name in strange_names():
        assert login_as(os.fsencode(name)) != 0, ascii(name)
    equal(service.requests(), [], "requests")


@test
def worker_opens_nothing_to_write_and_keeps_no_state():
    of_service()
    write("/run/surroundings", PASSWORD + "\n", 0o600)
    run("strace", "-f", "-o", "/run/trace", "-e",
        "trace=execve,open,openat,creat,rename,mkdir,unlink", HOST, SERVICE,
        "alice", "/run/surroundings", check=True)
    lines = open("/run/trace", encoding="utf-8").read().splitlines()
    begun = next(number for number, line in enumerate(lines)
                 if WORKER in line and "execve(" in line)
    pid = lines[begun].split()[0]
    calls = [line for line in lines[begun + 1:] if line.split()[0] == pid]
    opened = [line for line in calls if "open" in line]
    assert any("extauth.conf" in line for line in opened), calls
    changing = [line for line in calls
                if re.search(r"O_WRONLY|O_RDWR|O_CREAT|creat\(|rename|mkdir"
                             r"|unlink", line) and "/dev/null" not in line
                and FILTER_TRIED not in line]
    equal(changing, [], "what it may write")
    kept = [line for line in opened
            if re.search(r"hsts|alt-?svc|cookie|netrc|\.curlrc|/root/|/home/",
                         line)]
    equal(kept, [], "state that it looks for")


OPENSSL = "/etc/ssl/openssl.cnf"
# Debian has no such provider.
FIPS_DEMANDED = """openssl_conf = fips_demanded
[fips_demanded]
providers = fips_providers
alg_section = fips_algorithms
[fips_providers]
fips = fips_provider
[fips_provider]
activate = 1
[fips_algorithms]
default_properties = fips=yes
"""


@test
def fips_that_is_demanded_and_not_there_lets_nobody_in_but_root():
    of_service()
    mark = LogMark()
    old = open(OPENSSL, encoding="utf-8").read()
    write(OPENSSL, FIPS_DEMANDED)
    try:
        demanded = run("openssl", "dgst", "-sha256", "/etc/hostname")
        code = login_as("alice")
        root = run("su", "-", "root", "-c", "id -u")
    finally:
        write(OPENSSL, old)
    assert demanded.status != 0, "the demand is not one"
    assert code in (CODES["PAM_AUTHINFO_UNAVAIL"],
                    CODES["PAM_SYSTEM_ERR"]), code
    mark.wait(r"result=(unavailable|misconfigured|internal\w*) user=alice ")
    equal((root.status, root.output), (0, "0\n"), root.errors)
    equal(service.requests(), [], "requests")
    equal(login_as("alice"), CODES["PAM_SUCCESS"])


run_tests()

# SPDX-License-Identifier: MIT
"""What the tests of sync share: the simulated directories in a process of
their own, a [source] for each type, the registry as it was and as it should
be.

Does not know: what a right result is (sync_expected.py does).
"""
import glob
import hashlib
import itertools
import json
import os
import shutil
import sys
import urllib.request

from extauth_test import (PKI, SOURCE, configure, contains, equal, extauthctl,
                          start, write)

sys.path.insert(0, SOURCE + "/tests/service")
from directory_base import CLIENT, CLIENT_SECRET, PASSWORD, TOKEN, USER
from directory_people import People
from sync_expected import WAYS as EXPECTED, Registry

REGISTRY = "/var/lib/extauth/registry"
SECRETS = {"token": TOKEN, "directory-password": PASSWORD,
           "client": CLIENT_SECRET}
TENANT = "11111111-2222-3333-4444-555555555555"
ENVIRONMENT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
TOKEN_KEY = "token_file = /etc/extauth/secrets/token\n"
BASIC_KEYS = (f"username = {USER}\n"
              "password_file = /etc/extauth/secrets/directory-password\n")
CLIENT_KEYS = (f"client_id = {CLIENT}\n"
               "client_secret_file = /etc/extauth/secrets/client\n"
               "token_url = {url}/%s\n")
LIST_KEYS = ("user_id = /key\nuser_email = /contact/mail\n"
             "user_name = /login\nuser_gecos = /employee/name\n"
             "user_uid = /unix/uid\nuser_home = /unix/home\n"
             "user_shell = /unix/shell\nuser_groups = /teams\n"
             "disabled_if = /enabled == false\n")
# Of each type: its keys, and the page that every reading of it asks for.
WAYS = {
    "scim": ("type = scim\nurl = {url}/scim/v2\n" + TOKEN_KEY,
             "/scim/v2/Users"),
    "okta": ("type = okta\nurl = {url}\n" + TOKEN_KEY, "/api/v1/users"),
    "entra": ("type = entra\nurl = {url}/v1.0\n" f"tenant = {TENANT}\n"
              + CLIENT_KEYS % f"{TENANT}/oauth2/v2.0/token", "/v1.0/users"),
    "pingone": ("type = pingone\nurl = {url}/v1\n"
                f"environment = {ENVIRONMENT}\n"
                + CLIENT_KEYS % f"{ENVIRONMENT}/as/token",
                f"/v1/environments/{ENVIRONMENT}/users"),
    "rest": ("type = rest\nurl = {url}/lists/items\nusers = /items\n"
             "next = /next\n" + LIST_KEYS + TOKEN_KEY, "/lists/items"),
    "csv": ("type = csv\nurl = {url}/people.csv\n" + BASIC_KEYS,
            "/people.csv"),
}
# Those of a whole list on one page, and those that tell of another page.
LINKING = ("okta", "entra", "pingone", "rest")

_ports = itertools.count(8700, 3)


class Directory:
    """The simulated directories (tests/service/directories.py). `people` is
    what they hold."""

    def __init__(self, users=300, groups=6, tls=True):
        self.port = next(_ports)
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://directory.example.com:{self.port}"
        self._control = f"http://127.0.0.1:{self.port + 1}"
        self._first = {"seed": "1", "users": users, "groups": groups}
        self.people = People(**self._first)
        options = ["--cert", PKI + "/server.pem", "--key",
                   PKI + "/server.key"] if tls else []
        self.process = start(
            "/usr/bin/python3", SOURCE + "/tests/service/directories.py",
            "--port", str(self.port), "--control", str(self.port + 1),
            "--other", str(self.port + 2), "--users", str(users), "--groups",
            str(groups), *options, port=self.port,
            log=f"/run/directory-{self.port}")

    def _post(self, path, body):
        request = urllib.request.Request(
            self._control + path, json.dumps(body).encode(),
            {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def state(self):
        with urllib.request.urlopen(self._control + "/state",
                                    timeout=30) as answer:
            return json.load(answer)

    def reset(self, **people):
        """The people of the beginning, or others; no deviation, no fault."""
        self._first.update(people)
        self._post("/reset", people)
        self.people = People(**self._first)

    def modes(self, *names, **settings):
        """Switches these deviations on, and no other; sets settings."""
        self._post("/settings", {"modes": names, **settings})

    def faults(self, *faults):
        self._post("/faults", faults)

    def change(self, *changes):
        """Changes people, as People.apply says."""
        self._post("/people", changes)
        return self.people.apply(changes)

    def clear(self):
        self._post("/clear", {})

    def requests(self, part=""):
        """Returns the requests since the last clear() or reset()."""
        return [r for r in self.state()["requests"]
                if part in r["path"] + "?" + r["query"]]

    def other(self):
        """Returns what came to the other origin."""
        return self.state()["other"]

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


def source(way, directory, keys="", name="corp"):
    """Returns the section of a source; `keys` are more lines, or others for
    the same keys."""
    text = (WAYS[way][0] + f"ca_file = {PKI}/ca.pem\n").replace(
        "{url}", directory.url)
    own = {line.partition(" =")[0] for line in keys.splitlines()}
    kept = "".join(line for line in text.splitlines(keepends=True)
                   if line.partition(" =")[0] not in own)
    return f"\n[source {name}]\n{kept}{keys}"


def configure_sync(*sections, general=""):
    """Configures these sections, with a provider for everybody."""
    for name, secret in SECRETS.items():
        write("/etc/extauth/secrets/" + name, secret + "\n", 0o600)
    configure("[extauth]\ndefault_provider = main\nfailure_delay = 100ms\n"
              "max_failures = 0\n" + general +
              "\n[provider main]\ntype = rest\n"
              "url = https://id.example.com:8443/login\n"
              f"ca_file = {PKI}/ca.pem\n" + "".join(sections))


def forget():
    """Removes the registry and what is known of sources."""
    for path in glob.glob("/var/lib/extauth/*"):
        if os.path.isdir(path):
            shutil.rmtree(path)
        else:
            os.unlink(path)


def sync(*arguments, status=0, timeout=120):
    """Runs `extauthctl sync`, which must end in `status` (or in one of them).
    """
    result = extauthctl("sync", *arguments, check=False, timeout=timeout)
    allowed = status if isinstance(status, tuple) else (status,)
    if result.status not in allowed:
        raise AssertionError(f"status {result.status}, expected {status}: "
                             f"{result.output[-2000:]}{result.errors[-2000:]}")
    return result


def export():
    """Returns the registry as `user export` writes it."""
    return extauthctl("user", "export").output


def show_difference(got, expected):
    """Fails unless both texts are the same bytes; shows the first lines that
    differ."""
    if got == expected:
        return
    lines, wanted = got.splitlines(), expected.splitlines()
    pairs = [(a, b) for a, b in itertools.zip_longest(lines, wanted)
             if a != b]
    raise AssertionError(f"{len(lines)} lines, expected {len(wanted)}; "
                         f"{len(pairs)} differ, first (got, expected): "
                         f"{pairs[:1]}")


def is_expected(registry):
    """Fails unless the export equals the expected one byte by byte."""
    show_difference(export(), registry.export())


def in_order(text):
    """Returns a CSV with its lines in order, for where a removal or a shifted
    page has moved some."""
    return "\n".join(sorted(text.splitlines())) + "\n"


def is_expected_in_some_order(registry):
    show_difference(in_order(export()), in_order(registry.export()))


def files():
    """Returns the bytes of the registry as digests, for a comparison."""
    digests = {}
    for path in glob.glob("/var/lib/extauth/*"):
        if not path.endswith(("/sync", "/lock")):
            with open(path, "rb") as file:
                digests[path] = hashlib.sha256(file.read()).hexdigest()
    return digests


def last_line(result):
    """Returns the last line of standard output."""
    return result.output.splitlines()[-1] if result.output else ""


def says(result, registry, prefix=""):
    """Fails unless the last line is the summary that is expected."""
    equal(last_line(result), registry.summary(prefix), "summary")


def begin_synced(directory, way="scim", keys="", general="", more=""):
    """Everything as in the beginning, and synced once; returns what is then
    expected."""
    forget()
    directory.reset()
    configure_sync(source(way, directory, keys), more, general=general)
    registry = Registry(EXPECTED[way])
    registry.read(directory.people)
    says(sync("corp"), registry)
    return registry


def user(name):
    """Returns a line of the export as a dict, or None."""
    head, *lines = export().splitlines()
    for line in lines:
        row = dict(zip(head.split(","), line.split(",")))
        if row["name"] == name:
            return row
    return None

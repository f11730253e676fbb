# SPDX-License-Identifier: MIT
"""What the tests of the providers share: a simulator of each in a process of
its own, a configuration for each, registered users.

Does not know: what a right verdict is.
"""
import itertools
import json
import re
import urllib.request
from urllib.parse import urlencode

from extauth_test import (BUILD, PKI, SOURCE, LogMark, add_user, configure,
                          run, start, wait_until, write)

PASSWORD = "Right-Password-1"
TENANT = "11111111-2222-3333-4444-555555555555"
ENVIRONMENT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
SECRET_FILE = "/etc/extauth/secrets/client"
HOST = BUILD + "/tests/bench/pam_login"
CODES = {0: "PAM_SUCCESS", 3: "PAM_SERVICE_ERR", 4: "PAM_SYSTEM_ERR",
         7: "PAM_AUTH_ERR", 9: "PAM_AUTHINFO_UNAVAIL", 11: "PAM_MAXTRIES"}
# Each way to log in: the simulator that it needs, and its keys.
CLIENT = f"client_id = CLIENT\nclient_secret_file = {SECRET_FILE}\n"
WAYS = {
    "okta": ("okta", "type = okta\nurl = {url}\n"),
    "okta_token": ("okta", "type = okta\nurl = {url}\nokta_api = token\n"
                   + CLIENT),
    "entra": ("entra", f"type = entra\nurl = {{url}}\ntenant = {TENANT}\n"
              + CLIENT),
    "pingone": ("pingone", "type = pingone\nurl = {url}/v1\nauth_url = {url}\n"
                f"environment = {ENVIRONMENT}\n" + CLIENT),
    "pingfederate": ("pingfederate", "type = pingfederate\nurl = {url}\n"
                     "validator_id = MainValidator\n" + CLIENT),
    "aptify": ("aptify", "type = aptify\n"
               "url = {url}/AptifyServicesAPI/services\n"
               "login_provider = Web\n"),
    "oauth2": ("oauth2", "type = oauth2\nissuer = {url}\n" + CLIENT),
}

_ports = itertools.count(8601)
_files = itertools.count(1)


class Simulator:
    """A simulator of one provider (tests/service/providers.py)."""

    def __init__(self, provider):
        port, control = next(_ports), next(_ports)
        self.url = f"https://id.example.com:{port}"
        self._control = f"http://127.0.0.1:{control}"
        self.process = start(
            "/usr/bin/python3", SOURCE + "/tests/service/providers.py",
            "--provider", provider, "--port", str(port), "--control",
            str(control), "--cert", PKI + "/server.pem", "--key",
            PKI + "/server.key", port=port, log=f"/run/simulator-{provider}")

    def ask(self, path, **query):
        """GET of the control port."""
        url = self._control + path + "?" + urlencode(query)
        with urllib.request.urlopen(url, timeout=10) as answer:
            return json.load(answer)

    def tell(self, path, **body):
        """POST to the control port."""
        request = urllib.request.Request(
            self._control + path, json.dumps(body).encode(),
            {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def clear(self):
        self.tell("/clear")

    def passwords(self, email):
        """Returns how many requests bore this user's password."""
        return self.ask("/state")["passwords"].get(email, 0)

    def requests(self, part=""):
        """Returns the whole requests whose target has this part."""
        return [r for r in self.ask("/state")["requests"]
                if part in r["target"]]

    def code(self, email):
        """Returns the user's one-time code of now."""
        return self.ask("/user", user=email)["totp"]

    def wait_for_push(self, email):
        """Waits until a request is on the user's phone; returns it."""
        wait_until(lambda: (self.ask("/user", user=email)["push"] or {})
                   .get("result") == "WAITING", "a push", 20)
        return self.ask("/user", user=email)["push"]

    def decide_push(self, email, answer, number=None):
        """The person decides on the phone: approve, reject, timeout."""
        if not self.tell("/push", user=email, answer=answer,
                         number=number)["done"]:
            raise AssertionError("no push is waiting")

    def decide_device(self, user_code, state, email=""):
        """The person `email` decides on the page: approved, denied,
        expired."""
        if not self.tell("/device", user_code=user_code, state=state,
                         user=email)["done"]:
            raise AssertionError(f"no device has the code {user_code}")


def start_simulators(*names):
    """Starts these simulators, or one of each; returns them by name."""
    every = dict.fromkeys(simulator for simulator, _ in WAYS.values())
    return {name: Simulator(name) for name in names or every}


def provider_section(way, simulators, keys="", name=None):
    """Returns the section of a way to log in; `keys` are more lines."""
    simulator, text = WAYS[way]
    return (f"\n[provider {name or way}]\n"
            + text.format(url=simulators[simulator].url)
            + f"ca_file = {PKI}/ca.pem\n" + keys)


def configure_all(simulators, general="", more=""):
    """Configures every way whose simulator runs."""
    write(SECRET_FILE, "client-secret\n", 0o600)
    sections = "".join(provider_section(way, simulators)
                       for way, (name, _) in WAYS.items()
                       if name in simulators)
    configure("[extauth]\nfailure_delay = 0ms\nmax_failures = 0\n"
              + general + sections + more)


def add_user_of(way, name, email, *options):
    """Registers a user who logs in that way."""
    add_user(name, email, "--provider", way, *options)


def pam_login(service, name, password=PASSWORD):
    """Logs in by the smallest host; returns the name of the PAM code."""
    path = f"/run/password-{next(_files)}"
    write(path, password + "\n", 0o600)
    status = run(HOST, service, name, path).status
    return CODES.get(status, f"code {status}")


def result_of(mark, service, name):
    """Waits for the module's line about a login since `mark`; returns it as
    a dict."""
    line = mark.wait(
        rf"pam_extauth\({service}:auth\): result=\S+ user={name} ")
    pairs = re.findall(r'(\w+)=("(?:[^"\\]|\\.)*"|\S+)', line)
    return {key: value.strip('"') for key, value in pairs}

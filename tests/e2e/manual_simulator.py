# SPDX-License-Identifier: MIT
"""One simulator of tests/service, with the client, secret and numbers that a
configuration of extauth-providers(7) has, or the REST service that its pages
talk of. Started by manual_servers.py. A setting `fault`, {"path", "answer"},
has an endpoint give one answer of wire/ to everybody.

Does not know: nginx, extauth.
"""
import json
import os
import signal
import sys

sys.path.insert(0, os.environ["EXTAUTH_SOURCE"] + "/tests/service")
import provider_base
from provider_http import Answer, Server

# Before the providers are imported: they take the names as they are then.
PROVIDER, URL, PORT, CLIENT, PUBLIC_CLIENT, DIRECTORY = sys.argv[1:]
provider_base.CLIENT = CLIENT
provider_base.PUBLIC_CLIENT = PUBLIC_CLIENT
provider_base.CLIENT_SECRET = "the-secret-of-the-client"

import provider_entra
import provider_pingone
from providers import PROVIDERS

NUMBER = "11111111-2222-3333-4444-555555555555"
provider_entra.TENANT = NUMBER
provider_pingone.ENVIRONMENT = NUMBER
API_KEY = "the key of the platform"


class Rest(provider_base.Simulator):
    """A service of one's own: /v1 takes e-mail and password, /v2 wants the key
    of a session first, /v3 an OAuth 2.0 client's token."""

    def respond(self, request):
        calls = {"/v1/login": self._first, "/v2/session": self._session,
                 "/v2/login": self._second, "/v3/login": self._third,
                 "/oauth2/token": self._token}
        call = calls.get(request.path)
        return call(request) if call else Answer(404)

    def _login(self, request):
        body = request.json() or {}
        user = self.bears_password(request, body.get("email", ""))
        if not self.factors.password_is(user, body.get("password")):
            return _json(401, {"error": {"message": "wrong password"}})
        return _json(200, {"status": "active", "email": user.email})

    def _first(self, request):
        right = (request.json() or {}).get("org") == "4711"
        return self._login(request) if right else Answer(404)

    @staticmethod
    def _session(request):
        if (request.headers.get("x-api-key") != API_KEY
                or request.json() != {"org": "4711"}):
            return _json(401, {"error": "invalid_key"})
        return _json(200, {"session": {"key": "session-key"}})

    def _second(self, request):
        right = request.headers.get("x-session") == "session-key"
        return self._login(request) if right else Answer(404)

    def _token(self, request):
        if not self.client_of(request, request.form()):
            return _json(401, {"error": "invalid_client",
                               "error_description": "unknown client"})
        return _json(200, {"access_token": "client-token", "expires_in": 60,
                           "token_type": "Bearer"})

    def _third(self, request):
        right = request.bearer() == "client-token"
        return self._login(request) if right else Answer(404)


def _json(status, value):
    return Answer(status, json.dumps(value).encode())


class Faulty({**PROVIDERS, "rest": Rest}[PROVIDER]):
    """The simulator, with the setting `fault`."""

    def respond(self, request):
        fault = self.settings.get("fault") or {"path": None}
        if request.path == fault["path"]:
            return self.wire(fault["answer"])
        return super().respond(request)


simulator = Faulty(URL)
simulator.settings["interval"] = 1
provider_base.start_control(simulator, int(PORT) + 1)
Server(simulator, int(PORT), DIRECTORY + "/certificate",
       DIRECTORY + "/key").start()
signal.pause()

# SPDX-License-Identifier: MIT
"""Microsoft Entra ID: one tenant's token endpoint and its device codes.

Does not know: HTTP.
"""
import hashlib
import time

from provider_base import (CLIENT, CLIENT_SECRET, DEVICE_GRANT, FORM,
                           PUBLIC_CLIENT, Simulator)
from provider_http import Answer, throttled

TENANT = "11111111-2222-3333-4444-555555555555"
# Users of a kind, by code. Any other code: the user aadstsCODE@.
CODES = {"locked": 50053, "disabled": 50057, "expired": 50055,
         "mustchange": 50144, "totp": 50076, "push": 50076,
         "pushreject": 50076, "pushtimeout": 50076, "number": 50076,
         "sms": 50076, "call": 50076, "mfa": 50076, "enroll": 50079,
         "policy": 53003}


class Entra(Simulator):
    folder = "entra"

    def respond(self, request):
        parts = request.path.strip("/").split("/")
        if parts[1:3] != ["oauth2", "v2.0"] or len(parts) != 4:
            return Answer(404)
        if request.method != "POST":
            return Answer(405)
        form = request.form()
        if request.media_type() != FORM or None in form.values():
            return self._error(9002313)
        if parts[0] in ("common", "consumers"):
            return self._error(9001023)
        if parts[0] not in (TENANT, "organizations"):
            return self._error(90002)
        if parts[3] == "devicecode":
            return self._device(form)
        if parts[3] != "token":
            return Answer(404)
        return self._check_client(request, form) or self._token(request, form)

    def _error(self, code):
        return self.wire(f"AADSTS{code}")

    def _check_client(self, request, form):
        """Returns what is wrong with the client, or None."""
        name, secret = form.get("client_id"), form.get("client_secret")
        if not name and not request.bearer("Basic"):
            return self._error(900144)
        if request.bearer("Basic"):
            return (None if self.client_of(request, form)
                    else self._error(7000215))
        if name not in (CLIENT, PUBLIC_CLIENT):
            return self._error(700016)
        if name == PUBLIC_CLIENT:
            return self._error(700025) if secret is not None else None
        if secret is None:
            return self._error(7000218)
        return None if secret == CLIENT_SECRET else self._error(7000215)

    def _token(self, request, form):
        if form.get("grant_type") == DEVICE_GRANT:
            return self._poll(form)
        if form.get("grant_type") != "password":
            return self._error(70003)
        name, password = form.get("username"), form.get("password")
        if not name or password is None:
            return self._error(900144)
        user = self.bears_password(request, name)
        style = user.throttle_style("seconds")
        if style:
            return throttled(self.wire("throttled"), style)
        if "openid" not in form.get("scope", "").split():
            return self._error(70011)
        return self._judge(user, password, form)

    def _judge(self, user, password, form):
        if user.code:
            return self._error(user.code)
        if not user.is_known:
            return self._error(50034)
        # Smart lockout: even the right password, for a while.
        if self.factors.failures(user) >= 10:
            return self._error(50053)
        if user.kind in ("locked", "disabled"):
            return self._error(CODES[user.kind])
        if not self.factors.password_is(user, password):
            self.factors.fail(user)
            return self.spoilt(user, self._error(50126))
        if user.kind in CODES:
            return self._error(CODES[user.kind])
        return self.spoilt(user, self.grant(
            user, form.get("client_id", CLIENT), "tokens", form["scope"]))

    def claims(self, user, client):
        now = int(time.time())
        other = user.kind == "other"
        oid = "99999999-9999-9999-9999-999999999999" if other else user.uuid
        name = "mallory@example.com" if other else user.email
        return {"aud": client, "iss": f"{self.url}/{TENANT}/v2.0", "iat": now,
                "nbf": now, "exp": now + 3600, "name": "Alice A", "oid": oid,
                "preferred_username": name, "email": name, "rh": "0.A",
                "sub": hashlib.sha256((oid + client).encode()).hexdigest(),
                "tid": TENANT, "uti": "u", "ver": "2.0"}

    def _device(self, form):
        if form.get("client_id") not in (CLIENT, PUBLIC_CLIENT):
            return self._error(700016 if form.get("client_id") else 900144)
        return self.begin_device(form["client_id"], code_form="{}{}")

    def _poll(self, form):
        client = form.get("client_id", CLIENT)
        state, user = self.poll_device(form.get("device_code"), client)
        if state == "approved":
            return self.grant(user, client)
        return self.wire({
            "pending": "authorization_pending", "slow_down": "slow_down",
            "expired": "expired_token", "denied": "authorization_declined",
            "invalid": "bad_verification_code"}[state])

# SPDX-License-Identifier: MIT
"""PingFederate: the password grant with validators, userinfo, introspection.

Does not know: HTTP.
"""
import time

from provider_base import FORM, Simulator
from provider_http import Answer, throttled

VALIDATOR = "MainValidator"
# Its validators tell by a text alone, if at all.
TEXTS = {"locked": "locked", "disabled": "wrong", "expired": "expired",
         "mustchange": "expired", "policy": "wrong"}


class PingFederate(Simulator):
    folder = "pingfederate"

    def respond(self, request):
        if request.path == "/idp/userinfo.openid":
            return self._userinfo(request)
        calls = {"/as/token.oauth2": self._token,
                 "/as/introspect.oauth2": self._introspect}
        if request.path not in calls:
            return Answer(404, b"<html><body>Not found</body></html>", "html")
        if request.method != "POST":
            return Answer(405)
        form = request.form()
        if request.media_type() != FORM or None in form.values():
            return self.wire("invalid_request")
        client = self.client_of(request, form)
        if not client:
            return self.wire("invalid_client")
        return calls[request.path](request, form, client)

    def claims(self, user, client):
        now = int(time.time())
        return {"sub": ("mallory@example.com" if user.kind == "other"
                        else user.email), "iss": self.url, "aud": client,
                "iat": now, "exp": now + 300}

    def _token(self, request, form, client):
        if form.get("grant_type") != "password":
            return self.wire("unauthorized_client")
        name, password = form.get("username"), form.get("password")
        if not name or password is None:
            return self.wire("invalid_request")
        user = self.bears_password(request, name)
        if form.get("validator_id", VALIDATOR) != VALIDATOR:
            return self.wire("invalid_request")
        style = user.throttle_style("seconds")
        if style:
            return throttled(Answer(429), style)
        if user.kind in TEXTS:
            return self.wire(TEXTS[user.kind])
        if not self.factors.password_is(user, password):
            return self.spoilt(user, self.wire("wrong"))
        return self.spoilt(user, self.grant(
            user, client, "tokens", form.get("scope", "")))

    def _userinfo(self, request):
        user = self.owner_of(request.bearer())
        if user is None:
            return Answer(401, headers=[
                ("WWW-Authenticate", 'Bearer error="invalid_token"')])
        return self.wire("userinfo_other" if user.kind == "other"
                         else "userinfo", user)

    def _introspect(self, request, form, client):
        user = self.owner_of(form.get("token", ""))
        if user is None:
            return self.wire("introspection_inactive")
        if user.kind == "other":
            return self.wire("introspection_active")
        return self.wire("introspection_active", user)

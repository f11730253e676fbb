# SPDX-License-Identifier: MIT
"""Any OAuth 2.0 server with OpenID Connect: discovery, password and device
grant, userinfo, introspection.

Does not know: HTTP.
"""
import time

from provider_base import DEVICE_GRANT, FORM, Simulator
from provider_http import Answer, throttled

TEXTS = {"locked": "invalid_grant.400", "disabled": "account_disabled",
         "expired": "account_not_set_up", "mustchange": "account_not_set_up",
         "policy": "access_denied", "enroll": "account_not_set_up"}


class OAuth2(Simulator):
    folder = "oauth2"

    def user_values(self, user):
        return {**super().user_values(user),
                '"248289761001"': f'"{user.number}"'}

    def respond(self, request):
        if request.path == "/.well-known/openid-configuration":
            return self.wire("discovery")
        if request.path == "/userinfo":
            return self._userinfo(request)
        calls = {"/token": self._token, "/introspect": self._introspect,
                 "/device_authorization": self._device}
        if request.path not in calls:
            return Answer(404, b"<html><body>Not found</body></html>", "html")
        if request.method != "POST":
            return Answer(405)
        form = request.form()
        if request.media_type() != FORM:
            return Answer(415)
        if None in form.values():
            return self.wire("invalid_request")
        client = self.client_of(request, form)
        if not client:
            answer = self.wire("invalid_client.401")
            answer.headers.append(("WWW-Authenticate", 'Basic realm="token"'))
            return answer
        return calls[request.path](request, form, client)

    def claims(self, user, client):
        now = int(time.time())
        other = user.kind == "other"
        email = "mallory@example.com" if other else user.email
        return {"iss": self.url, "aud": client, "iat": now, "exp": now + 300,
                "sub": "248289761009" if other else str(user.number),
                "email": email, "email_verified": user.kind != "unverified",
                "preferred_username": email.partition("@")[0]}

    def _token(self, request, form, client):
        if form.get("grant_type") == DEVICE_GRANT:
            return self._poll(form, client)
        if form.get("grant_type") == "client_credentials":
            return self.wire("tokens_without_id_token")
        if form.get("grant_type") != "password":
            return self.wire("unsupported_grant_type")
        name, password = form.get("username"), form.get("password")
        if not name or password is None:
            return self.wire("invalid_request")
        user = self.bears_password(request, name)
        style = user.throttle_style("date")
        if style:
            return throttled(Answer(429), style)
        if not self.factors.password_is(user, password):
            return self.spoilt(user, self.wire("invalid_grant.400"))
        if user.kind in TEXTS:
            return self.wire(TEXTS[user.kind])
        return self.spoilt(user, self._tokens(user, form, client))

    def _tokens(self, user, form, client):
        scope = form.get("scope", "")
        return self.grant(user, client, "tokens" if "openid" in scope.split()
                          else "tokens_without_id_token", scope)

    def _userinfo(self, request):
        user = self.owner_of(request.bearer())
        if user is None:
            answer = self.wire("userinfo_invalid_token")
            answer.headers.append(
                ("WWW-Authenticate", 'Bearer error="invalid_token"'))
            return answer
        names = {"other": "userinfo_other", "unverified":
                 "userinfo_unverified"}
        return self.wire(names.get(user.kind, "userinfo"), user)

    def _introspect(self, request, form, client):
        user = self.owner_of(form.get("token", ""))
        if user is None:
            return self.wire("introspection_inactive")
        return self.wire("introspection_other" if user.kind == "other"
                         else "introspection_active", user)

    def _device(self, request, form, client):
        answer = self.begin_device(client)
        with self.lock:
            for device in self.devices.values():
                device.setdefault("scope", form.get("scope", ""))
        return answer

    def _poll(self, form, client):
        code = form.get("device_code")
        scope = self.devices.get(code, {}).get("scope", "")
        state, user = self.poll_device(code, client)
        if state == "approved":
            return self._tokens(user, {"scope": scope}, client)
        return self.wire({
            "pending": "authorization_pending", "slow_down": "slow_down",
            "expired": "expired_token", "denied": "access_denied",
            "invalid": "invalid_grant.400"}[state])

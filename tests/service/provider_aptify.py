# SPDX-License-Identifier: MIT
"""The Aptify SOA services: Login of seven providers, UserInformation, Logout.

Does not know: HTTP.
"""
import secrets

from provider_base import FORM, Simulator
from provider_http import Answer, throttled

BASE = "/AptifyServicesAPI/services/"
PROVIDERS = ("sql", "domain", "web", "vnext", "domainwithcontainer",
             "sqlneedsinputwithcontainer", "ebusinesswebuser")


class Aptify(Simulator):
    folder = "aptify"

    def __init__(self, url):
        super().__init__(url)
        # The status of a failure is not documented: 200 or 401.
        self.settings["bad_status"] = 200

    def user_values(self, user):
        return {**super().user_values(user),
                '"UserId":1,': f'"UserId":{user.number},'}

    def respond(self, request):
        if not request.path.startswith(BASE):
            return self.wire("not_found")
        parts = request.path.removeprefix(BASE).split("/")
        if parts[:2] == ["Authentication", "Login"] and len(parts) == 3:
            return self._login(request, parts[2])
        if parts not in (["UserInformation"], ["Authentication", "Logout"]):
            return self.wire("not_found")
        return self._protected(request, parts[-1])

    def _fields(self, request):
        if request.method == "GET":
            return request.query
        if request.media_type() == FORM:
            return request.form()
        if request.media_type() == "application/json":
            return request.json() or {}
        return {}

    def _login(self, request, provider):
        if provider.lower() not in PROVIDERS:
            return self.wire("not_found")
        if request.method not in ("GET", "POST"):
            return Answer(405)
        fields = self._fields(request)
        # Their letters' case counts.
        name, password = fields.get("UserName"), fields.get("Password")
        if not name or not password:
            return self.wire(f"bad.{self.settings['bad_status']}")
        user = self.bears_password(request, name)
        style = user.throttle_style("seconds")
        if style:
            return throttled(Answer(429), style)
        if user.kind == "locked":
            return self.wire("locked")
        if (not self.factors.password_is(user, password)
                or user.kind in ("disabled", "expired", "policy")):
            return self.spoilt(
                user, self.wire(f"bad.{self.settings['bad_status']}"))
        return self.spoilt(user, self._token(user, provider))

    def _token(self, user, provider):
        token = secrets.token_hex(16)
        self.tokens[token] = (user, provider.lower())
        name = "other_user" if user.kind == "other" else "good"
        return self.wire(name, user, **{
            "2f1c6a5e-9d3b-4c7f-8a21-5b0e6d4f9c12": token})

    def _protected(self, request, call):
        """What needs a token is not there without one: 404."""
        value = request.headers.get("aptifyauthorization", "")
        provider, _, token = value.partition(" ")
        user, granted = self.tokens.get(token, (None, None))
        if user is None or provider.lower() != granted:
            return self.wire("not_found")
        request.user = user.email
        if call == "Logout":
            with self.lock:
                del self.tokens[token]
            return self.wire("logout")
        name = ("user_information_other" if user.kind == "otherinfo"
                else "user_information")
        return self.wire(name, user, **{
            "2f1c6a5e-9d3b-4c7f-8a21-5b0e6d4f9c12": token})

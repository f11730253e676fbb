# SPDX-License-Identifier: MIT
"""PingOne: the token of a worker application, the user look-up, the password
check and the mail with a recovery code, all of one environment.

Does not know: HTTP.
"""
import json
import re
import secrets

from provider_base import FORM, Simulator
from provider_http import throttled
from provider_users import User

ENVIRONMENT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
MEDIA = "application/vnd.pingidentity.password."
MAXIMUM_FAILURES = 5
CHECKS = {"mustchange": "check_must_change", "expired": "check_expired",
          "locked": "check_locked", "policy": "check_not_usable"}


class PingOne(Simulator):
    folder = "pingone"

    def __init__(self, url):
        self.users = {}  # id -> User
        super().__init__(url)

    def user_values(self, user):
        return {**super().user_values(user),
                "/users/U": "/users/" + user.uuid,
                '"U"': json.dumps(user.uuid), '"E"': json.dumps(ENVIRONMENT)}

    def respond(self, request):
        if request.path == f"/{ENVIRONMENT}/as/token":
            return self._token(request)
        prefix = f"/v1/environments/{ENVIRONMENT}/users"
        if not request.path.startswith(prefix):
            return self.wire("not_found")
        if request.bearer() not in self.tokens:
            return self.wire("access_failed_token")
        rest = request.path.removeprefix(prefix).strip("/").split("/")
        if rest == [""]:
            return self._find(request)
        user = self.users.get(rest[0])
        if user is None or rest[1:] != ["password"]:
            return self.wire("not_found")
        return self._password(request, user)

    def claims(self, user, client):
        return {}

    def _token(self, request):
        form = request.form()
        if request.method != "POST" or request.media_type() != FORM:
            return self.wire("invalid_request")
        client = self.client_of(request, form)
        if not client:
            return self.wire("token_invalid_client")
        if form.get("grant_type") != "client_credentials":
            return self.wire("token_unauthorized_client")
        return self.grant(User("worker"), client, "token")

    def _find(self, request):
        match = re.fullmatch(r'(email|username) eq "((?:[^"\\]|\\.)*)"',
                             request.query.get("filter", ""))
        if request.method != "GET" or not match:
            return self.wire("invalid_request")
        user = User(re.sub(r"\\(.)", r"\1", match[2]))
        request.user = user.email
        if not user.is_known:
            return self.wire("users_none")
        self.users[user.uuid] = user
        name = {"two": "users_two", "other": "users_other",
                "disabled": "users_disabled"}.get(user.kind, "users_one")
        return self.wire(name, user)

    def _password(self, request, user):
        request.user = user.email
        if request.method != "POST":
            return self.wire("invalid_request")
        kind = request.headers.get("content-type", "")
        if kind == MEDIA + "sendRecoveryCode+json":
            return self._send_code(user)
        if kind != MEDIA + "check+json":
            return self.wire("unsupported")
        body = request.json()
        if body is None or not isinstance(body.get("password"), str):
            return self.wire("invalid_request")
        self.bears_password(request, user.email)
        return self._check(user, body["password"])

    def _send_code(self, user):
        if user.kind in ("disabled", "locked"):
            return self.wire("check_not_usable")
        self.mails.append(user.email)
        return self.wire("recovery_sent", user)

    def _check(self, user, password):
        style = user.throttle_style("body")
        if style:
            return throttled(self.wire("throttled"), style)
        if (user.kind == "locked"
                or self.factors.failures(user) >= MAXIMUM_FAILURES):
            return self.wire("check_locked")
        if user.kind == "disabled":
            return self.wire("check_not_usable")
        if not self.factors.password_is(user, password):
            left = MAXIMUM_FAILURES - self.factors.fail(user)
            answer = self.wire("check_wrong", x=secrets.token_hex(8))
            answer.body = answer.body.replace(
                b'"failuresRemaining":4', b'"failuresRemaining":%d' % left)
            return self.spoilt(user, answer)
        return self.spoilt(user, self.wire(
            CHECKS.get(user.kind, "check_ok"), user))

# SPDX-License-Identifier: MIT
"""An Okta organisation: primary authentication with its factors, the token
endpoint with direct authentication and the device grant, forgotten passwords.

Does not know: HTTP.
"""
import json
import secrets
import threading
import time

from provider_base import DEVICE_GRANT, FORM, Simulator
from provider_http import throttled
from provider_users import User

API_TOKEN = "api-token"
OTP_GRANT = "http://auth0.com/oauth/grant-type/mfa-otp"
OOB_GRANT = "http://auth0.com/oauth/grant-type/mfa-oob"
STATE_SECONDS = 300
FACTORS = {"totp": "totp", "push": "push", "pushreject": "push",
           "pushtimeout": "push", "number": "push", "sms": "sms",
           "call": "call", "mfa": "mfa"}
STATES = {"expired": "authn_password_expired",
          "mustchange": "authn_password_expired",
          "locked": "authn_locked_out", "enroll": "authn_mfa_enroll",
          "warn": "authn_password_warn"}
# Of the token endpoint. What is not here is "ok", or wants a factor.
REFUSALS = {"expired": "password_expired", "mustchange": "password_expired",
            "locked": "credentials_invalid", "disabled": "credentials_invalid",
            "policy": "sign_on_policy", "enroll": "mfa_enabled",
            "sms": "mfa_enabled", "call": "mfa_enabled"}


class Okta(Simulator):
    folder = "okta"

    def __init__(self, url):
        self.states = {}  # state token or mfa_token -> dict
        self.here = threading.local()
        super().__init__(url)

    def user_values(self, user):
        return {**super().user_values(user),
                '"00u1"': json.dumps(user.okta_id),
                '"00sess"': json.dumps("101" + secrets.token_hex(12)),
                "2026-01-01T00:05:00.000Z": time.strftime(
                    "%Y-%m-%dT%H:%M:%S.000Z",
                    time.gmtime(time.time() + STATE_SECONDS))}

    def respond(self, request):
        answer = self._respond(request)
        if not any(n.startswith("X-Rate") for n, _ in answer.headers):
            answer.headers += [("X-Rate-Limit-Limit", "600"),
                               ("X-Rate-Limit-Remaining", "599"),
                               ("X-Rate-Limit-Reset",
                                str(int(time.time()) + 60))]
        return answer

    def _respond(self, request):
        path = request.path
        if path.startswith("/api/v1/"):
            return self._api(request, path.removeprefix("/api/v1"))
        # The organisation's own server, or its custom one.
        self.here.issuer = self.url
        if path.startswith("/oauth2/default/"):
            path = path.replace("/default", "", 1)
            self.here.issuer += "/oauth2/default"
        calls = {"/oauth2/v1/token": self._token,
                 "/oauth2/v1/challenge": self._challenge,
                 "/oauth2/v1/device/authorize": self._device}
        if path not in calls:
            return self.wire("error_E0000007")
        if request.method != "POST":
            return self.wire("error_E0000022")
        form = request.form()
        if request.media_type() != FORM or None in form.values():
            return self.wire("token_invalid_request")
        client = self.client_of(request, form)
        if not client:
            return self.wire("token_invalid_client")
        return calls[path](request, form, client)

    # --- primary authentication ----------------------------------------------

    def _api(self, request, path):
        if request.method != "POST":
            return self.wire("error_E0000022")
        if request.media_type() != "application/json" or (
                "application/json" not in request.headers.get("accept", "")):
            return self.wire("error_E0000021")
        body = request.json()
        if body is None:
            return self.wire("error_E0000003")
        token = request.bearer("SSWS")
        if token and token != API_TOKEN:
            return self.wire("error_E0000011")
        if path == "/authn":
            return self._authn(request, body)
        if path == "/authn/recovery/password":
            return self._recovery(body, bool(token))
        if path.startswith("/users/"):
            return self._change_by_api(request, body, path, bool(token))
        if not path.startswith("/authn/"):
            return self.wire("error_E0000007")
        return self._state_call(request, body, path.removeprefix("/authn/"))

    def _authn(self, request, body):
        name, password = body.get("username"), body.get("password")
        if not isinstance(name, str) or not isinstance(password, str):
            return self.wire("error_E0000001")
        user = self.bears_password(request, name)
        style = user.throttle_style("reset")
        if style:
            return throttled(self.wire("error_E0000047"), style)
        if user.kind == "locked":
            return self.wire("authn_locked_out")
        if (not self.factors.password_is(user, password)
                or user.kind in ("disabled", "policy")):
            return self.spoilt(user, self.wire("error_E0000004"))
        if user.kind == "other":
            return self.wire("authn_other_user")
        if user.kind == "warn" and not body.get("options", {}).get(
                "warnBeforePasswordExpired"):
            return self.wire("authn_success", user)
        if user.kind in STATES:
            return self._in_state(STATES[user.kind], user)
        if user.kind in FACTORS:
            suffix = FACTORS[user.kind]
            return self._in_state(
                "authn_mfa_required" + ("" if suffix == "mfa"
                                        else "_" + suffix), user)
        return self.spoilt(user, self.wire("authn_success", user))

    def _in_state(self, name, user, token=None):
        if token is None:
            token = "00" + secrets.token_urlsafe(20)
            with self.lock:
                self.states[token] = {"user": user, "name": name, "wrong": 0,
                                      "until": time.monotonic() +
                                      STATE_SECONDS}
        else:
            self.states[token]["name"] = name
        return self.wire(name, user, **{"00st": token})

    def _state_call(self, request, body, path):
        token = body.get("stateToken")
        state = self.states.get(token)
        if state is None or time.monotonic() > state["until"]:
            return self.wire("error_E0000011")
        request.user = state["user"].email
        if path == "cancel":
            del self.states[token]
            return self.wire("authn_cancel")
        if path == "skip":
            if state["name"] != "authn_password_warn":
                return self.wire("error_E0000079")
            return self._done(token)
        if path == "credentials/change_password":
            return self._change(request, body, token)
        parts = path.split("/")
        if parts[0] == "factors" and parts[2:3] == ["verify"]:
            return self._verify(body, token, parts[1], "resend" in parts)
        return self.wire("error_E0000007")

    def _done(self, token):
        state = self.states.pop(token)
        return self.wire("authn_success", state["user"])

    # --- factors -------------------------------------------------------------

    def _verify(self, body, token, factor, is_resend):
        state = self.states[token]
        user = state["user"]
        has = FACTORS.get(user.kind)
        mine = {"totp": ("ost1",), "push": ("opf1",), "sms": ("sms1",),
                "call": ("clf1",), "mfa": ("ost1", "opf1")}.get(has, ())
        if factor not in mine:
            return self.wire("error_E0000007")
        if not state["name"].startswith("authn_mfa_"):
            return self.wire("error_E0000079")
        if factor == "opf1":
            return self._push(token, user, is_resend)
        code = body.get("passCode")
        if factor == "ost1" and not isinstance(code, str):
            return self.wire("error_E0000001")
        if factor != "ost1" and (code is None or is_resend):
            return self._message(token, user, has)
        return self._code(token, user, factor, code)

    def _message(self, token, user, kind):
        if not self.factors.send_message(user):
            return self.wire("error_E0000133" if kind == "call"
                             else "error_E0000109")
        return self._in_state("authn_mfa_challenge_" + kind, user, token)

    def _code(self, token, user, factor, code):
        state = self.states[token]
        if state["wrong"] >= 5:
            return self.wire("error_E0000069")
        if factor == "ost1":
            result = self.factors.check_totp(user, code)
        else:
            result = ("right" if self.factors.check_message(user, code)
                      else "wrong")
        if result == "right":
            return self._done(token)
        state["wrong"] += 1
        return self.wire("error_E0000082" if result == "replayed"
                         else "error_E0000068")

    def _push(self, token, user, is_resend):
        state = self.states[token]
        waiting = state["name"] in ("authn_mfa_challenge_waiting",
                                    "authn_mfa_challenge_number")
        if not waiting or is_resend:
            self.factors.begin_push(user)
            result = "WAITING"
        else:
            result = self.factors.poll_push(user)
        if result == "SUCCESS":
            return self._done(token)
        if result != "WAITING":
            return self._in_state("authn_mfa_challenge_" + result.lower(),
                                  user, token)
        if user.kind != "number":
            return self._in_state("authn_mfa_challenge_waiting", user, token)
        answer = self._in_state("authn_mfa_challenge_number", user, token)
        shown = b'"correctAnswer":%d' % self.factors.push(user)["number"]
        answer.body = answer.body.replace(b'"correctAnswer":95', shown)
        return answer

    # --- passwords -----------------------------------------------------------

    def _recovery(self, body, is_trusted):
        name = body.get("username")
        if not isinstance(name, str) or body.get("factorType") not in (
                None, "EMAIL", "SMS", "CALL"):
            return self.wire("error_E0000001")
        user = User(name)
        if is_trusted and not user.is_known:
            return self.wire("error_E0000095")
        if user.kind == "policy":
            return self.wire("error_E0000034")
        if user.is_known:
            self.mails.append(user.email)
        return self.wire("recovery_challenge")

    def _set_password(self, request, user, old, new):
        """Returns the refusal, or None once the password is changed."""
        if not isinstance(old, str) or not isinstance(new, str):
            return self.wire("error_E0000001")
        self.bears_password(request, user.email)
        if not self.factors.password_is(user, old):
            return self.wire("error_E0000014")
        if len(new) < 8 or new.lower() == new or not any(
                c.isdigit() for c in new):
            return self.wire("error_E0000014_requirements")
        self.factors.set_password(user, new)
        return None

    def _change(self, request, body, token):
        state = self.states[token]
        if state["name"] not in ("authn_password_warn",
                                 "authn_password_expired"):
            return self.wire("error_E0000079")
        refusal = self._set_password(request, state["user"],
                                     body.get("oldPassword"),
                                     body.get("newPassword"))
        return refusal or self._done(token)

    def _change_by_api(self, request, body, path, is_trusted):
        """POST /users/{id or login}/credentials/change_password"""
        name, _, call = path.removeprefix("/users/").partition("/")
        if call != "credentials/change_password":
            return self.wire("error_E0000007")
        if not is_trusted:
            return self.wire("error_E0000011")
        user = User(name)
        if not user.is_known:
            # By the id: that of somebody who has logged in.
            found = [User(email) for email in self.passwords
                     if User(email).okta_id == name]
            if not found:
                return self.wire("error_E0000007")
            user = found[0]
        old, new = body.get("oldPassword"), body.get("newPassword")
        return self._set_password(
            request, user, old.get("value") if isinstance(old, dict) else None,
            new.get("value") if isinstance(new, dict) else None
        ) or self.wire("change_done")

    # --- the token endpoint --------------------------------------------------

    def claims(self, user, client):
        now = int(time.time())
        other = user.kind == "other"
        return {"ver": 1, "sub": "00u9" if other else user.okta_id,
                "iss": self.here.issuer, "aud": client, "iat": now,
                "exp": now + 3600,
                "jti": "ID." + secrets.token_hex(8), "amr": ["pwd"],
                "idp": "00o1", "name": "Alice A", "auth_time": now,
                "preferred_username":
                    "mallory@example.com" if other else user.email,
                "at_hash": secrets.token_urlsafe(16)}

    def _tokens(self, user, client):
        return self.grant(user, client, "token_tokens", "openid profile")

    def _token(self, request, form, client):
        kind = form.get("grant_type")
        if kind == "password":
            return self._password(request, form, client)
        if kind == DEVICE_GRANT:
            return self._poll(form, client)
        if kind not in (OTP_GRANT, OOB_GRANT):
            return self.wire("token_unsupported_grant_type")
        state = self.states.get(form.get("mfa_token"))
        if state is None or time.monotonic() > state["until"]:
            return self.wire("token_oob_expired")
        request.user = state["user"].email
        if kind == OTP_GRANT:
            result = self.factors.check_totp(state["user"],
                                             form.get("otp", ""))
            if result != "right":
                return self.wire("token_otp_invalid")
        else:
            refusal = self._out_of_band(form, state)
            if refusal:
                return refusal
        del self.states[form["mfa_token"]]
        return self._tokens(state["user"], client)

    def _password(self, request, form, client):
        name, password = form.get("username"), form.get("password")
        if not name or password is None:
            return self.wire("token_invalid_request")
        user = self.bears_password(request, name)
        style = user.throttle_style("reset")
        if style:
            return throttled(self.wire("token_rate_limited"), style)
        if "openid" not in form.get("scope", "").split():
            return self.wire("token_invalid_scope")
        if not self.factors.password_is(user, password):
            return self.spoilt(user, self.wire("token_credentials_invalid"))
        if user.kind in REFUSALS:
            return self.wire("token_" + REFUSALS[user.kind])
        if user.kind in FACTORS:
            token = secrets.token_urlsafe(20)
            with self.lock:
                self.states[token] = {"user": user, "until": time.monotonic()
                                      + STATE_SECONDS}
            return self.wire("token_mfa_required", T=token)
        return self.spoilt(user, self._tokens(user, client))

    def _challenge(self, request, form, client):
        state = self.states.get(form.get("mfa_token"))
        if (state is None or OOB_GRANT not in
                form.get("challenge_types_supported", "").split()):
            return self.wire("token_invalid_request")
        user = state["user"]
        request.user = user.email
        number = self.factors.begin_push(user)
        state["oob_code"] = secrets.token_urlsafe(20)
        state["polled"] = 0.0
        name = "number" if user.kind == "number" else "push"
        answer = self.wire("challenge_" + name, O=state["oob_code"],
                           **{"95": str(number)})
        body = json.loads(answer.body)
        body["interval"] = self.settings["interval"]
        answer.body = json.dumps(body, separators=(",", ":")).encode()
        return answer

    def _out_of_band(self, form, state):
        """Returns the answer to a poll, or None once it is approved."""
        if not state.get("oob_code") or (
                form.get("oob_code") != state["oob_code"]):
            return self.wire("token_oob_expired")
        now = time.monotonic()
        last, state["polled"] = state["polled"], now
        if last and now - last < self.settings["interval"] - 0.5:
            return self.wire("token_slow_down")
        result = self.factors.poll_push(state["user"])
        names = {"WAITING": "authorization_pending",
                 "REJECTED": "oob_rejected", "TIMEOUT": "oob_expired"}
        return None if result == "SUCCESS" else self.wire(
            "token_" + names[result])

    # --- the device grant ----------------------------------------------------

    def _device(self, request, form, client):
        return self.begin_device(client, code_form="{}{}")

    def _poll(self, form, client):
        state, user = self.poll_device(form.get("device_code"), client)
        if state == "approved":
            return self._tokens(user, client)
        return self.wire("token_" + {
            "pending": "authorization_pending", "slow_down": "slow_down",
            "expired": "expired_token", "denied": "oob_rejected",
            "invalid": "device_code_invalid"}[state])

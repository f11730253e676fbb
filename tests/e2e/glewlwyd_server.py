# SPDX-License-Identifier: MIT
"""Debian's glewlwyd, an OpenID Connect server that is not ours, set up without
a person: database, plugins, scope, users and clients by its own API; nginx in
front of it gives TLS and notes the time of each request.

Does not know: extauth.
"""
import http.cookiejar
import json
import os
import urllib.parse
import urllib.request

from extauth_test import PKI, run, start, write

PORT = 14593
TLS_PORT = 9445
URL = f"https://id.example.com:{TLS_PORT}"
LOCAL_URL = f"http://127.0.0.1:{PORT}"
DIRECTORY = "/run/test-glewlwyd"
SCHEMA = "/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3"
MODULES = "/usr/lib/glewlwyd"
SCOPE = "openid logins"

CONFIG = f"""
port = {PORT}
bind_address = "127.0.0.1"
external_url = "{URL}"
login_url = "login.html"
api_prefix = "api"
log_mode = "console"
log_level = "WARNING"
session_key = "GLEWLWYD2_SESSION_ID"
session_expiration = 2419200
admin_scope = "g_admin"
profile_scope = "g_profile"
user_module_path = "{MODULES}/user"
client_module_path = "{MODULES}/client"
user_auth_scheme_module_path = "{MODULES}/scheme"
plugin_module_path = "{MODULES}/plugin"
use_secure_connection = false
secure_connection_key_file = "{PKI}/server.key"
secure_connection_pem_file = "{PKI}/server.pem"
hash_algorithm = "SHA512"
database = {{ type = "sqlite3" path = "{DIRECTORY}/db" }}
"""

# The plugin `hasty` wants 4 s between two polls, and nginx tells the client
# that 1 s will do: this is how an obedient client comes to hear slow_down.
NGINX = f"""
user root;
daemon off;
worker_processes 1;
pid {DIRECTORY}/nginx.pid;
error_log {DIRECTORY}/nginx.log;
events {{ worker_connections 64; }}
http {{
    log_format test escape=json '{{"time": $msec, "target": "$request_uri",'
        ' "status": $status}}';
    access_log {DIRECTORY}/access.log test;
    client_body_temp_path {DIRECTORY}/body;
    proxy_temp_path {DIRECTORY}/proxy;
    fastcgi_temp_path {DIRECTORY}/fastcgi;
    uwsgi_temp_path {DIRECTORY}/uwsgi;
    scgi_temp_path {DIRECTORY}/scgi;
    server {{
        listen 127.0.0.1:{TLS_PORT} ssl;
        server_name id.example.com;
        ssl_certificate {PKI}/server.pem;
        ssl_certificate_key {PKI}/server.key;
        location / {{ proxy_pass {LOCAL_URL}; }}
        location = /api/hasty/device_authorization {{
            proxy_pass {LOCAL_URL};
            sub_filter_types application/json;
            sub_filter '"interval":4' '"interval":1';
        }}
    }}
}}
"""


class Session:
    """One person's (or the administrator's) browser session."""

    def __init__(self, username, password):
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(jar), _StayHere())
        self.call("POST", "/api/auth/",
                  {"username": username, "password": password})

    def call(self, method, path, body=None):
        """Sends a request and returns the answer's URL for a redirect, else
        its JSON, if any; an error status is an exception."""
        request = urllib.request.Request(LOCAL_URL + path, method=method)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        with self.opener.open(request, timeout=10) as answer:
            text = answer.read()
            location = answer.headers.get("Location")
        if location:
            return location
        return json.loads(text) if text[:1] in (b"{", b"[") else None


class _StayHere(urllib.request.HTTPRedirectHandler):
    """Takes a redirect for the answer."""

    def http_error_302(self, req, fp, code, msg, headers):
        return fp


class Glewlwyd:
    """The server; `issuer("oidc")` polls every second, `issuer("hasty")` is
    told to poll faster than it allows."""

    def __init__(self):
        os.makedirs(DIRECTORY, exist_ok=True)
        write(DIRECTORY + "/conf", CONFIG)
        write(DIRECTORY + "/nginx.conf", NGINX)
        with open(SCHEMA, encoding="utf-8") as schema:
            run("sqlite3", DIRECTORY + "/db", input="PRAGMA synchronous=OFF;"
                "BEGIN;" + schema.read() + "COMMIT;", check=True)
        start("/usr/bin/glewlwyd", "--config-file=" + DIRECTORY + "/conf",
              port=PORT, log=DIRECTORY + "/log")
        start("/usr/sbin/nginx", "-c", DIRECTORY + "/nginx.conf",
              port=TLS_PORT, log=DIRECTORY + "/nginx-start.log")
        self.admin = Session("admin", "password")
        self._add_scope()
        self._add_plugin("oidc", interval=1)
        self._add_plugin("hasty", interval=4)

    def _add_scope(self):
        self.admin.call("POST", "/api/scope/", {
            "name": "logins", "display_name": "logins",
            "description": "logins to machines", "password_required": True,
            "password_max_age": 0, "scheme": {}})

    def _add_plugin(self, name, interval):
        self.admin.call("POST", "/api/mod/plugin/", {
            "module": "oidc", "name": name, "display_name": name,
            "enabled": True, "parameters": {
                "iss": self.issuer(name), "jwt-type": "ecdsa",
                "jwt-key-size": "256", "key": _read(f"{PKI}/server.key"),
                "cert": _public_key(), "access-token-duration": 3600,
                "refresh-token-duration": 3600, "code-duration": 600,
                "refresh-token-rolling": False, "allow-non-oidc": True,
                "auth-type-code-enabled": True,
                "auth-type-token-enabled": False,
                "auth-type-id-token-enabled": True,
                "auth-type-none-enabled": False,
                "auth-type-password-enabled": True,
                "auth-type-client-enabled": True,
                "auth-type-device-enabled": True,
                "auth-type-refresh-enabled": False,
                "device-authorization-expiration": 600,
                "device-authorization-interval": interval,
                "introspection-revocation-allowed": True,
                "introspection-revocation-allow-target-client": True,
                "subject-type": "public"}})

    @staticmethod
    def issuer(plugin="oidc"):
        return f"{URL}/api/{plugin}"

    def add_user(self, username, password, enabled=True):
        self.admin.call("POST", "/api/user/", {
            "username": username, "password": password, "name": username,
            "email": username if "@" in username else username
            + "@example.com", "enabled": enabled,
            "scope": ["logins", "openid", "g_profile"]})

    def add_client(self, client_id, secret):
        self.admin.call("POST", "/api/client/", {
            "client_id": client_id, "client_secret": secret,
            "name": client_id, "confidential": True, "enabled": True,
            "authorization_type": ["password", "device_authorization",
                                   "client_credentials"],
            "scope": ["logins", "openid"],
            "token_endpoint_auth_method": ["client_secret_basic"],
            "redirect_uri": ["https://id.example.com/unused"]})

    @staticmethod
    def approve(username, password, client_id, code, plugin="oidc"):
        """Does what a person does in a browser who was shown `code`."""
        person = Session(username, password)
        person.call("PUT", "/api/auth/grant/" + client_id, {"scope": SCOPE})
        query = urllib.parse.urlencode({"code": code, "g_continue": ""})
        location = person.call("GET", f"/api/{plugin}/device?{query}")
        if "deviceComplete" not in (location or ""):
            raise AssertionError(f"{username} could not approve: {location}")

    @staticmethod
    def requests(path=""):
        """Returns the requests whose target holds `path`, oldest first, as
        dicts with time, target and status."""
        with open(DIRECTORY + "/access.log", encoding="utf-8") as log:
            lines = [json.loads(line) for line in log]
        return [line for line in lines if path in line["target"]]

    @staticmethod
    def clear():
        """Forgets the requests so far."""
        os.truncate(DIRECTORY + "/access.log", 0)


def _read(path):
    with open(path, encoding="ascii") as file:
        return file.read()


def _public_key():
    return run("openssl", "pkey", "-in", f"{PKI}/server.key", "-pubout",
               check=True).output

# SPDX-License-Identifier: MIT
"""The hosts that the configurations of extauth-providers(7) name: their names,
one certificate for all of them, nginx in front, the simulators behind it.

Does not know: extauth, the manual.
"""
import json
import os
import urllib.request

from extauth_test import (PKI, SOURCE, port_answers, run, start, wait_until,
                          write)

DIRECTORY = "/run/test-manual"
PASSWORD = "Right-Password-1"
CLIENT_SECRET = "the-secret-of-the-client"
API_KEY = "the key of the platform"
CLIENT = "linux-logins"
NUMBER = "66666666-7777-8888-9999-000000000000"

# Of each simulator: its kind, the URL that it thinks it has, the port that
# only nginx knows (the next one is for control), a client with the secret and
# one without.
SIMULATORS = {
    "rest": ("https://id.example.com", 8500, CLIENT, "-"),
    "oauth2": ("https://sso.example.com/realms/staff", 8510, CLIENT,
               "linux-devices"),
    "okta": ("https://example.okta.com", 8520, "-", "0oa1example"),
    "entra": ("https://login.microsoftonline.com", 8530, "-", NUMBER),
    "pingone": ("https://auth.pingone.com", 8540, NUMBER, "-"),
    "pingfederate": ("https://sso.example.com:9031", 8550, CLIENT, "-"),
    "aptify": ("https://aptify.example.com", 8560, "-", "-"),
}
# What nginx listens to: port, names, path, the simulator behind it.
SITES = (
    (443, "id.example.com", "/", "rest"),
    (443, "sso.example.com", "/realms/staff/", "oauth2"),
    (443, "example.okta.com", "/", "okta"),
    (443, "login.microsoftonline.com", "/", "entra"),
    (443, "api.pingone.com auth.pingone.com", "/", "pingone"),
    (9031, "sso.example.com", "/", "pingfederate"),
    (443, "aptify.example.com", "/", "aptify"),
)
HOSTS = ("intranet.example.com", *" ".join(s[1] for s in SITES).split())

NGINX = """
user root;
daemon off;
worker_processes 1;
pid {directory}/pid;
error_log {directory}/error.log;
events {{ worker_connections 64; }}
http {{
    log_format test escape=json '{{"method": "$request_method",'
        ' "url": "https://$http_host$request_uri", "status": $status}}';
    access_log {directory}/access.log test;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    ssl_certificate {directory}/certificate;
    ssl_certificate_key {directory}/key;
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    server {{
        listen 127.0.0.1:443 ssl;
        server_name intranet.example.com;
        location = /auth {{
            auth_basic "intranet";
            auth_basic_user_file {directory}/users;
            alias {directory}/page;
        }}
    }}
    {sites}
}}
"""

SITE = """
    server {{
        listen 127.0.0.1:{port} ssl;
        server_name {names};
        location {path} {{ proxy_pass https://127.0.0.1:{behind}/; }}
    }}
"""


def start_all():
    """Starts all of it."""
    os.makedirs(DIRECTORY, exist_ok=True)
    _make_certificate()
    with open("/etc/hosts", "a", encoding="ascii") as hosts:
        hosts.write("127.0.0.1 " + " ".join(sorted(set(HOSTS))) + "\n")
    for kind, (url, port, client, public) in SIMULATORS.items():
        start("/usr/bin/python3", SOURCE + "/tests/e2e/manual_simulator.py",
              kind, url, str(port), client, public, DIRECTORY,
              log=DIRECTORY + "/" + kind)
    _start_nginx()
    for kind, (_, port, _, _) in SIMULATORS.items():
        wait_until(lambda port=port: port_answers(port),
                   "the simulator of " + kind)


def _make_certificate():
    """Signs one certificate for all hosts by the tests' own CA."""
    names = ",".join("DNS:" + host for host in sorted(set(HOSTS)))
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
        "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj",
        "/CN=manual", "-addext", "subjectAltName=" + names, "-addext",
        "basicConstraints=critical,CA:FALSE", "-CA", PKI + "/ca.pem", "-CAkey",
        PKI + "/ca.key", "-keyout", DIRECTORY + "/key", "-out",
        DIRECTORY + "/certificate", check=True)


def _start_nginx():
    hashed = run("openssl", "passwd", "-apr1", "-stdin",
                 input=PASSWORD + "\n", check=True).output.strip()
    write(DIRECTORY + "/users", f"alice@example.com:{hashed}\n")
    write(DIRECTORY + "/page", "welcome\n")
    sites = "".join(SITE.format(port=port, names=names, path=path,
                                behind=SIMULATORS[kind][1])
                    for port, names, path, kind in SITES)
    write(DIRECTORY + "/nginx.conf",
          NGINX.format(directory=DIRECTORY, sites=sites))
    start("/usr/sbin/nginx", "-c", DIRECTORY + "/nginx.conf", port=443,
          log=DIRECTORY + "/start.log")


def control(kind, path, **values):
    """Asks a simulator's control port; with values by POST."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{SIMULATORS[kind][1] + 1}{path}",
        json.dumps(values).encode() if values else None)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def set_fault(kind, path=None, answer=None):
    """Has an endpoint give one answer of wire/ to everybody, or ends that."""
    control(kind, "/settings",
            fault={"path": path, "answer": answer} if path else None)


def clear_requests():
    """Forgets the requests so far."""
    os.truncate(DIRECTORY + "/access.log", 0)


def requests():
    """Returns what came since then, as "METHOD URL", oldest first."""
    with open(DIRECTORY + "/access.log", encoding="utf-8") as log:
        lines = [json.loads(line) for line in log]
    return [f"{line['method']} {line['url']}" for line in lines
            if line["method"]]

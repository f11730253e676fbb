#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What real logins leave is counted by status and metrics, and a supporter
sees the decisions without the people."""
import json
import tarfile

from extauth_test import *

PASSWORD = "right Passw0rd of Alice"
WRONG = "a Wrong pass-phrase"
BUNDLE = "/srv/support.tar"

service = Service()
service.users({"alice@example.com": PASSWORD, "bob@example.com": PASSWORD})
write("/etc/pam.d/sshd-like",
      "auth required pam_extauth.so\naccount required pam_extauth.so\n")
add_user("alice")
add_user("bob")
configure(f"""[extauth]
default_provider = main
failure_delay = 10ms
max_failures = 2
[provider main]
type = rest
url = {service.url}/login
ca_file = {PKI}/ca.pem
[service sshd-like]
allow_users = alice,bob
""")


def login(name, password):
    """Logs in through PAM and returns the code."""
    write("/run/observe-password", password + "\n", 0o600)
    return run(BUILD + "/tests/bench/pam_login", "sshd-like", name,
               "/run/observe-password").status


def metrics(*options):
    """Returns samples by their names with labels."""
    lines = extauthctl("metrics", *options).output.splitlines()
    return {line.rsplit(" ", 1)[0]: int(line.rsplit(" ", 1)[1])
            for line in lines if not line.startswith("#")}


def status():
    return json.loads(extauthctl("--json", "status").output)


@test
def paused_user_is_counted():
    mark = LogMark()
    equal(login("bob", PASSWORD), 0, "code")
    for number in range(3):
        equal(login("alice", f"{WRONG} {number}"), 7, "code")
    mark.wait("result=throttled_locally user=alice")
    equal(metrics()["extauth_users_paused"], 1, "paused")
    equal(status()["throttled"], ["alice"], "throttled")
    extauthctl("user", "unlock", "alice")
    equal(metrics()["extauth_users_paused"], 0, "paused")


@test
def certificate_of_the_server_is_told_without_a_login():
    service.clear()
    offline = metrics()
    online = metrics("--online")
    name = "extauth_certificate_not_after_timestamp_seconds"
    server = f'{name}{{kind="server",section="provider",name="main"}}'
    assert server not in offline and online[server] % 86400 == 0, online
    assert offline[f'{name}{{kind="ca",section="provider",name="main"}}'] \
        > online[server] - 86400
    equal(online['extauth_provider_reachable{provider="main"}'], 1, "reached")
    equal(service.requests(), [], "requests")


@test
def supporter_sees_decisions_and_no_people():
    extauthctl("support-bundle", "--output", BUNDLE)
    with tarfile.open(BUNDLE) as archive:
        texts = {member.name.split("/")[1]:
                 archive.extractfile(member).read().decode()
                 for member in archive.getmembers()}
    log = json.loads(texts["log.json"])
    results = [line["result"] for line in log["lines"]]
    for result in ("accepted", "rejected", "throttled_locally"):
        assert result in results, results
    accepted = log["lines"][results.index("accepted")]
    equal(accepted["service"], "sshd-like", "service")
    equal(accepted["http"], 200, "http")
    equal(accepted["provider"], "main", "provider")
    whole = "".join(texts.values())
    for text in ("alice", "bob@", PASSWORD, WRONG, "Passw0rd"):
        assert text not in whole, text


@test
def every_line_of_our_own_can_be_read():
    with tarfile.open(BUNDLE) as archive:
        member = [found for found in archive.getmembers()
                  if found.name.endswith("/MANIFEST.json")][0]
        left_out = json.loads(archive.extractfile(member).read())["left_out"]
    assert "log line that is not as ours are written" not in left_out


run_tests()

# SPDX-License-Identifier: MIT
"""Sets up the parties of tests/bench/login and runs them; runs inside
tests/enter. The goals are those of the design: extauth at most 1.15 times the
curl program, 0.7 times pam_exec with curl, 0.35 times pam_unix."""
import os
import sys

sys.path.insert(0, os.environ["EXTAUTH_SOURCE"] + "/tests/e2e")
from extauth_test import *  # noqa: E402

EMAIL = "alice@example.com"
PASSWORD = "right-password"
PASSWORD_FILE = "/run/bench-password"
BENCH = BUILD + "/tests/bench"
EXEC_SCRIPT = f"""#!/bin/sh
password=$(tr -d '\\0')
printf 'user = "%s:%s"\\n' {EMAIL} "$password" |
    exec curl -sf -o /dev/null --capath /etc/ssl/certs --cacert {PKI}/ca.pem -K - "$URL"
"""


def pam_service(name, line):
    write(f"/etc/pam.d/{name}",
          f"auth {line}\naccount required pam_permit.so\n")


def login(service, user="alice"):
    return [BENCH + "/pam_login", service, user, PASSWORD_FILE]


def set_up(nginx, ca_file):
    configure("[extauth]\ndefault_provider = main\n[provider main]\n"
              f"type = basic\nurl = {nginx.url}/auth\n{ca_file}")


rounds = sys.argv[1]
nginx = Nginx()
nginx.users({EMAIL: PASSWORD})
write(PASSWORD_FILE, PASSWORD + "\n", 0o600)
add_user("alice")
add_local_user("local", PASSWORD)
set_up(nginx, f"ca_file = {PKI}/ca.pem\n")
write("/usr/local/bin/bench-exec",
      EXEC_SCRIPT.replace("$URL", nginx.url + "/auth"), 0o755)
write("/run/bench-curl",
      f'user = "{EMAIL}:{PASSWORD}"\ncacert = "{PKI}/ca.pem"\n', 0o600)
pam_service("bench-null", "required pam_permit.so")
pam_service("bench-extauth", "required pam_extauth.so")
pam_service("bench-idle", "[default=ignore] pam_extauth.so\n"
                          "auth required pam_permit.so")
pam_service("bench-exec",
            "required pam_exec.so expose_authtok quiet "
            "/usr/local/bin/bench-exec")
pam_service("bench-unix", "required pam_unix.so")

parties = [
    ["curl program, one CA file", "/usr/bin/curl", "-sf", "-o", "/dev/null",
     "-K", "/run/bench-curl", nginx.url + "/auth"],
    ["extauth, one CA file", *login("bench-extauth")],
    ["pam_exec + sh + curl", *login("bench-exec")],
    ["pam_unix, yescrypt", *login("bench-unix", "local")],
    ["no module asked (pam_permit)", *login("bench-null")],
    ["extauth loaded, local user", *login("bench-idle", "local")],
]
command = [BENCH + "/interleave", rounds]
for party in parties:
    command += party + ["--"]
result = run(*command[:-1], timeout=3600, check=True)
print(f"One cold login against nginx on loopback, TLS 1.3, {rounds} rounds")
print(result.output)

wall = [float(line.split()[-3]) for line in result.output.splitlines()[1:]]
goals = [("extauth / curl program", wall[1] / wall[0], 1.15),
         ("extauth / pam_exec + curl", wall[1] / wall[2], 0.7),
         ("extauth / pam_unix", wall[1] / wall[3], 0.35)]
for name, ratio, goal in goals:
    print(f"{name:34} {ratio:6.2f}   goal <= {goal:4.2f}   "
          f"{'met' if ratio <= goal else 'MISSED'}")
idle = wall[5] - wall[4]
print(f"{'loaded but not asked':34} {idle:+6.2f} ms goal <= 0.30   "
      f"{'met' if idle <= 0.3 else 'MISSED'}")

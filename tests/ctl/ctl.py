# SPDX-License-Identifier: MIT
"""What the tests of extauthctl share: run it, write the configuration, a small
web service on loopback, TAP output.

Does not know: what any test expects.
"""
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading

REGISTRY = "/var/lib/extauth"
CONFIG = "/etc/extauth/conf.d/test.conf"


class Service(http.server.BaseHTTPRequestHandler):
    """Says yes to the password "right", or to everybody; to a path of
    `answers`, what stands there."""
    requests = []
    says_yes_to_all = False
    answers = {}

    def say(self, status, answer=None):
        """Sends a status, and a JSON object if there is one."""
        body = b"" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        """Answers a login."""
        length = int(self.headers.get("Content-Length", 0))
        text = self.rfile.read(length).decode()
        if self.path in Service.answers:
            Service.requests.append({"path": self.path, "body": text})
            self.say(*Service.answers[self.path])
            return
        body = json.loads(text)
        Service.requests.append(body)
        good = Service.says_yes_to_all or body["password"] == "right"
        self.say(200 if good else 401)

    def do_GET(self):
        """Answers a forgotten password."""
        Service.requests.append({"path": self.path})
        self.say(*Service.answers.get(self.path, (200,)))

    def log_message(self, format, *args):
        """Keeps quiet."""


SERVER = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
PORT = SERVER.server_address[1]
threading.Thread(target=SERVER.serve_forever, daemon=True).start()


def run(*words, stdin=""):
    """Runs extauthctl; returns its exit status and what it wrote."""
    done = subprocess.run(["/usr/sbin/extauthctl", *words], input=stdin,
                          capture_output=True, text=True, check=False)
    done.all = done.stdout + done.stderr
    return done


def good(*words, stdin=""):
    """As run, and the exit status has to be 0."""
    done = run(*words, stdin=stdin)
    assert done.returncode == 0, f"{words}: {done.returncode}: {done.all}"
    return done


def document(*words, stdin=""):
    """Runs it with --json; returns the document."""
    return json.loads(run("--json", *words, stdin=stdin).stdout)


def findings(*words):
    """Runs check; returns the findings by id."""
    return {found["id"]: found for found in document("check", *words)}


def write(path, text, mode=0o644):
    """Writes a file with that mode."""
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)


def configure(more="", general=""):
    """Writes the configuration: one provider, the service above."""
    write(CONFIG, f"""[extauth]
default_provider = main
{general}
[provider main]
type = rest
url = http://127.0.0.1:{PORT}/login
insecure_http = yes
forgot_password_url = http://127.0.0.1:{PORT}/forgot?e={{{{USEREMAIL}}}}
{more}
""")


def begin():
    """Puts everything back to how a test finds it."""
    shutil.rmtree(f"{REGISTRY}/sync", ignore_errors=True)
    for name in os.listdir(REGISTRY) if os.path.isdir(REGISTRY) else ():
        os.unlink(f"{REGISTRY}/{name}")
    shutil.rmtree("/run/extauth", ignore_errors=True)
    shutil.rmtree("/etc/extauth/secrets", ignore_errors=True)
    Service.requests.clear()
    Service.says_yes_to_all = False
    Service.answers = {}
    configure()


def main(tests):
    """Runs all tests and writes TAP."""
    failed = 0
    print(f"1..{len(tests)}")
    for number, test in enumerate(tests, 1):
        begin()
        try:
            test()
            print(f"ok {number} - {test.__name__}")
        except Exception as error:  # pylint: disable=broad-except
            failed += 1
            print(f"not ok {number} - {test.__name__}")
            place = error.__traceback__
            while place.tb_next:
                place = place.tb_next
            print(f"# line {place.tb_lineno}: {type(error).__name__}: "
                  + str(error).replace("\n", "\n# "))
        sys.stdout.flush()
    sys.exit(failed != 0)


__all__ = ["CONFIG", "PORT", "REGISTRY", "Service", "begin",
           "configure", "document", "findings", "good", "main", "run",
           "write"]

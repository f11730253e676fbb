#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""extauthctl: secrets, configuration, trials, checks, usage."""
import glob
import os
import pty
import re
import stat
import subprocess

from ctl import (CONFIG, PORT, REGISTRY, Service, configure, document,
                 findings, good, main, run, write)

SECRETS = "/etc/extauth/secrets"


def add_alice():
    """Registers alice."""
    good("user", "add", "alice", "--email", "alice@example.com")


def usage_errors_are_64():
    for words in ([], ["nonsense"], ["user"], ["user", "add"],
                  ["user", "add", "a", "b"], ["user", "list", "--nonsense"],
                  ["user", "add", "a"], ["--nonsense"],
                  ["user", "add", "a", "--email"],
                  ["user", "export", "--format", "xml"]):
        assert run(*words).returncode == 64, words
    assert 'did you mean "user list"' in run("user", "lst").stderr
    assert 'did you mean "status"' in run("statsu").stderr


def a_change_that_cannot_begin_leaves_standard_input_alone():
    os.rename(REGISTRY, REGISTRY + ".away")
    write(REGISTRY, "")
    done = subprocess.run(
        "strace -f -e trace=close -o /tmp/closed extauthctl user disable a",
        shell=True, check=False, stdin=subprocess.PIPE)
    os.unlink(REGISTRY)
    os.rename(REGISTRY + ".away", REGISTRY)
    with open("/tmp/closed", encoding="ascii") as trace:
        assert "close(0)" not in trace.read()
    assert done.returncode == 2


def every_command_has_help_with_an_example():
    lines = good("--help").stdout.splitlines()
    names = [line[2:25].split() for line in lines if line.startswith("  ")]
    names = [[word for word in words if word.islower()] for words in names]
    names = [words for words in names if words and words[0] != "extauthctl"]
    assert len(names) > 20, names
    for words in names:
        assert "Example:\n  extauthctl " in good(*words, "--help").stdout
    assert good("--version").stdout.startswith("extauthctl ")


def writing_needs_root():
    done = subprocess.run(["/usr/sbin/extauthctl", "user", "add", "a",
                           "--email", "a@example.com"], user=65534,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "root" in done.stderr, done.stderr


def secret_is_written_for_root_alone():
    good("secret", "set", "api-key", stdin="s3cret\n")
    with open(f"{SECRETS}/api-key", encoding="utf-8") as file:
        assert file.read() == "s3cret"
    assert stat.S_IMODE(os.stat(SECRETS).st_mode) == 0o700
    assert stat.S_IMODE(os.stat(f"{SECRETS}/api-key").st_mode) == 0o600
    assert os.listdir(SECRETS) == ["api-key"]
    assert good("secret", "list").stdout == "api-key\n"
    assert document("secret", "list") == ["api-key"]
    good("secret", "remove", "api-key")
    assert run("secret", "remove", "api-key").returncode == 1


def empty_secret_and_wrong_names_are_refused():
    for name, text in (("a", ""), ("a", "\n"), ("../a", "x"), (".a", "x")):
        assert run("secret", "set", name, stdin=text).returncode == 1, name
    assert not os.path.exists(f"{SECRETS}/a")


def config_show_says_where_a_value_is_from():
    shown = {row["key"]: row for row in document("config", "show")
             if row["section"] in ("extauth", "provider main")}
    assert shown["default_provider"]["value"] == "main"
    assert shown["default_provider"]["origin"] == f"{CONFIG}:2"
    assert shown["shell"]["origin"] == "default"
    text = good("config", "show", "--origin").stdout
    assert f"# {CONFIG}:2\ndefault_provider" in text


def config_show_masks_literals():
    configure("header = X-Api-Key: hunter2\n"
              "header = Authorization: Bearer {{SECRET:tok}}\n"
              "header = X-Plain: visible")
    text = good("config", "show").stdout
    assert "hunter2" not in text and "X-Api-Key: ***" in text
    assert "Bearer {{SECRET:tok}}" in text and "visible" in text


def broken_configuration_is_78_with_the_line():
    write(CONFIG, "[extauth]\nshel = /bin/sh\n")
    for words in (["config", "show"], ["test-login", "alice"],
                  ["user", "add", "a", "--email", "a@example.com"]):
        done = run(*words)
        assert done.returncode == 78, (words, done.all)
        assert f"{CONFIG}:2: [extauth] shel: " in done.stderr
    assert f"{CONFIG}:2:" in findings()["config"]["text"]
    assert run("--config", "/nonexistent", "config", "show").returncode == 78


def test_login_tells_yes_no_and_cannot_tell():
    add_alice()
    done = run("test-login", "alice", stdin="right\n")
    assert done.returncode == 0 and "accepted" in done.stdout, done.all
    assert "chosen by: default" in done.stdout
    done = run("test-login", "alice@example.com", stdin="wrong\n")
    assert done.returncode == 1 and "rejected" in done.stdout, done.all
    assert [body["password"] for body in Service.requests] \
        == ["right", "wrong"]
    assert "right" not in run("test-login", "alice", stdin="right\n").all
    configure("method = PUT")
    assert run("test-login", "alice", stdin="right\n").returncode == 2
    assert run("test-login", "nobodyhere", stdin="x\n").returncode == 1
    assert not os.path.exists("/run/extauth") or not os.listdir("/run/extauth")


def test_login_refuses_as_pam_would():
    add_alice()
    good("user", "disable", "alice")
    done = run("test-login", "alice", stdin="right\n")
    assert done.returncode == 1 and "disabled" in done.stdout, done.all
    good("user", "enable", "alice")
    configure("[service sudo]\nallow_users = bob")
    done = run("test-login", "alice", "--service", "sudo", stdin="right\n")
    assert done.returncode == 1 and "service_not_allowed" in done.stdout
    assert run("test-login", "alice", stdin="\n").returncode == 1
    assert not Service.requests


def name_clash_is_refused_before_anything_is_sent():
    add_alice()
    write("/etc/passwd", open("/etc/passwd", encoding="utf-8").read()
          + "alice:x:1301:1301::/:/bin/sh\n")
    done = run("test-login", "alice", stdin="right\n")
    text = open("/etc/passwd", encoding="utf-8").read()
    write("/etc/passwd", "".join(line for line in text.splitlines(True)
                                 if not line.startswith("alice:")))
    assert done.returncode == 1 and "name_clash" in done.stdout, done.all
    assert not Service.requests


def dry_run_sends_nothing_and_masks():
    add_alice()
    configure("header = X-Api-Key: {{SECRET:key}}")
    good("secret", "set", "key", stdin="topsecret")
    report = document("test-login", "alice", "--dry-run")
    text = "\n".join(report["trace"])
    assert f"POST http://127.0.0.1:{PORT}/login" in text, report
    assert "alice@example.com" in text and "topsecret" not in text
    assert not Service.requests


def configure_device():
    """One provider that wants no password, and what it answers."""
    base = f"http://127.0.0.1:{PORT}"
    write(CONFIG, f"""[extauth]
default_provider = main
[provider main]
type = oauth2
grant = device
client_id = host
client_auth = none
insecure_http = yes
token_url = {base}/token
device_authorization_url = {base}/device
userinfo_url = {base}/me
identity_from = userinfo
""")
    Service.answers = {
        "/device": (200, {
            "device_code": "dc", "user_code": "WDJB-MJHT", "interval": 1,
            "expires_in": 60, "verification_uri": f"{base}/here"}),
        "/token": (200, {"access_token": "at", "token_type": "Bearer"}),
        "/me": (200, {"sub": "1", "email": "alice@example.com"}),
    }


def device_login_is_tried_without_a_password():
    add_alice()
    configure_device()
    done = run("test-login", "alice", "--second-factor", stdin="\n")
    assert done.returncode == 0 and "accepted" in done.stdout, done.all
    assert [request["path"] for request in Service.requests] \
        == ["/device", "/token", "/me"]
    assert "dc" not in done.stdout.split(), done.all


def without_a_person_no_second_factor_is_tried():
    add_alice()
    configure_device()
    done = run("test-login", "alice", stdin="\n")
    assert done.returncode == 1, done.all
    assert "second_factor_needed" in done.stdout, done.all
    assert not Service.requests


def dry_run_shows_all_requests_of_a_login():
    add_alice()
    configure_device()
    report = document("test-login", "alice", "--dry-run")
    text = "\n".join(report["trace"])
    for path in ("/device", "/token", "/me"):
        assert f":{PORT}{path}" in text, text
    assert not Service.requests


def forgot_password_is_sent_once_in_ten_minutes():
    add_alice()
    good("forgot-password", "alice")
    assert run("forgot-password", "alice").returncode == 1
    assert [request["path"] for request in Service.requests] \
        == ["/forgot?e=alice%40example.com"]


def status_shows_counts():
    add_alice()
    report = document("status")
    assert report["configuration"] == "ok" and report["enabled"] == 1
    assert report["providers"] == ["main"] and report["generation"] == 1
    assert report["nsswitch"] is True and report["throttled"] == []
    write(CONFIG, "[nonsense]\n")
    assert run("status").returncode == 78


def sound_set_up_has_no_errors_or_warnings():
    add_alice()
    done = run("check")
    assert done.returncode == 0, done.all
    assert "service_open" in done.stdout


def check_finds_literals_and_missing_secrets():
    configure("header = X-Api-Key: hunter2\n"
              "header = Authorization: Bearer {{SECRET:tok}}")
    found = findings()
    assert "extauthctl secret set" in found["literal_secret"]["mend"]
    assert found["secret_missing"]["mend"] == "extauthctl secret set tok"
    assert "hunter2" not in str(found)
    assert run("check").returncode == 1


def check_finds_wrong_modes_and_damage():
    add_alice()
    os.chmod(f"{REGISTRY}/registry", 0o644)
    assert f"{REGISTRY}/registry" in findings()["mode"]["text"]
    os.chmod(f"{REGISTRY}/registry", 0o600)
    with open(f"{REGISTRY}/nss", "r+b") as file:
        file.seek(20)
        file.write(b"\xff\xff")
    assert "nss" in findings()["registry"]["text"]
    os.unlink(f"{REGISTRY}/nss")
    assert "only one" in findings()["registry"]["text"]


def check_finds_two_generations():
    add_alice()
    old = open(f"{REGISTRY}/nss", "rb").read()
    good("user", "disable", "alice")
    with open(f"{REGISTRY}/nss", "wb") as file:
        file.write(old)
    assert findings()["registry_generation"]["level"] == "error"


def changed(path, change):
    """Changes a file for the length of a with statement."""
    class Changed:
        """Keeps the old text."""
        def __enter__(self):
            with open(path, encoding="utf-8") as file:
                self.text = file.read()
            write(path, change(self.text))

        def __exit__(self, *ignored):
            write(path, self.text)
    return Changed()


def check_flags_required_in_the_pam_stack():
    with changed("/etc/pam.d/sudo", lambda text:
                 "auth required pam_extauth.so nonsense\n" + text):
        found = findings()
    assert found["pam_required"]["level"] == "error"
    assert "/etc/pam.d/sudo:1" in found["pam_required"]["text"]
    assert "nonsense" in found["pam_option"]["text"]
    assert "pam_required" not in findings()


def check_flags_auth_without_account():
    with changed("/etc/pam.d/common-account", lambda text: "".join(
            line for line in text.splitlines(True)
            if "pam_extauth" not in line)):
        assert "pam_account" in findings()
    assert "pam_account" not in findings()


def check_finds_local_users_who_do_not_jump_over_our_line():
    path = "/etc/pam.d/common-account"
    line = "account optional pam_warn.so\n"

    def put_between(text):
        lines = text.splitlines(keepends=True)
        [ours] = [n for n, each in enumerate(lines) if "pam_extauth" in each]
        return "".join(lines[:ours] + [line] + lines[ours:])
    with changed(path, put_between):
        assert findings()["pam_local"]["level"] == "error"
    with changed(path, lambda text: re.sub(".*pam_localuser.*\n", "", text)):
        assert "pam_local" in findings()
    with changed(path, lambda text: line + text):
        assert "pam_local" not in findings()


def check_finds_registered_users_whom_no_module_is_asked_about():
    add_alice()

    def without_us(text):
        return re.sub(".*pam_extauth.*\n", "", text)
    with changed("/etc/pam.d/common-auth", without_us), \
            changed("/etc/pam.d/common-account", without_us):
        assert findings()["pam_absent"]["level"] == "error"
        with changed("/etc/nsswitch.conf",
                     lambda text: text.replace(" extauth", "")):
            assert findings()["pam_absent"]["level"] == "warning"
    assert "pam_absent" not in findings()


def check_reads_nsswitch():
    path = "/etc/nsswitch.conf"
    with changed(path, lambda text: text.replace(" extauth", "")):
        assert findings()["nsswitch"]["level"] == "warning"
        assert document("status")["nsswitch"] is False
    with changed(path, lambda text: text.replace(" extauth", "").replace(
            "files", "extauth files")):
        assert findings()["nsswitch_order"]["level"] == "error"
    with changed(path, lambda text: text.replace(
            "extauth", "files [NOTFOUND=return] extauth")):
        assert "NOTFOUND" in findings()["nsswitch_order"]["text"]
    assert "nsswitch" not in findings()


def check_tries_the_module_that_libc_will_load():
    [path] = glob.glob("/usr/lib/*/libnss_extauth.so.2")
    os.rename(path, path + ".away")
    found = findings()["nss_module"]
    write(path, "not a library")
    broken = findings()["nss_module"]
    os.rename(path + ".away", path)
    assert found["level"] == "error" and "libnss-extauth" in found["mend"]
    assert "libnss_extauth.so.2" in found["text"] + broken["text"]
    assert "nss_module" not in findings()


def check_reads_sshd_config():
    path = "/etc/ssh/sshd_config"
    with changed(path, lambda text: "UsePAM no\nLoginGraceTime 1m\n"
                 "AllowUsers alice@example.com root\n" + text):
        found = findings()
    assert found["sshd_pam"]["level"] == "error"
    assert "60s" in found["sshd_grace"]["text"]
    assert "alice@example.com" in found["sshd_users"]["text"]
    assert "sshd_pam" not in findings()
    with changed(path, lambda text: "Include sshd_config.d/*.conf\n" + text):
        os.makedirs("/etc/ssh/sshd_config.d", exist_ok=True)
        write("/etc/ssh/sshd_config.d/zz.conf", "DenyUsers a@example.com\n")
        found = findings()
        os.unlink("/etc/ssh/sshd_config.d/zz.conf")
    assert "zz.conf:1" in found["sshd_users"]["text"]
    with changed(path, lambda text: "KbdInteractiveAuthentication no\n" + text):
        assert findings()["sshd_interactive"]["level"] == "note"
        with changed(CONFIG, lambda text: re.sub("forgot.*", "", text)):
            assert "sshd_interactive" not in findings()
        configure_device()
        assert findings()["sshd_interactive"]["level"] == "warning"


def check_online_wants_a_made_up_user_refused():
    found = findings("--online")
    assert found["refused"]["level"] == "note", found
    assert len(Service.requests) == 1
    assert Service.requests[0]["email"].startswith("extauth-check-")
    assert Service.requests[0]["email"].endswith("@example.invalid")
    Service.says_yes_to_all = True
    assert findings("--online")["accepts_everybody"]["level"] == "error"
    assert run("check", "--online").returncode == 1


def check_online_says_what_to_do_about_a_dead_provider():
    write(CONFIG, "[extauth]\ndefault_provider = main\n[provider main]\n"
          "type = rest\nurl = https://127.0.0.1:1/login\n")
    mend = findings("--online")["unavailable"]["mend"]
    assert "extauth-troubleshooting(7)" in mend, mend


def check_online_begins_a_device_login_and_ends_it():
    configure_device()
    found = findings("--online")
    assert found["refused"]["level"] == "note", found
    assert [request["path"] for request in Service.requests] == ["/device"]
    Service.answers["/device"] = (401, {
        "error": "invalid_client", "error_description": "who is this?"})
    found = findings("--online")["misconfigured"]
    assert found["level"] == "error", found
    assert "invalid_client" in found["text"], found


def check_finds_secret_files_that_others_may_read():
    write("/etc/extauth/client.secret", "s", 0o644)
    write(CONFIG, """[extauth]
default_provider = main
[provider main]
type = oauth2
client_id = host
token_url = https://id.example.com/token
client_secret_file = /etc/extauth/client.secret
""")
    found = findings()
    os.unlink("/etc/extauth/client.secret")
    assert "client.secret" in found["mode"]["text"], found
    assert found["mode"]["level"] == "error", found
    assert "client.secret" in findings()["file_missing"]["text"]


def check_finds_secrets_that_the_worker_would_refuse_or_send_wrong():
    configure("header = X-Api-Key: {{SECRET:tok}}")
    path = f"{SECRETS}/tok"
    good("secret", "set", "tok", stdin="s")
    for text, mode, found in (
            ("", 0o600, "secret_empty"), ("\n", 0o600, "secret_empty"),
            ("s", 0o644, "mode"), ("s \n", 0o600, "secret_blank"),
            ("s\r\n", 0o600, "secret_blank"), ("s\n\n", 0o600, "secret_blank"),
            (" s\n", 0o600, "secret_blank"), ("\ts", 0o600, "secret_blank")):
        write(path, text, mode)
        assert path in findings()[found]["text"], (text, findings())
    for text in ("s", "s\n", "two words"):
        write(path, text, 0o600)
        ids = set(findings())
        assert not ids & {"secret_empty", "secret_blank", "mode"}, (text, ids)
    os.unlink(path)
    os.symlink("/etc/passwd", path)
    assert "link" in findings()["secret_file"]["text"]
    os.unlink(path)
    os.mkdir(path)
    assert "regular" in findings()["secret_file"]["text"]
    os.rmdir(path)


def source_of(keys, provider="", general=""):
    """Configures a source with a file, and a provider that is not the default.
    """
    write("/etc/extauth/people.csv", "id,email\n1,jane@example.com\n")
    write(CONFIG, f"[extauth]\n{general}\n[provider main]\ntype = rest\n"
          f"url = https://id.example.com/login\n{provider}\n[source corp]\n"
          f"type = csv\nfile = /etc/extauth/people.csv\n{keys}\n")


def check_finds_people_of_a_source_whom_no_provider_serves():
    for keys, provider, level, text in (
            ("", "", "warning", "people have no provider"),
            ("", "domains = example.org", "note", "no provider claims"),
            ("domains = example.com", "domains = example.org", "warning",
             "people of example.com cannot log in"),
            ("domains = example.com\nprovider = main",
             "domains = example.org", "warning", "does not serve the domain"),
            ("domains = example.org, example.com", "domains = example.org",
             "warning", "people of example.com")):
        source_of(keys, provider)
        found = findings()["source_provider"]
        assert found["level"] == level and text in found["text"], (keys, found)
        assert "[source corp]" in found["text"] and found["mend"], found
    for keys, provider, general in (
            ("provider = main", "", ""), ("", "", "default_provider = main"),
            ("domains = example.com", "domains = example.com", ""),
            ("domains = example.com", "any_domain = yes",
             "default_provider = main")):
        source_of(keys, provider, general)
        assert "source_provider" not in findings(), (keys, provider, general)


def check_finds_a_list_of_people_that_others_can_write():
    path = "/etc/extauth/people.csv"
    source_of("provider = main")
    assert not {"mode", "file_missing"} & set(findings())
    for mode in (0o666, 0o664, 0o646):
        os.chmod(path, mode)
        assert path in findings()["mode"]["text"], oct(mode)
    os.chmod(path, 0o600)
    assert "mode" not in findings()
    os.chown(path, 65534, 0)
    assert path in findings()["mode"]["text"]
    os.unlink(path)
    assert f"{CONFIG}:9: [source corp] file: {path}" in \
        findings()["file_missing"]["text"]
    os.symlink("/etc/passwd", path)
    assert "a symbolic link is not followed" in \
        findings()["file_missing"]["text"]
    os.unlink(path)


def check_finds_the_token_of_a_source_missing():
    write(CONFIG, "[extauth]\ndefault_provider = main\n[provider main]\n"
          "type = rest\nurl = https://id.example.com/login\n[source corp]\n"
          "type = scim\nurl = https://id.example.com/scim\n"
          "token_file = scim-token\n")
    found = findings()["secret_missing"]
    assert f"{CONFIG}:9: [source corp] token_file" in found["text"], found
    assert found["mend"] == "extauthctl secret set scim-token", found
    good("secret", "set", "scim-token", stdin="t")
    assert "secret_missing" not in findings()
    good("secret", "remove", "scim-token")


def check_finds_groups_of_services_that_are_not_there():
    configure()
    good("user", "add", "alice", "--email", "alice@example.com",
         "--group", "crew")
    with open(CONFIG, "a", encoding="utf-8") as file:
        file.write("\n[service sshd]\nallow_groups = crew, alice\n")
    assert "service_group" not in findings()
    with open(CONFIG, "a", encoding="utf-8") as file:
        file.write("[service sudo]\nallow_groups = crews\n")
    found = findings()["service_group"]
    assert "[service sudo] allow_groups: there is no group crews" in \
        found["text"], found


def check_finds_certificates_that_the_worker_cannot_read():
    path = "/etc/extauth/ca.pem"
    write(path, "x", 0o600)
    configure(f"ca_file = {path}")
    assert path in findings()["mode"]["text"]
    os.chmod(path, 0o644)
    assert "mode" not in findings()
    os.unlink(path)


def check_online_as_a_real_user_warns_first():
    add_alice()
    done = run("check", "--online", "--as", "alice")
    assert "will count" in done.stderr and done.returncode == 0, done.all
    assert Service.requests[0]["email"] == "alice@example.com"
    assert run("check", "--as", "nobodyhere").returncode == 1


def unlock_forgets_the_refusals():
    add_alice()
    done = good("user", "unlock", "alice")
    assert "alice" in done.stdout
    assert run("user", "unlock", "nobodyhere").returncode == 1


def colour_is_for_terminals_without_no_color():
    def output(environment):
        master, slave = pty.openpty()
        with subprocess.Popen(["/usr/sbin/extauthctl", "check"], stdout=slave,
                              env=environment) as process:
            os.close(slave)
            text = b""
            try:
                while part := os.read(master, 4096):
                    text += part
            except OSError:
                pass
            process.wait()
        os.close(master)
        return text
    assert b"\033[" in output({})
    assert b"\033[" not in output({"NO_COLOR": "1"})
    assert "\033[" not in run("check").stdout


def password_is_asked_for_without_echo():
    add_alice()
    pid, master = pty.fork()
    if pid == 0:
        os.execv("/usr/sbin/extauthctl", ["extauthctl", "test-login", "alice"])
    text = b""
    while b"Password: " not in text:
        text += os.read(master, 4096)
    subprocess.run(["sleep", "0.3"], check=True)
    os.write(master, b"right\n")
    try:
        while part := os.read(master, 4096):
            text += part
    except OSError:
        pass
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0, text
    assert b"right" not in text and b"accepted" in text, text


main([value for name, value in list(globals().items())
      if callable(value) and getattr(value, "__module__", "") == "__main__"
      and name not in ("add_alice", "changed", "configure_device",
                       "source_of")])

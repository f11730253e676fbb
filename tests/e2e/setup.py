#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""extauthctl setup and unsetup on a machine that has just been installed."""
from extauth_test import *
from setup_case import *

TYPES = {
    "rest": ("--url", "https://id.example.com/login"),
    "basic": ("--url", "https://id.example.com/auth"),
    "oauth2": ("--issuer", "https://sso.example.com", "--client-id", "c",
               "--client-secret-file", "/run/secret"),
    "okta": ("--url", "https://example.okta.com"),
    "entra": ("--tenant", "example.com", "--client-id", "c"),
    "pingone": ("--environment", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
                "--client-id", "c", "--client-secret-file", "/run/secret"),
    "pingfederate": ("--url", "https://sso.example.com:9031", "--client-id",
                     "c", "--client-secret-file", "/run/secret"),
    "aptify": ("--url", "https://host/AptifyServicesAPI/services",
               "--login-provider", "Web"),
}
write("/run/secret", "s3cret-of-the-client\n", 0o600)


@test
def dry_run_shows_everything_and_touches_nothing():
    put_back()
    before = tree("/etc", "/var/lib", times=True)
    result = extauthctl("setup", "--dry-run", *REST)
    for part in (PART + ": new, mode 0644", "+ url = " + URL,
                 "run: pam-auth-update --enable extauth", "umask=0077",
                 "+ auth [success=end default=ignore]",
                 "+ services = sshd, cron, atd, su", "-" + " passwd:"):
        contains(result.output, part)
    assert re.search(r"\+ passwd:.* extauth\n", result.output), result.output
    same(before, tree("/etc", "/var/lib", times=True))


@test
def from_nothing_to_an_ssh_login():
    put_back()
    result = set_up()
    for part in ("alice: registered, uid 2000200001",
                 "alice may log in through sshd (PAM_SUCCESS)",
                 "result=accepted user=alice", "Keep this root shell open"):
        contains(result.output, part)
    sshd = start_sshd()
    logged_in(ssh("alice", PASSWORD), "alice")
    refused(ssh("alice", "wrong"))
    stop(sshd)
    equal(oct(os.stat("/home/alice").st_mode & 0o777), "0o700")
    equal(run("extauthctl", "check").status, 0, "check")


@test
def services_that_were_not_named_are_closed():
    result = run("extauthctl", "test-login", "alice", "--service",
                 "login", "--dry-run")
    says(result, 1, "service_not_allowed")
    equal(run("su", "alice", "-c", "id").status, 0, "su by root")
    equal(run("pamtester", "cron", "alice", "acct_mgmt").status, 0, "cron")
    equal(run("pamtester", "login", "alice", "acct_mgmt").status, 1, "login")
    service.clear()
    mark = LogMark()
    equal(run("pamtester", "login", "alice", "authenticate",
              input=PASSWORD + "\n").status, 1, "password")
    mark.wait(r"login:auth\): result=service_not_allowed user=alice")
    equal(service.requests(), [], "requests")
    equal(run("pamtester", "systemd-user", "alice", "acct_mgmt").status, 0,
          "systemd-user")


@test
def second_run_changes_nothing():
    before = tree("/etc", "/var/lib", times=True)
    result = setup("--user", "alice", input=PASSWORD + "\n")
    says(result, 0, "Nothing to change.", "alice may log in through sshd")
    same(before, tree("/etc", "/var/lib", times=True))


@test
def other_facts_change_that_file_alone():
    before = tree("/etc", times=True)
    says(setup("--type", "basic", "--url", service.url + "/basic",
               "--no-test-login"), 0, "- type = rest", "+ type = basic")
    after = tree("/etc", times=True)
    equal({path for path in after if before.get(path) != after[path]}, {PART})
    contains(read(PART), "services = sshd, cron, atd, su\n")


@test
def unsetup_takes_everything_back_but_the_people():
    kept = tree("/etc")
    put_back()
    before = tree("/etc")
    write("/etc/extauth/conf.d/60-own.conf", "[extauth]\nenumerate = yes\n")
    set_up()
    add_breakglass()
    assert tree("/etc") != before and kept
    result = extauthctl("unsetup", "--dry-run")
    says(result, 0, PART + ": removed", "run: pam-auth-update --disable extauth")
    assert os.path.exists(PART) and os.path.exists(RECORD)
    says(unsetup(), 0, "/etc/nsswitch.conf: changed")
    run("userdel", "-r", "breakglass")
    os.unlink("/etc/extauth/conf.d/60-own.conf")
    after = tree("/etc")
    for name in ("passwd", "shadow", "group", "gshadow", "subuid", "subgid"):
        for path in (f"/etc/{name}", f"/etc/{name}-"):
            before.pop(path, None)
            after.pop(path, None)
    same(before, after)
    assert not os.path.exists(RECORD)
    contains(extauthctl("user", "list").output, "alice")
    says(unsetup(), 0, "Nothing to change.")


@test
def unsetup_for_a_removal_leaves_the_configuration():
    put_back()
    before = tree("/etc")
    set_up()
    extauthctl("unsetup", "--yes", "--keep-configuration")
    after = tree("/etc")
    equal({path for path in after if before.get(path) != after[path]
           and not path.startswith("/etc/extauth")}, set())
    contains(read(PART), "type = rest")
    says(setup("--no-test-login"), 0, "pam-auth-update --enable extauth")
    says(unsetup(), 0, PART + ": removed")
    same(before, tree("/etc"))


@test
def each_type_takes_its_three_facts():
    put_back()
    for name, facts in TYPES.items():
        result = extauthctl("setup", "--dry-run", "--type", name, *facts,
                            "--domain", "example.com")
        contains(result.output, "+ type = " + name)
        contains(result.output, "+ domains = example.com")
        for key, value in zip(facts[::2], facts[1::2]):
            line = key[2:].replace("-", "_") + " = " + value
            if key == "--client-secret-file":
                line = "client_secret_file = setup-client-secret"
            contains(result.output, "+ " + line)


@test
def what_is_missing_or_wrong_is_named():
    for name, facts in TYPES.items():
        for start_of in range(0, len(facts), 2):
            rest = facts[:start_of] + facts[start_of + 2:]
            says(setup("--type", name, *rest), 64,
                 f"{facts[start_of]} is missing")
    says(extauthctl("setup", *REST, check=False), 64, "--yes is missing")
    says(setup(*REST), 64, "--user NAME is missing")
    says(setup(*REST, "--user", "alice"), 64, "--email is missing")
    says(setup(*REST, "--user", "Alice", "--email", "a@example.com"), 1)
    says(setup(*REST, "--user", "root", "--email", "a@example.com"), 1)
    says(setup("--type", "ldap"), 64, "must be one of rest, basic")
    says(setup("--type", "okta", *TYPES["okta"], "--tenant", "x"), 64,
         "--tenant: of no use")
    says(setup("--type", "rest", "--url", "http://id.example.com/"), 78,
         PART + ":10: [provider main] url: ")
    says(setup(*REST, "--service", "nonsense"), 1, "/etc/pam.d/nonsense")
    says(setup(*REST, "--service", "../passwd"), 64, "not the name")
    says(setup("--type", "rest", "--url", "https://h/\ninsecure_http = yes"),
         64 + 14, "must be one line")
    assert not os.path.exists(PART) and not os.path.exists(RECORD)


@test
def secret_is_stored_for_root_alone_and_shown_nowhere():
    put_back()
    trace = "/run/setup-trace"
    result = run("strace", "-f", "-s", "4096", "-e", "trace=execve", "-o",
                 trace, "extauthctl", "setup", "--yes", "--no-test-login",
                 "--type", "oauth2", "--issuer", service.url, "--client-id",
                 "c", "--client-secret-file", "-", input="s3cret-typed\n")
    contains(result.output, SECRET + ": new, mode 0600")
    equal(read(SECRET), "s3cret-typed")
    equal(oct(os.stat(SECRET).st_mode), "0o100600")
    for text in (result.output, result.errors, read(trace), read(RECORD),
                 read(PART)):
        assert "s3cret" not in text, text
    equal(oct(os.stat(RECORD).st_mode), "0o100600")
    says(setup("--no-test-login"), 1, "Nothing to change.")
    unsetup()
    assert not os.path.exists(SECRET)


@test
def json_holds_plan_check_and_login():
    put_back()
    result = extauthctl("--json", "setup", "--yes", *REST, *ALICE,
                        input=PASSWORD + "\n")
    report = json.loads(result.output)
    equal(report["result"], "done")
    equal(report["plan"][0]["file"], PART)
    contains(report["plan"][0]["added"], "type = rest")
    equal(report["test_login"]["code"], "PAM_SUCCESS")
    assert all(f["level"] != "error" for f in report["check"])
    report = json.loads(extauthctl("--json", "unsetup", "--yes").output)
    equal((report["result"], report["left"]), ("done", []))


@test
def passwords_that_sshd_does_not_take_are_allowed_by_a_file_of_ours():
    put_back()
    write("/etc/ssh/sshd_config.d/20-mine.conf",
          "PasswordAuthentication no\nKbdInteractiveAuthentication no\n")
    result = set_up()
    contains(result.output, "10-extauth.conf: new")
    contains(result.output, "takes them for every account")
    contains(result.output, "sshd was not told")
    sshd = start_sshd()
    logged_in(ssh("alice", PASSWORD, method="keyboard-interactive"), "alice")
    stop(sshd)
    unsetup()
    assert not os.path.exists("/etc/ssh/sshd_config.d/10-extauth.conf")


@test
def second_factors_have_sshd_ask_questions():
    put_back()
    for name, words in (("okta", True), ("rest", False)):
        result = extauthctl("setup", "--dry-run", "--type", name,
                            *TYPES[name])
        equal("10-extauth.conf" in result.output, words, name)


@test
def check_names_services_that_there_are_not():
    put_back()
    write("/etc/extauth/conf.d/60-own.conf",
          "# mine\n[extauth]\nservices = sshd, nonsense\n")
    set_up()
    found = json.loads(extauthctl("--json", "check", check=False).output)
    texts = {f["id"]: f["text"] for f in found}
    contains(texts["service_absent"], "60-own.conf:3: [extauth] services: "
             "nonsense: there is no /etc/pam.d/nonsense")
    equal(texts["service_open"], "every enabled registered user may use: sshd")


@test
def home_stays_as_the_administrator_has_it():
    put_back()
    run("pam-auth-update", "--enable", "mkhomedir", check=True)
    before = tree("/etc")
    set_up()
    contains(read("/etc/pam.d/common-session"), "pam_mkhomedir.so umask=0077")
    unsetup()
    same(before, tree("/etc"))
    set_up("--no-mkhomedir")
    assert "umask" not in read("/etc/pam.d/common-session")
    unsetup()
    same(before, tree("/etc"))


run_tests()

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""German, for whoever asks for it: the administrator's command and what is
asked and told at a login; and English for programs and the log."""
from extauth_test import *
from providers_case import start_simulators
from terminal import finish

GERMAN = "de_DE.UTF-8"
QUESTION = "Kennwort vergessen? Eine Mail zum Zurücksetzen an die " \
    "registrierte Adresse senden [j/N] "
ANSWER = "Falls Sie darum gebeten haben und die Adresse registriert ist, ist " \
    "eine Mail unterwegs."
UNAVAILABLE = "Der Anmeldedienst ist nicht erreichbar. Lokale Konten " \
    "funktionieren weiterhin."
EVIL = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Registers a person."
msgstr "evil"

msgid "Forgot your password? Send a reset mail to the registered address \
[y/N] "
msgstr "evil "
"""

run("localedef", "-i", "de_DE", "-f", "UTF-8", GERMAN, check=True)
service = Service()
service.users({"alice@example.com": "right"})
(oauth2,) = start_simulators("oauth2").values()
oauth2.tell("/settings", interval=1)
CONFIG = f"""[extauth]
default_provider = main
failure_delay = 100ms
max_failures = 0
{{key}}
[provider main]
type = rest
url = {service.url}/login
ca_file = {PKI}/ca.pem
forgot_password_url = {service.url}/forgot?email={{{{{{{{USEREMAIL}}}}}}}}

[provider dead]
type = rest
url = https://id.example.com:1/login
ca_file = {PKI}/ca.pem

[provider device]
type = oauth2
issuer = {oauth2.url}
grant = device
client_id = PUBLIC
client_auth = none
ca_file = {PKI}/ca.pem
"""
configure(CONFIG.format(key=""))
add_user("alice")
add_user("dead", None, "--provider", "dead")
add_user("device", None, "--provider", "device")
add_local_user("local", "local password")
write("/etc/sudoers.d/test", "device ALL=(ALL:ALL) ALL\n"
      "Defaults timestamp_timeout=0\n", 0o440)
run("sed", "-i", "s/pam_extauth.so.*/& forgot_password/",
    "/etc/pam.d/common-auth", check=True)
Sshd("KbdInteractiveAuthentication yes\n")


def in_language(*arguments, **variables):
    """Runs extauthctl with these variables and no others of a locale."""
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", **variables}
    return run("/usr/sbin/extauthctl", *arguments, env=environment)


def german(*arguments):
    return in_language(*arguments, LANG=GERMAN)


def spawn_as(user, *command, **variables):
    """Starts a program of `user` on a terminal of its own, in German."""
    environment = {"PATH": "/usr/bin:/bin", "TERM": "dumb", "HOME": "/tmp",
                   "USER": user, "LOGNAME": user, "LANG": GERMAN, **variables}
    return spawn("/usr/bin/setpriv", "--reuid", user, "--regid", user,
                 "--init-groups", "--", *command, env=environment)


def spawn_ssh(name):
    return spawn("/usr/bin/ssh", "-F", "none", "-o",
                 "StrictHostKeyChecking=no", "-o", "LogLevel=ERROR", "-o",
                 "UserKnownHostsFile=/dev/null", "-o",
                 "PreferredAuthentications=keyboard-interactive", "-o",
                 "NumberOfPasswordPrompts=1", "-l", name, "127.0.0.1",
                 "id -un")


def fail_su(name, password="wrong", **variables):
    """A wrong password in su, whose own prompt is Linux-PAM's."""
    child = spawn_as("local", "/bin/su", name, **variables)
    child.expect("(Passwor[td]|Kennwort): ")
    child.sendline(password)
    return child


# --- the administrator's command ---------------------------------------------

@test
def help_and_mistakes_are_in_german():
    contains(german("--help").output, "Aufruf: extauthctl")
    contains(german("user", "add", "--help").output, "Registriert eine Person.")
    contains(german("user", "ad").errors,
             'unbekannter Befehl "user ad" (meinten Sie "user add"?)')
    result = german("user", "add", "bob")
    contains(result.errors, "--email fehlt: die E-Mail-Adresse, unter der")
    equal(result.status, 64, "status")
    contains(german("user", "add", "root", "--email", "r@example.com").errors,
             'der Name "root" gehört dem System')


@test
def errors_of_the_configuration_are_in_german_with_their_place():
    write("/etc/extauth/wrong.conf", "[extauth]\nfoo = 1\n")
    result = german("--config", "/etc/extauth/wrong.conf", "user", "list")
    equal(result.status, 0, "user list reads no configuration")
    result = german("--config", "/etc/extauth/wrong.conf", "check")
    contains(result.output, "/etc/extauth/wrong.conf:2: [extauth] foo: "
             "unbekannter Schlüssel")
    contains(result.output, "Fehler: 1,")
    contains(german("--config", "/etc/none", "test-login", "alice").errors,
             "diese Datei gibt es nicht")


@test
def tables_stay_aligned_where_letters_take_two_bytes():
    lines = german("user", "show", "alice").output.splitlines()
    column = {line.index(value) for line in lines
              for label, value in (("Name", "alice"), ("verknüpft", "nein"))
              if line.startswith(label)}
    equal(len(column), 1, lines)
    rows = german("user", "list").output.splitlines()
    equal(rows[0].index("E-Mail"), rows[1].index("alice@"))


@test
def json_is_the_same_in_every_language():
    for words in (("check", "--json"), ("--json", "check"),
                  ("user", "show", "alice", "--json"),
                  ("user", "list", "--json"), ("user", "export")):
        equal(german(*words).output, in_language(*words).output, words)
    contains(german("check", "--json").output, '"level"')


@test
def the_service_that_syncs_writes_english():
    unit = "/usr/lib/systemd/system/extauth-sync.service"
    words = run("sed", "-n", "s/^Environment=//p", unit, check=True).output
    variables = dict(word.split("=", 1) for word in words.split())
    contains(in_language("user", "add", "--help",
                         **{"LANGUAGE": "de", **variables}).output,
             "Registers a person.")


@test
def a_terminal_without_utf8_and_one_without_a_language_get_english():
    run("localedef", "-i", "de_DE", "-f", "ISO-8859-1", "de_DE", check=True)
    for variables in ({"LANG": "de_DE.ISO-8859-1"}, {"LANG": "C"},
                      {"LANG": GERMAN, "LC_ALL": "C"}, {}):
        contains(in_language("user", "add", "--help", **variables).output,
                 "Registers a person.")
    contains(in_language("user", "add", "--help", LC_MESSAGES=GERMAN,
                         LC_CTYPE="C.UTF-8").output, "Registriert")


def ask_extauth_first(service):
    """Lets nobody else ask for a password before."""
    write("/etc/pam.d/" + service,
          "auth [success=done default=die] pam_extauth.so forgot_password\n"
          "account [success=done default=die] pam_extauth.so\n"
          "session required pam_permit.so\n")


# --- logins ------------------------------------------------------------------

@test
def su_asks_and_tells_in_german_and_logs_in_english():
    mark = LogMark()
    status, output = finish(fail_su("dead"))
    equal(status, 1)
    contains(output, UNAVAILABLE)
    line = mark.wait(r"pam_extauth\(su:auth\).*result=unavailable")
    assert line.isascii(), line


@test
def a_german_yes_is_one():
    service.clear()
    child = fail_su("alice")
    child.expect_exact(QUESTION)
    child.sendline("j")
    _, output = finish(child)
    contains(output, ANSWER)
    equal([r.target for r in service.requests()][-1],
          b"/forgot?email=alice%40example.com")


@test
def the_worker_asks_in_german_and_sudo_shows_it():
    ask_extauth_first("sudo")
    child = spawn_as("device", "/usr/bin/sudo", "id", "-un")
    child.expect("Bitte http[^ ]* öffnen, den Code ([B-Z]{4}-[B-Z]{4}) eingeben "
                 "und dann die Eingabetaste drücken: ")
    oauth2.decide_device(child.match[1], "approved", "device@example.com")
    child.sendline("")
    status, output = finish(child)
    equal(status, 0, output)
    contains(output, "root")


@test
def a_test_login_asks_in_german_too():
    child = spawn("/usr/sbin/extauthctl", "test-login", "device",
                  env={"PATH": "/usr/bin:/bin", "LANG": GERMAN})
    child.expect("öffnen, den Code [B-Z]{4}-[B-Z]{4} eingeben")
    child.close()


@test
def ssh_asks_in_english_unless_the_key_language_says_otherwise():
    ask_extauth_first("sshd")
    child = spawn_ssh("device")
    child.expect("Open http[^ ]* and enter the code")
    child.close()
    configure(CONFIG.format(key=f"language = {GERMAN}"))
    child = spawn_ssh("device")
    child.expect("öffnen, den Code [B-Z]{4}-[B-Z]{4} eingeben")
    child.close()
    mark = LogMark()
    child = spawn_ssh("alice")
    child.expect("Kennwort: ")
    # Not the one of su: within five seconds it would be a repeat.
    child.sendline("another wrong one")
    child.expect_exact(QUESTION)
    child.close()
    assert mark.wait("sshd:auth.*result=rejected").isascii()


@test
def a_language_that_the_machine_has_not_is_english():
    configure(CONFIG.format(key="language = xx_YY.UTF-8"))
    child = spawn_ssh("device")
    child.expect("Open http[^ ]* and enter the code")
    child.close()
    configure(CONFIG.format(key=""))


@test
def who_starts_a_setuid_program_cannot_bring_his_own_catalogue():
    write("/tmp/evil.po", EVIL)
    os.makedirs("/tmp/evil/LC_MESSAGES")
    run("msgfmt", "-o", "/tmp/evil/LC_MESSAGES/extauth.mo", "/tmp/evil.po",
        check=True)
    trick = {"LANGUAGE": "../../../tmp/evil", "LANG": GERMAN}
    contains(in_language("user", "add", "--help", **trick).output, "evil")
    child = fail_su("alice", **trick)
    child.expect_exact("Forgot your password?")
    child.close()


run_tests()

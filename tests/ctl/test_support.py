#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""extauthctl support-bundle: what helps is in it, and nothing of what was
planted as a secret, a person or an address."""
import json
import os
import pathlib
import re
import subprocess
import tarfile

from ctl import CONFIG, PORT, document, good, main, run, write

LOG = pathlib.Path("/var/log/auth.log")
PLACE = "/srv/bundle"
PEOPLE = {"jane": "jane.roe@people.example", "joe": "joe.bloggs@x.example"}
# No canary stands in another one, and each is found by its lower case.
CANARIES = set()


def canary(place):
    """A text that must not be found, of letters and digits alone."""
    CANARIES.add(f"kanarie{place}vogel")
    return f"kanarie{place}vogel"


def plant():
    """Writes a configuration with a canary in every key that takes one."""
    CANARIES.clear()
    values = "\n".join(f"{key} = {before}{canary(key.replace('_', ''))}{after}"
                       for key, before, after in (
                           ("organization_id", "", ""),
                           ("home", "/home/", "/{{USERNAME}}"),
                           ("shell", "/opt/", "/sh"),
                           ("device_os", "", ""),
                           ("message_unavailable", "call ", ""),
                           ("forgot_password_message", "call ", "")))
    for name in PEOPLE:
        CANARIES.update((name + ".r", name + ".b", PEOPLE[name]))
    write(CONFIG, f"""[extauth]
default_provider = main
{values}
local_device_ip = 203.0.113.9
[provider main]
type = rest
url = https://idp.example/login/{canary('longpath') * 2}?k={canary('query')}
method = POST
organization_id = {canary('org2')}
domains = example.com
header = X-Key: {canary('header')}
header = X-{canary('headername')}: {{{{SECRET:tok}}}}
header = X-C: {{{{CONNECTION:/token}}}}
body = {{"p": "{{{{USERPASSWORD}}}}", "u": "{{{{USEREMAIL}}}}",
  "s": "{canary('body')}"}}
accept_if = /{canary('accept')} == "{canary('accepted')}"
expired_if = /{canary('expired')} == "yes"
reject_message = /{canary('reject')}
identity = /{canary('identity')}
connection = request
connection_url = https://idp.example/first?k={canary('first')}
connection_header = X-Key: {canary('connection')}
connection_method = POST
connection_body = {{"k": "{canary('connectionbody')}"}}
password_page = https://idp.example/change?k={canary('page')}
forgot_password_url = https://idp.example/f?e={{{{USEREMAIL}}}}&k={canary('f')}
proxy = http://203.0.113.77:3128
pin_sha256 = {'A' * 43}=
[provider second]
type = oauth2
token_url = https://login.example/token
client_id = {canary('clientid')}
client_secret_file = named-secret
scope = {canary('scope')}
field = x: {canary('field')}
username = {canary('username')}{{{{USERNAME}}}}
identity_from = none
[service sshd]
allow_groups = {canary('group')[:30]}
allow_users = {canary('user')[:30]}
[source corp]
type = scim
url = https://scim.example/v2
token_file = named-secret
filter = {canary('filter')}
domains = example.com
[group g{canary('local')[:30]}]
remote = {canary('remote')}
""")
    CANARIES.update(("203.0.113.9", "203.0.113.77", "A" * 43))


LINES = [
    # What the module writes.
    "Nov 22 15:17:20 {host} sshd[77]: pam_extauth(sshd:auth): result=accepted "
    "user=jane provider=main rhost=198.51.100.7 http=200 ms=143 id=5f0c1d2e",
    "2026-11-22T15:17:21.123456+00:00 {host} sshd[77]: "
    "pam_extauth(sshd:account): result=disabled user={mail} "
    "rhost=198.51.100.8",
    "Nov 22 15:17:22 {host} sudo: pam_extauth(sudo:auth): result=rejected "
    "user=joe provider=main rhost=- http=401 ms=20 id=00ff reason=\"{reason}\""
    " tls=\"{tls}\"",
    "Nov 22 15:17:23 {host} sshd[77]: pam_extauth(sshd:auth): result=unknown "
    "user=\"{typed}\" rhost=2001:db8::77",
    # What somebody else writes.
    "Nov 22 15:17:24 {host} sshd[7]: Failed password for {typed} from x",
    "Nov 22 15:17:24 {host} x: pam_extauth(sshd:auth): result={result} user=x",
    "Nov 22 15:17:24 {host} x: pam_extauth({service}:auth): result=rejected "
    "user=x rhost=-",
    "Nov 22 15:17:24 {host} x: pam_extauth(sshd:{call}): result=rejected",
    "Nov 22 15:17:24 {host} x: pam_extauth(sshd:auth): {free}",
    "Nov 22 15:17:24 {host} x: pam_extauth(sshd:auth): result=rejected {free}",
    "Nov 22 15:17:24 {host} x: pam_extauth(sshd:auth): result=rejected "
    "{key}=1 user=jane provider={provider} http={http} id={id}",
    "2026-{clock} x: pam_extauth(sshd:auth): result=rejected user=jane",
    "{clock} x: pam_extauth(sshd:auth): result=rejected user=jane",
    "Nov 22 15:17:24 {host} x: pam_extauth(sshd:auth): result=rejected "
    "user=\"{open}",
]


def plant_log():
    """Writes log lines, ours and others', with a canary in each free text."""

    class Texts(dict):
        """Each name is a canary of that name."""

        def __missing__(self, name):
            return canary("log" + name)

    LOG.write_text("".join(
        line.format_map(Texts(mail=PEOPLE["jane"])) + "\n" for line in LINES),
        encoding="utf-8")
    CANARIES.update(("198.51.100.7", "198.51.100.8", "2001:db8::77"))


def bundle(*words):
    """Makes one in an empty directory; returns its files by name."""
    subprocess.run(["rm", "-rf", PLACE], check=True)
    os.mkdir(PLACE)
    os.chdir(PLACE)
    good("support-bundle", *words)
    [path] = os.listdir(PLACE)
    assert os.stat(path).st_mode & 0o7777 == 0o600
    files = {}
    with tarfile.open(path) as archive:
        for member in archive.getmembers():
            assert member.isfile() and member.mode == 0o600
            assert member.uid == member.gid == 0 and ".." not in member.name
            text = archive.extractfile(member).read().decode("utf-8")
            files[member.name.split("/")[1]] = json.loads(text)
    return files


def register():
    for name, mail in PEOPLE.items():
        good("user", "add", name, "--email", mail)


def found_in(files):
    text = json.dumps(files, ensure_ascii=False).lower()
    return sorted(word for word in CANARIES if word.lower() in text)


def no_canary_gets_into_the_bundle():
    good("secret", "set", "tok", stdin="kanariesecretvogel\n")
    CANARIES.add("kanariesecretvogel")
    plant()
    register()
    plant_log()
    assert run("config", "show").returncode == 0, run("config", "show").stderr
    files = bundle()
    assert len(CANARIES) > 40 and found_in(files) == []
    with open(next(pathlib.Path(PLACE).iterdir()), "rb") as file:
        raw = file.read().lower()
    assert [word for word in CANARIES if word.lower().encode() in raw] == []


def canaries_are_there_to_be_found():
    plant()
    plant_log()
    text = pathlib.Path(CONFIG).read_text(encoding="utf-8") + LOG.read_text(
        encoding="utf-8")
    assert len([word for word in CANARIES if word in text]) > 40


def what_helps_is_in_it():
    plant()
    register()
    plant_log()
    files = bundle()
    assert set(files) == {
        "MANIFEST.json", "versions.json", "check.json", "status.json",
        "configuration.json", "nsswitch.json", "pam.json", "sshd.json",
        "units.json", "files.json", "log.json"}
    rows = {(row["section"], row["key"]): row.get("value")
            for row in files["configuration.json"] if "key" in row}
    assert rows["provider main", "url"] == "https://idp.example/login/***"
    assert rows["provider main", "type"] == "rest"
    assert rows["provider main", "header"] == "(set)"
    assert rows["provider main", "proxy"].startswith("http://ip-")
    assert rows["provider second", "client_secret_file"] == "named-secret"
    assert rows["extauth", "default_provider"] == "main"
    assert all(":" in row["origin"] for row in files["configuration.json"])
    status = files["status.json"]
    assert status["enabled"] == 2 and status["without_source"] == 2
    assert files["versions.json"]["os_release"]["ID"] == "debian"
    assert files["nsswitch.json"]["passwd"][-1] in ("extauth", "systemd")
    assert any(line.get("module") == "pam_extauth.so"
               for line in files["pam.json"]["common-auth"])
    paths = {row["path"]: row for row in files["files.json"]["files"]}
    assert paths["/var/lib/extauth/registry"]["mode"] == "0600"
    assert paths[CONFIG]["size"] > 0
    assert {row["id"] for row in files["check.json"]} >= {"literal_secret"}


def same_person_has_the_same_name():
    plant()
    register()
    plant_log()
    log = bundle()["log.json"]["lines"]
    assert len(log) == 8, log
    first, second, third, fourth = log[:4]
    assert first == {
        "time": "Nov 22 15:17:20", "service": "sshd", "call": "auth",
        "result": "accepted", "user": first["user"], "provider": "main",
        "rhost": first["rhost"], "http": 200, "ms": 143, "id": "5f0c1d2e"}
    assert first["user"] == second["user"] == "user-1"
    assert third["user"] != first["user"] != fourth["user"]
    assert first["rhost"] != second["rhost"] and third["rhost"] == "-"
    assert second["time"].startswith("2026-11-22T15:17:21")
    assert "reason" not in third and "tls" not in third


def manifest_says_what_was_left_out():
    plant()
    register()
    plant_log()
    manifest = bundle()["MANIFEST.json"]
    out = manifest["left_out"]
    assert out["log line that is not as ours are written"] == 5, out
    assert out["text of a log line"] >= 2
    assert out["query of a URL"] >= 4 and out["value of a key"] > 15
    assert manifest["people"] >= 3 and manifest["addresses"] >= 4
    assert "made up" in manifest["what"]


def only_the_last_lines_are_taken():
    plant()
    register()
    LOG.write_text((LINES[0].format(host="h") + "\n") * 30, encoding="utf-8")
    assert len(bundle("--lines", "7")["log.json"]["lines"]) == 7
    assert run("support-bundle", "--lines", "x").returncode == 64


def file_that_is_there_stays():
    os.makedirs(PLACE, exist_ok=True)
    path = f"{PLACE}/mine.tar"
    write(path, "mine")
    done = run("support-bundle", "--output", path)
    assert done.returncode == 1 and path in done.stderr, done.all
    assert pathlib.Path(path).read_text(encoding="ascii") == "mine"
    os.unlink(path)
    os.symlink("/srv/elsewhere", path)
    assert run("support-bundle", "--output", path).returncode == 1
    assert not os.path.exists("/srv/elsewhere")
    os.unlink(path)
    done = good("support-bundle", "--output", path)
    assert "MANIFEST.json" in done.stdout and "Look into it" in done.stdout
    done = run("support-bundle", "--output", "/srv/none/x.tar")
    assert done.returncode == 2, done.all
    listed = subprocess.run(["tar", "-tf", path], check=True, text=True,
                            capture_output=True).stdout
    assert len(listed.splitlines()) == 11, listed


def broken_configuration_is_told_by_its_place():
    register()
    CANARIES.clear()
    write(CONFIG, f"[extauth]\nshell = {canary('broken')}\n")
    files = bundle()
    assert files["configuration.json"]["configuration"] == "broken"
    assert files["configuration.json"]["place"] == \
        f"{CONFIG}:2: [extauth] shell"
    write(CONFIG, f"[{canary('section')}]\n{canary('key')} = 1\n")
    both = [files, bundle()]
    assert found_in(both) == []


def value_in_the_place_of_a_key_is_left_out():
    CANARIES.clear()
    for text in (f"[provider main]\nheader = X:\n{canary('line')} = x\n",
                 f"[group {canary('group')}]\ngid = 1\n",
                 f"[{canary('kind')} main]\nurl = 1\n"):
        write(CONFIG, text)
        files = bundle()
        place = files["configuration.json"]["place"]
        assert place.startswith(CONFIG + ":") and found_in(files) == [], place


def name_of_a_file_that_may_be_a_persons_is_left_out():
    plant()
    CANARIES.add(PEOPLE["jane"])
    path = f"/etc/extauth/conf.d/{PEOPLE['jane']}.conf"
    os.makedirs(os.path.dirname(path), exist_ok=True)
    write(path, "[extauth]\nenumerate = no\n")
    whole = bundle()
    assert [row["origin"] for row in whole["configuration.json"]
            if row.get("key") == "enumerate"] == ["(left out):2"]
    write(path, "[extauth]\nshell = x\n")
    broken = bundle()
    os.chmod(path, 0o666)
    open_to_all = bundle()
    os.unlink(path)
    assert found_in([whole, broken, open_to_all]) == []


def every_result_of_the_log_is_known():
    source = pathlib.Path(os.environ["EXTAUTH_SOURCE"])
    manual = (source / "man/pam_extauth.8.scd").read_text(encoding="utf-8")
    results = re.search(r"\n## Results\n(.*?)\n#", manual, re.S)[1]
    heads = re.findall(r"^\*.*\*$", results, re.M)
    words = re.findall(r"\w+", " ".join(heads))
    assert len(words) > 25, words
    LOG.write_text("".join(
        f"Nov 22 15:17:24 host x: pam_extauth(sshd:auth): result={word}\n"
        for word in words), encoding="ascii")
    log = bundle()["log.json"]["lines"]
    assert [line["result"] for line in log] == words


def json_tells_where_it_is():
    os.makedirs(PLACE, exist_ok=True)
    path = f"{PLACE}/told.tar"
    pathlib.Path(path).unlink(missing_ok=True)
    told = document("support-bundle", "--output", path)
    assert told["bundle"] == path and "check.json" in told["files"]
    assert PORT > 0 and os.path.exists(path)


main([value for value in list(globals().values())
      if callable(value) and getattr(value, "__module__", "") == "__main__"
      and value.__name__ not in ("canary", "plant", "plant_log", "bundle",
                                 "register", "found_in")])

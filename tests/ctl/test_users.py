#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""extauthctl user: who is registered, import and export."""
import json
import os
import subprocess

from ctl import REGISTRY, document, good, main, run, write, configure


def add(name, *more):
    """Registers NAME with the e-mail NAME@example.com."""
    return good("user", "add", name, "--email", f"{name}@example.com", *more)


def who_is_added_is_shown_with_all_fields():
    add("alice", "--gecos", "Alice A", "--group", "staffx", "--group", "two",
        "--not-after", "2030-02-28", "--external-id", "x-1",
        "--provider", "main", "--shell", "/bin/sh", "--home", "/srv/alice")
    user = document("user", "show", "alice")
    assert user["email"] == "alice@example.com"
    assert user["uid"] == user["gid"] >= 2000200001
    assert user["gecos"] == "Alice A"
    assert sorted(user["groups"]) == ["staffx", "two"]
    assert user["not_after"] == "2030-02-28"
    assert (user["external_id"], user["provider"]) == ("x-1", "main")
    assert (user["shell"], user["home"]) == ("/bin/sh", "/srv/alice")
    assert (user["state"], user["linked"]) == ("enabled", False)
    assert document("user", "show", "Alice@Example.com")["name"] == "alice"


def home_and_shell_come_from_the_configuration():
    configure(general="home = /srv/home/{{USERNAME}}\nshell = /bin/sh")
    add("alice")
    user = document("user", "show", "alice")
    assert (user["home"], user["shell"]) == ("/srv/home/alice", "/bin/sh")


def home_is_made_of_what_names_the_person():
    configure(general="home = /srv/u{{USERID}}/{{USEREXTERNALID}}")
    assert "USEREXTERNALID" in run("user", "add", "alice", "--email",
                                   "a@example.com").stderr
    add("alice", "--external-id", "x1")
    user = document("user", "show", "alice")
    assert user["home"] == f"/srv/u{user['uid']}/x1"


def nss_knows_who_is_added():
    add("alice", "--group", "staffx")
    entry = subprocess.run(["getent", "passwd", "alice"], check=True,
                           capture_output=True, text=True).stdout
    assert entry.startswith("alice:*:"), entry
    groups = subprocess.run(["id", "-nG", "alice"], check=True,
                            capture_output=True, text=True).stdout
    assert groups.split() == ["alice", "staffx"], groups


def name_email_uid_and_external_id_are_unique():
    add("alice", "--external-id", "x-1")
    uid = str(document("user", "show", "alice")["uid"])
    for words in (["alice", "--email", "other@example.com"],
                  ["other", "--email", "ALICE@example.com"],
                  ["other", "--email", "o@example.com", "--uid", uid],
                  ["other", "--email", "o@example.com",
                   "--external-id", "x-1"]):
        done = run("user", "add", *words)
        assert done.returncode == 1, (words, done.all)
    assert len(document("user", "list")) == 1


def what_cannot_be_registered_is_refused_with_the_reason():
    for words, reason in (
            (["root", "--email", "r@example.com"], "root"),
            (["Alice", "--email", "r@example.com"], "a-z"),
            (["a", "--email", "nobody"], "e-mail"),
            (["a", "--email", "a@example.com", "--uid", "0"], "0"),
            (["a", "--email", "a@example.com", "--uid", "1000000"], "1000000"),
            (["a", "--email", "a@example.com", "--home", "srv"], "home"),
            (["a", "--email", "a@example.com", "--gecos", "a:b"], "gecos"),
            (["a", "--email", "a@example.com", "--provider", "no"], "no"),
            (["a", "--email", "a@example.com", "--group", "sudo"], "sudo"),
            (["a", "--email", "a@example.com", "--not-after", "2030-02-30"],
             "2030-02-30")):
        done = run("user", "add", *words)
        assert done.returncode == 1, (words, done.all)
        assert reason in done.stderr, (words, done.stderr)
    assert document("user", "list") == []


def local_account_is_linked_only_by_local():
    subprocess.run(["useradd", "-m", "-u", "1234", "-c", "Lo Cal", "locala"],
                   check=True)
    assert run("user", "add", "locala", "--email",
               "l@example.com").returncode == 1
    assert run("user", "add", "nolocal", "--email", "n@example.com",
               "--local").returncode == 1
    good("user", "add", "locala", "--email", "l@example.com", "--local")
    user = document("user", "show", "locala")
    assert user["linked"] is True and user["uid"] == 1234
    with open(f"{REGISTRY}/nss", "rb") as file:
        assert b"locala" not in file.read()
    text = good("user", "export").stdout
    os.unlink(f"{REGISTRY}/registry")
    os.unlink(f"{REGISTRY}/nss")
    good("user", "import", "-", stdin=text)
    assert good("user", "export").stdout == text


def email_is_the_login_name_where_that_is_configured():
    assert run("user", "add", "a@example.com", "--email",
               "a@example.com").returncode == 1
    configure(general="email_login_names = yes")
    good("user", "add", "a@example.com")
    assert document("user", "show", "a@example.com")["email"] \
        == "a@example.com"


def removed_uid_is_never_given_out_again():
    add("alice")
    uid = document("user", "show", "alice")["uid"]
    good("user", "remove", "alice")
    assert run("user", "remove", "alice").returncode == 1
    assert run("user", "add", "bob", "--email", "b@example.com", "--uid",
               str(uid)).returncode == 1
    add("alice")
    assert document("user", "show", "alice")["uid"] != uid
    text = good("user", "export").stdout
    for name in os.listdir(REGISTRY):
        os.unlink(f"{REGISTRY}/{name}")
    good("user", "import", "-", stdin=text)
    assert run("user", "add", "bob", "--email", "b@example.com", "--uid",
               str(uid)).returncode == 1


def disabled_user_stays_and_can_be_enabled():
    add("alice")
    good("user", "disable", "alice")
    assert document("user", "show", "alice")["state"] == "disabled"
    good("user", "disable", "alice")
    subprocess.run(["getent", "passwd", "alice"], check=True,
                   capture_output=True)
    good("user", "enable", "alice")
    assert document("user", "show", "alice")["state"] == "enabled"
    assert run("user", "disable", "nobodyhere").returncode == 1


def disable_works_with_a_broken_configuration():
    add("alice")
    write("/etc/extauth/conf.d/test.conf", "[extauth]\nnonsense = 1\n")
    good("user", "disable", "alice")
    assert run("user", "add", "bob", "--email",
               "b@example.com").returncode == 78


def end_sessions_ends_the_processes_and_names_what_is_left():
    add("alice")
    uid = document("user", "show", "alice")["uid"]
    os.makedirs("/home/alice/.ssh", exist_ok=True)
    write("/home/alice/.ssh/authorized_keys", "key")
    os.makedirs("/var/spool/cron/crontabs", exist_ok=True)
    write("/var/spool/cron/crontabs/alice", "# none")
    with subprocess.Popen(["sleep", "60"], user=uid, group=uid,
                          extra_groups=[]) as sleeper:
        report = document("user", "disable", "alice")
        assert report["processes"] == 1 and sleeper.poll() is None, report
        assert report["crontab"].endswith("/alice")
        assert report["authorized_keys"].endswith("authorized_keys")
        assert report["home"].startswith("/home/alice")
        report = document("user", "disable", "alice", "--end-sessions")
        assert report["processes_ended"] == 1, report
        assert sleeper.wait(5) != 0


def export_and_import_give_the_same_registry():
    add("alice", "--gecos", 'a "quoted", text', "--group", "one",
        "--not-after", "2030-01-01")
    add("bob")
    good("user", "disable", "bob")
    add("carol")
    good("user", "remove", "carol")
    table = good("user", "export").stdout
    both = good("user", "export", "--json").stdout
    assert [user["name"] for user in json.loads(both)["removed"]] == ["carol"]
    for text, format_ in ((table, "csv"), (both, "json")):
        for name in os.listdir(REGISTRY):
            os.unlink(f"{REGISTRY}/{name}")
        done = good("user", "import", "-", "--format", format_, stdin=text)
        assert "added 2, updated 0" in done.stdout, done.stdout
        assert good("user", "export").stdout == table
        done = good("user", "import", "-", "--format", format_, stdin=text)
        assert "added 0, updated 0, unchanged 3" in done.stdout, done.stdout


def json_keeps_the_gids_of_groups():
    add("alice")
    good("user", "remove", "alice")
    add("bob", "--group", "one")
    text = good("user", "export", "--json").stdout
    groups = json.loads(text)["groups"]
    assert [group["name"] for group in groups] == ["one"], groups
    for name in os.listdir(REGISTRY):
        os.unlink(f"{REGISTRY}/{name}")
    good("user", "import", "-", "--format", "json", stdin=text)
    assert good("user", "export", "--json").stdout == text
    groups[0]["gid"] += 500
    done = run("user", "import", "-", "--format", "json",
               stdin=json.dumps({"users": [], "groups": groups}))
    assert done.returncode == 1 and "group 1: " in done.stderr, done.all


def import_is_all_or_nothing_and_names_each_bad_line():
    add("taken")
    done = run("user", "import", "-", stdin="name,email,uid,state\n"
               "good,good@example.com,,\n"
               "root,r@example.com,,\n"
               "good,other@example.com,,\n"
               "badmail,badmail,,\n"
               "baduid,b@example.com,12x,\n"
               "badstate,c@example.com,,gone\n"
               "taken,changed@example.com,,\n"
               "short,s@example.com\n")
    assert done.returncode == 1
    for number in range(3, 10):
        assert f"line {number}:" in done.stderr, (number, done.stderr)
    assert "line 2:" not in done.stderr
    assert len(document("user", "list")) == 1


def import_refuses_unknown_columns_and_no_csv():
    for text in ("", "name,mail\nx,y\n", "email\nx@example.com\n",
                 'name,email\n"x,y\n', "name,name\na,b\n"):
        assert run("user", "import", "-", stdin=text).returncode == 1, text
    for text in ("", "{", "1", "[1]", '[{"name": "a", "e": 1}]', "[] x"):
        assert run("user", "import", "-", "--format", "json",
                   stdin=text).returncode == 1, text
    assert run("user", "import", "/nonexistent").returncode == 2


def import_makes_no_group_with_a_uid_of_the_file():
    """A group is made with the hash of its name, which may be the uid of a
    later line: the users come first."""
    add("alice", "--group", "one")
    groups = json.loads(good("user", "export", "--json").stdout)["groups"]
    gid = groups[0]["gid"]
    for name in os.listdir(REGISTRY):
        os.unlink(f"{REGISTRY}/{name}")
    text = ("name,email,uid,groups\n"
            f"alice,alice@example.com,{gid + 1},one;two\n"
            f"bob,bob@example.com,{gid},one\n")
    done = good("user", "import", "-", stdin=text)
    assert "added 2, updated 0, unchanged 0" in done.stdout, done.stdout
    assert document("user", "show", "bob")["uid"] == gid
    assert sorted(document("user", "show", "alice")["groups"]) == ["one", "two"]
    done = good("user", "import", "-", stdin=text)
    assert "added 0, updated 0, unchanged 2" in done.stdout, done.stdout
    done = good("user", "import", "-", stdin=text.replace(";two", ""))
    assert "added 0, updated 1, unchanged 1" in done.stdout, done.stdout
    done = run("user", "import", "-", stdin=text + text.split("\n")[2] + "\n")
    assert "line 4: bob: it stands twice" in done.stderr, done.stderr


def import_brings_up_to_date():
    add("alice", "--group", "one")
    done = good("user", "import", "-", stdin="name,email,gecos,groups\n"
                "alice,ALICE@example.com,New Name,two;one\n")
    assert "updated 1" in done.stdout
    user = document("user", "show", "alice")
    assert user["gecos"] == "New Name"
    assert sorted(user["groups"]) == ["one", "two"]


main([value for name, value in list(globals().items())
      if callable(value) and getattr(value, "__module__", "") == "__main__"
      and name != "add"])

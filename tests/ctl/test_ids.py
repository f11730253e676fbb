#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""extauthctl id: the same people get the same numbers on every host."""
import os

from ctl import REGISTRY, document, good, main, run

HEAD = "kind,number,name,email,external_id\r\n"


def add(name, *more):
    """Registers NAME with the e-mail NAME@example.com."""
    return good("user", "add", name, "--email", f"{name}@example.com", *more)


def uid(name):
    """The uid of a registered user."""
    return document("user", "show", name)["uid"]


def begin_anew():
    """Makes this host one that knows nobody."""
    for name in os.listdir(REGISTRY):
        os.unlink(f"{REGISTRY}/{name}")


def numbers_go_from_host_to_host():
    add("alice", "--external-id", "x-1", "--group", "admins")
    add("bob", "--uid", "2000300777")
    add("carol")
    good("user", "remove", "carol")
    before = {name: uid(name) for name in ("alice", "bob")}
    ids = good("id", "export").stdout
    gid = [line.split(",")[1] for line in ids.splitlines()
           if line.startswith("group,")][0]
    begin_anew()
    assert "kept 3, known 0, removed 1" in good("id", "import", "-",
                                                stdin=ids).stdout
    add("dora")
    add("bob")
    add("alice", "--external-id", "x-1", "--group", "admins")
    assert {name: uid(name) for name in ("alice", "bob")} == before
    assert f"group,{gid},admins" in good("id", "export").stdout
    carol = [line for line in ids.splitlines() if ",carol," in line][0]
    assert str(uid("dora")) != carol.split(",")[1]


def what_is_kept_is_given_to_nobody_else():
    ids = HEAD + "user,2000200001,alice,alice@example.com,x-1\r\n"
    good("id", "import", "-", stdin=ids)
    add("bob")
    assert uid("bob") != 2000200001
    done = run("user", "add", "eve", "--email", "eve@example.com", "--uid",
               "2000200001")
    assert done.returncode == 1 and "kept for" in done.stderr, done.all
    add("alice", "--external-id", "x-1")
    assert uid("alice") == 2000200001


def export_names_those_who_are_kept():
    ids = HEAD + "user,2000200001,alice,alice@example.com,x-1\r\n"
    good("id", "import", "-", stdin=ids)
    assert good("id", "export").stdout == ids.replace("\r", "")
    assert oct(os.stat(REGISTRY + "/ids").st_mode & 0o7777) == "0o600"


def importing_twice_changes_nothing():
    add("bob")
    ids = good("id", "export").stdout + "group,2000300001,admins,,\r\n"
    assert "kept 1, known 1, removed 0" in good("id", "import", "-",
                                                stdin=ids).stdout
    kept = open(REGISTRY + "/ids", encoding="ascii").read()
    assert "known 2" in good("id", "import", "-", stdin=ids).stdout
    assert open(REGISTRY + "/ids", encoding="ascii").read() == kept


def a_number_that_is_somebody_elses_is_named_and_nothing_changed():
    add("bob", "--uid", "2000200001")
    ids = (HEAD + "user,2000200001,alice,alice@example.com,x-1\r\n"
           "user,2000200005,bob,bob@example.com,\r\n"
           "group,1000,admins,,\r\n")
    done = run("id", "import", "-", stdin=ids)
    assert done.returncode == 1, done.all
    assert "line 2: alice: " in done.stderr and "bob" in done.stderr
    assert "line 3: bob: has 2000200001 on this host" in done.stderr
    assert not os.path.exists(REGISTRY + "/ids")


def what_is_no_list_of_numbers_is_refused():
    for text in ("name,email\n", HEAD + "user,1,root,r@example.com,\r\n",
                 HEAD + "user,2000200001,a,a@example.com,\r\n"
                 "user,2000200001,b,b@example.com,\r\n"):
        done = run("id", "import", "-", stdin=text)
        assert done.returncode == 1 and "line " in done.stderr, done.all
    assert run("id", "import", "/nonexistent").returncode == 2


main([value for name, value in list(globals().items())
      if callable(value) and getattr(value, "__module__", "") == "__main__"
      and name not in ("add", "uid", "begin_anew")])

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""extauthctl registry restore: a registry that was saved comes back, whole, and
only where there is none."""
import os
import pathlib
import shutil
import struct
import subprocess

from ctl import CONFIG, REGISTRY, document, good, main, run

SAVED = "/var/backups/extauth-registry-20300102-030405"
SAVED_IDS = "/var/backups/extauth-ids-20300102-030405"
COUNTS = {"people": 3, "groups": 1, "removed": 1, "ids": 0,
          "generation": 7, "format": 2, "dry_run": False}


def generation(name="registry"):
    """The generation that a file tells."""
    with open(f"{REGISTRY}/{name}", "rb") as file:
        return struct.unpack_from("<Q", file.read(), 16)[0]


def save(begin=True):
    """Registers three people, removes a fourth, saves the registry as purge
    does, and removes it. Returns what an export says."""
    for stale in (SAVED, SAVED_IDS):
        pathlib.Path(stale).unlink(missing_ok=True)
    for name in ("alice", "bob", "carl", "gone"):
        good("user", "add", name, "--email", f"{name}@example.com",
             "--group", "crew")
    good("user", "disable", "bob")
    good("user", "remove", "gone")
    exported = good("user", "export", "--json").stdout
    shutil.copy2(f"{REGISTRY}/registry", SAVED)
    if begin:
        shutil.rmtree(REGISTRY)
    return exported


def add_anew(*options):
    """Registers eve as the first of a new registry, the saved one not seen."""
    away = "/var/backups/away"
    os.rename(SAVED, away)
    good("user", "add", "eve", "--email", "eve@example.com", *options)
    os.rename(away, SAVED)


def uid(name):
    return document("user", "show", name)["uid"]


def saved_registry_comes_back_whole():
    before = save()
    assert document("registry", "restore", SAVED) == COUNTS
    assert good("user", "export", "--json").stdout == before
    assert generation() == generation("nss") == 7
    for name, mode in (("registry", 0o600), ("nss", 0o644)):
        assert os.stat(f"{REGISTRY}/{name}").st_mode & 0o7777 == mode
    found = subprocess.run(["getent", "passwd", "alice"], check=True,
                           capture_output=True, text=True).stdout
    assert found.startswith("alice:*:"), found


def removed_uid_is_never_given_again():
    save()
    good("registry", "restore", SAVED)
    done = run("user", "add", "new", "--email", "new@example.com", "--uid",
               str(uid("carl") + 1))
    assert done.returncode == 1 and "removed" in done.all, done.all
    good("user", "add", "new", "--email", "new@example.com")
    assert uid("new") == uid("carl") + 2


def dry_run_tells_the_same_and_writes_nothing():
    save()
    assert document("registry", "restore", SAVED, "--dry-run") == \
        {**COUNTS, "dry_run": True}
    assert not os.path.exists(REGISTRY)
    assert "Nothing" in good("registry", "restore", SAVED, "--dry-run").stdout


def registry_with_people_is_not_replaced():
    save(begin=False)
    good("user", "remove", "carl")
    before = generation()
    done = run("registry", "restore", SAVED)
    assert done.returncode == 1, done.all
    assert "2 people" in done.stderr and "file 3" in done.stderr, done.stderr
    assert generation() == before


def registry_without_people_gives_its_removed_uids():
    save()
    add_anew("--uid", "2000300000", "--group", "other")
    good("user", "remove", "eve")
    for _ in range(8):
        good("user", "add", "joe", "--email", "joe@example.com", "--uid",
             str(2000300001 + _))
        good("user", "remove", "joe")
    before = generation()
    done = document("registry", "restore", SAVED)
    assert (done["people"], done["removed"], done["groups"]) == (3, 10, 2)
    assert generation() == before + 1 > 7


def uid_that_was_given_out_since_is_refused():
    save()
    add_anew("--uid", str(first_uid()))
    good("user", "remove", "eve")
    done = run("registry", "restore", SAVED)
    assert done.returncode == 1 and "eve" in done.stderr, done.all


def first_uid():
    """The uid of alice in the saved file."""
    shutil.copytree(REGISTRY, "/srv/kept", dirs_exist_ok=True) \
        if os.path.isdir(REGISTRY) else None
    shutil.rmtree(REGISTRY, ignore_errors=True)
    good("registry", "restore", SAVED)
    found = uid("alice")
    shutil.rmtree(REGISTRY)
    if os.path.isdir("/srv/kept"):
        shutil.move("/srv/kept", REGISTRY)
    return found


def lost_registry_is_put_back_unless_nss_is_newer():
    save(begin=False)
    os.unlink(f"{REGISTRY}/registry")
    assert run("user", "list").returncode in (0, 2)
    good("registry", "restore", SAVED)
    good("user", "disable", "carl")
    good("user", "enable", "carl")
    os.unlink(f"{REGISTRY}/registry")
    done = run("registry", "restore", SAVED)
    assert done.returncode == 1 and "older" in done.stderr, done.all
    assert not os.path.exists(f"{REGISTRY}/registry")


def every_damaged_byte_is_noticed():
    save()
    whole = pathlib.Path(SAVED).read_bytes()
    for at in range(0, len(whole), max(1, len(whole) // 60)):
        bad = bytearray(whole)
        bad[at] ^= 0x40
        pathlib.Path(SAVED).write_bytes(bad)
        done = run("registry", "restore", SAVED)
        assert done.returncode == 2 and SAVED in done.stderr, (at, done.all)
        assert not os.path.exists(f"{REGISTRY}/registry"), at
    for length in (0, 8, 255, 256, len(whole) - 8):
        pathlib.Path(SAVED).write_bytes(whole[:length])
        assert run("registry", "restore", SAVED).returncode == 2, length


def foreign_files_are_refused_by_name():
    save(begin=False)
    nss = "/srv/nss"
    shutil.copy2(f"{REGISTRY}/nss", nss)
    shutil.rmtree(REGISTRY)
    done = run("registry", "restore", nss)
    assert done.returncode == 2 and "for NSS" in done.stderr, done.all
    done = run("registry", "restore", "/etc/passwd")
    assert done.returncode == 2 and "no registry" in done.stderr, done.all
    done = run("registry", "restore", "/srv/none")
    assert done.returncode == 1 and "not there" in done.stderr, done.all
    done = run("registry", "restore", "/srv")
    assert done.returncode == 2, done.all
    os.symlink(SAVED, "/srv/link")
    assert run("registry", "restore", "/srv/link").returncode == 2
    os.chown(SAVED, 33, 33)
    done = run("registry", "restore", SAVED)
    assert done.returncode == 2 and "root" in done.stderr, done.all
    assert run("registry", "restore").returncode == 64


def ids_beside_it_come_back():
    save()
    line = "user,2000777777,zoe,zoe@example.com,\r\n"
    ids = "kind,number,name,email,external_id\r\n" + line
    pathlib.Path(SAVED_IDS).write_bytes(ids.encode())
    assert document("registry", "restore", SAVED)["ids"] == 1
    assert pathlib.Path(f"{REGISTRY}/ids").read_bytes() == ids.encode()
    assert os.stat(f"{REGISTRY}/ids").st_mode & 0o7777 == 0o600
    good("user", "add", "zoe", "--email", "zoe@example.com")
    assert uid("zoe") == 2000777777


def bad_ids_beside_it_stop_all():
    save()
    pathlib.Path(SAVED_IDS).write_text("nonsense\n", encoding="ascii")
    done = run("registry", "restore", SAVED)
    assert done.returncode == 1 and SAVED_IDS in done.stderr, done.all
    assert not os.path.exists(f"{REGISTRY}/registry")


def ids_that_are_here_stay():
    save()
    head = "kind,number,name,email,external_id\r\n"
    here = head + "user,2000777778,yan,yan@example.com,\r\n"
    pathlib.Path(SAVED_IDS).write_text(
        head + "user,2000777777,zoe,zoe@example.com,\r\n", encoding="ascii")
    os.mkdir(REGISTRY)
    pathlib.Path(f"{REGISTRY}/ids").write_bytes(here.encode())
    done = good("registry", "restore", SAVED)
    assert "id import" in done.stderr, done.all
    assert pathlib.Path(f"{REGISTRY}/ids").read_bytes() == here.encode()


def local_account_with_the_uid_of_another_is_named():
    save()
    number = first_uid()
    passwd = pathlib.Path("/etc/passwd")
    kept = passwd.read_text(encoding="utf-8")
    account = f"{{}}:x:{number}:100::/nonexistent:/bin/false\n"
    try:
        passwd.write_text(kept + account.format("mallory"), encoding="utf-8")
        done = run("registry", "restore", SAVED)
        assert done.returncode == 1 and "alice" in done.stderr, done.all
        passwd.write_text(kept + account.format("alice"), encoding="utf-8")
        done = good("registry", "restore", SAVED)
        assert "as alice" in done.stderr, done.all
    finally:
        passwd.write_text(kept, encoding="utf-8")


def local_group_of_the_same_name_is_named():
    save()
    group = pathlib.Path("/etc/group")
    kept = group.read_text(encoding="utf-8")
    try:
        group.write_text(kept + "crew:x:998877:\n", encoding="utf-8")
        done = run("registry", "restore", SAVED)
        assert done.returncode == 1 and "group crew" in done.stderr, done.all
        assert not os.path.exists(f"{REGISTRY}/registry")
    finally:
        group.write_text(kept, encoding="utf-8")


def nobody_is_registered_anew_while_a_saved_registry_waits():
    save()
    done = run("user", "add", "eve", "--email", "eve@example.com")
    assert done.returncode == 1, done.all
    assert f"extauthctl registry restore {SAVED}" in done.stderr, done.all
    assert not os.path.exists(f"{REGISTRY}/registry")
    good("registry", "restore", SAVED)
    good("user", "add", "eve", "--email", "eve@example.com")


def broken_configuration_is_told_first():
    save()
    pathlib.Path(CONFIG).write_text("[extauth]\nnonsense = 1\n",
                                    encoding="ascii")
    assert run("registry", "restore", SAVED).returncode == 78


main([value for value in list(globals().values())
      if callable(value) and getattr(value, "__module__", "") == "__main__"
      and value.__name__ not in ("save", "uid", "generation", "first_uid",
                             "add_anew")])

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""extauthctl sync: what it says and does, with a CSV and the real worker, and
with workers that are killed or lie."""
import http.server
import json
import os
import shutil
import signal
import subprocess
import threading
import time

from ctl import (REGISTRY, configure, document, findings, good, main, run,
                 write)

PEOPLE = "/etc/extauth/people.csv"
HEAD = "id,email,name,gecos,groups,state\n"
STATE = f"{REGISTRY}/sync/corp"
WORKER = "/usr/libexec/extauth/extauth-exchange"
NOBODY = ("corp: note: group admins: nobody is in it; is remote the name or id "
          "of a group there?")


def people(*rows):
    """Writes the directory: rows without the headline."""
    write(PEOPLE, HEAD + "".join(row + "\n" for row in rows))


def person(number, groups="", state="enabled"):
    """One row."""
    return (f"id-{number},u{number}@example.com,u{number},User {number},"
            f"{groups},{state}")


def source(keys="", name="corp", where=f"file = {PEOPLE}"):
    """The section of a source."""
    return f"[source {name}]\ntype = csv\n{where}\n{keys}\n"


def files():
    """What stands below the registry's directory: names, bytes, times."""
    found = {}
    for folder, _, names in os.walk(REGISTRY):
        for name in names:
            path = f"{folder}/{name}"
            with open(path, "rb") as file:
                found[path] = (file.read(), os.stat(path).st_mtime_ns,
                               os.stat(path).st_ino)
    return found


def registry():
    """The bytes of the two files."""
    return {path: found for path, found in files().items()
            if path.endswith(("/registry", "/nss"))}


def sync(*words, status=0):
    """Runs it; the exit status has to be that."""
    done = run("sync", *words)
    assert done.returncode == status, f"{done.returncode}: {done.all}"
    return done


def sums(**counts):
    """The last line of a sync."""
    names = ("added", "changed", "enabled", "disabled", "removed", "refused",
             "unchanged")
    return "corp: " + ", ".join(f"{name} {counts.get(name, 0)}"
                                for name in names)


def people_are_added_changed_disabled_and_enabled():
    configure(source("max_removal_percent = 100")
              + "[group admins]\nremote = Admins\ngid = 70000\n")
    people(person(1, "Admins;Others"), person(2), "3,root@example.com,,,,")
    done = sync("--verbose")
    lines = done.stdout.splitlines()
    assert lines[0] == ("corp: refused: root@example.com: the name \"root\" "
                        "belongs to the system"), lines
    assert lines[1].startswith("+ u1 u1@example.com uid 2"), lines
    assert lines[-1] == sums(added=2, refused=1), lines
    assert "70000(admins)" in subprocess.run(
        ["id", "u1"], capture_output=True, text=True, check=True).stdout

    people(person(1).replace("User 1", "Someone").replace("u1@", "x@"))
    assert sync("--verbose").stdout.splitlines() == [
        NOBODY, "~ u1: e-mail, gecos, groups", "- u2 (disabled)",
        sums(changed=1, disabled=1)]
    people(person(1).replace("User 1", "Someone").replace("u1@", "x@"),
           person(2))
    assert sync("--verbose").stdout.splitlines() == [
        NOBODY, "+ u2 (enabled)", sums(enabled=1, unchanged=1)]
    assert document("user", "show", "u1")["email"] == "x@example.com"


def sync_that_finds_nothing_new_writes_no_registry():
    configure(source())
    people(person(1), person(2))
    sync()
    before = registry()
    assert sync().stdout == "corp: unchanged since the last sync\n"
    assert sync("--full").stdout == sums(unchanged=2) + "\n"
    assert registry() == before


def dry_run_writes_nothing_at_all():
    configure(source())
    people(person(1), person(2))
    done = sync("--dry-run")
    assert done.stdout.splitlines()[-1] \
        == sums(added=2).replace("corp: ", "corp: would be: ")
    assert not os.path.exists(REGISTRY) or not os.listdir(REGISTRY)
    sync()
    people(person(2), person(3))
    before = files()
    done = sync("--dry-run", "--accept-removals", "1")
    assert "- u1 (disabled)\n+ u3 " in done.stdout \
        or "+ u3" in done.stdout and "- u1 (disabled)" in done.stdout
    sync("--dry-run", status=1)
    assert files() == before


def guard_stops_each_time_until_it_is_accepted():
    configure(source())
    people(*(person(n) for n in range(10)))
    sync()
    people(*(person(n) for n in range(3, 10)))
    before = registry()
    for words in ((), (), ("--accept-removals", "2")):
        done = sync(*words, status=1)
        assert done.stderr == (
            "extauthctl: corp: would disable or remove 3 of 10 users (30 %), "
            "more than max_removal_percent = 20: nothing was changed. If that "
            "is right: extauthctl sync corp --accept-removals 3\n"), done.all
        assert registry() == before
    assert "would disable" in document("status")["sources"][0]["result"]
    done = sync("--accept-removals", "3")
    assert done.stdout == sums(disabled=3, unchanged=7) + "\n"


def refused_people_are_listed_up_to_twenty():
    configure(source())
    people(*(f"id-{n},not-an-email-{n},u{n},,," for n in range(332)))
    done = sync()
    lines = done.stdout.splitlines()
    assert len(lines) == 22 and lines[20] == "corp: refused: and 312 more"
    assert lines[21] == sums(refused=332)
    report = document("sync", "--full")["sources"][0]
    assert len(report["refusals"]) == 332 and report["status"] == 0
    assert report["refusals"][0]["external_id"].startswith("id-")


def one_person_is_synced_at_once():
    configure(source() + source(name="other"))
    people(person(1), person(2))
    assert sync("--user", "U2@example.com").stdout == sums(added=1) + "\n"
    assert [user["name"] for user in document("user", "list")] == ["u2"]
    assert not os.path.exists(STATE)
    done = sync("corp", "--user", "nobody@example.com", status=1)
    assert "nobody@example.com is not in the directory" in done.stderr
    people(person(2, state="disabled"))
    sync("--user", "u2@example.com")
    assert document("user", "show", "u2")["state"] == "disabled"
    people("id-9,root@example.com,root,,,")
    assert "belongs to the system" in sync(
        "corp", "--user", "root@example.com", status=1).stdout


def source_that_cannot_be_read_changes_nothing():
    configure(source() + source(name="zz", where="file = /etc/extauth/zz.csv"))
    people(person(1))
    done = sync(status=78)
    assert sums(added=1) in done.stdout and "extauthctl: zz: " in done.stderr
    before = registry()
    os.unlink(PEOPLE)
    sync("corp", status=78)
    for text, status in (("", 2), ("no,head\n", 78),
                         (HEAD + 'id-1,"x\n', 2)):
        write(PEOPLE, text)
        sync("corp", "--full", status=status)
    assert registry() == before
    status = document("status")["sources"]
    assert status[0]["result"].startswith("failed: ")
    assert status[0]["last_success"] and not status[0]["is_too_old"]
    assert status[1]["is_too_old"] is True


def empty_directory_is_stopped_by_the_guard():
    configure(source())
    people(person(1))
    sync()
    people()
    sync(status=1)
    assert document("user", "show", "u1")["state"] == "enabled"


def lost_registry_is_filled_again():
    configure(source())
    people(person(1))
    sync()
    for name in ("registry", "nss"):
        os.unlink(f"{REGISTRY}/{name}")
    assert sync().stdout == sums(added=1) + "\n"


def changed_configuration_is_applied_at_once():
    configure(source())
    people(person(1), person(2))
    sync()
    configure(source("max_removal_percent = 100\n"
                     "domains = example.org\nwhen_gone = remove"))
    assert sync().stdout == sums(removed=2) + "\n"
    assert document("user", "list") == [] \
        or {user["state"] for user in document("user", "list")} == {"removed"}


def wrong_words_are_told_apart():
    configure(source())
    people(person(1))
    assert "no [source hr]" in sync("hr", status=78).stderr
    sync("--accept-removals", "x", status=64)
    sync("--user", "x", status=64)
    configure()
    assert "no [source NAME]" in sync(status=78).stderr
    done = subprocess.run(["/usr/sbin/extauthctl", "sync"], user=65534,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "root" in done.stderr


# A worker that says what its test wants: the frames are those of
# common/frame.h and common/sync.h.
LIAR = """#!/usr/bin/python3 -IB
import os, signal, socket, struct, time
talk = socket.socket(fileno=3)

def field(tag, data):
    return bytes([tag]) + struct.pack("<I", len(data)) + data

def number(tag, value):
    return field(tag, struct.pack("<I", value))

def frame(kind, *fields):
    body = bytes([kind]) + b"".join(fields)
    talk.sendall(struct.pack("<I", len(body)) + body)

def user(n):
    frame(68, field(12, b"id-%%d" %% n), field(11, b"u%%d@example.com" %% n),
          field(10, b"u%%d" %% n), field(33, b""), field(34, b""),
          field(35, b""), number(8, 0), field(36, b""))

def end(kind=1, nonce=None):
    frame(70, number(1, 1), field(2, nonce or NONCE), number(31, kind),
          number(8, 0), field(24, b""), field(27, b""), number(26, 0))

length = struct.unpack("<I", talk.recv(4, socket.MSG_WAITALL))[0]
job = talk.recv(length, socket.MSG_WAITALL)
NONCE = job[job.index(bytes([2, 16, 0, 0, 0])):][5:21]
%s
"""


def with_liar(role, words=(), status=2):
    """Runs a sync whose worker plays that role."""
    shutil.move(WORKER, WORKER + ".real")
    try:
        write(WORKER, LIAR % role, 0o755)
        return sync("corp", *words, status=status)
    finally:
        shutil.move(WORKER + ".real", WORKER)


def stand_in_worker_can_tell_the_truth():
    configure(source())
    assert with_liar("user(1); end()", status=0).stdout \
        == sums(added=1) + "\n"


def worker_that_fails_or_lies_changes_nothing():
    configure(source())
    people(person(1), person(2))
    sync()
    before = registry()
    for role in ("user(3); os.kill(os.getpid(), signal.SIGKILL)",
                 "user(3)",
                 "user(3); end(); end()",
                 "user(3); end(); time.sleep(0.1); user(4)",
                 "user(3); end(nonce=b'x' * 16)",
                 "user(3); end(kind=2)",
                 "user(3); end(kind=9)",
                 "user(3); end(kind=4)",
                 "end(kind=0)",
                 "frame(65, field(21, b'Password: '))",
                 "frame(68); end()",
                 "talk.sendall(b'HTTP/1.1 200 OK')"):
        done = with_liar(role, ("--full",))
        assert done.stderr.startswith("extauthctl: corp: "), done.all
        assert registry() == before, role


class Slow(http.server.BaseHTTPRequestHandler):
    """Sends half of the people, then the rest when it is told to."""
    go_on = threading.Event()

    def do_GET(self):
        """Answers."""
        rows = [person(n) + "\n" for n in range(2000)]
        text = (HEAD + "".join(rows)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/csv")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text[:len(text) // 2])
        self.wfile.flush()
        Slow.go_on.wait(30)
        try:
            self.wfile.write(text[len(text) // 2:])
        except OSError:
            pass

    def log_message(self, format, *args):
        """Keeps quiet."""


def slowly():
    """Starts a sync of a slow directory; returns it."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Slow.go_on.clear()
    configure(source("insecure_http = yes", where=f"url = http://127.0.0.1:"
                     f"{server.server_address[1]}/people.csv"))
    begun = subprocess.Popen(["/usr/sbin/extauthctl", "sync"],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             text=True)
    time.sleep(1)
    assert begun.poll() is None, begun.communicate()
    return begun


def worker_of(process):
    """The worker that a process started."""
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == process.pid:
            return int(name)
    raise AssertionError("there is no worker")


def killed_worker_changes_nothing():
    good("user", "add", "alice", "--email", "alice@example.com")
    before = registry()
    begun = slowly()
    os.kill(worker_of(begun), signal.SIGKILL)
    errors = begun.communicate(timeout=10)[1]
    assert begun.returncode == 2 and "ended before" in errors, errors
    assert registry() == before
    Slow.go_on.set()


def slow_directory_blocks_no_user_add():
    begun = slowly()
    start = time.monotonic()
    good("user", "add", "alice", "--email", "alice@example.com")
    assert time.monotonic() - start < 5
    assert "another sync is running" in sync(status=2).stderr
    Slow.go_on.set()
    output = begun.communicate(timeout=30)[0]
    assert begun.returncode == 0, output
    assert output == sums(added=2000) + "\n", output
    assert document("status")["enabled"] == 2001


def status_tells_how_old_a_source_is():
    configure(source("max_sync_age = 2h"))
    assert "corp never synced, too old" in run("status").stdout
    people(person(1))
    sync()
    assert document("status")["sources"][0]["is_too_old"] is False
    with open(STATE, encoding="utf-8") as file:
        state = json.load(file)
    state["last_success"] -= 7300
    state["result"] = "failed: why"
    write(STATE, json.dumps(state), 0o600)
    assert document("status")["sources"][0]["is_too_old"] is True
    assert "corp 2 hours ago, too old (failed: why)" in run("status").stdout


def failure_of_the_same_second_shows_and_a_success_does_not():
    configure(source())
    people(person(1))
    for _ in range(3):
        sync("--full")
        assert "(" not in run("status").stdout
        write(PEOPLE, "nonsense\n")
        sync(status=78)
        assert "(failed: " in run("status").stdout
        people(person(1))


def check_tells_how_old_a_source_is():
    configure(source("domains = example.com\nmax_sync_age = 2h"))
    people(person(1))
    assert findings()["source_age"]["level"] == "note"
    sync()
    assert "source_age" not in findings()
    with open(STATE, encoding="utf-8") as file:
        state = json.load(file)
    write(STATE, json.dumps({**state, "last_success":
                             state["last_success"] - 7300}), 0o600)
    write(PEOPLE, "nonsense\n")
    sync(status=78)
    found = findings()["source_age"]
    assert found["level"] == "warning", found
    for text in ("[source corp]", "2 hours ago", "failed: ", "no column id"):
        assert text in found["text"], found
    write(STATE, json.dumps({**state, "last_success":
                             state["last_success"] + 99000}), 0o600)
    assert "in the future" in run("status").stdout


def people_of_a_source_that_was_taken_out_come_from_none():
    configure(source())
    people(person(1))
    sync()
    assert document("status")["without_source"] == []
    configure(source(name="other"))
    assert document("status")["without_source"] == ["u1"]


def lists_as_spreadsheets_write_them_are_read_or_told_apart():
    configure(source())
    text = "id,email,name\n1,jane@example.com,jane\n2,joe@example.com,joe\n"
    for wrong, status, reason in (
            (text.replace(",", ";"), 78,
             "line 1: no column id: columns are separated by commas"),
            (text.replace(",", "\t"), 78, "columns are separated by commas"),
            (text.replace("id,", "Number,", 1), 78, "line 1: no column id\n"),
            (text.partition("\n")[2], 78, "line 1: no column id\n"),
            (text.replace("\n", "\r"), 2, "line 1: lines end with CR alone")):
        with open(PEOPLE, "w", encoding="utf-8", newline="") as file:
            file.write(wrong)
        done = sync(status=status)
        assert reason in done.stderr, done.all
    with open(PEOPLE, "w", encoding="utf-8", newline="") as file:
        file.write("\ufeff" + text.replace("\n", "\r\n"))
    assert sync().stdout == sums(added=2) + "\n"


def token_of_two_lines_is_named():
    configure("[source corp]\ntype = scim\ntoken_file = /etc/extauth/tok\n"
              "url = https://id.example.com/scim\n")
    write("/etc/extauth/tok", "one\ntwo\n", 0o600)
    assert "corp: Authorization: a control byte" in sync(status=2).stderr
    os.unlink("/etc/extauth/tok")


def what_was_refused_is_told_again_where_nothing_changed():
    configure(source())
    people(person(1), person(2).replace("@", "-"))
    sync()
    assert sync().stdout == (
        "corp: unchanged since the last sync, 1 refused then\n")
    done = document("sync")["sources"][0]
    assert done["refused_then"] == 1, done


def share_that_the_guard_tells_is_never_too_small():
    configure(source())
    people(*(person(n) for n in range(49)))
    sync()
    people(*(person(n) for n in range(10, 49)))
    assert "10 of 49 users (21 %), more than" in sync(status=1).stderr


def people_who_are_left_out_are_counted_before_it_is_done():
    configure(source("only_groups = admins")
              + "[group admins]\nremote = Admin\n")
    people(person(1, "Admins"))
    assert sync("--dry-run").stdout.splitlines() == [
        NOBODY, "corp: note: 1 left out by domains or only_groups",
        sums().replace("corp: ", "corp: would be: ")]


def status_tells_who_comes_from_no_source():
    configure(source())
    people(person(1))
    sync()
    good("user", "add", "alice", "--email", "alice@example.com")
    good("user", "add", "bob", "--email", "bob@example.com", "--not-after",
         "2099-12-31")
    assert document("status")["without_source"] == ["alice"]
    assert "without source   alice" in run("status").stdout


def linked_name_of_passwd_is_not_taken():
    configure(source())
    people("id-1,nobody@example.com,,,,", "id-2,daemon@example.com,,,,")
    assert sync().stdout.splitlines()[-1] == sums(refused=2)


main([value for name, value in list(globals().items())
      if callable(value) and getattr(value, "__module__", "") == "__main__"
      and name not in ("people", "person", "source", "files", "registry",
                       "sync", "sums", "with_liar", "slowly", "worker_of",
                       "Slow")])

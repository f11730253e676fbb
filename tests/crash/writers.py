# SPDX-License-Identifier: MIT
"""Many writers register people at the same time: no uid is given out twice,
nobody is lost, and a removed uid does not come back.

usage: tests/enter python3 tests/crash/writers.py [COUNT] [BATCH]
   COUNT: so many registrations (1,600 if not given)
   BATCH: so many in one `user import` (20); 1 is `user add`"""
import csv
import io
import threading

from crash_case import *

COUNT = argument(1600)
BATCH = argument(20)
WRITERS = 16


def register(writer, failures):
    """Registers one writer's share, half of it with external ids, which are
    hashed to uids."""
    share = range(writer, COUNT, WRITERS)
    for start_at in range(0, len(share), BATCH):
        rows = ["name,email,external_id"]
        rows += [f"p{n},p{n}@example.com,{f'id-{n}' if n % 2 else ''}"
                 for n in share[start_at:start_at + BATCH]]
        result = extauthctl("user", "import", "-",
                            input="\n".join(rows) + "\n", check=False,
                            timeout=600)
        if result.status != 0:
            failures.append(result.errors)


def at_once(work):
    failures = []
    threads = [threading.Thread(target=work, args=(number, failures))
               for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal(failures, [], "failures")


def uids():
    """The uid of each registered name."""
    rows = csv.DictReader(io.StringIO(export()))
    return {row["name"]: row["uid"] for row in rows
            if row["state"] != "removed"}


@test
def writers_at_the_same_time_give_no_uid_out_twice():
    configure("[extauth]\n")
    started = time.monotonic()
    at_once(register)
    found = uids()
    equal(len(found), COUNT, "registered")
    equal(len(set(found.values())), COUNT, "different uids")
    print(f"# {COUNT} registrations by {WRITERS} writers in "
          f"{time.monotonic() - started:.1f} s")


@test
def a_removed_uid_is_not_given_out_again():
    before = uids()
    gone = [f"p{n}" for n in range(0, COUNT, max(1, COUNT // 40))]

    def remove(writer, failures):
        for name in gone[writer::WRITERS]:
            result = extauthctl("user", "remove", name, check=False,
                                timeout=600)
            if result.status != 0:
                failures.append(result.errors)

    at_once(remove)
    rows = ["name,email,external_id"]
    rows += [f"{name},{name}@example.com,"
             f"{f'id-{name[1:]}' if int(name[1:]) % 2 else ''}"
             for name in gone]
    extauthctl("user", "import", "-", input="\n".join(rows) + "\n")
    after = uids()
    equal(len(after), COUNT, "registered")
    removed = {before[name] for name in gone}
    assert not removed & set(after.values()), "a removed uid came back"
    equal(len(set(after.values())), COUNT, "different uids")


run_tests()

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""extauthctl sync --worker: a service that listens on a socket reads the
directory, as extauth-exchange@.service does."""
import os
import socket
import subprocess
import threading

from ctl import REGISTRY, configure, main, run, write

PEOPLE = "/etc/extauth/people.csv"
SOCKET = "/run/exchange.socket"
WORKER = "/usr/libexec/extauth/extauth-exchange"
READS_ALL = ("setpriv", "--reuid", "extauth", "--regid", "extauth",
             "--clear-groups", "--bounding-set", "-all,+dac_read_search",
             "--inh-caps", "-all,+dac_read_search", "--ambient-caps",
             "+dac_read_search", "--no-new-privs")
NOBODY = READS_ALL[:6] + ("--bounding-set", "-all")


def serve(server, command):
    """Gives one connection to the command, as descriptor 3."""
    connection, _ = server.accept()
    with connection:
        subprocess.run(["sh", "-c", 'exec "$@" 3<&0 </dev/null', "sh",
                        *command], stdin=connection, check=False)


def sync(*command, status=0):
    """Syncs with that command as service; none: nobody accepts."""
    configure(f"[source corp]\ntype = csv\nfile = {PEOPLE}\n")
    write(PEOPLE, "id,email\n1,ann@example.com\n", 0o600)
    if os.path.exists(SOCKET):
        os.unlink(SOCKET)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(SOCKET)
        if command:
            server.listen()
            thread = threading.Thread(target=serve, args=(server, command))
            thread.start()
        done = run("sync", "--worker", SOCKET)
        if command:
            thread.join()
    assert done.returncode == status, done.all
    return done


def service_that_may_read_all_reads_the_closed_list():
    assert sync(*READS_ALL, WORKER).stdout.startswith("corp: added 1, ")


def service_without_that_right_reads_nothing():
    done = sync(*NOBODY, WORKER, status=78)
    assert f"{PEOPLE}: Permission denied" in done.stderr, done.all
    assert not os.path.exists(f"{REGISTRY}/registry")


def service_that_hangs_up_changes_nothing():
    done = sync("/usr/bin/true", status=2)
    assert "ended before the end of the directory" in done.stderr, done.all
    assert not os.path.exists(f"{REGISTRY}/registry")


def socket_where_nobody_listens_is_named():
    done = sync(status=2)
    assert f"{SOCKET}: Connection refused" in done.stderr, done.all


main([service_that_may_read_all_reads_the_closed_list,
      service_without_that_right_reads_nothing,
      service_that_hangs_up_changes_nothing,
      socket_where_nobody_listens_is_named])

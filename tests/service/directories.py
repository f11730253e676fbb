#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Simulated directories of users on loopback, for tests and for trying things
out: SCIM, Okta, Microsoft Graph, PingOne, JSON lists and CSV over the same
people (directory_people.py), all of one origin. Paths: /scim/v2, /api/v1,
/v1.0, /v1/environments/ID, /lists, /people.csv and any path that ends in
/token for client credentials. What they take: Bearer (or SSWS)
directory-token, Basic reader:directory-password, client CLIENT with
client-secret.

The control port, plain HTTP, tells the requests, changes people and settings
and sets faults: directory_base.py, directory_faults.py. A second listener is
another origin: what comes there is only written down.

usage: directories.py --port 8443 --control 8444 --other 8445
                      [--cert server.pem --key server.key] [--host NAME]
                      [--users N] [--groups N] [--seed TEXT]
"""
import argparse
import signal

from directory_base import Directory, start_control
from directory_graph import graph
from directory_http import Server
from directory_lists import lists, people_csv
from directory_okta import okta
from directory_pingone import pingone
from directory_scim import scim

ROUTES = (("/scim/v2", scim), ("/api/v1/", okta), ("/v1.0/", graph),
          ("/v1/environments/", pingone), ("/lists/", lists),
          ("/people.csv", people_csv))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--control", type=int, required=True)
    parser.add_argument("--other", type=int, required=True)
    parser.add_argument("--cert", help="none: plain HTTP")
    parser.add_argument("--key")
    parser.add_argument("--host", default="directory.example.com",
                        help="the name in its own links")
    parser.add_argument("--users", type=int, default=100)
    parser.add_argument("--groups", type=int, default=20)
    parser.add_argument("--seed", default="1")
    options = parser.parse_args()
    scheme = "https" if options.cert else "http"
    url, other = (f"{scheme}://{options.host}:{port}"
                  for port in (options.port, options.other))
    directory = Directory(url, other, ROUTES, seed=options.seed,
                          users=options.users, groups=options.groups)
    start_control(directory, options.control)
    for port, answer in ((options.other, directory.answer_other),
                         (options.port, directory.answer)):
        Server(directory, answer, port, options.cert, options.key).start()
    signal.pause()


if __name__ == "__main__":
    main()

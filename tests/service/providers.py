#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A simulator of one identity provider on loopback, for tests and for trying
things out. wire/README tells of its answers; provider_users.py of its users,
whose password is Right-Password-1; the control port is plain HTTP
(provider_base.py).

usage: providers.py --provider okta --port 8443 --control 8444
                    --cert server.pem --key server.key [--host NAME]
"""
import argparse
import signal

from provider_aptify import Aptify
from provider_base import start_control
from provider_entra import Entra
from provider_http import Server
from provider_oauth2 import OAuth2
from provider_okta import Okta
from provider_pingfederate import PingFederate
from provider_pingone import PingOne

PROVIDERS = {"aptify": Aptify, "entra": Entra, "oauth2": OAuth2, "okta": Okta,
             "pingfederate": PingFederate, "pingone": PingOne}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--provider", choices=PROVIDERS, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--control", type=int, required=True)
    parser.add_argument("--cert", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--host", default="id.example.com",
                        help="the name in its own links")
    options = parser.parse_args()
    simulator = PROVIDERS[options.provider](
        f"https://{options.host}:{options.port}")
    start_control(simulator, options.control)
    Server(simulator, options.port, options.cert, options.key).start()
    signal.pause()


if __name__ == "__main__":
    main()

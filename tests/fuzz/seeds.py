#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes what the fuzzer begins with, from the answers in tests/service/wire: a
folder of inputs for each target, and a dictionary.

usage: seeds.py DIRECTORY
"""
import base64
import glob
import hashlib
import json
import os
import re
import sys

import seeds_plain
import seeds_source

SOURCE = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))
WIRE = SOURCE + "/tests/service/wire"
NOW = 1767225600
TENANT = "11111111-2222-3333-4444-555555555555"
EVENT_END = b"\x1e"
# Tokens of the wire files are short; a long one can be looked for in a trace.
TOKENS = {b'"00st"': b'"STATE-TOKEN-0123456789"',
          b'"T"': b'"MFA-TOKEN-0123456789"',
          b'"O"': b'"OOB-CODE-0123456789"',
          b'"D"': b'"DEVICE-CODE-0123456789"',
          b'"00sess"': b'"SESSION-TOKEN-0123456789"',
          b"@ACCESS_TOKEN@": b"ACCESS-TOKEN-0123456789"}
MFA = "okta/authn_mfa_required.200.json"
DIRECT = "okta/token_mfa_required.403.json"
TOKEN = "oauth2/tokens_without_id_token.200.json"
DISCOVERY = "oauth2/discovery.200.json"
DEVICE = "oauth2/device.200.json"

# For each target: the issuer and subject of its id_tokens, the folder of its
# answers, and what leads to the places where these are given. A ">" begins
# what a person types.
TARGETS = {
    "rest": ("", "", "oauth2", [[], ["pingone/token.200.json"]]),
    "oauth2": ("https://AS", "248289761001", "oauth2",
               [[], [DISCOVERY], [DISCOVERY, TOKEN]]),
    "oauth2_introspection": ("", "248289761001", "oauth2", [[], [TOKEN]]),
    "oauth2_device": ("https://AS", "248289761001", "oauth2",
                      [[], [DISCOVERY], [DISCOVERY, DEVICE, ">"],
                       [DISCOVERY, DEVICE, ">",
                        "oauth2/slow_down.400.json"]]),
    "okta": ("", "", "okta",
             [[], [MFA, ">123456"], [MFA, ">"],
              [MFA, ">", "okta/authn_mfa_challenge_waiting.200.json"],
              [MFA, ">", "okta/authn_mfa_challenge_number.200.json", ">"],
              ["okta/authn_mfa_required_sms.200.json", ">sms"],
              ["okta/authn_mfa_required_sms.200.json", ">sms",
               "okta/authn_mfa_challenge_sms.200.json", ">123456"],
              ["okta/authn_password_warn.200.json"]]),
    "okta_token": ("https://ORG", "00u1", "okta",
                   [[], [DIRECT, ">123456"], [DIRECT, ">"],
                    [DIRECT, ">", "okta/challenge_push.200.json"],
                    [DIRECT, ">", "okta/challenge_number.200.json", ">"]]),
    "okta_change": ("", "", "okta",
                    [[], ["okta/authn_password_expired.200.json"],
                     ["okta/authn_password_warn.200.json"]]),
    "okta_forgot": ("", "", "okta", [[]]),
    "entra": (f"https://login.microsoftonline.com/{TENANT}/v2.0", "U", "entra",
              [[]]),
    "pingone": ("", "", "pingone",
                [[], ["pingone/token.200.json"],
                 ["pingone/token.200.json", "pingone/users_one.200.json"]]),
    "pingone_forgot": ("", "", "pingone",
                       [[], ["pingone/token.200.json"],
                        ["pingone/token.200.json",
                         "pingone/users_one.200.json"]]),
    "pingfederate": ("https://AS:9031", "alice@example.com", "pingfederate",
                     [[], ["pingfederate/tokens.200.json"]]),
    "aptify": ("", "", "aptify",
               [[], ["aptify/good.200.json"],
                ["aptify/good.200.json", "aptify/user_information.200.json"]]),
}


def id_token(issuer, subject):
    """Returns an id_token; nobody looks at its signature."""
    claims = {"iss": issuer, "aud": "CLIENT", "exp": NOW + 3600, "iat": NOW,
              "sub": subject, "oid": subject, "email": "alice@example.com",
              "email_verified": True,
              "tid": TENANT, "preferred_username": "alice@example.com"}
    parts = [b'{"alg":"RS256"}', json.dumps(claims).encode(), b"signature"]
    return b".".join(base64.urlsafe_b64encode(part).rstrip(b"=")
                     for part in parts)


def event(name, token):
    """Returns one event of a script: an answer of the server, or a person's."""
    if name.startswith(">"):
        return name[1:].encode() + EVENT_END
    with open(f"{WIRE}/{name}", "rb") as file:
        body = file.read().removesuffix(b"\n")
    for short, long in TOKENS.items():
        body = body.replace(short, long)
    status = name.split(".")[-2].encode()
    return status + body.replace(b"@ID_TOKEN@", token) + EVENT_END


def wire_files(folder):
    return sorted(os.path.relpath(path, WIRE)
                  for name in (folder, "shared")
                  for path in glob.glob(f"{WIRE}/{name}/*.*"))


def write(folder, content):
    os.makedirs(folder, exist_ok=True)
    name = hashlib.sha1(content).hexdigest()
    with open(f"{folder}/{name}", "wb") as file:
        file.write(content)


def write_target(directory, name, issuer, subject, folder, chains):
    token = id_token(issuer, subject)
    for chain in chains:
        start = b"".join(event(step, token) for step in chain)
        for last in wire_files(folder):
            # 0x14: the person can be asked and waited for; 0x08: he typed a
            # code with his password.
            write(f"{directory}/{name}",
                  b"\x14" + start + event(last, token))
        write(f"{directory}/{name}", b"\x08" + start)
        write(f"{directory}/{name}", b"\x00" + start)


def write_json(directory):
    for path in glob.glob(f"{WIRE}/*/*.*"):
        with open(path, "rb") as file:
            write(f"{directory}/json", file.read())


def write_dictionary(directory):
    words = set()
    for path in glob.glob(f"{WIRE}/*/*.json"):
        with open(path, encoding="utf-8") as file:
            words.update(re.findall(r'"([A-Za-z0-9_.:/@-]{1,40})"',
                                    file.read()))
    with open(f"{directory}/dictionary", "w", encoding="ascii") as file:
        for word in sorted(words):
            file.write(f'"\\"{word}\\""\n')
        file.write('"\\x1e"\n"200"\n"400"\n"401"\n"403"\n":true"\n":null"\n')


def main(directory):
    write_json(directory)
    for name, target in TARGETS.items():
        write_target(directory, name, *target)
    for name, content in [*seeds_source.inputs(), *seeds_plain.inputs()]:
        write(f"{directory}/{name}", content)
    write_dictionary(directory)


if __name__ == "__main__":
    main(sys.argv[1])

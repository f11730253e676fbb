#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Tells how many lines of what a target is for were reached.

usage: coverage.py TARGET [--files] <EXPORT
  EXPORT: what `llvm-cov export` wrote
  --files: file by file
"""
import fnmatch
import json
import sys

SOURCES = {
    "base64url": ["exchange/base64url.c"],
    "config": ["common/config*.c"],
    "frame": ["common/frame*.c", "common/login*.c", "common/sync*.c"],
    "http": ["exchange/http*.c", "exchange/response*.c"],
    "id_map": ["extauthctl/id_map*.c", "common/csv.c"],
    "identity": ["common/identity*.c"],
    "ini": ["common/ini.c", "common/ini_entries.c"],
    "json": ["exchange/json*.c"],
    "nss": ["nss_extauth/*.c"],
    "registry": ["common/registry*.c"],
    "response": ["exchange/response*.c"],
    "rest": ["exchange/provider_rest.c", "exchange/judge.c"],
    "template": ["common/template*.c"],
    "throttle": ["common/throttle*.c"],
    "url": ["common/config_url.c", "exchange/origin.c"],
    "xml": ["common/template*.c"],
}
PLAIN = {"condition", "csv", "escape", "module_option", "passwd_entry",
         "phrase"}


def patterns(target):
    if target in SOURCES:
        return SOURCES[target]
    if target in PLAIN:
        return [f"common/{target}.c"]
    if target.startswith("source_"):
        return [f"exchange/{target}*.c"]
    return [f"exchange/provider_{target.split('_')[0]}*.c"]


def main(target, *options):
    covered = count = 0
    for file in json.load(sys.stdin)["data"][0]["files"]:
        lines = file["summary"]["lines"]
        name = "/".join(file["filename"].split("/")[-2:])
        if not any(fnmatch.fnmatch(name, one) for one in patterns(target)):
            continue
        covered += lines["covered"]
        count += lines["count"]
        if options:
            print(f"# {name}: {lines['covered']} of {lines['count']}")
    print(f", {covered} of {count} lines")


if __name__ == "__main__":
    main(*sys.argv[1:])

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Reads /dev/log and appends each message to /var/log/auth.log.

Returns once the socket is there; the reader goes on in the background.
"""
import os
import re
import socket
import sys

PRIORITY = re.compile(r"^<\d+>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d ")


def read_forever(source, log_path):
    with open(log_path, "a", encoding="utf-8", errors="replace") as log:
        while True:
            text = source.recv(65536).decode("utf-8", "replace")
            text = PRIORITY.sub("", text.rstrip("\n\0"))
            log.write(text.replace("\n", "\\n") + "\n")
            log.flush()


def main():
    source = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    source.bind("/dev/log")
    os.chmod("/dev/log", 0o666)
    if os.fork() > 0:
        return
    os.setsid()
    null = os.open("/dev/null", os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    read_forever(source, "/var/log/auth.log")


if __name__ == "__main__":
    sys.exit(main())

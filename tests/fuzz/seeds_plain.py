# SPDX-License-Identifier: MIT
"""What the fuzzer of the plain targets begins with: texts, frames and files of
the registry, as the fuzz_*.c of that name read them.

Does not know: where they are written to.
"""
import glob
import os
import struct

SOURCE = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))
END = b"\x1e"
CONFIG = b"""[extauth]
default_provider = main
[provider main]
type = rest
url = https://id.example.com/v1/login?u={{USERID}}
domains = example.com
header = X-Device: {{DEVICENAME}}
body = {"email": "{{USEREMAIL}}",
    "password": "{{USERPASSWORD}}"}
accept_if = /status == "active"
[service sudo]
allow_groups = admins
[group admins]
remote = Admins
[source corp]
type = scim
url = https://dir.example.com/scim/v2
token_file = corp
"""
VALUES = [b"x", b"\"\\\n\x00", b"<&>'\"", "Dö \U0001f600".encode(), b"..", b" a ",
          b"{{USERPASSWORD}}", b"\xff\xfe", b"%2e%2e/", b"0"]
TEMPLATES = [
    (0, b"/home/{{USERNAME}}"), (1, b"https://h/{{USERNAME}}/x?y={{RHOST}}#"),
    (1, b"https://h/a.{{USERNAME}}/{{TTY}}?p={{SECRET:x}}&q={{USERID}}"),
    (2, b"Bearer {{SECRET:token}} {{HOSTNAME}}"),
    (3, b'{"a": "{{USEREMAIL}}", "b": {{USERID}}, "c": ["\\u00e9\\"'
        b'{{USERPASSWORD}}"]}'),
    (4, b"user={{USERNAME}}&password={{USERPASSWORD}}&x=%20+"),
    (5, b"<?xml version='1.0'?><!-- c --><a b=\"{{USERNAME}}\"><![CDATA[x]]>"
        b"{{USERPASSWORD}}&amp;</a>")]
NONCE = b"0123456789abcdef"
ALICE = 2000200001
HEADER = 256


def number(value):
    return struct.pack("<I", value)


def fields(kind, *pairs):
    """A frame as fuzz_frame.c reads it with its first flag."""
    text = b"\x03" + bytes([kind])
    for tag, field in pairs:
        text += bytes([tag]) + struct.pack("<H", len(field)) + field
    return text


def login_fields():
    texts = [(3, b"/etc/extauth/extauth.conf"), (4, b"main"), (5, b"0a1b2c3d"),
             (10, b"alice"), (11, b"alice@example.com"), (12, b"u1"),
             (14, b"sshd"), (15, b"ssh"), (16, b"192.0.2.7"), (17, b"host"),
             (18, b"Linux"), (19, b"laptop"), (20, b"192.0.2.7")]
    return [(1, number(1)), (2, NONCE), *texts, (9, number(ALICE)),
            (8, number(4)), (6, number(15000)), (7, number(100000)),
            (13, b"secret")]


def frames():
    head = [(1, number(1)), (2, NONCE)]
    said = [(24, b"because"), (25, "Dö".encode()), (27, b"")]
    user = [(12, b"u1"), (11, b"a@example.com"), (10, b"alice"), (33, b"A"),
            (34, b"/home/a"), (35, b"/bin/sh"), (8, number(1)),
            (9, number(ALICE)), (36, b"g1\0Team\0\0Other\0")]
    yield fields(1, *login_fields())
    yield fields(6, *login_fields(), (28, b"new secret"))
    for verdict in range(9):
        yield fields(69, *head, (23, bytes([verdict])), (26, number(200)),
                     *said, (29, b"token"))
    yield fields(68, *user)
    yield fields(68, *user[:-1], (36, b"g1\0cut \xe2\x82\0"))
    yield fields(72, (12, b"g1"), (38, b"Team"), (37, number(70000)),
                 (39, b"u1\0u2\0"))
    yield fields(73, (32, number(5)))
    yield fields(70, *head, (31, number(1)), (8, number(0)), (30, b"state"),
                 (24, b""), (27, b""), (26, number(200)))
    yield fields(3, *head, (3, b"/etc/extauth/extauth.conf"), (38, b"corp"),
                 (5, b"0a1b2c3d"), (11, b""), (30, b"state"), (8, number(1)),
                 (6, number(15000)))
    yield b"\x02" + struct.pack("<IBBI", 9, 66, 21, 3) + b"abc"


def pad(record):
    record += b"\0" * (-len(record) % 8)
    return struct.pack("<I", len(record)) + record[4:]


def user_record(name, uid, gids=(), flags=0, private=True, kind=1):
    texts = [name, b"Alice A.", b"/home/" + name, b"/bin/bash",
             name + b"@example.com" if private else b"",
             b"id-" + name if private else b"", b"", b""]
    if kind == 3:
        texts = [name] + [b""] * 7
    record = struct.pack("<IIBBHIIIq", 0, 0, kind, flags, 0, uid, uid,
                         len(gids), 0)
    record += struct.pack("<8H", *map(len, texts))
    record += struct.pack(f"<{len(gids)}I", *gids)
    return pad(record + b"".join(text + b"\0" for text in texts))


def group_record(name, gid, *members):
    text = b"".join(member + b"\0" for member in members)
    record = struct.pack("<IIBBHIII", 0, 0, 2, 0, len(name), gid,
                         len(members), len(text))
    return pad(record + name + b"\0" + text)


def snapshot(version, flags, private):
    """A file whose checksums and indexes the target puts right."""
    gids = (2000900001, 2000900002)
    records = [user_record(b"alice", ALICE, gids, 0, private),
               user_record(b"bob", ALICE + 1, (), 1, private),
               user_record(b"linked", 1000, (), 2, private),
               user_record(b"gone", ALICE + 2, (), 0, private, 3),
               group_record(b"admins", gids[0], b"alice", b"bob"),
               group_record(b"empty", gids[1])]
    if version == 2:
        records.append(pad(struct.pack("<IIBBHI", 0, 0, 4, 0, 0, 0) +
                           b"\0" * 8))
    body = b"".join(records)
    body += b"\0" * (-len(body) % 64)
    indexes = b""
    for at in range(6):
        slots = 16 if at < 4 or private else 0
        indexes += struct.pack("<QQ", HEADER + len(body), slots)
        body += b"\0" * slots * 8
    header = struct.pack("<8sIIQQQQQQQQQ", b"EXTAUTHR", version, flags, 7,
                         HEADER + len(body), HEADER,
                         sum(map(len, records)), 3, 2, 1, 11, 12) + indexes
    return header + b"\0" * (HEADER - len(header)) + body


def snapshots(private):
    for version in (1, 2):
        for flags in (0, 1, 5):
            file = snapshot(version, flags | (0 if private else 2), private)
            for head in (b"\x0f\0\0\1\3\2\5\1", b"\x0f\7\x40\0\0\0\0\1",
                         b"\x07\3\0\4\1\1\1\0"):
                yield head + file
            yield b"\0" * 8 + file


def answers():
    body = b'{"status": "active", "message": "no"}'
    plain = (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
             b"Content-Length: %d\r\n\r\n" % len(body)) + body
    chunked = (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
               b"%x\r\n" % len(body)) + body + b"\r\n0\r\n\r\n"
    yield b"\0\0\0" + plain
    yield b"\1\x20\0" + plain + END + plain
    yield b"\1\0\0" + plain + END + b"HTTP/1.1 500 x\r\n\r\n"
    yield b"\0\7\0" + chunked
    yield b"\0\0\0HTTP/1.0 401 No\r\nWWW-Authenticate: Basic\r\n\r\nx"
    yield b"\0\0\0HTTP/1.1 302 x\r\nLocation: file:///etc/passwd\r\n\r\n"
    yield b"\0\0\0HTTP/1.1 100 Continue\r\n\r\n" + plain
    yield b"\0\0\0HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b"
    yield b"\0\0\0HTTP/1.1 429 x\r\nRetry-After: 7\r\nSet-Cookie: a=b\r\n\r\n"
    yield b"\0\0\0"


PLAIN = {
    "base64url": [b"", b"YQ", b"YWI", b"eyJhIjoxfQ", b"_-8", b"YQ=="],
    "condition": [b"/a", b'/status == "active"', b"/a/0 != null", b"== {}",
                  b'/~0~1 == [1, -2.5e+3, {"a": true}]', b"/a=1", b"a"],
    "csv": [b"a,b\r\n\"c \"\"d\"\"\",\n\n", b'"a\nb",c', b'a"b', b"\r", b","],
    "id_map": [b"kind,number,name,email,external_id\n"
               b"user,2000200001,alice,alice@example.com,u1\n"
               b"group,2000900001,admins,,\nremoved,2000200002,bob,,\n"],
    "identity": [b"alice", b"a.b+c@example.com", b"/home/a", b"Alice, A",
                 b"/a/../b", b"\xe8\x03\0\0", b"correct horse", b"0@1.2",
                 b"systemd-x", b"root"],
    "module_option": [b"config=/etc/x", b"provider=main", b"debug",
                      b"use_first_pass", b"try_first_pass", b"config=x",
                      b"forgot_password", b"ignore_unknown_user",
                      b"ignore_authinfo_unavail"],
    "passwd_entry": [b"alice" + END + b"root:x:0:0:r:/root:/bin/sh\n"
                     b"alice:x:1001:1001:g:/h:/s\n", b"+" + END + b"+::::::\n",
                     b"bob" + END + b"# c\nbob:x:1:\nbob:x:1:1:a:b:c"],
    "phrase": [b"Code from your token\nCode von Ihrem Token\n",
               b"Enter for a code by %s\nEingabe: Code mit %s\n",
               b"On your phone choose %s, then press Enter: \n%n%s%s\n"],
    "response": [b"HTTP/1.1 200 OK\r\nETag: \"a\"\r\nDate: x\r\n",
                 b'Link: <https://h/?a=1>; rel="next", <b>; rel=prev\r\n',
                 b"retry-after: 7\r\nX-Rate-Limit-Reset: 9\r\n"
                 b"last-modified: y\r\ncontent-length: 3\r\n"],
    "throttle": [b"\1" + b"\0" * 1080, b"\7" + struct.pack(
        "<QII", 5, 7, 0) * 64 + struct.pack("<qQQIIq", 9, 1, 2, 3, 4, 5),
        b"\2", b"\6" + struct.pack("<Q", 0x325448545558450a) + b"\1" * 32],
    "url": [b"https://id.example.com/" + END + b"https://ID.example.com:443/x",
            b"https://id.example.com\\@evil.example/",
            b"https://127.0.0.1:8443/a" + END + b"https://127.0.0.1:8443",
            b"https://[::1]/" + END + b"https://[::1]:443/?",
            b"https://a@h.example/" + END + b"https://a@h.example/",
            b"https://a@id.example.com/", b"http://id.example.com/",
            b"https://id.example.com:0443/", b"https://id.example.com./"],
}


def configurations():
    yield CONFIG
    paths = glob.glob(f"{SOURCE}/etc/examples/**/*.conf", recursive=True)
    for path in sorted(paths) + [f"{SOURCE}/etc/extauth.conf"]:
        with open(path, "rb") as file:
            text = file.read()
        if len(text) <= 8192:
            yield text


def inputs():
    """Yields a target and an input of it, many times."""
    for name, texts in PLAIN.items():
        for text in texts:
            yield name, text
    for text in configurations():
        yield "config", text
        yield "ini", text
    for value in VALUES:
        for context in range(8):
            yield "escape", bytes([context, 255]) + value
        for kind, text in TEMPLATES:
            filled = text + END + value + END + b"2000200001"
            yield "template", bytes([kind]) + filled
            if kind == 5:
                yield "xml", filled
    for text in frames():
        yield "frame", text
    for text in snapshots(True):
        yield "registry", text
    for text in snapshots(False):
        yield "nss", text
    for text in answers():
        yield "http", text

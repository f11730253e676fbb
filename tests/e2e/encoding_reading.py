# SPDX-License-Identifier: MIT
"""Reads the password back out of what encoding_oracle.py wrote down, by json,
urllib, expat, base64 and httpbin.

Does not know: how extauth encodes, or what must be refused.
"""
import base64
import json
from urllib.parse import parse_qsl, unquote_to_bytes, urlsplit
from xml.parsers import expat

from extauth_test import contains, equal


def read_xml(body):
    """Returns the texts of both attributes and of the element, by expat."""
    found = {"text": ""}
    stack = []

    def start(name, attributes):
        stack.append(name)
        if name == "p":
            found.update(attributes)

    def characters(text):
        if stack[-1] == "p":
            found["text"] += text

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda name: stack.pop()
    parser.CharacterDataHandler = characters
    parser.Parse(body, True)
    return [found[key].encode() for key in ("a", "b", "text")]


def read_pairs(text):
    """Returns the one value of "p" in a query or form, by urllib."""
    pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True,
                      encoding="latin-1")
    return [value.encode("latin-1") for key, value in pairs if key == "p"]


def read_path(request):
    path = urlsplit(request["target"]).path
    return [unquote_to_bytes(path.rsplit("/", 1)[1])[1:-1]]


def read_basic(request):
    scheme, encoded = request["headers"]["AUTHORIZATION"].split(" ")
    equal(scheme, "Basic")
    user, password = base64.b64decode(encoded, validate=True).split(b":", 1)
    contains(user, b"@example.com")
    return [password]


def read_back(rule, request):
    """Returns the password, once for each time that it was sent."""
    body = bytes.fromhex(request["body"])
    readers = {
        "path": lambda: read_path(request),
        "query": lambda: read_pairs(urlsplit(request["target"]).query),
        "header": lambda: [request["headers"]["X_PASSWORD"].encode("latin-1")],
        "basic": lambda: read_basic(request),
        "json": lambda: [json.loads(body)["p"].encode()],
        "urlencoded": lambda: read_pairs(body.decode("ascii")),
        "xml": lambda: read_xml(body),
    }
    return readers[rule]()


def check_httpbin(rule, password, request):
    """Compares with what httpbin itself read."""
    echo = json.loads(request["answer"])
    text = password.decode()
    equal(echo["method"], request["method"])
    if rule == "query":
        equal(echo["args"]["p"], text, "httpbin's args")
    if rule == "header":
        equal(echo["headers"]["X-Password"], text, "httpbin's headers")
    if rule == "json":
        equal(echo["json"]["p"], text, "httpbin's json")
    if rule == "urlencoded":
        equal(echo["form"]["p"], text, "httpbin's form")
    if rule == "xml":
        equal(read_xml(echo["data"].encode())[2], password,
              "httpbin's data")

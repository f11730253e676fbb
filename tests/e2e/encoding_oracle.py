# SPDX-License-Identifier: MIT
"""httpbin behind gunicorn as the oracle of encoding.py: every request is
answered by httpbin itself, and written down with its raw bytes and with what
httpbin read out of it.

Does not know: extauth, or what was expected.
"""
import io
import json
import os

import httpbin


def record(environ, body, answer):
    """Appends one line to the file that $ORACLE_RECORD names."""
    headers = {name[5:]: value for name, value in environ.items()
               if name.startswith("HTTP_")}
    line = {"case": headers.get("X_CASE", ""),
            "method": environ["REQUEST_METHOD"], "target": environ["RAW_URI"],
            "type": environ.get("CONTENT_TYPE", ""), "headers": headers,
            "body": body.hex(), "answer": answer.decode(errors="replace")}
    with open(os.environ["ORACLE_RECORD"], "a", encoding="utf-8") as out:
        out.write(json.dumps(line) + "\n")


def app(environ, start_response):
    """Passes a request to httpbin, and its answer back. What is behind
    nginx's auth_basic has /auth in front of its path."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(length)
    environ["wsgi.input"] = io.BytesIO(body)
    environ["PATH_INFO"] = environ["PATH_INFO"].removeprefix("/auth")
    answer = b"".join(httpbin.app(environ, start_response))
    record(environ, body, answer)
    return [answer]

# SPDX-License-Identifier: MIT
"""What a test can have go wrong with one request of a simulated directory.

A fault is an object:
  kind   what happens, one of FAULTS
  nth    from 1: with which request since the last clear; 1
  times  with how many requests in a row; 1, and 0 is: from then on
  path   only requests whose target has this part count
  ...    what the kind itself takes, see there

Does not know: any directory.
"""
import email.utils
import json
import time

from directory_http import Answer, in_chunks, zipped

HUGE_BYTES = 64 * 1024 * 1024
HTML = b"<!DOCTYPE html><html><body>Please sign in</body></html>"


class Faults:
    """The faults that are set, and which of them a request meets."""

    def __init__(self):
        self.clear()

    def clear(self):
        self.faults = []

    def set(self, faults):
        """Replaces all faults; requests are counted from here."""
        for fault in faults:
            if fault["kind"] not in FAULTS:
                raise KeyError(f"no such fault: {fault['kind']}")
        self.faults = [dict(fault, seen=0) for fault in faults]

    def met(self, request):
        """Counts a request; returns the fault that it meets, or None."""
        found = None
        for fault in self.faults:
            if fault.get("path", "") not in request.target:
                continue
            fault["seen"] += 1
            first = fault.get("nth", 1)
            last = first + fault.get("times", 1) - 1
            if fault["seen"] >= first and (fault.get("times", 1) == 0
                                           or fault["seen"] <= last):
                found = found or fault
        return found


def with_fault(directory, request, fault):
    """Returns the answer to a request that meets a fault."""
    return FAULTS[fault["kind"]](directory, request, fault)


def _throttle(_directory, _request, fault):
    """style: seconds, date, reset (Okta), body (PingOne), graph, none; with
    "status": 503 the server is busy. `seconds` is how long; 1."""
    style, seconds = fault.get("style", "seconds"), fault.get("seconds", 1)
    when = int(time.time()) + seconds
    answer = Answer(fault.get("status", 429), b'{"error":"slow down"}')
    if style == "seconds":
        answer.headers.append(("Retry-After", str(seconds)))
    elif style == "date":
        answer.headers.append(
            ("Retry-After", email.utils.formatdate(when, usegmt=True)))
    elif style == "reset":
        answer.headers += [("X-Rate-Limit-Limit", "600"),
                           ("X-Rate-Limit-Remaining", "0"),
                           ("X-Rate-Limit-Reset", str(when))]
        answer.body = _json({"errorCode": "E0000047", "errorSummary":
                             "API call exceeded rate limit due to too many "
                             "requests.", "errorLink": "E0000047",
                             "errorId": "oae1", "errorCauses": []})
    elif style == "body":
        answer.body = _json({
            "id": "1", "code": "REQUEST_LIMITED", "message": "Too many.",
            "details": [{"code": "LIMIT_EXCEEDED", "message": "Too many.",
                         "innerError": {"retryAfter": seconds}}]})
    elif style == "graph":
        answer.headers.append(("Retry-After", str(seconds)))
        answer.body = _json({"error": {"code": "TooManyRequests",
                                       "message": "Please retry again later.",
                                       "innerError": {"request-id": "1"}}})
    return answer


def _ended(directory, request, fault):
    """cut: reset in the middle of the body; close: closed there; reset: before
    any answer. `chunked` cuts between two chunks."""
    answer = directory.respond(request)
    answer.end = fault["kind"]
    if fault.get("chunked"):
        answer.body = in_chunks(answer.body, max(1, len(answer.body) // 2))
    return answer


def _slow(directory, request, fault):
    """Waits `seconds` (60) before the answer."""
    answer = directory.respond(request)
    answer.wait = fault.get("seconds", 60)
    return answer


def _truncated(directory, request, _fault):
    """A body of the right length that ends in the middle of the JSON."""
    answer = directory.respond(request)
    answer.body = answer.body[:len(answer.body) * 2 // 3]
    return answer


def _html(_directory, _request, fault):
    return Answer(fault.get("status", 200), HTML, "text/html; charset=utf-8")


def _nothing(_directory, _request, fault):
    """200 and not one byte; `gzip`: packed."""
    return zipped(Answer()) if fault.get("gzip") else Answer()


def _gzip(directory, request, _fault):
    return zipped(directory.respond(request))


def _empty_list(directory, request, _fault):
    """A list as it should be, of nobody."""
    request.is_emptied = True
    return directory.respond(request)


def _token_expired(directory, _request, _fault):
    """The tokens that were given out are void from now on."""
    directory.tokens.clear()
    return Answer(401, b'{"error":"token expired"}', headers=[
        ("WWW-Authenticate", 'Bearer error="invalid_token"')])


def _other_origin(directory, request, fault):
    """Links lead to another origin; `to` is its URL, else the listener that
    writes down what comes."""
    answer = directory.respond(request)
    old, new = directory.url, fault.get("to", directory.other_url)
    answer.body = answer.body.replace(old.encode(), new.encode())
    answer.headers = [(name, value.replace(old, new))
                      for name, value in answer.headers]
    return answer


def _redirect(directory, request, fault):
    """302 to the same path of another origin, or of `to`."""
    to = fault.get("to", directory.other_url)
    return Answer(fault.get("status", 302), headers=[
        ("Location", to + request.target)])


def _status(_directory, _request, fault):
    """`status` and `body`."""
    return Answer(fault["status"], fault.get("body", "").encode(),
                  headers=[tuple(pair) for pair in fault.get("headers", ())])


def _huge(directory, request, _fault):
    """White space without end, almost, before the body."""
    answer = directory.respond(request)
    body = answer.body
    answer.body = (b" " * 65536 if number < HUGE_BYTES // 65536 else body
                   for number in range(HUGE_BYTES // 65536 + 1))
    return answer


def _change(directory, request, fault):
    """Users change right after this request: `changes` as for People.apply.
    """
    answer = directory.respond(request)
    directory.people.apply(fault["changes"])
    return answer


def _json(value):
    return json.dumps(value).encode()


FAULTS = {
    "throttle": _throttle, "cut": _ended, "close": _ended, "reset": _ended,
    "slow": _slow, "truncated": _truncated, "html": _html,
    "nothing": _nothing, "gzip": _gzip, "empty_list": _empty_list,
    "token_expired": _token_expired, "other_origin": _other_origin,
    "redirect": _redirect, "status": _status, "huge": _huge,
    "change": _change,
}

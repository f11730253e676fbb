# SPDX-License-Identifier: MIT
"""Filters as SCIM (RFC 7644 3.4.2.2), Okta, PingOne and OData write them, as
far as a directory of users needs them: comparisons joined by and, or and
parentheses, and one attribute with [ ] around a comparison.

Does not know: what the attributes are.
"""
import json
import re

TOKEN = re.compile(r"""\s*(?:
    (?P<text>"(?:[^"\\]|\\.)*") | (?P<single>'(?:[^']|'')*') |
    (?P<mark>[()\[\]]) | (?P<word>[A-Za-z0-9_.:$@/-]+))""", re.X)
OPERATORS = ("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le", "pr")


class BadFilter(ValueError):
    """The filter is none."""


class Comparison:
    """One `attribute operator value`."""

    def __init__(self, attribute, operator, value):
        self.attribute, self.operator = attribute.lower(), operator
        self.value = value

    def leaves(self):
        return [self]

    def holds(self, values_of):
        values = values_of(self.attribute)
        return any(self._compare(value) for value in values)

    def _compare(self, value):
        if self.operator == "pr":
            return value not in (None, "")
        if isinstance(value, bool) or isinstance(self.value, bool):
            same = value == self.value
            return same if self.operator == "eq" else not same
        one, other = str(value).lower(), str(self.value).lower()
        return {"eq": one == other, "ne": one != other, "co": other in one,
                "sw": one.startswith(other), "ew": one.endswith(other),
                "gt": one > other, "ge": one >= other, "lt": one < other,
                "le": one <= other}[self.operator]


class Junction:
    """Several filters, joined by `and` or `or`."""

    def __init__(self, word, parts):
        self.word, self.parts = word, parts

    def leaves(self):
        return [leaf for part in self.parts for leaf in part.leaves()]

    def words(self):
        return {self.word}.union(*(part.words() for part in self.parts
                                   if isinstance(part, Junction)))

    def holds(self, values_of):
        test = all if self.word == "and" else any
        return test(part.holds(values_of) for part in self.parts)


def parse(text):
    """Returns the filter that a text is; BadFilter if it is none."""
    tokens = _tokens(text)
    result = _join(tokens, "or", "")
    if tokens:
        raise BadFilter(f"unexpected {tokens[0]!r}")
    return result


def _tokens(text):
    tokens = []
    place = 0
    text = text.rstrip()
    while place < len(text):
        found = TOKEN.match(text, place)
        if not found:
            raise BadFilter(f"unexpected text at {place}")
        place = found.end()
        tokens.append(found.group().strip())
    return tokens


def _join(tokens, word, prefix):
    parts = [_part(tokens, word, prefix)]
    while tokens and tokens[0].lower() == word:
        tokens.pop(0)
        parts.append(_part(tokens, word, prefix))
    return parts[0] if len(parts) == 1 else Junction(word, parts)


def _part(tokens, word, prefix):
    if word == "or":
        return _join(tokens, "and", prefix)
    first = _take(tokens)
    if first == "(":
        inner = _join(tokens, "or", prefix)
        _expect(tokens, ")")
        return inner
    attribute = prefix + first
    if tokens and tokens[0] == "[":
        tokens.pop(0)
        inner = _join(tokens, "or", attribute + ".")
        _expect(tokens, "]")
        return inner
    operator = _take(tokens).lower()
    if operator not in OPERATORS:
        raise BadFilter(f"no operator: {operator}")
    value = None if operator == "pr" else _value(_take(tokens))
    return Comparison(attribute, operator, value)


def _take(tokens):
    if not tokens:
        raise BadFilter("the filter ends early")
    return tokens.pop(0)


def _expect(tokens, mark):
    if _take(tokens) != mark:
        raise BadFilter(f"{mark} is missing")


def _value(token):
    if token.startswith('"'):
        try:
            return json.loads(token)
        except ValueError as error:
            raise BadFilter(str(error)) from error
    if token.startswith("'"):
        return token[1:-1].replace("''", "'")
    if token in ("true", "false"):
        return token == "true"
    if re.fullmatch(r"[0-9T:.Z+-]+", token):
        return token
    raise BadFilter(f"no value: {token}")

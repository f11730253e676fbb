# SPDX-License-Identifier: MIT
"""Reads `equivalent`: mutants that do what the code does, each with its why.

Does not know: how a mutant is made or run.
"""
import collections
import functools
import os
import sys

PATH = os.path.join(os.path.dirname(__file__), "equivalent")


def read_equivalent():
    """Returns {(path, text of the line, change): why}."""
    found = {}
    with open(PATH, encoding="utf-8") as file:
        for block in file.read().split("\n\n")[1:]:
            rows, _, why = block.partition("\n\t")
            for row in rows.split("\n"):
                place = tuple(word.strip() for word in row.split(" :: "))
                if len(place) != 3 or not why or place in found:
                    sys.exit(f"mutate: {PATH}: {row}: not FILE :: LINE ::"
                             " CHANGE before a reason, once")
                found[place] = " ".join(why.split())
    return found


@functools.lru_cache(maxsize=None)
def lines_of(original):
    return [" ".join(line.split()) for line in original.split("\n")]


def line_of(original, mutant):
    return lines_of(original)[mutant.line - 1]


@functools.lru_cache(maxsize=None)
def names_of(original):
    """Returns for each line the names that mean it alone: its text, or if that
    stands there twice with one or two of those before it."""
    lines = lines_of(original)
    found = [[] for _ in lines]
    for count in range(1, 4):
        names = [" // ".join(lines[max(0, end - count):end])
                 for end in range(1, len(lines) + 1)]
        times = collections.Counter(names)
        for place, name in zip(found, names):
            if times[name] == 1:
                place.append(name)
    return found


def rows_of(original, mutant):
    """Returns the rows that mean the mutant."""
    return [(mutant.path, name, mutant.what)
            for name in names_of(original)[mutant.line - 1]]


def is_explained(known, original, mutant):
    return any(row in known for row in rows_of(original, mutant))


def refuse_unused(known, originals, mutants):
    """A row of a line that has changed since would be believed for ever."""
    used = {row for mutant in mutants
            for row in rows_of(originals[mutant.path], mutant)}
    for row in sorted(set(known) - used):
        sys.exit(f"mutate: {PATH}: {' :: '.join(row)}: no mutant is that")

# SPDX-License-Identifier: MIT
"""Reads `equivalent`: mutants that do what the code does, each with its why.

Does not know: how a mutant is made or run.
"""
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


def line_of(original, mutant):
    return " ".join(original.split("\n")[mutant.line - 1].split())


def is_explained(known, original, mutant):
    """A line that stands there twice is meant only with the line before it."""
    lines = [" ".join(one.split()) for one in original.split("\n")]
    pairs = [f"{one} // {two}" for one, two in zip([""] + lines, lines)]
    return any(places.count(places[mutant.line - 1]) == 1 and
               (mutant.path, places[mutant.line - 1], mutant.what) in known
               for places in (lines, pairs))

# SPDX-License-Identifier: MIT
"""Reads `equivalent`: mutants that do what the code does, each with its why.

Does not know: how a mutant is made or run.
"""
import os
import sys

PATH = os.path.join(os.path.dirname(__file__), "equivalent")


def read_equivalent():
    """Returns {(path, text of the line, change): why}."""
    found, place = {}, None
    with open(PATH, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            words = [word.strip() for word in line.split(" :: ")]
            if line.startswith("#") or not line.strip():
                continue
            if not line.startswith("\t"):
                place = words
            elif place is None or len(place) != 3:
                sys.exit(f"mutate: {PATH}:{number}: not FILE :: LINE ::"
                         " CHANGE before it")
            else:
                key = tuple(place)
                found[key] = (found.get(key, "") + " " + line.strip()).strip()
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

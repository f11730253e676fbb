# SPDX-License-Identifier: MIT
"""The source, and what a mutant of it is."""
import collections
import os

SOURCE = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))

# `text` is the whole file with the change.
Mutant = collections.namedtuple("Mutant", "path line what text")


def read(path):
    with open(f"{SOURCE}/{path}", encoding="utf-8") as file:
        return file.read()

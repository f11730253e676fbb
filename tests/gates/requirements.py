#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The requirements check: tests/requirements.txt has every requirement once,
and what it names as its proof is there."""
import os
import re

from gate import SOURCE, check, finish, read

TABLE = "tests/requirements.txt"
GROUPS = ((1, 8), (9, 15), (20, 36), (40, 45), (50, 56), (60, 68), (70, 75),
          (80, 82), (90, 94))
NUMBERS = [f"R{number}" for first, last in GROUPS
           for number in range(first, last + 1)] + [
               f"S{number}" for number in range(1, 9)]

found = {}
strange = []
current = None
for place, line in enumerate(read(TABLE).splitlines(), 1):
    head = re.fullmatch(r"([RS]\d+) +(\S.*\.)", line)
    below = re.fullmatch(r" {5}(\S+?): (\S.*)| {5}(\S+)", line)
    if head:
        current = found.setdefault(head[1], [])
        current.append([])
    elif below and current is not None:
        current[-1].append((below[1] or below[3], below[2]))
    elif line and not line.startswith("#"):
        strange.append(f"{TABLE}:{place}: {line}")


def missing_proof():
    for number, entries in found.items():
        for path, name in entries[0]:
            if path == "open":
                continue
            if not os.path.isfile(f"{SOURCE}/{path}"):
                yield f"{number}: {path} is not there"
            elif name and not re.search(rf"(?<!\w){re.escape(name)}(?!\w)",
                                        read(path)):
                yield f"{number}: {path} has no test {name}"


check("every line is a requirement, its proof or a remark", strange)
check("every requirement stands there once, with a proof or a reason",
      [f"{number}: stands {len(found.get(number, []))} times"
       for number in NUMBERS if len(found.get(number, [])) != 1]
      + [f"{number}: there is no such requirement"
         for number in found if number not in NUMBERS]
      + [f"{number}: neither proof nor reason"
         for number, entries in found.items() if not entries[0]])
check("every file and test that is named is there", missing_proof())
finish()

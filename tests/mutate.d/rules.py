# SPDX-License-Identifier: MIT
"""The machines without one of their rules, or with one check turned off, and
the tests that must find it.

Does not know: other changes (generic.py).
"""
import glob
import os
import re
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from breaks import BREAKS
from builder import passes
from source import SOURCE, Mutant, read

TABLE = "provider_table"


def tables_of(path):
    """Yields, for each table of rules, the (first, last) of each of its rows,
    as indexes of lines."""
    lines, rows, first, depth = read(path).split("\n"), None, 0, 0
    for index, line in enumerate(lines):
        if re.match(r"static const .*\b\w+_rules\[\] = \{$", line):
            rows = []
        elif rows is not None and line.startswith("}"):
            yield rows
            rows = None
        elif rows is not None:
            first = index if depth == 0 else first
            code = re.sub(r'"(?:\\.|[^"\\])*"|/\*.*?\*/', '""', line)
            depth += code.count("{") - code.count("}")
            if depth == 0 and "}" in code:
                rows.append((first, index))


def row_mutants(path):
    """A table cannot be empty: its only row gets another key."""
    lines = read(path).split("\n")
    for rows in tables_of(path):
        for first, last in rows:
            row = lines[first:last + 1]
            rest = [""] * len(row)
            if len(rows) == 1:
                rest = re.sub(r'"[^"]*"', '"-"', "\n".join(row),
                              count=1).split("\n")
            text = lines[:first] + rest + lines[last + 1:]
            yield Mutant(path, first + 1, "without "
                         + " ".join(line.strip() for line in row),
                         "\n".join(text))


def break_mutants():
    for name, pattern, replacement, what in BREAKS:
        path = "exchange/" + name
        text = read(path)
        found = list(re.finditer(pattern, text))
        if len(found) != 1:
            sys.exit(f"mutate: {path}: {pattern!r} stands there "
                     f"{len(found)} times")
        line = text.count("\n", 0, found[0].start()) + 1
        text = text[:found[0].start()] + found[0].expand(replacement) \
            + text[found[0].end():]
        yield Mutant(path, line, "not checked: " + what, text)


def all_mutants(only):
    paths = sorted(os.path.relpath(path, SOURCE)
                   for path in glob.glob(SOURCE + "/exchange/*.c"))
    mutants = [mutant for path in paths for mutant in row_mutants(path)]
    mutants += break_mutants()
    return [mutant for mutant in mutants
            if os.path.basename(mutant.path).startswith(only)]


def tests_of(path):
    """Returns the names of the tests that a file concerns, the quick ones
    first."""
    words = os.path.basename(path)[:-2].split("_")
    tests = {os.path.basename(test)[len("test_"):-2]
             for test in glob.glob(SOURCE + "/tests/unit/test_*.c")}
    length = 2 if words[0] in ("provider", "source") else 1
    module = "_".join(words[:length])
    own = sorted(test for test in tests if test != TABLE and
                 (test == module or test.startswith(module + "_")))
    return own if words[0] == "source" else own + [TABLE]


def stages_of(path):
    """Returns the stages of the table test that a file concerns."""
    found = re.match(r"exchange/provider_([a-z0-9]+)", path)
    if found is None or found[1] == "oauth2":
        return []
    return [found[1] + "."]


def is_found(builder, mutant, result, folder):
    for test in tests_of(mutant.path):
        program = [builder.link(test, result, folder)]
        if test == TABLE:
            program += stages_of(mutant.path)
        if not passes(program, folder):
            return True
    return False


def check_unchanged(builder, mutants):
    """A test that fails anyway finds nothing."""
    tests = sorted({test for mutant in mutants
                    for test in tests_of(mutant.path)})
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(lambda test: passes(
            [f"{builder.build}/tests/unit/test_{test}"], "/"), tests)
        failing = [test for test, is_right in zip(tests, results)
                   if not is_right]
    if failing:
        sys.exit(f"mutate: without a change fails: {', '.join(failing)}")


def try_mutant(builder, mutant):
    """Returns why the mutant is a problem, or None."""
    with tempfile.TemporaryDirectory(prefix="extauth-mutate-") as folder:
        result = builder.compile(mutant, folder)
        if result is None:
            return "it cannot be compiled"
        return None if is_found(builder, mutant, result, folder) \
            else "no test fails"


def run_rules(builder, mutants):
    """Tries the mutants, a TAP result for each; returns how many survived."""
    survivors = 0
    check_unchanged(builder, mutants)
    print(f"1..{len(mutants)}", flush=True)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(lambda mutant: try_mutant(builder, mutant), mutants)
        for number, (mutant, problem) in enumerate(zip(mutants, results), 1):
            what = mutant.what.replace("#", "")
            print(("not ok" if problem else "ok")
                  + f" {number} - {mutant.path}:{mutant.line}: {what}"
                  + (f": {problem}" if problem else ""), flush=True)
            survivors += problem is not None
    return survivors if mutants else 1

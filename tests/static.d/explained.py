# SPDX-License-Identifier: MIT
"""Findings of the analysers, beside what the file `explained` says of each.

The file has one paragraph for each finding:

    TOOL FILE FUNCTION CHECK
    TEXT
    <tab>why it is none

Where the reason begins with `Cleanup:` it says that the compiler is told by an
attribute to free the variable, which the analyser does not see; that is looked
up in the function.
"""
import collections
import os
import re

from tools import SOURCE, check, figure

PATH = os.path.join(os.path.dirname(__file__), "explained")
TOOLS = ("gcc-fanalyzer", "scan-build", "valgrind", "valgrind-login")

Finding = collections.namedtuple("Finding", "tool path function check text")


def show(finding):
    """A finding as it stands in the file, without a reason."""
    return (f"{finding.tool} {finding.path} {finding.function} "
            f"{finding.check}\n{finding.text}\n\t")


def read_paragraph(paragraph):
    lines = paragraph.split("\n")
    words = lines[0].split()
    if len(words) != 4 or len(lines) < 3 \
            or any(not line.startswith("\t") for line in lines[2:]):
        raise ValueError(f"not of the form that explained.py says: {lines[0]}")
    reason = " ".join(line.strip() for line in lines[2:])
    return Finding(*words, lines[1]), reason


def read_explained():
    """Returns {finding: reason}, and what is wrong with the file."""
    explained, problems = {}, []
    with open(PATH, encoding="utf-8") as file:
        text = re.sub(r"^#.*\n", "", file.read(), flags=re.M)
    for paragraph in re.split(r"\n\n+", text.strip()):
        try:
            finding, reason = read_paragraph(paragraph)
        except ValueError as error:
            problems.append(str(error))
            continue
        if finding in explained:
            problems.append("twice: " + show(finding))
        explained[finding] = reason
        problems += problems_of(finding, reason)
    return explained, problems


def function_body(finding):
    """The text of the function from its name to its closing brace, or ""."""
    try:
        with open(f"{SOURCE}/{finding.path}", encoding="utf-8") as file:
            text = file.read()
    except OSError:
        return ""
    found = re.search(rf"^(?:START_TEST\()?{re.escape(finding.function)}\b"
                      r"[^;]*?\n\{\n.*?^\}", text, re.M | re.S)
    return found[0] if found else ""


def is_cleaned_up(finding):
    variable = re.search(r"'(\w+)", finding.text)
    return variable is not None and re.search(
        r"\b(cleanup_\w+|cleanup\(\w+\)\)\))\s[^;=]*\b" + variable[1] + r"\b",
        function_body(finding)) is not None


def problems_of(finding, reason):
    if finding.tool not in TOOLS:
        yield f"{finding.tool} is no tool: {show(finding)}"
    if not function_body(finding):
        yield f"there is no such function: {show(finding)}"
    elif reason.startswith("Cleanup:") and not is_cleaned_up(finding):
        yield f"no attribute cleans it up: {show(finding)}"
    if len(reason.split()) < 5:
        yield f"no reason is given: {show(finding)}"


def settle(tool, found, name=None):
    """Compares what a tool found with what is explained. Each finding that is
    not, and each explanation of what was not found, is a problem."""
    explained, problems = read_explained()
    explained = {finding for finding in explained if finding.tool == tool}
    found = set(found)
    problems += ["not explained:\n" + show(finding)
                 for finding in sorted(found - explained)]
    problems += ["explained, but not found:\n" + show(finding)
                 for finding in sorted(explained - found)]
    check(f"{tool}: every finding is mended or explained", problems)
    name = name or tool.replace("-", "_")
    figure(f"{name}_findings_explained", len(found & explained))
    figure(f"{name}_findings_open", len(found - explained))

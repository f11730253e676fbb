# SPDX-License-Identifier: MIT
"""What valgrind's memcheck wrote, one XML file for each process.

Does not know: which programs were run.
"""
import glob
import json
import os
import re
import shutil
import xml.etree.ElementTree as tree

from explained import Finding
from tools import (NOTHING_HIDDEN, SOURCE, WORK, installed, ninja, relative,
                   run, set_up)

SUITES = ("unit", "nss")
LEFT_OUT = {
    "nss_load": "measures the process, of which valgrind is a part",
    "nss_swap": "threads against a writer, which part `threads` looks at",
    "provider_table": "every answer at every stage, for minutes; the "
                      "sanitizers look at it",
    "registry_patch": "thousands of files, for minutes; as provider_table",
    "template_memory": "counts the work on long texts, for minutes; as "
                       "provider_table",
    "config_memory": "has a malloc of its own, as valgrind has",
}
# Of what is still reachable at the end nothing is lost.
LEAKS = ("Leak_DefinitelyLost", "Leak_IndirectlyLost")
NO_LEAKS = ("Leak_PossiblyLost", "Leak_StillReachable")


def build():
    """Builds programs and tests without the worker's filter, which forbids
    what valgrind does. Returns the directory and the result."""
    directory = WORK + "/valgrind"
    if not os.path.exists(directory + "/build.ninja"):
        directory, result = set_up(
            "valgrind", "gcc", "-Doptimization=1",
            "-Dc_args=-DEXTAUTH_SANITIZED -U_FORTIFY_SOURCE " + NOTHING_HIDDEN)
        if result.returncode != 0:
            return directory, result
    return directory, ninja(
        directory, *installed(directory), *tests_of(directory),
        "tests/bench/pam_login", "tests/service/extauth-test-service")


def tests_of(directory):
    """Returns {path: test} of the programs that are run under valgrind, as
    meson describes them."""
    result = run("meson", "introspect", "--tests", directory)
    return {os.path.relpath(test["cmd"][0], directory): test
            for test in json.loads(result.stdout)
            if test["suite"][0].split(":")[-1] in SUITES
            and len(test["cmd"]) == 1 and test["name"] not in LEFT_OUT}


def command(directory, *more):
    """The words before a program; its processes write to a new directory."""
    shutil.rmtree(directory, ignore_errors=True)
    os.makedirs(directory)
    return ["valgrind", "--quiet", "--vgdb=no", "--leak-check=full",
            "--show-leak-kinds=definite,indirect",
            "--errors-for-leak-kinds=definite,indirect", "--num-callers=40",
            "--child-silent-after-fork=no", "--xml=yes",
            f"--xml-file={directory}/%p.xml", *more]


def places(error):
    """What of the stack is ours, as pairs of file and function."""
    for frame in error.find("stack").findall("frame"):
        path = relative(frame.findtext("file", ""), frame.findtext("dir", "/"))
        if not path.startswith("..") and os.path.exists(f"{SOURCE}/{path}"):
            yield path, frame.findtext("fn", "-").removesuffix("_fn")


def finding(error, tool):
    """It is said of our innermost function, and names the way to it: where a
    block is lost, that is not where it was made."""
    kind = error.findtext("kind")
    way = list(places(error)) or [("-", "-")]
    text = "lost" if kind in LEAKS else error.findtext("what", "-")
    return Finding(tool, *way[0], kind, " < ".join(
        [text] + [function for _, function in way[1:8]]))


def read_process(path, tool):
    """The findings of one process. A file whose process was killed, or became
    another program, has no end."""
    with open(path, encoding="utf-8", errors="replace") as file:
        text = file.read()
    if not text.strip():
        return
    parser = tree.XMLPullParser(["end"])
    try:
        parser.feed(text)
        for _, element in parser.read_events():
            if element.tag == "error" \
                    and element.findtext("kind") not in NO_LEAKS:
                yield finding(element, tool)
    except tree.ParseError as error:
        yield Finding(tool, "-", "-", "unreadable", f"{path}: {error}")


def read_all(directory, tool):
    """Returns the number of processes, and all findings."""
    paths = glob.glob(directory + "/*.xml")
    return len(paths), [found for path in paths for found in
                        read_process(path, tool)]


def programs(directory):
    """Returns the names of the programs that ran."""
    names = set()
    for path in glob.glob(directory + "/*.xml"):
        with open(path, encoding="utf-8", errors="replace") as file:
            found = re.search(r"<argv>\s*<exe>([^<]*)</exe>", file.read())
        if found:
            names.add(os.path.basename(found[1]))
    return names

# SPDX-License-Identifier: MIT
"""gcc -fanalyzer over the product."""
import re

from explained import Finding, settle
from tools import NOTHING_HIDDEN, build, check, end_of, figure, relative

FUNCTION = re.compile(r"(?:.*: )?In function '(\w+)'")
WARNING = re.compile(r"([^: ]+):\d+:\d+: (?:warning|error): (.*?)"
                     r"(?: \[CWE-\d+\])? \[(?:-Werror=|-W)(analyzer-[^]]+)\]$")


def findings(output, directory):
    """Returns what -fanalyzer said. A function is named before the warnings
    that it has."""
    function = "-"
    for line in output.splitlines():
        named = FUNCTION.match(line)
        if named:
            function = named[1]
        warned = WARNING.match(line)
        if warned:
            path, text, name = warned.groups()
            yield Finding("gcc-fanalyzer", relative(path, directory),
                          function, "-W" + name, text)


def analyzer():
    directory, result = build(
        "analyzer", "gcc", "-Dtests=false", "-Dwerror=false",
        "-Dc_args=-fanalyzer -fdiagnostics-plain-output " + NOTHING_HIDDEN)
    compiled = len(re.findall(r"Compiling C object", result.stdout))
    check("gcc -fanalyzer reads every file of the product",
          end_of(result) + ([] if compiled > 300 else
                            [f"{compiled} files were compiled"]))
    figure("gcc_fanalyzer_files", compiled)
    settle("gcc-fanalyzer", findings(result.stdout, directory))

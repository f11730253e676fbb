# SPDX-License-Identifier: MIT
"""valgrind's memcheck over the test programs of unit, nss and ctl."""
import os
import re

import memcheck
from explained import Finding, settle
from tools import WORK, check, end_of, figure, run


def run_test(test, directory):
    """Returns the processes and the findings; a test that fails is one."""
    name = test["name"]
    result = run(*memcheck.command(directory), *test["cmd"], timeout=600,
                 env=dict(os.environ, **test["env"],
                          CK_TIMEOUT_MULTIPLIER="100"))
    processes, found = memcheck.read_all(directory, "valgrind")
    source = os.path.relpath(test["cmd"][0], WORK + "/valgrind") + ".c"
    found += [Finding("valgrind", source, failed, "failed", why)
              for failed, why in re.findall(
                  r"^not ok \d+ - \S+?:\w+:(\w+): (.*)$", result.stdout, re.M)]
    if not re.search(r"^1\.\.[1-9]", result.stdout, re.M):
        found.append(Finding("valgrind", "-", name, "ended",
                             result.stdout[-1000:]))
    return processes, found


def valgrind():
    directory, result = memcheck.build()
    check("the tests are built", end_of(result))
    if result.returncode != 0:
        return
    processes, found = 0, []
    tests = memcheck.tests_of(directory)
    for test in tests.values():
        more, those = run_test(test, WORK + "/memcheck")
        processes += more
        found += those
    check("most test programs run under valgrind",
          [] if len(tests) > 120 else [f"{len(tests)} are there"])
    figure("programs_under_valgrind", len(tests))
    figure("processes_under_valgrind", processes)
    settle("valgrind", found)

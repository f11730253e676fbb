# SPDX-License-Identifier: MIT
"""valgrind's memcheck over real logins with their worker, the administrator's
command, a sync and look-ups, in a private root."""
import re

import memcheck
from explained import settle
from tools import SOURCE, check, end_of, figure, run


def login():
    directory, result = memcheck.build()
    check("the programs are built", end_of(result))
    if result.returncode != 0:
        return
    out = directory + "/memcheck-login"
    inside = SOURCE + "/tests/static.d/login_inside.py"
    result = run(SOURCE + "/tests/enter", "--build", directory,
                 "/usr/bin/python3", inside, out, timeout=1200)
    passed = re.findall(r"^ok \d+", result.stdout, re.M)
    check("the real programs do their work under valgrind", end_of(result))
    processes, found = memcheck.read_all(out, "valgrind-login")
    programs = memcheck.programs(out)
    check("host, worker, command and look-up ran under it",
          [name for name in ("pam_login", "extauth-exchange", "extauthctl",
                             "getent") if name not in programs])
    figure("real_programs_under_valgrind", len(programs))
    figure("real_processes_under_valgrind", processes)
    figure("real_tests_under_valgrind", len(passed))
    settle("valgrind-login", found)

# SPDX-License-Identifier: MIT
"""ThreadSanitizer over what runs in hosts with threads: the PAM module through
libpam, with real workers, and the NSS module beside the writer. Nothing that it
says is suppressed."""
import glob
import os
import re
import shutil

from tools import (SOURCE, check, end_of, figure, installed, ninja, run,
                   set_up)

TESTS = ("tests/pam/test_pam_threads", "tests/nss/test_nss_swap",
         "tests/nss/test_nss_map", "tests/unit/test_worker_hosts",
         "tests/unit/test_throttle", "tests/unit/test_throttle_marks",
         "tests/unit/test_worker")
NO_AUDIT = SOURCE + "/tests/static.d/no_audit.c"
IN_A_ROOT = ("tests/pam/test_pam_threads",)


def build():
    directory, result = set_up("threads", "gcc", "-Db_sanitize=thread",
                               "-Db_lundef=false")
    if result.returncode == 0:
        result = ninja(directory, *installed(directory), *TESTS,
                       "tests/pam/stand_in",
                       "tests/service/extauth-test-service")
    if result.returncode == 0:
        result = run("gcc", "-shared", "-fPIC", "-o",
                     directory + "/no_audit.so", NO_AUDIT)
    return directory, result


def run_test(directory, name, log):
    """Runs a test program; what ThreadSanitizer says goes to files."""
    command = ["env", "CK_TAP_LOG_FILE_NAME=-", "CK_FORK=yes",
               "CK_TIMEOUT_MULTIPLIER=20",
               f"LD_LIBRARY_PATH={directory}/nss_extauth",
               "TSAN_OPTIONS=halt_on_error=0:exitcode=66:history_size=5:"
               f"log_path={log}", f"{directory}/{name}"]
    if name in IN_A_ROOT:
        command.insert(1, f"LD_PRELOAD={directory}/no_audit.so")
        command = [SOURCE + "/tests/enter", "--build", directory, "--plain",
                   "--", *command]
    return run(*command, timeout=600)


def reports(folder):
    found = []
    for path in glob.glob(folder + "/*"):
        with open(path, encoding="utf-8", errors="replace") as file:
            found += re.findall(r"WARNING: ThreadSanitizer: .*(?:\n.*){0,12}",
                                file.read())
    return found


def threads():
    directory, result = build()
    check("the tests are built with TSan", end_of(result))
    if result.returncode != 0:
        return
    folder = directory + "/reports"
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    passed = 0
    for name in TESTS:
        result = run_test(directory, name,
                          f"{folder}/{os.path.basename(name)}")
        failed = re.findall(r"^not ok .*$", result.stdout, re.M)
        planned = re.search(r"^1\.\.[1-9]", result.stdout, re.M)
        passed += len(re.findall(r"^ok ", result.stdout, re.M))
        check(f"{os.path.basename(name)} holds under TSan",
              failed + ([] if planned else [result.stdout[-2000:]]))
    found = reports(folder)
    check("ThreadSanitizer has nothing to say", found)
    figure("tests_under_tsan", passed)
    figure("tsan_reports", len(found))

# SPDX-License-Identifier: MIT
"""clang-tidy and cppcheck, as tests/gates/lint.py runs them; and nothing in
the product that hides a finding from the other tools."""
import re
import sys

from gate import files, read
from tools import SOURCE, WORK, check, figure, run

HIDES = re.compile(r"no_sanitize|__clang_analyzer__|__lsan_|__asan_|__tsan_|"
                   r"__msan_|VALGRIND_|cppcheck-suppress|"
                   r"pragma (GCC|clang) diagnostic")


def hidden():
    for path in files():
        for number, line in enumerate(read(path).split("\n"), 1):
            if HIDES.search(line):
                yield f"{path}:{number}: {line.strip()}"


def lint():
    check("nothing of the product is hidden from a tool", hidden())
    figure("nolint_comments", sum(len(re.findall(r"NOLINT(?!END)", read(path)))
                                  for path in files()))
    result = run(sys.executable, SOURCE + "/tests/gates/lint.py", WORK)
    failed = re.findall(r"^not ok .*(?:\n# .*)*", result.stdout, re.M)
    passed = re.findall(r"^ok ", result.stdout, re.M)
    ended = result.returncode == 0 and passed
    check("clang-tidy and cppcheck have nothing to say",
          failed + ([] if ended else [result.stdout[-2000:]]))
    figure("lint_files", len(re.findall(r"^ok .* clang-tidy ", result.stdout,
                                        re.M)))
    figure("lint_findings_open", len(failed))

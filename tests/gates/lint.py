#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""clang-tidy and cppcheck over the product's code, one test for each file.

usage: lint.py BUILD-DIRECTORY
"""
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from gate import PRODUCT, SOURCE, check, files, finish, read

CLANG_BUILD = sys.argv[1] + "/clang"
# What it says of functions that are not for threads, clang-tidy says as well
# (concurrency-mt-unsafe).
CPPCHECK = ["cppcheck", "--quiet", "--error-exitcode=1", "--inline-suppr",
            "--enable=warning,performance,portability", "--std=c11",
            f"--library=posix,gnu,{SOURCE}/tests/gates/cppcheck.cfg",
            "--suppress=readdirCalled", "--suppress=getpwnamCalled",
            "--suppress=fgetpwentCalled", "--suppress=fgetgrentCalled",
            "--suppress=fgetspentCalled",
            "--template={file}:{line}: {message} [{id}]",
            "--template-location=", "-D_GNU_SOURCE"]
LEAK = re.compile(
    r"(.+?):(\d+): (?:Memory|Resource) leak: (\w+) "
    r"\[(?:memleak|resourceLeak)\]")


def build_with_clang():
    """Sets up a build with clang, so that its options are those that clang
    knows, and compiles the product with it."""
    command = ["meson", "setup", CLANG_BUILD, SOURCE, "-Dtests=false"]
    if os.path.exists(CLANG_BUILD):
        command.append("--reconfigure")
    for step in (command, ["ninja", "-C", CLANG_BUILD]):
        result = subprocess.run(step, env=dict(os.environ, CC="clang"),
                                stdout=subprocess.PIPE, text=True,
                                stderr=subprocess.STDOUT, check=False)
        if result.returncode != 0:
            return [result.stdout[-5000:]]
    return []


def compiled_files():
    """Returns the product's files that this build compiles."""
    with open(f"{CLANG_BUILD}/compile_commands.json", encoding="utf-8") as file:
        paths = {os.path.realpath(os.path.join(c["directory"], c["file"]))
                 for c in json.load(file)}
    return [path for path in files(pattern="*.c")
            if f"{SOURCE}/{path}" in paths]


def tidy(path):
    result = subprocess.run(
        ["clang-tidy-14", "--quiet", "-p", CLANG_BUILD, f"{SOURCE}/{path}"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        check=False)
    return [] if result.returncode == 0 else [result.stdout]


def check_tidy(paths):
    missing = set(files(pattern="*.c")) - set(paths)
    check("the build compiles every file",
          [f"{path}: in no meson.build" for path in sorted(missing)])
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, problems in zip(paths, pool.map(tidy, paths)):
            check(f"clang-tidy has nothing to say about {path}", problems)


def is_cleaned_up(finding):
    """Tells whether the finding is a leak of a variable that is declared in
    this function with one of our cleanup attributes, of which cppcheck knows
    nothing."""
    leak = LEAK.fullmatch(finding)
    if leak is None:
        return False
    path, line, name = leak.groups()
    for text in reversed(read(path).split("\n")[:int(line)]):
        if re.match(rf"\s+cleanup_\w+ [^;=]*\b{name}\b", text):
            return True
        if text == "{":
            return False
    return False


def check_cppcheck(paths):
    includes = [f"-I{SOURCE}/{folder}" for folder in PRODUCT]
    result = subprocess.run(
        CPPCHECK + includes + [f"-I{CLANG_BUILD}/common",
                               f"-j{os.cpu_count()}"] + paths,
        cwd=SOURCE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, check=False)
    findings = [] if result.returncode == 0 else result.stdout.splitlines()
    if result.returncode != 0 and not any("[" in line for line in findings):
        findings.append(f"cppcheck ended with {result.returncode}")
    check("cppcheck has nothing to say",
          [line for line in findings if not is_cleaned_up(line)])


check("clang compiles the product without a warning", build_with_clang())
if os.path.exists(CLANG_BUILD + "/compile_commands.json"):
    compiled = compiled_files()
    check_tidy(compiled)
    check_cppcheck(compiled)
finish()

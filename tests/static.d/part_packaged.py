# SPDX-License-Identifier: MIT
"""The packages: built twice with the same bytes, every object compiled and
every program linked with what hardens it."""
import glob
import re
import shutil

from tools import BUILD, SOURCE, WORK, check, end_of, figure, run

# Each with the fewest marks of targets of indirect calls that it has: most of
# its functions that are not inlined have one.
PLACES = {"usr/lib/*/security/pam_extauth.so": 250,
          "usr/lib/*/libnss_extauth.so.2": 30,
          "usr/libexec/extauth/extauth-exchange": 500,
          "usr/sbin/extauthctl": 600}
COMPILED_WITH = ("-fstack-protector-strong", "-fstack-clash-protection",
                 "-fcf-protection", "-D_FORTIFY_SOURCE=3",
                 "-fvisibility=hidden", "-ftrivial-auto-var-init=zero")
LINKED_WITH = ("relro", "now", "noexecstack")
# CET is looked for in the code: Debian 12's own start files are not marked for
# it, so the linker marks no program. Stack clash protection shows in functions
# with large frames alone; the log of the build tells that it was on.
NOT_ASKED = ("--nocfprotection",)


def reproducible():
    result = run(SOURCE + "/tests/packages", "reproducible", timeout=2400)
    check("the packages are built twice, with the same bytes", end_of(result))
    same = re.findall(r"^ok .*every package has the same bytes",
                      result.stdout, re.M)
    figure("reproducible_builds", len(same))


def build_log():
    path = BUILD + "/packages/build.log"
    with open(path, encoding="utf-8", errors="replace") as file:
        text = file.read()
    result = run("blhc", "--all", "--debian", path)
    check("blhc has nothing to say", end_of(result))
    figure("blhc_findings", len(result.stdout.splitlines()))
    compiled = re.findall(r"^\[\d+/\d+\] cc .* -c .*$", text, re.M)
    linked = re.findall(r"^\[\d+/\d+\] cc +-o .*$", text, re.M)
    check("every object of the packages is compiled with what hardens it",
          lacking(compiled, COMPILED_WITH)
          + ([] if len(compiled) > 300 else ["the log names too few"]))
    check("every program of the packages is linked with what hardens it",
          lacking(linked, LINKED_WITH)
          + ([] if len(linked) >= len(PLACES) else ["the log names too few"]))
    figure("hardened_compilations", len(compiled))


def lacking(commands, words):
    return sorted({f"{word}: {command[:120]}" for command in commands
                   for word in words if word not in command})


def unpack():
    """Returns {path: fewest marks} of the packaged programs, unpacked."""
    root = WORK + "/packaged"
    shutil.rmtree(root, ignore_errors=True)
    for package in glob.glob(BUILD + "/packages/debs/*.deb"):
        run("dpkg-deb", "-x", package, root)
    return {path: fewest for place, fewest in PLACES.items()
            for path in glob.glob(f"{root}/{place}")}


def exported_without_mark(path):
    """The functions that others may call and that do not begin with ENDBR64,
    by which the processor knows the target of an indirect jump."""
    code = run("objdump", "-d", "--no-show-raw-insn", path).stdout
    starts = dict(re.findall(r"^ +([0-9a-f]+):\s+(\w+)", code, re.M))
    symbols = run("nm", "-D", "--defined-only", path).stdout
    exported = re.findall(r"^0*([0-9a-f]+) [TW] (\S+)", symbols, re.M)
    marks = code.count("endbr64")
    return marks, [f"{path}: {name} has no mark" for address, name in exported
                   if starts.get(address) != "endbr64"]


def check_marks(path, fewest):
    name = path.rsplit("/", 1)[1]
    marks, problems = exported_without_mark(path)
    check(f"indirect calls of {name} have marked targets",
          problems + ([] if marks >= fewest else
                      [f"{marks} marks, not {fewest}"]))
    figure("indirect_call_marks_" + name.split(".")[0].replace("-", "_"), marks)


def hardened():
    programs = unpack()
    check("four programs are packaged",
          [] if len(programs) == len(PLACES) else list(programs))
    is_marked = run("uname", "-m").stdout.strip() == "x86_64"
    for path, fewest in programs.items():
        name = path.rsplit("/", 1)[1]
        result = run("hardening-check", "--quiet", *NOT_ASKED, path)
        check(f"hardening-check agrees with {name}", end_of(result))
        if is_marked:
            check_marks(path, fewest)
    figure("hardened_programs", len(programs))


def packaged():
    reproducible()
    build_log()
    hardened()

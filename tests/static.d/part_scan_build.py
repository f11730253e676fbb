# SPDX-License-Identifier: MIT
"""clang's static analyser over the product."""
import glob
import plistlib
import shutil

from explained import Finding, settle
from tools import WORK, build, check, end_of, figure, relative

CHECKERS = ("core", "unix", "security", "deadcode", "nullability", "valist",
            "optin.portability")
# It wants memcpy_s and snprintf_s of C11 Annex K, which glibc does not have.
NOT_FOR_US = ("security.insecureAPI.DeprecatedOrUnsafeBufferHandling",)


def command(out):
    words = ["scan-build-14", "--use-cc=clang-14", "-plist", "-o", out]
    for checker in CHECKERS:
        words += ["-enable-checker", checker]
    for checker in NOT_FOR_US:
        words += ["-disable-checker", checker]
    return words


def findings(out, directory):
    for path in glob.glob(f"{out}/**/*.plist", recursive=True):
        with open(path, "rb") as file:
            report = plistlib.load(file)
        for diagnostic in report["diagnostics"]:
            where = report["files"][diagnostic["location"]["file"]]
            yield Finding("scan-build", relative(where, directory),
                          diagnostic.get("issue_context", "-"),
                          diagnostic["check_name"], diagnostic["description"])


def scan_build():
    out = WORK + "/scan-build-out"
    shutil.rmtree(out, ignore_errors=True)
    directory, result = build(
        "scan-build", "clang-14", "-Dtests=false", "-Dwerror=false",
        "-Dbuildtype=debug", before=command(out))
    reports = len(glob.glob(f"{out}/**/*.plist", recursive=True))
    check("clang's analyser reads every file of the product",
          end_of(result) + ([] if reports > 300 else
                            [f"{reports} files were read"]))
    figure("scan_build_files", reports)
    settle("scan-build", findings(out, directory))

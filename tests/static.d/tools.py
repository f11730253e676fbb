# SPDX-License-Identifier: MIT
"""What the parts of tests/static share: builds of their own, programs that are
run, TAP and figures.

Does not know: what any part looks for.
"""
import json
import os
import re
import shutil
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../gates"))
sys.path.insert(1, os.path.join(os.path.dirname(__file__), ".."))
from gate import SOURCE, check, finish  # noqa: E402,F401
from harness import figure  # noqa: E402,F401

BUILD = os.environ.get("EXTAUTH_BUILD", SOURCE + "/build-test")
WORK = BUILD + "-static"
# The product's builds set every variable to 0 at first. Whoever looks for a
# variable that was not set must not have that.
NOTHING_HIDDEN = "-ftrivial-auto-var-init=uninitialized"
# One of two processors is somebody else's.
JOBS = "1"


def run(*command, timeout=1800, **options):
    """Runs a command to its end; both outputs are one text. What does not end
    in time is killed, with all that it started, and has status -9."""
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace",
        start_new_session=True, **options)
    try:
        output, _ = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output, _ = process.communicate()
        output += f"\nno end within {timeout} s\n"
    return subprocess.CompletedProcess(command, process.returncode, output)


def end_of(result, characters=3000):
    """The problem that a command which failed is, or none."""
    if result.returncode == 0:
        return []
    return [f"{result.args[0]} ended with {result.returncode}",
            result.stdout[-characters:]]


def ninja(directory, *targets, before=()):
    """Builds what is not built, in a directory that is set up."""
    return run(*before, "ninja", "-C", directory, "-j", JOBS, *targets,
               env=dict(os.environ, LC_ALL="C"))


def set_up(name, compiler, *options, before=()):
    """Makes a build directory anew; returns it and meson's result."""
    directory = f"{WORK}/{name}"
    shutil.rmtree(directory, ignore_errors=True)
    os.makedirs(WORK, exist_ok=True)
    if shutil.which("ccache") and not before:
        compiler = "ccache " + compiler
    return directory, run(*before, "meson", "setup", directory, SOURCE,
                          *options,
                          env=dict(os.environ, CC=compiler, LC_ALL="C"))


def installed(directory):
    """Returns what ninja makes and a private root needs."""
    made = run("ninja", "-C", directory, "-t", "targets", "all").stdout
    made = set(re.findall(r"^([^:]+): ", made, re.M))
    result = run("meson", "introspect", "--installed", directory)
    return sorted(made & {os.path.relpath(path, directory)
                          for path in json.loads(result.stdout)})


def build(name, compiler, *options, before=()):
    """Builds the checkout anew with a compiler and further options of meson,
    below the command `before`. Returns the directory and ninja's result."""
    directory, result = set_up(name, compiler, *options, before=before)
    if result.returncode == 0:
        result = ninja(directory, before=before)
    return directory, result


def warnings(output):
    """Returns the lines in which a compiler or linker warned."""
    return sorted(set(re.findall(
        r"^.*\b(?:warning|error): .*$", output, re.M)))


def relative(path, directory=None):
    """Returns a path of the checkout as it stands in the repository."""
    if directory:
        path = os.path.join(directory, path)
    return os.path.relpath(os.path.realpath(path), SOURCE)

# SPDX-License-Identifier: MIT
"""Compiles a mutant and links tests with it, as a build directory does, beside
it; runs a test.

Does not know: what is changed, which tests a file concerns.
"""
import json
import os
import re
import shlex
import shutil
import subprocess
import sys

from source import SOURCE

# So many, since a machine may have much else to do.
RUN_SECONDS = 600
# What reads beyond an array, also one within a struct, or loses memory, is
# found by it.
SANITIZED = "-fsanitize=address,undefined"
# Where it is there: it needs a third of the time.
LINKER = ["-fuse-ld=gold", "-s"] if shutil.which("ld.gold") else []


def ninja(build, *arguments):
    """Returns the lines that ninja prints."""
    result = subprocess.run(["ninja", "-C", build, *arguments], check=False,
                            stdout=subprocess.PIPE, text=True)
    if result.returncode != 0:
        sys.exit("mutate: the tests cannot be built:\n" + result.stdout)
    return result.stdout.splitlines()


def prepare(build):
    """Makes the build directory, if there is none, and builds the tests."""
    if not os.path.exists(build + "/build.ninja"):
        subprocess.run(["meson", "setup", build, SOURCE], check=True,
                       stdout=subprocess.DEVNULL)
    # A test may have come since.
    ninja(build, "build.ninja")
    tests = [target for target in ninja(build, "-t", "targets", "all")
             if re.match(r"tests/(unit|nss)/test_\w+: ", target)]
    ninja(build, "nss_extauth/libnss_extauth.so.2",
          *[test.split(":")[0] for test in tests])


class Builder:
    """The commands of a build directory, each with other files in it."""

    def __init__(self, build):
        self.build = build
        self.commands = {}
        with open(build + "/compile_commands.json", encoding="utf-8") as file:
            for entry in json.load(file):
                path = os.path.relpath(os.path.join(
                    entry["directory"], entry["file"]), SOURCE)
                # What stands in another folder's target is a second copy.
                if entry["output"].startswith(os.path.dirname(path)):
                    self.commands[path] = shlex.split(entry["command"])
        self.links = {}
        compiler = next(word for word in next(iter(self.commands.values()))
                        if word != "ccache")
        self.is_clang = "clang" in self.run([compiler, "--version"]).stdout

    def link_command(self, target):
        if target not in self.links:
            self.links[target] = shlex.split(ninja(
                self.build, "-t", "commands", target)[-1])
        return list(self.links[target])

    def run(self, command):
        return subprocess.run(command, cwd=self.build, text=True, check=False,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)

    def compile_command(self, path, source, result, *options):
        command = list(self.commands[path])
        command[command.index("-o") + 1] = result
        command[command.index("-c") + 1] = source
        command[command.index("-MF") + 1] = result + ".d"
        return [word for word in command
                if word not in ("ccache", "-g", "-flto=auto")] + [
                    "-w", "-Wno-error", "-U_FORTIFY_SOURCE", *options]

    def compile(self, mutant, folder, *options):
        """Returns the object file, or None if it cannot be compiled."""
        source = folder + "/mutant.c"
        result = folder + ("/sanitized.o" if options else "/mutant.o")
        with open(source, "w", encoding="utf-8") as file:
            file.write(mutant.text)
        command = self.compile_command(mutant.path, source, result, "-O0",
                                       *options)
        return result if self.run(command).returncode == 0 else None

    def machine_code(self, path, text, folder):
        """Returns the assembly of a text in the place of a file's, optimized
        and without a name of its own in it."""
        source, result = folder + "/same.c", folder + "/same.s"
        with open(source, "w", encoding="utf-8") as file:
            file.write(text)
        command = self.compile_command(path, source, result, "-O2", "-S")
        if self.run(command).returncode != 0:
            return None
        with open(result, encoding="utf-8") as file:
            return re.sub(r"^\s+\.(file|ident)\b.*\n", "", file.read(),
                          flags=re.M)

    def link(self, test, result, folder, *options):
        """The object comes before the library, whose own is then not taken."""
        command = self.link_command("tests/unit/test_" + test)
        place = command.index("-o") + 1
        command[place] = f"{folder}/{test}"
        command[place + 1:place + 1] = [result, *options, *LINKER]
        linked = self.run(command)
        if linked.returncode != 0:
            sys.exit(f"mutate: {test} cannot be linked:\n{linked.stdout}")
        return command[place]


def passes(program, folder, seconds=RUN_SECONDS, **environment):
    try:
        return subprocess.run(
            program, cwd=folder, timeout=seconds, check=False,
            env=dict(os.environ, **dict({"CK_FORK": "yes"}, **environment)),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL).returncode == 0
    except subprocess.TimeoutExpired:
        return False

# SPDX-License-Identifier: MIT
"""Small changes of the verdict, escape and registry code, one at a time; the
unit tests of the file must find each.

Does not know: the providers' rules (rules.py).
"""
import collections
import contextlib
import os
import random
import re
import resource
import shlex
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

import operators
from builder import SANITIZED, ninja, passes
from equivalent import (is_explained, line_of, read_equivalent,
                        refuse_unused)
from harness import figure
from source import SOURCE, Mutant, read
from targets import (DECIDING, GROUPS, UNSANITIZED, folder_of, paths, row_of,
                     tests_of)

# A mutant may want all memory, a file without end or all the time. The random
# changes of registry_patch: fewer.
LIMITS = ["env", "REGISTRY_SEEDS=2",
          "ASAN_OPTIONS=hard_rss_limit_mb=2048:allocator_may_return_null=1",
          "UBSAN_OPTIONS=halt_on_error=1",
          "prlimit", "--fsize=268435456", "--core=0"]
KILLED, SURVIVED, EQUIVALENT, INVALID = range(4)
Try = collections.namedtuple("Try", "mutant result seconds")
# A test that takes longer than this is run when the quick ones found nothing
# and the compiler does not find the program to be the same.
QUICK_SECONDS = 0.5
# What it costs to link any test and to start it.
LINK_SECONDS = 0.1


def mutants_of(path):
    text = read(path)
    for change in operators.changes_of(text):
        yield Mutant(path, change.line, change.what,
                     text[:change.start] + change.text + text[change.end:])


def private_devices():
    """As root: gives the tests' directories a file system of their own, which
    goes with us."""
    if os.geteuid() == 0 and "EXTAUTH_MUTATE" not in os.environ:
        os.environ["EXTAUTH_MUTATE"] = "private"
        os.execvp("unshare", [
            "unshare", "-m", "--propagation", "private", "sh", "-c",
            'mount -t tmpfs tmpfs /dev/shm && exec "$@"', "sh",
            sys.executable, *sys.argv])


@contextlib.contextmanager
def private_folder():
    """Gives a folder in which also tests that are not root's can run."""
    with tempfile.TemporaryDirectory(prefix="extauth-mutate-") as folder:
        os.chmod(folder, 0o755)
        yield folder


def processor_seconds():
    """Returns what the processes that ended took: a busy machine counts not."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def is_module(path):
    return path.startswith("nss_extauth/")


class Module:
    """The NSS module with one file changed. Its tests ask for it by its bare
    name, so that LD_LIBRARY_PATH says which is meant."""
    NAME = "libnss_extauth.so.2"

    def __init__(self, builder, folder):
        self.builder, self.folder, self.tests = builder, folder, {}
        command = builder.link_command("nss_extauth/" + self.NAME)
        self.command = [word for word in command if not word.endswith(".c.o")
                        and not word.startswith("-flto")]
        self.objects = {}
        for word in command:
            found = re.match(r".*\.p/(?:\.\._common_)?(\w+\.c)\.o$", word)
            if found:
                name = "nss_extauth/" if found[1].startswith("nss_") \
                    else "common/"
                self.objects[name + found[1]] = self.compile(name + found[1])

    def compile(self, path):
        result = f"{self.folder}/{os.path.basename(path)}.o"
        self.builder.run(self.builder.compile_command(
            path, f"{SOURCE}/{path}", result, "-O0", "-fPIC"))
        return result

    def link(self, path, result, folder):
        command = list(self.command)
        command[command.index("-o") + 1] = f"{folder}/{self.NAME}"
        place = command.index("-o") + 2
        command[place:place] = dict(self.objects, **{path: result}).values()
        if self.builder.run(command).returncode != 0:
            sys.exit(f"mutate: {self.NAME} cannot be linked")

    def test(self, name):
        """Builds a test that asks by the bare name, once."""
        if name not in self.tests:
            source, result = f"tests/nss/test_{name}", f"{self.folder}/{name}"
            link = self.builder.link_command(source)
            link = [self.compile_test(word) if word.endswith(".c.o") else word
                    for word in link]
            link[link.index("-o") + 1] = result
            self.builder.run(link)
            self.tests[name] = result
        return self.tests[name]

    def compile_test(self, target):
        command = shlex.split(ninja(
            self.builder.build, "-t", "commands", target)[-1])
        result = f"{self.folder}/{os.path.basename(target)}"
        command[command.index("-o") + 1] = result
        command[command.index("-MF") + 1] = result + ".d"
        self.builder.run([re.sub(r'^-DNSS_MODULE=.*$',
                                 f'-DNSS_MODULE="{self.NAME}"', word)
                          for word in command])
        return result


class Trial:
    """Tries mutants. `folder` is for what they all share."""

    def __init__(self, builder, folder, wanted, known):
        self.builder, self.known = builder, known
        self.originals = {path: read(path) for path in wanted}
        self.codes, self.seconds, self.fork = {}, {}, {}
        # How many mutants of a file a test found.
        self.found = collections.defaultdict(collections.Counter)
        self.module = None
        if any(is_module(path) for path in wanted):
            self.module = Module(builder, folder)
        for test in sorted({test for path in wanted
                            for test in tests_of(path)}):
            self.measure(test)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(self.check_unchanged, sorted(wanted)))

    def program(self, test):
        return self.module.test(test) if folder_of(test) == "nss" \
            else f"{self.builder.build}/tests/unit/test_{test}"

    def measure(self, test):
        """Learns how long a test takes, and whether it runs in one process,
        which is quicker. One that fails anyway would find nothing."""
        for fork in ("no", "yes"):
            if folder_of(test) == "nss" and fork == "no":
                continue
            begun = processor_seconds()
            if passes(LIMITS + [self.program(test)], "/", 600, CK_FORK=fork,
                      LD_LIBRARY_PATH=self.builder.build + "/nss_extauth"):
                self.seconds[test] = processor_seconds() - begun
                self.fork[test] = fork
                return
        sys.exit(f"mutate: without a change fails: {test}")

    def check_unchanged(self, path):
        """What is found in the file as it is would be found in each mutant."""
        unchanged = Mutant(path, 1, "nothing", self.originals[path])
        with private_folder() as folder:
            if self.is_found_sanitized(unchanged, folder, self.quick(path)) \
                    or (is_module(path) and
                        self.judge_in(folder, unchanged) != EQUIVALENT):
                sys.exit("mutate: without a change fails: the tests of "
                         + path)

    def run(self, test, program, folder):
        seconds = self.seconds[test]
        return passes(LIMITS + [f"--cpu={int(seconds * 4) + 2}", program],
                      folder, 30 + seconds * 20, CK_FORK=self.fork[test],
                      LD_LIBRARY_PATH=folder)

    def ordered_tests(self, path):
        """Those that found most of the file's mutants in the least time go
        first."""
        found = self.found[path]
        return sorted(tests_of(path), key=lambda test: (
            self.seconds[test] + LINK_SECONDS) / (1 + found[test]))

    def quick(self, path):
        return [test for test in self.ordered_tests(path)
                if self.seconds[test] < QUICK_SECONDS]

    def is_found(self, mutant, result, folder, tests, *options):
        for test in tests:
            program = self.program(test) if folder_of(test) == "nss" \
                else self.builder.link(test, result, folder, *options)
            if not self.run(test, program, folder):
                self.found[mutant.path][test] += 1
                return True
        return False

    def is_found_sanitized(self, mutant, folder, tests):
        """Tells whether it reads beyond an array, or loses memory. The NSS
        module is loaded by programs without the sanitizer."""
        if is_module(mutant.path):
            return False
        result = self.builder.compile(mutant, folder, SANITIZED)
        if self.builder.is_clang:
            tests = [test for test in tests if test not in UNSANITIZED]
        return self.is_found(mutant, result, folder, tests, SANITIZED)

    def is_same_code(self, mutant, folder):
        """The compiler itself finds some mutants to be the same program."""
        path = mutant.path
        if path not in self.codes:
            self.codes[path] = self.builder.machine_code(
                path, self.originals[path], folder)
        return self.codes[path] is not None and self.codes[path] == \
            self.builder.machine_code(path, mutant.text, folder)

    def judge(self, mutant):
        if is_explained(self.known, self.originals[mutant.path], mutant):
            return EQUIVALENT
        with private_folder() as folder:
            return self.judge_in(folder, mutant)

    def judge_in(self, folder, mutant):
        result = self.builder.compile(mutant, folder)
        if result is None:
            return INVALID
        if is_module(mutant.path):
            self.module.link(mutant.path, result, folder)
        quick = self.quick(mutant.path)
        slow = [test for test in self.ordered_tests(mutant.path)
                if test not in quick]
        if self.is_found(mutant, result, folder, quick):
            return KILLED
        if self.is_same_code(mutant, folder):
            return EQUIVALENT
        if self.is_found_sanitized(mutant, folder, quick) \
                or self.is_found(mutant, result, folder, slow):
            return KILLED
        return SURVIVED

    def attempt(self, mutant):
        begun = time.monotonic()
        result = self.judge(mutant)
        return Try(mutant, result, time.monotonic() - begun)


def choose(mutants, count, seed):
    """All of the deciding files, and of the others so many that there are
    `count`; with few wanted, `count` of all."""
    if count is None or count >= len(mutants):
        return mutants
    dice = random.Random(seed)
    always = [mutant for mutant in mutants if mutant.path in DECIDING]
    if len(always) >= count:
        return dice.sample(mutants, count)
    others = [mutant for mutant in mutants if mutant.path not in DECIDING]
    return always + dice.sample(others, count - len(always))


def percent(tries, wanted):
    """Returns (killed, tried, score)."""
    results = [one.result for one in tries if wanted(one.mutant.path)
               and one.result in (KILLED, SURVIVED)]
    killed = results.count(KILLED)
    return killed, len(results), 100 * killed / max(len(results), 1)


def report(tries):
    for path in sorted({one.mutant.path for one in tries}):
        killed, tried, score = percent(tries, lambda one, path=path:
                                       one == path)
        seconds = [one.seconds for one in tries if one.mutant.path == path]
        print(f"# {path}: {killed} of {tried} killed, {score:.1f} %,"
              f" {sum(seconds) / len(seconds):.1f} s each")
    for group in GROUPS:
        killed, tried, score = percent(tries, lambda one, group=group:
                                       row_of(one)[0] == group)
        if tried:
            figure(f"{group}_mutation_score_percent", f"{score:.1f}")
    killed, tried, score = percent(tries, lambda one: True)
    results = [one.result for one in tries]
    figure("mutants", tried)
    figure("mutants_killed", killed)
    figure("mutants_equivalent", results.count(EQUIVALENT))
    figure("mutation_score_percent", f"{score:.1f}")


def try_all(trial, mutants):
    """Tries them and prints a test for each of the deciding files and a line
    for each other survivor; returns the tries and how many tests failed."""
    tries, failed, number = [], 0, 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for one in pool.map(trial.attempt, mutants):
            mutant, result, _ = one
            tries.append(one)
            shown = (f"{mutant.path}:{mutant.line}: {mutant.what}: "
                     + line_of(trial.originals[mutant.path], mutant))
            is_deciding = mutant.path in DECIDING
            if result == SURVIVED and not is_deciding:
                print(f"# survived: {shown}", flush=True)
            if result in (KILLED, SURVIVED) and is_deciding:
                number += 1
                failed += result == SURVIVED
                print(("not ok" if result == SURVIVED else "ok")
                      + f" {number} - {shown.replace('#', '')}", flush=True)
    killed, tried, _ = percent(tries, lambda path: path not in DECIDING)
    number += 1
    print(f"ok {number} - {killed} of {tried} mutants of the other files were"
          f" killed\n1..{number}")
    return tries, failed


def run_generic(builder, given):
    """Tries the mutants; returns how many of the deciding files survived."""
    every = [mutant for path in paths() for mutant in mutants_of(path)]
    known = read_equivalent()
    refuse_unused(known, {path: read(path) for path in paths()}, every)
    mutants = [mutant for mutant in every
               if os.path.basename(mutant.path).startswith(given.only)
               and given.group in (None, row_of(mutant.path)[0])]
    seed = given.seed or os.environ.get("EXTAUTH_SEED", "1")
    chosen = choose(mutants, given.count, seed)
    print(f"# {len(chosen)} of {len(mutants)} by seed {seed}", flush=True)
    with private_folder() as folder:
        wanted = {mutant.path for mutant in chosen}
        tries, failed = try_all(Trial(builder, folder, wanted, known), chosen)
    report(tries)
    return failed if chosen else 1

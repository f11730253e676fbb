# SPDX-License-Identifier: MIT
"""Many people log in at the same time, right and wrong, for long: every
verdict is right, nobody gets what is another's, and nothing grows.

usage: tests/enter python3 tests/soak/soak.py [LOGINS] [AT_ONCE]
   LOGINS: so many (300 if not given)
   AT_ONCE: so many in parallel (50)"""
import glob
import statistics
import threading

from soak_case import *

LOGINS = argument(300)
AT_ONCE = argument(50)
PAIRS = max(8, min(200, LOGINS // 20))
PEOPLE = people_for(LOGINS + 2 * PAIRS)
# In fewer the memory that each host begins with is what is measured.
LONG = 20000
GROWTH_PERCENT = 1.0
# What libpam and libc keep from the first login on, however many follow.
HEAP_BYTES = 36864
SAMPLE_SECONDS = 0.5
WORKER = "extauth-exchang"
FOLDERS = ("/run/extauth", "/var/lib/extauth", "/dev/shm")
# For each user one mark; the two files of the registry and its lock.
FILES_MOST = PEOPLE + 8


def status_of(pid):
    """/proc/PID/status as a dict, empty if it is gone."""
    try:
        with open(f"/proc/{pid}/status", encoding="utf-8") as file:
            return {key: value.strip() for key, _, value
                    in (line.partition(":") for line in file)}
    except OSError:
        return {}


def processes():
    """The status of all processes that there are in here."""
    return [status for status in map(status_of, os.listdir("/proc")) if status]


def workers():
    return sum(status["Name"] == WORKER for status in processes())


def zombies():
    return sum(status["State"].startswith("Z") for status in processes())


def files():
    """How many stand in the folders that a login may write to."""
    return sum(os.path.isfile(path) for folder in FOLDERS
               for path in glob.glob(folder + "/**", recursive=True))


class Sampler:
    """Looks at the hosts together, again and again while they run."""

    def __init__(self, hosts):
        self.pids = [process.pid for process in hosts.processes]
        self.samples = []
        self.thread = threading.Thread(target=self.watch)
        self.thread.start()

    def watch(self):
        while (sample := self.look()) is not None:
            self.samples.append(sample)
            time.sleep(SAMPLE_SECONDS)

    def look(self):
        """KiB of memory that is theirs alone, and in all, and threads; None
        once one of the hosts has ended."""
        found = [status_of(pid) for pid in self.pids]
        if not all("RssAnon" in status for status in found):
            return None
        return [sum(int(status[key].split()[0]) for status in found)
                for key in ("RssAnon", "VmRSS", "Threads")]

    def growth_percent(self, place):
        """By how much the mean of the last quarter is over that of the first.
        The first tenth, in which the hosts begin, does not count."""
        memory = [sample[place] for sample in self.samples]
        memory = memory[len(memory) // 10:]
        if len(memory) < 4:
            return 0.0
        quarter = max(1, len(memory) // 4)
        first = statistics.mean(memory[:quarter])
        return 100 * (statistics.mean(memory[-quarter:]) - first) / first


class Soak:
    """The whole run, and what was seen of it."""

    def __init__(self):
        self.scene = Scene(PEOPLE)
        self.people = extauthctl("user", "export").output
        self.logins = self.scene.plan(LOGINS)
        self.log = LogMark()
        self.hosts = hosts = Hosts(self.logins, AT_ONCE, 1)
        self.sampler = Sampler(hosts)
        self.seconds = hosts.wait()
        self.sampler.thread.join()
        self.account = judge(self.logins, hosts.results())

    def pairs(self):
        """Of two who begin in the same moment the first waits for an answer
        and the second does not; each third pair gives the other's password,
        each third is answered about the next user."""
        logins = []
        for pair in range(PAIRS):
            number = LOGINS + 2 * pair
            one = number % PEOPLE
            two = (one + 1) % PEOPLE
            owners = (two, one) if pair % 3 == 1 else (one, two)
            act = SWAPPED if pair % 3 == 2 else RIGHT
            logins += [Login(one, number, owners[0], act, 30 + pair % 40),
                       Login(two, number + 1, owners[1], act, 0)]
        return logins


soak = Soak()


@test
def every_verdict_of_many_at_the_same_time_is_right():
    print(f"# {LOGINS} logins, {AT_ONCE} in parallel, in {soak.seconds:.1f} s")
    figure("logins", LOGINS)
    figure("wrong_verdicts", len(soak.account.wrong))
    figure("logins_per_second", round(LOGINS / soak.seconds))
    for name, share in (("p50_ms", 0.5), ("p99_ms", 0.99)):
        figure(name, round(soak.account.percentile(share)))
    for login, *_ in soak.account.wrong[:5]:
        for line in soak.log.lines(f"user=soak{login.user} "):
            print("# " + line)
    equal(soak.account.wrong[:5], [], "wrong verdicts")


@test
def nobody_is_shown_or_sent_what_is_of_another_login():
    wait_until(lambda: crossed_log_lines(soak.logins, soak.log)[1] == LOGINS,
               "a line of the log for each login", 60)
    crossed = (soak.account.crossed + crossed_requests(soak.logins)
               + crossed_log_lines(soak.logins, soak.log)[0])
    figure("crossed_canaries", len(crossed))
    equal(crossed[:5], [], "crossed")


@test
def no_password_of_any_login_is_in_the_log():
    text = soak.log.text()
    contains(text, "provider=main by")
    equal(passwords_in(text)[:5], [], "passwords in the log")


@test
def answers_that_tell_of_uid_home_and_shell_change_nobody():
    equal(extauthctl("user", "export").output, soak.people, "the registry")


@test
def hosts_neither_grow_nor_keep_descriptors():
    growth = soak.sampler.growth_percent(1)
    own = [sample[0] for sample in soak.sampler.samples]
    print(f"# {len(own)} samples of {AT_ONCE} hosts; their own memory in KiB: "
          + " ".join(map(str, own[::len(own) // 20 + 1])))
    figure("rss_growth_percent", round(growth, 2))
    figure("private_growth_percent", round(soak.sampler.growth_percent(0), 2))
    figure("heap_growth_bytes", soak.hosts.more_heap)
    assert soak.hosts.more_heap <= HEAP_BYTES, soak.hosts.more_heap
    figure("fd_growth", soak.hosts.more_fds)
    equal(soak.hosts.more_fds, 0, "more descriptors")
    # Of each host its first and the one that logs in.
    threads = max((sample[2] for sample in soak.sampler.samples), default=0)
    assert threads <= 2 * AT_ONCE, threads
    if LOGINS >= LONG:
        assert len(own) >= 40, f"{len(own)} samples tell nothing"
        assert abs(growth) <= GROWTH_PERCENT, growth


@test
def no_process_and_no_file_is_left():
    figure("left_processes", workers() + zombies())
    equal((workers(), zombies()), (0, 0), "workers and zombies left")
    figure("left_files", files())
    assert files() <= FILES_MOST, files()
    equal(os.listdir("/dev/shm"), [], "shared memory")


@test
def two_in_the_same_moment_get_each_their_own_answer():
    soak.scene.forget_requests()
    logins = soak.pairs()
    hosts = Hosts(logins, 1, 2, "together")
    hosts.wait()
    account = judge(logins, hosts.results())
    equal(account.wrong[:5], [], "wrong verdicts")
    equal(account.crossed[:5] + crossed_requests(logins)[:5], [], "crossed")
    figure("pairs", PAIRS)


run_tests()

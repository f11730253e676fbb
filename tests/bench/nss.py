# SPDX-License-Identifier: MIT
"""Sets up the parties of tests/bench/nss and asks them in turn; runs inside
tests/enter. The goals are those of the design, section 8."""
import os
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.environ["EXTAUTH_SOURCE"] + "/tests/e2e")
from extauth_test import *  # noqa: E402

BENCH = BUILD + "/tests/bench"
PEERS = BUILD + "/peers"
DATA = "/srv/bench"
LIBRARIES = "/usr/lib/x86_64-linux-gnu"
SCALES = [1000, 100000, 1000000]
ROUNDS = 7
TURN_MS = 150
SSSD_USERS = 1000
PROCESSES = 31
FILES = 10000
REPLACEMENTS = 1000
LOOKS = ["hot", "random", "missing", "uid", "groups0", "groups10", "groups100"]
DIRECT = ["direct-hot", "direct-random", "direct-missing"]
# The peers whose look-ups read all users, and at what scale that ends.
SLOW = {"files": 1000000, "extrausers": 1000000}
FACTOR = {"ns": 1, "us": 1000}


class Party:
    """One name service: a process that looks users up with it alone."""

    def __init__(self, name, users):
        self.name = name
        self.users = SSSD_USERS if name == "sss" else users
        self.process = None

    def command(self, *command):
        """A command in a mount namespace of its own where nsswitch.conf names
        this service alone."""
        nsswitch = f"{DATA}/nsswitch.{self.name}"
        write(nsswitch, f"passwd: {self.name}\ngroup: {self.name}\n")
        script = f"mount --bind {nsswitch} /etc/nsswitch.conf && "
        if self.name == "files":
            script += (f"mount --bind {DATA}/passwd /etc/passwd && "
                       f"mount --bind {DATA}/group /etc/group && ")
        return ["unshare", "-m", "sh", "-c", script + 'exec "$@"', "sh",
                *command]

    def lookup(self, *more):
        return self.command(BENCH + "/nss_lookup", str(self.users), self.name,
                            *more)

    def start(self):
        self.process = subprocess.Popen(
            self.lookup(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True)
        self.ask("hot", 1, 1)

    def ask(self, look, threads=1, milliseconds=TURN_MS):
        """Returns how many look-ups there were, their median and 99th
        percentile in ns, and how many answers were wrong."""
        self.process.stdin.write(f"{look} {threads} {milliseconds}\n")
        self.process.stdin.flush()
        return [int(word) for word in self.process.stdout.readline().split()]

    def private_kib(self):
        """Memory of this process alone; the map of the file is everybody's."""
        with open(f"/proc/{self.process.pid}/smaps_rollup",
                  encoding="ascii") as rollup:
            return sum(int(line.split()[1]) for line in rollup
                       if line.startswith("Anonymous:"))

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def nss_data(form, users, path):
    with open(path, "wb") as file:
        subprocess.run([BENCH + "/nss_data", form, str(users)], stdout=file,
                       check=True)


def timed(*command, **options):
    """Runs a command and returns its seconds."""
    started = time.monotonic()
    run(*command, timeout=7200, check=True, **options)
    return time.monotonic() - started


def install_peers():
    for folder in ("usr", "var", "etc/default"):
        run("cp", "-a", f"{PEERS}/{folder}/.", f"/{folder}/", check=True)
    for folder in ("lib", "sbin"):
        if os.path.isdir(f"{PEERS}/{folder}"):
            run("cp", "-a", f"{PEERS}/{folder}/.", f"/usr/{folder}/",
                check=True)
    run("cp", BENCH + "/libnss_benchnull.so.2", LIBRARIES, check=True)
    if not os.path.exists(LIBRARIES + "/libnss_db.so.2"):
        os.symlink("libnss_db-2.2.3.so", LIBRARIES + "/libnss_db.so.2")
    run("ldconfig", check=True)
    os.makedirs("/var/lib/extrausers", exist_ok=True)


def start_sssd():
    """Lets SSSD ask libnss-extrausers, and fills its memory cache. Returns
    whether it answers."""
    write("/etc/sssd/sssd.conf", "[sssd]\nservices = nss\ndomains = bench\n"
          "[nss]\nmemcache_timeout = 86400\n[domain/bench]\n"
          "id_provider = proxy\nproxy_lib_name = extrausers\n"
          "auth_provider = none\nentry_cache_timeout = 86400\n", 0o600)
    for folder in ("db", "pipes/private", "mc", "gpo_cache", "secrets",
                   "pubconf/krb5.include.d", "keytabs"):
        os.makedirs("/var/lib/sss/" + folder, exist_ok=True)
    os.makedirs("/var/log/sssd", exist_ok=True)
    start("/usr/sbin/sssd", "-i", log="/var/log/sssd/output")
    party = Party("sss", SSSD_USERS)
    party.start()
    deadline = time.monotonic() + 60
    while party.ask("random", 1, 3000)[3] > 0:
        if time.monotonic() > deadline:
            party.end()
            return False
    party.end()
    return True


def make_users(users):
    """Makes every party's files; returns how long extauth and makedb took."""
    nss_data("passwd", users, DATA + "/passwd")
    nss_data("group", users, DATA + "/group")
    nss_data("csv", users, DATA + "/users.csv")
    for name in ("passwd", "group"):
        run("ln", "-f", f"{DATA}/{name}", f"/var/lib/extrausers/{name}",
            check=True)
        run("ln", "-f", f"{DATA}/{name}", f"/etc/{name}.cache", check=True)
    nss_data("ixname", users, "/etc/passwd.cache.ixname")
    nss_data("ixuid", users, "/etc/passwd.cache.ixuid")
    imports = []
    times = 3 if users <= 1000000 else 1
    for _ in range(times):
        run("rm", "-rf", "/var/lib/extauth", check=True)
        imports.append(timed("extauthctl", "user", "import",
                             DATA + "/users.csv"))
    took = {"import": statistics.median(imports)}
    if users <= 1000000:
        run("rm", "-f", "/var/lib/misc/passwd.db", "/var/lib/misc/group.db",
            check=True)
        took["makedb"] = timed("make", "-C", "/var/lib/misc", "-s",
                               f"ETC={DATA}")
    took["add"] = statistics.median(
        timed("extauthctl", "user", "add", f"zoe{n}", "--email",
              f"zoe{n}@example.com") for n in range(times))
    return took


def parties_for(users, with_sssd):
    names = ["benchnull", "extauth", "files", "extrausers", "db", "cache"]
    names = [name for name in names if users <= SLOW.get(name, users)]
    if users > 1000000:
        names.remove("db")
    if with_sssd:
        names.append("sss")
    return [Party(name, users) for name in names]


def print_row(title, values, base):
    """One line: each party's median, and its ratio to the first's."""
    cells = []
    for value in values:
        if value is None:
            cells.append(f"{'-':>18}")
        elif value >= 1e7:
            cells.append(f"{value / 1e6:9.1f} ms{value / base:6.4g}x")
        else:
            cells.append(f"{value / 1e3:9.2f} us{value / base:6.4g}x")
    print(f"{title:16}" + "".join(f"{cell:>19}" for cell in cells))


def measure_looks(parties, found):
    """Asks the parties in turn, round after round."""
    for look, threads in [(look, 1) for look in LOOKS] + [("random", 2)]:
        samples = {party.name: [] for party in parties}
        wrong = {party.name: 0 for party in parties}
        for _ in range(ROUNDS):
            for party in parties:
                _count, median, _last, bad = party.ask(look, threads)
                samples[party.name].append(median)
                wrong[party.name] += bad
        title = look if threads == 1 else f"{look}, {threads} threads"
        row = {name: statistics.median(times)
               for name, times in samples.items()}
        for name, count in wrong.items():
            if count > 0:
                row[name] = None
        found[title] = row
        print_row(title, [row[party.name] for party in parties],
                  row["benchnull"])


def measure_direct(parties, found):
    """The module's own function, and one access to main memory beside it."""
    named = {party.name: party for party in parties}
    for look in DIRECT:
        found[look] = statistics.median(
            named["extauth"].ask(look)[1] for _ in range(ROUNDS))
    found["chase"] = statistics.median(
        named["benchnull"].ask("chase")[1] for _ in range(ROUNDS))
    print(f"direct: hot {found['direct-hot']:.0f} ns, random "
          f"{found['direct-random']:.0f} ns, missing "
          f"{found['direct-missing']:.0f} ns; "
          f"one access to memory {found['chase']:.0f} ns")


def measure_processes(parties, found):
    """The first look-up of a fresh process, and `ls -l`."""
    first = {party.name: [] for party in parties}
    listing = {party.name: [] for party in parties}
    for _ in range(PROCESSES):
        for party in parties:
            result = run(*party.lookup("first"), check=True)
            first[party.name].append(int(result.output.split()[1]))
    for _ in range(5):
        for party in parties:
            if party.name in SLOW or party.name == "sss":
                continue
            listing[party.name].append(
                timed(*party.command("ls", "-l", DATA + "/owned"),
                      env={"LC_ALL": "C", "PATH": os.environ["PATH"]}) * 1e9)
    for title, samples in (("first look-up", first), ("ls -l", listing)):
        row = {name: statistics.median(times) if times else None
               for name, times in samples.items()}
        found[title] = row
        print_row(title, [row[party.name] for party in parties],
                  row["benchnull"])


def measure_memory(parties, found):
    named = {party.name: party for party in parties}
    found["memory"] = (named["extauth"].private_kib()
                       - named["benchnull"].private_kib())
    print(f"private memory over the null module: {found['memory']} KiB")


def make_owned(users):
    folder = DATA + "/owned"
    os.makedirs(folder, exist_ok=True)
    for number in range(FILES):
        path = f"{folder}/{number:05}"
        with open(path, "wb"):
            pass
        uid = 2000200001 + number % users
        os.chown(path, uid, uid)


def measure_replacing(party, found):
    """Look-ups while the file is replaced again and again by a copy."""
    idle = statistics.median(party.ask("random")[1] for _ in range(ROUNDS))
    # Two copies in turn: a rename onto the same file would do nothing.
    script = (f"cd /var/lib/extauth && cp nss .nss.0 && cp nss .nss.1 && n=0; "
              f"while [ $n -lt {REPLACEMENTS} ]; do "
              f"ln .nss.$((n % 2)) .nss.bench && mv .nss.bench nss; "
              f"n=$((n + 1)); done; rm .nss.0 .nss.1")
    process = subprocess.Popen(["bash", "-c", script])
    medians, wrong, count = [], 0, 0
    while process.poll() is None:
        looked, median, _last, bad = party.ask("random")
        medians.append(median)
        wrong += bad
        count += looked
    found["replacing"] = statistics.median(medians) / idle
    found["replacing wrong"] = wrong
    print(f"{count} look-ups while the file was replaced {REPLACEMENTS} times: "
          f"{wrong} wrong, {found['replacing']:.2f} x idle")


def measure(users, with_sssd):
    found = {}
    print(f"\n== {users} users")
    found.update(make_users(users))
    print(", ".join(f"{what} {seconds:.2f} s"
                    for what, seconds in found.items()))
    make_owned(users)
    parties = parties_for(users, with_sssd)
    print(f"{'':16}" + "".join(f"{party.name:>19}" for party in parties))
    for party in parties:
        party.start()
    measure_looks(parties, found)
    measure_memory(parties, found)
    measure_direct(parties, found)
    measure_processes(parties, found)
    measure_replacing(parties[1], found)
    for party in parties:
        party.end()
    return found


def ratio(found, look, party="extauth", base="benchnull"):
    row = found[look]
    if row.get(party) is None or row.get(base) is None:
        return None
    return row[party] / row[base]


def goals_at(users, found):
    """Each goal of one scale: what, value, at most."""
    goals = [("hot / null", ratio(found, "hot"), 1.1),
             ("random / null", ratio(found, "random"), 1.5),
             ("uid / null", ratio(found, "uid"), 1.5),
             ("missing / null", ratio(found, "missing"), 1.2),
             ("initgroups, 0 groups / null", ratio(found, "groups0"), 1.1),
             ("initgroups, 100 groups / null", ratio(found, "groups100"), 1.3),
             ("first look-up / null", ratio(found, "first look-up"), 1.2),
             ("ls -l of 10,000 owners / null", ratio(found, "ls -l"), 1.2),
             ("direct hot, ns", found["direct-hot"], 80),
             ("direct random / access to memory",
              found["direct-random"] / found["chase"], 2.3),
             ("private memory, KiB", found["memory"], 64),
             ("replaced 1,000 times / idle", found["replacing"], 1.1),
             ("wrong answers meanwhile", found["replacing wrong"], 0)]
    if "db" in found["random"]:
        goals.append(("random / libnss-db", ratio(found, "random", base="db"),
                      0.06))
    if "sss" in found["random"]:
        goals.append(("random / SSSD's cached 1,000",
                      ratio(found, "random", base="sss"), 1.0))
    if users == 1000000:
        # A tenth of what makedb of glibc takes, which Debian does not ship.
        goals += [("build, s", found["import"], 1.55),
                  ("user add, s", found["add"], 1.0)]
    return goals


def print_goals(results):
    for users, found in results.items():
        print(f"\ngoals at {users} users")
        for name, value, goal in goals_at(users, found):
            verdict = ("not measured" if value is None else
                       "met" if value <= goal else "MISSED")
            shown = "-" if value is None else f"{value:.2f}"
            print(f"  {name:36} {shown:>8}   goal <= {goal:<6g} {verdict}")
    if len(results) > 1:
        small, large = min(results), max(results)
        print(f"\ngrowth from {small} to {large} users")
        for look, goal in (("hot", 1.2), ("random", 2.0)):
            growth = (results[large][look]["extauth"]
                      / results[small][look]["extauth"])
            print(f"  {look:36} {growth:8.2f}   goal <= {goal:<6g} "
                  f"{'met' if growth <= goal else 'MISSED'}")


def main():
    os.makedirs(DATA, exist_ok=True)
    scales = [int(word) for word in sys.argv[1:]] or SCALES
    configure("[extauth]\n")
    install_peers()
    nss_data("passwd", SSSD_USERS, "/var/lib/extrausers/passwd")
    nss_data("group", SSSD_USERS, "/var/lib/extrausers/group")
    with_sssd = start_sssd()
    if not with_sssd:
        print("SSSD does not answer here:")
        print(open("/var/log/sssd/output", encoding="utf-8").read()[-500:])
    results = {users: measure(users, with_sssd) for users in scales}
    print_goals(results)


main()

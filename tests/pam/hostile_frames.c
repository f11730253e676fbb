/* SPDX-License-Identifier: MIT */
/* Hosts with a hostile worker in the place of extauth-exchange: no grant but
 * what is one word for word, no host that hangs or is left another, nothing
 * that a terminal obeys.
 *
 * usage: hostile_frames [CASES [HOSTS [FIRST]]], in a private root:
 *   tests/enter --plain build/tests/pam/hostile_frames 11000
 * EXTAUTH_SEED (1) is the seed; with it a case is always the same. */
#include <dirent.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hostile_host.h"
#include "place.h"

#define CASES 700
#define HOSTS 24
#define HOSTS_MAX 64
#define HUNG_MS 30000
#define WORKER "extauth-exchang"

static unsigned tests;
static unsigned failures;

static void
report(bool is_right, const char *name, const char *why)
{
	(void)printf("%s %u - %s\n", is_right ? "ok" : "not ok", ++tests, name);
	if (!is_right)
		(void)printf("# %s\n", why);
	failures += !is_right;
}

/* The cases of a host that hangs do not come to their end. */
static bool
wait_for(struct hostile_host *hosts, const pid_t *children, unsigned count)
{
	bool is_whole = true;
	unsigned at;

	for (at = 0; at < count;) {
		const int64_t since_ms = hosts[at].since_ms;
		int status = 0;
		const pid_t ended = waitpid(children[at], &status, WNOHANG);

		if (ended == 0 && since_ms > 0 &&
		    frame_clock_ms() - since_ms > HUNG_MS)
			(void)kill(children[at], SIGKILL);
		if (ended == 0) {
			(void)usleep(20000);
			continue;
		}
		is_whole = is_whole && status == 0;
		at++;
	}
	return is_whole;
}

static bool
run_hosts(
    struct hostile_host *hosts, unsigned host_count, struct hostile_rest *rest)
{
	pid_t children[HOSTS_MAX];
	unsigned at;

	for (at = 0; at < host_count; at++) {
		children[at] = fork();
		if (children[at] != 0)
			continue;
		hostile_host_run(&hosts[at], rest);
		_exit(0);
	}
	return wait_for(hosts, children, host_count);
}

static uint64_t
seed(void)
{
	const char *words = getenv("EXTAUTH_SEED");
	const uint64_t number = words != NULL ? strtoul(words, NULL, 10) : 1;

	(void)printf("# seed %lu\n", (unsigned long)number);
	return number;
}

static void
add(struct hostile_tally *sum, const struct hostile_tally *tally)
{
	sum->cases += tally->cases;
	sum->grants += tally->grants;
	sum->late += tally->late;
	sum->wrong_grants += tally->wrong_grants;
	sum->missed_grants += tally->missed_grants;
	sum->state_changes += tally->state_changes;
	sum->unshowable += tally->unshowable;
	sum->too_long += tally->too_long;
	if (sum->first[0] == '\0')
		memcpy(sum->first, tally->first, sizeof(sum->first));
}

static void
report_tricks(
    const struct hostile_host *hosts, unsigned count, struct hostile_tally *all)
{
	uint32_t trick;
	unsigned at;
	char name[256];

	for (trick = 0; trick < hostile_trick_count(); trick++) {
		struct hostile_tally sum = {0};

		for (at = 0; at < count; at++)
			add(&sum, &hosts[at].tallies[trick]);
		(void)snprintf(name, sizeof(name),
		    "%s: %u cases, %u of them grants",
		    hostile_trick_name(trick), sum.cases, sum.grants);
		report(sum.first[0] == '\0', name, sum.first);
		/* The first trick is none. */
		if (trick == 0)
			sum.cases = 0;
		add(all, &sum);
	}
}

static unsigned
count_workers(void)
{
	DIR *processes = opendir("/proc");
	const struct dirent *entry;
	unsigned count = 0;

	place_check(processes != NULL, "/proc");
	while ((entry = readdir(processes)) != NULL) {
		char path[280];
		char name[32] = "";
		FILE *file;

		(void)snprintf(
		    path, sizeof(path), "/proc/%s/comm", entry->d_name);
		file = fopen(path, "re");
		if (file == NULL)
			continue;
		if (fgets(name, sizeof(name), file) != NULL &&
		    strncmp(name, WORKER, strlen(WORKER)) == 0)
			count++;
		(void)fclose(file);
	}
	(void)closedir(processes);
	return count;
}

static bool
is_log_plain(void)
{
	FILE *log = fopen("/var/log/auth.log", "re");
	bool is_plain = true;
	int byte;

	place_check(log != NULL, "auth.log");
	while ((byte = fgetc(log)) != EOF)
		is_plain =
		    is_plain && (byte == '\n' || (byte >= ' ' && byte <= '~'));
	(void)fclose(log);
	return is_plain;
}

static int64_t
longest_ms(const struct hostile_host *hosts, unsigned count)
{
	int64_t longest = 0;

	for (; count > 0; count--)
		if (hosts[count - 1].longest_ms > longest)
			longest = hosts[count - 1].longest_ms;
	return longest;
}

static unsigned
argument(int argc, char **argv, int at, unsigned otherwise)
{
	return argc > at ? (unsigned)strtoul(argv[at], NULL, 10) : otherwise;
}

static void *
share(size_t size)
{
	void *shared = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	place_check(shared != MAP_FAILED, "mmap");
	return shared;
}

static void
show(const struct hostile_host *hosts, unsigned host_count, int64_t taken_ms)
{
	struct hostile_tally all = {0};

	report_tricks(hosts, host_count, &all);
	report(count_workers() == 0, "no worker is left", "one is");
	report(is_log_plain(), "the log holds lines of plain text alone",
	    "a byte of the log is none that is printed");
	(void)printf("# figure: mutated_frames = %u\n", all.cases);
	(void)printf("# figure: wrong_grants = %u\n", all.wrong_grants);
	(void)printf("# figure: right_grants = %u\n", all.grants);
	(void)printf("# figure: missed_grants = %u\n", all.missed_grants);
	(void)printf("# figure: host_state_changes = %u\n", all.state_changes);
	(void)printf("# figure: unshowable_texts = %u\n", all.unshowable);
	(void)printf("# figure: longest_login_ms = %lld\n",
	    (long long)longest_ms(hosts, host_count));
	(void)printf(
	    "# all cases in %lld ms, %u late\n", (long long)taken_ms, all.late);
}

int
main(int argc, char **argv)
{
	const unsigned host_count = argument(argc, argv, 2, HOSTS);
	struct hostile_rest *rest = share(sizeof(*rest));
	struct hostile_host *hosts;
	int64_t start_ms;

	if (host_count < 1 || host_count > HOSTS_MAX)
		errx(64, "usage: hostile_frames [CASES [HOSTS [FIRST]]]");
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	hosts = share(sizeof(*hosts) * host_count);
	rest->seed = seed();
	rest->next = argument(argc, argv, 3, 0);
	rest->end = rest->next + argument(argc, argv, 1, CASES);
	hostile_host_prepare();
	(void)printf("1..%u\n", hostile_trick_count() + 3);
	start_ms = frame_clock_ms();
	report(run_hosts(hosts, host_count, rest),
	    "every host comes to its end", "one hung or broke");
	show(hosts, host_count, frame_clock_ms() - start_ms);
	return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

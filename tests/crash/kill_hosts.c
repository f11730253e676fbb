/* SPDX-License-Identifier: MIT */
/* Hosts that log in are killed at random times, many side by side: their
 * workers must end by themselves. Prints what came of it in one line
 * `NAME=NUMBER ...`; status 1 if a worker lived longer than a second.
 * Does not know: servers, configuration.
 *
 * usage: kill_hosts SERVICE USER PASSWORD ANSWER KILLS SIDE_BY_SIDE UNTIL_MS
 *            SEED
 *   UNTIL_MS: the latest time of a kill */
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kill_host.h"

#define ORPHAN_US 1000000
#define GIVEN_UP_US 20000000

struct sums {
	atomic_uint kills;
	atomic_uint with_worker; /* a worker lived when the host was killed */
	atomic_uint orphans;     /* that lived for more than a second */
	atomic_llong longest_us;
};

static void
sleep_us(uint64_t microseconds)
{
	const struct timespec pause = {
	    .tv_sec = (time_t)(microseconds / 1000000),
	    .tv_nsec = (long)(microseconds % 1000000 * 1000),
	};

	(void)nanosleep(&pause, NULL);
}

/* Waits until those are gone whom the host left to us. Returns how many
 * microseconds that took, -1 if there was nobody. */
static int64_t
wait_for_orphans(void)
{
	const int64_t start = kill_clock_us();
	int64_t gone_us = -1;
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) >= 0 &&
	    kill_clock_us() - start < GIVEN_UP_US) {
		if (pid > 0)
			gone_us = kill_clock_us() - start;
		else
			sleep_us(500);
	}
	return pid < 0 ? gone_us : GIVEN_UP_US;
}

static void
kill_one(const struct kill_login *login, unsigned number, uint64_t after_us,
    struct sums *sums)
{
	struct kill_result result;
	int status = 0;
	int64_t gone_us;
	const pid_t host = fork();

	if (host == 0) {
		kill_host_login(login, number, &result);
		_exit(0);
	}
	sleep_us(after_us);
	if (host < 0 || kill(host, SIGKILL) != 0 ||
	    waitpid(host, &status, 0) != host)
		err(99, "cannot kill the host");
	if (!WIFSIGNALED(status))
		return;
	gone_us = wait_for_orphans();
	atomic_fetch_add(&sums->kills, 1);
	atomic_fetch_add(&sums->with_worker, gone_us >= 0);
	atomic_fetch_add(&sums->orphans, gone_us > ORPHAN_US);
	if (atomic_load(&sums->longest_us) < gone_us)
		atomic_store(&sums->longest_us, gone_us);
}

static void
kill_many(const struct kill_login *login, char **numbers, unsigned slot,
    struct sums *sums)
{
	const unsigned kills = (unsigned)strtoul(numbers[0], NULL, 10);
	const uint64_t until_us = strtoul(numbers[2], NULL, 10) * 1000;
	uint64_t chance = strtoul(numbers[3], NULL, 10) << 8 | slot;
	unsigned number = slot << 20;

	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0)
		err(99, "cannot become the parent of orphans");
	while (atomic_load(&sums->kills) < kills)
		kill_one(login, number++, kill_chance(&chance, until_us), sums);
	_exit(0);
}

int
main(int count, char **arguments)
{
	struct sums *sums = mmap(NULL, sizeof(*sums), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct kill_login login;
	unsigned slots;
	int status = 0;

	if (count != 9 || sums == MAP_FAILED)
		return 64;
	login = (struct kill_login){
	    arguments[1], arguments[2], arguments[3], arguments[4]};
	for (slots = (unsigned)strtoul(arguments[6], NULL, 10); slots > 0;
	     slots--)
		if (fork() == 0)
			kill_many(&login, arguments + 5, slots, sums);
	while (wait(&status) > 0)
		if (status != 0)
			errx(99, "ended with status %d", status);
	printf("kills=%u with_worker=%u orphans=%u longest_us=%lld\n",
	    atomic_load(&sums->kills), atomic_load(&sums->with_worker),
	    atomic_load(&sums->orphans), atomic_load(&sums->longest_us));
	return atomic_load(&sums->orphans) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

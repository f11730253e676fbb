/* SPDX-License-Identifier: MIT */
/* Many hosts log in at the same time, and each one's worker is killed at a
 * random time, even over the whole of a login, until so many were killed.
 * Prints what came of it in one line `NAME=NUMBER ...`; status 1 if a login
 * ended otherwise than it must.
 * Does not know: servers, configuration.
 *
 * usage: kill_random SERVICE USER PASSWORD ANSWER KILLS HOSTS SEED */
#include <err.h>
#include <pthread.h>
#include <security/pam_appl.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kill_host.h"

#define WARM_LOGINS 3
/* So often nobody is killed, and the time of a login is measured anew. */
#define MEASURE_EVERY 16
#define HANG_S 60

/* What all hosts share. */
struct sums {
	atomic_uint logins;
	atomic_uint kills;
	atomic_uint granted;
	atomic_uint granted_killed; /* the kill came behind the verdict */
	atomic_uint refused;
	atomic_uint faults;
	atomic_uint wrong;
	atomic_llong longest_us;
	atomic_llong login_us; /* of one that nobody kills, as of late */
};

/* What the two threads of one host share. */
static struct {
	sem_t is_started;
	sem_t is_done;
	atomic_int worker;
	atomic_bool is_over;
	atomic_bool is_killed;
	uint64_t chance;
	uint64_t until_us; /* 0: nobody is killed */
} host;

static void
worker_started(pid_t worker)
{
	if (host.until_us == 0)
		return;
	atomic_store(&host.worker, worker);
	(void)sem_post(&host.is_started);
}

/* The thread that kills. */
static void *
kill_workers(void *none)
{
	for (;;) {
		uint64_t after_us;
		struct timespec pause = {0};

		(void)sem_wait(&host.is_started);
		after_us = kill_chance(&host.chance, host.until_us);
		pause.tv_sec = (time_t)(after_us / 1000000);
		pause.tv_nsec = (long)(after_us % 1000000 * 1000);
		(void)nanosleep(&pause, NULL);
		if (!atomic_load(&host.is_over))
			atomic_store(&host.is_killed,
			    kill(atomic_load(&host.worker), SIGKILL) == 0);
		(void)sem_post(&host.is_done);
	}
	return none;
}

static void
count_login(struct sums *sums, const struct kill_result *result)
{
	const bool is_killed = atomic_load(&host.is_killed);
	const char *complaint = kill_host_complaint(result);

	if (complaint != NULL) {
		warnx("%s (code %d)", complaint, result->code);
		atomic_fetch_add(&sums->wrong, 1);
	}
	if (!is_killed && !result->has_verdict) {
		warnx("not killed, but no verdict");
		atomic_fetch_add(&sums->wrong, 1);
	}
	atomic_fetch_add(&sums->logins, 1);
	atomic_fetch_add(&sums->kills, is_killed);
	atomic_fetch_add(&sums->granted, result->code == PAM_SUCCESS);
	atomic_fetch_add(
	    &sums->granted_killed, is_killed && result->code == PAM_SUCCESS);
	atomic_fetch_add(&sums->refused, result->code == PAM_AUTH_ERR);
	atomic_fetch_add(&sums->faults, result->code == PAM_SYSTEM_ERR);
	if (atomic_load(&sums->longest_us) < result->microseconds)
		atomic_store(&sums->longest_us, result->microseconds);
}

static void
measure(struct sums *sums, int64_t microseconds)
{
	const long long before = atomic_load(&sums->login_us);

	atomic_store(&sums->login_us,
	    before == 0 ? microseconds : (7 * before + microseconds) / 8);
}

/* One login; the killing thread is done with it when this returns. */
static void
log_in(const struct kill_login *login, unsigned number, struct sums *sums)
{
	struct kill_result result;

	atomic_store(&host.is_over, false);
	atomic_store(&host.is_killed, false);
	atomic_store(&host.worker, 0);
	kill_host_login(login, number, &result);
	atomic_store(&host.is_over, true);
	if (host.until_us == 0)
		measure(sums, result.microseconds);
	else if (atomic_load(&host.worker) != 0)
		(void)sem_wait(&host.is_done);
	count_login(sums, &result);
}

/* The life of one host. The time of a login is that of all hosts at once. */
static void
be_host(const struct kill_login *login, unsigned number, unsigned kills,
    struct sums *sums)
{
	pthread_t thread;
	unsigned done = 0;

	(void)alarm(HANG_S * 60);
	if (sem_init(&host.is_started, 0, 0) != 0 ||
	    sem_init(&host.is_done, 0, 0) != 0 ||
	    pthread_create(&thread, NULL, kill_workers, NULL) != 0)
		err(99, "cannot make a thread");
	kill_host_started = worker_started;
	while (done < WARM_LOGINS)
		log_in(login, number + done++, sums);
	while (atomic_load(&sums->kills) < kills) {
		host.until_us = done % MEASURE_EVERY == 0
		    ? 0
		    : (uint64_t)atomic_load(&sums->login_us);
		log_in(login, number + done++, sums);
	}
	_exit(0);
}

static void
run_hosts(const struct kill_login *login, char **numbers, struct sums *sums)
{
	const unsigned kills = (unsigned)strtoul(numbers[0], NULL, 10);
	const unsigned hosts = (unsigned)strtoul(numbers[1], NULL, 10);
	const uint64_t seed = strtoul(numbers[2], NULL, 10);
	unsigned number;
	int status = 0;

	for (number = 0; number < hosts; number++) {
		const pid_t pid = fork();

		host.chance = seed * hosts + number;
		if (pid == 0)
			be_host(login, number << 20, kills, sums);
		if (pid < 0)
			err(99, "fork");
	}
	while (wait(&status) > 0)
		if (status != 0) {
			warnx("a host ended with status %d", status);
			atomic_fetch_add(&sums->wrong, 1);
		}
}

int
main(int count, char **arguments)
{
	struct sums *sums = mmap(NULL, sizeof(*sums), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (count != 8 || sums == MAP_FAILED)
		return 64;
	run_hosts(&(struct kill_login){arguments[1], arguments[2], arguments[3],
		      arguments[4]},
	    arguments + 5, sums);
	printf("logins=%u kills=%u granted=%u granted_killed=%u refused=%u "
	       "faults=%u wrong=%u longest_ms=%lld login_ms=%lld\n",
	    atomic_load(&sums->logins), atomic_load(&sums->kills),
	    atomic_load(&sums->granted), atomic_load(&sums->granted_killed),
	    atomic_load(&sums->refused), atomic_load(&sums->faults),
	    atomic_load(&sums->wrong), atomic_load(&sums->longest_us) / 1000,
	    atomic_load(&sums->login_us) / 1000);
	return atomic_load(&sums->wrong) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* SPDX-License-Identifier: MIT */
/* What a host finds after a login as it was before: descriptors, signals,
 * umask, directory, environment, locale; whatever state it was in. Through the
 * real libpam. */
#include <fcntl.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "host.h"
#include "place.h"
#include "suite.h"

/* All that may not change, as one text. */
struct state {
	char text[8192];
};

static void
add(struct state *state, const char *text)
{
	const size_t used = strlen(state->text);

	(void)snprintf(
	    state->text + used, sizeof(state->text) - used, "%s\n", text);
}

static void
add_descriptors(struct state *state)
{
	char path[64];
	char target[256];
	int fd;

	for (fd = 0; fd < 2100; fd++) {
		ssize_t length;

		(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		length = readlink(path, target, sizeof(target) - 1);
		if (length < 0)
			continue;
		target[length] = '\0';
		if (fd < 64)
			add(state, path);
		if (fd < 64)
			add(state, target);
	}
}

static void
add_signals(struct state *state)
{
	struct sigaction action;
	sigset_t mask;
	char text[64];
	int signal;

	(void)sigprocmask(SIG_SETMASK, NULL, &mask);
	for (signal = 1; signal < 32; signal++) {
		(void)sigaction(signal, NULL, &action);
		(void)snprintf(text, sizeof(text), "%d %d %d %p", signal,
		    sigismember(&mask, signal), action.sa_flags,
		    (void *)(uintptr_t)action.sa_handler);
		add(state, text);
	}
}

static void
read_state(struct state *state)
{
	struct itimerval timer;
	const mode_t mask = umask(0);
	char text[512] = "?";
	char **variable;

	(void)umask(mask);
	state->text[0] = '\0';
	add_descriptors(state);
	add_signals(state);
	(void)snprintf(text, sizeof(text), "umask %o", mask);
	add(state, text);
	add(state, getcwd(text, sizeof(text)) != NULL ? text : "no directory");
	add(state, setlocale(LC_ALL, NULL));
	(void)getitimer(ITIMER_REAL, &timer);
	(void)snprintf(text, sizeof(text), "timer %d uid %u %u",
	    timer.it_value.tv_sec > 0, getuid(), geteuid());
	add(state, text);
	for (variable = environ; *variable != NULL; variable++)
		add(state, *variable);
}

/* One accepted and one rejected login leave the state as it was. */
static void
check_unchanged(void)
{
	static struct state before;
	static struct state after;
	struct host host = {.user = "alice", .password = "wrong"};

	/* The socket of syslog(3) is the C library's. */
	openlog(NULL, LOG_NDELAY, LOG_AUTH);
	read_state(&before);
	ck_assert_int_eq(host_authenticate(&host), PAM_AUTH_ERR);
	place_script("verdict accepted\n");
	host.password = "secret";
	ck_assert_int_eq(host_authenticate(&host), PAM_SUCCESS);
	ck_assert_int_eq(host_account(&host), PAM_SUCCESS);
	read_state(&after);
	ck_assert_str_eq(before.text, after.text);
}

START_TEST(plain_host_is_left_as_it_was)
{
	check_unchanged();
}
END_TEST

START_TEST(host_with_closed_standard_descriptors_is_left_as_it_was)
{
	(void)close(0);
	(void)close(1);
	(void)close(2);
	check_unchanged();
}
END_TEST

START_TEST(host_with_few_descriptors_is_left_as_it_was)
{
	const struct rlimit limit = {16, 16};

	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	check_unchanged();
}
END_TEST

START_TEST(host_with_two_thousand_descriptors_is_left_as_it_was)
{
	const struct rlimit limit = {4096, 4096};
	int number;

	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	for (number = 0; number < 2000; number++)
		ck_assert_int_ge(open("/dev/null", O_RDONLY), 0);
	check_unchanged();
}
END_TEST

static void
handle(int signal)
{
	(void)signal;
}

START_TEST(host_with_signals_of_its_own_is_left_as_it_was)
{
	sigset_t mask;

	ck_assert(signal(SIGCHLD, SIG_IGN) != SIG_ERR);
	ck_assert(signal(SIGALRM, handle) != SIG_ERR);
	ck_assert(signal(SIGPIPE, SIG_DFL) != SIG_ERR);
	(void)sigemptyset(&mask);
	(void)sigaddset(&mask, SIGTERM);
	(void)sigaddset(&mask, SIGUSR1);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &mask, NULL), 0);
	(void)alarm(50);
	check_unchanged();
}
END_TEST

START_TEST(interrupted_host_waits_the_whole_delay)
{
	const struct itimerval often = {{0, 5000}, {0, 5000}};
	const struct sigaction action = {.sa_handler = handle};
	struct host host = {.user = "nosuchuser", .password = "wrong"};
	struct timespec start;
	struct timespec end;

	ck_assert_int_eq(sigaction(SIGALRM, &action, NULL), 0);
	ck_assert_int_eq(setitimer(ITIMER_REAL, &often, NULL), 0);
	(void)clock_gettime(CLOCK_MONOTONIC, &start);
	ck_assert_int_eq(host_authenticate(&host), PAM_USER_UNKNOWN);
	(void)clock_gettime(CLOCK_MONOTONIC, &end);
	ck_assert_int_ge((end.tv_sec - start.tv_sec) * 1000 +
		(end.tv_nsec - start.tv_nsec) / 1000000,
	    99);
}
END_TEST

static void *
reap(void *argument)
{
	(void)argument;
	for (;;)
		(void)waitpid(-1, NULL, 0);
	return NULL;
}

START_TEST(host_that_reaps_every_child_gets_the_verdict)
{
	struct host host = {.user = "alice", .password = "secret"};
	pthread_t thread;

	place_script("verdict accepted\n");
	ck_assert_int_eq(pthread_create(&thread, NULL, reap, NULL), 0);
	ck_assert_int_eq(host_authenticate(&host), PAM_SUCCESS);
}
END_TEST

START_TEST(host_in_a_removed_directory_with_no_umask_is_left_as_it_was)
{
	ck_assert_int_eq(mkdir("/tmp/gone", 0755), 0);
	ck_assert_int_eq(chdir("/tmp/gone"), 0);
	ck_assert_int_eq(rmdir("/tmp/gone"), 0);
	(void)umask(0);
	check_unchanged();
}
END_TEST

#define THREADS 16

static void *
log_in(void *argument)
{
	struct host host = {.user = argument, .password = "secret"};

	return host_authenticate(&host) == PAM_SUCCESS ? argument : NULL;
}

START_TEST(many_threads_log_in_at_once)
{
	static char alice[] = "alice";
	static char bob[] = "bob";
	pthread_t threads[THREADS];
	int number;

	place_script("verdict accepted\n");
	for (number = 0; number < THREADS; number++)
		ck_assert_int_eq(pthread_create(&threads[number], NULL, log_in,
				     number % 2 == 0 ? alice : bob),
		    0);
	for (number = 0; number < THREADS; number++) {
		void *result = NULL;

		ck_assert_int_eq(pthread_join(threads[number], &result), 0);
		ck_assert_ptr_nonnull(result);
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    plain_host_is_left_as_it_was,
	    host_with_closed_standard_descriptors_is_left_as_it_was,
	    host_with_few_descriptors_is_left_as_it_was,
	    host_with_two_thousand_descriptors_is_left_as_it_was,
	    host_with_signals_of_its_own_is_left_as_it_was,
	    interrupted_host_waits_the_whole_delay,
	    host_that_reaps_every_child_gets_the_verdict,
	    host_in_a_removed_directory_with_no_umask_is_left_as_it_was,
	    many_threads_log_in_at_once,
	    NULL,
	};

	return suite_run("pam_host", tests);
}

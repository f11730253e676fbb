/* SPDX-License-Identifier: MIT */
/* Hosts of every kind: the verdict is right in each, and each is afterwards as
 * it was before.
 * Does not know: how a worker may misbehave. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "worker_case.h"
#include "worker_roles.h"

#define MANY_FDS 2000
#define THREADS 64
#define FDS_MAX 4096
#define SIGNALS 65

/* What a login must leave as it was. */
struct snapshot {
	char fd_is_open[FDS_MAX];
	sighandler_t handlers[SIGNALS];
	int handler_flags[SIGNALS];
	int is_blocked[SIGNALS];
	mode_t umask;
	char directory[PATH_MAX];
	struct itimerval timer;
	char **environment;
};

static struct snapshot *
snapshot_take(void)
{
	struct snapshot *now = calloc(1, sizeof(*now));
	sigset_t mask;
	int i;

	ck_assert_ptr_nonnull(now);
	for (i = 0; i < FDS_MAX; i++)
		now->fd_is_open[i] = fcntl(i, F_GETFD) >= 0;
	sigprocmask(SIG_BLOCK, NULL, &mask);
	for (i = 1; i < SIGNALS; i++) {
		struct sigaction action = {0};

		sigaction(i, NULL, &action);
		now->handlers[i] = action.sa_handler;
		now->handler_flags[i] = action.sa_flags;
		now->is_blocked[i] = sigismember(&mask, i);
	}
	now->umask = umask(0);
	umask(now->umask);
	ck_assert_ptr_nonnull(getcwd(now->directory, PATH_MAX));
	getitimer(ITIMER_REAL, &now->timer);
	now->environment = environ;
	return now;
}

/* Runs `role` and compares the host before and after. */
static void
assert_run_leaves_no_trace(const char *role, enum extauth_err expected)
{
	cleanup_run struct run *run = run_make(role);
	cleanup_free struct snapshot *before = snapshot_take();
	cleanup_free struct snapshot *after = NULL;

	run->witness.answer = "123456";
	errno = EDOM;
	ck_assert_int_eq(run_go(run), expected);
	ck_assert_int_eq(errno, EDOM);
	after = snapshot_take();
	ck_assert_int_eq(memcmp(before, after, sizeof(*before)), 0);
}

static void
ignore_signal(int number)
{
	(void)number;
}

START_TEST(host_is_afterwards_as_it_was)
{
	struct sigaction action = {.sa_handler = ignore_signal};
	sigset_t mask;

	umask(0);
	sigaction(SIGALRM, &action, NULL);
	sigaction(SIGCHLD, &action, NULL);
	sigemptyset(&mask);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGPIPE);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	assert_run_leaves_no_trace("accept", EXTAUTH_OK);
	assert_run_leaves_no_trace("prompt", EXTAUTH_OK);
	assert_run_leaves_no_trace("exit", EXTAUTH_SYSTEM);
	assert_run_leaves_no_trace("garbage", EXTAUTH_SYSTEM);
	assert_run_leaves_no_trace("killed", EXTAUTH_SYSTEM);
}
END_TEST

START_TEST(worker_finds_a_clean_process)
{
	cleanup_run struct run *run = run_make("inspect");
	sigset_t mask;
	int number;

	for (number = 1; number < 32; number++)
		signal(number, SIG_IGN);
	sigfillset(&mask);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	ck_assert_int_gt(dup(STDERR_FILENO), 2);
	ck_assert_ok(run_go(run));
	ck_assert_str_eq(run->outcome.reason, "");
}
END_TEST

START_TEST(host_that_ignores_its_children_gets_the_verdict)
{
	cleanup_run struct run *run = run_make("accept");

	signal(SIGCHLD, SIG_IGN);
	assert_grants(run);
	assert_run_leaves_no_trace("accept", EXTAUTH_OK);
	assert_run_leaves_no_trace("exit", EXTAUTH_SYSTEM);
	assert_no_child();
}
END_TEST

static void *
reap_all(void *stop)
{
	while (!atomic_load((atomic_bool *)stop))
		waitpid(-1, NULL, WNOHANG);
	return NULL;
}

START_TEST(host_that_reaps_every_child_gets_the_verdict)
{
	atomic_bool stop = false;
	pthread_t thread;
	int round;

	ck_assert_int_eq(pthread_create(&thread, NULL, reap_all, &stop), 0);
	for (round = 0; round < 50; round++) {
		cleanup_run struct run *run = run_make("accept");
		cleanup_run struct run *dead = run_make("exit");

		assert_grants(run);
		ck_assert_int_eq(run_go(dead), EXTAUTH_SYSTEM);
	}
	atomic_store(&stop, true);
	pthread_join(thread, NULL);
}
END_TEST

/* Each bit of `closed` says whether that descriptor is closed. */
static bool
verdict_is_clean_with_closed(unsigned closed)
{
	cleanup_run struct run *run = run_make("inspect");
	int fd;

	for (fd = 0; fd < 6; fd++)
		if ((closed >> fd & 1) != 0)
			close(fd);
		else if (fcntl(fd, F_GETFD) < 0)
			fcntl(0, F_DUPFD, fd);
	return run_go(run) == EXTAUTH_OK && run->outcome.reason[0] == '\0';
}

START_TEST(host_with_any_low_descriptor_closed_gets_the_verdict)
{
	unsigned closed;

	for (closed = 0; closed < 64; closed++) {
		pid_t child = fork();
		int status;

		ck_assert_int_ge(child, 0);
		if (child == 0)
			_exit(!verdict_is_clean_with_closed(closed));
		ck_assert_int_eq(waitpid(child, &status, 0), child);
		ck_assert_msg(status == 0, "closed: %x", closed);
	}
}
END_TEST

START_TEST(host_with_many_descriptors_gets_the_verdict)
{
	struct rlimit limit = {FDS_MAX, FDS_MAX};
	int i;

	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	for (i = 0; i < MANY_FDS; i++)
		ck_assert_int_ge(dup(STDERR_FILENO), 0);
	assert_run_leaves_no_trace("inspect", EXTAUTH_OK);
	assert_run_leaves_no_trace("accept", EXTAUTH_OK);
}
END_TEST

/* As a filter of a container does it, or a kernel without memory. */
static void
refuse_pidfd_open(void)
{
	struct sock_filter lines[] = {
	    BPF_STMT(
		BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_pidfd_open, 0, 1),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = {
	    sizeof(lines) / sizeof(*lines), lines};

	ck_assert_int_eq(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	ck_assert_int_eq(
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
}

START_TEST(host_that_may_not_open_a_pidfd_keeps_no_dead_worker)
{
	refuse_pidfd_open();
	assert_run_leaves_no_trace("accept", EXTAUTH_OK);
	assert_no_child();
	assert_run_leaves_no_trace("exit", EXTAUTH_SYSTEM);
	assert_no_child();
}
END_TEST

/* Two places are enough: the pidfd takes that of the worker's end. */
START_TEST(host_that_may_open_few_files_gets_the_verdict)
{
	struct rlimit limit = {16, 16};
	int used[16];
	int count = 0;

	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	while ((used[count] = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0)
		count++;
	ck_assert_int_gt(count, 2);
	assert_run_leaves_no_trace("accept", EXTAUTH_SYSTEM);
	close(used[count - 1]);
	assert_run_leaves_no_trace("accept", EXTAUTH_SYSTEM);
	close(used[count - 2]);
	assert_run_leaves_no_trace("accept", EXTAUTH_OK);
	assert_no_child();
}
END_TEST

/* A sanitizer needs more than that for itself. */
START_TEST(host_with_little_memory_gets_the_verdict)
{
	cleanup_run struct run *run = run_make("accept");
#ifndef EXTAUTH_SANITIZED
	struct rlimit limit = {64 << 20, 64 << 20};

	ck_assert_int_eq(setrlimit(RLIMIT_AS, &limit), 0);
#endif
	assert_grants(run);
}
END_TEST

START_TEST(host_with_timers_gets_the_verdict_and_the_deadline)
{
	struct sigaction action = {.sa_handler = ignore_signal};
	struct itimerval often = {{0, 2000}, {0, 2000}};
	struct itimerval none = {0};
	cleanup_run struct run *run = run_make("accept");
	cleanup_run struct run *hung = run_make("hang");

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	assert_grants(run);
	hung->facts.login_deadline_ms = 200;
	ck_assert_int_eq(run_go(hung), EXTAUTH_UNAVAILABLE);
	setitimer(ITIMER_REAL, &none, NULL);
	assert_no_child();
}
END_TEST

START_TEST(host_without_a_directory_gets_the_verdict)
{
	char path[] = "/tmp/extauth-test-XXXXXX";
	cleanup_run struct run *run = run_make("accept");

	ck_assert_ptr_nonnull(mkdtemp(path));
	ck_assert_int_eq(chdir(path), 0);
	ck_assert_int_eq(rmdir(path), 0);
	assert_grants(run);
}
END_TEST

static void *
log_in(void *result)
{
	struct run *run = run_make("accept");
	bool is_granted = run_go(run) == EXTAUTH_OK &&
	    run->outcome.verdict == VERDICT_ACCEPTED;

	run_free(&run);
	return is_granted ? result : NULL;
}

START_TEST(host_with_many_threads_gets_every_verdict)
{
	cleanup_free struct snapshot *before = snapshot_take();
	cleanup_free struct snapshot *after = NULL;
	pthread_t threads[THREADS];
	int i;

	for (i = 0; i < THREADS; i++)
		ck_assert_int_eq(
		    pthread_create(&threads[i], NULL, log_in, before), 0);
	for (i = 0; i < THREADS; i++) {
		void *result = NULL;

		ck_assert_int_eq(pthread_join(threads[i], &result), 0);
		ck_assert_ptr_eq(result, before);
	}
	after = snapshot_take();
	ck_assert_int_eq(memcmp(before, after, sizeof(*before)), 0);
	assert_no_child();
}
END_TEST

int
main(int count, char **arguments)
{
	const TTest *const tests[] = {
	    host_is_afterwards_as_it_was,
	    worker_finds_a_clean_process,
	    host_that_ignores_its_children_gets_the_verdict,
	    host_that_reaps_every_child_gets_the_verdict,
	    host_with_any_low_descriptor_closed_gets_the_verdict,
	    host_with_many_descriptors_gets_the_verdict,
	    host_that_may_open_few_files_gets_the_verdict,
	    host_that_may_not_open_a_pidfd_keeps_no_dead_worker,
	    host_with_little_memory_gets_the_verdict,
	    host_with_timers_gets_the_verdict_and_the_deadline,
	    host_without_a_directory_gets_the_verdict,
	    host_with_many_threads_gets_every_verdict,
	    NULL,
	};

	if (count > 0 && worker_role_is_ours(arguments[0]))
		return worker_role_play();
	return unit_run("worker_hosts", tests);
}

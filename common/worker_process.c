/* SPDX-License-Identifier: MIT */
#include "worker_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "frame.h"

#define REAP_MS 1000
#define REAP_STEP_MS 5
#define WORKER_FD 3

/* A host that reaps all its children may have been first: that is as good. */
static bool
is_reaped(const struct worker_process *process)
{
	siginfo_t status = {0};
	int result = process->pidfd >= 0
	    ? waitid(P_PIDFD, (id_t)process->pidfd, &status, WEXITED | WNOHANG)
	    : waitid(P_PID, (id_t)process->pid, &status, WEXITED | WNOHANG);

	return result < 0 || status.si_pid != 0;
}

/* Waits for a second at most: one that hangs in the kernel must not hang the
 * host. One that is traced is dead before it can be reaped. */
static void
worker_reap(const struct worker_process *process)
{
	int64_t end_ms = frame_clock_ms() + REAP_MS;
	struct pollfd dead = {.fd = process->pidfd, .events = POLLIN};
	int64_t left_ms = process->pidfd >= 0 ? REAP_MS : 0;

	while (left_ms > 0 && poll(&dead, 1, (int)left_ms) < 0)
		left_ms = end_ms - frame_clock_ms();
	while (!is_reaped(process) && frame_clock_ms() < end_ms)
		poll(NULL, 0, REAP_STEP_MS);
}

/* Without a pidfd it is not killed: in a host that reaps all its children its
 * number may be somebody else's. The hang-up ends it. */
void
worker_process_end(const struct worker_process *process)
{
	if (process->fd >= 0)
		close(process->fd);
	if (process->pid <= 0)
		return;
	if (process->pidfd >= 0)
		pidfd_send_signal(process->pidfd, SIGKILL, NULL, 0);
	worker_reap(process);
	if (process->pidfd >= 0)
		close(process->pidfd);
}

/* The dialog's end goes to its place before anything is put on 0 to 2, since
 * it may stand there in a host that has these closed. */
static int
actions_make(posix_spawn_file_actions_t *actions, int end)
{
	int failed = posix_spawn_file_actions_init(actions);
	int fd;

	if (failed == 0)
		failed =
		    posix_spawn_file_actions_adddup2(actions, end, WORKER_FD);
	for (fd = 0; fd < WORKER_FD && failed == 0; fd++)
		failed = posix_spawn_file_actions_addopen(
		    actions, fd, "/dev/null", O_RDWR, 0);
	if (failed == 0)
		failed = posix_spawn_file_actions_addclosefrom_np(
		    actions, WORKER_FD + 1);
	return failed;
}

static int
attributes_make(posix_spawnattr_t *attributes)
{
	short flags =
	    POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID;
	sigset_t set;
	int failed = posix_spawnattr_init(attributes);

	sigemptyset(&set);
	if (failed == 0)
		failed = posix_spawnattr_setsigmask(attributes, &set);
	sigfillset(&set);
	if (failed == 0)
		failed = posix_spawnattr_setsigdefault(attributes, &set);
	if (failed == 0)
		failed = posix_spawnattr_setflags(attributes, flags);
	return failed;
}

/* Returns 0 or the number of the error, as posix_spawn does. */
static int
worker_spawn(const char *program, int end, pid_t *ret_pid)
{
	char name[] = "extauth-exchange";
	char *const arguments[] = {name, NULL};
	char *const environment[] = {NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int failed = actions_make(&actions, end);

	if (failed == 0)
		failed = attributes_make(&attributes);
	if (failed == 0)
		failed = posix_spawn(ret_pid, program, &actions, &attributes,
		    arguments, environment);
	posix_spawn_file_actions_destroy(&actions);
	return failed;
}

enum extauth_err
worker_process_start(const char *program, struct worker_process *ret_process,
    struct extauth_error *error)
{
	int ends[2];
	int failed;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return error_set(error, EXTAUTH_SYSTEM,
		    "cannot make a socket pair: %s", error_of_number(errno));
	failed = worker_spawn(program, ends[1], &pid);
	close(ends[1]);
	if (failed != 0) {
		close(ends[0]);
		return error_set(error,
		    failed == ENOMEM ? EXTAUTH_NOMEM : EXTAUTH_SYSTEM,
		    "cannot start %s: %s", program, error_of_number(failed));
	}
	/* The other end is closed first: in a host that may open no more
	 * files, its place is the one that is left for this. */
	ret_process->pidfd = pidfd_open(pid, 0);
	ret_process->fd = ends[0];
	ret_process->pid = pid;
	return EXTAUTH_OK;
}

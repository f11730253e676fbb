/* SPDX-License-Identifier: MIT */
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "frame.h"

#define PIECE_BYTES 2048
#define NO_DESCRIPTOR (-1)

/* Both outputs go to `output`, or to nobody. 0, or what errno would be. */
static int
spawn(const char *const *argv, const struct program_way *way, int output,
    pid_t *ret_child)
{
	char *const nothing[] = {NULL};
	posix_spawn_file_actions_t actions;
	char *const *words;
	int failed;
	int fd;

	/* posix_spawn takes words that it does not change as char *. */
	memcpy(&words, &argv, sizeof(words));
	failed = posix_spawn_file_actions_init(&actions);
	if (failed != 0)
		return failed;
	for (fd = STDIN_FILENO; fd <= STDERR_FILENO && failed == 0; fd++) {
		bool is_read = output != NO_DESCRIPTOR &&
		    (fd == STDOUT_FILENO ||
			(fd == STDERR_FILENO && way->has_errors));

		failed = is_read
		    ? posix_spawn_file_actions_adddup2(&actions, output, fd)
		    : posix_spawn_file_actions_addopen(
			  &actions, fd, "/dev/null", O_RDWR, 0);
	}
	if (failed == 0)
		failed = posix_spawn(ret_child, argv[0], &actions, NULL, words,
		    way->environment != NULL ? way->environment : nothing);
	(void)posix_spawn_file_actions_destroy(&actions);
	return failed;
}

/* Its exit status, 128 and more for a signal. */
static int
wait_for(pid_t child)
{
	int status = 0;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool
program_run(const char *const *argv)
{
	const struct program_way way = {0};
	pid_t child = -1;

	return spawn(argv, &way, NO_DESCRIPTOR, &child) == 0 &&
	    wait_for(child) == 0;
}

/* Waits until there is something to read, or the end; false if it is late. */
static bool
wait_readable(int fd, int64_t end_ms)
{
	struct pollfd ready = {.fd = fd, .events = POLLIN};
	int64_t left_ms = -1;

	if (end_ms != 0) {
		left_ms = end_ms - frame_clock_ms();
		if (left_ms <= 0)
			return false;
	}
	return poll(&ready, 1, (int)left_ms) != 0;
}

/* Reads to the end, also when there is no more room: so the program can end.
 * false if that did not come. */
static bool
keep_output(int fd, uint32_t wait_ms, struct buffer *output)
{
	int64_t end_ms = wait_ms > 0 ? frame_clock_ms() + wait_ms : 0;
	char piece[PIECE_BYTES];

	while (wait_readable(fd, end_ms)) {
		ssize_t length = read(fd, piece, sizeof(piece));

		if (length == 0)
			return true;
		if (length < 0 && errno != EINTR)
			return false;
		if (length > 0 &&
		    buffer_append(output, piece, (size_t)length) ==
			EXTAUTH_NOMEM)
			return false;
	}
	return false;
}

enum extauth_err
program_read(const char *const *argv, const struct program_way *way,
    struct buffer *output, int *ret_status, struct extauth_error *error)
{
	cleanup_fd int from = NO_DESCRIPTOR;
	int ends[2];
	pid_t child = -1;
	int failed;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return error_set(error, EXTAUTH_SYSTEM, "%s: %s", argv[0],
		    error_of_number(errno));
	from = ends[0];
	failed = spawn(argv, way, ends[1], &child);
	(void)close(ends[1]);
	if (failed != 0)
		return error_set(error, EXTAUTH_SYSTEM, "%s: %s", argv[0],
		    error_of_number(failed));
	if (!keep_output(from, way->wait_ms, output))
		(void)kill(child, SIGKILL);
	*ret_status = wait_for(child);
	return EXTAUTH_OK;
}

void
program_nscd_forget(void)
{
	static const char *const databases[] = {"passwd", "group"};
	size_t index;

	if (access("/var/run/nscd/socket", F_OK) != 0)
		return;
	for (index = 0; index < 2; index++) {
		const char *const argv[] = {
		    "/usr/sbin/nscd", "-i", databases[index], NULL};

		(void)program_run(argv);
	}
}

/* SPDX-License-Identifier: MIT */
#include "support_system.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WAIT_S 20

static int
milliseconds_left(time_t end)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec >= end ? 0 : (int)(end - now.tv_sec) * 1000;
}

static time_t
end_of_wait(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + WAIT_S;
}

/* Reads to the end; false if that did not come in time. What is over the limit
 * is read and forgotten, so that the program can end. */
static bool
read_all(int fd, struct buffer *text)
{
	time_t end = end_of_wait();
	char bytes[2048];

	for (;;) {
		struct pollfd one = {.fd = fd, .events = POLLIN};
		ssize_t got;

		if (poll(&one, 1, milliseconds_left(end)) == 0)
			return false;
		got = read(fd, bytes, sizeof(bytes));
		if (got == 0)
			return true;
		if (got < 0 && errno != EINTR)
			return false;
		if (got > 0 &&
		    buffer_append(text, bytes, (size_t)got) == EXTAUTH_NOMEM)
			return false;
	}
}

static bool
spawn(const char *const *argv, int output, pid_t *ret_child)
{
	char *const environment[] = {NULL};
	posix_spawn_file_actions_t actions;
	char *const *words;
	int failed;

	/* posix_spawn takes words that it does not change as char *. */
	memcpy(&words, &argv, sizeof(words));
	if (posix_spawn_file_actions_init(&actions) != 0)
		return false;
	failed = posix_spawn_file_actions_addopen(
	    &actions, 0, "/dev/null", O_RDWR, 0);
	failed |= posix_spawn_file_actions_adddup2(&actions, output, 1);
	failed |= posix_spawn_file_actions_addopen(
	    &actions, 2, "/dev/null", O_RDWR, 0);
	if (failed == 0)
		failed = posix_spawn(
		    ret_child, argv[0], &actions, NULL, words, environment);
	(void)posix_spawn_file_actions_destroy(&actions);
	return failed == 0;
}

bool
support_capture(const char *const *argv, struct buffer *text)
{
	int ends[2];
	pid_t child = -1;
	int status = -1;
	bool is_read;

	if (access(argv[0], X_OK) != 0 || pipe2(ends, O_CLOEXEC) != 0)
		return false;
	if (!spawn(argv, ends[1], &child)) {
		(void)close(ends[0]);
		(void)close(ends[1]);
		return false;
	}
	(void)close(ends[1]);
	is_read = read_all(ends[0], text);
	(void)close(ends[0]);
	if (!is_read)
		(void)kill(child, SIGKILL);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return is_read && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool
support_line(char **next, char **ret_line)
{
	char *end;

	if (*next == NULL || **next == '\0')
		return false;
	*ret_line = *next;
	end = strchr(*next, '\n');
	if (end == NULL) {
		*next = NULL;
	} else {
		*end = '\0';
		*next = end + 1;
	}
	return true;
}

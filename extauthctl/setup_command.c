/* SPDX-License-Identifier: MIT */
#include "setup_command.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static enum extauth_err
spawn(const char *const *argv, int output, pid_t *ret_child,
    struct extauth_error *error)
{
	static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	static char frontend[] = "DEBIAN_FRONTEND=noninteractive";
	static char locale[] = "LC_ALL=C";
	char *const environment[] = {path, frontend, locale, NULL};
	posix_spawn_file_actions_t actions;
	char *const *words;
	int failed;

	/* posix_spawn takes words that it does not change as char *. */
	memcpy(&words, &argv, sizeof(words));
	failed = posix_spawn_file_actions_init(&actions);
	if (failed != 0)
		return error_set(error, EXTAUTH_NOMEM, "out of memory");
	failed = posix_spawn_file_actions_addopen(
	    &actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (failed == 0)
		failed = posix_spawn_file_actions_adddup2(
		    &actions, output, STDOUT_FILENO);
	if (failed == 0)
		failed = posix_spawn_file_actions_adddup2(
		    &actions, output, STDERR_FILENO);
	if (failed == 0)
		failed = posix_spawn(
		    ret_child, argv[0], &actions, NULL, words, environment);
	(void)posix_spawn_file_actions_destroy(&actions);
	return failed == 0 ? EXTAUTH_OK
			   : error_set(error, EXTAUTH_SYSTEM, "%s: %s", argv[0],
				 error_of_number(failed));
}

/* Reads to the end, also when there is no more room. */
static void
keep_output(int fd, struct buffer *output)
{
	char piece[1024];
	ssize_t length;

	while ((length = read(fd, piece, sizeof(piece))) != 0) {
		if (length < 0 && errno == EINTR)
			continue;
		if (length < 0)
			return;
		if (buffer_append(output, piece, (size_t)length) != EXTAUTH_OK)
			continue;
	}
}

enum extauth_err
setup_command_run(const char *const *argv, struct buffer *output,
    int *ret_status, struct extauth_error *error)
{
	int ends[2];
	cleanup_fd int from = -1;
	int status = 0;
	pid_t child = -1;
	enum extauth_err err;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return error_set(error, EXTAUTH_SYSTEM, "%s: %s", argv[0],
		    error_of_number(errno));
	from = ends[0];
	err = spawn(argv, ends[1], &child, error);
	(void)close(ends[1]);
	if (err != EXTAUTH_OK)
		return err;
	keep_output(from, output);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return error_set(error, EXTAUTH_SYSTEM, "%s: %s",
			    argv[0], error_of_number(errno));
	*ret_status =
	    WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	return EXTAUTH_OK;
}

/* SPDX-License-Identifier: MIT */
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static bool
wait_for(pid_t child)
{
	int status = 0;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool
program_run(const char *const *argv)
{
	char *const environment[] = {NULL};
	posix_spawn_file_actions_t actions;
	char *const *words;
	pid_t child = -1;
	int failed = 0;
	int fd;

	/* posix_spawn takes words that it does not change as char *. */
	memcpy(&words, &argv, sizeof(words));
	if (posix_spawn_file_actions_init(&actions) != 0)
		return false;
	for (fd = 0; fd < 3; fd++)
		failed |= posix_spawn_file_actions_addopen(
		    &actions, fd, "/dev/null", O_RDWR, 0);
	if (failed == 0)
		failed = posix_spawn(
		    &child, argv[0], &actions, NULL, words, environment);
	(void)posix_spawn_file_actions_destroy(&actions);
	return failed == 0 && wait_for(child);
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

/* SPDX-License-Identifier: MIT */
#include "users.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool
line_matches(
    char *line, const char *email, const char *password, char ret_status[32])
{
	char *rest = line;
	const char *line_email = strsep(&rest, ":");
	const char *line_password = strsep(&rest, ":");

	if (line_password == NULL || strcmp(line_email, email) != 0 ||
	    strcmp(line_password, password) != 0)
		return false;
	(void)snprintf(ret_status, 32, "%s", rest == NULL ? "active" : rest);
	return true;
}

/* Whoever wants to know makes the file. */
static void
note_accepted(const char *users_path, const char *email)
{
	char path[256];
	char line[256];
	int length = snprintf(path, sizeof(path), "%s.accepted", users_path);
	int fd;

	if (length < 0 || (size_t)length >= sizeof(path))
		return;
	fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	length = snprintf(line, sizeof(line), "%s\n", email);
	if (fd >= 0 && length > 0 && (size_t)length < sizeof(line) &&
	    write(fd, line, (size_t)length) != length)
		perror(path);
	if (fd >= 0)
		(void)close(fd);
}

bool
users_check(const char *path, const char *email, const char *password,
    char ret_status[32])
{
	FILE *file = path == NULL ? NULL : fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	bool found = false;

	if (file == NULL)
		return false;
	while (!found && getline(&line, &size, file) >= 0) {
		line[strcspn(line, "\n")] = '\0';
		found = line_matches(line, email, password, ret_status);
	}
	free(line);
	(void)fclose(file);
	if (found)
		note_accepted(path, email);
	return found;
}

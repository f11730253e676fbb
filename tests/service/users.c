/* SPDX-License-Identifier: MIT */
#include "users.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
	return found;
}

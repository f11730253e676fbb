/* SPDX-License-Identifier: MIT */
#include "support_system.h"

#include <string.h>

#include "program.h"

bool
support_capture(const char *const *argv, struct buffer *text)
{
	static const struct program_way way = {.wait_ms = 20000};
	struct extauth_error ignored = {0};
	int status = -1;

	return program_read(argv, &way, text, &status, &ignored) ==
	    EXTAUTH_OK &&
	    status == 0;
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

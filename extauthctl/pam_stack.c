/* SPDX-License-Identifier: MIT */
#include "pam_stack.h"

#include <stdio.h>
#include <string.h>

#define MODULE "pam_extauth.so"
#define DEPTH_MAX 8
#define PATH_BYTES 512

bool
pam_line_read(const struct lines *lines, struct pam_line *ret_line)
{
	static const char *const types[] = {
	    "auth", "account", "password", "session"};
	const char *type = lines->words[0];
	size_t index = 0;

	if (lines->count < 3)
		return false;
	if (type[0] == '-')
		type++;
	while (index < 4 && strcmp(type, types[index]) != 0)
		index++;
	if (index == 4)
		return false;
	ret_line->type = type;
	ret_line->control = lines->words[1];
	ret_line->module = lines->words[2];
	ret_line->options = lines->words + 3;
	ret_line->option_count = lines->count - 3;
	return true;
}

bool
pam_line_is_ours(const struct pam_line *line)
{
	const char *slash = strrchr(line->module, '/');

	return strcmp(slash != NULL ? slash + 1 : line->module, MODULE) == 0;
}

/* Tells whether a line includes a file for `type`, and which. */
static bool
includes(const struct lines *lines, const char *type, const char **ret_name)
{
	struct pam_line line;

	if (lines->count == 2 && strcmp(lines->words[0], "@include") == 0) {
		*ret_name = lines->words[1];
		return true;
	}
	if (!pam_line_read(lines, &line) || strcmp(line.type, type) != 0 ||
	    (strcmp(line.control, "include") != 0 &&
		strcmp(line.control, "substack") != 0))
		return false;
	*ret_name = line.module;
	return true;
}

/* As deep as files include each other. NOLINTBEGIN(misc-no-recursion) */
static bool
has_us(const char *name, const char *type, int depth)
{
	cleanup_lines struct lines lines = {0};
	char path[PATH_BYTES];
	bool is_there = false;

	(void)snprintf(path, sizeof(path), "%s%s%s",
	    name[0] == '/' ? "" : PAM_STACK_DIRECTORY,
	    name[0] == '/' ? "" : "/", name);
	if (depth > DEPTH_MAX || lines_open(path, &lines) != EXTAUTH_OK)
		return false;
	while (!is_there && lines_next(&lines, "")) {
		const char *other = NULL;
		struct pam_line line;

		if (includes(&lines, type, &other))
			is_there = has_us(other, type, depth + 1);
		else if (pam_line_read(&lines, &line))
			is_there = strcmp(line.type, type) == 0 &&
			    pam_line_is_ours(&line);
	}
	return is_there;
}

/* NOLINTEND(misc-no-recursion) */

bool
pam_stack_has_us(const char *service, const char *type)
{
	return has_us(service, type, 0);
}

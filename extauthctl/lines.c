/* SPDX-License-Identifier: MIT */
#include "lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum extauth_err
lines_open(const char *path, struct lines *ret_lines)
{
	FILE *file = fopen(path, "re");

	if (file == NULL)
		return errno == ENOENT ? EXTAUTH_NOTFOUND : EXTAUTH_SYSTEM;
	*ret_lines = (struct lines){.file = file};
	return EXTAUTH_OK;
}

static bool
is_separator(char byte, const char *separators)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' ||
	    (byte != '\0' && strchr(separators, byte) != NULL);
}

static void
split(struct lines *lines, const char *separators)
{
	char *at = lines->text;

	lines->count = 0;
	while (lines->count < LINES_WORDS_MAX) {
		char closing = '\0';

		while (is_separator(*at, separators))
			at++;
		if (*at == '\0' || *at == '#')
			return;
		if (*at == '[')
			closing = ']';
		lines->words[lines->count++] = at;
		while (*at != '\0' &&
		    (closing != '\0' || !is_separator(*at, separators))) {
			if (*at == closing)
				closing = '\0';
			at++;
		}
		if (*at != '\0')
			*at++ = '\0';
	}
}

bool
lines_next(struct lines *lines, const char *separators)
{
	lines->count = 0;
	while (lines->count == 0) {
		if (getline(&lines->text, &lines->size, lines->file) < 0)
			return false;
		lines->line++;
		split(lines, separators);
	}
	return true;
}

void
lines_close(struct lines *lines)
{
	if (lines == NULL)
		return;
	if (lines->file != NULL)
		(void)fclose(lines->file);
	free(lines->text);
	*lines = (struct lines){0};
}

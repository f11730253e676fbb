/* SPDX-License-Identifier: MIT */
/* Reads the text files of other programs line by line, in words.
 * Does not know: what the words mean. */
#ifndef EXTAUTHCTL_LINES_H
#define EXTAUTHCTL_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "error.h"

#define LINES_WORDS_MAX 64

/* An open file; {0} is none. The words are those of the last line read, in
 * `text`; what stands behind a '#' at the start of a word is left out. */
struct lines {
	FILE *file;
	char *text;
	size_t size;
	unsigned line;
	char *words[LINES_WORDS_MAX];
	size_t count;
};

/* Opens `path`. EXTAUTH_NOTFOUND, EXTAUTH_SYSTEM. */
EXTAUTH_CHECKED enum extauth_err lines_open(
    const char *path, struct lines *ret_lines);

/* Reads on to the next line that has words, split at blanks and at any of
 * `separators`; [brackets] are one word. false at the end. */
bool lines_next(struct lines *lines, const char *separators);

/* Closes it. NULL and {0} are allowed. */
void lines_close(struct lines *lines);

#define cleanup_lines __attribute__((cleanup(lines_close)))

#endif

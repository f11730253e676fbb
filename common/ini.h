/* SPDX-License-Identifier: MIT */
/* The strict reader of the configuration's text: sections, keys, values that
 * go on in indented lines; each with its line number.
 * Does not know: files, and which keys there are. */
#ifndef EXTAUTH_INI_H
#define EXTAUTH_INI_H

#include <stddef.h>

#include "error.h"

struct ini_entry {
	char *section; /* "extauth", "provider main"; inner blanks made one */
	char *key;
	char *value; /* continued lines joined by LF, indentation dropped */
	const char *path; /* as given to ini_parse; owned by the struct ini */
	unsigned line;
};

/* Entries of one or more texts in the order in which they stand. A section
 * without a key gives one entry whose key and value are NULL, so that an empty
 * section is not lost. */
struct ini {
	struct ini_entry *entries;
	size_t count;
	char **paths;
	size_t path_count;
};

/* Appends the entries of one text. Comments (# or ;) stand on lines of their
 * own: in the first column they leave an open value open; behind blanks they
 * are comments only where no value is open, and else go on with the value. An
 * empty line ends a value. One that starts in an indented line has no LF in
 * front. `path` is for messages. On failure `ini` holds what it held before and
 * `error` reads `path:line: [section] key: reason`. EXTAUTH_CONFIG,
 * EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err ini_parse(struct ini *ini, const char *path,
    const char *text, size_t length, struct extauth_error *error);

/* Frees all and leaves {0}. NULL is allowed. */
void ini_clear(struct ini *ini);

/* Finds the candidate that is most like `word` (edit distance of at most a
 * third of its length, at least 1), else one that is the word and more behind
 * an underscore, or NULL. `candidates` ends with NULL; what
 * is returned is one of them. */
const char *ini_suggest(const char *word, const char *const *candidates);

#endif

/* SPDX-License-Identifier: MIT */
/* A second reader of JSON that only checks, to compare the first with.
 * Does not know: the reader of exchange/, json-c. RFC 8259. */
#ifndef EXTAUTH_STRICT_H
#define EXTAUTH_STRICT_H

#include <stdbool.h>
#include <stddef.h>

/* What a text is. */
struct strict {
	bool is_json;   /* by the grammar, in UTF-8 */
	bool is_plain;  /* and has no \u, no long number: no way to differ */
	bool has_nul;   /* as a byte or as \u0000 */
	bool repeats;   /* a name, in one object */
	unsigned depth; /* 0 for a text without object and array */
};

/* Reads the whole text. */
struct strict strict_read(const char *bytes, size_t length);

#endif

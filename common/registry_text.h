/* SPDX-License-Identifier: MIT */
/* Looks over the texts of a record, sixteen bytes at a time.
 * Does not know: which text is which, what a record is. */
#ifndef EXTAUTH_REGISTRY_TEXT_H
#define EXTAUTH_REGISTRY_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#define REGISTRY_TEXTS_MAX_BYTES 4080

/* What stands in a run of texts, each with its NUL. */
struct registry_text_marks {
	size_t nuls;
	/* Nothing but NULs and printable ASCII, no ':', no "//", no "/.". */
	bool is_plain;
};

/* Looks over `length` bytes, 1 to REGISTRY_TEXTS_MAX_BYTES. The 17 bytes before
 * them are the caller's as well, and a '/' in the last of these counts. */
struct registry_text_marks registry_text_scan(const char *bytes, size_t length);

#endif

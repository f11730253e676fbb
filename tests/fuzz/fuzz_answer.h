/* SPDX-License-Identifier: MIT */
/* A second reader of HTTP answers, for those that are plain beyond doubt.
 * Does not know: libcurl. RFC 9112. */
#ifndef EXTAUTH_FUZZ_ANSWER_H
#define EXTAUTH_FUZZ_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

struct fuzz_answer {
	unsigned status; /* 200 to 599 */
	const char *body;
	size_t body_length;
};

/* Tells whether the bytes are one answer with Content-Length and no more, which
 * every reader takes alike; the body is lent from them. */
bool fuzz_answer_read(
    const char *bytes, size_t length, struct fuzz_answer *ret_answer);

#endif

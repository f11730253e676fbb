/* SPDX-License-Identifier: MIT */
/* What the answers of one run held: who was named in them, and which tokens.
 * Does not know: what the machine made of them. */
#ifndef EXTAUTH_FUZZ_SEEN_H
#define EXTAUTH_FUZZ_SEEN_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"

#define FUZZ_TOKENS_MAX 32

/* {0} is nothing. */
struct fuzz_seen {
	bool is_user_named;
	bool has_success; /* an answer with status 200 */
	char *tokens[FUZZ_TOKENS_MAX];
	size_t token_count;
	struct buffer said; /* each text of the answers and of the claims */
};

/* Looks through one answer. `id` is the registered external id. */
void fuzz_seen_take(struct fuzz_seen *seen, unsigned status, const char *body,
    size_t length, const char *id);

/* Lends a token of the answers that stands in `text`, or NULL. */
const char *fuzz_seen_find(const struct fuzz_seen *seen, const char *text);

/* Tells whether a server said that, encoded or not. */
bool fuzz_seen_said(const struct fuzz_seen *seen, const char *text);

/* Frees what it holds. */
void fuzz_seen_clear(struct fuzz_seen *seen);

#endif

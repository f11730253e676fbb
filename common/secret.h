/* SPDX-License-Identifier: MIT */
/* A password or token in memory: lent as const, wiped at its end.
 * Does not know: where it came from, where it goes. */
#ifndef EXTAUTH_SECRET_H
#define EXTAUTH_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"

#define SECRET_MAX_BYTES 16384

/* {0} holds nothing. The bytes are reached by secret_reveal alone, so that a
 * search for that name lists all who touch a password. */
struct secret {
	char *hidden;
	size_t length;
};

/* Copies `length` bytes into `*secret`, in place of what it held. Owned by the
 * caller, who ends it with secret_clear. On failure `*secret` is empty.
 * EXTAUTH_TOOBIG over SECRET_MAX_BYTES, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err secret_set(
    struct secret *secret, const char *bytes, size_t length);

/* Lends the bytes, NUL-terminated, until the secret is changed or cleared;
 * never NULL: an empty secret is "". */
const char *secret_reveal(const struct secret *secret);

/* Tells whether both hold the same bytes, in a time that depends on the length
 * alone. */
bool secret_equals(const struct secret *one, const struct secret *other);

/* Wipes and frees what it held and leaves {0}. NULL is allowed.
 * explicit_bzero(3). */
void secret_clear(struct secret *secret);

#define cleanup_secret __attribute__((cleanup(secret_clear)))

#endif

/* SPDX-License-Identifier: MIT */
/* Finds what stands openly in the configuration and should be a secret file.
 * Does not know: files, findings. */
#ifndef EXTAUTHCTL_LITERAL_H
#define EXTAUTHCTL_LITERAL_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"

struct literal {
	size_t start;
	size_t length;
	const char *where; /* static: "a header", "the user part of a URL" */
};

/* Finds the first such literal of `value` (of key `header`, `field`, `url`,
 * `body`, `proxy`, ...) that starts at `from` or later: in an Authorization,
 * Proxy-Authorization or Cookie header, in the user part of a URL, or behind a
 * name with key, token or secret in it. Placeholders are none. */
bool literal_find(const char *key, const char *value, size_t from,
    struct literal *ret_literal);

/* Appends `value` with "***" in place of each such literal. EXTAUTH_TOOBIG,
 * EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err literal_mask(
    const char *key, const char *value, struct buffer *buffer);

#endif

/* SPDX-License-Identifier: MIT */
/* What the first of two requests brought for the second: the values of
 * {{CONNECTION:/json/pointer}}.
 * Does not know: how either of them is made. */
#ifndef EXTAUTH_CONNECTION_H
#define EXTAUTH_CONNECTION_H

#include "json.h"
#include "machine.h"

/* The login's values and those of the connection. {0} is none. */
struct connection {
	struct template_values values;
	struct template_values masked;
	struct template_named *named;
	struct template_named *masked_named;
	size_t count; /* of both */
	struct secret *texts;
	size_t text_count;
	const struct json *answer; /* while it is filled */
	bool is_rehearsal;
};

/* Fills `*connection` for the request of the login with what its templates ask
 * of the answer: strings, and whole numbers as digits. It lends from the login
 * and must not be moved; ended by connection_clear, also on failure.
 * EXTAUTH_CONFIG with the pointer in `error` where the answer has nothing
 * there, EXTAUTH_TOOBIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err connection_fill(struct connection *connection,
    const struct login *login, const struct json *answer,
    struct extauth_error *error);

/* Wipes and frees what it holds and leaves {0}. NULL is allowed. */
void connection_clear(struct connection *connection);

#endif

/* SPDX-License-Identifier: MIT */
/* A condition on a JSON answer, as it is written in the configuration:
 * `/pointer`, `/pointer == JSON`, `/pointer != JSON`.
 * Does not know: JSON values; the exchange evaluates it. */
#ifndef EXTAUTH_CONDITION_H
#define EXTAUTH_CONDITION_H

#include "error.h"

enum condition_comparison {
	CONDITION_PRESENT = 0, /* there, not null, not false */
	CONDITION_EQUAL,
	CONDITION_NOT_EQUAL,
};

struct condition {
	char *pointer; /* RFC 6901, "" is the whole answer */
	enum condition_comparison comparison;
	char *literal; /* JSON text to compare with, NULL for PRESENT */
};

/* Parses one condition; a pointer in it has no blank and no '='.
 * `*ret_condition` is owned by the caller (condition_clear) and written only on
 * success. EXTAUTH_CONFIG with the reason in `error`, EXTAUTH_NOMEM. RFC 6901.
 */
EXTAUTH_CHECKED enum extauth_err condition_parse(const char *text,
    struct condition *ret_condition, struct extauth_error *error);

/* Frees what it holds and leaves {0}. NULL is allowed. */
void condition_clear(struct condition *condition);

/* Checks the syntax of a JSON pointer. EXTAUTH_CONFIG with the reason in
 * `error`. RFC 6901 3. */
EXTAUTH_CHECKED enum extauth_err condition_check_pointer(
    const char *pointer, struct extauth_error *error);

#endif

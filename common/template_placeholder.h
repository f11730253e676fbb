/* SPDX-License-Identifier: MIT */
/* Reads what stands between the braces of a placeholder.
 * Does not know: where the placeholder stands. */
#ifndef EXTAUTH_TEMPLATE_PLACEHOLDER_H
#define EXTAUTH_TEMPLATE_PLACEHOLDER_H

#include "template.h"

/* A piece of the text, lent from it. */
struct template_inside {
	const char *text;
	size_t length;
};

/* Reads "NAME" or "NAME:NAME" into the placeholder and what stands behind the
 * colon; without a colon the text of `*ret_name` is NULL. EXTAUTH_CONFIG with
 * the reason in `error`. */
EXTAUTH_CHECKED enum extauth_err template_read_placeholder(
    struct template_inside inside, enum placeholder *ret_placeholder,
    struct template_inside *ret_name, struct extauth_error *error);

#endif

/* SPDX-License-Identifier: MIT */
/* Follows the literal text of a template and tells in which context a
 * placeholder at that point would stand.
 * Does not know: placeholders' names and values, how a value is encoded. */
#ifndef EXTAUTH_TEMPLATE_CONTEXT_H
#define EXTAUTH_TEMPLATE_CONTEXT_H

#include "template.h"

/* Where the reader of the finished text would be. `state` is one of the kind's
 * own states; `pending` counts the bytes that an escape in the literal text
 * still needs, where no value may begin; `skip` those that are read already. */
struct template_context {
	enum template_kind kind;
	unsigned state;
	unsigned pending;
	unsigned skip;
};

/* Begins a text of `kind`. */
struct template_context template_context_make(enum template_kind kind);

/* Goes on over literal text. EXTAUTH_CONFIG with the reason in `error` for a
 * byte that cannot stand there. */
EXTAUTH_CHECKED enum extauth_err template_context_literal(
    struct template_context *context, const char *text, size_t length,
    struct extauth_error *error);

/* Tells the context of a placeholder that stands here; `is_number` says that
 * its value is a decimal number. EXTAUTH_CONFIG with the reason in `error`
 * where no value can be encoded safely. */
EXTAUTH_CHECKED enum extauth_err template_context_value(
    const struct template_context *context, bool is_number,
    enum escape_context *ret_context, struct extauth_error *error);

/* Checks that the text may end here. EXTAUTH_CONFIG with the reason in `error`:
 * an open string, tag, comment or escape. */
EXTAUTH_CHECKED enum extauth_err template_context_end(
    const struct template_context *context, struct extauth_error *error);

#endif

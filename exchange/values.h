/* SPDX-License-Identifier: MIT */
/* The values of one login for the placeholders, as they are and masked.
 * Does not know: where a secret is kept. */
#ifndef EXTAUTH_VALUES_H
#define EXTAUTH_VALUES_H

#include "config.h"
#include "login.h"

/* One {{SECRET:NAME}}; the name is borrowed from a template. */
struct named_secret {
	const char *name;
	struct secret secret;
};

/* {0} is none. */
struct values {
	struct template_values real;
	struct template_values masked;
	char uid[12];
	struct template_named *real_named;
	struct template_named *masked_named;
};

/* Fills `*values`, which lends the rest: facts, provider, password and
 * secrets must outlive it, and it must not be moved. Ended by values_clear. */
void values_fill(struct values *values, const struct login_facts *facts,
    const struct config_provider *provider, const struct secret *password);

/* Adds the values of `count` secrets; once. EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err values_add_secrets(
    struct values *values, const struct named_secret *secrets, size_t count);

/* Frees what it holds and leaves {0}. NULL is allowed. */
void values_clear(struct values *values);

#define cleanup_values __attribute__((cleanup(values_clear)))

#endif

/* SPDX-License-Identifier: MIT */
/* The types that setup knows, and which facts each needs.
 * Does not know: what the facts are. */
#ifndef EXTAUTHCTL_SETUP_FACT_TABLE_H
#define EXTAUTHCTL_SETUP_FACT_TABLE_H

#include "setup_facts.h"

/* Whether a type has a client secret. */
enum setup_secret {
	SECRET_NONE = 0,
	SECRET_OPTIONAL,
	SECRET_NEEDED,
};

/* A key of [provider main]. */
struct setup_fact {
	const char *key;
	const char *option;
	const char *question; /* marked for translation */
	const char *sample;   /* one that is right */
	unsigned types;       /* of whom it is, by bit of the table of types */
	bool is_optional;
	bool is_rare; /* taken as an option, and not asked for */
};

/* Lends row number `index`, or NULL behind the last. */
const struct setup_fact *setup_fact_at(size_t index);

/* Tells whether the type has that fact. */
bool setup_fact_is_of(const struct setup_fact *fact, const char *type);

/* Tells whether another fact of that type has the same option. */
bool setup_fact_is_shared(const struct setup_fact *fact, const char *type);

/* Tells whether it is the key of a fact, `type`, or client_secret_file. */
bool setup_fact_is_key(const char *key);

/* Lends the table's own text of a type, or NULL. */
const char *setup_type_find(const char *word);

/* Tells what secret the type has. */
enum setup_secret setup_type_secret(const char *type);

/* Tells whether the type may ask a second question, as for a code. */
bool setup_type_asks(const char *type);

/* Lends "rest, basic, ..." */
const char *setup_type_names(void);

/* Prints the types for somebody who is to choose, on standard error. */
void setup_type_list(void);

/* Takes the client's secret: from the file of --client-secret-file, from
 * standard input, from the person; none where the type has none, or one is
 * stored and stays. As setup_facts_ask. */
enum ctl_exit setup_secret_ask(
    const struct setup_asking *asking, struct setup_facts *facts);

#endif

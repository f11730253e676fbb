/* SPDX-License-Identifier: MIT */
/* What setup must know of the web service: its type and the few facts of that
 * type; asked for, or taken as options; and the file that they make.
 * Does not know: where the file goes, and what else is changed. */
#ifndef EXTAUTHCTL_SETUP_FACTS_H
#define EXTAUTHCTL_SETUP_FACTS_H

#include <stdbool.h>

#include "command.h"
#include "config.h"
#include "secret.h"

#define SETUP_PROVIDER "main"
#define SETUP_SECRET "setup-client-secret"
#define SETUP_FACTS_MAX 16

/* {0} is nothing known. */
struct setup_facts {
	const char *type;              /* "" or NULL: not known yet */
	char *values[SETUP_FACTS_MAX]; /* by row of the table of facts */
	bool has_secret;               /* client_secret_file is written */
	bool has_new_secret;
	struct secret secret; /* the new one */
};

/* What the facts are asked for. */
struct setup_asking {
	const struct arguments *arguments;
	const struct config *earlier; /* of the file before, or NULL */
	const char *path;             /* of the file, for messages */
	bool is_person;
	bool has_stored_secret;
};

/* Fills the facts from options, from the earlier file, and else from the person
 * at the terminal, who is asked again until each is right. `*facts` is the
 * caller's (setup_facts_clear), also on failure. On failure a message was
 * written that names the option. */
enum ctl_exit setup_facts_ask(
    const struct setup_asking *asking, struct setup_facts *facts);

/* Appends the configuration that they make; `services` is a comma list, or NULL
 * for no such line. EXTAUTH_TOOBIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err setup_facts_write(
    const struct setup_facts *facts, const char *services, struct buffer *text);

/* Lends the first entry that sets what setup would set, in another file than
 * `path`, or NULL. */
const struct ini_entry *setup_facts_conflict(
    const struct config *config, const char *path);

/* Frees all and leaves {0}. NULL is allowed. */
void setup_facts_clear(struct setup_facts *facts);

#define cleanup_facts __attribute__((cleanup(setup_facts_clear)))

#endif

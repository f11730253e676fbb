/* SPDX-License-Identifier: MIT */
/* What `check` finds: a level, an id, what it is, and what mends it.
 * Does not know: where it looks. */
#ifndef EXTAUTHCTL_FINDING_H
#define EXTAUTHCTL_FINDING_H

#include "command.h"
#include "document.h"

enum finding_level {
	FINDING_NOTE = 0, /* to be known; nothing is wrong */
	FINDING_WARNING,
	FINDING_ERROR,
};

/* {0} with an array is empty. */
struct findings {
	struct json_object *array;
	unsigned counts[3]; /* by level */
};

/* Adds one. `id` is a word that stays the same between versions, as
 * "pam_required"; `mend` may be "". It and the format are translated. */
void finding_add(struct findings *findings, enum finding_level level,
    const char *id, const char *mend, const char *format, ...)
    EXTAUTH_PRINTF(5, 6);

/* Prints all of them, and how many there are. */
void findings_print(
    const struct context *context, const struct findings *findings);

#endif

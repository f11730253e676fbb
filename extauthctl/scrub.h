/* SPDX-License-Identifier: MIT */
/* Makes what goes to a supporter nobody's: the same person or address has the
 * same made-up name within a bundle, and what is left out is counted.
 * Does not know: where a text came from. */
#ifndef EXTAUTHCTL_SCRUB_H
#define EXTAUTHCTL_SCRUB_H

#include <stdbool.h>
#include <stddef.h>

#include "config.h"
#include "document.h"
#include "registry_write.h"

#define SCRUB_NAME_BYTES 32

enum scrub_kind {
	SCRUB_USER = 0, /* a login name or an e-mail: user-1 */
	SCRUB_ADDRESS,  /* where somebody comes from: ip-1, "-" if nowhere */
	SCRUB_GROUP,    /* group-1 */
	SCRUB_KINDS
};

/* {0} with a registry and an object for `left_out` knows nobody yet. */
struct scrub {
	const struct registry_contents *registry; /* empty: nobody's e-mail */
	struct json_object *left_out;             /* how many, by what */
	char **names[SCRUB_KINDS];                /* owned */
	size_t counts[SCRUB_KINDS];
};

/* Writes the made-up name for a text. A login name and the e-mail of one person
 * of the registry are the same. */
void scrub_name(struct scrub *scrub, enum scrub_kind kind, const char *text,
    char ret_name[SCRUB_NAME_BYTES]);

/* Counts what is left out. */
void scrub_leave_out(struct scrub *scrub, const char *what);

/* Tells whether a text has 1 to `most` bytes, each a letter, a digit or one of
 * `others`. */
bool scrub_is_plain(const char *text, size_t most, const char *others);

/* Adds scheme, host, port and path of a URL as a member; user, query and
 * fragment are left out, as are parts of the path that look like a key. An
 * address in place of the host gets its made-up name. RFC 3986. */
void scrub_url_add(struct scrub *scrub, struct json_object *object,
    const char *key, const char *url);

/* Frees the names. */
void scrub_clear(struct scrub *scrub);

/* Reads `text`, one line of a system log. If it is one of those that the PAM
 * module writes for a decision, makes an object of the keys that are known to
 * be harmless; else, and where it does not follow their grammar to its end,
 * NULL. pam_extauth(8). */
struct json_object *scrub_log_line(
    struct scrub *scrub, const struct config *config, const char *text);

#endif

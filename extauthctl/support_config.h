/* SPDX-License-Identifier: MIT */
/* What of each key of the configuration a supporter may see: an allow-list, in
 * which every key must stand. A key that does not is left out.
 * Does not know: how a key is read. */
#ifndef EXTAUTHCTL_SUPPORT_CONFIG_H
#define EXTAUTHCTL_SUPPORT_CONFIG_H

#include "scrub.h"

enum support_decision {
	SUPPORT_OMIT = 0, /* not even that it is set */
	SUPPORT_SET,      /* that it is set */
	SUPPORT_VALUE,    /* all: the key takes fixed words, numbers, times */
	SUPPORT_URL,      /* scrub_url_add */
	SUPPORT_ADDRESS,  /* an IP address, under its made-up name */
	SUPPORT_PATH,     /* where it is below /etc, /usr or /var */
	SUPPORT_SECRET,   /* the name of the secret, or a path */
	SUPPORT_SECTION,  /* the name of a section that there is */
	SUPPORT_COUNT,    /* how many words it has */
	SUPPORT_DOMAINS,  /* all: domains of e-mails */
};

/* Gives the decision for a key. */
enum support_decision support_config_decision(
    const char *section, const char *key);

/* Lends row `nth` of the list, for its test; false behind the last one. */
bool support_config_row(
    size_t nth, const char **ret_section, const char **ret_key);

/* Makes an array of what is written, with file and line, the caller's. */
struct json_object *support_config(
    struct scrub *scrub, const struct config *config);

#endif

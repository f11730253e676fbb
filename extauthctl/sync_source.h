/* SPDX-License-Identifier: MIT */
/* One sync of one source: reads it, compares, changes the registry, remembers.
 * Does not know: which sources are to be synced. */
#ifndef EXTAUTHCTL_SYNC_SOURCE_H
#define EXTAUTHCTL_SYNC_SOURCE_H

#include "config.h"
#include "document.h"
#include "message.h"

/* What is asked for; all borrowed. */
struct sync_order {
	const struct config *config;
	const struct config_source *source;
	const char *config_path; /* absolute */
	const char *worker;      /* the program, or the socket of a service */
	const char *email;       /* this person alone, NULL: all */
	uint32_t accepted;       /* so many may be lost */
	bool is_rehearsal;
	bool is_whole; /* whatever is known from the last reading */
	bool has_differences;
	bool is_traced;
	struct json_object *json; /* filled; NULL: lines are printed */
};

/* Carries it out and tells about it. CTL_DONE; CTL_NO if it would take away too
 * much, or if the person is not there or refused; CTL_CANNOT if the directory
 * could not be read or the registry not be changed; CTL_CONFIG. */
enum ctl_exit sync_source(const struct sync_order *order);

#endif

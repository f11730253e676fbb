/* SPDX-License-Identifier: MIT */
/* What an administrator who looks on is shown of a request and what came of it.
 * Does not know: who carries requests out. */
#ifndef EXTAUTH_DRIVE_TRACE_H
#define EXTAUTH_DRIVE_TRACE_H

#include "machine.h"

/* Who looks on. */
struct drive_trace {
	void *context;
	/* Shows one line; NULL: nobody looks. */
	void (*line)(void *context, const char *line);
};

/* Shows a request that was built from masked values. */
void drive_trace_request(
    const struct drive_trace *trace, const struct request *masked);

/* Shows the response, or why there is none. */
void drive_trace_event(
    const struct drive_trace *trace, const struct event *event);

#endif

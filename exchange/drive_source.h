/* SPDX-License-Identifier: MIT */
/* Carries a source's machine from its start to its end: step in, event out.
 * Does not know: pipes, processes, HTTP. */
#ifndef EXTAUTH_DRIVE_SOURCE_H
#define EXTAUTH_DRIVE_SOURCE_H

#include "source_machine.h"

/* Who carries out the steps. Those that return an error end the reading. */
struct drive_source_hands {
	void *context;
	/* Sends a request; `*ret_event` is the caller's (event_clear). */
	enum extauth_err (*perform)(void *context,
	    const struct request *request, struct event *ret_event,
	    struct extauth_error *error);
	enum extauth_err (*wait)(
	    void *context, uint32_t wait_ms, struct extauth_error *error);
	enum extauth_err (*tell_total)(void *context, uint32_t total);
	enum extauth_err (*tell_user)(
	    void *context, const struct sync_user *user);
	enum extauth_err (*tell_group)(
	    void *context, const struct sync_group *group);
	/* Is asked before each step; there is no other limit to them. */
	enum extauth_err (*may_go_on)(
	    void *context, struct extauth_error *error);
	/* time(2) */
	int64_t (*now)(void *context);
	/* Shows one line to the administrator; NULL: nobody looks. */
	void (*trace)(void *context, const char *line);
};

/* Runs the machine. Always fills `*ret_end`, which is the caller's
 * (sync_end_clear); what goes wrong is SYNC_FAILED. The response that a machine
 * was given is lent to it until its next request. */
void drive_source_run(const struct source *source, struct source_run *run,
    const struct drive_source_hands *hands, struct sync_end *ret_end);

/* Makes `*ret_end` the failure that an error stands for: CONFIG and NOTFOUND
 * are the configuration's. */
void drive_source_fail(enum extauth_err err, const struct extauth_error *error,
    struct sync_end *ret_end);

#endif

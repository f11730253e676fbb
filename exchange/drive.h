/* SPDX-License-Identifier: MIT */
/* Carries a machine from its start to its verdict: step in, event out.
 * Does not know: pipes, processes, HTTP. */
#ifndef EXTAUTH_DRIVE_H
#define EXTAUTH_DRIVE_H

#include "machine.h"

/* Room for a poll each second (a wait and a request) for the longest
 * person_deadline; time itself is limited by the hands. */
#define DRIVE_STEPS_MAX 1300

/* Who carries out the steps. Those that return an error end the login. */
struct drive_hands {
	void *context;
	/* Sends a request; `*ret_event` is the caller's (event_clear). */
	enum extauth_err (*perform)(void *context,
	    const struct request *request, struct event *ret_event,
	    struct extauth_error *error);
	/* Asks the person. EXTAUTH_NOTFOUND: there is nobody to ask. */
	enum extauth_err (*ask)(void *context, const char *text, bool echo,
	    struct secret *ret_answer);
	enum extauth_err (*inform)(void *context, const char *text);
	enum extauth_err (*wait)(void *context, uint32_t wait_ms);
	/* The time for `now_s` of an answer: a person may have taken
	 * minutes. NULL: that of the start stays. time(2). */
	int64_t (*now)(void *context);
	/* Shows one line to the administrator; NULL: nobody looks. */
	void (*trace)(void *context, const char *line);
	bool is_dry_run; /* requests are traced and not sent */
};

/* Runs the machine. Always fills `*ret_outcome`; what goes wrong is an outcome
 * too, and never ACCEPTED. */
void drive_run(const struct provider *provider, struct login *login,
    const struct drive_hands *hands, struct login_outcome *ret_outcome);

#endif

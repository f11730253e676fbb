/* SPDX-License-Identifier: MIT */
/* The host's side of extauth-exchange: start it, talk, keep the deadline, end
 * it. Leaves the host's signals, descriptors, environment and umask alone.
 * Does not know: PAM, HTTP. */
#ifndef EXTAUTH_WORKER_H
#define EXTAUTH_WORKER_H

#include <stdbool.h>

#include "login.h"

/* What the host does when the worker speaks to the person. Each may be NULL:
 * then a PROMPT ends the job as SECOND_FACTOR_NEEDED, and the others are
 * dropped. */
struct worker_host {
	void *context;
	/* Asks the person; the answer is the caller's. An error ends the
	 * job. */
	enum extauth_err (*prompt)(void *context, const char *text, bool echo,
	    struct secret *ret_answer);
	void (*inform)(void *context, const char *text);
	void (*trace)(void *context, const char *text);
};

/* One run of the worker; all borrowed. */
struct worker_job {
	const char *program;  /* absolute path */
	enum frame_type type; /* LOGIN, FORGOT, PROBE or CHANGE */
	const struct login_facts *facts;
	const struct secret *password;     /* NULL: none */
	const struct secret *new_password; /* CHANGE only, else NULL */
	const struct worker_host *host;    /* NULL: nobody to talk to */
};

/* Carries one job through the worker. Returns EXTAUTH_OK with `*ret_outcome`,
 * which is the caller's (login_outcome_clear), filled from a complete VERDICT
 * frame with our nonce, or with SECOND_FACTOR_NEEDED where nobody can be asked
 * or nobody answered before person_deadline, and only then; ACCEPTED for LOGIN
 * and CHANGE alone. EXTAUTH_UNAVAILABLE when login_deadline passed, which
 * stands still while a person is waited for; EXTAUTH_SYSTEM with the reason in
 * `error` for a worker that cannot be started, that died or that spoke
 * nonsense; EXTAUTH_NOMEM. Either way no worker and no descriptor is left.
 * posix_spawn(3), pidfd_open(2). */
EXTAUTH_CHECKED enum extauth_err worker_run(const struct worker_job *job,
    struct login_outcome *ret_outcome, struct extauth_error *error);

#endif

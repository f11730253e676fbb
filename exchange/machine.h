/* SPDX-License-Identifier: MIT */
/* What a state machine is: it is given a login and events, and returns steps.
 * Does not know: which machines there are, and who carries out their steps. */
#ifndef EXTAUTH_MACHINE_H
#define EXTAUTH_MACHINE_H

#include "login.h"
#include "request.h"
#include "response.h"

/* One login as a machine sees it; all borrowed. `masked` equals `values` but
 * for the password and the secrets. */
struct login {
	const struct config_provider *provider;
	const struct template_values *values;
	const struct template_values *masked;
	const struct secret *password;
	unsigned state; /* the machine's own */
};

enum step_kind {
	STEP_VERDICT = 0,
	STEP_REQUEST,
	STEP_PROMPT,
	STEP_INFORM,
	STEP_WAIT,
};

/* What is to be done next. {0} is a refusal. */
struct step {
	enum step_kind kind;
	struct request request;                 /* REQUEST */
	struct request masked;                  /* the same for a trace */
	char text[RESPONSE_TEXT_MAX_BYTES + 1]; /* PROMPT, INFORM */
	bool echo;                              /* PROMPT */
	uint32_t wait_ms;                       /* WAIT */
	struct login_outcome outcome;           /* VERDICT */
};

enum event_kind {
	EVENT_FAILED = 0,
	EVENT_RESPONSE,
	EVENT_ANSWER,
	EVENT_WAITED,
};

/* What came of a step. {0} is a failure without a reason. */
struct event {
	enum event_kind kind;
	struct failure failure;
	struct response response;
	struct secret answer;
};

/* A machine. Both functions fill `*ret_step`, which the caller gave empty and
 * ends with step_clear. EXTAUTH_INVALID: a value of this login cannot be sent;
 * EXTAUTH_CONFIG, EXTAUTH_NOTFOUND: the configuration cannot be used;
 * EXTAUTH_NOMEM and the others: cannot tell. The reason is in `error`. */
struct provider {
	const char *name;
	enum extauth_err (*start)(struct login *login, struct step *ret_step,
	    struct extauth_error *error);
	enum extauth_err (*next)(struct login *login, const struct event *event,
	    struct step *ret_step, struct extauth_error *error);
};

/* Makes `outcome` the one that an error stands for: INVALID is REJECTED; CONFIG
 * and NOTFOUND are MISCONFIGURED; all else is UNAVAILABLE. */
void machine_outcome_from_error(enum extauth_err err,
    const struct extauth_error *error, struct login_outcome *ret_outcome);

/* Makes `outcome` UNAVAILABLE, for the reason why a request got no answer. */
void machine_outcome_from_failure(
    const struct failure *failure, struct login_outcome *ret_outcome);

/* Each wipes and frees what it holds and leaves {0}. NULL is allowed. */
void step_clear(struct step *step);
void event_clear(struct event *event);

#define cleanup_step __attribute__((cleanup(step_clear)))
#define cleanup_event __attribute__((cleanup(event_clear)))

#endif

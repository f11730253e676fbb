/* SPDX-License-Identifier: MIT */
/* What a state machine is: it is given a login and events, and returns steps.
 * Does not know: which machines there are, and who carries out their steps. */
#ifndef EXTAUTH_MACHINE_H
#define EXTAUTH_MACHINE_H

#include "login.h"
#include "request.h"
#include "response.h"

/* One login as a machine sees it; all borrowed, no secret is NULL. `masked`
 * equals `values` but for the password and the secrets. */
struct login {
	const struct config_provider *provider;
	const struct template_values *values;
	const struct template_values *masked;
	const struct secret *password;
	const struct secret *new_password;  /* CHANGE only, else empty */
	const struct secret *client_secret; /* empty: none is configured */
	const struct secret *api_token;     /* empty: none is configured */
	const char *phrases;                /* phrase_append; NULL: English */
	uint32_t flags;                     /* enum login_flags */
	int64_t now_s;                      /* time(2), where a token expires */
	unsigned state;                     /* the machine's own */
	void *memory; /* the machine's own: see struct provider */
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
	struct request request;       /* REQUEST */
	struct request masked;        /* the same for a trace */
	struct buffer text;           /* PROMPT, INFORM; UTF-8 */
	bool echo;                    /* PROMPT */
	uint32_t wait_ms;             /* WAIT, for a person */
	struct login_outcome outcome; /* VERDICT */
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
 * ends with step_clear. `login->memory` has `memory_bytes` zero bytes at the
 * start; at the end `forget` (if any) wipes and frees what it points to.
 * `rehearse` (if any) writes the answer that a real server would give, about
 * the user of this login and with made-up tokens, to the request that the
 * machine made last: for a run without a network, never judged as a login.
 * EXTAUTH_INVALID: a value of this login cannot be sent; EXTAUTH_CONFIG,
 * EXTAUTH_NOTFOUND: the configuration cannot be used; EXTAUTH_NOMEM and the
 * others: cannot tell. The reason is in `error`. */
struct provider {
	const char *name;
	size_t memory_bytes;
	void (*forget)(void *memory);
	enum extauth_err (*rehearse)(
	    const struct login *login, struct buffer *answer);
	enum extauth_err (*start)(struct login *login, struct step *ret_step,
	    struct extauth_error *error);
	enum extauth_err (*next)(struct login *login, const struct event *event,
	    struct step *ret_step, struct extauth_error *error);
};

/* Gives a machine its memory, `bytes` zero bytes; none needs none.
 * EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err machine_remember(
    size_t bytes, void **ret_memory);

/* Takes it back and leaves NULL: `forget` (if any) ends what it points to, then
 * it is wiped. */
void machine_forget(void **memory, size_t bytes, void (*forget)(void *memory));

/* Lends the value of a placeholder in this login, or "". */
const char *login_value(const struct login *login, enum placeholder which);

/* Appends what is sent as the user's name: the key `username`, as it is.
 * EXTAUTH_INVALID if the user has no value for it; EXTAUTH_TOOBIG,
 * EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err login_username(const struct login *login,
    struct buffer *username, struct extauth_error *error);

/* Each fills an empty step. */
void step_verdict(struct step *ret_step, enum verdict verdict,
    unsigned http_status, const char *reason);
EXTAUTH_CHECKED enum extauth_err step_prompt(
    struct step *ret_step, bool echo, const char *text);
void step_wait(struct step *ret_step, uint32_t wait_ms);

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

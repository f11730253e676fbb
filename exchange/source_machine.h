/* SPDX-License-Identifier: MIT */
/* What the state machine of a directory source is: it is given a job and
 * events, and returns steps.
 * Does not know: which sources there are, and who carries out their steps. */
#ifndef EXTAUTH_SOURCE_MACHINE_H
#define EXTAUTH_SOURCE_MACHINE_H

#include "machine.h"
#include "sync.h"

/* One reading as a machine sees it; all borrowed. */
struct source_run {
	const struct config *config;
	const struct config_source *source;
	/* provider = &source->access; client_secret and api_token (the token or
	 * the password of HTTP Basic); now_s. Nobody logs in: password and the
	 * values of a person are empty. */
	struct login *login;
	const struct sync_job *job;
	unsigned state; /* the machine's own */
	void *memory;   /* the machine's own: see struct source */
};

enum source_step_kind {
	SOURCE_END = 0,
	SOURCE_REQUEST,
	SOURCE_WAIT,
	SOURCE_TOTAL,
	SOURCE_USER,
	SOURCE_GROUP,
};

/* What is to be done next. {0} is a failure. `user` and `group` are lent by the
 * machine until its next call. */
struct source_step {
	enum source_step_kind kind;
	struct step request; /* REQUEST (as draft_end fills it), and WAIT */
	uint32_t total;
	const struct sync_user *user;
	const struct sync_group *group;
	struct sync_end end;
};

/* A machine. Both functions fill `*ret_step`, which the caller gave empty and
 * ends with source_step_clear. A REQUEST is answered by RESPONSE or FAILED, all
 * other steps by WAITED; the response is lent until the machine's next REQUEST
 * or END. `run->memory` has `memory_bytes` zero bytes at the
 * start; at the end `forget` (if any) wipes and frees what it points to. Errors
 * as those of struct provider; they end the reading as SYNC_FAILED. */
struct source {
	const char *name;
	size_t memory_bytes;
	void (*forget)(void *memory);
	enum extauth_err (*start)(struct source_run *run,
	    struct source_step *ret_step, struct extauth_error *error);
	enum extauth_err (*next)(struct source_run *run,
	    const struct event *event, struct source_step *ret_step,
	    struct extauth_error *error);
};

/* Each fills an empty step. The state of the first may be NULL or "". */
EXTAUTH_CHECKED enum extauth_err source_step_end(
    struct source_step *ret_step, enum sync_end_kind kind, const char *state);
void source_step_fail(struct source_step *ret_step, bool is_configuration,
    unsigned http_status, const char *reason);
void source_step_user(
    struct source_step *ret_step, const struct sync_user *user);
void source_step_group(
    struct source_step *ret_step, const struct sync_group *group);
void source_step_total(struct source_step *ret_step, uint32_t total);
void source_step_wait(struct source_step *ret_step, uint32_t wait_ms);

/* Wipes and frees what it holds and leaves {0}. NULL is allowed. */
void source_step_clear(struct source_step *step);

#define cleanup_source_step __attribute__((cleanup(source_step_clear)))

#endif

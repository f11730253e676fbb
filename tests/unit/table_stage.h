/* SPDX-License-Identifier: MIT */
/* The stages of the table test: one provider's machine, brought by good answers
 * to the point where it waits for the answer that is judged.
 * Does not know: what is expected of an answer. */
#ifndef EXTAUTH_TABLE_STAGE_H
#define EXTAUTH_TABLE_STAGE_H

#include "exchange_case.h"

#define TABLE_NOW_S 1767225600
#define TABLE_EMAIL "alice@example.com"
#define TABLE_PASSWORD "hunter2-hunter2"
#define TABLE_CLIENT "CLIENT"
#define TABLE_TENANT "11111111-2222-3333-4444-555555555555"
#define TABLE_SCRIPT_MAX 4

/* One stage. Wire files are named as PROVIDER/NAME.STATUS.ext. */
struct table_stage {
	const char *name; /* provider.stage */
	const char *keys;
	const char *external_id; /* registered; "" if none */
	const char *issuer;      /* of id_tokens; NULL: none */
	/* What comes before: a wire file is an answer of the server, ">text"
	 * one of the person. Waits are over at once. */
	const char *script[TABLE_SCRIPT_MAX];
	const char *good; /* the wire file that leads on from here */
	/* Which wire files of its provider may come here, fnmatch(3) with
	 * FNM_EXTMATCH. */
	const char *bodies;
};

/* Lends all stages, ended by one without a name. */
const struct table_stage *table_stages(void);

/* A machine at its stage; {0} is none. */
struct table_run {
	const struct table_stage *stage;
	struct exchange_case *one;
	const struct provider *machine;
	void *memory;
	char *script[TABLE_SCRIPT_MAX]; /* what the wire files hold */
	struct step step; /* the request that waits for its answer */
};

/* Names what a machine does: PROMPT, or the verdict as the log has it. */
const char *table_step_name(const struct step *step);

/* Makes the login of a stage, once for all its cases; ended by
 * table_run_end. */
void table_run_begin(const struct table_stage *stage, struct table_run *run);
void table_run_end(struct table_run *run);

/* Starts the login anew and gives it the answers of the stage. Fails the test
 * where that leads to no request. */
void table_run_reach(struct table_run *run);

/* Gives one answer to the request that is open, and passes over what is told to
 * the person. `run->step` is what came of it. */
void table_run_answer(
    struct table_run *run, unsigned status, const char *body, size_t length);

/* Answers what a machine asks for once it is decided, logout or cancel: the
 * verdict follows. */
void table_run_leave(struct table_run *run);

#endif

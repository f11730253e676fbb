/* SPDX-License-Identifier: MIT */
#include "worker_case.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static enum extauth_err
witness_prompt(
    void *context, const char *text, bool echo, struct secret *ret_answer)
{
	struct witness *witness = context;

	strncpy(witness->text, text, sizeof(witness->text) - 1);
	witness->echo = echo;
	usleep(witness->think_ms * 1000);
	if (witness->err != EXTAUTH_OK)
		return witness->err;
	return secret_set(ret_answer, witness->answer, strlen(witness->answer));
}

static void
witness_inform(void *context, const char *text)
{
	struct witness *witness = context;

	strncpy(witness->text, text, sizeof(witness->text) - 1);
	witness->informed++;
}

static void
witness_trace(void *context, const char *text)
{
	struct witness *witness = context;

	ck_assert_ptr_nonnull(strstr(text, "POST /"));
	witness->traced++;
}

struct run *
run_make(const char *role)
{
	struct run *run = calloc(1, sizeof(*run));

	ck_assert_ptr_nonnull(run);
	ck_assert_int_gt(
	    readlink("/proc/self/exe", run->program, sizeof(run->program) - 1),
	    0);
	strncpy(run->facts.username, role, IDENTITY_TEXT_MAX_BYTES);
	run->facts.login_deadline_ms = CASE_DEADLINE_MS;
	ck_assert_ok(secret_set(&run->password, "secret", 6));
	run->host = (struct worker_host){
	    &run->witness, witness_prompt, witness_inform, witness_trace};
	run->job = (struct worker_job){
	    .program = run->program,
	    .type = FRAME_LOGIN,
	    .facts = &run->facts,
	    .password = &run->password,
	    .host = &run->host,
	};
	return run;
}

void
run_free(struct run **run)
{
	secret_clear(&(*run)->password);
	login_outcome_clear(&(*run)->outcome);
	free(*run);
}

enum extauth_err
run_go(struct run *run)
{
	login_outcome_clear(&run->outcome);
	return worker_run(&run->job, &run->outcome, &run->error);
}

void
assert_grants(struct run *run)
{
	enum extauth_err err = run_go(run);

	ck_assert_msg(err == EXTAUTH_OK, "%s", run->error.text);
	ck_assert_int_eq(run->outcome.verdict, VERDICT_ACCEPTED);
}

void
assert_no_child(void)
{
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
	ck_assert_int_eq(errno, ECHILD);
}

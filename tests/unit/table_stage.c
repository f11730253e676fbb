/* SPDX-License-Identifier: MIT */
#include "table_stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "provider.h"
#include "table_body.h"
#include "unit.h"

#define PASSES_MAX 16

/* Check writes down each assertion that holds, which is slow: what is done for
 * each case aborts instead. */

const char *
table_step_name(const struct step *step)
{
	switch (step->kind) {
	case STEP_REQUEST:
		return "REQUEST";
	case STEP_PROMPT:
		return "PROMPT";
	case STEP_WAIT:
		return "WAIT";
	case STEP_INFORM:
		return "INFORM";
	case STEP_VERDICT:
		break;
	}
	return verdict_name(step->outcome.verdict);
}

static void
table_run_load(struct table_run *run)
{
	size_t at;

	for (at = 0; at < TABLE_SCRIPT_MAX; at++) {
		const char *path = run->stage->script[at];

		if (path != NULL && path[0] != '>')
			run->script[at] = table_wire_read(run->stage, path);
	}
}

void
table_run_begin(const struct table_stage *stage, struct table_run *run)
{
	struct exchange_case *one =
	    exchange_case_make(stage->keys, TABLE_PASSWORD);

	*run = (struct table_run){.stage = stage, .one = one};
	(void)snprintf(one->facts.external_id, sizeof(one->facts.external_id),
	    "%s", stage->external_id);
	values_clear(&one->values);
	values_fill(&one->values, &one->facts, one->provider, &one->password);
	if (*one->provider->api_token_file == '\0')
		secret_clear(&one->api_token);
	if (*one->provider->client_secret_file == '\0')
		secret_clear(&one->client_secret);
	one->login.flags = LOGIN_CAN_ASK | LOGIN_CAN_WAIT;
	one->login.now_s = TABLE_NOW_S;
	run->machine = provider_find(one->provider, FRAME_LOGIN);
	ck_assert_ptr_nonnull(run->machine);
	run->memory = calloc(1, run->machine->memory_bytes + 1);
	ck_assert_ptr_nonnull(run->memory);
	one->login.memory = run->memory;
	table_run_load(run);
}

static void
table_run_forget(struct table_run *run)
{
	step_clear(&run->step);
	if (run->machine->forget != NULL)
		run->machine->forget(run->memory);
	memset(run->memory, 0, run->machine->memory_bytes);
	run->one->login.state = 0;
}

void
table_run_end(struct table_run *run)
{
	size_t at;

	table_run_forget(run);
	for (at = 0; at < TABLE_SCRIPT_MAX; at++)
		free(run->script[at]);
	free(run->memory);
	exchange_case_free(run->one);
	*run = (struct table_run){0};
}

static void
table_run_next(struct table_run *run, const struct event *event)
{
	struct extauth_error error = {0};
	struct step step = {0};
	enum extauth_err err =
	    run->machine->next(&run->one->login, event, &step, &error);

	step_clear(&run->step);
	if (err != EXTAUTH_OK)
		machine_outcome_from_error(err, &error, &step.outcome);
	run->step = step;
}

void
table_run_answer(
    struct table_run *run, unsigned status, const char *body, size_t length)
{
	static const struct event told = {.kind = EVENT_WAITED};
	cleanup_event struct event event = {.kind = EVENT_RESPONSE};

	event.response.status = status;
	event.response.body = buffer_make(RESPONSE_BODY_MAX_BYTES);
	if (buffer_append(&event.response.body, body, length) != EXTAUTH_OK)
		ck_abort_msg("no memory");
	table_run_next(run, &event);
	while (run->step.kind == STEP_INFORM)
		table_run_next(run, &told);
}

static bool
table_is_farewell(const char *url)
{
	const char *name = strrchr(url, '/');

	return name != NULL &&
	    (strcmp(name, "/Logout") == 0 || strcmp(name, "/cancel") == 0);
}

void
table_run_leave(struct table_run *run)
{
	if (run->step.kind == STEP_REQUEST &&
	    table_is_farewell(buffer_text(&run->step.request.url)))
		table_run_answer(run, 200, "{}", 2);
}

static void
table_run_reply(struct table_run *run, const char *text)
{
	cleanup_event struct event event = {.kind = EVENT_ANSWER};

	if (run->step.kind != STEP_PROMPT ||
	    secret_set(&event.answer, text, strlen(text)) != EXTAUTH_OK)
		ck_abort_msg("%s: no question", run->stage->name);
	table_run_next(run, &event);
}

/* The status of a wire file stands in its name. */
static void
table_run_script(struct table_run *run, size_t at)
{
	const char *path = run->stage->script[at];
	const char *text = run->script[at];

	if (text == NULL) {
		table_run_reply(run, path + 1);
		return;
	}
	if (run->step.kind != STEP_REQUEST)
		ck_abort_msg("%s: no request for %s", run->stage->name, path);
	table_run_answer(run,
	    (unsigned)strtoul(strchr(path, '.') + 1, NULL, 10), text,
	    strlen(text));
}

static void
table_run_wait(struct table_run *run)
{
	const struct event waited = {.kind = EVENT_WAITED};
	int passes;

	for (passes = 0; passes < PASSES_MAX; passes++)
		if (run->step.kind == STEP_WAIT ||
		    run->step.kind == STEP_INFORM)
			table_run_next(run, &waited);
}

void
table_run_reach(struct table_run *run)
{
	struct extauth_error error = {0};
	size_t at;
	enum extauth_err err;

	table_run_forget(run);
	err = run->machine->start(&run->one->login, &run->step, &error);
	if (err != EXTAUTH_OK)
		ck_abort_msg("%s: %s", run->stage->name, error.text);
	for (at = 0; at < TABLE_SCRIPT_MAX && run->stage->script[at] != NULL;
	     at++) {
		table_run_wait(run);
		table_run_script(run, at);
	}
	table_run_wait(run);
	if (run->step.kind != STEP_REQUEST)
		ck_abort_msg("%s is not reached: %s %s", run->stage->name,
		    table_step_name(&run->step), run->step.outcome.reason);
}

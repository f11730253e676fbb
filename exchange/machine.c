/* SPDX-License-Identifier: MIT */
#include "machine.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"

#define STEP_TEXT_MAX_BYTES 16384

enum extauth_err
machine_remember(size_t bytes, void **ret_memory)
{
	void *memory = NULL;

	if (bytes > 0)
		memory = calloc(1, bytes);
	if (bytes > 0 && memory == NULL)
		return EXTAUTH_NOMEM;
	*ret_memory = memory;
	return EXTAUTH_OK;
}

void
machine_forget(void **memory, size_t bytes, void (*forget)(void *memory))
{
	void *taken = *memory;

	*memory = NULL;
	if (taken == NULL)
		return;
	if (forget != NULL)
		forget(taken);
	explicit_bzero(taken, bytes);
	free(taken);
}

const char *
login_value(const struct login *login, enum placeholder which)
{
	const char *bytes = login->values->of[which].bytes;

	return bytes != NULL ? bytes : "";
}

enum extauth_err
login_username(const struct login *login, struct buffer *username,
    struct extauth_error *error)
{
	const struct template *template = &login->provider->username;

	if (!template_names_person(template, login->values))
		return error_set(
		    error, EXTAUTH_INVALID, "the user's name is empty");
	return template_expand(template, login->values, username, error);
}

void
step_verdict(struct step *ret_step, enum verdict verdict, unsigned http_status,
    const char *reason)
{
	ret_step->kind = STEP_VERDICT;
	ret_step->outcome.verdict = verdict;
	ret_step->outcome.http_status = http_status;
	text_print(ret_step->outcome.reason, sizeof(ret_step->outcome.reason),
	    "%s", reason);
}

enum extauth_err
step_prompt(struct step *ret_step, bool echo, const char *text)
{
	cleanup_buffer struct buffer copy = buffer_make(STEP_TEXT_MAX_BYTES);
	enum extauth_err err = buffer_append_text(&copy, text);

	if (err != EXTAUTH_OK)
		return err;
	ret_step->kind = STEP_PROMPT;
	ret_step->echo = echo;
	ret_step->text = copy;
	copy = (struct buffer){0};
	return EXTAUTH_OK;
}

void
step_wait(struct step *ret_step, uint32_t wait_ms)
{
	ret_step->kind = STEP_WAIT;
	ret_step->wait_ms = wait_ms;
}

static enum verdict
machine_verdict_from_error(enum extauth_err err)
{
	switch (err) {
	case EXTAUTH_INVALID:
	case EXTAUTH_TOOBIG:
		return VERDICT_REJECTED;
	case EXTAUTH_CONFIG:
	case EXTAUTH_NOTFOUND:
	case EXTAUTH_EXISTS:
		return VERDICT_MISCONFIGURED;
	case EXTAUTH_OK:
	case EXTAUTH_NOMEM:
	case EXTAUTH_UNAVAILABLE:
	case EXTAUTH_SYSTEM:
		return VERDICT_UNAVAILABLE;
	}
	return VERDICT_UNAVAILABLE;
}

void
machine_outcome_from_error(enum extauth_err err,
    const struct extauth_error *error, struct login_outcome *ret_outcome)
{
	struct login_outcome outcome = {
	    .verdict = machine_verdict_from_error(err),
	};

	text_print(outcome.reason, sizeof(outcome.reason), "%s",
	    error->text[0] != '\0' ? error->text : error_name(err));
	*ret_outcome = outcome;
}

void
machine_outcome_from_failure(
    const struct failure *failure, struct login_outcome *ret_outcome)
{
	struct login_outcome outcome = {.verdict = VERDICT_UNAVAILABLE};

	text_print(
	    outcome.reason, sizeof(outcome.reason), "%s", failure->reason);
	text_print(outcome.tls, sizeof(outcome.tls), "%s", failure->tls);
	*ret_outcome = outcome;
}

void
step_clear(struct step *step)
{
	if (step == NULL)
		return;
	request_clear(&step->request);
	request_clear(&step->masked);
	buffer_clear(&step->text);
	login_outcome_clear(&step->outcome);
	*step = (struct step){0};
}

void
event_clear(struct event *event)
{
	if (event == NULL)
		return;
	response_clear(&event->response);
	secret_clear(&event->answer);
	*event = (struct event){0};
}

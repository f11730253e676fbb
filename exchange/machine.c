/* SPDX-License-Identifier: MIT */
#include "machine.h"

#include "text.h"

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

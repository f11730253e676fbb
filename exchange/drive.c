/* SPDX-License-Identifier: MIT */
#include "drive.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"

#define LINE_BYTES 256
#define TRACE_MAX_BYTES ((size_t)4 * TEMPLATE_OUTPUT_MAX_BYTES)

/* One run. What it was given is borrowed. */
struct drive {
	const struct provider *provider;
	struct login *login;
	const struct drive_hands *hands;
	struct step step; /* to be carried out */
	struct event event;
	struct extauth_error error;
};

static void
drive_free(struct drive **drive)
{
	if (*drive == NULL)
		return;
	step_clear(&(*drive)->step);
	event_clear(&(*drive)->event);
	free(*drive);
}

static void
drive_trace_lines(const struct drive_hands *hands, const char *text)
{
	while (*text != '\0') {
		size_t length = strcspn(text, "\n");
		cleanup_free char *line = strndup(text, length);

		if (line == NULL)
			return;
		text_copy_printable(line, length + 1, line, length);
		hands->trace(hands->context, line);
		text += text[length] == '\n' ? length + 1 : length;
	}
}

static void
drive_trace_request(
    const struct drive_hands *hands, const struct request *masked)
{
	cleanup_buffer struct buffer lines = buffer_make(TRACE_MAX_BYTES);

	if (hands->trace == NULL)
		return;
	if (request_render(masked, &lines) == EXTAUTH_OK)
		drive_trace_lines(hands, buffer_text(&lines));
	else
		hands->trace(hands->context, "the request is too long to show");
}

static void
drive_trace_response(
    const struct drive_hands *hands, const struct response *response)
{
	const struct response_times *times = &response->times;
	char line[LINE_BYTES];

	if (hands->trace == NULL)
		return;
	text_print(line, sizeof(line), "status %u", response->status);
	hands->trace(hands->context, line);
	text_print(line, sizeof(line), "answer %s, %zu bytes",
	    response->content_type[0] != '\0' ? response->content_type
					      : "of no type",
	    response->body.length);
	hands->trace(hands->context, line);
	text_print(line, sizeof(line),
	    "times in ms: name %.1f, connect %.1f, tls %.1f, wait %.1f, "
	    "total %.1f",
	    (double)times->name_us / 1000, (double)times->connect_us / 1000,
	    (double)times->tls_us / 1000, (double)times->wait_us / 1000,
	    (double)times->total_us / 1000);
	hands->trace(hands->context, line);
}

static void
drive_trace_failure(
    const struct drive_hands *hands, const struct failure *failure)
{
	char line[LINE_BYTES];

	if (hands->trace == NULL)
		return;
	text_print(line, sizeof(line), "no answer: %s%s%s", failure->reason,
	    failure->tls[0] != '\0' ? ", " : "", failure->tls);
	hands->trace(hands->context, line);
}

static enum extauth_err
drive_request(const struct drive_hands *hands, const struct step *step,
    struct event *ret_event, struct extauth_error *error)
{
	enum extauth_err err;

	drive_trace_request(hands, &step->masked);
	if (hands->is_dry_run)
		return error_set(error, EXTAUTH_INVALID, "dry run");
	err = hands->perform(hands->context, &step->request, ret_event, error);
	if (err != EXTAUTH_OK)
		return err;
	if (ret_event->kind == EVENT_RESPONSE)
		drive_trace_response(hands, &ret_event->response);
	else
		drive_trace_failure(hands, &ret_event->failure);
	return EXTAUTH_OK;
}

static enum extauth_err
drive_step(const struct drive_hands *hands, const struct step *step,
    struct event *ret_event, struct extauth_error *error)
{
	switch (step->kind) {
	case STEP_REQUEST:
		return drive_request(hands, step, ret_event, error);
	case STEP_PROMPT:
		ret_event->kind = EVENT_ANSWER;
		return hands->ask(
		    hands->context, step->text, step->echo, &ret_event->answer);
	case STEP_INFORM:
		ret_event->kind = EVENT_WAITED;
		return hands->inform(hands->context, step->text);
	case STEP_WAIT:
		ret_event->kind = EVENT_WAITED;
		return hands->wait(hands->context, step->wait_ms);
	case STEP_VERDICT:
		break;
	}
	return error_set(error, EXTAUTH_SYSTEM, "a step that is none");
}

/* Carries out the step and puts the next one in its place. A person who cannot
 * be asked is a second factor that is still needed. */
static enum extauth_err
drive_turn(struct drive *drive, struct login_outcome *ret_outcome)
{
	bool is_prompt = drive->step.kind == STEP_PROMPT;
	enum extauth_err err = drive_step(
	    drive->hands, &drive->step, &drive->event, &drive->error);

	step_clear(&drive->step);
	if (err == EXTAUTH_NOTFOUND && is_prompt) {
		ret_outcome->verdict = VERDICT_SECOND_FACTOR_NEEDED;
		return err;
	}
	if (err == EXTAUTH_OK)
		err = drive->provider->next(
		    drive->login, &drive->event, &drive->step, &drive->error);
	event_clear(&drive->event);
	if (err != EXTAUTH_OK)
		machine_outcome_from_error(err, &drive->error, ret_outcome);
	return err;
}

static void
drive_turns(struct drive *drive, struct login_outcome *ret_outcome)
{
	unsigned turns;

	for (turns = 0; turns < DRIVE_STEPS_MAX; turns++) {
		if (drive->step.kind == STEP_VERDICT) {
			*ret_outcome = drive->step.outcome;
			return;
		}
		if (drive_turn(drive, ret_outcome) != EXTAUTH_OK)
			return;
	}
	(void)error_set(
	    &drive->error, EXTAUTH_UNAVAILABLE, "the provider does not end");
	machine_outcome_from_error(
	    EXTAUTH_UNAVAILABLE, &drive->error, ret_outcome);
}

void
drive_run(const struct provider *provider, struct login *login,
    const struct drive_hands *hands, struct login_outcome *ret_outcome)
{
	__attribute__((cleanup(drive_free))) struct drive *drive =
	    calloc(1, sizeof(*drive));
	enum extauth_err err;

	*ret_outcome = (struct login_outcome){.verdict = VERDICT_UNAVAILABLE};
	if (drive == NULL)
		return;
	drive->provider = provider;
	drive->login = login;
	drive->hands = hands;
	err = provider->start(login, &drive->step, &drive->error);
	if (err == EXTAUTH_OK)
		drive_turns(drive, ret_outcome);
	else
		machine_outcome_from_error(err, &drive->error, ret_outcome);
}

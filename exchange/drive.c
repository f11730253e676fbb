/* SPDX-License-Identifier: MIT */
#include "drive.h"

#include <stdlib.h>
#include <string.h>

#include "drive_trace.h"
#include "text.h"

/* One run. What it was given is borrowed. */
struct drive {
	const struct provider *provider;
	struct login *login;
	const struct drive_hands *hands;
	struct step step; /* to be carried out */
	struct event event;
	struct extauth_error error;
	unsigned passwords; /* requests that bore one */
};

static void
drive_free(struct drive **drive)
{
	if (*drive == NULL)
		return;
	machine_forget(&(*drive)->login->memory,
	    (*drive)->provider->memory_bytes, (*drive)->provider->forget);
	step_clear(&(*drive)->step);
	event_clear(&(*drive)->event);
	free(*drive);
}

static struct drive_trace
drive_who_looks(const struct drive_hands *hands)
{
	return (struct drive_trace){hands->context, hands->trace};
}

/* Without a network the machine is told what a server would say, so that all
 * its requests can be seen. */
static enum extauth_err
drive_rehearse(struct drive *drive)
{
	struct response *response = &drive->event.response;

	if (drive->provider->rehearse == NULL)
		return error_set(&drive->error, EXTAUTH_INVALID, "dry run");
	drive->event.kind = EVENT_RESPONSE;
	response->status = 200;
	response->body = buffer_make(RESPONSE_BODY_MAX_BYTES);
	return drive->provider->rehearse(drive->login, &response->body);
}

/* One login is one attempt; a change may prove the old password first. */
static enum extauth_err
drive_count_password(struct drive *drive)
{
	unsigned limit = drive->login->new_password != NULL &&
		drive->login->new_password->length > 0
	    ? 2
	    : 1;

	if (!drive->step.request.bears_password || ++drive->passwords <= limit)
		return EXTAUTH_OK;
	return error_set(
	    &drive->error, EXTAUTH_SYSTEM, "the password would be sent twice");
}

static enum extauth_err
drive_request(struct drive *drive)
{
	const struct drive_hands *hands = drive->hands;
	const struct drive_trace trace = drive_who_looks(hands);
	struct event *event = &drive->event;
	enum extauth_err err = drive_count_password(drive);

	if (err != EXTAUTH_OK)
		return err;
	drive_trace_request(&trace, &drive->step.masked);
	if (hands->is_dry_run)
		return drive_rehearse(drive);
	err = hands->perform(
	    hands->context, &drive->step.request, event, &drive->error);
	if (err == EXTAUTH_OK)
		drive_trace_event(&trace, event);
	return err;
}

/* A rehearsal asks nobody and waits for nobody. */
static enum extauth_err
drive_pretend(const struct step *step, struct event *event)
{
	if (step->kind != STEP_PROMPT)
		return EXTAUTH_OK;
	return secret_set(&event->answer, "123456", 6);
}

static enum extauth_err
drive_step(struct drive *drive)
{
	const struct drive_hands *hands = drive->hands;
	const struct step *step = &drive->step;
	struct event *event = &drive->event;

	if (step->kind == STEP_REQUEST)
		return drive_request(drive);
	event->kind = step->kind == STEP_PROMPT ? EVENT_ANSWER : EVENT_WAITED;
	if (hands->is_dry_run)
		return drive_pretend(step, event);
	switch (step->kind) {
	case STEP_PROMPT:
		return hands->ask(hands->context, buffer_text(&step->text),
		    step->echo, &event->answer);
	case STEP_INFORM:
		return hands->inform(hands->context, buffer_text(&step->text));
	case STEP_WAIT:
		return hands->wait(hands->context, step->wait_ms);
	case STEP_REQUEST:
	case STEP_VERDICT:
		break;
	}
	return error_set(&drive->error, EXTAUTH_SYSTEM, "a step that is none");
}

/* What it means that a person could not be asked, or did not answer in time:
 * the second factor is still needed. */
static bool
drive_lacks_person(
    enum step_kind kind, enum extauth_err err, struct login_outcome *outcome)
{
	const char *reason = NULL;

	if (err == EXTAUTH_NOTFOUND && kind == STEP_PROMPT)
		reason = "the provider asks for more and nobody can be asked";
	if (err == EXTAUTH_UNAVAILABLE &&
	    (kind == STEP_PROMPT || kind == STEP_WAIT))
		reason = "not answered before person_deadline";
	if (reason == NULL)
		return false;
	outcome->verdict = VERDICT_SECOND_FACTOR_NEEDED;
	text_print(outcome->reason, sizeof(outcome->reason), "%s", reason);
	return true;
}

/* Carries out the step and puts the next one in its place. */
static enum extauth_err
drive_turn(struct drive *drive, struct login_outcome *ret_outcome)
{
	enum step_kind kind = drive->step.kind;
	enum extauth_err err = drive_step(drive);

	step_clear(&drive->step);
	if (drive_lacks_person(kind, err, ret_outcome))
		return err;
	if (drive->hands->now != NULL)
		drive->login->now_s = drive->hands->now(drive->hands->context);
	if (err == EXTAUTH_OK)
		err = drive->provider->next(
		    drive->login, &drive->event, &drive->step, &drive->error);
	event_clear(&drive->event);
	if (err != EXTAUTH_OK)
		machine_outcome_from_error(err, &drive->error, ret_outcome);
	return err;
}

/* What was only rehearsed is no login. */
static void
drive_take_verdict(struct drive *drive, struct login_outcome *ret_outcome)
{
	if (drive->hands->is_dry_run) {
		ret_outcome->verdict = VERDICT_REJECTED;
		text_print(ret_outcome->reason, sizeof(ret_outcome->reason),
		    "dry run");
		return;
	}
	*ret_outcome = drive->step.outcome;
	drive->step.outcome = (struct login_outcome){0};
}

static void
drive_turns(struct drive *drive, struct login_outcome *ret_outcome)
{
	unsigned turns;

	for (turns = 0; turns < DRIVE_STEPS_MAX; turns++) {
		if (drive->step.kind == STEP_VERDICT) {
			drive_take_verdict(drive, ret_outcome);
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
	err = machine_remember(provider->memory_bytes, &login->memory);
	if (err == EXTAUTH_OK)
		err = provider->start(login, &drive->step, &drive->error);
	if (err == EXTAUTH_OK)
		drive_turns(drive, ret_outcome);
	else
		machine_outcome_from_error(err, &drive->error, ret_outcome);
}

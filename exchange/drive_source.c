/* SPDX-License-Identifier: MIT */
#include "drive_source.h"

#include <stdlib.h>

#include "drive_trace.h"
#include "text.h"

#define REASON_BYTES 256

/* One run. What it was given is borrowed. */
struct drive_source {
	const struct source *source;
	struct source_run *run;
	const struct drive_source_hands *hands;
	struct source_step step; /* to be carried out */
	struct event page;       /* of the last request */
	struct extauth_error error;
};

void
drive_source_fail(enum extauth_err err, const struct extauth_error *error,
    struct sync_end *ret_end)
{
	struct sync_end end = {
	    .kind = SYNC_FAILED,
	    .is_configuration =
		err == EXTAUTH_CONFIG || err == EXTAUTH_NOTFOUND,
	};

	text_print(end.reason, sizeof(end.reason), "%s",
	    error->text[0] != '\0' ? error->text : error_name(err));
	*ret_end = end;
}

static void
drive_source_free(struct drive_source **drive)
{
	if (*drive == NULL)
		return;
	machine_forget(&(*drive)->run->memory, (*drive)->source->memory_bytes,
	    (*drive)->source->forget);
	source_step_clear(&(*drive)->step);
	event_clear(&(*drive)->page);
	free(*drive);
}

static enum extauth_err
drive_source_request(struct drive_source *drive)
{
	const struct drive_source_hands *hands = drive->hands;
	const struct drive_trace trace = {hands->context, hands->trace};
	const struct step *step = &drive->step.request;
	enum extauth_err err;

	event_clear(&drive->page);
	drive_trace_request(&trace, &step->masked);
	err = hands->perform(
	    hands->context, &step->request, &drive->page, &drive->error);
	if (err == EXTAUTH_OK)
		drive_trace_event(&trace, &drive->page);
	return err;
}

/* A pause that cannot be made ends the reading for what it was made for. */
static enum extauth_err
drive_source_wait(struct drive_source *drive)
{
	const struct drive_source_hands *hands = drive->hands;
	const struct event *page = &drive->page;
	char why[REASON_BYTES] = "";
	enum extauth_err err = hands->wait(
	    hands->context, drive->step.request.wait_ms, &drive->error);

	if (err != EXTAUTH_UNAVAILABLE)
		return err;
	if (page->kind == EVENT_RESPONSE)
		text_print(
		    why, sizeof(why), "status %u", page->response.status);
	else
		text_print(why, sizeof(why), "%s", page->failure.reason);
	return why[0] != '\0' ? error_prefix(&drive->error, err, why) : err;
}

/* Carries out a step that is not the end, and lends the event that answers
 * it. */
static enum extauth_err
drive_source_step(struct drive_source *drive, const struct event **ret_event)
{
	static const struct event waited = {.kind = EVENT_WAITED};
	const struct drive_source_hands *hands = drive->hands;
	const struct source_step *step = &drive->step;

	*ret_event = &waited;
	switch (step->kind) {
	case SOURCE_REQUEST:
		*ret_event = &drive->page;
		return drive_source_request(drive);
	case SOURCE_WAIT:
		return drive_source_wait(drive);
	case SOURCE_TOTAL:
		return hands->tell_total(hands->context, step->total);
	case SOURCE_USER:
		return hands->tell_user(hands->context, step->user);
	case SOURCE_GROUP:
		return hands->tell_group(hands->context, step->group);
	case SOURCE_END:
		break;
	}
	return error_set(&drive->error, EXTAUTH_SYSTEM, "a step that is none");
}

/* Carries out the step and puts the next one in its place. */
static enum extauth_err
drive_source_turn(struct drive_source *drive)
{
	const struct drive_source_hands *hands = drive->hands;
	const struct event *event;
	enum extauth_err err = hands->may_go_on(hands->context, &drive->error);

	if (err == EXTAUTH_OK)
		err = drive_source_step(drive, &event);
	source_step_clear(&drive->step);
	if (err != EXTAUTH_OK)
		return err;
	drive->run->login->now_s = hands->now(hands->context);
	return drive->source->next(
	    drive->run, event, &drive->step, &drive->error);
}

void
drive_source_run(const struct source *source, struct source_run *run,
    const struct drive_source_hands *hands, struct sync_end *ret_end)
{
	__attribute__((cleanup(drive_source_free))) struct drive_source *drive =
	    calloc(1, sizeof(*drive));
	struct extauth_error none = {0};
	enum extauth_err err = EXTAUTH_NOMEM;

	if (drive == NULL) {
		drive_source_fail(err, &none, ret_end);
		return;
	}
	drive->source = source;
	drive->run = run;
	drive->hands = hands;
	err = machine_remember(source->memory_bytes, &run->memory);
	if (err == EXTAUTH_OK)
		err = source->start(run, &drive->step, &drive->error);
	while (err == EXTAUTH_OK && drive->step.kind != SOURCE_END)
		err = drive_source_turn(drive);
	if (err != EXTAUTH_OK) {
		drive_source_fail(err, &drive->error, ret_end);
		return;
	}
	*ret_end = drive->step.end;
	drive->step.end = (struct sync_end){0};
}

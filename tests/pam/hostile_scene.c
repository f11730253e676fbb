/* SPDX-License-Identifier: MIT */
/* The conversations of extauth-exchange, made by the encoders that it uses:
 * frame_add and login_outcome_to_frame, as exchange/dialog.c does. */
#include "hostile.h"

#include <err.h>
#include <stdio.h>
#include <string.h>

/* Takes what was encoded apart again. */
static void
take_members(struct hostile_part *part, const struct frame *frame)
{
	const unsigned char *at = (const unsigned char *)frame->fields.bytes;
	const unsigned char *end = at + frame->fields.length;

	while (at != NULL && at < end) {
		const size_t length = (size_t)at[1] | (size_t)at[2] << 8 |
		    (size_t)at[3] << 16 | (size_t)at[4] << 24;

		hostile_member_add(
		    part, at[0], hostile_copy(at + 5, length), length);
		at += 5 + length;
	}
}

static struct hostile_part *
say(struct hostile *hostile, struct frame *frame)
{
	struct hostile_part *part = hostile_part_insert(
	    hostile, hostile->count, (unsigned char)frame->type);

	take_members(part, frame);
	frame_clear(frame);
	return part;
}

static void
say_text(struct hostile *hostile, enum frame_type type, const char *text)
{
	struct frame frame = frame_make(type);
	struct hostile_part *part;

	if (frame_add_text(&frame, TAG_TEXT, text) != EXTAUTH_OK ||
	    (type == FRAME_PROMPT &&
		frame_add_number(&frame, TAG_ECHO,
		    (uint32_t)hostile_random(hostile, 2)) != EXTAUTH_OK))
		errx(1, "a text is too long");
	part = say(hostile, &frame);
	part->awaits = type == FRAME_PROMPT;
}

static void
say_waiting(struct hostile *hostile, uint32_t flags)
{
	struct frame frame = frame_make(FRAME_WAITING);

	if (frame_add_number(&frame, TAG_FLAGS, flags) != EXTAUTH_OK)
		errx(1, "out of memory");
	(void)say(hostile, &frame);
}

static void
decide(struct hostile *hostile, enum verdict verdict, const char *token)
{
	struct login_outcome outcome = {
	    .verdict = verdict,
	    .http_status = verdict == VERDICT_ACCEPTED ? 200 : 401,
	};
	struct frame frame;

	(void)snprintf(outcome.reason, sizeof(outcome.reason), "status %u",
	    outcome.http_status);
	if (hostile_random(hostile, 2) == 0)
		(void)snprintf(outcome.message, sizeof(outcome.message),
		    "Your password ends soon.");
	if (secret_set(&outcome.token, token, strlen(token)) != EXTAUTH_OK ||
	    login_outcome_to_frame(&outcome, hostile->slot->nonce, &frame) !=
		EXTAUTH_OK)
		errx(1, "the verdict is too long");
	(void)say(hostile, &frame);
}

static void
ask(struct hostile *hostile)
{
	say_text(hostile, FRAME_INFORM, "A code was sent to +1 ***-***-0199.");
	say_text(hostile, FRAME_PROMPT, "Code: ");
	if (hostile_random(hostile, 2) == 0)
		say_text(hostile, FRAME_PROMPT, "Next code: ");
}

static void
wait_for_person(struct hostile *hostile)
{
	say_text(hostile, FRAME_INFORM, "Approve the sign-in on your phone.");
	say_waiting(hostile, 1);
	say_waiting(hostile, 0);
}

/* Most are grants: of these the wrong ones are made. */
void
hostile_scene_make(struct hostile *hostile)
{
	const uint64_t way = hostile_random(hostile, 8);
	const uint64_t refusal = hostile_random(hostile, 8);

	if (way == 1)
		ask(hostile);
	if (way == 2)
		wait_for_person(hostile);
	if (way == 3)
		say_text(hostile, FRAME_TRACE, "POST https://id.example.com/");
	if (way == 4 && refusal == 0)
		decide(hostile, VERDICT_REJECTED, "");
	else if (way == 4)
		decide(hostile, (enum verdict)(refusal + 1), "");
	else
		decide(hostile, VERDICT_ACCEPTED,
		    way == 5 ? "eyJhbGciOiJ.eyJzdWIi.c2ln" : "");
}

/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "login_case.h"

static const char other_nonce[FRAME_NONCE_BYTES] = {1, 2, 3, 0, 5, 6, 7, 9};

static struct frame
frame_of_verdict(enum verdict verdict, const char *message)
{
	struct login_outcome outcome = {
	    .verdict = verdict, .http_status = 403, .duration_ms = 5};
	struct frame frame = {0};

	memcpy(outcome.reason, "no\nway\x7f", 8);
	strncpy(outcome.message, message, LOGIN_MESSAGE_MAX_BYTES);
	memcpy(outcome.tls, "expired", 8);
	ck_assert_ok(
	    login_outcome_to_frame(&outcome, login_case_nonce, &frame));
	return frame;
}

START_TEST(verdict_arrives_with_printable_texts)
{
	cleanup_frame struct frame frame =
	    frame_of_verdict(VERDICT_LOCKED, "a\033[2Jb");
	struct login_outcome outcome;

	ck_assert_ok(
	    login_outcome_from_frame(&frame, login_case_nonce, &outcome));
	ck_assert_int_eq(outcome.verdict, VERDICT_LOCKED);
	ck_assert_uint_eq(outcome.http_status, 403);
	ck_assert_uint_eq(outcome.duration_ms, 0);
	ck_assert_str_eq(outcome.reason, "no?way?");
	ck_assert_str_eq(outcome.message, "a?[2Jb");
	ck_assert_str_eq(outcome.tls, "expired");
}
END_TEST

/* A verdict that is no grant has none, whoever wrote the frame. */
START_TEST(token_travels_with_a_grant_alone)
{
	cleanup_outcome struct login_outcome sent = {
	    .verdict = VERDICT_ACCEPTED};
	cleanup_outcome struct login_outcome outcome = {0};
	cleanup_frame struct frame grant = {0};
	cleanup_frame struct frame refusal = {0};
	cleanup_frame struct frame forged = {0};
	const char *bytes;
	size_t length;

	ck_assert_ok(secret_set(&sent.token, "eyJ.x.y", 7));
	ck_assert_ok(login_outcome_to_frame(&sent, login_case_nonce, &grant));
	ck_assert_ok(
	    login_outcome_from_frame(&grant, login_case_nonce, &outcome));
	ck_assert_str_eq(secret_reveal(&outcome.token), "eyJ.x.y");
	login_outcome_clear(&outcome);
	sent.verdict = VERDICT_LOCKED;
	ck_assert_ok(login_outcome_to_frame(&sent, login_case_nonce, &refusal));
	ck_assert_int_eq(
	    frame_get(&refusal, TAG_TOKEN, &bytes, &length), EXTAUTH_NOTFOUND);
	ck_assert_ok(frame_get(&refusal, TAG_VERDICT, &bytes, &length));
	forged = login_case_with(&grant, TAG_VERDICT, bytes, length);
	ck_assert_ok(
	    login_outcome_from_frame(&forged, login_case_nonce, &outcome));
	ck_assert_int_eq(outcome.verdict, VERDICT_LOCKED);
	ck_assert_uint_eq(outcome.token.length, 0);
}
END_TEST

START_TEST(token_that_is_too_long_is_not_believed)
{
	static char many[SECRET_MAX_BYTES + 1];
	cleanup_outcome struct login_outcome outcome = {0};
	cleanup_frame struct frame frame =
	    frame_of_verdict(VERDICT_ACCEPTED, "");

	ck_assert_ok(frame_add(&frame, TAG_TOKEN, many, sizeof(many)));
	ck_assert_int_eq(
	    login_outcome_from_frame(&frame, login_case_nonce, &outcome),
	    EXTAUTH_INVALID);
}
END_TEST

START_TEST(outcome_is_empty_once_cleared)
{
	struct login_outcome outcome = {
	    .verdict = VERDICT_ACCEPTED, .reason = "x"};

	ck_assert_ok(secret_set(&outcome.token, "t", 1));
	login_outcome_clear(&outcome);
	login_outcome_clear(NULL);
	ck_assert_int_eq(outcome.verdict, VERDICT_REJECTED);
	ck_assert_str_eq(outcome.reason, "");
	ck_assert_ptr_null(outcome.token.hidden);
}
END_TEST

START_TEST(longest_message_arrives_whole)
{
	char message[LOGIN_MESSAGE_MAX_BYTES + 1] = {0};
	cleanup_frame struct frame frame = {0};
	struct login_outcome outcome;

	memset(message, 'm', sizeof(message) - 1);
	frame = frame_of_verdict(VERDICT_REJECTED, message);
	ck_assert_ok(
	    login_outcome_from_frame(&frame, login_case_nonce, &outcome));
	ck_assert_str_eq(outcome.message, message);
}
END_TEST

START_TEST(verdict_of_another_run_is_not_believed)
{
	cleanup_frame struct frame frame =
	    frame_of_verdict(VERDICT_ACCEPTED, "");
	struct login_outcome outcome = {.http_status = 7};

	ck_assert_int_eq(
	    login_outcome_from_frame(&frame, other_nonce, &outcome),
	    EXTAUTH_INVALID);
	frame.type = FRAME_END;
	ck_assert_int_eq(
	    login_outcome_from_frame(&frame, login_case_nonce, &outcome),
	    EXTAUTH_INVALID);
	ck_assert_uint_eq(outcome.http_status, 7);
}
END_TEST

START_TEST(verdict_with_a_wrong_field_is_not_believed)
{
	static char many[LOGIN_MESSAGE_MAX_BYTES + 1];
	static const struct {
		enum frame_tag tag;
		const char *bytes;
		size_t length;
	} wrong[] = {
	    {TAG_VERSION, NULL, 0},
	    {TAG_NONCE, NULL, 0},
	    {TAG_NONCE, "", 0},
	    {TAG_VERDICT, NULL, 0},
	    {TAG_VERDICT, "\1\0\0\0", 4},
	    {TAG_VERDICT, "\1", 1},
	    {TAG_HTTP_STATUS, NULL, 0},
	    {TAG_REASON, NULL, 0},
	    {TAG_MESSAGE, "a\0", 2},
	    {TAG_TLS, many, sizeof(many)},
	};
	cleanup_frame struct frame frame =
	    frame_of_verdict(VERDICT_ACCEPTED, "");
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct login_outcome outcome;
		cleanup_frame struct frame part = login_case_with(
		    &frame, wrong[i].tag, wrong[i].bytes, wrong[i].length);

		ck_assert_int_eq(
		    login_outcome_from_frame(&part, login_case_nonce, &outcome),
		    EXTAUTH_INVALID);
	}
}
END_TEST

/* A fixed sequence, so that a failure can be had again. */
static uint32_t
next_number(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

/* Each round changes up to three bits or bytes of a refusal. A single flipped
 * bit of the verdict's number must not make a grant of it. */
START_TEST(no_mutated_refusal_becomes_a_grant)
{
	cleanup_frame struct frame frame =
	    frame_of_verdict(VERDICT_REJECTED, "wrong password");
	uint32_t state = 11;
	int believed = 0;
	int round;

	for (round = 0; round < 20000; round++) {
		cleanup_frame struct frame changed = frame_make(FRAME_VERDICT);
		struct login_outcome outcome = {0};
		uint32_t changes = next_number(&state) % 3 + 1;

		ck_assert_ok(buffer_append(
		    &changed.fields, frame.fields.bytes, frame.fields.length));
		for (; changes > 0; changes--) {
			size_t at = next_number(&state) % changed.fields.length;

			changed.fields.bytes[at] ^=
			    (char)(1u << next_number(&state) % 8);
		}
		if (login_outcome_from_frame(
			&changed, login_case_nonce, &outcome) == EXTAUTH_OK)
			believed++;
		ck_assert_int_ne(outcome.verdict, VERDICT_ACCEPTED);
	}
	ck_assert_int_gt(believed, 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    verdict_arrives_with_printable_texts,
	    token_travels_with_a_grant_alone,
	    token_that_is_too_long_is_not_believed,
	    outcome_is_empty_once_cleared,
	    longest_message_arrives_whole,
	    verdict_of_another_run_is_not_believed,
	    verdict_with_a_wrong_field_is_not_believed,
	    no_mutated_refusal_becomes_a_grant,
	    NULL,
	};

	return unit_run("login_outcome", tests);
}

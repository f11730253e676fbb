/* SPDX-License-Identifier: MIT */
#include "login.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"

static const char nonce[FRAME_NONCE_BYTES] = {1, 2, 3, 0, 5, 6, 7, 8};
static const char other_nonce[FRAME_NONCE_BYTES] = {1, 2, 3, 0, 5, 6, 7, 9};

static struct login_facts *
facts_of_bob(void)
{
	struct login_facts *facts = calloc(1, sizeof(*facts));

	ck_assert_ptr_nonnull(facts);
	strncpy(facts->config_path, "/etc/extauth/extauth.conf", PATH_MAX - 1);
	memcpy(facts->provider, "main", 5);
	memcpy(facts->request_id, "0123abcd", 9);
	memcpy(facts->username, "bob", 4);
	memcpy(facts->email, "bob@example.com", 16);
	memset(facts->external_id, 'e', IDENTITY_TEXT_MAX_BYTES);
	memcpy(facts->service, "sshd", 5);
	memcpy(facts->device.rhost, "192.0.2.7", 10);
	facts->uid = 2000200001;
	facts->flags = LOGIN_TRACE;
	facts->login_deadline_ms = 15000;
	facts->person_deadline_ms = 100000;
	return facts;
}

/* The frame with its field `tag` replaced by `bytes`, or left out if NULL. */
static struct frame
frame_with(const struct frame *frame, enum frame_tag tag, const char *bytes,
    size_t length)
{
	struct frame changed = frame_make(frame->type);
	int each;

	for (each = TAG_VERSION; each <= TAG_TLS; each++) {
		enum frame_tag name = (enum frame_tag)each;
		const char *old;
		size_t old_length;

		if (frame_get(frame, name, &old, &old_length) != EXTAUTH_OK)
			continue;
		if (name != tag)
			ck_assert_ok(
			    frame_add(&changed, name, old, old_length));
		else if (bytes != NULL)
			ck_assert_ok(frame_add(&changed, name, bytes, length));
	}
	return changed;
}

START_TEST(login_arrives_as_it_was_sent)
{
	cleanup_free struct login_facts *facts = facts_of_bob();
	cleanup_free struct login_facts *back = calloc(1, sizeof(*back));
	cleanup_secret struct secret password = {0};
	cleanup_secret struct secret got = {0};
	cleanup_frame struct frame frame = {0};
	char got_nonce[FRAME_NONCE_BYTES];

	ck_assert_ok(secret_set(&password, "p\0ss", 4));
	ck_assert_ok(
	    login_to_frame(FRAME_LOGIN, facts, nonce, &password, &frame));
	ck_assert_ok(login_from_frame(&frame, back, got_nonce, &got));
	ck_assert_int_eq(memcmp(back, facts, sizeof(*facts)), 0);
	ck_assert_int_eq(memcmp(got_nonce, nonce, sizeof(nonce)), 0);
	ck_assert_uint_eq(got.length, 4);
	ck_assert_int_eq(memcmp(secret_reveal(&got), "p\0ss", 5), 0);
}
END_TEST

START_TEST(reset_mail_travels_without_a_password)
{
	cleanup_free struct login_facts *facts = facts_of_bob();
	cleanup_free struct login_facts *back = calloc(1, sizeof(*back));
	cleanup_secret struct secret got = {0};
	cleanup_frame struct frame frame = {0};
	char got_nonce[FRAME_NONCE_BYTES];

	ck_assert_ok(secret_set(&got, "old", 3));
	ck_assert_ok(login_to_frame(FRAME_FORGOT, facts, nonce, NULL, &frame));
	ck_assert_ok(login_from_frame(&frame, back, got_nonce, &got));
	ck_assert_uint_eq(got.length, 0);
	ck_assert_str_eq(back->email, "bob@example.com");
}
END_TEST

START_TEST(every_fact_must_be_there)
{
	cleanup_free struct login_facts *facts = facts_of_bob();
	cleanup_free struct login_facts *back = calloc(1, sizeof(*back));
	cleanup_secret struct secret got = {0};
	cleanup_frame struct frame frame = {0};
	char got_nonce[FRAME_NONCE_BYTES];
	int tag;

	ck_assert_ok(login_to_frame(FRAME_LOGIN, facts, nonce, NULL, &frame));
	for (tag = TAG_VERSION; tag <= TAG_DEVICE_IP; tag++) {
		cleanup_frame struct frame part =
		    frame_with(&frame, (enum frame_tag)tag, NULL, 0);

		if (tag == TAG_PASSWORD)
			continue;
		ck_assert_int_eq(login_from_frame(&part, back, got_nonce, &got),
		    EXTAUTH_INVALID);
	}
	ck_assert_uint_eq(back->uid, 0);
}
END_TEST

START_TEST(wrong_facts_are_refused)
{
	static char many[SECRET_MAX_BYTES + 1];
	static const struct {
		enum frame_tag tag;
		const char *bytes;
		size_t length;
	} wrong[] = {
	    {TAG_VERSION, "\2\0\0\0", 4},
	    {TAG_VERSION, "\1\0\0", 3},
	    {TAG_NONCE, "0123456789abcde", 15},
	    {TAG_UID, "\1", 1},
	    {TAG_USERNAME, "bob\0", 4},
	    {TAG_REQUEST_ID, "0123abcde", 9},
	    {TAG_PASSWORD, many, sizeof(many)},
	};
	cleanup_free struct login_facts *facts = facts_of_bob();
	cleanup_free struct login_facts *back = calloc(1, sizeof(*back));
	cleanup_secret struct secret got = {0};
	cleanup_frame struct frame frame = {0};
	char got_nonce[FRAME_NONCE_BYTES];
	size_t i;

	ck_assert_ok(login_to_frame(FRAME_LOGIN, facts, nonce, &got, &frame));
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		cleanup_frame struct frame part = frame_with(
		    &frame, wrong[i].tag, wrong[i].bytes, wrong[i].length);

		ck_assert_int_eq(login_from_frame(&part, back, got_nonce, &got),
		    EXTAUTH_INVALID);
	}
	frame.type = FRAME_VERDICT;
	ck_assert_int_eq(
	    login_from_frame(&frame, back, got_nonce, &got), EXTAUTH_INVALID);
}
END_TEST

static struct frame
frame_of_verdict(enum verdict verdict, const char *message)
{
	struct login_outcome outcome = {
	    .verdict = verdict, .http_status = 403, .duration_ms = 5};
	struct frame frame = {0};

	memcpy(outcome.reason, "no\nway\x7f", 8);
	strncpy(outcome.message, message, LOGIN_MESSAGE_MAX_BYTES);
	memcpy(outcome.tls, "expired", 8);
	ck_assert_ok(login_outcome_to_frame(&outcome, nonce, &frame));
	return frame;
}

START_TEST(verdict_arrives_with_printable_texts)
{
	cleanup_frame struct frame frame =
	    frame_of_verdict(VERDICT_LOCKED, "a\033[2Jb");
	struct login_outcome outcome;

	ck_assert_ok(login_outcome_from_frame(&frame, nonce, &outcome));
	ck_assert_int_eq(outcome.verdict, VERDICT_LOCKED);
	ck_assert_uint_eq(outcome.http_status, 403);
	ck_assert_uint_eq(outcome.duration_ms, 0);
	ck_assert_str_eq(outcome.reason, "no?way?");
	ck_assert_str_eq(outcome.message, "a?[2Jb");
	ck_assert_str_eq(outcome.tls, "expired");
}
END_TEST

START_TEST(longest_message_arrives_whole)
{
	char message[LOGIN_MESSAGE_MAX_BYTES + 1] = {0};
	cleanup_frame struct frame frame = {0};
	struct login_outcome outcome;

	memset(message, 'm', sizeof(message) - 1);
	frame = frame_of_verdict(VERDICT_REJECTED, message);
	ck_assert_ok(login_outcome_from_frame(&frame, nonce, &outcome));
	ck_assert_str_eq(outcome.message, message);
}
END_TEST

START_TEST(printable_text_keeps_letters_and_nothing_that_hides)
{
	static const struct {
		const char *text;
		const char *printable;
	} cases[] = {
	    {"", ""},
	    {"Kennwort ung\xc3\xbcltig", "Kennwort ung\xc3\xbcltig"},
	    {"\xe5\xaf\x86\xe7\xa0\x81 \xf0\x9f\x94\x91",
		"\xe5\xaf\x86\xe7\xa0\x81 \xf0\x9f\x94\x91"},
	    {"cut\xe5\xaf", "cut"},
	    {"latin \xfc 1", "latin ? 1"},
	    {"a\nb\tc\rd\x7f", "a\nb?c?d?"},
	    {"csi \xc2\x9b"
	     "2J",
		"csi ??2J"},
	    {"turn \xe2\x80\xae"
	     "x",
		"turn ???x"},
	    {"\xd8\x9c\xe2\x81\xa6\xef\xbb\xbf", "????????"},
	    {"tag \xf3\xa0\x81\x81", "tag ????"},
	    {"\xe2\x82\xac \xe2\x80\x93", "\xe2\x82\xac \xe2\x80\x93"},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[64] = "";

		memcpy(text, cases[i].text, strlen(cases[i].text));
		login_make_printable(text, "\n");
		ck_assert_str_eq(text, cases[i].printable);
	}
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
	    login_outcome_from_frame(&frame, nonce, &outcome), EXTAUTH_INVALID);
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
		cleanup_frame struct frame part = frame_with(
		    &frame, wrong[i].tag, wrong[i].bytes, wrong[i].length);

		ck_assert_int_eq(
		    login_outcome_from_frame(&part, nonce, &outcome),
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
		if (login_outcome_from_frame(&changed, nonce, &outcome) ==
		    EXTAUTH_OK)
			believed++;
		ck_assert_int_ne(outcome.verdict, VERDICT_ACCEPTED);
	}
	ck_assert_int_gt(believed, 0);
}
END_TEST

START_TEST(request_ids_are_hex_and_differ)
{
	cleanup_free struct login_facts *facts = facts_of_bob();
	char first[LOGIN_REQUEST_ID_BYTES + 1];

	login_make_request_id(facts);
	memcpy(first, facts->request_id, sizeof(first));
	login_make_request_id(facts);
	ck_assert_uint_eq(strspn(first, "0123456789abcdef"), 8);
	ck_assert_uint_eq(strlen(facts->request_id), 8);
	ck_assert_str_ne(first, facts->request_id);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    login_arrives_as_it_was_sent,
	    reset_mail_travels_without_a_password,
	    every_fact_must_be_there,
	    wrong_facts_are_refused,
	    verdict_arrives_with_printable_texts,
	    longest_message_arrives_whole,
	    printable_text_keeps_letters_and_nothing_that_hides,
	    verdict_of_another_run_is_not_believed,
	    verdict_with_a_wrong_field_is_not_believed,
	    no_mutated_refusal_becomes_a_grant,
	    request_ids_are_hex_and_differ,
	    NULL,
	};

	return unit_run("login", tests);
}

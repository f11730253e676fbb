/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "login_case.h"

static const struct login_passwords none;

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

START_TEST(login_arrives_as_it_was_sent)
{
	cleanup_free struct login_facts *facts = facts_of_bob();
	cleanup_free struct login_facts *back = calloc(1, sizeof(*back));
	cleanup_secret struct secret password = {0};
	cleanup_secret struct secret got = {0};
	cleanup_secret struct secret got_new = {0};
	cleanup_frame struct frame frame = {0};
	char got_nonce[FRAME_NONCE_BYTES];

	ck_assert_ok(secret_set(&password, "p\0ss", 4));
	ck_assert_ok(login_to_frame(FRAME_LOGIN, facts, login_case_nonce,
	    &(struct login_passwords){&password, NULL}, &frame));
	ck_assert_ok(login_from_frame(&frame, back, got_nonce, &got, &got_new));
	ck_assert_int_eq(memcmp(back, facts, sizeof(*facts)), 0);
	ck_assert_int_eq(
	    memcmp(got_nonce, login_case_nonce, sizeof(login_case_nonce)), 0);
	ck_assert_uint_eq(got.length, 4);
	ck_assert_int_eq(memcmp(secret_reveal(&got), "p\0ss", 5), 0);
}
END_TEST

START_TEST(phrases_travel_and_may_be_missing)
{
	cleanup_free struct login_facts *facts = facts_of_bob();
	cleanup_free struct login_facts *back = calloc(1, sizeof(*back));
	cleanup_secret struct secret got = {0};
	cleanup_secret struct secret got_new = {0};
	cleanup_frame struct frame frame = {0};
	cleanup_frame struct frame part = {0};
	char got_nonce[FRAME_NONCE_BYTES];

	memcpy(facts->phrases, "one\neins\n", 10);
	ck_assert_ok(login_to_frame(
	    FRAME_LOGIN, facts, login_case_nonce, &none, &frame));
	ck_assert_ok(login_from_frame(&frame, back, got_nonce, &got, &got_new));
	ck_assert_str_eq(back->phrases, "one\neins\n");
	part = login_case_with(&frame, TAG_PHRASES, NULL, 0);
	ck_assert_uint_lt(part.fields.length, frame.fields.length);
	ck_assert_ok(login_from_frame(&part, back, got_nonce, &got, &got_new));
	ck_assert_str_eq(back->phrases, "");
	frame_clear(&part);
	part = login_case_with(&frame, TAG_PHRASES, "a\0b", 3);
	ck_assert_int_eq(
	    login_from_frame(&part, back, got_nonce, &got, &got_new),
	    EXTAUTH_INVALID);
}
END_TEST

START_TEST(reset_mail_travels_without_a_password)
{
	cleanup_free struct login_facts *facts = facts_of_bob();
	cleanup_free struct login_facts *back = calloc(1, sizeof(*back));
	cleanup_secret struct secret got = {0};
	cleanup_secret struct secret got_new = {0};
	cleanup_frame struct frame frame = {0};
	char got_nonce[FRAME_NONCE_BYTES];

	ck_assert_ok(secret_set(&got, "old", 3));
	ck_assert_ok(login_to_frame(
	    FRAME_FORGOT, facts, login_case_nonce, &none, &frame));
	ck_assert_ok(login_from_frame(&frame, back, got_nonce, &got, &got_new));
	ck_assert_uint_eq(got.length, 0);
	ck_assert_uint_eq(got_new.length, 0);
	ck_assert_str_eq(back->email, "bob@example.com");
}
END_TEST

START_TEST(change_travels_with_both_passwords)
{
	cleanup_free struct login_facts *facts = facts_of_bob();
	cleanup_free struct login_facts *back = calloc(1, sizeof(*back));
	cleanup_secret struct secret old = {0};
	cleanup_secret struct secret new = {0};
	cleanup_secret struct secret got = {0};
	cleanup_secret struct secret got_new = {0};
	cleanup_frame struct frame frame = {0};
	char got_nonce[FRAME_NONCE_BYTES];

	ck_assert_ok(secret_set(&old, "old", 3));
	ck_assert_ok(secret_set(&new, "new one", 7));
	ck_assert_ok(login_to_frame(FRAME_CHANGE, facts, login_case_nonce,
	    &(struct login_passwords){&old, &new}, &frame));
	ck_assert_ok(login_from_frame(&frame, back, got_nonce, &got, &got_new));
	ck_assert_str_eq(secret_reveal(&got), "old");
	ck_assert_str_eq(secret_reveal(&got_new), "new one");
	frame.type = FRAME_LOGIN;
	ck_assert_int_eq(
	    login_from_frame(&frame, back, got_nonce, &got, &got_new),
	    EXTAUTH_INVALID);
}
END_TEST

START_TEST(every_fact_must_be_there)
{
	cleanup_free struct login_facts *facts = facts_of_bob();
	cleanup_free struct login_facts *back = calloc(1, sizeof(*back));
	cleanup_secret struct secret got = {0};
	cleanup_secret struct secret got_new = {0};
	cleanup_frame struct frame frame = {0};
	char got_nonce[FRAME_NONCE_BYTES];
	struct login_passwords both = {&got, &got_new};
	int tag;

	ck_assert_ok(secret_set(&got_new, "new", 3));
	ck_assert_ok(login_to_frame(
	    FRAME_CHANGE, facts, login_case_nonce, &both, &frame));
	for (tag = TAG_VERSION; tag <= TAG_NEW_PASSWORD; tag++) {
		cleanup_frame struct frame part =
		    login_case_with(&frame, (enum frame_tag)tag, NULL, 0);

		if (part.fields.length == frame.fields.length ||
		    tag == TAG_PASSWORD)
			continue;
		ck_assert_int_eq(
		    login_from_frame(&part, back, got_nonce, &got, &got_new),
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
	cleanup_secret struct secret got_new = {0};
	cleanup_frame struct frame frame = {0};
	char got_nonce[FRAME_NONCE_BYTES];
	size_t i;

	ck_assert_ok(login_to_frame(FRAME_LOGIN, facts, login_case_nonce,
	    &(struct login_passwords){&got, NULL}, &frame));
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		cleanup_frame struct frame part = login_case_with(
		    &frame, wrong[i].tag, wrong[i].bytes, wrong[i].length);

		ck_assert_int_eq(
		    login_from_frame(&part, back, got_nonce, &got, &got_new),
		    EXTAUTH_INVALID);
	}
	frame.type = FRAME_VERDICT;
	ck_assert_int_eq(
	    login_from_frame(&frame, back, got_nonce, &got, &got_new),
	    EXTAUTH_INVALID);
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
	    phrases_travel_and_may_be_missing,
	    reset_mail_travels_without_a_password,
	    change_travels_with_both_passwords,
	    every_fact_must_be_there,
	    wrong_facts_are_refused,
	    request_ids_are_hex_and_differ,
	    NULL,
	};

	return unit_run("login", tests);
}

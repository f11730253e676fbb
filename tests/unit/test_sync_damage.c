/* SPDX-License-Identifier: MIT */
#include "sync.h"

#include <stdlib.h>
#include <string.h>

#include "sync_case.h"
#include "unit.h"

static void
shorter_frame(int number)
{
	cleanup_frame struct frame frame = sync_case_frame(number);
	size_t length = frame.fields.length;

	ck_assert_ok(sync_case_read(&frame));
	while (length-- > 0) {
		frame.fields.length = length;
		ck_assert_int_eq(sync_case_read(&frame), EXTAUTH_INVALID);
	}
}

START_TEST(every_shorter_frame_is_refused)
{
	int number;

	for (number = 0; number < SYNC_CASE_FRAMES; number++)
		shorter_frame(number);
}
END_TEST

/* The head of each field is a tag and four bytes of length. */
static void
damaged_lengths(int number)
{
	cleanup_frame struct frame frame = sync_case_frame(number);
	char *bytes = frame.fields.bytes;
	size_t at = 0;

	while (at < frame.fields.length) {
		size_t length = (unsigned char)bytes[at + 1] |
		    (size_t)(unsigned char)bytes[at + 2] << 8;
		char top = bytes[at + 4];

		bytes[at + 4] = 0x7f;
		ck_assert_int_eq(sync_case_read(&frame), EXTAUTH_INVALID);
		bytes[at + 4] = top;
		at += 5 + length;
	}
	ck_assert_ok(sync_case_read(&frame));
}

START_TEST(every_damaged_length_is_refused)
{
	int number;

	for (number = 0; number < SYNC_CASE_FRAMES; number++)
		damaged_lengths(number);
}
END_TEST

static void
flipped_bytes(int number)
{
	cleanup_frame struct frame frame = sync_case_frame(number);
	size_t at;

	for (at = 0; at < frame.fields.length; at++) {
		enum extauth_err err;

		frame.fields.bytes[at] ^= 0x10;
		err = sync_case_read(&frame);
		ck_assert(err == EXTAUTH_OK || err == EXTAUTH_INVALID);
		frame.fields.bytes[at] ^= 0x10;
	}
	ck_assert_ok(sync_case_read(&frame));
}

START_TEST(every_flipped_byte_is_survived)
{
	int number;

	for (number = 0; number < SYNC_CASE_FRAMES; number++)
		flipped_bytes(number);
}
END_TEST

static void
other_type(int number)
{
	cleanup_frame struct frame frame = sync_case_frame(number);
	struct sync_user user;
	struct sync_group group;
	struct sync_end end;

	frame.type = FRAME_TRACE;
	ck_assert_int_eq(sync_user_from_frame(&frame, &user), EXTAUTH_INVALID);
	ck_assert_int_eq(
	    sync_group_from_frame(&frame, &group), EXTAUTH_INVALID);
	ck_assert_int_eq(sync_end_from_frame(&frame, sync_case_nonce, &end),
	    EXTAUTH_INVALID);
}

START_TEST(frame_of_another_type_is_refused)
{
	int number;

	for (number = 0; number < SYNC_CASE_FRAMES; number++)
		other_type(number);
}
END_TEST

START_TEST(job_of_another_type_or_version_is_refused)
{
	cleanup_frame struct frame frame = sync_case_frame(0);
	cleanup_free struct sync_job *job = calloc(1, sizeof(*job));
	char theirs[FRAME_NONCE_BYTES];

	frame.type = FRAME_LOGIN;
	ck_assert_int_eq(
	    sync_job_from_frame(&frame, job, theirs), EXTAUTH_INVALID);
	frame.type = FRAME_SYNC;
	frame.fields.bytes[5]++;
	ck_assert_int_eq(
	    sync_job_from_frame(&frame, job, theirs), EXTAUTH_INVALID);
}
END_TEST

/* A NUL in a text would hide what follows it. */
static const struct {
	int frame;
	enum frame_tag tag;
} texts[] = {
    {0, TAG_CONFIG_PATH},
    {0, TAG_STATE},
    {1, TAG_EXTERNAL_ID},
    {1, TAG_EMAIL},
    {1, TAG_SHELL},
    {2, TAG_NAME},
    {4, TAG_REASON},
    {4, TAG_STATE},
};

static void
text_with_nul(int number)
{
	cleanup_frame struct frame good = sync_case_frame(texts[number].frame);
	cleanup_frame struct frame frame = frame_make(good.type);

	/* The first field of a tag counts. */
	ck_assert_ok(frame_add(&frame, texts[number].tag, "a\0b", 3));
	ck_assert_ok(buffer_append(
	    &frame.fields, good.fields.bytes, good.fields.length));
	ck_assert_int_eq(sync_case_read(&frame), EXTAUTH_INVALID);
}

START_TEST(text_with_a_nul_is_refused)
{
	int number;

	for (number = 0; number < (int)(sizeof(texts) / sizeof(texts[0]));
	     number++)
		text_with_nul(number);
}
END_TEST

START_TEST(text_of_256_bytes_is_refused)
{
	cleanup_frame struct frame good = sync_case_frame(1);
	cleanup_frame struct frame frame = frame_make(FRAME_USER);
	char text[256];

	memset(text, 'x', sizeof(text));
	ck_assert_ok(frame_add(&frame, TAG_GECOS, text, sizeof(text)));
	ck_assert_ok(buffer_append(
	    &frame.fields, good.fields.bytes, good.fields.length));
	ck_assert_int_eq(sync_case_read(&frame), EXTAUTH_INVALID);
}
END_TEST

static const struct {
	int frame;
	enum frame_tag tag;
	const char *bytes;
	size_t length;
} lists[] = {
    {1, TAG_GROUPS, "one", 3},        /* no NUL */
    {1, TAG_GROUPS, "one\0two", 7},   /* no NUL at the end */
    {1, TAG_GROUPS, "one", 4},        /* no pair */
    {2, TAG_MEMBERS, "one\0two", 7},  /* no NUL at the end */
    {2, TAG_MEMBERS, "one\0\0", 5},   /* an empty id */
    {1, TAG_EXTERNAL_ID, "", 0},      /* nobody */
    {1, TAG_FLAGS, "\x04\0\0", 4},    /* a flag that is not known */
    {4, TAG_FLAGS, "\x02\0\0", 4},    /* the same */
    {4, TAG_END, "\x05\0\0", 4},      /* a kind that is not known */
    {1, TAG_UID, "\x05\0\0", 3},      /* no number */
    {2, TAG_GID, "\x05\0\0", 3},      /* the same */
    {4, TAG_HTTP_STATUS, "\x05\0", 2} /* the same */
};

static void
lie(int number)
{
	cleanup_frame struct frame good = sync_case_frame(lists[number].frame);
	cleanup_frame struct frame frame = frame_make(good.type);

	ck_assert_ok(frame_add(&frame, lists[number].tag, lists[number].bytes,
	    lists[number].length));
	ck_assert_ok(buffer_append(
	    &frame.fields, good.fields.bytes, good.fields.length));
	ck_assert_int_eq(sync_case_read(&frame), EXTAUTH_INVALID);
}

START_TEST(list_or_number_that_lies_is_refused)
{
	int number;

	for (number = 0; number < (int)(sizeof(lists) / sizeof(lists[0]));
	     number++)
		lie(number);
}
END_TEST

START_TEST(long_text_of_a_list_is_refused)
{
	cleanup_sync_group struct sync_group group = {.id = "g"};
	struct sync_group back;
	cleanup_frame struct frame frame = {0};
	char text[257];

	memset(text, 'x', sizeof(text) - 1);
	text[256] = '\0';
	ck_assert_ok(sync_texts_add(&group.members, text));
	ck_assert_ok(sync_group_to_frame(&group, &frame));
	ck_assert_int_eq(sync_group_from_frame(&frame, &back), EXTAUTH_INVALID);
}
END_TEST

START_TEST(group_without_id_and_name_is_refused)
{
	struct sync_group group = {.has_gid = false};
	struct sync_group back;
	cleanup_frame struct frame frame = {0};

	ck_assert_ok(sync_group_to_frame(&group, &frame));
	ck_assert_int_eq(sync_group_from_frame(&frame, &back), EXTAUTH_INVALID);
}
END_TEST

START_TEST(list_over_the_limit_is_refused)
{
	static char bytes[SYNC_TEXTS_MAX_BYTES + 1];
	cleanup_frame struct frame frame = frame_make(FRAME_GROUP);

	ck_assert_ok(frame_add_text(&frame, TAG_EXTERNAL_ID, "g"));
	ck_assert_ok(frame_add_text(&frame, TAG_NAME, "g"));
	ck_assert_ok(frame_add(&frame, TAG_MEMBERS, bytes, sizeof(bytes)));
	ck_assert_int_eq(sync_case_read(&frame), EXTAUTH_INVALID);
}
END_TEST

START_TEST(state_over_the_limit_is_neither_sent_nor_read)
{
	static char state[SYNC_STATE_MAX_BYTES + 2];
	struct sync_end end = sync_case_end(state);
	cleanup_frame struct frame good = sync_case_frame(4);
	cleanup_frame struct frame frame = frame_make(FRAME_END);

	memset(state, 's', sizeof(state) - 1);
	ck_assert_int_eq(
	    sync_end_to_frame(&end, sync_case_nonce, &frame), EXTAUTH_TOOBIG);
	ck_assert_ok(frame_add_text(&frame, TAG_STATE, state));
	ck_assert_ok(buffer_append(
	    &frame.fields, good.fields.bytes, good.fields.length));
	ck_assert_int_eq(sync_case_read(&frame), EXTAUTH_INVALID);
}
END_TEST

/* What is left of a text that was cut within a character is no text of its own:
 * it would make a group's name the id of the next. */
START_TEST(text_that_ends_within_a_character_is_one_text)
{
	static const char *const texts_sent[] = {
	    "g-1", "cut \xe2\x82", "g-2", "\xf0\x9f\x98", "g-3", "last\xc3"};
	static const char *const texts_read[] = {
	    "g-1", "cut ", "g-2", "", "g-3", "last"};
	cleanup_sync_user struct sync_user user = {.id = "u-1"};
	cleanup_sync_user struct sync_user back = {0};
	cleanup_frame struct frame frame = {0};
	const char *text = NULL;
	size_t number;

	for (number = 0; number < 6; number++)
		ck_assert_ok(sync_texts_add(&user.groups, texts_sent[number]));
	ck_assert_ok(sync_user_to_frame(&user, &frame));
	ck_assert_ok(sync_user_from_frame(&frame, &back));
	ck_assert_uint_eq(back.groups.count, 6);
	for (number = 0; number < 6; number++) {
		text = sync_texts_next(&back.groups, text);
		ck_assert_ptr_nonnull(text);
		ck_assert_str_eq(text, texts_read[number]);
	}
	ck_assert_ptr_null(sync_texts_next(&back.groups, text));
}
END_TEST

START_TEST(user_of_whose_id_nothing_can_be_shown_is_refused)
{
	cleanup_sync_user struct sync_user user = {.id = "\xe2\x82"};
	cleanup_frame struct frame frame = {0};

	ck_assert_ok(sync_user_to_frame(&user, &frame));
	ck_assert_int_eq(sync_case_read(&frame), EXTAUTH_INVALID);
}
END_TEST

START_TEST(group_or_member_of_which_nothing_can_be_shown_is_refused)
{
	cleanup_sync_group struct sync_group group = {.name = "\xc3"};
	cleanup_frame struct frame nameless = {0};
	cleanup_frame struct frame frame = {0};

	ck_assert_ok(sync_group_to_frame(&group, &nameless));
	ck_assert_int_eq(sync_case_read(&nameless), EXTAUTH_INVALID);
	group.name[0] = 'g';
	ck_assert_ok(sync_texts_add(&group.members, "\xc3"));
	ck_assert_ok(sync_group_to_frame(&group, &frame));
	ck_assert_int_eq(sync_case_read(&frame), EXTAUTH_INVALID);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    every_shorter_frame_is_refused,
	    every_damaged_length_is_refused,
	    every_flipped_byte_is_survived,
	    frame_of_another_type_is_refused,
	    job_of_another_type_or_version_is_refused,
	    text_with_a_nul_is_refused,
	    text_of_256_bytes_is_refused,
	    list_or_number_that_lies_is_refused,
	    long_text_of_a_list_is_refused,
	    group_without_id_and_name_is_refused,
	    list_over_the_limit_is_refused,
	    state_over_the_limit_is_neither_sent_nor_read,
	    text_that_ends_within_a_character_is_one_text,
	    user_of_whose_id_nothing_can_be_shown_is_refused,
	    group_or_member_of_which_nothing_can_be_shown_is_refused,
	    NULL,
	};

	return unit_run("sync_damage", tests);
}

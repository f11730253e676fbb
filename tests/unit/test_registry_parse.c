/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "identity.h"
#include "registry_format.h"
#include "registry_record.h"
#include "registry_text.h"
#include "unit.h"

#define A_UID 2000200001U
#define LONG_TEXT                                                              \
	"0123456789012345678901234567890123456789012345678901234567890123"

/* The texts of a user, and what is put into the record besides. */
struct sample {
	const char *texts[TEXT_COUNT];
	bool is_good;
};

static const struct sample samples[] = {
    {{"alice", "Alice", "/home/alice", "/bin/sh", "", "", "", ""}, true},
    {{"alice", "", "/h", "/s", "", "", "", ""}, true},
    {{"a@example.com", "A", "/h", "/s", "", "", "", ""}, true},
    {{"alice", "A/.B//C", "/h", "/s", "", "", "", ""}, true},
    {{"alice", "A", "/h/.x", "/s", "", "", "", ""}, true},
    {{"alice", "A", "/h/..x", "/s", "", "", "", ""}, true},
    {{"alice", "A", "/h", "/s", "a@example.com", "1", "p", "s"}, true},
    {{"alice", "A", "/h", "/s", "", "a:b", "p", "s"}, true},
    {{"alice", LONG_TEXT LONG_TEXT LONG_TEXT, "/" LONG_TEXT, "/s", "", "", "",
	 ""},
	true},
    {{"Alice", "A", "/h", "/s", "", "", "", ""}, false},
    {{"", "A", "/h", "/s", "", "", "", ""}, false},
    {{"-alice", "A", "/h", "/s", "", "", "", ""}, false},
    {{LONG_TEXT, "A", "/h", "/s", "", "", "", ""}, false},
    {{"alice", "A:B", "/h", "/s", "", "", "", ""}, false},
    {{"alice", "A\nB", "/h", "/s", "", "", "", ""}, false},
    {{"alice", "A\x7f", "/h", "/s", "", "", "", ""}, false},
    {{"alice", "A\x80", "/h", "/s", "", "", "", ""}, false},
    {{"alice", "A\xff", "/h", "/s", "", "", "", ""}, false},
    {{"alice", "A", "", "/s", "", "", "", ""}, false},
    {{"alice", "A", "/", "/s", "", "", "", ""}, false},
    {{"alice", "A", "h", "/s", "", "", "", ""}, false},
    {{"alice", "A", "/h/", "/s", "", "", "", ""}, false},
    {{"alice", "A", "/h//x", "/s", "", "", "", ""}, false},
    {{"alice", "A", "/h/./x", "/s", "", "", "", ""}, false},
    {{"alice", "A", "/h/..", "/s", "", "", "", ""}, false},
    {{"alice", "A", "/h:x", "/s", "", "", "", ""}, false},
    {{"alice", "A", "hx", "/s", "", "", "", ""}, false},
    {{"alice", "A", "x/y", "/s", "", "", "", ""}, false},
    {{"alice", "A", "/h", "", "", "", "", ""}, false},
    {{"alice", "A", "/h", "/s/", "", "", "", ""}, false},
    {{"alice", "A", "h/", "s/", "", "", "", ""}, false},
    {{"alice", "A", "/h/", "/s/", "", "", "", ""}, false},
    {{"alice", "A", "/h", "/s\t", "", "", "", ""}, false},
    {{"alice", "A", "/h", "/s/..", "", "", "", ""}, false},
    {{"alice", "A", "/h", "/s", "a", "", "", ""}, false},
    {{"alice", "A", "/h", "/s", "", " 1", "", ""}, false},
    {{"alice", "A", "/h", "/s", "", "", "p:q", ""}, false},
    {{"alice", "A", "/h", "/s", "", "", "", "s\x01"}, false},
    {{"alice", LONG_TEXT LONG_TEXT LONG_TEXT LONG_TEXT, "/h", "/s", "", "", "",
	 ""},
	false},
    {{"alice", "A", "/" LONG_TEXT LONG_TEXT LONG_TEXT LONG_TEXT, "/s", "", "",
	 "", ""},
	false},
};

#define SAMPLE_COUNT (sizeof(samples) / sizeof(*samples))

/* Makes a record of its own length; NULL-terminated texts. */
static char *
make_record(const struct sample *sample, size_t gid_count, uint32_t *ret_length)
{
	size_t length = USER_FIXED_BYTES + gid_count * sizeof(uint32_t);
	size_t at = length;
	char *record;
	size_t number;

	for (number = 0; number < TEXT_COUNT; number++)
		length += strlen(sample->texts[number]) + 1;
	length += -length % REGISTRY_RECORD_ALIGN;
	record = calloc(1, length);
	ck_assert_ptr_nonnull(record);
	record[RECORD_KIND] = REGISTRY_USER;
	registry_put32(record + RECORD_NUMBER, A_UID);
	registry_put32(record + USER_GID, A_UID);
	registry_put32(record + USER_GID_COUNT, (uint32_t)gid_count);
	for (number = 0; number < gid_count; number++)
		registry_put32(record + USER_FIXED_BYTES + number * 4,
		    A_UID + (uint32_t)number);
	for (number = 0; number < TEXT_COUNT; number++) {
		size_t bytes = strlen(sample->texts[number]);

		registry_put16(
		    record + USER_TEXT_LENGTHS + 2 * number, (uint16_t)bytes);
		memcpy(record + at, sample->texts[number], bytes);
		at += bytes + 1;
	}
	*ret_length = (uint32_t)length;
	return record;
}

static enum extauth_err
parse(const struct sample *sample, size_t gid_count)
{
	struct registry_record record = {0};
	uint32_t length;
	char *bytes = make_record(sample, gid_count, &length);
	enum extauth_err err = registry_record_parse(bytes, length, &record);

	if (err == EXTAUTH_OK) {
		ck_assert_str_eq(record.user.name, sample->texts[TEXT_NAME]);
		ck_assert_str_eq(record.user.shell, sample->texts[TEXT_SHELL]);
		ck_assert_str_eq(
		    record.user.source, sample->texts[TEXT_SOURCE]);
	}
	free(bytes);
	return err;
}

START_TEST(every_field_is_checked)
{
	size_t number;
	size_t gids;

	for (number = 0; number < SAMPLE_COUNT; number++) {
		for (gids = 0; gids < 6; gids++)
			ck_assert_msg(
			    (parse(&samples[number], gids) == EXTAUTH_OK) ==
				samples[number].is_good,
			    "sample %zu", number);
	}
}
END_TEST

/* A user as the file for NSS has him. */
static struct registry_user
plain_user(const char *home)
{
	return (struct registry_user){.name = "alice",
	    .gecos = "Alice",
	    .home = home,
	    .shell = "/bin/sh",
	    .email = "",
	    .external_id = "",
	    .provider = "",
	    .source = "",
	    .uid = A_UID,
	    .gid = A_UID};
}

/* Every byte of a text may hide every other: those that the quick look lets
 * pass are those that the rules of each field let pass. */
START_TEST(quick_look_is_as_strict_as_the_rules)
{
	static const char base[] = "/home/al";
	unsigned byte;
	size_t place;

	for (place = 0; place < sizeof(base) - 1; place++) {
		for (byte = 1; byte <= 0xff; byte++) {
			char home[sizeof(base)];
			struct sample sample = samples[0];
			struct registry_user user = plain_user(home);

			memcpy(home, base, sizeof(home));
			home[place] = (char)byte;
			sample.texts[TEXT_HOME] = home;
			ck_assert_int_eq(parse(&sample, 0),
			    registry_check_user(&user, NULL));
		}
	}
}
END_TEST

START_TEST(lengths_that_lie_are_refused)
{
	struct registry_record record = {0};
	uint32_t length;
	size_t number;
	unsigned lie;

	for (number = 0; number < TEXT_COUNT; number++) {
		for (lie = 0; lie <= 0xffff; lie++) {
			char *bytes = make_record(&samples[6], 1, &length);
			char *place = bytes + USER_TEXT_LENGTHS + 2 * number;
			bool is_true = registry_get16(place) == lie;

			registry_put16(place, (uint16_t)lie);
			if ((registry_record_parse(bytes, length, &record) ==
				EXTAUTH_OK) != is_true)
				ck_abort_msg(
				    "text %zu, length %u", number, lie);
			free(bytes);
		}
	}
}
END_TEST

/* All NULs are there, and one of them is not where its text ends. */
START_TEST(text_that_is_cut_is_refused)
{
	struct registry_record record = {0};
	uint32_t length;
	size_t number;

	for (number = 0; number + 1 < TEXT_COUNT; number++) {
		char *bytes = make_record(&samples[6], 1, &length);
		char *place = bytes + USER_TEXT_LENGTHS + 2 * number;
		uint16_t first = registry_get16(place);
		uint16_t second = registry_get16(place + 2);

		ck_assert_ok(registry_record_parse(bytes, length, &record));
		if (first > 0) {
			registry_put16(place, (uint16_t)(first - 1));
			registry_put16(place + 2, (uint16_t)(second + 1));
			ck_assert_int_eq(
			    registry_record_parse(bytes, length, &record),
			    EXTAUTH_INVALID);
		}
		if (second > 0) {
			registry_put16(place, (uint16_t)(first + 1));
			registry_put16(place + 2, (uint16_t)(second - 1));
			ck_assert_int_eq(
			    registry_record_parse(bytes, length, &record),
			    EXTAUTH_INVALID);
		}
		free(bytes);
	}
}
END_TEST

START_TEST(first_gid_that_cannot_be_is_named)
{
	static const uint32_t gids[] = {5, A_UID, A_UID, 6};
	struct registry_user user = plain_user("/home/alice");
	size_t first;

	for (first = 0; first < 4; first++) {
		struct extauth_error error = {0};
		struct extauth_error wanted = {0};

		user.gids = gids + first;
		user.gid_count = (uint32_t)(4 - first);
		ck_assert_int_eq(
		    registry_check_user(&user, &error), EXTAUTH_INVALID);
		ck_assert_int_eq(
		    identity_check_uid(first == 0 ? 5 : 6, &wanted),
		    EXTAUTH_INVALID);
		ck_assert_str_eq(error.text, wanted.text);
	}
}
END_TEST

START_TEST(record_has_so_many_gids_at_most)
{
	static const uint32_t counts[] = {4, 5, 15, 64, 4000, 70000};
	struct registry_record record = {0};
	uint32_t length;
	size_t number;
	char *bytes;

	ck_assert_ok(parse(&samples[0], REGISTRY_GIDS_MAX));
	ck_assert_int_eq(
	    parse(&samples[0], REGISTRY_GIDS_MAX + 1), EXTAUTH_INVALID);
	for (number = 0; number < sizeof(counts) / sizeof(*counts); number++) {
		bytes = make_record(&samples[0], 3, &length);
		registry_put32(bytes + USER_GID_COUNT, counts[number]);
		ck_assert_int_eq(registry_record_parse(bytes, length, &record),
		    EXTAUTH_INVALID);
		free(bytes);
	}
}
END_TEST

START_TEST(nul_inside_or_anything_behind_is_refused)
{
	struct registry_record record = {0};
	uint32_t length;
	uint32_t place;

	for (place = USER_FIXED_BYTES;; place++) {
		char *bytes = make_record(&samples[0], 0, &length);
		bool is_nul = bytes[place] == '\0';

		bytes[place] = is_nul ? 'x' : '\0';
		ck_assert_int_eq(registry_record_parse(bytes, length, &record),
		    EXTAUTH_INVALID);
		free(bytes);
		if (place + 1 == length)
			break;
	}
}
END_TEST

START_TEST(numbers_are_checked)
{
	static const uint32_t bad[] = {
	    0, 999, 60001, 65535, 524288, 1879048191, 2147352576, UINT32_MAX};
	static const enum registry_record_field places[] = {RECORD_NUMBER,
	    USER_GID, (enum registry_record_field)USER_FIXED_BYTES};
	struct registry_record record = {0};
	uint32_t length;
	size_t number;
	size_t place;

	for (place = 0; place < sizeof(places) / sizeof(*places); place++) {
		for (number = 0; number < sizeof(bad) / sizeof(*bad);
		     number++) {
			char *bytes = make_record(&samples[0], 1, &length);

			registry_put32(bytes + places[place], bad[number]);
			ck_assert_int_eq(
			    registry_record_parse(bytes, length, &record),
			    EXTAUTH_INVALID);
			free(bytes);
		}
	}
}
END_TEST

/* What registry_text_scan says, byte by byte. */
static struct registry_text_marks
look_at(const char *bytes, size_t length)
{
	struct registry_text_marks marks = {.is_plain = true};
	size_t place;

	for (place = 0; place < length; place++) {
		char byte = bytes[place];

		marks.nuls += byte == '\0';
		if (byte != '\0' && (byte < 0x20 || byte > 0x7e || byte == ':'))
			marks.is_plain = false;
		if (bytes[(ptrdiff_t)place - 1] == '/' &&
		    (byte == '/' || byte == '.'))
			marks.is_plain = false;
	}
	return marks;
}

START_TEST(scan_sees_every_byte)
{
	static const char choice[] = {'a', 'z', ' ', '~', '/', '0', '\0', '.',
	    ':', '\x7f', '\x80', '\xff', '\x1f', '\x01'};
	char *bytes = malloc(17 + 4080);
	unsigned noise = 1;
	unsigned round;

	ck_assert_ptr_nonnull(bytes);
	memset(bytes, 'a', 17 + 4080);
	for (round = 0; round < 200000; round++) {
		size_t length = 1 + round % (round % 100 == 0 ? 4080 : 60);
		char *start = bytes + 17 + 4080 - length;
		struct registry_text_marks marks;
		struct registry_text_marks wanted;
		unsigned number;

		memset(start - 1, 'b', length + 1);
		for (number = 0; number < 3; number++) {
			noise = noise * 1103515245 + 12345;
			start[(noise >> 8) % length] =
			    choice[(noise >> 20) % sizeof(choice)];
		}
		marks = registry_text_scan(start, length);
		wanted = look_at(start, length);
		if (marks.nuls != wanted.nuls ||
		    marks.is_plain != wanted.is_plain)
			ck_abort_msg("round %u", round);
	}
	memset(bytes, 0, 17 + 4080);
	ck_assert_uint_eq(registry_text_scan(bytes + 17, 4080).nuls, 4080);
	free(bytes);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    every_field_is_checked,
	    quick_look_is_as_strict_as_the_rules,
	    lengths_that_lie_are_refused,
	    text_that_is_cut_is_refused,
	    first_gid_that_cannot_be_is_named,
	    record_has_so_many_gids_at_most,
	    nul_inside_or_anything_behind_is_refused,
	    numbers_are_checked,
	    scan_sees_every_byte,
	    NULL,
	};

	return unit_run("registry_parse", tests);
}

/* SPDX-License-Identifier: MIT */
#include "buffer.h"

#include <string.h>
#include <unistd.h>

#include "unit.h"

START_TEST(empty_buffer_is_an_empty_text)
{
	struct buffer none = {0};

	ck_assert_str_eq(buffer_text(&none), "");
	ck_assert_int_eq(buffer_append(&none, "a", 1), EXTAUTH_TOOBIG);
	buffer_clear(&none);
	buffer_clear(NULL);
}
END_TEST

START_TEST(limit_holds_to_the_byte)
{
	cleanup_buffer struct buffer buffer = buffer_make(300);
	char bytes[301];

	memset(bytes, 'x', sizeof(bytes));
	ck_assert_int_eq(buffer_append(&buffer, bytes, 301), EXTAUTH_TOOBIG);
	ck_assert_uint_eq(buffer.length, 0);
	ck_assert_ok(buffer_append(&buffer, bytes, 300));
	ck_assert_int_eq(buffer_append(&buffer, bytes, 1), EXTAUTH_TOOBIG);
	ck_assert_uint_eq(strlen(buffer_text(&buffer)), 300);
}
END_TEST

START_TEST(content_survives_growth)
{
	cleanup_buffer struct buffer buffer = buffer_make(100000);
	unsigned number;

	for (number = 0; number < 5000; number++)
		ck_assert_ok(buffer_append_format(&buffer, "%04u,", number));
	ck_assert_uint_eq(buffer.length, 25000);
	ck_assert_int_eq(memcmp(buffer.bytes + 5 * 4321, "4321,", 5), 0);
}
END_TEST

START_TEST(over_long_format_is_refused)
{
	cleanup_buffer struct buffer buffer = buffer_make(100000);

	ck_assert_int_eq(
	    buffer_append_format(&buffer, "%2000s", "x"), EXTAUTH_TOOBIG);
	ck_assert_uint_eq(buffer.length, 0);
}
END_TEST

START_TEST(cleared_buffer_keeps_its_limit)
{
	cleanup_buffer struct buffer buffer = buffer_make(3);

	ck_assert_ok(buffer_append_text(&buffer, "abc"));
	buffer_clear(&buffer);
	ck_assert_uint_eq(buffer.length, 0);
	ck_assert_ok(buffer_append_text(&buffer, "abc"));
}
END_TEST

START_TEST(what_a_descriptor_gives_is_read_to_its_end)
{
	cleanup_buffer struct buffer buffer = buffer_make(3000);
	char bytes[3000];
	int ends[2];

	memset(bytes, 'x', sizeof(bytes));
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(write(ends[1], bytes, 3000), 3000);
	ck_assert_int_eq(close(ends[1]), 0);
	ck_assert_ok(buffer_read(&buffer, ends[0]));
	ck_assert_uint_eq(buffer.length, 3000);
	ck_assert_ok(buffer_read(&buffer, ends[0]));
	ck_assert_int_eq(close(ends[0]), 0);
	ck_assert_int_eq(buffer_read(&buffer, ends[0]), EXTAUTH_SYSTEM);
	ck_assert_uint_eq(buffer.length, 3000);
}
END_TEST

START_TEST(more_than_the_limit_is_not_read)
{
	cleanup_buffer struct buffer buffer = buffer_make(3);
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(write(ends[1], "abcd", 4), 4);
	ck_assert_int_eq(close(ends[1]), 0);
	ck_assert_int_eq(buffer_read(&buffer, ends[0]), EXTAUTH_TOOBIG);
	ck_assert_int_eq(close(ends[0]), 0);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    empty_buffer_is_an_empty_text,
	    limit_holds_to_the_byte,
	    content_survives_growth,
	    over_long_format_is_refused,
	    cleared_buffer_keeps_its_limit,
	    what_a_descriptor_gives_is_read_to_its_end,
	    more_than_the_limit_is_not_read,
	    NULL,
	};

	return unit_run("buffer", tests);
}

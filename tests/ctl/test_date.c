/* SPDX-License-Identifier: MIT */
#include "date.h"

#include "unit.h"

START_TEST(day_ends_with_its_last_second)
{
	char text[DATE_BYTES];
	int64_t seconds = 0;

	ck_assert_ok(date_parse("1970-01-01", &seconds, NULL));
	ck_assert_int_eq(seconds, 86399);
	ck_assert_ok(date_parse("2028-02-29", &seconds, NULL));
	date_format(seconds, text);
	ck_assert_str_eq(text, "2028-02-29");
}
END_TEST

START_TEST(moment_is_written_as_it_was_read)
{
	char text[DATE_BYTES];
	int64_t seconds = 0;

	ck_assert_ok(date_parse("2030-01-02T03:04:05Z", &seconds, NULL));
	date_format(seconds, text);
	ck_assert_str_eq(text, "2030-01-02T03:04:05Z");
}
END_TEST

START_TEST(nothing_is_no_end)
{
	char text[DATE_BYTES] = "x";
	int64_t seconds = 1;

	ck_assert_ok(date_parse("", &seconds, NULL));
	ck_assert_int_eq(seconds, 0);
	date_format(0, text);
	ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(what_is_no_date_is_refused)
{
	static const char *const wrong[] = {
	    "tomorrow",
	    "2030-1-1",
	    "2030-02-30",
	    "2030-13-01",
	    "2030-00-10",
	    "2030-01-01 ",
	    "2030/01/01",
	    "1960-01-01",
	    "2030-01-01T25:00:00Z",
	    "2030-01-01T10:00:00",
	};
	size_t index;

	for (index = 0; index < sizeof(wrong) / sizeof(wrong[0]); index++) {
		struct extauth_error error = {0};
		int64_t seconds = 7;

		ck_assert_int_eq(date_parse(wrong[index], &seconds, &error),
		    EXTAUTH_INVALID);
		ck_assert_int_eq(seconds, 7);
		ck_assert_str_ne(error.text, "");
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    day_ends_with_its_last_second,
	    moment_is_written_as_it_was_read,
	    nothing_is_no_end,
	    what_is_no_date_is_refused,
	    NULL,
	};

	return unit_run("date", tests);
}

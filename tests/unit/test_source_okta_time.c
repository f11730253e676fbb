/* SPDX-License-Identifier: MIT */
#include "source_okta_time.h"

#include "unit.h"

#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))

static const struct {
	const char *text;
	int64_t seconds;
} times[] = {
    {"1970-01-01T00:00:00.000Z", 0},
    {"1970-01-01T00:00:01.000Z", 1},
    {"1999-12-31T23:59:59.000Z", 946684799},
    {"2000-02-29T12:30:45.000Z", 951827445},
    {"2000-03-01T00:00:00.000Z", 951868800},
    {"2023-03-01T00:00:00.000Z", 1677628800},
    {"2026-01-01T00:00:00.000Z", 1767225600},
    {"2100-03-01T00:00:00.000Z", 4107542400},
    {"9999-12-31T23:59:59.000Z", 253402300799},
};

static void
check_time(const char *text, int64_t seconds)
{
	char printed[OKTA_TIME_BYTES];
	int64_t read;

	ck_assert(okta_time_read(text, &read));
	ck_assert_int_eq(read, seconds);
	okta_time_print(seconds, printed);
	ck_assert_str_eq(printed, text);
}

START_TEST(times_are_read_and_written_alike)
{
	size_t at;

	for (at = 0; at < COUNT(times); at++)
		check_time(times[at].text, times[at].seconds);
}
END_TEST

START_TEST(fractions_are_left_out)
{
	static const char *const texts[] = {"2026-01-01T00:00:00Z",
	    "2026-01-01T00:00:00.9Z", "2026-01-01T00:00:00.999999999Z"};
	int64_t seconds;
	size_t at;

	for (at = 0; at < COUNT(texts); at++) {
		ck_assert(okta_time_read(texts[at], &seconds));
		ck_assert_int_eq(seconds, 1767225600);
	}
}
END_TEST

START_TEST(what_is_no_time_is_refused)
{
	static const char *const texts[] = {"", "now", "2026-01-01",
	    "2026-01-01T00:00:00", "2026-01-01T00:00:00+00:00",
	    "2026-01-01 00:00:00Z", "2026-13-01T00:00:00Z",
	    "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z",
	    "2026-02-29T00:00:00Z", "1969-12-31T23:59:59Z",
	    "2026-01-01T00:00:00.5", "2026-01-01T00:00:00ZZ",
	    "9999-12-31T99:99:99Z"};
	int64_t seconds;
	size_t at;

	for (at = 0; at < COUNT(texts); at++)
		ck_assert_msg(
		    !okta_time_read(texts[at], &seconds), "%s", texts[at]);
}
END_TEST

START_TEST(seconds_are_digits_alone)
{
	static const char *const texts[] = {
	    "", "-1", " 1", "1 ", "1x", "253402300800", "9999999999999"};
	int64_t seconds;
	size_t at;

	ck_assert(okta_time_read_seconds("1767225600", &seconds));
	ck_assert_int_eq(seconds, 1767225600);
	for (at = 0; at < COUNT(texts); at++)
		ck_assert_msg(!okta_time_read_seconds(texts[at], &seconds),
		    "%s", texts[at]);
}
END_TEST

START_TEST(times_out_of_range_are_cut)
{
	char text[OKTA_TIME_BYTES];

	okta_time_print(-300, text);
	ck_assert_str_eq(text, "1970-01-01T00:00:00.000Z");
	okta_time_print(INT64_MAX, text);
	ck_assert_str_eq(text, "9999-12-31T23:59:59.000Z");
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    times_are_read_and_written_alike,
	    fractions_are_left_out,
	    what_is_no_time_is_refused,
	    seconds_are_digits_alone,
	    times_out_of_range_are_cut,
	    NULL,
	};

	return unit_run("source_okta_time", tests);
}

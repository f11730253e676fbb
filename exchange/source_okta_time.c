/* SPDX-License-Identifier: MIT */
#include "source_okta_time.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DAY_S 86400
#define HOUR_S 3600
#define MINUTE_S 60
#define FIRST_YEAR 1970
#define LAST_S INT64_C(253402300799)
#define FORM "0000-00-00T00:00:00"

static bool
time_is_leap(int64_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int64_t
time_month_days(int64_t year, int64_t month)
{
	static const int64_t days[] = {
	    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return month == 2 && time_is_leap(year) ? 29 : days[month - 1];
}

static int64_t
time_year_days(int64_t year)
{
	return time_is_leap(year) ? 366 : 365;
}

/* Tells whether each '0' of FORM is a digit, and all else is as it is there. */
static bool
time_has_form(const char *text)
{
	const char *form = FORM;

	for (; *form != '\0'; form++, text++)
		if (*form == '0' ? *text < '0' || *text > '9' : *text != *form)
			return false;
	if (*text == '.')
		text += 1 + strspn(text + 1, "0123456789");
	return strcmp(text, "Z") == 0;
}

static int64_t
time_part(const char *text, size_t digits)
{
	int64_t number = 0;

	while (digits-- > 0)
		number = number * 10 + (*text++ - '0');
	return number;
}

bool
okta_time_read(const char *text, int64_t *ret_s)
{
	int64_t days = 0;
	int64_t year;
	int64_t month;
	int64_t day;
	int64_t at;

	if (!time_has_form(text))
		return false;
	year = time_part(text, 4);
	month = time_part(text + 5, 2);
	day = time_part(text + 8, 2);
	if (year < FIRST_YEAR || month < 1 || month > 12 || day < 1 ||
	    day > time_month_days(year, month))
		return false;
	for (at = FIRST_YEAR; at < year; at++)
		days += time_year_days(at);
	for (at = 1; at < month; at++)
		days += time_month_days(year, at);
	*ret_s = (days + day - 1) * DAY_S + time_part(text + 11, 2) * HOUR_S +
	    time_part(text + 14, 2) * MINUTE_S + time_part(text + 17, 2);
	return *ret_s <= LAST_S;
}

bool
okta_time_read_seconds(const char *text, int64_t *ret_s)
{
	size_t digits = strspn(text, "0123456789");

	if (digits == 0 || digits > sizeof("253402300799") - 1 ||
	    text[digits] != '\0')
		return false;
	*ret_s = time_part(text, digits);
	return *ret_s <= LAST_S;
}

void
okta_time_print(int64_t seconds, char text[OKTA_TIME_BYTES])
{
	int64_t left = seconds > 0 ? seconds : 0;
	int64_t days;
	int64_t year = FIRST_YEAR;
	int64_t month = 1;

	if (left > LAST_S)
		left = LAST_S;
	days = left / DAY_S;
	left %= DAY_S;
	while (days >= time_year_days(year))
		days -= time_year_days(year++);
	while (days >= time_month_days(year, month))
		days -= time_month_days(year, month++);
	(void)snprintf(text, OKTA_TIME_BYTES,
	    "%04u-%02u-%02uT%02u:%02u:%02u.000Z", (unsigned)year,
	    (unsigned)month, (unsigned)days + 1, (unsigned)(left / HOUR_S),
	    (unsigned)(left / MINUTE_S % MINUTE_S),
	    (unsigned)(left % MINUTE_S));
}

/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "source_fetch_internal.h"

#define SECOND_MS 1000
#define SECONDS_MAX 1000000000
#define DATE_BYTES 29 /* "Sun, 06 Nov 1994 08:49:37 GMT" */
#define STATUS_TOO_MANY 429

/* Reads decimal digits alone, cut to SECONDS_MAX. */
static bool
retry_read_seconds(const char *text, int64_t *ret_seconds)
{
	int64_t seconds = 0;

	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		if (seconds < SECONDS_MAX * 10LL)
			seconds = seconds * 10 + (*text - '0');
	}
	*ret_seconds = seconds;
	return true;
}

/* Reads `digits` digits at `at` of a date; false where there are none. */
static bool
retry_read_part(const char *date, size_t at, size_t digits, int64_t *ret_part)
{
	int64_t part = 0;
	size_t end = at + digits;

	for (; at < end; at++) {
		if (date[at] < '0' || date[at] > '9')
			return false;
		part = part * 10 + (date[at] - '0');
	}
	*ret_part = part;
	return true;
}

static bool
retry_read_month(const char *date, int64_t *ret_month)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	size_t at;

	for (at = 0; at < sizeof(months) - 1; at += 3)
		if (memcmp(date + 8, months + at, 3) == 0) {
			*ret_month = (int64_t)(at / 3) + 1;
			return true;
		}
	return false;
}

/* Days since 1970-01-01 of a day of the Gregorian calendar: years begin in
 * March, so that the leap day is the last. */
static int64_t
retry_days(int64_t year, int64_t month, int64_t day)
{
	int64_t from_march = month > 2 ? month - 3 : month + 9;
	int64_t years = month > 2 ? year : year - 1;

	return years * 365 + years / 4 - years / 100 + years / 400 +
	    (from_march * 153 + 2) / 5 + day - 1 - 719468;
}

/* The one form of a date that is sent. RFC 9110 5.6.7. */
static bool
retry_read_date(const char *date, int64_t *ret_seconds)
{
	int64_t day;
	int64_t month;
	int64_t year;
	int64_t hour;
	int64_t minute;
	int64_t second;

	if (strlen(date) != DATE_BYTES || !retry_read_part(date, 5, 2, &day) ||
	    !retry_read_month(date, &month) ||
	    !retry_read_part(date, 12, 4, &year) ||
	    !retry_read_part(date, 17, 2, &hour) ||
	    !retry_read_part(date, 20, 2, &minute) ||
	    !retry_read_part(date, 23, 2, &second))
		return false;
	*ret_seconds = retry_days(year, month, day) * 86400 + hour * 3600 +
	    minute * 60 + second;
	return true;
}

/* The time of the server's own clock, where it tells it. */
static int64_t
retry_now(const struct response *response, int64_t now_s)
{
	int64_t date_s;

	return retry_read_date(response->date, &date_s) ? date_s : now_s;
}

/* What the server wants, in seconds; false where it says nothing. */
static bool
retry_wanted(const struct answer *answer, int64_t now_s, int64_t *ret_seconds)
{
	const struct response *response = answer->response;
	int64_t at_s;

	if (response == NULL)
		return false;
	if (retry_read_seconds(response->retry_after, ret_seconds))
		return true;
	if (retry_read_date(response->retry_after, &at_s)) {
		*ret_seconds = at_s - retry_now(response, now_s);
		return true;
	}
	if (answer->status != STATUS_TOO_MANY)
		return false;
	if (retry_read_seconds(response->rate_limit_reset, &at_s)) {
		/* It is the second at which the count begins anew. */
		*ret_seconds = at_s - retry_now(response, now_s) + 1;
		return true;
	}
	return answer->is_json &&
	    json_number(
		&answer->json, "/details/0/innerError/retryAfter", ret_seconds);
}

uint32_t
source_fetch_wait_ms(const struct answer *answer, int64_t now_s, unsigned tries)
{
	int64_t seconds;

	if (!retry_wanted(answer, now_s, &seconds))
		seconds =
		    tries > 0 && tries < 8 ? (int64_t)1 << (tries - 1) : 1;
	if (seconds < 1)
		seconds = 1;
	if (seconds > SOURCE_WAIT_MAX_MS / SECOND_MS)
		seconds = SOURCE_WAIT_MAX_MS / SECOND_MS;
	return (uint32_t)seconds * SECOND_MS;
}

/* SPDX-License-Identifier: MIT */
#include "date.h"

#include <stdbool.h>
#include <string.h>
#include <time.h>

#define DAY_SECONDS 86400

static int
digits(const char *text, size_t count)
{
	int number = 0;

	for (; count > 0; count--, text++) {
		if (*text < '0' || *text > '9')
			return -1;
		number = number * 10 + (*text - '0');
	}
	return number;
}

/* The shape is compared byte by byte: '0' in it stands for a digit. */
static bool
has_shape(const char *text, const char *shape)
{
	if (strlen(text) != strlen(shape))
		return false;
	for (; *shape != '\0'; shape++, text++)
		if (*shape == '0' ? digits(text, 1) < 0 : *text != *shape)
			return false;
	return true;
}

enum extauth_err
date_parse(const char *text, int64_t *ret_seconds, struct extauth_error *error)
{
	bool is_long = has_shape(text, "0000-00-00T00:00:00Z");
	struct tm parts = {0};
	struct tm asked;
	int64_t seconds;

	if (text[0] == '\0') {
		*ret_seconds = 0;
		return EXTAUTH_OK;
	}
	if (!is_long && !has_shape(text, "0000-00-00"))
		return error_set(error, EXTAUTH_INVALID,
		    "\"%s\" is no date; write YYYY-MM-DD", text);
	parts.tm_year = digits(text, 4) - 1900;
	parts.tm_mon = digits(text + 5, 2) - 1;
	parts.tm_mday = digits(text + 8, 2);
	parts.tm_hour = is_long ? digits(text + 11, 2) : 23;
	parts.tm_min = is_long ? digits(text + 14, 2) : 59;
	parts.tm_sec = is_long ? digits(text + 17, 2) : 59;
	asked = parts;
	seconds = (int64_t)timegm(&parts);
	/* timegm makes 1 March of 30 February. */
	if (parts.tm_mday != asked.tm_mday || parts.tm_mon != asked.tm_mon ||
	    parts.tm_hour != asked.tm_hour || parts.tm_min != asked.tm_min ||
	    parts.tm_sec != asked.tm_sec || seconds <= 0)
		return error_set(error, EXTAUTH_INVALID,
		    "\"%s\" is no day of the calendar after 1970", text);
	*ret_seconds = seconds;
	return EXTAUTH_OK;
}

void
date_format(int64_t seconds, char ret_text[DATE_BYTES])
{
	time_t moment = (time_t)seconds;
	struct tm parts = {0};

	ret_text[0] = '\0';
	if (seconds == 0 || gmtime_r(&moment, &parts) == NULL)
		return;
	if (seconds % DAY_SECONDS == DAY_SECONDS - 1)
		(void)strftime(ret_text, DATE_BYTES, "%Y-%m-%d", &parts);
	else
		(void)strftime(
		    ret_text, DATE_BYTES, "%Y-%m-%dT%H:%M:%SZ", &parts);
}

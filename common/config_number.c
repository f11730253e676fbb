/* SPDX-License-Identifier: MIT */
/* Numbers, durations and ranges: exact, and with bounds.
 * Does not know: which key it is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_internal.h"
#include "identity.h"

/* Takes a decimal number of 32 bits off `*text`. */
static bool
number_take_digits(const char **text, uint32_t *ret_number)
{
	uint64_t number = 0;
	size_t digits = 0;

	for (; **text >= '0' && **text <= '9'; (*text)++, digits++) {
		if (number <= UINT32_MAX)
			number = number * 10 + (unsigned)(**text - '0');
	}
	if (digits == 0 || number > UINT32_MAX)
		return false;
	*ret_number = (uint32_t)number;
	return true;
}

enum extauth_err
config_number(const struct config_rule *rule, const char *text,
    uint32_t *ret_number, struct extauth_error *error)
{
	uint32_t number;

	if (!number_take_digits(&text, &number) || *text != '\0' ||
	    number < rule->minimum || number > rule->maximum)
		return error_set(error, EXTAUTH_CONFIG,
		    "must be a number from %u to %u", rule->minimum,
		    rule->maximum);
	*ret_number = number;
	return EXTAUTH_OK;
}

/* Milliseconds in one of a unit, 0 for an unknown unit. */
static uint32_t
number_unit_ms(const char *unit)
{
	if (strcmp(unit, "ms") == 0)
		return 1;
	if (strcmp(unit, "s") == 0)
		return 1000;
	if (strcmp(unit, "m") == 0)
		return 60000;
	if (strcmp(unit, "h") == 0)
		return 3600000;
	return 0;
}

static void
number_format_ms(uint32_t duration_ms, char *text, size_t size)
{
	const char *unit = "ms";

	if (duration_ms % 1000 == 0) {
		duration_ms /= 1000;
		unit = "s";
	}
	if (*unit == 's' && duration_ms > 60 && duration_ms % 60 == 0) {
		duration_ms /= 60;
		unit = "m";
	}
	(void)snprintf(text, size, "%u%s", duration_ms, unit);
}

enum extauth_err
config_duration(const struct config_rule *rule, const char *text,
    uint32_t *ret_duration_ms, struct extauth_error *error)
{
	const char *unit = text;
	char from[16];
	char to[16];
	uint32_t number;
	uint64_t duration_ms;

	if (!number_take_digits(&unit, &number))
		return error_set(error, EXTAUTH_CONFIG,
		    "must be a number with a unit (ms, s, m, h)");
	if (*unit == '\0')
		return error_set(error, EXTAUTH_CONFIG,
		    "has no unit: write %us, %um or %ums", number, number,
		    number);
	if (number_unit_ms(unit) == 0)
		return error_set(error, EXTAUTH_CONFIG,
		    "unknown unit; known are ms, s, m, h");
	duration_ms = (uint64_t)number * number_unit_ms(unit);
	if (duration_ms >= rule->minimum && duration_ms <= rule->maximum) {
		*ret_duration_ms = (uint32_t)duration_ms;
		return EXTAUTH_OK;
	}
	number_format_ms(rule->minimum, from, sizeof(from));
	number_format_ms(rule->maximum, to, sizeof(to));
	return error_set(
	    error, EXTAUTH_CONFIG, "must be from %s to %s", from, to);
}

enum extauth_err
config_uid_range(
    const char *text, uint32_t *ret_range, struct extauth_error *error)
{
	static const char form[] = N_("must be FIRST-LAST, two numbers");
	uint32_t range[2];
	unsigned end;

	for (end = 0; end < 2; end++) {
		char *rest;
		unsigned long number;

		if (*text < '0' || *text > '9')
			return error_set(error, EXTAUTH_CONFIG, form);
		number = strtoul(text, &rest, 10);
		if (number > UINT32_MAX || *rest != (end == 0 ? '-' : '\0'))
			return error_set(error, EXTAUTH_CONFIG, form);
		range[end] = (uint32_t)number;
		text = rest + 1;
	}
	for (end = 0; end < 2; end++) {
		if (identity_check_uid(range[end], error) != EXTAUTH_OK)
			return EXTAUTH_CONFIG;
	}
	if (range[0] >= range[1])
		return error_set(error, EXTAUTH_CONFIG,
		    "the first number must be below the last");
	memcpy(ret_range, range, sizeof(range));
	return EXTAUTH_OK;
}

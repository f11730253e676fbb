/* SPDX-License-Identifier: MIT */
#include "json_scan.h"

#include <string.h>

/* All that stands outside of strings and numbers. */
#define JSON_BYTES " \t\r\n{}[]:,eutrfalsn"

static bool
json_is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* Gives where the string ends that begins at the first byte. */
static size_t
json_scan_string(const char *bytes, size_t length, struct json_scan *scan)
{
	size_t at;

	for (at = 1; at < length && bytes[at] != '"'; at++) {
		if ((unsigned char)bytes[at] < 0x20)
			scan->has_stranger = true;
		if (bytes[at] != '\\')
			continue;
		if (length - at >= 6 && memcmp(bytes + at, "\\u0000", 6) == 0)
			scan->has_stranger = true;
		at++;
	}
	return at;
}

static size_t
json_scan_digits(const char *bytes, size_t length)
{
	size_t at = 0;

	while (at < length && json_is_digit(bytes[at]))
		at++;
	return at;
}

/* Gives the length of a fraction or an exponent whose first `start` bytes are
 * known; 0 where no digit follows. */
static size_t
json_scan_part(const char *bytes, size_t length, size_t start)
{
	size_t digits = json_scan_digits(bytes + start, length - start);

	return digits > 0 ? start + digits : 0;
}

static size_t
json_scan_exponent(const char *bytes, size_t length)
{
	bool is_signed = length > 1 && (bytes[1] == '+' || bytes[1] == '-');

	return json_scan_part(bytes, length, is_signed ? 2 : 1);
}

/* Gives how long the number is that stands there, 0 if it is none. RFC 8259
 * 6. */
static size_t
json_scan_number(const char *bytes, size_t length)
{
	size_t at = bytes[0] == '-' ? 1 : 0;
	size_t whole = json_scan_digits(bytes + at, length - at);
	size_t part = 1;

	if (whole == 0 || (whole > 1 && bytes[at] == '0'))
		return 0;
	at += whole;
	if (at < length && bytes[at] == '.') {
		part = json_scan_part(bytes + at, length - at, 1);
		at += part;
	}
	if (part > 0 && at < length && (bytes[at] == 'e' || bytes[at] == 'E')) {
		part = json_scan_exponent(bytes + at, length - at);
		at += part;
	}
	return part > 0 ? at : 0;
}

struct json_scan
json_scan(const char *bytes, size_t length)
{
	struct json_scan scan = {0};
	size_t at = 0;

	while (at < length && !scan.has_stranger) {
		size_t used = 1;

		if (bytes[at] == '"')
			used +=
			    json_scan_string(bytes + at, length - at, &scan);
		else if (bytes[at] == '-' || json_is_digit(bytes[at]))
			used = json_scan_number(bytes + at, length - at);
		else if (bytes[at] == ':')
			scan.names++;
		else if (bytes[at] == '\0' ||
		    strchr(JSON_BYTES, bytes[at]) == NULL)
			used = 0;
		if (used == 0)
			scan.has_stranger = true;
		at += used;
	}
	return scan;
}

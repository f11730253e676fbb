/* SPDX-License-Identifier: MIT */
#include "fuzz_answer.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define STATUS_LINE "HTTP/1.1 "
#define NAME_BYTES 32

static bool
is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* Lends the line at `*at` without its CR LF and goes behind it; NULL: none. */
static const char *
take_line(const char **at, const char *end, size_t *ret_length)
{
	const char *line = *at;
	const char *stop = memmem(line, (size_t)(end - line), "\r\n", 2);
	size_t place;

	if (stop == NULL)
		return NULL;
	*ret_length = (size_t)(stop - line);
	*at = stop + 2;
	for (place = 0; place < *ret_length; place++)
		if (line[place] < 0x20 || line[place] > 0x7e)
			return NULL;
	return line;
}

static bool
read_status(const char *line, size_t length, unsigned *ret_status)
{
	size_t start = strlen(STATUS_LINE);

	if (line == NULL || length < start + 4 ||
	    memcmp(line, STATUS_LINE, start) != 0)
		return false;
	line += start;
	if (line[0] < '2' || line[0] > '5' || !is_digit(line[1]) ||
	    !is_digit(line[2]) || line[3] != ' ')
		return false;
	*ret_status = (unsigned)(line[0] - '0') * 100 +
	    (unsigned)(line[1] - '0') * 10 + (unsigned)(line[2] - '0');
	return *ret_status != 204 && *ret_status != 304;
}

/* Fields that no reader of HTTP makes anything of. */
static bool
is_harmless(const char *name)
{
	static const char *const names[] = {"content-type", "date", "server",
	    "etag", "link", "retry-after", "x-request-id", "cache-control"};
	size_t at;

	for (at = 0; at < sizeof(names) / sizeof(*names); at++)
		if (strcasecmp(name, names[at]) == 0)
			return true;
	return false;
}

/* Reads "Name: value"; the length of the body goes to `*body_length`. */
static bool
read_field(const char *line, size_t length, size_t *body_length)
{
	const char *colon = memchr(line, ':', length);
	char name[NAME_BYTES] = {0};
	char number[8] = {0};

	if (colon == NULL || colon - line >= NAME_BYTES)
		return false;
	memcpy(name, line, (size_t)(colon - line));
	if (strcasecmp(name, "content-length") != 0)
		return is_harmless(name);
	length -= (size_t)(colon - line) + 1;
	if (length < 2 || length > 6 || colon[1] != ' ' ||
	    *body_length != (size_t)-1)
		return false;
	memcpy(number, colon + 2, length - 1);
	*body_length = strtoul(number, NULL, 10);
	return strspn(number, "0123456789") == length - 1;
}

bool
fuzz_answer_read(
    const char *bytes, size_t length, struct fuzz_answer *ret_answer)
{
	struct fuzz_answer answer = {.body_length = (size_t)-1};
	const char *end = bytes + length;
	const char *at = bytes;
	size_t line_length = 0;
	const char *line = take_line(&at, end, &line_length);

	if (!read_status(line, line_length, &answer.status))
		return false;
	for (;;) {
		line = take_line(&at, end, &line_length);
		if (line == NULL)
			return false;
		if (line_length == 0)
			break;
		if (!read_field(line, line_length, &answer.body_length))
			return false;
	}
	answer.body = at;
	*ret_answer = answer;
	return answer.body_length == (size_t)(end - at);
}

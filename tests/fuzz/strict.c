/* SPDX-License-Identifier: MIT */
#include "strict.h"

#include <stdlib.h>
#include <string.h>

#include "escape.h"

#define DEPTH_MAX 64
#define PLAIN_NUMBER_MAX 9

/* Where the reader is. */
struct strict_at {
	const char *next;
	const char *end;
	unsigned depth;
	struct strict found;
};

static bool strict_value(struct strict_at *at);

static char
strict_peek(const struct strict_at *at)
{
	return at->next < at->end ? *at->next : '\0';
}

static bool
strict_take(struct strict_at *at, char byte)
{
	if (at->next >= at->end || *at->next != byte)
		return false;
	at->next++;
	return true;
}

static void
strict_blanks(struct strict_at *at)
{
	while (at->next < at->end && *at->next != '\0' &&
	    strchr(" \t\r\n", *at->next) != NULL)
		at->next++;
}

static bool
strict_word(struct strict_at *at, const char *word)
{
	for (; *word != '\0'; word++)
		if (!strict_take(at, *word))
			return false;
	return true;
}

static size_t
strict_digits(struct strict_at *at)
{
	size_t count = 0;

	while (strict_peek(at) >= '0' && strict_peek(at) <= '9') {
		at->next++;
		count++;
	}
	return count;
}

static bool
strict_number(struct strict_at *at)
{
	const char *start = at->next;

	(void)strict_take(at, '-');
	if (!strict_take(at, '0') && strict_digits(at) == 0)
		return false;
	if (strict_take(at, '.') && strict_digits(at) == 0)
		return false;
	if (strict_peek(at) == 'e' || strict_peek(at) == 'E') {
		at->next++;
		if (!strict_take(at, '+'))
			(void)strict_take(at, '-');
		if (strict_digits(at) == 0)
			return false;
		at->found.is_plain = false;
	}
	if (at->next - start > PLAIN_NUMBER_MAX)
		at->found.is_plain = false;
	return true;
}

/* Behind a backslash. */
static bool
strict_escape(struct strict_at *at)
{
	const char *hex = "0123456789abcdefABCDEF";
	unsigned digits;

	if (at->next < at->end && *at->next != '\0' &&
	    strchr("\"\\/bfnrt", *at->next) != NULL) {
		at->next++;
		return true;
	}
	if (!strict_take(at, 'u'))
		return false;
	at->found.is_plain = false;
	if (at->end - at->next >= 4 && memcmp(at->next, "0000", 4) == 0)
		at->found.has_nul = true;
	for (digits = 0; digits < 4; digits++) {
		char byte = strict_peek(at);

		if (byte == '\0' || strchr(hex, byte) == NULL)
			return false;
		at->next++;
	}
	return true;
}

static bool
strict_string(struct strict_at *at)
{
	if (!strict_take(at, '"'))
		return false;
	while (at->next < at->end && *at->next != '"') {
		unsigned char byte = (unsigned char)*at->next++;

		if (byte < 0x20)
			return false;
		if (byte == '\\' && !strict_escape(at))
			return false;
	}
	return strict_take(at, '"');
}

static bool
strict_enter(struct strict_at *at)
{
	if (++at->depth > at->found.depth)
		at->found.depth = at->depth;
	return at->depth <= DEPTH_MAX;
}

static bool
strict_array(struct strict_at *at)
{
	if (!strict_enter(at) || !strict_take(at, '['))
		return false;
	strict_blanks(at);
	if (strict_peek(at) != ']')
		do {
			if (!strict_value(at))
				return false;
		} while (strict_take(at, ','));
	at->depth--;
	return strict_take(at, ']');
}

/* Names as they are written: two ways to write one are not found, and such a
 * text is not plain. */
static bool
strict_knows(const char *names[], size_t count, const char *name, size_t length)
{
	size_t at;

	for (at = 0; at < count; at++)
		if (strncmp(names[at], name, length) == 0)
			return true;
	return false;
}

/* A name is kept with the quotation mark that ends it. */
static bool
strict_member(struct strict_at *at, const char ***names, size_t *count)
{
	const char *name;
	const char **grown;

	strict_blanks(at);
	name = at->next;
	if (!strict_string(at))
		return false;
	if (strict_knows(*names, *count, name, (size_t)(at->next - name)))
		at->found.repeats = true;
	grown = reallocarray(*names, *count + 1, sizeof(*grown));
	if (grown == NULL)
		abort();
	*names = grown;
	grown[(*count)++] = name;
	strict_blanks(at);
	return strict_take(at, ':') && strict_value(at);
}

static bool
strict_object(struct strict_at *at)
{
	const char **names = NULL;
	size_t count = 0;
	bool is_right = strict_enter(at) && strict_take(at, '{');

	strict_blanks(at);
	if (is_right && strict_peek(at) != '}')
		do {
			is_right = strict_member(at, &names, &count);
		} while (is_right && strict_take(at, ','));
	free(names);
	at->depth--;
	return is_right && strict_take(at, '}');
}

static bool
strict_value(struct strict_at *at)
{
	bool is_right;

	strict_blanks(at);
	switch (strict_peek(at)) {
	case '{':
		is_right = strict_object(at);
		break;
	case '[':
		is_right = strict_array(at);
		break;
	case '"':
		is_right = strict_string(at);
		break;
	case 't':
		is_right = strict_word(at, "true");
		break;
	case 'f':
		is_right = strict_word(at, "false");
		break;
	case 'n':
		is_right = strict_word(at, "null");
		break;
	default:
		is_right = strict_number(at);
		break;
	}
	strict_blanks(at);
	return is_right;
}

struct strict
strict_read(const char *bytes, size_t length)
{
	struct strict_at at = {
	    .next = bytes,
	    .end = bytes + length,
	    .found = {.is_plain = true},
	};

	at.found.has_nul = memchr(bytes, '\0', length) != NULL;
	at.found.is_json = escape_is_utf8(bytes, length) && strict_value(&at) &&
	    at.next == at.end;
	return at.found;
}

/* SPDX-License-Identifier: MIT */
#include "condition.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "escape.h"

#define NESTING_MAX 16

/* What is left of a JSON text; every reader below returns false where the text
 * does not go on as JSON does. */
struct cursor {
	const char *at;
	unsigned depth;
};

static bool
is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n';
}

static bool
is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool
is_hex_digit(char byte)
{
	return is_digit(byte) || (byte >= 'a' && byte <= 'f') ||
	    (byte >= 'A' && byte <= 'F');
}

static const char *
skip_blanks(const char *text)
{
	while (is_blank(*text))
		text++;
	return text;
}

static bool
take(struct cursor *cursor, const char *word)
{
	size_t length = strlen(word);

	if (strncmp(cursor->at, word, length) != 0)
		return false;
	cursor->at += length;
	return true;
}

static bool
take_digits(struct cursor *cursor)
{
	const char *first = cursor->at;

	while (is_digit(*cursor->at))
		cursor->at++;
	return cursor->at > first;
}

static bool
take_number(struct cursor *cursor)
{
	(void)take(cursor, "-");
	if (!take(cursor, "0") && !take_digits(cursor))
		return false;
	if (take(cursor, ".") && !take_digits(cursor))
		return false;
	if (!take(cursor, "e") && !take(cursor, "E"))
		return true;
	if (!take(cursor, "+"))
		(void)take(cursor, "-");
	return take_digits(cursor);
}

static bool
take_escape(struct cursor *cursor)
{
	char byte = *cursor->at;
	unsigned i;

	if (byte == '\0' || strchr("\"\\/bfnrtu", byte) == NULL)
		return false;
	cursor->at++;
	for (i = 0; i < 4 && byte == 'u'; i++)
		if (!is_hex_digit(*cursor->at++))
			return false;
	return true;
}

static bool
take_string(struct cursor *cursor)
{
	if (!take(cursor, "\""))
		return false;
	while (*cursor->at != '"') {
		if ((unsigned char)*cursor->at < 0x20)
			return false;
		if (*cursor->at++ == '\\' && !take_escape(cursor))
			return false;
	}
	cursor->at++;
	return true;
}

static bool
take_separator(struct cursor *cursor, const char *separator)
{
	cursor->at = skip_blanks(cursor->at);
	if (!take(cursor, separator))
		return false;
	cursor->at = skip_blanks(cursor->at);
	return true;
}

/* These three call each other; NESTING_MAX bounds it. */
/* NOLINTBEGIN(misc-no-recursion) */
static bool take_value(struct cursor *cursor);

/* Members up to the closing bracket; those of an object have a name. */
static bool
take_members(struct cursor *cursor, bool is_object, const char *closing)
{
	if (take_separator(cursor, closing))
		return true;
	cursor->at = skip_blanks(cursor->at);
	do {
		if (is_object &&
		    (!take_string(cursor) || !take_separator(cursor, ":")))
			return false;
		if (!take_value(cursor))
			return false;
	} while (take_separator(cursor, ","));
	return take(cursor, closing);
}

static bool
take_container(struct cursor *cursor, bool is_object)
{
	bool is_good;

	if (cursor->depth == NESTING_MAX)
		return false;
	cursor->depth++;
	is_good = take_members(cursor, is_object, is_object ? "}" : "]");
	cursor->depth--;
	return is_good;
}

static bool
take_value(struct cursor *cursor)
{
	if (take(cursor, "{"))
		return take_container(cursor, true);
	if (take(cursor, "["))
		return take_container(cursor, false);
	if (*cursor->at == '"')
		return take_string(cursor);
	if (take(cursor, "true") || take(cursor, "false") ||
	    take(cursor, "null"))
		return true;
	return take_number(cursor);
}

/* NOLINTEND(misc-no-recursion) */

static bool
is_json(const char *text)
{
	struct cursor cursor = {.at = text};

	return take_value(&cursor) && *cursor.at == '\0' &&
	    escape_is_utf8(text, strlen(text));
}

enum extauth_err
condition_check_pointer(const char *pointer, struct extauth_error *error)
{
	const char *byte;

	if (pointer[0] != '\0' && pointer[0] != '/')
		return error_set(error, EXTAUTH_CONFIG,
		    "a JSON pointer starts with '/', as in /status");
	for (byte = pointer; *byte != '\0'; byte++)
		if (*byte == '~' && byte[1] != '0' && byte[1] != '1')
			return error_set(error, EXTAUTH_CONFIG,
			    "in a JSON pointer '~' is written ~0 and a '/' "
			    "within a name ~1");
	return EXTAUTH_OK;
}

/* Reads the comparison behind the pointer, and moves behind it; where there
 * is none the text becomes NULL. */
static enum extauth_err
read_comparison(const char **text, enum condition_comparison *ret_comparison,
    struct extauth_error *error)
{
	if (**text == '\0') {
		*ret_comparison = CONDITION_PRESENT;
		*text = NULL;
		return EXTAUTH_OK;
	}
	if (strncmp(*text, "==", 2) == 0)
		*ret_comparison = CONDITION_EQUAL;
	else if (strncmp(*text, "!=", 2) == 0)
		*ret_comparison = CONDITION_NOT_EQUAL;
	else
		return error_set(error, EXTAUTH_CONFIG,
		    "behind the JSON pointer stands nothing, or == or != and a "
		    "JSON value");
	*text = skip_blanks(*text + 2);
	return EXTAUTH_OK;
}

static size_t
pointer_length(const char *text)
{
	size_t length = 0;

	if (text[0] != '/')
		return 0;
	while (text[length] != '\0' && !is_blank(text[length]))
		length++;
	return length;
}

static size_t
trimmed_length(const char *text)
{
	size_t length = strlen(text);

	while (length > 0 && is_blank(text[length - 1]))
		length--;
	return length;
}

static enum extauth_err
check_parts(const struct condition *condition, struct extauth_error *error)
{
	if (condition->literal != NULL && !is_json(condition->literal))
		return error_set(error, EXTAUTH_CONFIG,
		    "what stands behind == or != is not JSON: a text is "
		    "written in double quotes");
	return condition_check_pointer(condition->pointer, error);
}

/* Copies what was read; without a comparison `literal` is NULL. */
static enum extauth_err
copy_parts(struct condition *condition, const char *pointer, size_t length,
    const char *literal)
{
	condition->pointer = strndup(pointer, length);
	if (condition->pointer == NULL)
		return EXTAUTH_NOMEM;
	if (literal == NULL)
		return EXTAUTH_OK;
	condition->literal = strndup(literal, trimmed_length(literal));
	return condition->literal != NULL ? EXTAUTH_OK : EXTAUTH_NOMEM;
}

enum extauth_err
condition_parse(const char *text, struct condition *ret_condition,
    struct extauth_error *error)
{
	struct condition condition = {0};
	const char *pointer = skip_blanks(text);
	size_t length = pointer_length(pointer);
	const char *rest = skip_blanks(pointer + length);
	enum extauth_err err;

	if (*pointer == '\0')
		return error_set(error, EXTAUTH_CONFIG,
		    "a condition is a JSON pointer, as /status, or one with == "
		    "or != and a JSON value");
	if (length == 0 && *pointer != '=' && *pointer != '!')
		return condition_check_pointer(pointer, error);
	if (memchr(pointer, '=', length) != NULL)
		return error_set(error, EXTAUTH_CONFIG,
		    "there are blanks around == and != in a condition, as in "
		    "/status == \"active\"");
	err = read_comparison(&rest, &condition.comparison, error);
	if (err != EXTAUTH_OK)
		return err;
	err = copy_parts(&condition, pointer, length, rest);
	if (err == EXTAUTH_OK)
		err = check_parts(&condition, error);
	if (err != EXTAUTH_OK) {
		condition_clear(&condition);
		return err;
	}
	*ret_condition = condition;
	return EXTAUTH_OK;
}

void
condition_clear(struct condition *condition)
{
	if (condition == NULL)
		return;
	free(condition->pointer);
	free(condition->literal);
	*condition = (struct condition){0};
}

/* SPDX-License-Identifier: MIT */
#include "literal.h"

#include <string.h>

#include "identity.h"

#define NAME_BYTES 64

static bool
is_name_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	    (byte >= '0' && byte <= '9') || byte == '_' || byte == '-';
}

static bool
is_secret_name(const char *bytes, size_t length, bool is_header)
{
	static const char *const headers[] = {
	    "authorization", "proxy-authorization", "cookie", NULL};
	const char *const *header;
	char name[NAME_BYTES] = "";

	if (length == 0 || length >= sizeof(name))
		return false;
	memcpy(name, bytes, length);
	identity_fold(name);
	for (header = headers; is_header && *header != NULL; header++)
		if (strcmp(name, *header) == 0)
			return true;
	return strstr(name, "key") != NULL || strstr(name, "token") != NULL ||
	    strstr(name, "secret") != NULL;
}

static size_t
placeholder_length(const char *text)
{
	const char *end;

	if (strncmp(text, "{{", 2) != 0)
		return 0;
	end = strstr(text, "}}");
	return end != NULL ? (size_t)(end - text) + 2 : 0;
}

/* "Bearer " and "session=" in front of a placeholder say nothing secret. */
static bool
is_prefix(const char *run, size_t length)
{
	return placeholder_length(run + length) > 0 &&
	    (run[length - 1] == ' ' || run[length - 1] == '=' ||
		run[length - 1] == ':');
}

static bool
find_in_header(const char *value, size_t from, const char *where,
    struct literal *ret_literal)
{
	const char *colon = strchr(value, ':');
	size_t at;

	if (colon == NULL ||
	    !is_secret_name(value, (size_t)(colon - value), true))
		return false;
	at = (size_t)(colon - value) + 1;
	while (value[at] == ' ' || value[at] == '\t')
		at++;
	while (value[at] != '\0') {
		size_t skip = placeholder_length(value + at);
		size_t length = 0;

		while (skip == 0 && value[at + length] != '\0' &&
		    placeholder_length(value + at + length) == 0)
			length++;
		if (length > 0 && at >= from &&
		    !is_prefix(value + at, length)) {
			*ret_literal = (struct literal){at, length, where};
			return true;
		}
		at += skip + length;
	}
	return false;
}

static bool
find_in_url_user(const char *value, size_t from, struct literal *ret_literal)
{
	const char *start = strstr(value, "://");
	size_t length;

	if (start == NULL)
		return false;
	start += 3;
	length = strcspn(start, "/?#");
	while (length > 0 && start[length - 1] != '@')
		length--;
	if (length < 2 || (size_t)(start - value) < from)
		return false;
	*ret_literal = (struct literal){
	    (size_t)(start - value), length - 1, N_("the user part of a URL")};
	return true;
}

/* Behind a name may stand its quote, blanks, one of : = > and a quote: JSON,
 * forms and XML are alike that far. */
static size_t
value_start(const char *text)
{
	size_t at = 0;

	if (text[at] == '"' || text[at] == '\'')
		at++;
	at += strspn(text + at, " \t\n");
	if (text[at] == '\0' || strchr(":=>", text[at]) == NULL)
		return 0;
	at++;
	at += strspn(text + at, " \t\n");
	if (text[at] == '"' || text[at] == '\'')
		at++;
	return at;
}

/* Finds the value that belongs to the name at `at`, `length` bytes long. */
static bool
named_value(
    const char *value, size_t at, size_t length, struct literal *ret_literal)
{
	size_t start = value_start(value + at + length);

	if (start == 0 || !is_secret_name(value + at, length, false))
		return false;
	start += at + length;
	length = strcspn(value + start, "\"'&<,}{ \t\n#");
	*ret_literal = (struct literal){
	    start, length, N_("a name with key, token or secret in it")};
	return length > 0;
}

static bool
find_named(const char *value, size_t from, struct literal *ret_literal)
{
	size_t at = 0;

	while (value[at] != '\0') {
		struct literal literal;
		size_t length = placeholder_length(value + at);
		bool is_placeholder = length > 0;

		while (!is_placeholder && is_name_byte(value[at + length]))
			length++;
		if (!is_placeholder &&
		    named_value(value, at, length, &literal) &&
		    literal.start >= from) {
			*ret_literal = literal;
			return true;
		}
		at += length > 0 ? length : 1;
	}
	return false;
}

static bool
is_url(const char *key)
{
	return strstr(key, "url") != NULL || strcmp(key, "issuer") == 0 ||
	    strcmp(key, "password_page") == 0 || strcmp(key, "proxy") == 0;
}

bool
literal_find(const char *key, const char *value, size_t from,
    struct literal *ret_literal)
{
	if (strcmp(key, "header") == 0 || strcmp(key, "connection_header") == 0)
		return find_in_header(value, from, N_("a header"), ret_literal);
	if (strcmp(key, "field") == 0)
		return find_in_header(value, from, N_("a field"), ret_literal);
	if (strcmp(key, "body") == 0 || strcmp(key, "connection_body") == 0)
		return find_named(value, from, ret_literal);
	if (is_url(key))
		return find_in_url_user(value, from, ret_literal) ||
		    find_named(value, from, ret_literal);
	return false;
}

enum extauth_err
literal_mask(const char *key, const char *value, struct buffer *buffer)
{
	struct literal literal;
	enum extauth_err err;
	size_t at = 0;

	while (literal_find(key, value, at, &literal)) {
		err = buffer_append(buffer, value + at, literal.start - at);
		if (err == EXTAUTH_OK)
			err = buffer_append_text(buffer, "***");
		if (err != EXTAUTH_OK)
			return err;
		at = literal.start + literal.length;
	}
	return buffer_append_text(buffer, value + at);
}

/* SPDX-License-Identifier: MIT */
/* One `header = Name: value` or `field = Name: value`, and which headers the
 * configuration may set.
 * Does not know: what the exchange adds by itself. */
#include <stdlib.h>
#include <string.h>

#include "config_internal.h"
#include "identity.h"

#define NAME_MAX_BYTES 64

/* Fields that frame the message or belong to the connection; one of them set
 * by hand can make a server read another request than the one that was meant.
 * Accept-Encoding would bring answers that nobody unpacks. */
static const char *const refused_names[] = {
    "accept-encoding",
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
};

/* RFC 9110 5.6.2 */
static bool
header_is_token(const char *text, size_t length)
{
	static const char allowed[] = "!#$%&'*+-.^_`|~0123456789"
				      "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	return length > 0 && strspn(text, allowed) >= length;
}

static enum extauth_err
header_check_name(const char *text, size_t length, struct extauth_error *error)
{
	char folded[NAME_MAX_BYTES + 1];
	size_t index;

	if (text[length] != ':')
		return error_set(
		    error, EXTAUTH_CONFIG, "must be \"Name: value\"");
	if (!header_is_token(text, length) || length > NAME_MAX_BYTES)
		return error_set(error, EXTAUTH_CONFIG,
		    "the name in front of the colon is not one of an HTTP "
		    "header");
	memcpy(folded, text, length);
	folded[length] = '\0';
	identity_fold(folded);
	for (index = 0; index < sizeof(refused_names) / sizeof(char *);
	     index++) {
		if (strcmp(folded, refused_names[index]) == 0)
			return error_set(error, EXTAUTH_CONFIG,
			    "%s cannot be set: it is made for each request",
			    folded);
	}
	return EXTAUTH_OK;
}

static void
header_clear(struct config_header *header)
{
	free(header->name);
	template_clear(&header->value);
}

static enum extauth_err
header_parse(enum template_kind kind, const char *text, size_t name_length,
    struct config_header *ret_header, struct extauth_error *error)
{
	struct config_header parsed = {0};
	const char *value = text + name_length + 1;
	enum extauth_err err;

	value += strspn(value, " \t");
	if (*value == '\0')
		return error_set(error, EXTAUTH_CONFIG, "%.*s has no value",
		    (int)name_length, text);
	err = template_parse(kind, value, &parsed.value, error);
	if (err != EXTAUTH_OK)
		return err;
	parsed.name = strndup(text, name_length);
	if (parsed.name == NULL) {
		template_clear(&parsed.value);
		return EXTAUTH_NOMEM;
	}
	*ret_header = parsed;
	return EXTAUTH_OK;
}

/* Takes the parsed one over, or frees it. */
static enum extauth_err
header_append(struct config_headers *headers, struct config_header parsed)
{
	struct config_header *items =
	    reallocarray(headers->items, headers->count + 1, sizeof(*items));

	if (items == NULL) {
		header_clear(&parsed);
		return EXTAUTH_NOMEM;
	}
	items[headers->count++] = parsed;
	headers->items = items;
	return EXTAUTH_OK;
}

enum extauth_err
config_header_add(struct config_headers *headers, const char *text,
    struct extauth_error *error)
{
	size_t name_length = strcspn(text, ":");
	struct config_header parsed = {0};
	enum extauth_err err = header_check_name(text, name_length, error);

	if (err == EXTAUTH_OK)
		err = header_parse(
		    TEMPLATE_HEADER, text, name_length, &parsed, error);
	return err == EXTAUTH_OK ? header_append(headers, parsed) : err;
}

/* A form's names are nobody's to restrict: both sides are encoded later. */
enum extauth_err
config_field_add(struct config_headers *fields, const char *text,
    struct extauth_error *error)
{
	size_t name_length = strcspn(text, ":");
	struct config_header parsed = {0};
	enum extauth_err err;
	size_t index;

	for (index = 0; index < name_length; index++)
		if ((unsigned char)text[index] <= 0x20 || text[index] == 0x7f)
			return error_set(error, EXTAUTH_CONFIG,
			    "the name in front of the colon has a blank or a "
			    "control byte");
	if (name_length == 0 || text[name_length] != ':')
		return error_set(
		    error, EXTAUTH_CONFIG, "must be \"Name: value\"");
	err = header_parse(TEMPLATE_PATH, text, name_length, &parsed, error);
	return err == EXTAUTH_OK ? header_append(fields, parsed) : err;
}

bool
config_header_is(const struct config_header *header, const char *name)
{
	return identity_equal(header->name, name);
}

/* SPDX-License-Identifier: MIT */
#include "template_context.h"

#include <string.h>

#include "template_xml.h"

/* A URL is read from the scheme on; a form body is but its query. */
enum url_state {
	URL_SCHEME = 0,
	URL_AUTHORITY,
	URL_PATH,
	URL_QUERY,
};

enum json_state {
	JSON_OUTSIDE = 0,
	JSON_STRING,
	JSON_ESCAPE, /* behind a backslash */
};

static bool
is_control(char byte)
{
	return (unsigned char)byte < 0x20 || byte == 0x7f;
}

static bool
is_hex_digit(char byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') ||
	    (byte >= 'A' && byte <= 'F');
}

static enum extauth_err
refuse(struct extauth_error *error, const char *reason)
{
	return error_set(error, EXTAUTH_CONFIG, "%s", error_translated(reason));
}

struct template_context
template_context_make(enum template_kind kind)
{
	struct template_context context = {.kind = kind};

	if (kind == TEMPLATE_FORM)
		context.state = URL_QUERY;
	return context;
}

static enum extauth_err
line_byte(char byte, struct extauth_error *error)
{
	if (is_control(byte))
		return refuse(error,
		    "there is a control byte or a line break "
		    "in it");
	return EXTAUTH_OK;
}

static enum extauth_err
url_character(char byte, struct extauth_error *error)
{
	if (is_control(byte) || byte == ' ')
		return refuse(error,
		    "there is a blank, a line break or a "
		    "control byte in it: write it "
		    "percent-encoded, or leave it out");
	if ((unsigned char)byte > 0x7f)
		return refuse(error,
		    "there is a byte that is not ASCII in it: "
		    "write it percent-encoded");
	if (byte == '\\' || byte == '"' || byte == '<' || byte == '>')
		return refuse(error,
		    "there is a character in it that a URL "
		    "cannot have: write it percent-encoded");
	return EXTAUTH_OK;
}

/* The part of a URL in which a value may stand; a form body is the same. */
static enum extauth_err
query_byte(
    struct template_context *context, char byte, struct extauth_error *error)
{
	if (context->pending > 0) {
		context->pending--;
		if (!is_hex_digit(byte))
			return refuse(error,
			    "'%' is not followed by two hex "
			    "digits: a '%' itself is %25");
		return EXTAUTH_OK;
	}
	if (byte == '%')
		context->pending = 2;
	return url_character(byte, error);
}

static bool
starts_with(const char *text, size_t length, const char *start)
{
	size_t size = strlen(start);

	return length >= size && memcmp(text, start, size) == 0;
}

static enum extauth_err
url_scheme(struct template_context *context, const char *text, size_t length,
    struct extauth_error *error)
{
	static const char *const schemes[] = {"https://", "http://"};
	size_t i;

	for (i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		size_t size = strlen(schemes[i]);

		if (!starts_with(text, length, schemes[i]))
			continue;
		if (length == size || strchr("/?#", text[size]) != NULL)
			break;
		context->state = URL_AUTHORITY;
		context->skip = (unsigned)size - 1;
		return EXTAUTH_OK;
	}
	return refuse(error,
	    "a URL starts with https:// or http:// and the "
	    "name of a host");
}

static enum extauth_err
url_byte(struct template_context *context, const char *text, size_t length,
    struct extauth_error *error)
{
	if (context->state == URL_SCHEME)
		return url_scheme(context, text, length, error);
	if (text[0] == '#')
		return refuse(error,
		    "a fragment ('#') is never sent: leave it "
		    "out, or write %23");
	if (text[0] == '/' && context->state == URL_AUTHORITY)
		context->state = URL_PATH;
	if (text[0] == '?')
		context->state = URL_QUERY;
	return query_byte(context, text[0], error);
}

static enum extauth_err
json_escape(
    struct template_context *context, char byte, struct extauth_error *error)
{
	context->state = JSON_STRING;
	if (byte == 'u')
		context->pending = 4;
	else if (byte == '\0' || strchr("\"\\/bfnrt", byte) == NULL)
		return refuse(error,
		    "a backslash in a JSON string is followed "
		    "by one of \"\\/bfnrtu");
	return EXTAUTH_OK;
}

static enum extauth_err
json_string(
    struct template_context *context, char byte, struct extauth_error *error)
{
	if (context->pending > 0) {
		context->pending--;
		if (!is_hex_digit(byte))
			return refuse(error,
			    "\\u in a JSON string is followed "
			    "by four hex digits");
		return EXTAUTH_OK;
	}
	if (is_control(byte) && byte != 0x7f)
		return refuse(error,
		    "there is a line break or a control byte "
		    "inside of a JSON string: write \\n");
	if (byte == '"')
		context->state = JSON_OUTSIDE;
	if (byte == '\\')
		context->state = JSON_ESCAPE;
	return EXTAUTH_OK;
}

static enum extauth_err
json_byte(
    struct template_context *context, char byte, struct extauth_error *error)
{
	if (context->state == JSON_ESCAPE)
		return json_escape(context, byte, error);
	if (context->state == JSON_STRING)
		return json_string(context, byte, error);
	if (byte == '"')
		context->state = JSON_STRING;
	return EXTAUTH_OK;
}

static enum extauth_err
context_byte(struct template_context *context, const char *text, size_t length,
    struct extauth_error *error)
{
	if (context->skip > 0) {
		context->skip--;
		return EXTAUTH_OK;
	}
	switch (context->kind) {
	case TEMPLATE_PATH:
	case TEMPLATE_HEADER:
		return line_byte(text[0], error);
	case TEMPLATE_URL:
		return url_byte(context, text, length, error);
	case TEMPLATE_FORM:
		return query_byte(context, text[0], error);
	case TEMPLATE_JSON:
		return json_byte(context, text[0], error);
	case TEMPLATE_XML:
		return template_xml_byte(context, text, length, error);
	}
	return refuse(error, "it is of no known kind");
}

enum extauth_err
template_context_literal(struct template_context *context, const char *text,
    size_t length, struct extauth_error *error)
{
	enum extauth_err err = EXTAUTH_OK;
	size_t i;

	for (i = 0; i < length && err == EXTAUTH_OK; i++)
		err = context_byte(context, text + i, length - i, error);
	return err;
}

static enum extauth_err
url_value(const struct template_context *context,
    enum escape_context *ret_context, struct extauth_error *error)
{
	if (context->state == URL_SCHEME || context->state == URL_AUTHORITY)
		return refuse(error,
		    "a placeholder cannot stand in the "
		    "scheme, user, host or port of a URL");
	*ret_context =
	    context->state == URL_PATH ? ESCAPE_URL_PATH : ESCAPE_URL;
	return EXTAUTH_OK;
}

static enum extauth_err
json_value(const struct template_context *context, bool is_number,
    enum escape_context *ret_context, struct extauth_error *error)
{
	if (context->state == JSON_OUTSIDE && !is_number)
		return refuse(error,
		    "it stands outside of a JSON string: put "
		    "it in double quotes");
	*ret_context =
	    context->state == JSON_STRING ? ESCAPE_JSON : ESCAPE_JSON_NUMBER;
	return EXTAUTH_OK;
}

static enum extauth_err
xml_value(const struct template_context *context,
    enum escape_context *ret_context, struct extauth_error *error)
{
	if (!template_xml_takes_value(context))
		return refuse(error,
		    "in XML a placeholder can stand in text "
		    "and in quoted attribute values only");
	*ret_context = ESCAPE_XML;
	return EXTAUTH_OK;
}

static bool
is_inside_escape(const struct template_context *context)
{
	return context->pending > 0 ||
	    (context->kind == TEMPLATE_JSON && context->state == JSON_ESCAPE);
}

enum extauth_err
template_context_value(const struct template_context *context, bool is_number,
    enum escape_context *ret_context, struct extauth_error *error)
{
	if (is_inside_escape(context))
		return refuse(error, "it stands inside of an escape sequence");
	switch (context->kind) {
	case TEMPLATE_URL:
	case TEMPLATE_FORM:
		return url_value(context, ret_context, error);
	case TEMPLATE_JSON:
		return json_value(context, is_number, ret_context, error);
	case TEMPLATE_XML:
		return xml_value(context, ret_context, error);
	case TEMPLATE_HEADER:
		*ret_context = ESCAPE_HEADER;
		return EXTAUTH_OK;
	case TEMPLATE_PATH:
		*ret_context = ESCAPE_NONE;
		return EXTAUTH_OK;
	}
	return refuse(error, "it stands in no known kind of text");
}

enum extauth_err
template_context_end(
    const struct template_context *context, struct extauth_error *error)
{
	if (is_inside_escape(context))
		return refuse(error, "it ends inside of an escape sequence");
	if (context->kind == TEMPLATE_JSON && context->state != JSON_OUTSIDE)
		return refuse(error, "a JSON string in it is not closed");
	if (context->kind == TEMPLATE_XML && !template_xml_may_end(context))
		return refuse(error,
		    "a tag, comment or section in the XML is "
		    "not closed");
	return EXTAUTH_OK;
}

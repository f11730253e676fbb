/* SPDX-License-Identifier: MIT */
#include "template_xml.h"

#include <string.h>

enum xml_state {
	XML_TEXT = 0,
	XML_TAG,
	XML_DOUBLE_QUOTED,
	XML_SINGLE_QUOTED,
	XML_COMMENT,
	XML_CDATA,
	XML_INSTRUCTION,
};

static bool
is_letter_or_digit(char byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
	    (byte >= 'A' && byte <= 'Z');
}

static bool
starts_with(const char *text, size_t length, const char *start)
{
	size_t size = strlen(start);

	return length >= size && memcmp(text, start, size) == 0;
}

static enum extauth_err
refuse(struct extauth_error *error, const char *reason)
{
	return error_set(error, EXTAUTH_CONFIG, "%s", error_translated(reason));
}

/* What '<' opens is known at once, since no placeholder can stand inside of it;
 * it is skipped whole, so that "<!-->" does not end the comment it begins. */
static enum extauth_err
xml_open(struct template_context *context, const char *text, size_t length,
    struct extauth_error *error)
{
	static const struct {
		const char *start;
		enum xml_state state;
	} openers[] = {
	    {"<!--", XML_COMMENT},
	    {"<![CDATA[", XML_CDATA},
	    {"<?", XML_INSTRUCTION},
	};
	size_t i;

	for (i = 0; i < sizeof(openers) / sizeof(openers[0]); i++) {
		if (starts_with(text, length, openers[i].start)) {
			context->state = openers[i].state;
			context->skip = (unsigned)strlen(openers[i].start) - 1;
			return EXTAUTH_OK;
		}
	}
	if (starts_with(text, length, "<!"))
		return refuse(error,
		    "a document type declaration is not "
		    "allowed in an XML body");
	context->state = XML_TAG;
	return EXTAUTH_OK;
}

/* Behind '&': a value in a reference would choose what it stands for. */
static enum extauth_err
xml_reference(
    struct template_context *context, char byte, struct extauth_error *error)
{
	if (byte == ';')
		context->pending = 0;
	else if (byte != '#' && !is_letter_or_digit(byte))
		return refuse(error, "an '&' in XML is written &amp;");
	return EXTAUTH_OK;
}

static enum extauth_err
xml_attribute(struct template_context *context, char byte, char quote,
    struct extauth_error *error)
{
	if (byte == '<')
		return refuse(error, "'<' in an attribute is written &lt;");
	if (byte == '&')
		context->pending = 1;
	if (byte == quote)
		context->state = XML_TAG;
	return EXTAUTH_OK;
}

static enum extauth_err
xml_text(struct template_context *context, const char *text, size_t length,
    struct extauth_error *error)
{
	if (text[0] == '&')
		context->pending = 1;
	if (text[0] == '<')
		return xml_open(context, text, length, error);
	return EXTAUTH_OK;
}

static enum extauth_err
xml_tag(struct template_context *context, char byte)
{
	if (byte == '>')
		context->state = XML_TEXT;
	if (byte == '"')
		context->state = XML_DOUBLE_QUOTED;
	if (byte == '\'')
		context->state = XML_SINGLE_QUOTED;
	return EXTAUTH_OK;
}

static enum extauth_err
xml_until(struct template_context *context, const char *text, size_t length,
    const char *end)
{
	if (starts_with(text, length, end)) {
		context->state = XML_TEXT;
		context->skip = (unsigned)strlen(end) - 1;
	}
	return EXTAUTH_OK;
}

enum extauth_err
template_xml_byte(struct template_context *context, const char *text,
    size_t length, struct extauth_error *error)
{
	if (context->pending > 0)
		return xml_reference(context, text[0], error);
	switch ((enum xml_state)context->state) {
	case XML_TEXT:
		return xml_text(context, text, length, error);
	case XML_TAG:
		return xml_tag(context, text[0]);
	case XML_DOUBLE_QUOTED:
		return xml_attribute(context, text[0], '"', error);
	case XML_SINGLE_QUOTED:
		return xml_attribute(context, text[0], '\'', error);
	case XML_COMMENT:
		return xml_until(context, text, length, "-->");
	case XML_CDATA:
		return xml_until(context, text, length, "]]>");
	case XML_INSTRUCTION:
		return xml_until(context, text, length, "?>");
	}
	return EXTAUTH_OK;
}

bool
template_xml_takes_value(const struct template_context *context)
{
	return context->state == XML_TEXT ||
	    context->state == XML_DOUBLE_QUOTED ||
	    context->state == XML_SINGLE_QUOTED;
}

bool
template_xml_may_end(const struct template_context *context)
{
	return context->state == XML_TEXT;
}

/* SPDX-License-Identifier: MIT */
#include "fuzz_outline.h"

#include <string.h>

#include "fuzz_decode.h"

#define NONE ((size_t)-1)

enum xml_state {
	XML_TEXT,
	XML_TAG,
	XML_VALUE, /* of an attribute */
	XML_UNREAD /* comment, section, instruction: up to its end */
};

struct xml {
	enum xml_state state;
	char quote;      /* that ends the value */
	const char *end; /* of what is not read */
};

static void
put_mark(struct fuzz_value *out, char byte)
{
	out->bytes[out->length++] = FUZZ_MARK;
	out->bytes[out->length++] = byte;
}

static void
put_marks(struct fuzz_value *out, const char *text, size_t length)
{
	while (length-- > 0)
		put_mark(out, *text++);
}

static bool
is_word(char byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
	    (byte >= 'A' && byte <= 'Z') || byte == '-' || byte == '.' ||
	    byte == '_' || byte == '~';
}

size_t
fuzz_outline_url(const char *text, size_t length, char *ret_outline)
{
	struct fuzz_value out = {.bytes = ret_outline};
	size_t at = 0;

	while (at < length) {
		int pair = fuzz_hex_pair(text + at + 1, length - at - 1);

		if (text[at] <= ' ' || text[at] == 0x7f)
			return NONE;
		if (text[at] == '%' && pair < 0)
			return NONE;
		if (text[at] == '%')
			out.bytes[out.length++] = (char)pair;
		else if (is_word(text[at]))
			out.bytes[out.length++] = text[at];
		else
			put_mark(&out, text[at]);
		at += text[at] == '%' ? 3 : 1;
	}
	return out.length;
}

size_t
fuzz_outline_json(const char *text, size_t length, char *ret_outline)
{
	struct fuzz_value out = {.bytes = ret_outline};
	bool is_string = false;
	size_t at = 0;

	while (at < length) {
		size_t used = 1;

		if (text[at] == '"')
			is_string = !is_string;
		if (is_string && (unsigned char)text[at] < ' ')
			return NONE;
		if (text[at] == '"')
			put_mark(&out, text[at]);
		else if (is_string && text[at] == '\\')
			used = fuzz_json_escape(text + at, length - at, &out);
		else
			out.bytes[out.length++] = text[at];
		if (used == 0)
			return NONE;
		at += used;
	}
	return is_string ? NONE : out.length;
}

static bool
starts(const char *text, size_t length, const char *start)
{
	size_t size = strlen(start);

	return length >= size && memcmp(text, start, size) == 0;
}

/* Opens what '<' begins. */
static size_t
xml_open(
    struct xml *xml, const char *text, size_t length, struct fuzz_value *out)
{
	static const struct {
		const char *start;
		const char *end;
	} unread[] = {{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}};
	size_t at;

	for (at = 0; at < sizeof(unread) / sizeof(*unread); at++)
		if (starts(text, length, unread[at].start)) {
			xml->state = XML_UNREAD;
			xml->end = unread[at].end;
			put_marks(out, text, strlen(unread[at].start));
			return strlen(unread[at].start);
		}
	xml->state = XML_TAG;
	put_mark(out, '<');
	return length > 1 && text[1] == '!' ? 0 : 1;
}

/* What stands in a text or a value. */
static size_t
xml_value(
    struct xml *xml, const char *text, size_t length, struct fuzz_value *out)
{
	bool is_text = xml->state == XML_TEXT;

	if (text[0] == '&')
		return fuzz_xml_reference(text, length, out);
	if (is_text && text[0] == '<')
		return xml_open(xml, text, length, out);
	if (!is_text && text[0] == xml->quote) {
		xml->state = XML_TAG;
		put_mark(out, text[0]);
		return 1;
	}
	if (text[0] == '<' || text[0] == '\r')
		return 0;
	/* Read as blanks in an attribute. */
	if (!is_text && (text[0] == '\n' || text[0] == '\t'))
		out->bytes[out->length++] = ' ';
	else
		out->bytes[out->length++] = text[0];
	return 1;
}

static size_t
xml_tag(struct xml *xml, const char *text, struct fuzz_value *out)
{
	if (text[0] == '<')
		return 0;
	if (text[0] == '"' || text[0] == '\'') {
		xml->state = XML_VALUE;
		xml->quote = text[0];
	}
	if (text[0] == '>')
		xml->state = XML_TEXT;
	put_mark(out, text[0]);
	return 1;
}

static size_t
xml_unread(
    struct xml *xml, const char *text, size_t length, struct fuzz_value *out)
{
	size_t used = 1;

	if (starts(text, length, xml->end)) {
		used = strlen(xml->end);
		xml->state = XML_TEXT;
	}
	put_marks(out, text, used);
	return used;
}

size_t
fuzz_outline_xml(const char *text, size_t length, char *ret_outline)
{
	struct fuzz_value out = {.bytes = ret_outline};
	struct xml xml = {.state = XML_TEXT};
	size_t at = 0;

	while (at < length) {
		size_t used;

		if (xml.state == XML_TAG)
			used = xml_tag(&xml, text + at, &out);
		else if (xml.state == XML_UNREAD)
			used = xml_unread(&xml, text + at, length - at, &out);
		else
			used = xml_value(&xml, text + at, length - at, &out);
		if (used == 0)
			return NONE;
		at += used;
	}
	return xml.state == XML_TEXT ? out.length : NONE;
}

size_t
fuzz_outline_line(const char *text, size_t length, char *ret_outline)
{
	size_t at;

	for (at = 0; at < length; at++)
		if ((unsigned char)text[at] < ' ' || text[at] == 0x7f)
			return NONE;
	memcpy(ret_outline, text, length);
	return length;
}

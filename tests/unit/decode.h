/* SPDX-License-Identifier: MIT */
/* Readers of percent-encoding, JSON strings and XML text, slow and strict, that
 * share no code with what they judge. Each gives the decoded length, or
 * (size_t)-1 for what a reader of that language would not take as one string.
 * Does not know: extauth's own encoders. */
#ifndef EXTAUTH_DECODE_H
#define EXTAUTH_DECODE_H

#include <string.h>

#include "unit.h"

static inline int
hex_of(char digit)
{
	const char *all = "0123456789abcdef0123456789ABCDEF";
	const char *at = digit != '\0' ? strchr(all, digit) : NULL;

	return at == NULL ? -1 : (int)(at - all) % 16;
}

static inline size_t
decode_percent(const char *text, size_t length, char *out)
{
	size_t count = 0;
	size_t i = 0;

	while (i < length) {
		if (text[i] != '%') {
			if (text[i] <= 0x20 || text[i] > 0x7e ||
			    strchr("+&=#?/:@;,[]!$'()*\"<>\\^`{|}", text[i]))
				return (size_t)-1;
			out[count++] = text[i++];
			continue;
		}
		if (hex_of(text[i + 1]) < 0 || hex_of(text[i + 2]) < 0)
			return (size_t)-1;
		out[count++] =
		    (char)(hex_of(text[i + 1]) * 16 + hex_of(text[i + 2]));
		i += 3;
	}
	return count;
}

static inline size_t
decode_json_unicode(const char *text, char *out)
{
	int value = 0;
	int i;

	for (i = 0; i < 4; i++) {
		if (hex_of(text[i]) < 0)
			return (size_t)-1;
		value = value * 16 + hex_of(text[i]);
	}
	ck_assert_int_lt(value, 0x80);
	*out = (char)value;
	return 4;
}

static inline size_t
decode_json(const char *text, size_t length, char *out)
{
	size_t count = 0;
	size_t i;

	for (i = 0; i < length; i++) {
		if (text[i] == '"' || (unsigned char)text[i] < 0x20)
			return (size_t)-1;
		if (text[i] != '\\') {
			out[count++] = text[i];
			continue;
		}
		i++;
		if (text[i] == '"' || text[i] == '\\')
			out[count++] = text[i];
		else if (text[i] == 'u')
			i += decode_json_unicode(text + i + 1, &out[count++]);
		else
			return (size_t)-1;
	}
	return count;
}

static inline size_t
decode_xml_reference(const char *text, char *out)
{
	static const struct {
		const char *text;
		char byte;
	} known[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'},
	    {"&quot;", '"'}, {"&apos;", '\''}, {"&#39;", '\''}, {"&#9;", '\t'},
	    {"&#10;", '\n'}, {"&#13;", '\r'}};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		size_t length = strlen(known[i].text);

		if (strncmp(text, known[i].text, length) == 0) {
			*out = known[i].byte;
			return length;
		}
	}
	return 0;
}

/* Reads as in an attribute, where raw TAB, LF, CR would become blanks. */
static inline size_t
decode_xml(const char *text, size_t length, char *out)
{
	size_t count = 0;
	size_t i = 0;

	while (i < length) {
		size_t used = 1;

		if (text[i] == '&')
			used = decode_xml_reference(text + i, &out[count++]);
		else if (strchr("<>\"'", text[i]) == NULL &&
		    (unsigned char)text[i] >= 0x20)
			out[count++] = text[i];
		else
			used = 0;
		if (used == 0)
			return (size_t)-1;
		i += used;
	}
	return count;
}

static inline size_t
decode_plain(const char *text, size_t length, char *out)
{
	memcpy(out, text, length);
	return length;
}

#endif

/* SPDX-License-Identifier: MIT */
#include "fuzz_decode.h"

#include <string.h>

#include "fuzz.h"

static void
put(struct fuzz_value *out, unsigned byte)
{
	out->bytes[out->length++] = (char)byte;
}

static void
put_point(struct fuzz_value *out, uint32_t point)
{
	if (point < 0x80) {
		put(out, point);
	} else if (point < 0x800) {
		put(out, 0xc0 | point >> 6);
		put(out, 0x80 | (point & 0x3f));
	} else if (point < 0x10000) {
		put(out, 0xe0 | point >> 12);
		put(out, 0x80 | (point >> 6 & 0x3f));
		put(out, 0x80 | (point & 0x3f));
	} else {
		put(out, 0xf0 | point >> 18);
		put(out, 0x80 | (point >> 12 & 0x3f));
		put(out, 0x80 | (point >> 6 & 0x3f));
		put(out, 0x80 | (point & 0x3f));
	}
}

static int
hex_digit(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

int
fuzz_hex_pair(const char *text, size_t length)
{
	if (length < 2 || hex_digit(text[0]) < 0 || hex_digit(text[1]) < 0)
		return -1;
	return hex_digit(text[0]) * 16 + hex_digit(text[1]);
}

size_t
fuzz_code_point(const char *text, size_t length, uint32_t *ret_point)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *bytes = (const unsigned char *)text;
	uint32_t point = bytes[0];
	size_t size = 1;
	size_t at;

	if (point >= 0x80) {
		size = point >= 0xf0 ? 4 : point >= 0xe0 ? 3 : 2;
		if (point < 0xc0 || point > 0xf7 || size > length)
			return 0;
		point &= 0x7fU >> size;
	}
	for (at = 1; at < size; at++) {
		if (bytes[at] >> 6 != 2)
			return 0;
		point = point << 6 | (bytes[at] & 0x3fU);
	}
	if (point < least[size] || point > 0x10ffff ||
	    (point >= 0xd800 && point <= 0xdfff))
		return 0;
	*ret_point = point;
	return size;
}

bool
fuzz_is_text(
    const char *text, size_t length, bool (*is_allowed)(uint32_t point))
{
	size_t at = 0;

	while (at < length) {
		uint32_t point = 0;
		size_t size = fuzz_code_point(text + at, length - at, &point);

		if (size == 0 || (is_allowed != NULL && !is_allowed(point)))
			return false;
		at += size;
	}
	return true;
}

bool
fuzz_is_xml_character(uint32_t point)
{
	return point == 0x9 || point == 0xa || point == 0xd ||
	    (point >= 0x20 && point <= 0xd7ff) ||
	    (point >= 0xe000 && point <= 0xfffd) || point >= 0x10000;
}

bool
fuzz_decode_percent(const char *text, size_t length, struct fuzz_value *out)
{
	static const char others[] = "-._~";
	size_t at = 0;

	while (at < length) {
		char byte = text[at++];
		int pair;

		if ((byte >= '0' && byte <= '9') ||
		    (byte >= 'a' && byte <= 'z') ||
		    (byte >= 'A' && byte <= 'Z') ||
		    memchr(others, byte, sizeof(others) - 1) != NULL) {
			put(out, (unsigned char)byte);
			continue;
		}
		pair = fuzz_hex_pair(text + at, length - at);
		if (byte != '%' || pair < 0)
			return false;
		put(out, (unsigned)pair);
		at += 2;
	}
	return true;
}

/* Two escapes may make one character: a half of one alone is none. */
static size_t
json_unicode(const char *text, size_t length, uint32_t *ret_unit)
{
	if (length < 6 || text[0] != '\\' || text[1] != 'u' ||
	    fuzz_hex_pair(text + 2, 2) < 0 || fuzz_hex_pair(text + 4, 2) < 0)
		return 0;
	*ret_unit = (uint32_t)fuzz_hex_pair(text + 2, 2) << 8 |
	    (uint32_t)fuzz_hex_pair(text + 4, 2);
	return 6;
}

size_t
fuzz_json_escape(const char *text, size_t length, struct fuzz_value *out)
{
	static const char letters[] = "\"\\/bfnrt";
	static const char meaning[] = "\"\\/\b\f\n\r\t";
	const char *letter =
	    length < 2 ? NULL : memchr(letters, text[1], sizeof(letters) - 1);
	uint32_t unit = 0;
	uint32_t low = 0;

	if (letter != NULL) {
		put(out, (unsigned char)meaning[letter - letters]);
		return 2;
	}
	if (json_unicode(text, length, &unit) == 0)
		return 0;
	if (unit < 0xd800 || unit > 0xdfff) {
		put_point(out, unit);
		return 6;
	}
	if (unit > 0xdbff || json_unicode(text + 6, length - 6, &low) == 0 ||
	    low < 0xdc00 || low > 0xdfff)
		return 0;
	put_point(out, 0x10000 + ((unit & 0x3ff) << 10 | (low & 0x3ff)));
	return 12;
}

/* How a language writes a byte that it may not have as it is. */
struct escape {
	char sign; /* that it begins with */
	const char *forbidden;
	size_t (*read)(const char *text, size_t length, struct fuzz_value *out);
};

static bool
decode(const struct escape *escape, const char *text, size_t length,
    struct fuzz_value *out)
{
	size_t at = 0;

	while (at < length) {
		size_t used = 1;

		if ((unsigned char)text[at] < 0x20 ||
		    strchr(escape->forbidden, text[at]) != NULL)
			return false;
		if (text[at] == escape->sign)
			used = escape->read(text + at, length - at, out);
		else
			put(out, (unsigned char)text[at]);
		if (used == 0)
			return false;
		at += used;
	}
	return true;
}

bool
fuzz_decode_json(const char *text, size_t length, struct fuzz_value *out)
{
	static const struct escape backslash = {'\\', "\"", fuzz_json_escape};

	return fuzz_is_text(text, length, NULL) &&
	    decode(&backslash, text, length, out);
}

/* &#NUMBER; or &#xNUMBER; up to the ';' at `end`. */
static size_t
xml_number(const char *text, size_t end, struct fuzz_value *out)
{
	bool is_hex = text[2] == 'x';
	unsigned base = is_hex ? 16 : 10;
	uint32_t point = 0;
	size_t at = is_hex ? 3 : 2;

	if (at == end)
		return 0;
	for (; at < end; at++) {
		int digit = hex_digit(text[at]);

		if (digit < 0 || digit >= (int)base || point > 0x10ffff)
			return 0;
		point = point * base + (uint32_t)digit;
	}
	if (point > 0x10ffff || !fuzz_is_xml_character(point))
		return 0;
	put_point(out, point);
	return end + 1;
}

size_t
fuzz_xml_reference(const char *text, size_t length, struct fuzz_value *out)
{
	static const struct {
		const char *name;
		char byte;
	} entities[] = {{"&amp", '&'}, {"&lt", '<'}, {"&gt", '>'},
	    {"&quot", '"'}, {"&apos", '\''}};
	const char *semicolon = memchr(text, ';', length);
	size_t end = semicolon == NULL ? 0 : (size_t)(semicolon - text);
	size_t at;

	if (end > 2 && text[1] == '#')
		return xml_number(text, end, out);
	for (at = 0; at < sizeof(entities) / sizeof(*entities); at++)
		if (end == strlen(entities[at].name) &&
		    memcmp(text, entities[at].name, end) == 0) {
			put(out, (unsigned char)entities[at].byte);
			return end + 1;
		}
	return 0;
}

bool
fuzz_decode_xml(const char *text, size_t length, struct fuzz_value *out)
{
	static const struct escape reference = {
	    '&', "<>\"'", fuzz_xml_reference};

	return fuzz_is_text(text, length, fuzz_is_xml_character) &&
	    decode(&reference, text, length, out);
}

static int
base64_digit(char letter)
{
	if (letter >= 'A' && letter <= 'Z')
		return letter - 'A';
	if (letter >= 'a' && letter <= 'z')
		return letter - 'a' + 26;
	if (letter >= '0' && letter <= '9')
		return letter - '0' + 52;
	if (letter == '+')
		return 62;
	return letter == '/' ? 63 : -1;
}

bool
fuzz_decode_base64(const char *text, size_t length, struct fuzz_value *out)
{
	size_t padding = 0;
	uint32_t bits = 0;
	size_t at;

	if (length % 4 != 0)
		return false;
	while (padding < 2 && padding < length &&
	    text[length - padding - 1] == '=')
		padding++;
	for (at = 0; at < length; at++) {
		bool is_padding = at >= length - padding;
		int digit = is_padding ? 0 : base64_digit(text[at]);

		if (digit < 0)
			return false;
		bits = bits << 6 | (uint32_t)digit;
		if (at % 4 != 3)
			continue;
		put(out, bits >> 16 & 0xff);
		put(out, bits >> 8 & 0xff);
		put(out, bits & 0xff);
	}
	out->length -= padding;
	return padding == 0 || (bits & ((1U << padding * 8) - 1)) == 0;
}

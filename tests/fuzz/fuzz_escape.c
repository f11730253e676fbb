/* SPDX-License-Identifier: MIT */
/* Fuzz target of the escapes: whatever is written is read back as the value by
 * a reader of that language, and only what it cannot express is refused. An
 * input is a byte for the context, one for the room, and the value.
 * Does not know: templates. */
#include <stdlib.h>
#include <string.h>

#include "escape.h"
#include "fuzz.h"
#include "fuzz_decode.h"
#include "fuzz_pure.h"

#define CONTEXT_BASE64 7
#define CONTEXTS 8
#define BEFORE "before"

static bool
is_printable(const char *value, size_t length)
{
	size_t at;

	for (at = 0; at < length; at++)
		if ((unsigned char)value[at] < 0x20 || value[at] == 0x7f)
			return false;
	return true;
}

static bool
is_header(const char *value, size_t length)
{
	size_t at;

	for (at = 0; at < length; at++)
		if (value[at] < 0x20 || value[at] > 0x7e)
			return false;
	return length == 0 || (value[0] != ' ' && value[length - 1] != ' ');
}

static bool
is_number(const char *value, size_t length)
{
	size_t at;

	for (at = 0; at < length; at++)
		if (value[at] < '0' || value[at] > '9')
			return false;
	return length == 1 || (length > 1 && value[0] != '0');
}

static bool
is_dots(const char *value, size_t length)
{
	return length > 0 && length <= 2 && memcmp(value, "..", length) == 0;
}

/* Tells whether the language has words for that value. */
static bool
is_expressible(unsigned context, const char *value, size_t length)
{
	switch (context) {
	case ESCAPE_NONE:
		return is_printable(value, length);
	case ESCAPE_URL_PATH:
		return !is_dots(value, length);
	case ESCAPE_HEADER:
		return is_header(value, length);
	case ESCAPE_JSON:
		return fuzz_is_text(value, length, NULL) &&
		    memchr(value, '\0', length) == NULL;
	case ESCAPE_JSON_NUMBER:
		return is_number(value, length);
	case ESCAPE_XML:
		return fuzz_is_text(value, length, fuzz_is_xml_character);
	default:
		return true;
	}
}

static bool
decode_plain(const char *text, size_t length, struct fuzz_value *out)
{
	memcpy(out->bytes, text, length);
	out->length = length;
	return true;
}

static bool
decode(
    unsigned context, const char *text, size_t length, struct fuzz_value *out)
{
	switch (context) {
	case ESCAPE_URL_PATH:
	case ESCAPE_URL:
		return fuzz_decode_percent(text, length, out);
	case ESCAPE_JSON:
		return fuzz_decode_json(text, length, out);
	case ESCAPE_XML:
		return fuzz_decode_xml(text, length, out);
	case CONTEXT_BASE64:
		return fuzz_decode_base64(text, length, out);
	default:
		return decode_plain(text, length, out);
	}
}

static void
check_written(unsigned context, const struct buffer *buffer, const char *value,
    size_t length)
{
	size_t before = strlen(BEFORE);
	size_t size = buffer->length - before;
	cleanup_free char *text = fuzz_copy_bytes(buffer->bytes + before, size);
	cleanup_free char *room = fuzz_copy_bytes(text, size);
	struct fuzz_value out = {.bytes = room};

	fuzz_require(
	    decode(context, text, size, &out), "the text leaves its context");
	fuzz_require(
	    out.length == length && memcmp(out.bytes, value, length) == 0,
	    "another value is read back");
}

void
fuzz_escape(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = fuzz_begin(bytes, length);
	unsigned context = fuzz_next_byte(&input) % CONTEXTS;
	size_t room = fuzz_next_byte(&input);
	size_t size = (size_t)(input.end - input.next);
	cleanup_free char *value = fuzz_copy_bytes(input.next, size);
	cleanup_buffer struct buffer buffer =
	    buffer_make(room == 255 ? 65536 : strlen(BEFORE) + room * 16);
	struct extauth_error error = {{0}};
	enum extauth_err err;

	fuzz_require(buffer_append_text(&buffer, BEFORE) == EXTAUTH_OK, "room");
	err = context == CONTEXT_BASE64
	    ? escape_append_base64(&buffer, value, size)
	    : escape_append(
		  &buffer, (enum escape_context)context, value, size, &error);
	fuzz_require(
	    escape_is_utf8(value, size) == fuzz_is_text(value, size, NULL),
	    "one reader of UTF-8 differs from the other");
	if (err == EXTAUTH_OK)
		check_written(context, &buffer, value, size);
	else
		fuzz_require(strcmp(buffer_text(&buffer), BEFORE) == 0,
		    "a part of the value is left");
	if (err == EXTAUTH_INVALID)
		fuzz_require(error.text[0] != '\0', "no reason is given");
	fuzz_require(
	    (err == EXTAUTH_INVALID) != is_expressible(context, value, size),
	    "it is refused wrongly, or should be");
	fuzz_require(err != EXTAUTH_TOOBIG ||
		size * 6 + 4 > buffer.limit - strlen(BEFORE),
	    "there is room");
}

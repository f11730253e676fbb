/* SPDX-License-Identifier: MIT */
#include "escape.h"

#include <stdint.h>
#include <string.h>

/* The longest form that one byte takes: "\u001f", "&quot;". */
#define FORM_MAX_BYTES 6

static bool
is_digit(unsigned char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool
is_unreserved(unsigned char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	    is_digit(byte) || byte == '-' || byte == '.' || byte == '_' ||
	    byte == '~';
}

static bool
is_control(unsigned char byte)
{
	return byte < 0x20 || byte == 0x7f;
}

/* Gives the length of the sequence that `lead` opens, and the range of its
 * second byte, which is what keeps out overlong forms and surrogates. */
static size_t
utf8_sequence(
    unsigned char lead, unsigned char *ret_low, unsigned char *ret_high)
{
	*ret_low = 0x80;
	*ret_high = 0xbf;
	if (lead < 0x80)
		return 1;
	if (lead >= 0xc2 && lead <= 0xdf)
		return 2;
	if (lead == 0xe0)
		*ret_low = 0xa0;
	if (lead == 0xed)
		*ret_high = 0x9f;
	if (lead >= 0xe0 && lead <= 0xef)
		return 3;
	if (lead == 0xf0)
		*ret_low = 0x90;
	if (lead == 0xf4)
		*ret_high = 0x8f;
	return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

/* Gives the length of the character at `bytes`, 0 if there is none. */
static size_t
utf8_character(const unsigned char *bytes, size_t length)
{
	unsigned char low;
	unsigned char high;
	size_t size = utf8_sequence(bytes[0], &low, &high);
	size_t i;

	if (size == 0 || size > length)
		return 0;
	for (i = 1; i < size; i++) {
		if (bytes[i] < low || bytes[i] > high)
			return 0;
		low = 0x80;
		high = 0xbf;
	}
	return size;
}

bool
escape_is_utf8(const char *bytes, size_t length)
{
	const unsigned char *octets = (const unsigned char *)bytes;
	size_t i = 0;

	while (i < length) {
		size_t size = utf8_character(octets + i, length - i);

		if (size == 0)
			return false;
		i += size;
	}
	return true;
}

static enum extauth_err
check_local_path(const char *value, size_t length, struct extauth_error *error)
{
	size_t i;

	for (i = 0; i < length; i++)
		if (is_control((unsigned char)value[i]))
			return error_set(error, EXTAUTH_INVALID,
			    "a control byte cannot stand in a path");
	return EXTAUTH_OK;
}

/* Encoding does not help here: "%2e" is a dot segment to many servers. */
static enum extauth_err
check_url_path(const char *value, size_t length, struct extauth_error *error)
{
	if ((length == 1 && value[0] == '.') ||
	    (length == 2 && value[0] == '.' && value[1] == '.'))
		return error_set(error, EXTAUTH_INVALID,
		    "\".\" or \"..\" cannot stand in the path of a URL");
	return EXTAUTH_OK;
}

static enum extauth_err
check_header(const char *value, size_t length, struct extauth_error *error)
{
	size_t i;

	for (i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)value[i];

		if (is_control(byte))
			return error_set(error, EXTAUTH_INVALID,
			    "a control byte cannot stand in a header");
		if (byte > 0x7f)
			return error_set(error, EXTAUTH_INVALID,
			    "a byte that is not ASCII cannot stand in a "
			    "header");
	}
	if (length > 0 && (value[0] == ' ' || value[length - 1] == ' '))
		return error_set(error, EXTAUTH_INVALID,
		    "a header cannot carry a blank at the ends of a value");
	return EXTAUTH_OK;
}

static enum extauth_err
check_characters(const char *value, size_t length, const char *where,
    struct extauth_error *error)
{
	if (length > 0 && memchr(value, '\0', length) != NULL)
		return error_set(error, EXTAUTH_INVALID,
		    "a NUL byte cannot stand in %s", where);
	if (!escape_is_utf8(value, length))
		return error_set(error, EXTAUTH_INVALID,
		    "bytes that are not UTF-8 cannot stand in %s", where);
	return EXTAUTH_OK;
}

static enum extauth_err
check_json_number(const char *value, size_t length, struct extauth_error *error)
{
	size_t i;

	for (i = 0; i < length; i++)
		if (!is_digit((unsigned char)value[i]))
			return error_set(error, EXTAUTH_INVALID,
			    "what is not decimal digits cannot stand outside "
			    "of a JSON string");
	if (length == 0 || (length > 1 && value[0] == '0'))
		return error_set(error, EXTAUTH_INVALID,
		    "an empty number or a leading zero cannot stand outside "
		    "of a JSON string");
	return EXTAUTH_OK;
}

static bool
is_xml_control(unsigned char byte)
{
	return byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r';
}

/* Looks for U+FFFE and U+FFFF as well: UTF-8 that XML has no place for. */
static enum extauth_err
check_xml(const char *value, size_t length, struct extauth_error *error)
{
	enum extauth_err err = check_characters(value, length, "XML", error);
	size_t i;

	if (err != EXTAUTH_OK)
		return err;
	for (i = 0; i < length; i++) {
		const unsigned char *at = (const unsigned char *)value + i;

		if (is_xml_control(at[0]))
			return error_set(error, EXTAUTH_INVALID,
			    "a control byte cannot stand in XML");
		if (at[0] == 0xef && at[1] == 0xbf && at[2] >= 0xbe)
			return error_set(error, EXTAUTH_INVALID,
			    "U+FFFE or U+FFFF cannot stand in XML");
	}
	return EXTAUTH_OK;
}

static enum extauth_err
escape_check(enum escape_context context, const char *value, size_t length,
    struct extauth_error *error)
{
	switch (context) {
	case ESCAPE_NONE:
		return check_local_path(value, length, error);
	case ESCAPE_URL_PATH:
		return check_url_path(value, length, error);
	case ESCAPE_URL:
		return EXTAUTH_OK;
	case ESCAPE_HEADER:
		return check_header(value, length, error);
	case ESCAPE_JSON:
		return check_characters(value, length, "JSON", error);
	case ESCAPE_JSON_NUMBER:
		return check_json_number(value, length, error);
	case ESCAPE_XML:
		return check_xml(value, length, error);
	}
	return error_set(
	    error, EXTAUTH_INVALID, "no value can stand in such a place");
}

static char
hex_digit(unsigned value, const char *digits)
{
	return digits[value & 0xf];
}

static size_t
form_url(unsigned char byte, char *form)
{
	static const char *const digits = "0123456789ABCDEF";

	if (is_unreserved(byte)) {
		form[0] = (char)byte;
		return 1;
	}
	form[0] = '%';
	form[1] = hex_digit(byte >> 4, digits);
	form[2] = hex_digit(byte, digits);
	return 3;
}

static size_t
form_json(unsigned char byte, char *form)
{
	static const char *const digits = "0123456789abcdef";

	if (byte == '"' || byte == '\\') {
		form[0] = '\\';
		form[1] = (char)byte;
		return 2;
	}
	if (!is_control(byte)) {
		form[0] = (char)byte;
		return 1;
	}
	form[0] = '\\';
	form[1] = 'u';
	form[2] = '0';
	form[3] = '0';
	form[4] = hex_digit(byte >> 4, digits);
	form[5] = hex_digit(byte, digits);
	return 6;
}

/* Blanks other than the space go as references, since a reader would turn them
 * into spaces in an attribute, and CR into LF in a text. */
static const char *
xml_reference(unsigned char byte)
{
	switch (byte) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	case '\t':
		return "&#9;";
	case '\n':
		return "&#10;";
	case '\r':
		return "&#13;";
	default:
		return NULL;
	}
}

static size_t
form_xml(unsigned char byte, char *form)
{
	const char *reference = xml_reference(byte);
	size_t length;

	if (reference == NULL) {
		form[0] = (char)byte;
		return 1;
	}
	length = strlen(reference);
	memcpy(form, reference, length);
	return length;
}

static size_t
escape_form(enum escape_context context, unsigned char byte, char *form)
{
	switch (context) {
	case ESCAPE_URL_PATH:
	case ESCAPE_URL:
		return form_url(byte, form);
	case ESCAPE_JSON:
		return form_json(byte, form);
	case ESCAPE_XML:
		return form_xml(byte, form);
	case ESCAPE_NONE:
	case ESCAPE_HEADER:
	case ESCAPE_JSON_NUMBER:
		break;
	}
	form[0] = (char)byte;
	return 1;
}

/* Takes back what was appended: it may be half of a password. */
static enum extauth_err
escape_undo(struct buffer *buffer, size_t length, enum extauth_err err)
{
	if (buffer->length > length) {
		explicit_bzero(buffer->bytes + length, buffer->length - length);
		buffer->length = length;
	}
	return err;
}

enum extauth_err
escape_append(struct buffer *buffer, enum escape_context context,
    const char *value, size_t length, struct extauth_error *error)
{
	enum extauth_err err = escape_check(context, value, length, error);
	size_t start = buffer->length;
	char form[FORM_MAX_BYTES];
	size_t i;

	for (i = 0; i < length && err == EXTAUTH_OK; i++)
		err = buffer_append(buffer, form,
		    escape_form(context, (unsigned char)value[i], form));
	explicit_bzero(form, sizeof(form));
	return err == EXTAUTH_OK ? EXTAUTH_OK : escape_undo(buffer, start, err);
}

static void
base64_group(const unsigned char *bytes, size_t length, char *form)
{
	static const char *const digits =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t bits = (uint32_t)bytes[0] << 16;

	if (length > 1)
		bits |= (uint32_t)bytes[1] << 8;
	if (length > 2)
		bits |= bytes[2];
	form[0] = digits[bits >> 18];
	form[1] = digits[bits >> 12 & 0x3f];
	form[2] = '=';
	form[3] = '=';
	if (length > 1)
		form[2] = digits[bits >> 6 & 0x3f];
	if (length > 2)
		form[3] = digits[bits & 0x3f];
}

enum extauth_err
escape_append_base64(struct buffer *buffer, const char *value, size_t length)
{
	const unsigned char *bytes = (const unsigned char *)value;
	enum extauth_err err = EXTAUTH_OK;
	size_t start = buffer->length;
	char form[4];
	size_t i;

	for (i = 0; i < length && err == EXTAUTH_OK; i += 3) {
		base64_group(bytes + i, length - i, form);
		err = buffer_append(buffer, form, sizeof(form));
	}
	explicit_bzero(form, sizeof(form));
	return err == EXTAUTH_OK ? EXTAUTH_OK : escape_undo(buffer, start, err);
}

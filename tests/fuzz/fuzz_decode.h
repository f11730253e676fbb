/* SPDX-License-Identifier: MIT */
/* Readers of the languages that values are written into, slow and strict: what
 * a server would read. Each appends the decoded value to `out` (room for as
 * many bytes as it reads) and tells whether the text is one value to its end.
 * Does not know: extauth's own encoders, with which they share no code. */
#ifndef EXTAUTH_FUZZ_DECODE_H
#define EXTAUTH_FUZZ_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What was decoded. */
struct fuzz_value {
	char *bytes;
	size_t length;
};

/* Gives the code point at `text` and its length, 0 if there is none. RFC 3629
 * 3, by the number that the bits make. */
size_t fuzz_code_point(const char *text, size_t length, uint32_t *ret_point);

/* Tells whether the bytes are UTF-8 of characters that `is_allowed` takes;
 * NULL: any. */
bool fuzz_is_text(
    const char *text, size_t length, bool (*is_allowed)(uint32_t point));

/* XML 1.0 2.2: Char. */
bool fuzz_is_xml_character(uint32_t point);

/* Unreserved characters and %XX alone. RFC 3986 2.3. */
bool fuzz_decode_percent(
    const char *text, size_t length, struct fuzz_value *out);

/* The inside of a JSON string. RFC 8259 7. */
bool fuzz_decode_json(const char *text, size_t length, struct fuzz_value *out);

/* Text, or an attribute's value in either quotes, with the five entities and
 * references to characters; nothing that a reader would change. */
bool fuzz_decode_xml(const char *text, size_t length, struct fuzz_value *out);

/* With padding, and no bit behind the last byte. RFC 4648 4. */
bool fuzz_decode_base64(
    const char *text, size_t length, struct fuzz_value *out);

/* Reads "&...;" at `text`; gives its length, 0 if there is none. */
size_t fuzz_xml_reference(
    const char *text, size_t length, struct fuzz_value *out);

/* Reads what follows a backslash; gives its length, 0 if there is none. */
size_t fuzz_json_escape(
    const char *text, size_t length, struct fuzz_value *out);

/* Reads two hex digits; -1: there are none. */
int fuzz_hex_pair(const char *text, size_t length);

#endif

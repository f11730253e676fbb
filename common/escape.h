/* SPDX-License-Identifier: MIT */
/* Writes a value so that it means itself in the place where it stands.
 * Does not know: placeholders, or what the value is. */
#ifndef EXTAUTH_ESCAPE_H
#define EXTAUTH_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"

enum escape_context {
	ESCAPE_NONE = 0,    /* a local path: refuses control bytes only */
	ESCAPE_URL_PATH,    /* as ESCAPE_URL; a value "." or ".." is refused */
	ESCAPE_URL,         /* URL query and form body */
	ESCAPE_HEADER,      /* HTTP field value */
	ESCAPE_JSON,        /* inside the quotes of a JSON string */
	ESCAPE_JSON_NUMBER, /* outside of quotes: decimal digits only */
	ESCAPE_XML,         /* XML text, or inside a quoted attribute */
};

/* Appends `value` encoded for `context`. On failure nothing is appended.
 * EXTAUTH_INVALID with the reason in `error` (never with the value) where the
 * context cannot express the value: NUL and not-UTF-8 in JSON and XML, C0
 * controls other than TAB LF CR and U+FFFE, U+FFFF in XML, controls, bytes over
 * 0x7F and leading or trailing blanks in a header. EXTAUTH_TOOBIG,
 * EXTAUTH_NOMEM. RFC 3986 2.3, RFC 8259 7, RFC 9110 5.5, XML 1.0 2.2. */
EXTAUTH_CHECKED enum extauth_err escape_append(struct buffer *buffer,
    enum escape_context context, const char *value, size_t length,
    struct extauth_error *error);

/* Tells whether the bytes are well-formed UTF-8: no overlong form, no
 * surrogate, nothing above U+10FFFF. RFC 3629. */
bool escape_is_utf8(const char *bytes, size_t length);

/* Appends base64 with padding. EXTAUTH_TOOBIG, EXTAUTH_NOMEM. RFC 4648 4. */
EXTAUTH_CHECKED enum extauth_err escape_append_base64(
    struct buffer *buffer, const char *value, size_t length);

#endif

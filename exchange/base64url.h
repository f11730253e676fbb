/* SPDX-License-Identifier: MIT */
/* The base64url of tokens, without padding and in its one form only. RFC 4648
 * 5, RFC 7515 2.
 * Does not know: what the bytes mean. */
#ifndef EXTAUTH_BASE64URL_H
#define EXTAUTH_BASE64URL_H

#include "buffer.h"

/* Appends the bytes that `length` letters stand for; none stand for none. On
 * failure what was appended is to be thrown away. EXTAUTH_INVALID for a letter
 * that does not belong, padding, a length that cannot be, and bits behind the
 * last byte; EXTAUTH_TOOBIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err base64url_decode(
    struct buffer *buffer, const char *letters, size_t length);

/* Appends the letters of `length` bytes. EXTAUTH_TOOBIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err base64url_encode(
    struct buffer *buffer, const char *bytes, size_t length);

#endif

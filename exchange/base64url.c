/* SPDX-License-Identifier: MIT */
#include "base64url.h"

#include <stdint.h>
#include <string.h>

#define BITS_PER_LETTER 6
#define BITS_PER_BYTE 8

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

enum extauth_err
base64url_decode(struct buffer *buffer, const char *letters, size_t length)
{
	uint32_t bits = 0; /* those that make no byte yet */
	unsigned count = 0;
	size_t at;

	for (at = 0; at < length; at++) {
		const char *letter =
		    memchr(alphabet, letters[at], sizeof(alphabet) - 1);
		unsigned char byte;
		enum extauth_err err;

		if (letter == NULL)
			return EXTAUTH_INVALID;
		bits = bits << BITS_PER_LETTER | (uint32_t)(letter - alphabet);
		count += BITS_PER_LETTER;
		if (count < BITS_PER_BYTE)
			continue;
		count -= BITS_PER_BYTE;
		byte = (unsigned char)(bits >> count);
		bits &= (1U << count) - 1;
		err = buffer_append(buffer, &byte, 1);
		if (err != EXTAUTH_OK)
			return err;
	}
	return count < BITS_PER_LETTER && bits == 0 ? EXTAUTH_OK
						    : EXTAUTH_INVALID;
}

enum extauth_err
base64url_encode(struct buffer *buffer, const char *bytes, size_t length)
{
	enum extauth_err err = EXTAUTH_OK;
	size_t at;

	for (at = 0; at < length; at += 3) {
		size_t count = length - at < 3 ? length - at : 3;
		uint32_t bits = 0;
		size_t nth;

		for (nth = 0; nth < 3; nth++)
			bits = bits << BITS_PER_BYTE |
			    (nth < count ? (unsigned char)bytes[at + nth] : 0U);
		for (nth = 0; nth <= count && err == EXTAUTH_OK; nth++)
			err = buffer_append(
			    buffer, &alphabet[bits >> (18 - 6 * nth) & 63], 1);
	}
	return err;
}

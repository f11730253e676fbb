/* SPDX-License-Identifier: MIT */
/* What a reader of a language makes of a whole text: its marks, and between
 * them decoded values. Two texts with the same outline say the same.
 * Does not know: extauth's own readers and encoders. */
#ifndef EXTAUTH_FUZZ_OUTLINE_H
#define EXTAUTH_FUZZ_OUTLINE_H

#include <stdbool.h>
#include <stddef.h>

/* Stands before each byte of an outline that is a mark and no value. */
#define FUZZ_MARK 0x01

/* Each appends the outline of the text to `*ret_outline`, which has room for
 * twice as many bytes, and gives its length; (size_t)-1 for a text that is none
 * of that language. */
size_t fuzz_outline_url(const char *text, size_t length, char *ret_outline);
size_t fuzz_outline_json(const char *text, size_t length, char *ret_outline);
size_t fuzz_outline_xml(const char *text, size_t length, char *ret_outline);

/* A header, or a path: one line, whose bytes mean themselves. */
size_t fuzz_outline_line(const char *text, size_t length, char *ret_outline);

#endif

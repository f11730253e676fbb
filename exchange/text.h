/* SPDX-License-Identifier: MIT */
/* Text that came from outside, made fit to be shown or logged.
 * Does not know: where it came from. */
#ifndef EXTAUTH_TEXT_H
#define EXTAUTH_TEXT_H

#include <stddef.h>

/* Copies at most `size` - 1 bytes of `bytes` into `text` with a NUL. Only
 * printable ASCII stays; any other character, of however many bytes, becomes
 * one '?'. `bytes` may be `text`. */
void text_copy_printable(
    char *text, size_t size, const char *bytes, size_t length);

/* Writes a printf(3) text, made printable and cut to `size` - 1 bytes. */
void text_print(char *text, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif

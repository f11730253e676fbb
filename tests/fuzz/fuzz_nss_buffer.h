/* SPDX-License-Identifier: MIT */
/* A buffer as a host hands it to the NSS module: of any size and alignment, and
 * with nothing behind its end.
 * Does not know: what is put into it. */
#ifndef EXTAUTH_FUZZ_NSS_BUFFER_H
#define EXTAUTH_FUZZ_NSS_BUFFER_H

#include <stddef.h>
#include <stdint.h>

struct fuzz_buffer {
	char *memory;
	char *bytes;
	size_t length;
	size_t alignment; /* 0 to 15 */
	size_t too_small; /* the largest that was */
};

/* Reads length (0 to 4096) and alignment from an input's head. */
struct fuzz_buffer fuzz_buffer_of(const uint8_t *head);

/* Gives it its memory; fuzz_buffer_clear takes it back. */
void fuzz_buffer_make(struct fuzz_buffer *buffer);
void fuzz_buffer_clear(struct fuzz_buffer *buffer);

/* Ends the program unless the text stands in the buffer, with its NUL. */
void fuzz_buffer_has(const struct fuzz_buffer *buffer, const char *text);

#endif

/* SPDX-License-Identifier: MIT */
/* Bytes that grow up to a stated limit and are wiped when they go; and the
 * cleanup attributes for plain memory and file descriptors.
 * Does not know: what the bytes mean. */
#ifndef EXTAUTH_BUFFER_H
#define EXTAUTH_BUFFER_H

#include <stddef.h>

#include "error.h"

/* {0} is empty and has no room; buffer_make gives room. `bytes` is NULL until
 * the first byte came, afterwards bytes[length] is NUL. */
struct buffer {
	char *bytes;
	size_t length;
	size_t capacity;
	size_t limit;
};

/* Makes an empty buffer that holds up to `limit_bytes`. Allocates nothing. */
struct buffer buffer_make(size_t limit_bytes);

/* Appends bytes. On failure the buffer is as it was. Growth leaves no copy
 * behind. EXTAUTH_TOOBIG over the limit, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err buffer_append(
    struct buffer *buffer, const void *bytes, size_t length);

/* Appends a NUL-terminated text without its NUL; else as buffer_append. */
EXTAUTH_CHECKED enum extauth_err buffer_append_text(
    struct buffer *buffer, const char *text);

/* Appends formatted text of at most 1023 bytes, printf(3); longer is
 * EXTAUTH_TOOBIG; else as buffer_append. Not for secrets. */
EXTAUTH_CHECKED enum extauth_err buffer_append_format(
    struct buffer *buffer, const char *format, ...) EXTAUTH_PRINTF(2, 3);

/* Appends what `fd` gives up to its end, read again after a signal. On failure
 * what came before it stays. EXTAUTH_SYSTEM with errno, EXTAUTH_TOOBIG,
 * EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err buffer_read(struct buffer *buffer, int fd);

/* Lends the content as NUL-terminated text until the next change; never NULL.
 */
const char *buffer_text(const struct buffer *buffer);

/* Wipes and frees the content; limit and use go on as before. NULL is allowed.
 */
void buffer_clear(struct buffer *buffer);

/* Frees *pointer of a `T *` variable: for the cleanup attribute only. */
void cleanup_free_pointer(void *pointer);
/* Closes *fd unless negative, errno kept: for the cleanup attribute only. */
void cleanup_close_fd(const int *fd);

#define cleanup_buffer __attribute__((cleanup(buffer_clear)))
#define cleanup_free __attribute__((cleanup(cleanup_free_pointer)))
#define cleanup_fd __attribute__((cleanup(cleanup_close_fd)))

#endif

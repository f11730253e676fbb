/* SPDX-License-Identifier: MIT */
/* A registry file on its way to the disk: what stands behind its header is
 * given piece by piece, in order, and only a few pieces are held in memory.
 * Does not know: what the bytes mean. */
#ifndef EXTAUTH_REGISTRY_STREAM_H
#define EXTAUTH_REGISTRY_STREAM_H

#include <stdint.h>

#include "registry_pages.h"

/* {0} is none. */
struct registry_stream {
	int fd; /* borrowed */
	uint32_t version;
	struct registry_pages pages; /* behind `used` they are zeroed */
	size_t used;
	uint64_t offset; /* in the file, of what `pages` begin with */
	uint64_t begun;  /* up to here the kernel was asked to write */
	uint64_t checksum;
};

/* Begins a file of that version. `*ret_stream` is the caller's
 * (registry_stream_clear), written only on success. EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err registry_stream_begin(
    int fd, uint32_t version, struct registry_stream *ret_stream);

/* Where in the file the next byte goes. */
uint64_t registry_stream_place(const struct registry_stream *stream);

/* Lends zeroed room for the next `length` bytes, of which registry_stream_add
 * tells how many count. EXTAUTH_SYSTEM with errno as write(2) leaves it,
 * EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err registry_stream_room(
    struct registry_stream *stream, size_t length, char **ret_room);
void registry_stream_add(struct registry_stream *stream, size_t length);

/* Gives bytes, or as many zeros if `bytes` is NULL. Errors likewise. */
EXTAUTH_CHECKED enum extauth_err registry_stream_put(
    struct registry_stream *stream, const char *bytes, uint64_t length);

/* Writes what is held; `*ret_checksum` is that of all but the header. Errors
 * likewise. */
EXTAUTH_CHECKED enum extauth_err registry_stream_end(
    struct registry_stream *stream, uint64_t *ret_checksum);

/* Writes the header. Errors likewise. */
EXTAUTH_CHECKED enum extauth_err registry_stream_put_header(
    const struct registry_stream *stream, const char *header);

/* Frees what it holds. */
void registry_stream_clear(struct registry_stream *stream);

#define cleanup_stream __attribute__((cleanup(registry_stream_clear)))

#endif

/* SPDX-License-Identifier: MIT */
/* Many small pieces of memory that all go at once.
 * Does not know: what is in them. */
#ifndef EXTAUTH_REGISTRY_ARENA_H
#define EXTAUTH_REGISTRY_ARENA_H

#include <stddef.h>

#include "registry_pages.h"

/* {0} is empty. */
struct registry_arena {
	struct registry_pages *chunks;
	size_t chunk_count;
	char *next; /* free bytes of the last chunk */
	size_t left;
};

/* Lends `size` bytes, aligned for uint64_t, until the arena is cleared.
 * EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err registry_arena_take(
    struct registry_arena *arena, size_t size, void **ret_bytes);

/* Lends a copy of `text`, as registry_arena_take. */
EXTAUTH_CHECKED enum extauth_err registry_arena_copy(
    struct registry_arena *arena, const char *text, const char **ret_text);

/* Frees all and leaves {0}. */
void registry_arena_clear(struct registry_arena *arena);

#endif

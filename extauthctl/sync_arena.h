/* SPDX-License-Identifier: MIT */
/* Memory for many small things that go together.
 * Does not know: what they are. */
#ifndef EXTAUTHCTL_SYNC_ARENA_H
#define EXTAUTHCTL_SYNC_ARENA_H

#include <stddef.h>

#include "error.h"

struct sync_arena_block;

/* {0} is empty. */
struct sync_arena {
	struct sync_arena_block *blocks;
};

/* Gives `length` bytes that live as long as the arena, aligned for any number.
 * EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err sync_arena_take(
    struct sync_arena *arena, size_t length, void **ret_bytes);

/* The same for texts, not aligned. */
EXTAUTH_CHECKED enum extauth_err sync_arena_take_bytes(
    struct sync_arena *arena, size_t length, char **ret_bytes);

/* Copies a text. EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err sync_arena_copy(
    struct sync_arena *arena, const char *text, const char **ret_copy);

/* Frees all and leaves {0}. NULL is allowed. */
void sync_arena_clear(struct sync_arena *arena);

#endif

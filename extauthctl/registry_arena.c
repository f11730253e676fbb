/* SPDX-License-Identifier: MIT */
#include "registry_arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_ALIGN sizeof(uint64_t)
#define CHUNK_FIRST_BYTES ((size_t)16 << 10)
#define CHUNK_MAX_BYTES ((size_t)32 << 20)

/* Chunks double, so that few users cost little and many cost few calls. */
static enum extauth_err
arena_grow(struct registry_arena *arena, size_t size)
{
	size_t bytes = CHUNK_FIRST_BYTES;
	struct registry_pages *chunks = reallocarray(
	    arena->chunks, arena->chunk_count + 1, sizeof(*chunks));

	if (chunks == NULL)
		return EXTAUTH_NOMEM;
	arena->chunks = chunks;
	if (arena->chunk_count > 0)
		bytes = chunks[arena->chunk_count - 1].size * 2;
	if (bytes > CHUNK_MAX_BYTES)
		bytes = CHUNK_MAX_BYTES;
	if (bytes < size)
		bytes = size;
	if (registry_pages_take(bytes, &chunks[arena->chunk_count]) !=
	    EXTAUTH_OK)
		return EXTAUTH_NOMEM;
	arena->next = chunks[arena->chunk_count++].bytes;
	arena->left = bytes;
	return EXTAUTH_OK;
}

enum extauth_err
registry_arena_take(struct registry_arena *arena, size_t size, void **ret_bytes)
{
	size_t padded = (size + ARENA_ALIGN - 1) & ~(ARENA_ALIGN - 1);

	if (padded < size)
		return EXTAUTH_NOMEM;
	if (arena->left < padded && arena_grow(arena, padded) != EXTAUTH_OK)
		return EXTAUTH_NOMEM;
	*ret_bytes = arena->next;
	arena->next += padded;
	arena->left -= padded;
	return EXTAUTH_OK;
}

enum extauth_err
registry_arena_copy(
    struct registry_arena *arena, const char *text, const char **ret_text)
{
	size_t size = strlen(text) + 1;
	void *bytes = NULL;
	enum extauth_err err = registry_arena_take(arena, size, &bytes);

	if (err == EXTAUTH_OK)
		*ret_text = memcpy(bytes, text, size);
	return err;
}

void
registry_arena_clear(struct registry_arena *arena)
{
	while (arena->chunk_count > 0)
		registry_pages_give(&arena->chunks[--arena->chunk_count]);
	free(arena->chunks);
	*arena = (struct registry_arena){0};
}

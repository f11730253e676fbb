/* SPDX-License-Identifier: MIT */
#include "sync_arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES ((size_t)1 << 20)
#define ALIGN alignof(max_align_t)

struct sync_arena_block {
	struct sync_arena_block *before;
	size_t used;
	size_t size;
	alignas(max_align_t) char bytes[];
};

static enum extauth_err
block_add(struct sync_arena *arena, size_t length)
{
	size_t size = length > BLOCK_BYTES ? length : BLOCK_BYTES;
	struct sync_arena_block *block = malloc(sizeof(*block) + size);

	if (block == NULL)
		return EXTAUTH_NOMEM;
	block->before = arena->blocks;
	block->used = 0;
	block->size = size;
	arena->blocks = block;
	return EXTAUTH_OK;
}

static enum extauth_err
take(struct sync_arena *arena, size_t length, size_t align, char **ret_bytes)
{
	struct sync_arena_block *block = arena->blocks;
	size_t padding = block != NULL ? -block->used % align : 0;

	if (block == NULL || block->size - block->used < padding ||
	    block->size - block->used - padding < length) {
		enum extauth_err err = block_add(arena, length);

		if (err != EXTAUTH_OK)
			return err;
		block = arena->blocks;
		padding = 0;
	}
	*ret_bytes = block->bytes + block->used + padding;
	block->used += padding + length;
	return EXTAUTH_OK;
}

enum extauth_err
sync_arena_take(struct sync_arena *arena, size_t length, void **ret_bytes)
{
	char *bytes;
	enum extauth_err err = take(arena, length, ALIGN, &bytes);

	if (err == EXTAUTH_OK)
		*ret_bytes = bytes;
	return err;
}

enum extauth_err
sync_arena_take_bytes(struct sync_arena *arena, size_t length, char **ret_bytes)
{
	return take(arena, length, 1, ret_bytes);
}

enum extauth_err
sync_arena_copy(
    struct sync_arena *arena, const char *text, const char **ret_copy)
{
	size_t length = strlen(text) + 1;
	char *bytes;
	enum extauth_err err = take(arena, length, 1, &bytes);

	if (err == EXTAUTH_OK)
		*ret_copy = memcpy(bytes, text, length);
	return err;
}

void
sync_arena_clear(struct sync_arena *arena)
{
	if (arena == NULL)
		return;
	while (arena->blocks != NULL) {
		struct sync_arena_block *before = arena->blocks->before;

		free(arena->blocks);
		arena->blocks = before;
	}
}

/* SPDX-License-Identifier: MIT */
#include "sync_index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "hash.h"
#include "identity.h"

#define SLOTS_MIN 64

struct sync_index
sync_index_make(const void *holder, sync_index_text text_of)
{
	struct sync_index index = {.holder = holder, .text_of = text_of};

	/* Without random bytes it is slower at worst. */
	if (getrandom(index.key, sizeof(index.key), GRND_INSECURE) < 0)
		index.key[0] = (uint64_t)(uintptr_t)holder;
	return index;
}

static uint64_t
hash_of(const struct sync_index *index, const char *text)
{
	char folded[IDENTITY_TEXT_MAX_BYTES + 1];

	if (!index->ignores_case)
		return hash_bytes(index->key, text, strlen(text));
	(void)snprintf(folded, sizeof(folded), "%s", text);
	identity_fold(folded);
	return hash_bytes(index->key, folded, strlen(folded));
}

static bool
is_at(const struct sync_index *index, uint32_t position, const char *text)
{
	const char *there = index->text_of(index->holder, position);

	return index->ignores_case ? identity_equal(there, text)
				   : strcmp(there, text) == 0;
}

uint32_t
sync_index_find(const struct sync_index *index, const char *text)
{
	uint64_t hash = hash_of(index, text);
	size_t mask = index->slot_count - 1;
	size_t at = (size_t)hash & mask;

	if (index->slot_count == 0)
		return SYNC_INDEX_NONE;
	for (; index->slots[at] != 0; at = (at + 1) & mask) {
		uint32_t position = (uint32_t)index->slots[at] - 1;

		if (index->slots[at] >> 32 == hash >> 32 &&
		    is_at(index, position, text))
			return position;
	}
	return SYNC_INDEX_NONE;
}

static void
slot_put(uint64_t *slots, size_t slot_count, uint64_t hash, uint64_t slot)
{
	size_t at = (size_t)hash & (slot_count - 1);

	while (slots[at] != 0)
		at = (at + 1) & (slot_count - 1);
	slots[at] = slot;
}

static enum extauth_err
index_grow(struct sync_index *index)
{
	size_t count =
	    index->slot_count > 0 ? index->slot_count * 2 : SLOTS_MIN;
	uint64_t *slots = calloc(count, sizeof(*slots));
	size_t at;

	if (slots == NULL)
		return EXTAUTH_NOMEM;
	for (at = 0; at < index->slot_count; at++) {
		uint64_t slot = index->slots[at];

		if (slot != 0)
			slot_put(slots, count,
			    hash_of(index,
				index->text_of(
				    index->holder, (uint32_t)slot - 1)),
			    slot);
	}
	free(index->slots);
	index->slots = slots;
	index->slot_count = count;
	return EXTAUTH_OK;
}

enum extauth_err
sync_index_put(struct sync_index *index, const char *text, uint32_t position)
{
	uint64_t hash = hash_of(index, text);

	if (index->used * 3 >= index->slot_count * 2) {
		enum extauth_err err = index_grow(index);

		if (err != EXTAUTH_OK)
			return err;
	}
	slot_put(index->slots, index->slot_count, hash,
	    (hash >> 32 << 32) | ((uint64_t)position + 1));
	index->used++;
	return EXTAUTH_OK;
}

void
sync_index_clear(struct sync_index *index)
{
	if (index == NULL)
		return;
	free(index->slots);
	index->slots = NULL;
	index->slot_count = 0;
	index->used = 0;
}

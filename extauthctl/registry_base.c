/* SPDX-License-Identifier: MIT */
#include "registry_base.h"

#include <stdlib.h>

enum extauth_err
registry_base_reserve(struct registry_base *base)
{
	uint64_t count = base->copy.file.user_count;

	/* No user is shorter, so that a count that lies costs nothing. */
	if (count > base->copy.file.records_bytes / USER_FIXED_BYTES ||
	    count >= PLACE_NONE)
		return EXTAUTH_TOOBIG;
	base->references = calloc(count + 1, sizeof(*base->references));
	base->places = calloc(count + 1, sizeof(*base->places));
	base->numbers = calloc(count + 1, sizeof(*base->numbers));
	if (base->references == NULL || base->places == NULL ||
	    base->numbers == NULL)
		return EXTAUTH_NOMEM;
	return EXTAUTH_OK;
}

void
registry_base_add(struct registry_base *base, uint64_t offset)
{
	uint32_t number = (uint32_t)base->user_count++;

	base->references[number] = (uint32_t)(offset / REGISTRY_RECORD_ALIGN);
	base->places[number] = number;
	base->numbers[number] = number;
}

uint32_t
registry_base_place(const struct registry_base *base, uint64_t offset)
{
	uint64_t reference = offset / REGISTRY_RECORD_ALIGN;
	size_t first = 0;
	size_t end = base->user_count;

	while (first < end) {
		size_t middle = first + (end - first) / 2;

		if (base->references[middle] == reference)
			return base->places[middle];
		if (base->references[middle] < reference)
			first = middle + 1;
		else
			end = middle;
	}
	return PLACE_NONE;
}

void
registry_base_remove(struct registry_base *base, size_t place)
{
	if (place >= base->user_count || base->numbers[place] == PLACE_NONE)
		return;
	base->places[base->numbers[place]] = PLACE_NONE;
	base->numbers[place] = PLACE_NONE;
}

void
registry_base_move(struct registry_base *base, size_t from, size_t to)
{
	if (from >= base->user_count || base->numbers[from] == PLACE_NONE)
		return;
	base->numbers[to] = base->numbers[from];
	base->places[base->numbers[to]] = (uint32_t)to;
	base->numbers[from] = PLACE_NONE;
}

bool
registry_base_is_spent(
    const struct registry_base *base, uint32_t uid, uint64_t hash)
{
	struct registry_search search =
	    registry_copy_search(&base->copy, INDEX_UID, hash);
	const char *slot = NULL;
	uint64_t offset = 0;

	while (registry_search_next(&search, &slot, &offset) == EXTAUTH_OK) {
		struct registry_place place;

		if (registry_copy_place(&base->copy, offset, &place) ==
			EXTAUTH_OK &&
		    place.kind == REGISTRY_TOMBSTONE &&
		    registry_get32(
			base->copy.pages.bytes + offset + RECORD_NUMBER) == uid)
			return true;
	}
	return false;
}

void
registry_base_free(struct registry_base *base)
{
	if (base == NULL)
		return;
	free(base->references);
	free(base->places);
	free(base->numbers);
	registry_copy_clear(&base->copy);
	free(base);
}

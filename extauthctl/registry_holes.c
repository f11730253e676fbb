/* SPDX-License-Identifier: MIT */
#include "registry_holes.h"

#include <stdlib.h>
#include <string.h>

#include "registry_contents.h"
#include "registry_format.h"

/* The first hole behind `offset`. */
static size_t
holes_behind(const struct registry_holes *holes, uint64_t offset)
{
	size_t first = 0;
	size_t end = holes->count;

	while (first < end) {
		size_t middle = first + (end - first) / 2;

		if (holes->entries[middle].offset < offset)
			first = middle + 1;
		else
			end = middle;
	}
	return first;
}

static void
holes_remove(struct registry_holes *holes, size_t place)
{
	holes->count--;
	memmove(&holes->entries[place], &holes->entries[place + 1],
	    (holes->count - place) * sizeof(*holes->entries));
}

/* Makes one of a hole and the next, if they touch. */
static void
holes_join(struct registry_holes *holes, size_t place)
{
	struct registry_hole *hole = &holes->entries[place];

	if (place + 1 >= holes->count ||
	    hole->offset + hole->bytes != hole[1].offset ||
	    hole->bytes + hole[1].bytes > REGISTRY_RECORD_MAX_BYTES)
		return;
	hole->bytes += hole[1].bytes;
	hole->is_new = true;
	holes_remove(holes, place + 1);
}

enum extauth_err
registry_holes_add(
    struct registry_holes *holes, uint64_t offset, uint64_t bytes, bool is_new)
{
	size_t place = holes_behind(holes, offset);
	void *entries = holes->entries;
	enum extauth_err err;

	if (holes->count >= HOLES_MAX)
		return EXTAUTH_TOOBIG;
	err = registry_array_reserve(
	    &entries, holes->count, &holes->capacity, sizeof(*holes->entries));
	holes->entries = entries;
	if (err != EXTAUTH_OK)
		return err;
	memmove(&holes->entries[place + 1], &holes->entries[place],
	    (holes->count - place) * sizeof(*holes->entries));
	holes->entries[place] = (struct registry_hole){offset, bytes, is_new};
	holes->count++;
	holes_join(holes, place);
	if (place > 0)
		holes_join(holes, place - 1);
	return EXTAUTH_OK;
}

enum extauth_err
registry_holes_take(
    struct registry_holes *holes, uint64_t bytes, uint64_t *ret_offset)
{
	size_t place;

	for (place = 0; place < holes->count; place++) {
		struct registry_hole *hole = &holes->entries[place];

		if (hole->bytes != bytes &&
		    hole->bytes < bytes + GROUP_FIXED_BYTES)
			continue;
		*ret_offset = hole->offset;
		hole->offset += bytes;
		hole->bytes -= bytes;
		hole->is_new = true;
		if (hole->bytes == 0)
			holes_remove(holes, place);
		return EXTAUTH_OK;
	}
	return EXTAUTH_NOTFOUND;
}

void
registry_holes_clear(struct registry_holes *holes)
{
	free(holes->entries);
	*holes = (struct registry_holes){0};
}

/* SPDX-License-Identifier: MIT */
#include "registry_patch_room.h"

#include <stdlib.h>
#include <string.h>

#include "registry_put.h"
#include "registry_record.h"

static enum extauth_err
find_holes(struct patch_room *room)
{
	uint64_t offset = room->copy->file.records_offset;
	struct registry_place place;
	enum extauth_err err;

	for (;;) {
		err = registry_copy_place(room->copy, offset, &place);
		if (err == EXTAUTH_OK && place.kind == REGISTRY_HOLE)
			err = registry_holes_add(
			    &room->holes, offset, place.length, false);
		if (err != EXTAUTH_OK)
			break;
		offset += place.length;
	}
	return err == EXTAUTH_NOTFOUND ? EXTAUTH_OK : err;
}

/* Records may go on up to the first index. */
static uint64_t
find_limit(const struct registry *file)
{
	uint64_t limit = file->size;
	unsigned number;

	for (number = 0; number < REGISTRY_INDEX_COUNT; number++) {
		const struct registry_index *index = &file->indexes[number];

		if (index->slots > 0 && index->offset < limit)
			limit = index->offset;
	}
	return limit;
}

/* The step of the checksum that a byte is of. */
static uint64_t
step_of(uint64_t offset)
{
	return (offset - REGISTRY_HEADER_BYTES) / REGISTRY_CHECKSUM_STEP_BYTES;
}

enum extauth_err
patch_room_begin(struct patch_room *room, struct registry_copy *copy)
{
	const struct registry *file = &copy->file;
	const char *header = copy->pages.bytes;
	unsigned number;

	room->copy = copy;
	room->end = file->records_offset + file->records_bytes;
	room->limit = find_limit(file);
	room->checksum = registry_get64(header + HEADER_TABLES_CHECKSUM);
	room->tables.bytes = copy->pages.bytes;
	room->tables.version = file->version;
	memcpy(room->tables.seed, file->seed, sizeof(file->seed));
	memcpy(room->tables.indexes, file->indexes, sizeof(file->indexes));
	for (number = 0; number < REGISTRY_INDEX_COUNT; number++)
		room->spent[number] = registry_get32(
		    header + HEADER_SPENT + number * sizeof(uint32_t));
	if (room->limit < room->end)
		return EXTAUTH_INVALID;
	room->step_count = step_of(file->size - 1) + 1;
	room->is_changed = calloc(room->step_count, sizeof(bool));
	return room->is_changed == NULL ? EXTAUTH_NOMEM : find_holes(room);
}

/* The part of the checksum that a step adds to it. */
static uint64_t
step_sum(const struct patch_room *room, uint64_t step)
{
	uint64_t offset =
	    REGISTRY_HEADER_BYTES + step * REGISTRY_CHECKSUM_STEP_BYTES;
	uint64_t left = room->copy->file.size - offset;
	size_t length = left < REGISTRY_CHECKSUM_STEP_BYTES
	    ? (size_t)left
	    : REGISTRY_CHECKSUM_STEP_BYTES;

	return registry_tables_checksum(room->copy->file.version, 0, offset,
	    room->copy->pages.bytes + offset, length);
}

void
patch_room_change(struct patch_room *room, uint64_t offset, uint64_t bytes)
{
	uint64_t step = step_of(offset);
	uint64_t last = step_of(offset + bytes - 1);

	for (; step <= last; step++) {
		if (room->is_changed[step])
			continue;
		room->is_changed[step] = true;
		room->checksum -= step_sum(room, step);
	}
}

enum extauth_err
patch_room_take(struct patch_room *room, uint64_t bytes, uint64_t spare,
    uint64_t *ret_offset)
{
	uint64_t offset = 0;

	if (bytes > REGISTRY_RECORD_MAX_BYTES)
		return EXTAUTH_TOOBIG;
	if (registry_holes_take(&room->holes, bytes, &offset) != EXTAUTH_OK) {
		if (bytes + spare > room->limit - room->end)
			return EXTAUTH_TOOBIG;
		offset = room->end;
		room->end += bytes + spare;
		room->copy->file.records_bytes =
		    room->end - room->copy->file.records_offset;
		if (spare > 0 &&
		    registry_holes_add(&room->holes, offset + bytes, spare,
			true) != EXTAUTH_OK)
			return EXTAUTH_TOOBIG;
	}
	patch_room_change(room, offset, bytes);
	memset(room->copy->pages.bytes + offset, 0, bytes);
	*ret_offset = offset;
	return EXTAUTH_OK;
}

enum extauth_err
patch_room_give(struct patch_room *room, const struct registry_place *place)
{
	enum extauth_err err = registry_holes_add(
	    &room->holes, place->offset, place->length, true);

	if (err != EXTAUTH_OK)
		return err;
	/* So that nobody who comes by an old slot gives it up once more. */
	patch_room_change(room, place->offset, place->length);
	room->copy->pages.bytes[place->offset + RECORD_KIND] =
	    (char)REGISTRY_HOLE;
	return EXTAUTH_OK;
}

/* Tells whether a user or tombstone has a key of this tag. */
static bool
user_has_tag(const struct patch_room *room, enum registry_index_number index,
    const struct registry_place *place, uint32_t tag)
{
	struct registry_view view;
	uint64_t hash = 0;

	if (place->kind == REGISTRY_TOMBSTONE && index != INDEX_UID)
		return false;
	return registry_copy_view(room->copy, place, &view) == EXTAUTH_OK &&
	    tables_hash_user(&room->tables, index, &view.user, &hash) &&
	    (uint32_t)(hash >> 32) == tag;
}

static bool
group_has_tag(const struct patch_room *room, enum registry_index_number index,
    const struct registry_place *place, uint32_t tag)
{
	const char *name = NULL;
	uint64_t hash = 0;
	uint32_t gid = 0;

	if (registry_copy_group(room->copy, place, &name, &gid) != EXTAUTH_OK)
		return false;
	if (index == INDEX_GROUP_NAME)
		hash = tables_hash_text(&room->tables, index, name);
	else if (index == INDEX_GID)
		hash = tables_hash_number(&room->tables, gid);
	else
		return false;
	return (uint32_t)(hash >> 32) == tag;
}

/* Tells whether a slot leads to somebody; where it does not, what it leads to
 * may be anything. */
static bool
slot_is_used(const struct patch_room *room, enum registry_index_number index,
    uint32_t tag, uint64_t offset)
{
	struct registry_place place;

	if (registry_copy_place(room->copy, offset, &place) != EXTAUTH_OK)
		return false;
	if (place.kind == REGISTRY_USER || place.kind == REGISTRY_TOMBSTONE)
		return user_has_tag(room, index, &place, tag);
	return place.kind == REGISTRY_GROUP &&
	    group_has_tag(room, index, &place, tag);
}

/* Finds the slot that the key had when it was given up. A reader looks at few
 * of one tag, so that a key that comes back must not get one more each time. */
static bool
find_spent_slot(const struct patch_room *room, enum registry_index_number index,
    uint64_t hash, uint64_t offset, char **ret_slot)
{
	struct registry_search search =
	    registry_copy_search(room->copy, index, hash);
	const char *slot = NULL;
	uint64_t before = 0;

	while (registry_search_next(&search, &slot, &before) == EXTAUTH_OK) {
		if (before != offset &&
		    slot_is_used(room, index, (uint32_t)(hash >> 32), before))
			continue;
		*ret_slot = room->tables.bytes + (slot - room->tables.bytes);
		return true;
	}
	return false;
}

enum extauth_err
patch_room_put(struct patch_room *room, enum registry_index_number index,
    uint64_t hash, uint64_t offset)
{
	char *slot = NULL;
	enum extauth_err err = EXTAUTH_OK;

	if (find_spent_slot(room, index, hash, offset, &slot))
		room->spent[index] -= room->spent[index] > 0;
	else
		err = tables_free_slot(&room->tables, index, hash, &slot);
	if (err != EXTAUTH_OK)
		return err;
	patch_room_change(
	    room, (uint64_t)(slot - room->tables.bytes), REGISTRY_SLOT_BYTES);
	tables_slot_set(slot, hash, offset);
	return EXTAUTH_OK;
}

void
patch_room_redirect(struct patch_room *room, enum registry_index_number index,
    uint64_t hash, uint64_t from, uint64_t to)
{
	struct registry_search search =
	    registry_copy_search(room->copy, index, hash);
	uint64_t offset = 0;
	const char *slot = NULL;

	while (registry_search_next(&search, &slot, &offset) == EXTAUTH_OK) {
		uint64_t place = (uint64_t)(slot - room->tables.bytes);

		if (offset != from)
			continue;
		patch_room_change(room, place, REGISTRY_SLOT_BYTES);
		tables_slot_set(room->tables.bytes + place, hash, to);
		return;
	}
}

uint64_t
patch_room_end(struct patch_room *room)
{
	uint64_t step;
	size_t number;

	for (number = 0; number < room->holes.count; number++) {
		const struct registry_hole *hole = &room->holes.entries[number];
		char *record = room->copy->pages.bytes + hole->offset;

		if (!hole->is_new)
			continue;
		patch_room_change(room, hole->offset, hole->bytes);
		registry_put_hole(record, (uint32_t)hole->bytes);
		registry_put_seal(room->copy->file.version, record,
		    (uint32_t)hole->bytes, hole->offset);
	}
	for (step = 0; step < room->step_count; step++) {
		if (room->is_changed[step])
			room->checksum += step_sum(room, step);
	}
	return room->checksum;
}

void
patch_room_clear(struct patch_room *room)
{
	free(room->is_changed);
	registry_holes_clear(&room->holes);
}

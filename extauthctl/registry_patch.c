/* SPDX-License-Identifier: MIT */
#include "registry_patch.h"

#include <stdlib.h>
#include <string.h>

#include "registry_contents.h"
#include "registry_image.h"
#include "registry_patch_group.h"
#include "registry_patch_room.h"
#include "registry_plan.h"
#include "registry_put.h"
#include "registry_record.h"

/* The keys of a user in a file. */
struct user_keys {
	bool has[REGISTRY_INDEX_COUNT];
	uint64_t hashes[REGISTRY_INDEX_COUNT];
};

struct patch {
	const struct registry_patch_order *order;
	struct patch_room room;
	struct patch_gids gids;
	bool is_nss;
	uint64_t user_count;
};

static void
patch_clear(struct patch *patch)
{
	patch_room_clear(&patch->room);
	patch_gids_clear(&patch->gids);
}

#define cleanup_patch __attribute__((cleanup(patch_clear)))

static void
keys_set(const struct patch *patch, const struct registry_user *user,
    struct user_keys *ret_keys)
{
	unsigned number;

	for (number = 0; number < REGISTRY_INDEX_COUNT; number++)
		ret_keys->has[number] = user != NULL &&
		    tables_hash_user(&patch->room.tables,
			(enum registry_index_number)number, user,
			&ret_keys->hashes[number]);
}

/* Finds a user's record by his name, as the file has him. */
static enum extauth_err
find_record(const struct patch *patch, const char *name,
    struct registry_place *ret_place, struct registry_view *ret_view)
{
	const struct registry_copy *copy = patch->room.copy;
	struct registry_search search = registry_copy_search(copy, INDEX_NAME,
	    tables_hash_text(&patch->room.tables, INDEX_NAME, name));
	const char *slot = NULL;
	uint64_t offset = 0;

	while (registry_search_next(&search, &slot, &offset) == EXTAUTH_OK) {
		if (registry_copy_place(copy, offset, ret_place) !=
			EXTAUTH_OK ||
		    ret_place->kind != REGISTRY_USER)
			continue;
		if (registry_copy_view(copy, ret_place, ret_view) != EXTAUTH_OK)
			return EXTAUTH_INVALID;
		if (strcmp(ret_view->user.name, name) == 0)
			return EXTAUTH_OK;
	}
	return EXTAUTH_NOTFOUND;
}

/* Puts the keys in that are new; those that are as before lead to the new
 * record, and those that are gone lead to what is not theirs. */
static enum extauth_err
patch_keys(struct patch *patch, const struct user_keys *before,
    const struct user_keys *now, uint64_t from, uint64_t to)
{
	enum extauth_err err = EXTAUTH_OK;
	unsigned number;

	for (number = 0; number < REGISTRY_INDEX_COUNT && err == EXTAUTH_OK;
	     number++) {
		enum registry_index_number index =
		    (enum registry_index_number)number;

		if (before->has[number] && now->has[number] &&
		    before->hashes[number] == now->hashes[number]) {
			patch_room_redirect(
			    &patch->room, index, now->hashes[number], from, to);
			continue;
		}
		patch->room.spent[number] += before->has[number];
		if (now->has[number])
			err = patch_room_put(
			    &patch->room, index, now->hashes[number], to);
	}
	return err;
}

/* A record of the same length stays where it is. */
static enum extauth_err
patch_record(struct patch *patch, const struct registry_place *before,
    const struct registry_user *user, uint64_t *ret_offset)
{
	struct patch_room *room = &patch->room;
	uint64_t bytes = registry_put_user_bytes(user);
	uint64_t offset = 0;
	enum extauth_err err = EXTAUTH_OK;
	char *record;

	if (before != NULL && before->length == bytes) {
		offset = before->offset;
		patch_room_change(room, offset, bytes);
		memset(room->copy->pages.bytes + offset, 0, bytes);
	} else {
		err = patch_room_take(room, bytes, 0, &offset);
		if (err == EXTAUTH_OK && before != NULL)
			err = patch_room_give(room, before);
	}
	if (err != EXTAUTH_OK)
		return err;
	record = room->copy->pages.bytes + offset;
	(void)registry_put_user(record, REGISTRY_USER, user);
	registry_put_seal(
	    room->copy->file.version, record, (uint32_t)bytes, offset);
	*ret_offset = offset;
	return EXTAUTH_OK;
}

static enum extauth_err
patch_user(
    struct patch *patch, const char *name, const struct registry_user *user)
{
	struct registry_user now = {0};
	struct registry_place place = {0};
	struct registry_view view;
	struct user_keys keys[2];
	uint64_t offset = 0;
	enum extauth_err err = find_record(patch, name, &place, &view);
	bool was_there = err == EXTAUTH_OK;

	if (user != NULL && patch->is_nss && user->is_linked)
		user = NULL;
	if (err != EXTAUTH_OK && err != EXTAUTH_NOTFOUND)
		return err;
	if (!was_there && user == NULL)
		return EXTAUTH_OK;
	if (user != NULL)
		now = registry_put_view(user, patch->is_nss);
	err = patch_gids_note(&patch->gids, was_there ? &view : NULL, user);
	if (err != EXTAUTH_OK)
		return err;
	keys_set(patch, was_there ? &view.user : NULL, &keys[0]);
	keys_set(patch, user != NULL ? &now : NULL, &keys[1]);
	patch->user_count += (uint64_t)(user != NULL) - (uint64_t)was_there;
	err = user == NULL
	    ? patch_room_give(&patch->room, &place)
	    : patch_record(patch, was_there ? &place : NULL, &now, &offset);
	if (err == EXTAUTH_OK)
		err =
		    patch_keys(patch, &keys[0], &keys[1], place.offset, offset);
	return err;
}

static bool
has_tombstone(const struct patch *patch, uint32_t uid)
{
	const struct registry_copy *copy = patch->room.copy;
	struct registry_search search = registry_copy_search(
	    copy, INDEX_UID, tables_hash_number(&patch->room.tables, uid));
	struct registry_place place;
	const char *slot = NULL;
	uint64_t offset = 0;

	while (registry_search_next(&search, &slot, &offset) == EXTAUTH_OK) {
		if (registry_copy_place(copy, offset, &place) == EXTAUTH_OK &&
		    place.kind == REGISTRY_TOMBSTONE &&
		    registry_get32(
			copy->pages.bytes + offset + RECORD_NUMBER) == uid)
			return true;
	}
	return false;
}

static enum extauth_err
patch_tombstone(struct patch *patch, const struct registry_tombstone *tombstone)
{
	struct registry_user view = registry_put_tombstone_view(tombstone);
	uint64_t bytes = registry_put_user_bytes(&view);
	uint64_t offset = 0;
	enum extauth_err err;
	char *record;

	if (has_tombstone(patch, tombstone->uid))
		return EXTAUTH_OK;
	err = patch_room_take(&patch->room, bytes, 0, &offset);
	if (err != EXTAUTH_OK)
		return err;
	record = patch->room.copy->pages.bytes + offset;
	(void)registry_put_user(record, REGISTRY_TOMBSTONE, &view);
	registry_put_seal(
	    patch->room.copy->file.version, record, (uint32_t)bytes, offset);
	return patch_room_put(&patch->room, INDEX_UID,
	    tables_hash_number(&patch->room.tables, tombstone->uid), offset);
}

/* As full as an index may be. */
static bool
has_free_slots(const struct patch *patch)
{
	unsigned number;

	for (number = 0; number < REGISTRY_INDEX_COUNT; number++) {
		const struct registry_index *index =
		    &patch->room.tables.indexes[number];
		uint64_t keys = registry_plan_keys(patch->order->contents,
		    patch->room.tables.version, patch->is_nss,
		    (enum registry_index_number)number);

		if ((keys + patch->room.spent[number]) * 10 > index->slots * 7)
			return false;
	}
	return true;
}

static void
patch_header(struct patch *patch, uint64_t checksum)
{
	const struct registry_contents *contents = patch->order->contents;
	struct registry_copy *copy = patch->room.copy;
	struct registry *file = &copy->file;
	char *header = copy->pages.bytes;
	unsigned number;

	file->generation = patch->order->generation;
	file->user_count = patch->user_count;
	file->group_count = contents->group_count;
	file->tombstone_count = patch->is_nss ? 0 : contents->tombstone_count;
	registry_put32(header + HEADER_FLAGS,
	    registry_image_flags(contents, file->version, patch->is_nss));
	registry_put64(header + HEADER_GENERATION, file->generation);
	registry_put64(header + HEADER_RECORDS_BYTES, file->records_bytes);
	registry_put64(header + HEADER_USER_COUNT, file->user_count);
	registry_put64(header + HEADER_GROUP_COUNT, file->group_count);
	registry_put64(header + HEADER_TOMBSTONE_COUNT, file->tombstone_count);
	for (number = 0; number < REGISTRY_INDEX_COUNT; number++)
		registry_put32(
		    header + HEADER_SPENT + number * sizeof(uint32_t),
		    patch->room.spent[number]);
	registry_put64(header + HEADER_TABLES_CHECKSUM, checksum);
	registry_put64(header + HEADER_CHECKSUM,
	    registry_checksum(0, header, HEADER_CHECKSUM));
}

enum extauth_err
registry_patch(
    struct registry_copy *copy, const struct registry_patch_order *order)
{
	const struct registry_contents *contents = order->contents;
	const struct registry_touched *touched = &contents->touched;
	cleanup_patch struct patch patch = {.order = order,
	    .is_nss = copy->is_nss,
	    .user_count = copy->file.user_count};
	enum extauth_err err = patch_room_begin(&patch.room, copy);
	size_t number;

	for (number = 0; number < touched->name_count && err == EXTAUTH_OK;
	     number++)
		err = patch_user(
		    &patch, touched->names[number], order->users[number]);
	for (number = copy->file.tombstone_count; !patch.is_nss &&
	     number < contents->tombstone_count && err == EXTAUTH_OK;
	     number++)
		err = patch_tombstone(&patch, &contents->tombstones[number]);
	for (number = 0; number < touched->gid_count && err == EXTAUTH_OK;
	     number++)
		err = patch_gids_add(&patch.gids, touched->gids[number]);
	if (err == EXTAUTH_OK)
		err = patch_groups(
		    &patch.room, contents, &patch.gids, patch.is_nss);
	if (err == EXTAUTH_OK && !has_free_slots(&patch))
		err = EXTAUTH_TOOBIG;
	/* A file that held others than was thought, put there by hand. */
	if (err == EXTAUTH_OK &&
	    patch.user_count != contents->sums[patch.is_nss].users)
		err = EXTAUTH_INVALID;
	if (err != EXTAUTH_OK)
		return err;
	patch_header(&patch, patch_room_end(&patch.room));
	return EXTAUTH_OK;
}

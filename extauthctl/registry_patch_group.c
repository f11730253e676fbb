/* SPDX-License-Identifier: MIT */
#include "registry_patch_group.h"

#include <stdlib.h>
#include <string.h>

#include "number.h"
#include "registry_contents.h"
#include "registry_put.h"

/* A group that had to move gets room for so many parts more. */
#define SPARE_PART 8

/* One group while its members are gathered. */
struct members {
	uint64_t bytes;
	uint32_t count;
	char *next;
	uint64_t offset; /* of the record, 0 = there is none */
	uint64_t length;
};

enum extauth_err
patch_gids_add(struct patch_gids *gids, uint32_t gid)
{
	void *entries = gids->gids;
	enum extauth_err err = registry_array_reserve(
	    &entries, gids->count, &gids->capacity, sizeof(*gids->gids));

	gids->gids = entries;
	if (err == EXTAUTH_OK)
		gids->gids[gids->count++] = gid;
	return err;
}

static bool
has_same_gids(
    const struct registry_view *before, const struct registry_user *now)
{
	size_t number;

	if (before == NULL || now == NULL ||
	    before->user.gid_count != now->gid_count)
		return false;
	for (number = 0; number < now->gid_count; number++) {
		if (registry_get32(before->gids + number * sizeof(uint32_t)) !=
		    now->gids[number])
			return false;
	}
	return true;
}

enum extauth_err
patch_gids_note(struct patch_gids *gids, const struct registry_view *before,
    const struct registry_user *now)
{
	enum extauth_err err = EXTAUTH_OK;
	size_t number;

	if (has_same_gids(before, now))
		return EXTAUTH_OK;
	for (number = 0; before != NULL && number < before->user.gid_count &&
	     err == EXTAUTH_OK;
	     number++)
		err = patch_gids_add(gids,
		    registry_get32(before->gids + number * sizeof(uint32_t)));
	for (number = 0;
	     now != NULL && number < now->gid_count && err == EXTAUTH_OK;
	     number++)
		err = patch_gids_add(gids, now->gids[number]);
	return err;
}

static void
gids_sort(struct patch_gids *gids)
{
	size_t count = 0;
	size_t number;

	qsort(gids->gids, gids->count, sizeof(*gids->gids), number_compare);
	for (number = 0; number < gids->count; number++) {
		if (count == 0 || gids->gids[count - 1] != gids->gids[number])
			gids->gids[count++] = gids->gids[number];
	}
	gids->count = count;
}

static struct members *
members_of(const struct patch_gids *gids, struct members *members, uint32_t gid)
{
	const uint32_t *place = bsearch(
	    &gid, gids->gids, gids->count, sizeof(*gids->gids), number_compare);

	return place == NULL ? NULL : &members[place - gids->gids];
}

/* Counts a member in, or puts his name where there is a place for it. */
static void
members_add(struct members *group, const char *name)
{
	size_t length = strlen(name) + 1;

	if (group->next != NULL) {
		memcpy(group->next, name, length);
		group->next += length;
		return;
	}
	group->count++;
	group->bytes += length;
}

/* Goes over all users: once to count, and once to write when the groups have
 * their places. */
static void
members_gather(const struct registry_contents *contents,
    const struct patch_gids *gids, struct members *members, bool is_nss)
{
	size_t number;
	size_t place;

	for (number = 0; number < contents->user_count; number++) {
		const struct registry_user *user = &contents->users[number];

		if (is_nss && user->is_linked)
			continue;
		for (place = 0; place < user->gid_count; place++) {
			struct members *group =
			    members_of(gids, members, user->gids[place]);

			if (group != NULL)
				members_add(group, user->name);
		}
	}
}

/* Finds a group's record by its gid. */
static bool
find_group(const struct patch_room *room, uint32_t gid,
    struct registry_place *ret_place)
{
	struct registry_search search = registry_copy_search(
	    room->copy, INDEX_GID, tables_hash_number(&room->tables, gid));
	struct registry_place place;
	const char *slot = NULL;
	uint64_t offset = 0;

	while (registry_search_next(&search, &slot, &offset) == EXTAUTH_OK) {
		if (registry_copy_place(room->copy, offset, &place) !=
			EXTAUTH_OK ||
		    place.kind != REGISTRY_GROUP ||
		    registry_get32(room->copy->pages.bytes + offset +
			RECORD_NUMBER) != gid)
			continue;
		*ret_place = place;
		return true;
	}
	return false;
}

/* The hash of the name that the file has for the group. */
static enum extauth_err
old_name_hash(const struct patch_room *room, const struct registry_place *place,
    uint64_t *ret_hash)
{
	const char *name = NULL;
	uint32_t gid = 0;

	if (registry_copy_group(room->copy, place, &name, &gid) != EXTAUTH_OK)
		return EXTAUTH_INVALID;
	*ret_hash = tables_hash_text(&room->tables, INDEX_GROUP_NAME, name);
	return EXTAUTH_OK;
}

/* A group is known by its gid; another of that gid may have another name. */
static enum extauth_err
group_keys(struct patch_room *room, const struct registry_own_group *group,
    const struct registry_place *before, const uint64_t *name_before,
    uint64_t offset)
{
	uint64_t name =
	    tables_hash_text(&room->tables, INDEX_GROUP_NAME, group->name);
	uint64_t gid = tables_hash_number(&room->tables, group->gid);
	enum extauth_err err = EXTAUTH_OK;

	if (before == NULL)
		err = patch_room_put(room, INDEX_GID, gid, offset);
	else
		patch_room_redirect(
		    room, INDEX_GID, gid, before->offset, offset);
	if (before != NULL && *name_before == name) {
		patch_room_redirect(
		    room, INDEX_GROUP_NAME, name, before->offset, offset);
		return err;
	}
	room->spent[INDEX_GROUP_NAME] += before != NULL;
	return err != EXTAUTH_OK
	    ? err
	    : patch_room_put(room, INDEX_GROUP_NAME, name, offset);
}

/* Gives up the old record first: where the group only grew it most often gets
 * the same place again, with some of the hole behind it. */
static enum extauth_err
group_place(struct patch_room *room, const struct registry_own_group *group,
    struct members *members)
{
	struct registry_place before;
	bool was_there = find_group(room, group->gid, &before);
	uint64_t bytes = registry_put_group_bytes(group->name, members->bytes);
	uint64_t spare =
	    bytes / SPARE_PART / REGISTRY_RECORD_ALIGN * REGISTRY_RECORD_ALIGN;
	uint64_t name_before = 0;
	uint64_t offset = 0;
	enum extauth_err err = EXTAUTH_OK;

	if (was_there)
		err = old_name_hash(room, &before, &name_before);
	if (err == EXTAUTH_OK && was_there)
		err = patch_room_give(room, &before);
	if (err == EXTAUTH_OK)
		err = patch_room_take(room, bytes,
		    spare < GROUP_FIXED_BYTES ? 0 : spare, &offset);
	if (err != EXTAUTH_OK)
		return err;
	members->offset = offset;
	members->length = bytes;
	members->next = registry_put_group(room->copy->pages.bytes + offset,
	    group, members->count, (uint32_t)members->bytes);
	/* Its slots are known as its own before it is sealed. */
	registry_put32(
	    room->copy->pages.bytes + offset + RECORD_LENGTH, (uint32_t)bytes);
	return group_keys(
	    room, group, was_there ? &before : NULL, &name_before, offset);
}

static enum extauth_err
group_remove(struct patch_room *room, uint32_t gid)
{
	struct registry_place place;

	if (!find_group(room, gid, &place))
		return EXTAUTH_OK;
	room->spent[INDEX_GID]++;
	room->spent[INDEX_GROUP_NAME]++;
	return patch_room_give(room, &place);
}

static enum extauth_err
groups_place(struct patch_room *room, const struct registry_contents *contents,
    const struct patch_gids *gids, struct members *members)
{
	enum extauth_err err = EXTAUTH_OK;
	size_t number;

	for (number = 0; number < gids->count && err == EXTAUTH_OK; number++) {
		const struct registry_own_group *group =
		    registry_contents_find_gid(contents, gids->gids[number]);

		err = group == NULL
		    ? group_remove(room, gids->gids[number])
		    : group_place(room, group, &members[number]);
	}
	return err;
}

static void
groups_seal(struct patch_room *room, const struct patch_gids *gids,
    const struct members *members)
{
	size_t number;

	for (number = 0; number < gids->count; number++) {
		const struct members *group = &members[number];

		if (group->offset != 0)
			registry_put_seal(room->copy->file.version,
			    room->copy->pages.bytes + group->offset,
			    (uint32_t)group->length, group->offset);
	}
}

enum extauth_err
patch_groups(struct patch_room *room, const struct registry_contents *contents,
    struct patch_gids *gids, bool is_nss)
{
	struct members *members;
	enum extauth_err err;

	if (gids->count == 0)
		return EXTAUTH_OK;
	gids_sort(gids);
	members = calloc(gids->count, sizeof(*members));
	if (members == NULL)
		return EXTAUTH_NOMEM;
	members_gather(contents, gids, members, is_nss);
	err = groups_place(room, contents, gids, members);
	if (err == EXTAUTH_OK) {
		members_gather(contents, gids, members, is_nss);
		groups_seal(room, gids, members);
	}
	free(members);
	return err;
}

void
patch_gids_clear(struct patch_gids *gids)
{
	free(gids->gids);
	*gids = (struct patch_gids){0};
}

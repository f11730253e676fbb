/* SPDX-License-Identifier: MIT */
#include "registry_contents.h"

#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "registry_base.h"
#include "registry_positions.h"
#include "registry_record.h"

#define CAPACITY_FIRST 16
/* One in so many users: beyond that it is quicker to make the files anew than
 * to put the changes in. */
#define TOUCHED_PART 256
#define TOUCHED_MIN 64

enum extauth_err
registry_array_reserve(
    void **array, size_t count, size_t *capacity, size_t entry_bytes)
{
	size_t grown = *capacity == 0 ? CAPACITY_FIRST : *capacity * 2;
	void *entries;

	if (count < *capacity)
		return EXTAUTH_OK;
	entries = reallocarray(*array, grown, entry_bytes);
	if (entries == NULL)
		return EXTAUTH_NOMEM;
	*array = entries;
	*capacity = grown;
	return EXTAUTH_OK;
}

enum extauth_err
registry_touch_reserve(struct registry_contents *contents)
{
	struct registry_touched *touched = &contents->touched;
	void *names = touched->names;
	enum extauth_err err;

	if (contents->base == NULL || !contents->base->is_current)
		return EXTAUTH_OK;
	err = registry_array_reserve(&names, touched->name_count,
	    &touched->name_capacity, sizeof(*touched->names));
	touched->names = names;
	return err;
}

void
registry_touch(struct registry_contents *contents, const char *name)
{
	struct registry_touched *touched = &contents->touched;

	if (contents->base == NULL || !contents->base->is_current)
		return;
	touched->names[touched->name_count++] = name;
	if (touched->name_count >
	    TOUCHED_MIN + contents->base->user_count / TOUCHED_PART)
		contents->base->is_current = false;
}

void
registry_touch_forget(struct registry_contents *contents)
{
	contents->touched.name_count = 0;
	contents->touched.gid_count = 0;
}

static enum extauth_err
touch_group(struct registry_contents *contents, uint32_t gid)
{
	struct registry_touched *touched = &contents->touched;
	void *gids = touched->gids;
	enum extauth_err err = registry_array_reserve(&gids, touched->gid_count,
	    &touched->gid_capacity, sizeof(*touched->gids));

	touched->gids = gids;
	if (err == EXTAUTH_OK)
		touched->gids[touched->gid_count++] = gid;
	return err;
}

void
registry_contents_expect(const struct registry_contents *contents,
    const char *name, const char *email, const char *external_id)
{
	if (name != NULL)
		positions_expect(contents, KEY_NAME, name);
	if (email != NULL)
		positions_expect(contents, KEY_EMAIL, email);
	if (external_id != NULL)
		positions_expect(contents, KEY_EXTERNAL_ID, external_id);
}

void
registry_contents_expect_uid(
    const struct registry_contents *contents, uint32_t uid)
{
	positions_expect_number(contents, KEY_UID, uid);
}

const struct registry_user *
registry_contents_find_name(
    const struct registry_contents *contents, const char *name)
{
	size_t position = positions_find_text(contents, KEY_NAME, name);

	return position == POSITION_NONE ? NULL : &contents->users[position];
}

const struct registry_user *
registry_contents_find_uid(
    const struct registry_contents *contents, uint32_t uid)
{
	size_t position = positions_find_number(contents, KEY_UID, uid);

	return position == POSITION_NONE ? NULL : &contents->users[position];
}

const struct registry_user *
registry_contents_find_email(
    const struct registry_contents *contents, const char *email)
{
	size_t position = positions_find_text(contents, KEY_EMAIL, email);

	return position == POSITION_NONE ? NULL : &contents->users[position];
}

const struct registry_user *
registry_contents_find_external_id(
    const struct registry_contents *contents, const char *external_id)
{
	size_t position =
	    positions_find_text(contents, KEY_EXTERNAL_ID, external_id);

	return position == POSITION_NONE ? NULL : &contents->users[position];
}

const struct registry_user *
registry_contents_find_source_id(const struct registry_contents *contents,
    const char *source, const char *external_id)
{
	size_t position =
	    positions_find_source_id(contents, source, external_id);

	return position == POSITION_NONE ? NULL : &contents->users[position];
}

const struct registry_own_group *
registry_contents_find_group(
    const struct registry_contents *contents, const char *name)
{
	size_t position = positions_find_text(contents, KEY_GROUP_NAME, name);

	return position == POSITION_NONE ? NULL : &contents->groups[position];
}

const struct registry_own_group *
registry_contents_find_gid(
    const struct registry_contents *contents, uint32_t gid)
{
	size_t position = positions_find_number(contents, KEY_GROUP_GID, gid);

	return position == POSITION_NONE ? NULL : &contents->groups[position];
}

bool
registry_contents_is_spent(
    const struct registry_contents *contents, uint32_t uid)
{
	return positions_find_number(contents, KEY_TOMBSTONE, uid) !=
	    POSITION_NONE ||
	    positions_are_spent(contents, uid);
}

enum extauth_err
registry_tombstone_append(
    struct registry_contents *contents, uint32_t uid, const char *name)
{
	void *tombstones = contents->tombstones;
	enum extauth_err err;

	err = registry_array_reserve(&tombstones, contents->tombstone_count,
	    &contents->tombstone_capacity, sizeof(*contents->tombstones));
	contents->tombstones = tombstones;
	if (err == EXTAUTH_OK)
		contents->tombstones[contents->tombstone_count++] =
		    (struct registry_tombstone){uid, name};
	return err;
}

enum extauth_err
registry_tombstone_add(
    struct registry_contents *contents, uint32_t uid, const char *name)
{
	enum extauth_err err;

	if (registry_contents_is_spent(contents, uid))
		return EXTAUTH_OK;
	err = positions_reserve(contents, KEY_TOMBSTONE, 1);
	if (err == EXTAUTH_OK)
		err = registry_tombstone_append(contents, uid, name);
	if (err == EXTAUTH_OK)
		positions_put(
		    contents, KEY_TOMBSTONE, contents->tombstone_count - 1);
	return err;
}

static enum extauth_err
check_new_group(const struct registry_contents *contents, const char *name,
    uint32_t gid, struct extauth_error *error)
{
	const struct registry_user *user;

	if (registry_check_group(name, gid, error) != EXTAUTH_OK)
		return EXTAUTH_INVALID;
	if (registry_contents_find_group(contents, name) != NULL)
		return error_set(
		    error, EXTAUTH_EXISTS, "group '%s' is there", name);
	if (registry_contents_find_gid(contents, gid) != NULL)
		return error_set(
		    error, EXTAUTH_EXISTS, "gid %u belongs to a group", gid);
	user = registry_contents_find_name(contents, name);
	if (user != NULL && !user->is_linked)
		return error_set(error, EXTAUTH_EXISTS,
		    "'%s' is the private group of a user", name);
	user = registry_contents_find_uid(contents, gid);
	if ((user != NULL && !user->is_linked) ||
	    registry_contents_is_spent(contents, gid))
		return error_set(error, EXTAUTH_EXISTS,
		    "%u is or was the uid of a user", gid);
	return EXTAUTH_OK;
}

static enum extauth_err
group_reserve(struct registry_contents *contents)
{
	void *groups = contents->groups;
	enum extauth_err err =
	    registry_array_reserve(&groups, contents->group_count,
		&contents->group_capacity, sizeof(*contents->groups));

	contents->groups = groups;
	if (err == EXTAUTH_OK)
		err = positions_reserve(contents, KEY_GROUP_NAME, 1);
	if (err == EXTAUTH_OK)
		err = positions_reserve(contents, KEY_GROUP_GID, 1);
	return err;
}

enum extauth_err
registry_group_append(
    struct registry_contents *contents, const char *name, uint32_t gid)
{
	enum extauth_err err = group_reserve(contents);

	if (err != EXTAUTH_OK)
		return err;
	contents->groups[contents->group_count] =
	    (struct registry_own_group){gid, name};
	positions_put(contents, KEY_GROUP_NAME, contents->group_count);
	positions_put(contents, KEY_GROUP_GID, contents->group_count);
	contents->group_count++;
	return EXTAUTH_OK;
}

enum extauth_err
registry_contents_add_group(struct registry_contents *contents,
    const char *name, uint32_t gid, struct extauth_error *error)
{
	const char *copy = NULL;
	enum extauth_err err = check_new_group(contents, name, gid, error);

	if (err != EXTAUTH_OK)
		return err;
	err = registry_arena_copy(&contents->arena, name, &copy);
	if (err == EXTAUTH_OK)
		err = touch_group(contents, gid);
	if (err == EXTAUTH_OK)
		err = registry_group_append(contents, copy, gid);
	if (err != EXTAUTH_OK)
		return error_set(error, err, "%s", error_name(err));
	return EXTAUTH_OK;
}

static bool
is_member(const struct registry_user *user, uint32_t gid)
{
	size_t number;

	for (number = 0; number < user->gid_count; number++) {
		if (user->gids[number] == gid)
			return true;
	}
	return false;
}

enum extauth_err
registry_contents_remove_group(
    struct registry_contents *contents, const char *name)
{
	size_t position = positions_find_text(contents, KEY_GROUP_NAME, name);
	size_t last = contents->group_count - 1;
	size_t number;

	if (position == POSITION_NONE)
		return EXTAUTH_NOTFOUND;
	for (number = 0; number < contents->user_count; number++) {
		if (is_member(&contents->users[number],
			contents->groups[position].gid))
			return EXTAUTH_EXISTS;
	}
	if (touch_group(contents, contents->groups[position].gid) != EXTAUTH_OK)
		return EXTAUTH_NOMEM;
	positions_drop(contents, KEY_GROUP_NAME, position);
	positions_drop(contents, KEY_GROUP_GID, position);
	if (position != last) {
		positions_move(contents, KEY_GROUP_NAME, last, position);
		positions_move(contents, KEY_GROUP_GID, last, position);
		contents->groups[position] = contents->groups[last];
	}
	contents->group_count = last;
	contents->epoch++;
	return EXTAUTH_OK;
}

void
registry_contents_clear(struct registry_contents *contents)
{
	size_t number;

	if (contents == NULL)
		return;
	for (number = 0; number < REGISTRY_POSITIONS_COUNT; number++)
		registry_pages_give(&contents->positions[number].slots);
	registry_pages_give(&contents->user_pages);
	registry_arena_clear(&contents->arena);
	registry_base_free(contents->base);
	free(contents->groups);
	free(contents->tombstones);
	free(contents->touched.names);
	free(contents->touched.gids);
	*contents = (struct registry_contents){0};
}

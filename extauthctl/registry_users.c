/* SPDX-License-Identifier: MIT */
/* The users of a registry in memory: who may be added, changed and removed.
 * Does not know: files. */
#include <stdlib.h>
#include <string.h>

#include "number.h"
#include "registry_base.h"
#include "registry_contents.h"
#include "registry_format.h"
#include "registry_positions.h"
#include "registry_record.h"

#define USERS_FIRST 64
/* A position, and one more, has 32 bits in the tables. */
#define USERS_MAX ((size_t)UINT32_MAX - 2)

static size_t
copy_gids(const struct registry_user *user, uint32_t *gids)
{
	size_t count = 0;
	size_t number;

	if (user->gid_count == 0)
		return 0;
	memcpy(gids, user->gids, user->gid_count * sizeof(*gids));
	qsort(gids, user->gid_count, sizeof(*gids), number_compare);
	for (number = 0; number < user->gid_count; number++) {
		if (count == 0 || gids[count - 1] != gids[number])
			gids[count++] = gids[number];
	}
	return count;
}

void
registry_contents_lend(
    struct registry_contents *contents, const char *bytes, size_t size)
{
	contents->lent = bytes;
	contents->lent_bytes = size;
}

static bool
is_lent(const struct registry_contents *contents, const char *text)
{
	return (uintptr_t)text - (uintptr_t)contents->lent <
	    contents->lent_bytes;
}

/* Copies a user into one block, which begins with his gids. Of an empty text
 * there is one for all. */
static enum extauth_err
user_copy(struct registry_contents *contents, const struct registry_user *user,
    struct registry_user *ret_copy)
{
	struct registry_user copy = *user;
	const char **const texts[] = {&copy.name, &copy.gecos, &copy.home,
	    &copy.shell, &copy.email, &copy.external_id, &copy.provider,
	    &copy.source};
	size_t lengths[sizeof(texts) / sizeof(*texts)];
	size_t gid_bytes = user->gid_count * sizeof(uint32_t);
	size_t bytes = gid_bytes;
	size_t number;
	void *block = NULL;
	char *next;

	for (number = 0; number < sizeof(texts) / sizeof(*texts); number++) {
		lengths[number] = 0;
		if (**texts[number] == '\0')
			*texts[number] = "";
		else if (!is_lent(contents, *texts[number]))
			lengths[number] = strlen(*texts[number]) + 1;
		bytes += lengths[number];
	}
	copy.gids = NULL;
	if (bytes > 0 &&
	    registry_arena_take(&contents->arena, bytes, &block) != EXTAUTH_OK)
		return EXTAUTH_NOMEM;
	if (bytes == 0) {
		*ret_copy = copy;
		return EXTAUTH_OK;
	}
	copy.gids = block;
	copy.gid_count = copy_gids(user, block);
	next = (char *)block + gid_bytes;
	for (number = 0; number < sizeof(texts) / sizeof(*texts); number++) {
		if (lengths[number] == 0)
			continue;
		*texts[number] = memcpy(next, *texts[number], lengths[number]);
		next += lengths[number];
	}
	*ret_copy = copy;
	return EXTAUTH_OK;
}

/* A linked user has no private group and a uid of somebody else. */
static enum extauth_err
check_group_clash(const struct registry_contents *contents,
    const struct registry_user *user, struct extauth_error *error)
{
	if (user->is_linked)
		return EXTAUTH_OK;
	if (registry_contents_find_group(contents, user->name) != NULL)
		return error_set(error, EXTAUTH_EXISTS,
		    "'%s' is the name of a group", user->name);
	if (registry_contents_find_gid(contents, user->uid) != NULL)
		return error_set(error, EXTAUTH_EXISTS,
		    "%u is the gid of a group", user->uid);
	if (registry_contents_is_spent(contents, user->uid))
		return error_set(error, EXTAUTH_EXISTS,
		    "uid %u belonged to a removed user", user->uid);
	return EXTAUTH_OK;
}

/* Looks for another than `self` who has the user's e-mail, or within his source
 * the external id. */
static enum extauth_err
check_user_clash(const struct registry_contents *contents,
    const struct registry_user *user, const struct registry_user *self,
    struct extauth_error *error)
{
	const struct registry_user *other;

	other = registry_contents_find_email(contents, user->email);
	if (other != NULL && other != self)
		return error_set(error, EXTAUTH_EXISTS,
		    "e-mail %s is registered for '%s'", user->email,
		    other->name);
	if (*user->external_id == '\0')
		return EXTAUTH_OK;
	other = registry_contents_find_source_id(
	    contents, user->source, user->external_id);
	if (other != NULL && other != self)
		return error_set(error, EXTAUTH_EXISTS,
		    "external id %s is registered for '%s'", user->external_id,
		    other->name);
	return EXTAUTH_OK;
}

static enum extauth_err
check_user(const struct registry_contents *contents,
    const struct registry_user *user, struct extauth_error *error)
{
	size_t number;

	if (user->gid_count > REGISTRY_GIDS_MAX)
		return error_set(error, EXTAUTH_INVALID, "too many groups");
	if (*user->email == '\0')
		return error_set(error, EXTAUTH_INVALID, "there is no e-mail");
	for (number = 0; number < user->gid_count; number++) {
		if (registry_contents_find_gid(contents, user->gids[number]) ==
		    NULL)
			return error_set(error, EXTAUTH_INVALID,
			    "there is no group with gid %u",
			    user->gids[number]);
	}
	return registry_check_user(user, error);
}

static enum extauth_err
check_new_user(const struct registry_contents *contents,
    const struct registry_user *user, struct extauth_error *error)
{
	const struct registry_user *other;
	enum extauth_err err = check_user(contents, user, error);

	if (err != EXTAUTH_OK)
		return err;
	if (registry_contents_find_name(contents, user->name) != NULL)
		return error_set(
		    error, EXTAUTH_EXISTS, "'%s' is registered", user->name);
	other = registry_contents_find_uid(contents, user->uid);
	if (other != NULL)
		return error_set(error, EXTAUTH_EXISTS,
		    "uid %u is registered for '%s'", user->uid, other->name);
	err = check_group_clash(contents, user, error);
	if (err == EXTAUTH_OK)
		err = check_user_clash(contents, user, NULL, error);
	return err;
}

static void
user_put(struct registry_contents *contents, size_t position)
{
	positions_put(contents, KEY_NAME, position);
	positions_put(contents, KEY_UID, position);
	positions_put(contents, KEY_EMAIL, position);
	if (*contents->users[position].external_id != '\0')
		positions_put(contents, KEY_EXTERNAL_ID, position);
}

static void
user_drop(struct registry_contents *contents, size_t position)
{
	positions_drop(contents, KEY_NAME, position);
	positions_drop(contents, KEY_UID, position);
	positions_drop(contents, KEY_EMAIL, position);
	if (*contents->users[position].external_id != '\0')
		positions_drop(contents, KEY_EXTERNAL_ID, position);
}

static void
user_move(struct registry_contents *contents, size_t from, size_t to)
{
	positions_move(contents, KEY_NAME, from, to);
	positions_move(contents, KEY_UID, from, to);
	positions_move(contents, KEY_EMAIL, from, to);
	if (*contents->users[from].external_id != '\0')
		positions_move(contents, KEY_EXTERNAL_ID, from, to);
	if (contents->base != NULL)
		registry_base_move(contents->base, from, to);
}

enum extauth_err
registry_users_reserve(struct registry_contents *contents, size_t count)
{
	size_t capacity = contents->user_pages.size / sizeof(*contents->users);
	size_t wanted = contents->user_count + count;
	enum extauth_err err;

	if (wanted <= capacity)
		return EXTAUTH_OK;
	if (wanted > USERS_MAX)
		return EXTAUTH_TOOBIG;
	if (count == 1)
		wanted = capacity < USERS_FIRST ? USERS_FIRST : capacity * 2;
	err = registry_pages_grow(
	    &contents->user_pages, wanted * sizeof(*contents->users));
	contents->users = (void *)contents->user_pages.bytes;
	return err;
}

enum extauth_err
registry_contents_reserve(struct registry_contents *contents, size_t count)
{
	enum extauth_err err = registry_users_reserve(contents, count);

	if (err == EXTAUTH_OK)
		err = positions_reserve(contents, KEY_NAME, count);
	if (err == EXTAUTH_OK)
		err = positions_reserve(contents, KEY_UID, count);
	if (err == EXTAUTH_OK)
		err = positions_reserve(contents, KEY_EMAIL, count);
	if (err == EXTAUTH_OK)
		err = positions_reserve(contents, KEY_EXTERNAL_ID, count);
	return err;
}

void
registry_contents_finish(struct registry_contents *contents)
{
	static const enum registry_key keys[] = {
	    KEY_NAME, KEY_UID, KEY_EMAIL, KEY_EXTERNAL_ID};
	size_t number;

	/* A file that is made from its copy looks up who was touched. */
	if (contents->base != NULL && contents->base->is_current)
		return;
	for (number = 0; number < sizeof(keys) / sizeof(*keys); number++) {
		struct registry_positions *table =
		    &contents->positions[keys[number]];

		registry_pages_give(&table->slots);
		*table = (struct registry_positions){0};
	}
}

static enum extauth_err
user_reserve(struct registry_contents *contents)
{
	enum extauth_err err = registry_contents_reserve(contents, 1);

	if (err == EXTAUTH_OK)
		err = registry_touch_reserve(contents);
	return err;
}

enum extauth_err
registry_contents_add_user(struct registry_contents *contents,
    const struct registry_user *user, struct extauth_error *error)
{
	enum extauth_err err = check_new_user(contents, user, error);
	struct registry_user *place;

	if (err != EXTAUTH_OK)
		return err;
	err = user_reserve(contents);
	place = &contents->users[contents->user_count];
	if (err == EXTAUTH_OK)
		err = user_copy(contents, user, place);
	if (err != EXTAUTH_OK)
		return error_set(error, err, "%s", error_name(err));
	user_put(contents, contents->user_count++);
	registry_sum_add(contents, place);
	registry_touch(contents, place->name);
	return EXTAUTH_OK;
}

enum extauth_err
registry_contents_change_user(struct registry_contents *contents,
    const struct registry_user *user, struct extauth_error *error)
{
	size_t position = positions_find_text(contents, KEY_NAME, user->name);
	struct registry_user copy = {0};
	const struct registry_user *old;
	enum extauth_err err;

	if (position == POSITION_NONE ||
	    contents->users[position].uid != user->uid ||
	    contents->users[position].is_linked != user->is_linked)
		return error_set(error, EXTAUTH_NOTFOUND,
		    "there is no '%s' with uid %u", user->name, user->uid);
	old = &contents->users[position];
	err = check_user(contents, user, error);
	if (err == EXTAUTH_OK)
		err = check_user_clash(contents, user, old, error);
	if (err != EXTAUTH_OK)
		return err;
	err = user_copy(contents, user, &copy);
	if (err == EXTAUTH_OK)
		err = user_reserve(contents);
	if (err != EXTAUTH_OK)
		return error_set(error, err, "%s", error_name(err));
	user_drop(contents, position);
	registry_sum_take(contents, &contents->users[position]);
	contents->users[position] = copy;
	user_put(contents, position);
	registry_sum_add(contents, &copy);
	registry_touch(contents, copy.name);
	return EXTAUTH_OK;
}

enum extauth_err
registry_contents_remove_user(
    struct registry_contents *contents, const char *name)
{
	size_t position = positions_find_text(contents, KEY_NAME, name);
	size_t last = contents->user_count - 1;
	const struct registry_user *user;
	const char *copy = NULL;
	enum extauth_err err;

	if (position == POSITION_NONE)
		return EXTAUTH_NOTFOUND;
	user = &contents->users[position];
	err = registry_touch_reserve(contents);
	/* His record, and his name in it, may be used for another. */
	if (err == EXTAUTH_OK)
		err = registry_arena_copy(&contents->arena, user->name, &copy);
	if (err == EXTAUTH_OK && !user->is_linked)
		err = registry_tombstone_add(contents, user->uid, copy);
	if (err != EXTAUTH_OK)
		return err;
	if (user->is_linked)
		contents->epoch++;
	registry_touch(contents, copy);
	registry_sum_take(contents, user);
	user_drop(contents, position);
	if (contents->base != NULL)
		registry_base_remove(contents->base, position);
	if (position != last) {
		user_move(contents, last, position);
		contents->users[position] = contents->users[last];
	}
	contents->user_count = last;
	return EXTAUTH_OK;
}

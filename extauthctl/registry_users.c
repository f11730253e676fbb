/* SPDX-License-Identifier: MIT */
/* The users of a registry in memory: who may be added, changed and removed.
 * Does not know: files. */
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "registry_contents.h"
#include "registry_format.h"
#include "registry_positions.h"
#include "registry_record.h"

static int
compare_gids(const void *one, const void *other)
{
	uint32_t first;
	uint32_t second;

	memcpy(&first, one, sizeof(first));
	memcpy(&second, other, sizeof(second));
	return (first > second) - (first < second);
}

static size_t
copy_gids(const struct registry_user *user, uint32_t *gids)
{
	size_t count = 0;
	size_t number;

	if (user->gid_count == 0)
		return 0;
	memcpy(gids, user->gids, user->gid_count * sizeof(*gids));
	qsort(gids, user->gid_count, sizeof(*gids), compare_gids);
	for (number = 0; number < user->gid_count; number++) {
		if (count == 0 || gids[count - 1] != gids[number])
			gids[count++] = gids[number];
	}
	return count;
}

/* Copies a user into one block, which begins with his gids. */
static enum extauth_err
user_copy(const struct registry_user *user, struct registry_user *ret_copy)
{
	struct registry_user copy = *user;
	const char **const texts[] = {&copy.name, &copy.gecos, &copy.home,
	    &copy.shell, &copy.email, &copy.external_id, &copy.provider,
	    &copy.source};
	size_t bytes = user->gid_count * sizeof(uint32_t);
	size_t number;
	uint32_t *gids;
	char *next;

	for (number = 0; number < sizeof(texts) / sizeof(*texts); number++)
		bytes += strlen(*texts[number]) + 1;
	gids = malloc(bytes);
	if (gids == NULL)
		return EXTAUTH_NOMEM;
	copy.gids = gids;
	copy.gid_count = copy_gids(user, gids);
	next = (char *)(gids + user->gid_count);
	for (number = 0; number < sizeof(texts) / sizeof(*texts); number++) {
		size_t length = strlen(*texts[number]) + 1;

		*texts[number] = memcpy(next, *texts[number], length);
		next += length;
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

/* Looks for another than `self` who has the user's e-mail or external id. */
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
	other = registry_contents_find_external_id(contents, user->external_id);
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
}

static enum extauth_err
user_reserve(struct registry_contents *contents)
{
	void *users = contents->users;
	enum extauth_err err =
	    registry_array_reserve(&users, contents->user_count,
		&contents->user_capacity, sizeof(*contents->users));

	contents->users = users;
	if (err == EXTAUTH_OK)
		err = positions_reserve(contents, KEY_NAME);
	if (err == EXTAUTH_OK)
		err = positions_reserve(contents, KEY_UID);
	if (err == EXTAUTH_OK)
		err = positions_reserve(contents, KEY_EMAIL);
	if (err == EXTAUTH_OK)
		err = positions_reserve(contents, KEY_EXTERNAL_ID);
	return err;
}

enum extauth_err
registry_contents_add_user(struct registry_contents *contents,
    const struct registry_user *user, struct extauth_error *error)
{
	enum extauth_err err = check_new_user(contents, user, error);

	if (err != EXTAUTH_OK)
		return err;
	err = user_reserve(contents);
	if (err == EXTAUTH_OK)
		err = user_copy(user, &contents->users[contents->user_count]);
	if (err != EXTAUTH_OK)
		return error_set(error, err, "%s", error_name(err));
	user_put(contents, contents->user_count++);
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
	err = user_copy(user, &copy);
	if (err == EXTAUTH_OK)
		err = user_reserve(contents);
	if (err != EXTAUTH_OK) {
		registry_user_clear(&copy);
		return error_set(error, err, "%s", error_name(err));
	}
	user_drop(contents, position);
	registry_user_clear(&contents->users[position]);
	contents->users[position] = copy;
	user_put(contents, position);
	return EXTAUTH_OK;
}

enum extauth_err
registry_contents_remove_user(
    struct registry_contents *contents, const char *name)
{
	size_t position = positions_find_text(contents, KEY_NAME, name);
	size_t last = contents->user_count - 1;
	const struct registry_user *user;
	enum extauth_err err;

	if (position == POSITION_NONE)
		return EXTAUTH_NOTFOUND;
	user = &contents->users[position];
	if (!user->is_linked) {
		err = registry_tombstone_add(contents, user->uid, user->name);
		if (err != EXTAUTH_OK)
			return err;
	} else {
		contents->epoch++;
	}
	user_drop(contents, position);
	registry_user_clear(&contents->users[position]);
	if (position != last) {
		user_move(contents, last, position);
		contents->users[position] = contents->users[last];
	}
	contents->user_count = last;
	return EXTAUTH_OK;
}

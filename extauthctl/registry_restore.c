/* SPDX-License-Identifier: MIT */
#include "registry_restore.h"

#include <string.h>

#include "registry_contents.h"
#include "registry_copy.h"

/* The uid of somebody who lives can be no removed one's. */
static enum extauth_err
tombstone_add(struct registry_contents *contents,
    const struct registry_tombstone *tombstone, struct extauth_error *error)
{
	const struct registry_user *user =
	    registry_contents_find_uid(contents, tombstone->uid);
	const char *name = NULL;
	enum extauth_err err;

	if (user != NULL && !user->is_linked &&
	    strcmp(user->name, tombstone->name) != 0)
		return error_set(error, EXTAUTH_EXISTS,
		    "uid %u is of %s, and was of %s, who was removed",
		    tombstone->uid, user->name, tombstone->name);
	if (user != NULL && !user->is_linked)
		return EXTAUTH_OK;
	err = registry_arena_copy(&contents->arena, tombstone->name, &name);
	return err == EXTAUTH_OK
	    ? registry_tombstone_add(contents, tombstone->uid, name)
	    : err;
}

static enum extauth_err
tombstones_add(struct registry_contents *contents,
    const struct registry_contents *from, struct extauth_error *error)
{
	enum extauth_err err = EXTAUTH_OK;
	size_t at;

	for (at = 0; at < from->tombstone_count && err == EXTAUTH_OK; at++)
		err = tombstone_add(contents, &from->tombstones[at], error);
	return err;
}

static enum extauth_err
groups_add(struct registry_contents *contents,
    const struct registry_contents *from, struct extauth_error *error)
{
	enum extauth_err err = EXTAUTH_OK;
	size_t at;

	for (at = 0; at < from->group_count && err == EXTAUTH_OK; at++) {
		const struct registry_own_group *group = &from->groups[at];
		const struct registry_own_group *known =
		    registry_contents_find_group(contents, group->name);

		if (known == NULL || known->gid != group->gid)
			err = registry_contents_add_group(
			    contents, group->name, group->gid, error);
	}
	return err;
}

static enum extauth_err
users_add(struct registry_contents *contents,
    const struct registry_contents *from, struct extauth_error *error)
{
	enum extauth_err err =
	    registry_contents_reserve(contents, from->user_count);
	size_t at;

	for (at = 0; at < from->user_count && err == EXTAUTH_OK; at++)
		err = registry_contents_add_user(
		    contents, &from->users[at], error);
	return err;
}

/* What is wrong with a file that could not be read, if that is only that it is
 * the wrong one of the two. */
static enum extauth_err
read_failed(enum extauth_err err, const char *path, struct extauth_error *error)
{
	cleanup_copy struct registry_copy copy = {.file.fd = -1};

	if (err != EXTAUTH_UNAVAILABLE ||
	    registry_copy_load(path, &copy, NULL) != EXTAUTH_OK || !copy.is_nss)
		return err;
	return error_set(error, err,
	    "%s: is the file for NSS, which has no e-mails and no removed "
	    "people: the one called registry is needed",
	    path);
}

enum extauth_err
registry_restore_read(const char *path, struct registry_contents *ret_contents,
    struct extauth_error *error)
{
	cleanup_contents struct registry_contents file = {0};
	cleanup_contents struct registry_contents contents = {0};
	struct extauth_error reason = {0};
	enum extauth_err err = registry_contents_load(path, &file, error);

	if (err != EXTAUTH_OK)
		return read_failed(err, path, error);
	if (file.base == NULL)
		return error_set(
		    error, EXTAUTH_NOTFOUND, "%s: is not there", path);
	memcpy(contents.seed, file.seed, sizeof(contents.seed));
	err = groups_add(&contents, &file, &reason);
	if (err == EXTAUTH_OK)
		err = users_add(&contents, &file, &reason);
	if (err == EXTAUTH_OK)
		err = tombstones_add(&contents, &file, &reason);
	if (err != EXTAUTH_OK)
		return error_set(error, err, "%s: %s", path,
		    reason.text[0] != '\0' ? reason.text : error_name(err));
	contents.generation = file.generation;
	contents.may_enumerate = file.may_enumerate;
	contents.must_not_map = file.must_not_map;
	*ret_contents = contents;
	contents = (struct registry_contents){0};
	return EXTAUTH_OK;
}

enum extauth_err
registry_restore_merge(struct registry_contents *contents,
    const struct registry_contents *present, struct extauth_error *error)
{
	enum extauth_err err;

	if (present->user_count > 0)
		return error_set(error, EXTAUTH_EXISTS,
		    "the registry here has %zu people, the file %zu: to have "
		    "both, export those here (user export), move registry and "
		    "nss away, restore, and import them again (user import)",
		    present->user_count, contents->user_count);
	err = groups_add(contents, present, error);
	if (err == EXTAUTH_OK)
		err = tombstones_add(contents, present, error);
	if (err == EXTAUTH_OK && present->generation > contents->generation)
		contents->generation = present->generation;
	return err;
}

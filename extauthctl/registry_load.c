/* SPDX-License-Identifier: MIT */
/* Fills a registry in memory from its file: users whose texts stay where they
 * are, in the copy of the file.
 * Does not know: the lock, and how a file is written. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "registry_base.h"
#include "registry_contents.h"

static enum extauth_err
load_gids(struct registry_contents *contents, const char *gids,
    struct registry_user *user)
{
	void *block = NULL;
	uint32_t *own;
	size_t number;

	if (user->gid_count == 0)
		return EXTAUTH_OK;
	if (registry_arena_take(&contents->arena,
		user->gid_count * sizeof(*own), &block) != EXTAUTH_OK)
		return EXTAUTH_NOMEM;
	own = block;
	for (number = 0; number < user->gid_count; number++)
		own[number] = registry_get32(gids + number * sizeof(*own));
	user->gids = own;
	return EXTAUTH_OK;
}

/* As registry_sum_add, by the lengths that the record has at hand. */
static void
load_sums(struct registry_contents *contents, const struct registry_view *view,
    uint32_t length)
{
	struct registry_sum *sums = contents->sums;
	uint64_t bytes = USER_FIXED_BYTES + TEXT_COUNT +
	    view->user.gid_count * sizeof(uint32_t);
	unsigned number;

	sums[0].users++;
	sums[0].record_bytes += length;
	sums[0].external_ids += view->text_bytes[TEXT_EXTERNAL_ID] > 0;
	if (view->user.is_linked)
		return;
	for (number = TEXT_NAME; number <= TEXT_SHELL; number++)
		bytes += view->text_bytes[number];
	sums[1].users++;
	sums[1].record_bytes += (bytes + REGISTRY_RECORD_ALIGN - 1) /
	    REGISTRY_RECORD_ALIGN * REGISTRY_RECORD_ALIGN;
}

static enum extauth_err
load_user(
    struct registry_contents *contents, const struct registry_place *place)
{
	struct registry_base *base = contents->base;
	struct registry_view view;

	if (registry_copy_view(&base->copy, place, &view) != EXTAUTH_OK ||
	    contents->user_count == base->copy.file.user_count ||
	    view.text_bytes[TEXT_EMAIL] == 0)
		return EXTAUTH_INVALID;
	if (load_gids(contents, view.gids, &view.user) != EXTAUTH_OK)
		return EXTAUTH_NOMEM;
	load_sums(contents, &view, place->length);
	contents->users[contents->user_count++] = view.user;
	registry_base_add(base, place->offset);
	return EXTAUTH_OK;
}

/* The name is copied: a group's record moves when the group grows. */
static enum extauth_err
load_group(
    struct registry_contents *contents, const struct registry_place *place)
{
	const char *name = NULL;
	uint32_t gid = 0;

	if (registry_copy_group(&contents->base->copy, place, &name, &gid) !=
	    EXTAUTH_OK)
		return EXTAUTH_INVALID;
	if (registry_arena_copy(&contents->arena, name, &name) != EXTAUTH_OK)
		return EXTAUTH_NOMEM;
	return registry_group_append(contents, name, gid);
}

static enum extauth_err
load_tombstone(
    struct registry_contents *contents, const struct registry_place *place)
{
	struct registry_view view;

	if (registry_copy_view(&contents->base->copy, place, &view) !=
	    EXTAUTH_OK)
		return EXTAUTH_INVALID;
	return registry_tombstone_append(
	    contents, view.user.uid, view.user.name);
}

static enum extauth_err
load_record(
    struct registry_contents *contents, const struct registry_place *place)
{
	switch (place->kind) {
	case REGISTRY_NONE:
		break;
	case REGISTRY_USER:
		return load_user(contents, place);
	case REGISTRY_GROUP:
		return load_group(contents, place);
	case REGISTRY_TOMBSTONE:
		return load_tombstone(contents, place);
	case REGISTRY_HOLE:
		return EXTAUTH_OK;
	}
	return EXTAUTH_INVALID;
}

static enum extauth_err
check_groups(const struct registry_contents *contents)
{
	size_t number;
	size_t place;

	for (number = 0; number < contents->user_count; number++) {
		const struct registry_user *user = &contents->users[number];

		for (place = 0; place < user->gid_count; place++) {
			if (registry_contents_find_gid(
				contents, user->gids[place]) == NULL)
				return EXTAUTH_INVALID;
		}
	}
	return EXTAUTH_OK;
}

static enum extauth_err
load_records(struct registry_contents *contents)
{
	const struct registry *file = &contents->base->copy.file;
	uint64_t offset = file->records_offset;
	struct registry_place place;
	enum extauth_err err;

	for (;;) {
		err =
		    registry_copy_place(&contents->base->copy, offset, &place);
		if (err == EXTAUTH_OK)
			err = load_record(contents, &place);
		if (err != EXTAUTH_OK)
			break;
		offset += place.length;
	}
	if (err != EXTAUTH_NOTFOUND)
		return err;
	if (contents->user_count != file->user_count ||
	    contents->group_count != file->group_count ||
	    contents->tombstone_count != file->tombstone_count)
		return EXTAUTH_INVALID;
	return check_groups(contents);
}

static enum extauth_err
load_copy(struct registry_contents *contents)
{
	struct registry_base *base = contents->base;
	const struct registry *file = &base->copy.file;
	enum extauth_err err = EXTAUTH_OK;

	if (base->copy.is_nss)
		return EXTAUTH_INVALID;
	memcpy(contents->seed, file->seed, sizeof(contents->seed));
	contents->generation = file->generation;
	contents->version = file->version;
	contents->may_enumerate = file->may_enumerate;
	contents->must_not_map = !file->may_map;
	base->is_current = true;
	err = registry_base_reserve(base);
	if (err == EXTAUTH_OK)
		err = registry_users_reserve(contents, file->user_count);
	if (err == EXTAUTH_OK)
		err = load_records(contents);
	return err;
}

enum extauth_err
registry_contents_load(const char *path, struct registry_contents *ret_contents,
    struct extauth_error *error)
{
	cleanup_contents struct registry_contents contents = {0};
	enum extauth_err err;

	if (getrandom(contents.seed, sizeof(contents.seed), 0) !=
	    (ssize_t)sizeof(contents.seed))
		return error_set(error, EXTAUTH_SYSTEM, "getrandom: %s",
		    error_of_number(errno));
	contents.epoch = contents.seed[0];
	contents.base = calloc(1, sizeof(*contents.base));
	if (contents.base == NULL)
		return error_set(
		    error, EXTAUTH_NOMEM, "%s: out of memory", path);
	contents.base->copy.file.fd = -1;
	err = registry_copy_load(path, &contents.base->copy, error);
	if (err == EXTAUTH_NOTFOUND) {
		registry_base_free(contents.base);
		contents.base = NULL;
	} else if (err != EXTAUTH_OK) {
		return err;
	} else {
		err = load_copy(&contents);
		if (err == EXTAUTH_NOMEM)
			return error_set(error, err, "%s: out of memory", path);
		if (err != EXTAUTH_OK)
			return error_set(error, EXTAUTH_UNAVAILABLE,
			    "%s: is damaged, not every record is right", path);
	}
	*ret_contents = contents;
	contents = (struct registry_contents){0};
	return EXTAUTH_OK;
}

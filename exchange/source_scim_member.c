/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "source_scim_internal.h"

#define MEMBERS_MAX_BYTES ((size_t)1 << 30)

/* Groups whose members are still to be collected: indexes. */
struct member_walk {
	struct scim_groups *groups;
	size_t *pending;
	size_t count;
	struct source_seen seen;
};

static struct scim_group *
member_find(const struct scim_groups *groups, const char *id)
{
	size_t from = 0;
	size_t to = groups->count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int order = strcmp(groups->items[middle].id, id);

		if (order == 0)
			return &groups->items[middle];
		if (order < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return NULL;
}

/* Each group is walked once, so that a circle ends. */
static void
member_push(struct member_walk *walk, struct scim_group *group)
{
	if (group == NULL || group->walk == walk->groups->walks)
		return;
	group->walk = walk->groups->walks;
	walk->pending[walk->count++] = (size_t)(group - walk->groups->items);
}

static void
member_push_nested(struct member_walk *walk, const struct scim_group *group)
{
	size_t offset = 0;

	while (offset < group->groups.length) {
		const char *id = group->groups.bytes + offset;

		member_push(walk, member_find(walk->groups, id));
		offset += strlen(id) + 1;
	}
}

static enum extauth_err
member_add_users(struct member_walk *walk, const struct scim_group *group)
{
	size_t offset = 0;
	enum extauth_err err = EXTAUTH_OK;

	while (offset < group->users.length && err == EXTAUTH_OK) {
		const char *id = group->users.bytes + offset;
		size_t size = strlen(id) + 1;
		bool is_new = false;

		err = source_seen_add(&walk->seen, id, &is_new);
		if (err == EXTAUTH_OK && is_new)
			err = buffer_append(&walk->groups->members, id, size);
		offset += size;
	}
	return err;
}

enum extauth_err
scim_member_collect(struct scim_groups *groups, struct scim_group *group)
{
	struct member_walk walk = {.groups = groups};
	enum extauth_err err = EXTAUTH_OK;

	buffer_clear(&groups->members);
	groups->members = buffer_make(MEMBERS_MAX_BYTES);
	groups->walks++;
	walk.pending = calloc(groups->count, sizeof(*walk.pending));
	if (walk.pending == NULL)
		return EXTAUTH_NOMEM;
	member_push(&walk, group);
	while (walk.count > 0 && err == EXTAUTH_OK) {
		const struct scim_group *next =
		    &groups->items[walk.pending[--walk.count]];

		member_push_nested(&walk, next);
		err = member_add_users(&walk, next);
	}
	free(walk.pending);
	source_seen_clear(&walk.seen);
	return err;
}

static bool
member_is_in(const struct scim_groups *groups, const char *id)
{
	size_t offset = 0;

	while (offset < groups->members.length) {
		const char *member = groups->members.bytes + offset;

		if (strcmp(member, id) == 0)
			return true;
		offset += strlen(member) + 1;
	}
	return false;
}

static enum extauth_err
member_add_pair(struct sync_texts *groups, const struct scim_group *group)
{
	enum extauth_err err = sync_texts_add(groups, group->id);

	return err == EXTAUTH_OK ? sync_texts_add(groups, group->name) : err;
}

enum extauth_err
scim_member_fill(struct scim_memory *memory)
{
	struct scim_groups *groups = &memory->groups;
	struct sync_user *user = &memory->entry.user;
	size_t at;

	buffer_clear(&user->groups.bytes);
	user->groups.count = 0;
	for (at = 0; at < groups->count; at++) {
		struct scim_group *group = &groups->items[at];
		enum extauth_err err;

		if (!group->is_wanted)
			continue;
		err = scim_member_collect(groups, group);
		if (err == EXTAUTH_OK && member_is_in(groups, user->id))
			err = member_add_pair(&user->groups, group);
		if (err != EXTAUTH_OK)
			return err;
	}
	return EXTAUTH_OK;
}

/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source_walk_internal.h"

#define GROUPS_FIRST 16

static const char *
walk_group_name(
    const struct source_dialect *dialect, const struct json *element)
{
	const char *name = json_string(element, dialect->group_names[0]);

	if (name == NULL && *dialect->group_names[1] != '\0')
		name = json_string(element, dialect->group_names[1]);
	return name != NULL ? name : "";
}

static enum extauth_err
walk_grow_groups(struct source_walk *walk)
{
	size_t capacity =
	    walk->group_capacity > 0 ? walk->group_capacity * 2 : GROUPS_FIRST;
	struct sync_group *groups;

	if (walk->group_count < walk->group_capacity)
		return EXTAUTH_OK;
	groups = reallocarray(walk->groups, capacity, sizeof(*groups));
	if (groups == NULL)
		return EXTAUTH_NOMEM;
	walk->groups = groups;
	walk->group_capacity = capacity;
	return EXTAUTH_OK;
}

enum extauth_err
walk_note_group(const struct source_run *run,
    const struct source_dialect *dialect, const struct json *element)
{
	struct source_walk *walk = run->memory;
	const char *name = walk_group_name(dialect, element);
	struct sync_group group = {0};
	bool is_new;
	enum extauth_err err;

	if (!source_entry_read_group(run, element, &group))
		return EXTAUTH_OK;
	err = walk_note_id(walk, group.id, &is_new);
	if (err != EXTAUTH_OK || !is_new ||
	    !source_entry_wants_group(run, group.id, name))
		return err;
	(void)snprintf(group.name, sizeof(group.name), "%s", name);
	group.members.bytes = buffer_make(SYNC_TEXTS_MAX_BYTES);
	err = walk_grow_groups(walk);
	if (err == EXTAUTH_OK)
		walk->groups[walk->group_count++] = group;
	return err;
}

/* Those that have no room are left out, as source_entry does it. */
static enum extauth_err
walk_add_membership(struct sync_texts *groups, const char *id, const char *name)
{
	enum extauth_err err;

	if (groups->bytes.limit == 0)
		groups->bytes = buffer_make(SYNC_TEXTS_MAX_BYTES);
	if (groups->bytes.length + strlen(id) + strlen(name) + 2 >
	    SYNC_TEXTS_MAX_BYTES)
		return EXTAUTH_OK;
	err = sync_texts_add(groups, id);
	return err == EXTAUTH_OK ? sync_texts_add(groups, name) : err;
}

enum extauth_err
walk_note_membership(const struct source_run *run,
    const struct source_dialect *dialect, const struct json *element)
{
	struct source_walk *walk = run->memory;
	const char *name = walk_group_name(dialect, element);
	char id[IDENTITY_TEXT_MAX_BYTES + 1];
	bool is_new;
	enum extauth_err err;

	(void)json_copy_id(element, "/id", id, sizeof(id));
	err = walk_note_id(walk, id, &is_new);
	if (err != EXTAUTH_OK || !is_new ||
	    !source_entry_wants_group(run, id, name) ||
	    strlen(name) > IDENTITY_TEXT_MAX_BYTES)
		return err;
	return walk_add_membership(&walk->entry.user.groups, id, name);
}

static enum extauth_err
walk_add_member(
    struct source_walk *walk, struct sync_texts *members, const char *id)
{
	bool is_new;
	enum extauth_err err = walk_note_id(walk, id, &is_new);

	return err == EXTAUTH_OK && is_new ? sync_texts_add(members, id) : err;
}

enum extauth_err
walk_tell_members(const struct source_run *run, struct source_step *ret_step)
{
	struct source_walk *walk = run->memory;
	struct sync_group *group = &walk->groups[walk->group_at];
	char id[IDENTITY_TEXT_MAX_BYTES + 1];
	enum extauth_err err = EXTAUTH_OK;

	buffer_clear(&group->members.bytes);
	group->members.count = 0;
	for (; walk->at < walk->count && err == EXTAUTH_OK; walk->at++) {
		struct json element = json_element(&walk->elements, walk->at);

		(void)json_copy_id(
		    &element, run->source->user_id, id, sizeof(id));
		if (group->members.bytes.length + strlen(id) + 1 >
		    SYNC_TEXTS_MAX_BYTES)
			break;
		err = walk_add_member(walk, &group->members, id);
	}
	if (err == EXTAUTH_OK)
		source_step_group(ret_step, group);
	return err;
}

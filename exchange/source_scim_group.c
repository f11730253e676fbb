/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "identity.h"
#include "source_scim_internal.h"

#define MEMBERS_MAX_BYTES ((size_t)1 << 30)

bool
scim_group_knows_users(
    const struct source_run *run, struct source_step *ret_step)
{
	if (strcmp(run->source->user_id, "/id") == 0)
		return true;
	source_step_fail(ret_step, true, 0,
	    "members of groups are told by their id alone: user_id must be "
	    "/id, or users must name their groups");
	return false;
}

static void
group_clear(struct scim_group *group)
{
	free(group->id);
	free(group->name);
	buffer_clear(&group->users);
	buffer_clear(&group->groups);
}

static enum extauth_err
group_add_place(struct scim_groups *groups, struct scim_group **ret_group)
{
	if (groups->count == groups->capacity) {
		size_t capacity =
		    groups->capacity > 0 ? groups->capacity * 2 : 64;
		struct scim_group *grown =
		    reallocarray(groups->items, capacity, sizeof(*grown));

		if (grown == NULL)
			return EXTAUTH_NOMEM;
		groups->items = grown;
		groups->capacity = capacity;
	}
	*ret_group = &groups->items[groups->count];
	**ret_group = (struct scim_group){
	    .users = buffer_make(MEMBERS_MAX_BYTES),
	    .groups = buffer_make(MEMBERS_MAX_BYTES),
	};
	return EXTAUTH_OK;
}

/* A member that does not say what it is is a user. RFC 7643 4.2. */
static bool
group_is_nested(const struct json *member)
{
	const char *type = json_string(member, "/type");
	const char *reference = json_string(member, "/$ref");

	if (type != NULL)
		return identity_equal(type, "Group");
	return reference != NULL && strstr(reference, "/Groups/") != NULL;
}

static enum extauth_err
group_take_members(struct scim_group *group, const struct json *element)
{
	struct json members = json_lend(element, "/members");
	size_t count = json_length(&members, "");
	enum extauth_err err = EXTAUTH_OK;
	size_t at;

	for (at = 0; at < count && err == EXTAUTH_OK; at++) {
		struct json member = json_element(&members, at);
		bool is_object = json_is_object(&member, "");
		char id[SCIM_TEXT_BYTES];

		if (!json_copy_id(
			&member, is_object ? "/value" : "", id, sizeof(id)))
			continue;
		err = buffer_append(
		    group_is_nested(&member) ? &group->groups : &group->users,
		    id, strlen(id) + 1);
	}
	return err;
}

static enum extauth_err
group_fill(const struct source_run *run, struct scim_group *group,
    const struct sync_group *read)
{
	group->id = strdup(read->id);
	group->name = strdup(read->name);
	group->has_gid = read->has_gid;
	group->gid = read->gid;
	group->is_wanted = source_entry_wants_group(run, read->id, read->name);
	return group->id != NULL && group->name != NULL ? EXTAUTH_OK
							: EXTAUTH_NOMEM;
}

/* Without members nobody asks for a group that is not wanted; with them it may
 * be a part of one that is. */
enum extauth_err
scim_group_take(
    const struct source_run *run, const struct json *element, bool with_members)
{
	struct scim_memory *memory = run->memory;
	struct scim_group *group;
	struct sync_group read;
	bool is_new = false;
	enum extauth_err err;

	if (!source_entry_read_group(run, element, &read) ||
	    (!with_members &&
		!source_entry_wants_group(run, read.id, read.name)))
		return EXTAUTH_OK;
	err = source_seen_add(&memory->groups.ids, read.id, &is_new);
	if (err != EXTAUTH_OK || !is_new)
		return err;
	err = group_add_place(&memory->groups, &group);
	if (err != EXTAUTH_OK)
		return err;
	memory->groups.count++;
	err = group_fill(run, group, &read);
	return err == EXTAUTH_OK && with_members
	    ? group_take_members(group, element)
	    : err;
}

static int
group_compare(const void *one, const void *other)
{
	const struct scim_group *first = one;
	const struct scim_group *second = other;

	return strcmp(first->id, second->id);
}

void
scim_group_sort(struct scim_groups *groups)
{
	if (groups->count > 0)
		qsort(groups->items, groups->count, sizeof(*groups->items),
		    group_compare);
}

/* As many members as one frame holds. */
static enum extauth_err
group_fill_frame(struct scim_groups *groups, struct sync_group *frame)
{
	struct buffer *members = &groups->members;

	buffer_clear(&frame->members.bytes);
	frame->members.count = 0;
	while (groups->offset < members->length) {
		const char *id = members->bytes + groups->offset;
		enum extauth_err err = sync_texts_add(&frame->members, id);

		if (err == EXTAUTH_TOOBIG && frame->members.count > 0)
			return EXTAUTH_OK;
		if (err != EXTAUTH_OK)
			return err;
		groups->offset += strlen(id) + 1;
	}
	return EXTAUTH_OK;
}

static void
group_name_frame(const struct scim_group *group, struct sync_group *frame)
{
	memcpy(frame->id, group->id, strlen(group->id) + 1);
	memcpy(frame->name, group->name, strlen(group->name) + 1);
	frame->has_gid = group->has_gid;
	frame->gid = group->gid;
}

/* The next group that is wanted; NULL: there is none. */
static struct scim_group *
group_next(struct scim_groups *groups)
{
	while (groups->telling < groups->count) {
		struct scim_group *group = &groups->items[groups->telling++];

		if (group->is_wanted)
			return group;
	}
	return NULL;
}

enum extauth_err
scim_group_tell(const struct source_run *run, struct source_step *ret_step)
{
	struct scim_memory *memory = run->memory;
	struct scim_groups *groups = &memory->groups;
	enum extauth_err err = EXTAUTH_OK;

	if (groups->offset >= groups->members.length) {
		struct scim_group *group = group_next(groups);

		if (group == NULL)
			return source_step_end(ret_step, SYNC_COMPLETE, NULL);
		group_name_frame(group, &memory->group);
		err = scim_member_collect(groups, group);
		groups->offset = 0;
	}
	if (err == EXTAUTH_OK)
		err = group_fill_frame(groups, &memory->group);
	if (err == EXTAUTH_OK)
		source_step_group(ret_step, &memory->group);
	return err;
}

void
scim_group_clear(struct scim_groups *groups)
{
	size_t at;

	for (at = 0; at < groups->count; at++)
		group_clear(&groups->items[at]);
	free(groups->items);
	source_seen_clear(&groups->ids);
	buffer_clear(&groups->members);
	*groups = (struct scim_groups){0};
}

/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "source_entry_internal.h"

#define TEXT_BYTES (IDENTITY_TEXT_MAX_BYTES + 1)

/* What a group of a user's list is, or a group of its own. */
struct entry_group {
	char id[TEXT_BYTES];
	char name[TEXT_BYTES];
};

static const char *const group_ids[] = {"/id", "/value", NULL};
static const char *const group_names[] = {
    "/displayName", "/display", "/name", "/profile/name", NULL};

static void
entry_first_text(const struct json *object, const char *const *pointers,
    char text[TEXT_BYTES])
{
	text[0] = '\0';
	for (; *pointers != NULL && text[0] == '\0'; pointers++)
		(void)source_entry_text(object, *pointers, text);
}

static void
entry_take_group(const struct json *value, struct entry_group *ret_group)
{
	*ret_group = (struct entry_group){0};
	if (json_is_object(value, "")) {
		entry_first_text(value, group_ids, ret_group->id);
		entry_first_text(value, group_names, ret_group->name);
	} else {
		(void)json_copy_id(
		    value, "", ret_group->name, sizeof(ret_group->name));
	}
}

static bool
entry_is_remote(const struct config_group *group, const char *text)
{
	size_t at;

	for (at = 0; *text != '\0' && at < group->remote.count; at++)
		if (strcmp(group->remote.items[at], text) == 0)
			return true;
	return false;
}

bool
source_entry_wants_group(
    const struct source_run *run, const char *id, const char *name)
{
	const struct config *config = run->config;
	size_t at;

	if (*run->source->group_prefix != '\0')
		return true;
	for (at = 0; at < config->group_count; at++) {
		const struct config_group *group = &config->groups[at];

		if ((*group->source == '\0' ||
			strcmp(group->source, run->source->name) == 0) &&
		    (entry_is_remote(group, id) ||
			entry_is_remote(group, name)))
			return true;
	}
	return false;
}

/* Id and name go together, or neither: `groups` is read in pairs. */
static enum extauth_err
entry_add_group(struct sync_texts *groups, const struct entry_group *group)
{
	size_t room = SYNC_TEXTS_MAX_BYTES - groups->bytes.length;
	enum extauth_err err;

	if (strlen(group->id) + strlen(group->name) + 2 > room)
		return EXTAUTH_OK;
	err = sync_texts_add(groups, group->id);
	return err == EXTAUTH_OK ? sync_texts_add(groups, group->name) : err;
}

enum extauth_err
source_entry_read_groups(const struct source_run *run,
    const struct json *person, struct source_entry *entry)
{
	const char *pointer = run->source->user_groups;
	struct json list;
	size_t count;
	size_t at;

	if (*pointer == '\0' ||
	    !config_source_has_groups(run->config, run->source))
		return EXTAUTH_OK;
	list = json_lend(person, pointer);
	count = json_length(&list, "");
	for (at = 0; at < count; at++) {
		struct json value = json_element(&list, at);
		struct entry_group group;
		enum extauth_err err = EXTAUTH_OK;

		entry_take_group(&value, &group);
		entry->has_groups = true;
		entry->has_nameless_group |= group.name[0] == '\0';
		if (source_entry_wants_group(run, group.id, group.name))
			err = entry_add_group(&entry->user.groups, &group);
		if (err != EXTAUTH_OK)
			return err;
	}
	return EXTAUTH_OK;
}

bool
source_entry_read_group(const struct source_run *run, const struct json *group,
    struct sync_group *ret_group)
{
	struct entry_group read;
	uint32_t gid;

	entry_take_group(group, &read);
	if (read.id[0] == '\0')
		return false;
	*ret_group = (struct sync_group){0};
	memcpy(ret_group->id, read.id, sizeof(ret_group->id));
	memcpy(ret_group->name, read.name, sizeof(ret_group->name));
	if (source_entry_number(group, run->source->group_gid, &gid)) {
		ret_group->has_gid = true;
		ret_group->gid = gid;
	}
	return true;
}

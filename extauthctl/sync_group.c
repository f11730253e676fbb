/* SPDX-License-Identifier: MIT */
#include "sync_group.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "registry_contents.h"
#include "sync_person.h"

/* Between id and name in the key of a group; printable texts have none. */
#define KEY_SEPARATOR "\x1f"
#define KEY_BYTES ((size_t)2 * IDENTITY_TEXT_MAX_BYTES + 2)
/* More [group NAME] that take one group of the directory are not looked at. */
#define LOCALS_MAX 64

static const char *
local_text(const void *holder, uint32_t position)
{
	const struct sync_groups *groups = holder;

	return groups->locals[position].name;
}

static const char *
remote_text(const void *holder, uint32_t position)
{
	const struct sync_groups *groups = holder;

	return groups->remotes[position].key;
}

void
sync_groups_begin(struct sync_groups *ret_groups, const struct config *config,
    const struct config_source *source)
{
	*ret_groups = (struct sync_groups){
	    .config = config,
	    .source = source,
	    .by_name = sync_index_make(ret_groups, local_text),
	    .by_key = sync_index_make(ret_groups, remote_text),
	};
}

void
sync_groups_clear(struct sync_groups *groups)
{
	if (groups == NULL)
		return;
	sync_arena_clear(&groups->arena);
	sync_index_clear(&groups->by_name);
	sync_index_clear(&groups->by_key);
	free(groups->locals);
	free(groups->remotes);
	*groups = (struct sync_groups){0};
}

static bool
list_has(const struct config_list *list, const char *text)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (strcmp(list->items[i], text) == 0)
			return true;
	return false;
}

static enum extauth_err
local_add(struct sync_groups *groups, const char *name, const char *remote,
    uint32_t *ret_position)
{
	struct sync_local local = {
	    .is_only = list_has(&groups->source->only_groups, name)};
	void *locals = groups->locals;
	enum extauth_err err = registry_array_reserve(&locals,
	    groups->local_count, &groups->local_capacity, sizeof(local));

	groups->locals = locals;
	if (err == EXTAUTH_OK)
		err = sync_arena_copy(&groups->arena, name, &local.name);
	if (err == EXTAUTH_OK && remote != NULL)
		err = sync_arena_copy(&groups->arena, remote, &local.remote);
	if (err == EXTAUTH_OK)
		err = sync_index_put(&groups->by_name, local.name,
		    (uint32_t)groups->local_count);
	if (err != EXTAUTH_OK)
		return err;
	groups->locals[groups->local_count] = local;
	*ret_position = (uint32_t)groups->local_count++;
	return EXTAUTH_OK;
}

/* Finds or adds the group that a [group NAME] is. */
static enum extauth_err
local_of_section(struct sync_groups *groups, const struct config_group *section,
    uint32_t *ret_position)
{
	uint32_t position = sync_index_find(&groups->by_name, section->name);
	enum extauth_err err = EXTAUTH_OK;

	if (position == SYNC_INDEX_NONE)
		err = local_add(groups, section->name, NULL, &position);
	if (err != EXTAUTH_OK)
		return err;
	if (section->gid != 0)
		groups->locals[position].gid = section->gid;
	*ret_position = position;
	return EXTAUTH_OK;
}

/* One name must not gather the members of two groups: a [group NAME] keeps
 * its own, and of two others neither is published. */
static enum extauth_err
local_of_prefix(struct sync_groups *groups, const struct sync_group_told *told,
    uint32_t *positions, size_t *ret_count)
{
	const char *remote = *told->id != '\0' ? told->id : told->name;
	char name[IDENTITY_NAME_MAX_BYTES + 1];
	struct sync_local *local;
	uint32_t position;

	sync_person_make_name(groups->source->group_prefix, told->name, name);
	*ret_count = 0;
	if (config_find_group(groups->config, name) != NULL)
		return EXTAUTH_OK;
	*ret_count = 1;
	position = sync_index_find(&groups->by_name, name);
	if (position == SYNC_INDEX_NONE)
		return local_add(groups, name, remote, positions);
	local = &groups->locals[position];
	if (strcmp(local->remote, remote) != 0)
		local->is_shared = true;
	*positions = position;
	return EXTAUTH_OK;
}

/* Lends the id or name by which a section takes a group, or NULL. */
static const char *
section_takes(const struct sync_groups *groups,
    const struct config_group *section, const struct sync_group_told *told)
{
	if (*section->source != '\0' &&
	    strcmp(section->source, groups->source->name) != 0)
		return NULL;
	if (*told->id != '\0' && list_has(&section->remote, told->id))
		return told->id;
	if (*told->name != '\0' && list_has(&section->remote, told->name))
		return told->name;
	return NULL;
}

static struct sync_claim *
claim_find(const struct sync_local *local, const char *text)
{
	struct sync_claim *claim = local->claims;

	while (claim != NULL && strcmp(claim->text, text) != 0)
		claim = claim->next;
	return claim;
}

static enum extauth_err
claim_add(struct sync_groups *groups, struct sync_local *local,
    const char *text, const char *id)
{
	struct sync_claim *claim;
	void *bytes;
	enum extauth_err err =
	    sync_arena_take(&groups->arena, sizeof(*claim), &bytes);

	if (err != EXTAUTH_OK)
		return err;
	claim = bytes;
	claim->next = local->claims;
	err = sync_arena_copy(&groups->arena, text, &claim->text);
	if (err == EXTAUTH_OK)
		err = sync_arena_copy(&groups->arena, id, &claim->id);
	if (err == EXTAUTH_OK)
		local->claims = claim;
	return err;
}

enum claim_fate {
	CLAIM_IS_ITS_OWN,
	CLAIM_IS_SHARED,
	CLAIM_IS_ANOTHERS, /* somebody has the id for a name */
};

/* In most directories many may make a group, and give it any name: of two that
 * have the one that is written in a [group NAME] neither is it, but for the one
 * whose id it is. */
static enum extauth_err
claim_check(struct sync_groups *groups, struct sync_local *local,
    const struct sync_group_told *told, const char *text,
    enum claim_fate *ret_fate)
{
	struct sync_claim *claim = claim_find(local, text);

	*ret_fate = CLAIM_IS_ITS_OWN;
	if (claim == NULL)
		return claim_add(groups, local, text, told->id);
	if (*told->id == '\0' || strcmp(claim->id, told->id) == 0)
		return EXTAUTH_OK;
	if (*claim->id == '\0')
		return sync_arena_copy(&groups->arena, told->id, &claim->id);
	*ret_fate =
	    strcmp(claim->id, text) == 0 ? CLAIM_IS_ANOTHERS : CLAIM_IS_SHARED;
	return EXTAUTH_OK;
}

/* Finds or adds the group that a section is, if it takes what is told. */
static enum extauth_err
local_of_claim(struct sync_groups *groups, const struct config_group *section,
    const struct sync_group_told *told, uint32_t *positions, size_t *count)
{
	const char *text = section_takes(groups, section, told);
	struct sync_local *local;
	enum claim_fate fate;
	enum extauth_err err;

	if (text == NULL)
		return EXTAUTH_OK;
	err = local_of_section(groups, section, &positions[*count]);
	if (err != EXTAUTH_OK)
		return err;
	local = &groups->locals[positions[*count]];
	err = claim_check(groups, local, told, text, &fate);
	if (err != EXTAUTH_OK || fate == CLAIM_IS_ANOTHERS)
		return err;
	local->is_shared = local->is_shared || fate == CLAIM_IS_SHARED;
	++*count;
	return EXTAUTH_OK;
}

static enum extauth_err
locals_find(struct sync_groups *groups, const struct sync_group_told *told,
    uint32_t positions[LOCALS_MAX], size_t *ret_count)
{
	enum extauth_err err = EXTAUTH_OK;
	size_t count = 0;
	size_t i;

	for (i = 0; i < groups->config->group_count && count < LOCALS_MAX &&
	     err == EXTAUTH_OK;
	     i++)
		err = local_of_claim(groups, &groups->config->groups[i], told,
		    positions, &count);
	if (err != EXTAUTH_OK)
		return err;
	if (count == 0 && *groups->source->group_prefix != '\0' &&
	    *told->name != '\0')
		err = local_of_prefix(groups, told, positions, &count);
	if (err == EXTAUTH_OK)
		*ret_count = count;
	return err;
}

static enum extauth_err
remote_add(struct sync_groups *groups, const struct sync_group_told *told,
    const char *key, uint32_t *ret_position)
{
	uint32_t positions[LOCALS_MAX];
	struct sync_remote remote = {0};
	void *remotes = groups->remotes;
	void *locals = NULL;
	enum extauth_err err;

	err = locals_find(groups, told, positions, &remote.local_count);
	if (err == EXTAUTH_OK)
		err = sync_arena_take(&groups->arena,
		    remote.local_count * sizeof(*positions), &locals);
	if (err == EXTAUTH_OK)
		err = sync_arena_copy(&groups->arena, key, &remote.key);
	if (err == EXTAUTH_OK)
		err = registry_array_reserve(&remotes, groups->remote_count,
		    &groups->remote_capacity, sizeof(remote));
	groups->remotes = remotes;
	if (err == EXTAUTH_OK)
		err = sync_index_put(&groups->by_key, remote.key,
		    (uint32_t)groups->remote_count);
	if (err != EXTAUTH_OK)
		return err;
	remote.locals =
	    memcpy(locals, positions, remote.local_count * sizeof(*positions));
	groups->remotes[groups->remote_count] = remote;
	*ret_position = (uint32_t)groups->remote_count++;
	return EXTAUTH_OK;
}

/* The first that was told counts, and none where the configuration has one. */
static void
gid_note(
    const struct sync_groups *groups, struct sync_local *local, uint32_t gid)
{
	const struct config_general *general = &groups->config->general;

	if (local->gid != 0)
		return;
	if (gid >= general->uid_range_first && gid <= general->uid_range_last)
		local->gid = gid;
	else
		local->gid_outside = gid;
}

enum extauth_err
sync_groups_find(struct sync_groups *groups, const struct sync_group_told *told,
    const struct sync_remote **ret_remote)
{
	const struct sync_remote *remote;
	char key[KEY_BYTES];
	uint32_t position;
	size_t i;

	(void)snprintf(
	    key, sizeof(key), "%s" KEY_SEPARATOR "%s", told->id, told->name);
	position = sync_index_find(&groups->by_key, key);
	if (position == SYNC_INDEX_NONE) {
		enum extauth_err err = remote_add(groups, told, key, &position);

		if (err != EXTAUTH_OK)
			return err;
	}
	remote = &groups->remotes[position];
	for (i = 0; i < remote->local_count && told->gid != 0; i++)
		gid_note(groups, &groups->locals[remote->locals[i]], told->gid);
	*ret_remote = remote;
	return EXTAUTH_OK;
}

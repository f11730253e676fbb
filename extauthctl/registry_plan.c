/* SPDX-License-Identifier: MIT */
#include "registry_plan.h"

#include <stdlib.h>
#include <string.h>

#include "registry_positions.h"

void
registry_plan_clear(struct image_plan *plan)
{
	free(plan->groups);
	free(plan->bytes);
}

static uint64_t
align_up(uint64_t number, uint64_t step)
{
	return (number + step - 1) / step * step;
}

bool
plan_leaves_out(const struct image_plan *plan, const struct registry_user *user)
{
	return plan->order->is_nss && user->is_linked;
}

struct registry_user
plan_user_view(const struct image_plan *plan, const struct registry_user *user)
{
	struct registry_user view = *user;

	if (plan->order->is_nss) {
		view.email = "";
		view.external_id = "";
		view.provider = "";
		view.source = "";
	}
	return view;
}

struct registry_user
plan_tombstone_view(const struct registry_tombstone *tombstone)
{
	return (struct registry_user){.name = tombstone->name,
	    .gecos = "",
	    .home = "",
	    .shell = "",
	    .email = "",
	    .external_id = "",
	    .provider = "",
	    .source = "",
	    .uid = tombstone->uid,
	    .gid = tombstone->uid};
}

void
plan_user_texts(const struct registry_user *user, const char *texts[TEXT_COUNT])
{
	texts[TEXT_NAME] = user->name;
	texts[TEXT_GECOS] = user->gecos;
	texts[TEXT_HOME] = user->home;
	texts[TEXT_SHELL] = user->shell;
	texts[TEXT_EMAIL] = user->email;
	texts[TEXT_EXTERNAL_ID] = user->external_id;
	texts[TEXT_PROVIDER] = user->provider;
	texts[TEXT_SOURCE] = user->source;
}

uint64_t
plan_user_bytes(const struct registry_user *user)
{
	const char *texts[TEXT_COUNT];
	uint64_t bytes =
	    USER_FIXED_BYTES + user->gid_count * sizeof(*user->gids);
	size_t number;

	plan_user_texts(user, texts);
	for (number = 0; number < TEXT_COUNT; number++)
		bytes += strlen(texts[number]) + 1;
	return align_up(bytes, REGISTRY_RECORD_ALIGN);
}

struct group_plan *
plan_find_group(const struct image_plan *plan, uint32_t gid)
{
	return &plan->groups[positions_find_number(
	    plan->contents, KEY_GROUP_GID, gid)];
}

/* Counts one user: his record, his keys, his place in his groups. */
static void
plan_user(struct image_plan *plan, const struct registry_user *user)
{
	struct registry_user view = plan_user_view(plan, user);
	size_t number;

	if (plan_leaves_out(plan, user))
		return;
	plan->user_count++;
	plan->records_bytes += plan_user_bytes(&view);
	plan->indexes[INDEX_NAME].slots++;
	plan->indexes[INDEX_UID].slots++;
	plan->indexes[INDEX_EMAIL].slots += *view.email != '\0';
	plan->indexes[INDEX_EXTERNAL_ID].slots += *view.external_id != '\0';
	plan->indexes[INDEX_GROUP_NAME].slots += !user->is_linked;
	plan->indexes[INDEX_GID].slots += !user->is_linked;
	for (number = 0; number < user->gid_count; number++) {
		struct group_plan *group =
		    plan_find_group(plan, user->gids[number]);

		group->member_count++;
		group->members_bytes += strlen(user->name) + 1;
	}
}

/* Groups stand first, so that a reader who goes once over the file knows all
 * groups before he meets their members. */
static enum extauth_err
plan_groups(struct image_plan *plan)
{
	uint64_t offset = REGISTRY_HEADER_BYTES;
	size_t number;

	for (number = 0; number < plan->contents->group_count; number++) {
		struct group_plan *group = &plan->groups[number];
		uint64_t bytes = align_up(GROUP_FIXED_BYTES +
			strlen(plan->contents->groups[number].name) + 1 +
			group->members_bytes,
		    REGISTRY_RECORD_ALIGN);

		if (bytes > REGISTRY_RECORD_MAX_BYTES)
			return EXTAUTH_TOOBIG;
		group->offset = offset;
		group->bytes = bytes;
		offset += bytes;
		plan->records_bytes += bytes;
		plan->indexes[INDEX_GROUP_NAME].slots++;
		plan->indexes[INDEX_GID].slots++;
	}
	return EXTAUTH_OK;
}

/* Turns numbers of keys into tables, and gives each its place. */
static void
plan_indexes(struct image_plan *plan)
{
	uint64_t offset = REGISTRY_HEADER_BYTES + plan->records_bytes;
	size_t number;

	for (number = 0; number < REGISTRY_INDEX_COUNT; number++) {
		struct registry_index *index = &plan->indexes[number];
		uint64_t slots = REGISTRY_SLOTS_MIN;

		while (slots * 7 < index->slots * 10)
			slots *= 2;
		if (plan->order->is_nss && number >= INDEX_EMAIL)
			slots = 0;
		offset = align_up(offset, REGISTRY_INDEX_ALIGN);
		index->slots = slots;
		index->offset = offset;
		offset += slots * REGISTRY_SLOT_BYTES;
	}
	plan->size = offset;
}

enum extauth_err
registry_plan_make(struct image_plan *plan)
{
	const struct registry_contents *contents = plan->contents;
	size_t number;

	plan->groups = calloc(contents->group_count + 1, sizeof(*plan->groups));
	if (plan->groups == NULL)
		return EXTAUTH_NOMEM;
	for (number = 0; number < contents->user_count; number++)
		plan_user(plan, &contents->users[number]);
	if (!plan->order->is_nss)
		plan->tombstone_count = contents->tombstone_count;
	for (number = 0; number < plan->tombstone_count; number++) {
		struct registry_user view =
		    plan_tombstone_view(&contents->tombstones[number]);

		plan->records_bytes += plan_user_bytes(&view);
		plan->indexes[INDEX_UID].slots++;
	}
	if (plan_groups(plan) != EXTAUTH_OK)
		return EXTAUTH_TOOBIG;
	plan_indexes(plan);
	if (plan->records_bytes > REGISTRY_REFERENCE_MAX_BYTES)
		return EXTAUTH_TOOBIG;
	plan->bytes = calloc(1, plan->size);
	return plan->bytes == NULL ? EXTAUTH_NOMEM : EXTAUTH_OK;
}

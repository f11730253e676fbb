/* SPDX-License-Identifier: MIT */
#include "registry_plan.h"

#include <stdlib.h>
#include <string.h>

#include "registry_positions.h"
#include "registry_put.h"

/* Room for the records of later changes: one part in so many of the records,
 * and twice the longest group, which moves when it grows. */
#define SLACK_PART 32

void
registry_plan_clear(struct image_plan *plan)
{
	free(plan->groups);
	registry_pages_give(&plan->group_pages);
	registry_pages_give(&plan->slot_pages);
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

struct group_plan *
plan_find_group(const struct image_plan *plan, uint32_t gid)
{
	return &plan->groups[positions_find_number(
	    plan->contents, KEY_GROUP_GID, gid)];
}

static void
plan_members(struct image_plan *plan)
{
	const struct registry_contents *contents = plan->contents;
	size_t number;

	for (number = 0; number < contents->user_count; number++) {
		const struct registry_user *user = &contents->users[number];
		size_t place;

		if (plan_leaves_out(plan, user))
			continue;
		for (place = 0; place < user->gid_count; place++) {
			struct group_plan *group =
			    plan_find_group(plan, user->gids[place]);

			group->member_count++;
			group->members_bytes += strlen(user->name) + 1;
		}
	}
}

/* Groups stand first, so that a reader who goes once over a file that was made
 * anew knows all groups before he meets their members. */
static enum extauth_err
plan_groups(struct image_plan *plan, uint64_t *ret_longest)
{
	const struct registry_contents *contents = plan->contents;
	uint64_t offset = REGISTRY_HEADER_BYTES;
	size_t number;

	if (contents->group_count > 0)
		plan_members(plan);
	for (number = 0; number < contents->group_count; number++) {
		struct group_plan *group = &plan->groups[number];
		uint64_t bytes = registry_put_group_bytes(
		    contents->groups[number].name, group->members_bytes);

		if (bytes > REGISTRY_RECORD_MAX_BYTES)
			return EXTAUTH_TOOBIG;
		group->offset = offset;
		group->bytes = bytes;
		offset += bytes;
		plan->groups_bytes += bytes;
		if (bytes > *ret_longest)
			*ret_longest = bytes;
	}
	return EXTAUTH_OK;
}

uint64_t
registry_plan_keys(const struct registry_contents *contents, uint32_t version,
    bool is_nss, enum registry_index_number index)
{
	const struct registry_sum *sum = &contents->sums[is_nss];
	uint64_t groups = contents->group_count;

	switch (index) {
	case INDEX_NAME:
		return sum->users;
	case INDEX_UID:
		return sum->users + (is_nss ? 0 : contents->tombstone_count);
	case INDEX_GROUP_NAME:
	case INDEX_GID:
		return version == REGISTRY_VERSION_FIRST ? sum->users + groups
							 : groups;
	case INDEX_EMAIL:
		return is_nss ? 0 : sum->users;
	case INDEX_EXTERNAL_ID:
		return sum->external_ids;
	}
	return 0;
}

/* Turns numbers of keys into tables, and gives each its place. One key in 16 is
 * left for what later changes add. */
static uint64_t
plan_indexes(struct image_plan *plan, uint64_t offset)
{
	unsigned number;

	for (number = 0; number < REGISTRY_INDEX_COUNT; number++) {
		uint64_t keys = registry_plan_keys(plan->contents,
		    plan->order->version, plan->order->is_nss,
		    (enum registry_index_number)number);
		uint64_t slots = REGISTRY_SLOTS_MIN;

		while (slots * 7 < (keys + keys / 16) * 10)
			slots *= 2;
		if (plan->order->is_nss && number >= INDEX_EMAIL)
			slots = 0;
		offset = align_up(offset, REGISTRY_INDEX_ALIGN);
		plan->tables.indexes[number] =
		    (struct registry_index){offset, slots};
		offset += slots * REGISTRY_SLOT_BYTES;
	}
	return offset;
}

enum extauth_err
registry_plan_make(struct image_plan *plan)
{
	const struct registry_contents *contents = plan->contents;
	const struct registry_sum *sum = &contents->sums[plan->order->is_nss];
	uint64_t longest = 0;
	uint64_t slack;
	enum extauth_err err;
	size_t number;

	plan->groups = calloc(contents->group_count + 1, sizeof(*plan->groups));
	if (plan->groups == NULL)
		return EXTAUTH_NOMEM;
	plan->user_count = sum->users;
	plan->records_bytes = sum->record_bytes;
	if (!plan->order->is_nss)
		plan->tombstone_count = contents->tombstone_count;
	for (number = 0; number < plan->tombstone_count; number++) {
		struct registry_user view =
		    registry_put_tombstone_view(&contents->tombstones[number]);

		plan->records_bytes += registry_put_user_bytes(&view);
	}
	err = plan_groups(plan, &longest);
	plan->records_bytes += plan->groups_bytes;
	if (err != EXTAUTH_OK ||
	    plan->records_bytes > REGISTRY_REFERENCE_MAX_BYTES)
		return EXTAUTH_TOOBIG;
	slack = plan->records_bytes / SLACK_PART + longest * 2;
	plan->size = plan_indexes(
	    plan, REGISTRY_HEADER_BYTES + plan->records_bytes + slack);
	plan->tables.start = plan->tables.indexes[0].offset;
	err = registry_pages_take(plan->groups_bytes, &plan->group_pages);
	if (err == EXTAUTH_OK)
		err = registry_pages_take(
		    plan->size - plan->tables.start, &plan->slot_pages);
	plan->tables.bytes = plan->slot_pages.bytes;
	plan->tables.version = plan->order->version;
	memcpy(plan->tables.seed, plan->order->seed, sizeof(plan->order->seed));
	return err;
}

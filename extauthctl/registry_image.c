/* SPDX-License-Identifier: MIT */
#include "registry_image.h"

#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "identity.h"
#include "registry_plan.h"
#include "registry_record.h"

static enum extauth_err
index_put(struct image_plan *plan, enum registry_index_number number,
    const char *key, size_t length, uint64_t offset)
{
	const struct registry_index *index = &plan->indexes[number];
	uint64_t hash = hash_bytes(plan->order->seed, key, length);
	unsigned probes;

	for (probes = 0; probes < REGISTRY_PROBE_MAX; probes++) {
		uint64_t position = (hash + probes) & (index->slots - 1);
		char *slot = plan->bytes + index->offset +
		    position * REGISTRY_SLOT_BYTES;

		if (registry_get32(slot + 4) != 0)
			continue;
		registry_put32(slot, (uint32_t)(hash >> 32));
		registry_put32(
		    slot + 4, (uint32_t)(offset / REGISTRY_RECORD_ALIGN));
		return EXTAUTH_OK;
	}
	return EXTAUTH_TOOBIG;
}

static enum extauth_err
index_put_number(struct image_plan *plan, enum registry_index_number index,
    uint32_t number, uint64_t offset)
{
	char key[sizeof(number)];

	registry_put32(key, number);
	return index_put(plan, index, key, sizeof(key), offset);
}

static enum extauth_err
index_put_text(struct image_plan *plan, enum registry_index_number index,
    const char *text, uint64_t offset)
{
	char folded[IDENTITY_EMAIL_MAX_BYTES + 1];
	size_t length = strlen(text);

	if (length == 0)
		return EXTAUTH_OK;
	if (index != INDEX_EMAIL)
		return index_put(plan, index, text, length, offset);
	if (length >= sizeof(folded))
		return EXTAUTH_TOOBIG;
	memcpy(folded, text, length + 1);
	identity_fold(folded);
	return index_put(plan, index, folded, length, offset);
}

static enum extauth_err
index_user(
    struct image_plan *plan, const struct registry_user *user, uint64_t offset)
{
	enum extauth_err err =
	    index_put_text(plan, INDEX_NAME, user->name, offset);

	if (err == EXTAUTH_OK)
		err = index_put_number(plan, INDEX_UID, user->uid, offset);
	if (err == EXTAUTH_OK)
		err = index_put_text(plan, INDEX_EMAIL, user->email, offset);
	if (err == EXTAUTH_OK)
		err = index_put_text(
		    plan, INDEX_EXTERNAL_ID, user->external_id, offset);
	if (err == EXTAUTH_OK && !user->is_linked)
		err =
		    index_put_text(plan, INDEX_GROUP_NAME, user->name, offset);
	if (err == EXTAUTH_OK && !user->is_linked)
		err = index_put_number(plan, INDEX_GID, user->gid, offset);
	return err;
}

/* Seals a record and tells where the next one goes. */
static uint64_t
record_end(struct image_plan *plan, uint64_t offset, uint64_t bytes)
{
	char *record = plan->bytes + offset;

	registry_put32(record + RECORD_LENGTH, (uint32_t)bytes);
	registry_put32(record + RECORD_CHECKSUM,
	    registry_record_checksum(record, (uint32_t)bytes, offset));
	return offset + bytes;
}

static uint64_t
write_user(struct image_plan *plan, enum registry_kind kind,
    const struct registry_user *user, uint64_t offset)
{
	const char *texts[TEXT_COUNT];
	char *record = plan->bytes + offset;
	char *next = record + USER_FIXED_BYTES;
	size_t number;

	record[RECORD_KIND] = (char)kind;
	record[RECORD_FLAGS] =
	    (char)((user->is_disabled ? RECORD_FLAG_DISABLED : 0) |
		(user->is_linked ? RECORD_FLAG_LINKED : 0));
	registry_put32(record + RECORD_NUMBER, user->uid);
	registry_put32(record + USER_GID, user->gid);
	registry_put32(record + USER_GID_COUNT, (uint32_t)user->gid_count);
	registry_put64(record + USER_NOT_AFTER, (uint64_t)user->not_after);
	for (number = 0; number < user->gid_count; number++) {
		registry_put32(next, user->gids[number]);
		next += sizeof(*user->gids);
	}
	plan_user_texts(user, texts);
	for (number = 0; number < TEXT_COUNT; number++) {
		size_t length = strlen(texts[number]);

		registry_put16(
		    record + USER_TEXT_LENGTHS + 2 * number, (uint16_t)length);
		memcpy(next, texts[number], length);
		next += length + 1;
	}
	return record_end(plan, offset, plan_user_bytes(user));
}

static void
write_members(struct image_plan *plan, const struct registry_user *user)
{
	size_t length = strlen(user->name) + 1;
	size_t number;

	for (number = 0; number < user->gid_count; number++) {
		struct group_plan *group =
		    plan_find_group(plan, user->gids[number]);

		memcpy(group->next, user->name, length);
		group->next += length;
	}
}

static enum extauth_err
image_write_users(struct image_plan *plan, uint64_t *offset)
{
	const struct registry_contents *contents = plan->contents;
	enum extauth_err err = EXTAUTH_OK;
	size_t number;

	for (number = 0; number < contents->user_count && err == EXTAUTH_OK;
	     number++) {
		const struct registry_user *user = &contents->users[number];
		struct registry_user view = plan_user_view(plan, user);

		if (plan_leaves_out(plan, user))
			continue;
		err = index_user(plan, &view, *offset);
		*offset = write_user(plan, REGISTRY_USER, &view, *offset);
		write_members(plan, &view);
	}
	return err;
}

static enum extauth_err
image_write_tombstones(struct image_plan *plan, uint64_t *offset)
{
	enum extauth_err err = EXTAUTH_OK;
	size_t number;

	for (number = 0; number < plan->tombstone_count && err == EXTAUTH_OK;
	     number++) {
		struct registry_user view =
		    plan_tombstone_view(&plan->contents->tombstones[number]);

		err = index_put_number(plan, INDEX_UID, view.uid, *offset);
		*offset = write_user(plan, REGISTRY_TOMBSTONE, &view, *offset);
	}
	return err;
}

/* Writes all of each group but its members, who come with the users. */
static enum extauth_err
image_begin_groups(struct image_plan *plan, uint64_t *offset)
{
	enum extauth_err err = EXTAUTH_OK;
	size_t number;

	for (number = 0;
	     number < plan->contents->group_count && err == EXTAUTH_OK;
	     number++) {
		const struct registry_own_group *group =
		    &plan->contents->groups[number];
		struct group_plan *place = &plan->groups[number];
		char *record = plan->bytes + place->offset;
		size_t length = strlen(group->name);

		record[RECORD_KIND] = (char)REGISTRY_GROUP;
		registry_put32(record + RECORD_NUMBER, group->gid);
		registry_put16(record + GROUP_NAME_LENGTH, (uint16_t)length);
		registry_put32(
		    record + GROUP_MEMBER_COUNT, place->member_count);
		registry_put32(record + GROUP_MEMBERS_BYTES,
		    (uint32_t)place->members_bytes);
		memcpy(record + GROUP_FIXED_BYTES, group->name, length + 1);
		place->next = record + GROUP_FIXED_BYTES + length + 1;
		*offset = place->offset + place->bytes;
		err = index_put_text(
		    plan, INDEX_GROUP_NAME, group->name, place->offset);
		if (err == EXTAUTH_OK)
			err = index_put_number(
			    plan, INDEX_GID, group->gid, place->offset);
	}
	return err;
}

static void
image_end_groups(struct image_plan *plan)
{
	size_t number;

	for (number = 0; number < plan->contents->group_count; number++) {
		const struct group_plan *place = &plan->groups[number];

		record_end(plan, place->offset, place->bytes);
	}
}

static uint64_t
image_tables_checksum(const struct image_plan *plan)
{
	uint64_t offset = REGISTRY_HEADER_BYTES;
	uint64_t checksum = 0;

	while (offset < plan->size) {
		uint64_t left = plan->size - offset;
		size_t length = left < REGISTRY_CHECKSUM_STEP_BYTES
		    ? (size_t)left
		    : REGISTRY_CHECKSUM_STEP_BYTES;

		checksum =
		    registry_checksum(checksum, plan->bytes + offset, length);
		offset += length;
	}
	return checksum;
}

static void
image_write_header(struct image_plan *plan)
{
	const struct registry_image_order *order = plan->order;
	uint32_t flags =
	    (plan->contents->may_enumerate ? REGISTRY_FLAG_MAY_ENUMERATE : 0) |
	    (order->is_nss ? REGISTRY_FLAG_NSS : 0);
	char *header = plan->bytes;
	size_t number;

	registry_put64(header + HEADER_MAGIC, REGISTRY_MAGIC);
	registry_put32(header + HEADER_VERSION, REGISTRY_VERSION);
	registry_put32(header + HEADER_FLAGS, flags);
	registry_put64(header + HEADER_GENERATION, order->generation);
	registry_put64(header + HEADER_SIZE, plan->size);
	registry_put64(header + HEADER_RECORDS_OFFSET, REGISTRY_HEADER_BYTES);
	registry_put64(header + HEADER_RECORDS_BYTES, plan->records_bytes);
	registry_put64(header + HEADER_USER_COUNT, plan->user_count);
	registry_put64(
	    header + HEADER_GROUP_COUNT, plan->contents->group_count);
	registry_put64(header + HEADER_TOMBSTONE_COUNT, plan->tombstone_count);
	registry_put64(header + HEADER_SEED, order->seed[0]);
	registry_put64(header + HEADER_SEED + 8, order->seed[1]);
	for (number = 0; number < REGISTRY_INDEX_COUNT; number++) {
		char *place = header + HEADER_INDEXES + number * 16;

		registry_put64(place, plan->indexes[number].offset);
		registry_put64(place + 8, plan->indexes[number].slots);
	}
	registry_put64(
	    header + HEADER_TABLES_CHECKSUM, image_tables_checksum(plan));
	registry_put64(header + HEADER_CHECKSUM,
	    registry_checksum(0, header, HEADER_CHECKSUM));
}

enum extauth_err
registry_image_make(const struct registry_contents *contents,
    const struct registry_image_order *order, struct registry_image *ret_image)
{
	cleanup_plan struct image_plan plan = {
	    .contents = contents, .order = order};
	uint64_t offset = REGISTRY_HEADER_BYTES;
	enum extauth_err err = registry_plan_make(&plan);

	if (err == EXTAUTH_OK)
		err = image_begin_groups(&plan, &offset);
	if (err == EXTAUTH_OK)
		err = image_write_tombstones(&plan, &offset);
	if (err == EXTAUTH_OK)
		err = image_write_users(&plan, &offset);
	if (err != EXTAUTH_OK)
		return err;
	image_end_groups(&plan);
	image_write_header(&plan);
	ret_image->bytes = plan.bytes;
	ret_image->size = plan.size;
	plan.bytes = NULL;
	return EXTAUTH_OK;
}

void
registry_image_clear(struct registry_image *image)
{
	if (image == NULL)
		return;
	free(image->bytes);
	*image = (struct registry_image){0};
}

/* SPDX-License-Identifier: MIT */
#include "registry_image.h"

#include <string.h>

#include "registry_plan.h"
#include "registry_put.h"
#include "registry_record.h"
#include "registry_stream.h"

/* The format has 16 bits for a text's length, with its NUL so many bytes. */
#define TEXT_ROOM_BYTES ((size_t)UINT16_MAX + 1)

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
write_user(struct registry_stream *stream, enum registry_kind kind,
    const struct registry_user *user)
{
	uint64_t offset = registry_stream_place(stream);
	char *record = NULL;
	uint64_t bytes;
	enum extauth_err err = registry_stream_room(stream,
	    USER_FIXED_BYTES + user->gid_count * sizeof(*user->gids) +
		TEXT_COUNT * TEXT_ROOM_BYTES,
	    &record);

	if (err != EXTAUTH_OK)
		return err;
	bytes = registry_put_user(record, kind, user);
	registry_put_seal(stream->version, record, (uint32_t)bytes, offset);
	registry_stream_add(stream, bytes);
	return EXTAUTH_OK;
}

static enum extauth_err
image_write_users(struct image_plan *plan, struct registry_stream *stream)
{
	const struct registry_contents *contents = plan->contents;
	enum extauth_err err = EXTAUTH_OK;
	size_t number;

	for (number = 0; number < contents->user_count && err == EXTAUTH_OK;
	     number++) {
		const struct registry_user *user = &contents->users[number];
		struct registry_user view =
		    registry_put_view(user, plan->order->is_nss);

		if (plan_leaves_out(plan, user))
			continue;
		err = tables_put_user(
		    &plan->tables, &view, registry_stream_place(stream));
		if (err == EXTAUTH_OK)
			err = write_user(stream, REGISTRY_USER, &view);
	}
	return err == EXTAUTH_OK ? tables_flush(&plan->tables) : err;
}

static enum extauth_err
image_write_tombstones(struct image_plan *plan, struct registry_stream *stream)
{
	enum extauth_err err = EXTAUTH_OK;
	size_t number;

	for (number = 0; number < plan->tombstone_count && err == EXTAUTH_OK;
	     number++) {
		struct registry_user view = registry_put_tombstone_view(
		    &plan->contents->tombstones[number]);

		err = tables_put(&plan->tables, INDEX_UID,
		    tables_hash_number(&plan->tables, view.uid),
		    registry_stream_place(stream));
		if (err == EXTAUTH_OK)
			err = write_user(stream, REGISTRY_TOMBSTONE, &view);
	}
	return err;
}

static char *
group_place(const struct image_plan *plan, const struct group_plan *place)
{
	return plan->group_pages.bytes + place->offset - REGISTRY_HEADER_BYTES;
}

/* Makes all of each group but its members. */
static enum extauth_err
image_begin_groups(struct image_plan *plan)
{
	struct registry_tables *tables = &plan->tables;
	enum extauth_err err = EXTAUTH_OK;
	size_t number;

	for (number = 0;
	     number < plan->contents->group_count && err == EXTAUTH_OK;
	     number++) {
		const struct registry_own_group *group =
		    &plan->contents->groups[number];
		struct group_plan *place = &plan->groups[number];

		place->next = registry_put_group(group_place(plan, place),
		    group, place->member_count, (uint32_t)place->members_bytes);
		err = tables_put(tables, INDEX_GROUP_NAME,
		    tables_hash_text(tables, INDEX_GROUP_NAME, group->name),
		    place->offset);
		if (err == EXTAUTH_OK)
			err = tables_put(tables, INDEX_GID,
			    tables_hash_number(tables, group->gid),
			    place->offset);
	}
	return err;
}

static void
image_put_members(struct image_plan *plan)
{
	const struct registry_contents *contents = plan->contents;
	size_t number;

	for (number = 0; number < contents->user_count; number++) {
		const struct registry_user *user = &contents->users[number];

		if (user->gid_count > 0 && !plan_leaves_out(plan, user))
			write_members(plan, user);
	}
}

static enum extauth_err
image_write_groups(struct image_plan *plan, struct registry_stream *stream)
{
	enum extauth_err err = image_begin_groups(plan);
	size_t number;

	if (err != EXTAUTH_OK || plan->contents->group_count == 0)
		return err;
	image_put_members(plan);
	for (number = 0; number < plan->contents->group_count; number++) {
		const struct group_plan *place = &plan->groups[number];

		registry_put_seal(plan->order->version,
		    group_place(plan, place), (uint32_t)place->bytes,
		    place->offset);
	}
	return registry_stream_put(
	    stream, plan->group_pages.bytes, plan->groups_bytes);
}

/* What is left for the records of later changes, then the indexes. */
static enum extauth_err
image_write_tables(struct image_plan *plan, struct registry_stream *stream)
{
	uint64_t start = plan->tables.start;
	enum extauth_err err = registry_stream_put(
	    stream, NULL, start - registry_stream_place(stream));

	if (err == EXTAUTH_OK)
		err = registry_stream_put(
		    stream, plan->slot_pages.bytes, plan->size - start);
	return err;
}

uint32_t
registry_image_flags(
    const struct registry_contents *contents, uint32_t version, bool is_nss)
{
	/* The readers that knew version 1 alone know no other flag, and map
	 * nothing. */
	bool must_not_map =
	    contents->must_not_map && version > REGISTRY_VERSION_FIRST;

	return (contents->may_enumerate ? REGISTRY_FLAG_MAY_ENUMERATE : 0) |
	    (must_not_map ? REGISTRY_FLAG_NO_MAP : 0) |
	    (is_nss ? REGISTRY_FLAG_NSS : 0);
}

/* `header` is zeroed. */
static void
image_make_header(const struct image_plan *plan, uint64_t checksum,
    char header[REGISTRY_HEADER_BYTES])
{
	const struct registry_image_order *order = plan->order;
	size_t number;

	registry_put64(header + HEADER_MAGIC, REGISTRY_MAGIC);
	registry_put32(header + HEADER_VERSION, order->version);
	registry_put32(header + HEADER_FLAGS,
	    registry_image_flags(
		plan->contents, order->version, order->is_nss));
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

		registry_put64(place, plan->tables.indexes[number].offset);
		registry_put64(place + 8, plan->tables.indexes[number].slots);
	}
	registry_put64(header + HEADER_TABLES_CHECKSUM, checksum);
	registry_put64(header + HEADER_CHECKSUM,
	    registry_checksum(0, header, HEADER_CHECKSUM));
}

enum extauth_err
registry_image_write(const struct registry_contents *contents,
    const struct registry_image_order *order, int fd)
{
	cleanup_plan struct image_plan plan = {
	    .contents = contents, .order = order};
	cleanup_stream struct registry_stream stream = {0};
	char header[REGISTRY_HEADER_BYTES] = {0};
	uint64_t checksum = 0;
	enum extauth_err err = registry_plan_make(&plan);

	if (err == EXTAUTH_OK)
		err = registry_stream_begin(fd, order->version, &stream);
	if (err == EXTAUTH_OK)
		err = image_write_groups(&plan, &stream);
	if (err == EXTAUTH_OK)
		err = image_write_tombstones(&plan, &stream);
	if (err == EXTAUTH_OK)
		err = image_write_users(&plan, &stream);
	if (err == EXTAUTH_OK)
		err = image_write_tables(&plan, &stream);
	if (err == EXTAUTH_OK)
		err = registry_stream_end(&stream, &checksum);
	if (err != EXTAUTH_OK)
		return err;
	image_make_header(&plan, checksum, header);
	return registry_stream_put_header(&stream, header);
}

/* SPDX-License-Identifier: MIT */
#include "registry_copy.h"

#include <stdlib.h>
#include <string.h>

#include "registry_case.h"
#include "registry_put.h"
#include "registry_tables.h"

#define RECORDS 256
#define BYTES 512

/* A copy whose records are the `length` bytes at RECORDS, in memory that ends
 * where they do. */
static struct registry_copy
made(char *bytes, uint64_t length)
{
	struct registry_copy copy = {.file.fd = -1};

	copy.file.records_offset = RECORDS;
	copy.file.records_bytes = length;
	copy.pages.bytes = bytes;
	return copy;
}

static char *
zeros(size_t size)
{
	char *bytes = calloc(1, size);

	ck_assert_ptr_nonnull(bytes);
	return bytes;
}

START_TEST(record_lies_among_the_records)
{
	static const struct {
		uint64_t offset;
		uint32_t length;
		enum extauth_err err;
	} rows[] = {
	    {RECORDS, GROUP_FIXED_BYTES, EXTAUTH_OK},
	    {RECORDS, BYTES, EXTAUTH_OK},
	    {RECORDS, BYTES + 8, EXTAUTH_INVALID},
	    {RECORDS, GROUP_FIXED_BYTES - 8, EXTAUTH_INVALID},
	    {RECORDS, GROUP_FIXED_BYTES + 4, EXTAUTH_INVALID},
	    {RECORDS, 0, EXTAUTH_INVALID},
	    {RECORDS + 8, GROUP_FIXED_BYTES, EXTAUTH_OK},
	    {RECORDS + 4, GROUP_FIXED_BYTES, EXTAUTH_INVALID},
	    {RECORDS - 8, GROUP_FIXED_BYTES, EXTAUTH_INVALID},
	    {RECORDS + BYTES - 24, GROUP_FIXED_BYTES, EXTAUTH_OK},
	    {RECORDS + BYTES - 24, GROUP_FIXED_BYTES + 8, EXTAUTH_INVALID},
	    {RECORDS + BYTES - 16, GROUP_FIXED_BYTES, EXTAUTH_INVALID},
	    {RECORDS + BYTES, GROUP_FIXED_BYTES, EXTAUTH_NOTFOUND},
	    {RECORDS + BYTES + 8, GROUP_FIXED_BYTES, EXTAUTH_NOTFOUND},
	};
	size_t row;

	for (row = 0; row < sizeof(rows) / sizeof(*rows); row++) {
		char *bytes = zeros(RECORDS + BYTES);
		struct registry_copy copy = made(bytes, BYTES);
		struct registry_place place = {.offset = 7};
		uint64_t offset = rows[row].offset;
		bool is_good = rows[row].err == EXTAUTH_OK;

		if (offset + 9 <= RECORDS + BYTES) {
			registry_put32(bytes + offset, rows[row].length);
			bytes[offset + RECORD_KIND] = REGISTRY_TOMBSTONE;
		}
		ck_assert_msg(
		    registry_copy_place(&copy, offset, &place) == rows[row].err,
		    "row %zu", row);
		ck_assert_uint_eq(place.offset, is_good ? offset : 7);
		ck_assert_uint_eq(place.length, is_good ? rows[row].length : 0);
		ck_assert(place.kind ==
		    (is_good ? REGISTRY_TOMBSTONE : REGISTRY_NONE));
		free(bytes);
	}
}
END_TEST

START_TEST(user_is_seen_as_he_was_put)
{
	struct registry_user user = case_alice();
	uint64_t length = registry_put_user_bytes(&user);
	char *bytes = zeros(RECORDS + length);
	struct registry_copy copy = made(bytes, length);
	struct registry_place place = {
	    RECORDS, (uint32_t)length, REGISTRY_USER};
	struct registry_view view;
	uint32_t gids[1];
	unsigned flags;

	for (flags = 0; flags < 8; flags++) {
		user.is_disabled = (flags & 1) != 0;
		user.is_linked = (flags & 2) != 0;
		user.is_held = (flags & 4) != 0;
		ck_assert_uint_eq(
		    registry_put_user(bytes + RECORDS, REGISTRY_USER, &user),
		    length);
		ck_assert_ok(registry_copy_view(&copy, &place, &view));
		ck_assert(view.user.is_disabled == user.is_disabled);
		ck_assert(view.user.is_linked == user.is_linked);
		ck_assert(view.user.is_held == user.is_held);
	}
	ck_assert_uint_eq(registry_get32(view.gids), ADMINS_GID);
	gids[0] = ADMINS_GID;
	view.user.gids = gids;
	view.user.is_disabled = false;
	view.user.is_linked = false;
	case_assert_alice(&view.user, false);
	ck_assert_uint_eq(view.text_bytes[TEXT_NAME], 5);
	ck_assert_uint_eq(view.text_bytes[TEXT_SOURCE], 6);
	free(bytes);
}
END_TEST

/* Tells how a user's record of `length` bytes is seen, in memory that ends
 * where it does. */
static enum extauth_err
view_cut(const char *record, uint32_t length)
{
	char *bytes = zeros(RECORDS + length);
	struct registry_copy copy = made(bytes, length);
	struct registry_place place = {RECORDS, length, REGISTRY_USER};
	struct registry_view view;
	enum extauth_err err;

	memcpy(bytes + RECORDS, record, length);
	err = registry_copy_view(&copy, &place, &view);
	free(bytes);
	return err;
}

START_TEST(user_who_does_not_fit_is_not_seen)
{
	struct registry_user user = case_alice();
	char record[512] = {0};
	uint32_t length =
	    (uint32_t)registry_put_user(record, REGISTRY_USER, &user);
	uint32_t least = length;
	uint32_t cut;

	while (record[least - 2] == '\0')
		least--;
	for (cut = 0; cut <= length; cut++)
		ck_assert_msg(
		    (view_cut(record, cut) == EXTAUTH_OK) == (cut >= least),
		    "%u of %u", cut, least);
	registry_put32(record + USER_GID_COUNT, REGISTRY_GIDS_MAX + 1);
	ck_assert_int_eq(view_cut(record, length), EXTAUTH_INVALID);
	registry_put32(record + USER_GID_COUNT, UINT32_MAX);
	ck_assert_int_eq(view_cut(record, length), EXTAUTH_INVALID);
	registry_put32(record + USER_GID_COUNT, (length - 48) / 4);
	ck_assert_int_eq(view_cut(record, length), EXTAUTH_INVALID);
	registry_put32(record + USER_GID_COUNT, (length - 48) / 4 + 1);
	ck_assert_int_eq(view_cut(record, length), EXTAUTH_INVALID);
}
END_TEST

START_TEST(group_is_seen_only_with_the_end_of_its_name)
{
	char record[48] = {0};
	const struct registry_own_group group = {ADMINS_GID, "admins"};
	uint32_t length;

	(void)registry_put_group(record, &group, 0, 0);
	for (length = GROUP_FIXED_BYTES; length <= sizeof(record); length++) {
		char *bytes = zeros(RECORDS + length);
		struct registry_copy copy = made(bytes, length);
		struct registry_place place = {RECORDS, length, REGISTRY_GROUP};
		const char *name = NULL;
		uint32_t gid = 0;
		bool is_seen;

		memcpy(bytes + RECORDS, record, length);
		is_seen = registry_copy_group(&copy, &place, &name, &gid) ==
		    EXTAUTH_OK;
		ck_assert(is_seen == (length > GROUP_FIXED_BYTES + 6));
		if (is_seen)
			ck_assert_str_eq(name, "admins");
		ck_assert_uint_eq(gid, is_seen ? ADMINS_GID : 0);
		free(bytes);
	}
}
END_TEST

START_TEST(search_looks_at_so_many_slots)
{
	enum {
		SLOTS = 2048
	};
	char *bytes = zeros(SLOTS * REGISTRY_SLOT_BYTES);
	struct registry_copy copy = made(bytes, 0);
	struct registry_search search;
	const char *slot = NULL;
	uint64_t record = 0;
	unsigned found = 0;
	unsigned number;

	copy.file.indexes[INDEX_UID].slots = SLOTS;
	for (number = 0; number < SLOTS; number++)
		tables_slot_set(bytes + number * REGISTRY_SLOT_BYTES,
		    UINT64_C(5) << 32, 8 * (number + 1));
	search = registry_copy_search(
	    &copy, INDEX_UID, UINT64_C(5) << 32 | (SLOTS * 3 - 10));
	while (registry_search_next(&search, &slot, &record) == EXTAUTH_OK) {
		number = (SLOTS - 10 + found++) % SLOTS;
		ck_assert_ptr_eq(slot, bytes + number * REGISTRY_SLOT_BYTES);
		ck_assert_uint_eq(record, 8 * (number + 1));
	}
	ck_assert_uint_eq(found, REGISTRY_PROBE_MAX);
	/* None has another tag, and behind an empty slot is none. */
	search = registry_copy_search(&copy, INDEX_UID, UINT64_C(6) << 32);
	ck_assert_int_eq(
	    registry_search_next(&search, &slot, &record), EXTAUTH_NOTFOUND);
	memset(bytes + 8, 0, 8);
	search = registry_copy_search(&copy, INDEX_UID, UINT64_C(5) << 32);
	ck_assert_ok(registry_search_next(&search, &slot, &record));
	ck_assert_int_eq(
	    registry_search_next(&search, &slot, &record), EXTAUTH_NOTFOUND);
	search = registry_copy_search(&copy, INDEX_GID, UINT64_C(5) << 32);
	ck_assert_int_eq(
	    registry_search_next(&search, &slot, &record), EXTAUTH_NOTFOUND);
	free(bytes);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    record_lies_among_the_records,
	    user_is_seen_as_he_was_put,
	    user_who_does_not_fit_is_not_seen,
	    group_is_seen_only_with_the_end_of_its_name,
	    search_looks_at_so_many_slots,
	    NULL,
	};

	return unit_run("registry_copy", tests);
}

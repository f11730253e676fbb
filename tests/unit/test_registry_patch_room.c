/* SPDX-License-Identifier: MIT */
#include "registry_patch_room.h"

#include "patch_case.h"
#include "registry_contents.h"
#include "registry_record.h"

#define STEP REGISTRY_CHECKSUM_STEP_BYTES
#define USERS 1500 /* some steps of the checksum */

START_TEST(steps_that_change_are_counted_anew)
{
	static const struct {
		uint64_t offset;
		uint64_t bytes;
		const char *steps;
	} rows[] = {
	    {REGISTRY_HEADER_BYTES, 1, "100"},
	    {REGISTRY_HEADER_BYTES, STEP, "100"},
	    {REGISTRY_HEADER_BYTES, STEP + 1, "110"},
	    {REGISTRY_HEADER_BYTES + STEP - 8, 8, "100"},
	    {REGISTRY_HEADER_BYTES + STEP - 8, 16, "110"},
	    {REGISTRY_HEADER_BYTES + STEP, 8, "010"},
	    {REGISTRY_HEADER_BYTES + STEP - 1, STEP + 2, "111"},
	    {REGISTRY_HEADER_BYTES + 2 * STEP - 8, 8, "010"},
	};
	size_t row;
	size_t step;

	patch_case_make(USERS);
	for (row = 0; row < sizeof(rows) / sizeof(*rows); row++) {
		cleanup_copy struct registry_copy copy = patch_case_copied();
		cleanup_patch_room struct patch_room room = {0};
		uint64_t checksum;

		ck_assert_uint_gt(copy.file.size, 3 * STEP);
		ck_assert_ok(patch_room_begin(&room, &copy));
		checksum = room.checksum;
		patch_room_change(&room, rows[row].offset, rows[row].bytes);
		ck_assert_uint_ne(room.checksum, checksum);
		for (step = 0; step < 3; step++)
			ck_assert_msg(room.is_changed[step] ==
				(rows[row].steps[step] == '1'),
			    "row %zu, step %zu", row, step);
		ck_assert_uint_eq(patch_room_end(&room), checksum);
	}
	case_remove();
}
END_TEST

START_TEST(last_bytes_are_of_the_last_step)
{
	cleanup_copy struct registry_copy copy = {.file.fd = -1};
	cleanup_patch_room struct patch_room room = {0};
	uint64_t checksum;

	patch_case_make(USERS);
	copy = patch_case_copied();
	ck_assert_ok(patch_room_begin(&room, &copy));
	checksum = room.checksum;
	patch_room_change(&room, copy.file.size - 8, 8);
	ck_assert_uint_ne(room.checksum, checksum);
	ck_assert_uint_eq(patch_room_end(&room), checksum);
	case_remove();
}
END_TEST

START_TEST(room_is_taken_up_to_the_first_index)
{
	cleanup_copy struct registry_copy copy = {.file.fd = -1};
	cleanup_patch_room struct patch_room room = {0};
	uint64_t offset = 7;
	uint64_t end;
	uint64_t left;

	patch_case_make(USERS);
	copy = patch_case_copied();
	ck_assert_ok(patch_room_begin(&room, &copy));
	end = copy.file.records_offset + copy.file.records_bytes;
	ck_assert_uint_eq(room.end, end);
	ck_assert_uint_eq(room.limit, copy.file.indexes[INDEX_NAME].offset);
	left = room.limit - end;
	ck_assert_int_eq(
	    patch_room_take(&room, left + 8, 0, &offset), EXTAUTH_TOOBIG);
	ck_assert_int_eq(
	    patch_room_take(&room, left - 24, 32, &offset), EXTAUTH_TOOBIG);
	ck_assert_uint_eq(offset, 7);
	ck_assert_uint_eq(room.end, end);
	ck_assert_ok(patch_room_take(&room, 48, 24, &offset));
	ck_assert_uint_eq(offset, end);
	ck_assert_uint_eq(room.end, end + 72);
	ck_assert_uint_eq(room.holes.count, 1);
	ck_assert_uint_eq(room.holes.entries[0].offset, end + 48);
	ck_assert_uint_eq(room.holes.entries[0].bytes, 24);
	ck_assert(room.holes.entries[0].is_new);
	/* The hole is long enough for this one. */
	ck_assert_ok(patch_room_take(&room, 24, 0, &offset));
	ck_assert_uint_eq(offset, end + 48);
	ck_assert_ok(patch_room_take(&room, left - 72, 0, &offset));
	ck_assert_uint_eq(room.end, room.limit);
	ck_assert_uint_eq(
	    copy.file.records_bytes, room.limit - copy.file.records_offset);
	ck_assert_int_eq(
	    patch_room_take(&room, 24, 0, &offset), EXTAUTH_TOOBIG);
	case_remove();
}
END_TEST

/* As long as a record may be, there is no file here that has the room; the
 * limit is made up. */
START_TEST(record_is_no_longer_than_one_may_be)
{
	cleanup_patch_room struct patch_room room = {0};
	uint64_t offset = 7;

	room.limit = UINT64_MAX;
	ck_assert_int_eq(
	    patch_room_take(
		&room, (uint64_t)REGISTRY_RECORD_MAX_BYTES + 8, 0, &offset),
	    EXTAUTH_TOOBIG);
	ck_assert_uint_eq(offset, 7);
	ck_assert_uint_eq(room.end, 0);
}
END_TEST

START_TEST(there_are_only_so_many_holes_in_a_file)
{
	cleanup_copy struct registry_copy copy = {.file.fd = -1};
	cleanup_patch_room struct patch_room room = {0};
	struct registry_place place;
	uint64_t offset = 7;
	uint64_t number;

	patch_case_make(USERS);
	copy = patch_case_copied();
	ck_assert_ok(patch_room_begin(&room, &copy));
	for (number = 0; number < HOLES_MAX; number++) {
		if (registry_holes_add(&room.holes, 48 * number, 24, false) !=
		    EXTAUTH_OK)
			break;
	}
	ck_assert_uint_eq(number, HOLES_MAX);
	ck_assert_int_eq(
	    patch_room_take(&room, 48, 24, &offset), EXTAUTH_TOOBIG);
	ck_assert_uint_eq(offset, 7);
	place = (struct registry_place){48 * HOLES_MAX, 24, REGISTRY_USER};
	ck_assert_int_eq(patch_room_give(&room, &place), EXTAUTH_TOOBIG);
	case_remove();
}
END_TEST

START_TEST(records_do_not_reach_into_an_index)
{
	cleanup_copy struct registry_copy copy = {.file.fd = -1};
	cleanup_patch_room struct patch_room room = {0};

	patch_case_make(USERS);
	copy = patch_case_copied();
	copy.file.records_bytes =
	    copy.file.indexes[INDEX_NAME].offset - copy.file.records_offset + 8;
	ck_assert_int_eq(patch_room_begin(&room, &copy), EXTAUTH_INVALID);
	case_remove();
}
END_TEST

START_TEST(records_may_reach_up_to_an_index)
{
	cleanup_copy struct registry_copy copy = {.file.fd = -1};
	cleanup_patch_room struct patch_room room = {0};
	uint64_t end;
	uint64_t left;

	patch_case_make(USERS);
	copy = patch_case_copied();
	end = copy.file.records_offset + copy.file.records_bytes;
	left = copy.file.indexes[INDEX_NAME].offset - end;
	registry_put32(copy.pages.bytes + end, (uint32_t)left);
	copy.pages.bytes[end + RECORD_KIND] = REGISTRY_HOLE;
	copy.file.records_bytes += left;
	ck_assert_ok(patch_room_begin(&room, &copy));
	ck_assert_uint_eq(room.limit, room.end);
	ck_assert_uint_eq(room.holes.count, 1);
	case_remove();
}
END_TEST

START_TEST(index_without_slots_stands_nowhere)
{
	cleanup_copy struct registry_copy copy = {.file.fd = -1};
	cleanup_patch_room struct patch_room room = {0};

	patch_case_make(USERS);
	copy = patch_case_copied();
	copy.file.indexes[INDEX_NAME].slots = 0;
	copy.file.indexes[INDEX_NAME].offset = 0;
	ck_assert_ok(patch_room_begin(&room, &copy));
	ck_assert_uint_eq(room.limit, copy.file.indexes[INDEX_UID].offset);
	case_remove();
}
END_TEST

static uint64_t
first_user(const struct registry_copy *copy)
{
	uint64_t offset = copy->file.records_offset;
	struct registry_place place = {0};

	while (place.kind != REGISTRY_USER) {
		offset += place.length;
		ck_assert_ok(registry_copy_place(copy, offset, &place));
	}
	return offset;
}

START_TEST(spent_slots_are_counted)
{
	cleanup_copy struct registry_copy copy = {.file.fd = -1};
	cleanup_patch_room struct patch_room room = {0};
	struct registry_place place;
	uint64_t hash;
	uint64_t offset;
	unsigned number;

	patch_case_make(USERS);
	copy = patch_case_copied();
	offset = first_user(&copy);
	for (number = 0; number < REGISTRY_INDEX_COUNT; number++)
		registry_put32(
		    copy.pages.bytes + HEADER_SPENT + number * sizeof(uint32_t),
		    number + 3);
	ck_assert_ok(patch_room_begin(&room, &copy));
	for (number = 0; number < REGISTRY_INDEX_COUNT; number++)
		ck_assert_uint_eq(room.spent[number], number + 3);
	hash = tables_hash_text(&room.tables, INDEX_NAME, "user0");
	/* He lives: his slot is not to be had. */
	ck_assert_ok(patch_room_put(&room, INDEX_NAME, hash, offset + 400));
	ck_assert_uint_eq(room.spent[INDEX_NAME], INDEX_NAME + 3);
	/* And put once more to where it leads, the slot is his own. */
	ck_assert_ok(patch_room_put(&room, INDEX_NAME, hash, offset));
	ck_assert_uint_eq(room.spent[INDEX_NAME], INDEX_NAME + 2);
	ck_assert_ok(registry_copy_place(&copy, offset, &place));
	ck_assert_ok(patch_room_give(&room, &place));
	ck_assert_int_eq(copy.pages.bytes[offset + RECORD_KIND], REGISTRY_HOLE);
	ck_assert_ok(patch_room_put(&room, INDEX_NAME, hash, offset + 800));
	ck_assert_uint_eq(room.spent[INDEX_NAME], INDEX_NAME + 1);
	room.spent[INDEX_NAME] = 0;
	ck_assert_ok(patch_room_put(&room, INDEX_NAME, hash, offset + 800));
	ck_assert_uint_eq(room.spent[INDEX_NAME], 0);
	case_remove();
}
END_TEST

/* What a slot leads to in the file: so many of the key's, and no more. */
static void
assert_slots(const struct registry_copy *copy, uint64_t hash,
    const uint64_t *offsets, size_t count)
{
	struct registry_search search =
	    registry_copy_search(copy, INDEX_NAME, hash);
	const char *slot = NULL;
	uint64_t offset = 0;
	size_t number;

	for (number = 0; number < count; number++) {
		ck_assert_ok(registry_search_next(&search, &slot, &offset));
		ck_assert_uint_eq(offset, offsets[number]);
	}
	ck_assert_int_eq(
	    registry_search_next(&search, &slot, &offset), EXTAUTH_NOTFOUND);
}

START_TEST(slot_that_leads_elsewhere_stays)
{
	cleanup_copy struct registry_copy copy = {.file.fd = -1};
	cleanup_patch_room struct patch_room room = {0};
	uint64_t offset;
	uint64_t hash;

	patch_case_make(USERS);
	copy = patch_case_copied();
	offset = first_user(&copy);
	ck_assert_ok(patch_room_begin(&room, &copy));
	hash = tables_hash_text(&room.tables, INDEX_NAME, "user0");
	/* He lives, so that this one is a second slot. */
	ck_assert_ok(patch_room_put(&room, INDEX_NAME, hash, offset + 400));
	assert_slots(&copy, hash, (const uint64_t[]){offset, offset + 400}, 2);
	patch_room_redirect(
	    &room, INDEX_NAME, hash, offset + 400, offset + 800);
	assert_slots(&copy, hash, (const uint64_t[]){offset, offset + 800}, 2);
	patch_room_redirect(&room, INDEX_NAME, hash, offset, offset + 400);
	assert_slots(
	    &copy, hash, (const uint64_t[]){offset + 400, offset + 800}, 2);
	case_remove();
}
END_TEST

START_TEST(slot_that_leads_behind_the_records_is_free)
{
	cleanup_copy struct registry_copy copy = {.file.fd = -1};
	cleanup_patch_room struct patch_room room = {0};
	uint64_t hash;

	patch_case_make(USERS);
	copy = patch_case_copied();
	ck_assert_ok(patch_room_begin(&room, &copy));
	hash = tables_hash_text(&room.tables, INDEX_NAME, "nobody");
	room.spent[INDEX_NAME] = 5;
	ck_assert_ok(patch_room_put(&room, INDEX_NAME, hash, room.end));
	ck_assert_uint_eq(room.spent[INDEX_NAME], 5);
	ck_assert_ok(patch_room_put(&room, INDEX_NAME, hash, room.end + 8));
	ck_assert_uint_eq(room.spent[INDEX_NAME], 4);
	assert_slots(&copy, hash, (const uint64_t[]){room.end + 8}, 1);
	case_remove();
}
END_TEST

/* Neither his name nor his number are to be had while a group lives. */
START_TEST(slots_of_a_living_group_are_its_own)
{
	cleanup_copy struct registry_copy copy = {.file.fd = -1};
	cleanup_patch_room struct patch_room room = {0};
	struct registry_place place;
	uint64_t name;
	uint64_t gid;

	patch_case_make(USERS);
	copy = patch_case_copied();
	ck_assert_ok(patch_room_begin(&room, &copy));
	ck_assert_ok(
	    registry_copy_place(&copy, copy.file.records_offset, &place));
	ck_assert_int_eq(place.kind, REGISTRY_GROUP);
	name = tables_hash_text(&room.tables, INDEX_GROUP_NAME, "team");
	gid = tables_hash_number(&room.tables, ADMINS_GID);
	room.spent[INDEX_GROUP_NAME] = 9;
	room.spent[INDEX_GID] = 9;
	ck_assert_ok(
	    patch_room_put(&room, INDEX_GROUP_NAME, name, place.offset + 800));
	ck_assert_ok(patch_room_put(&room, INDEX_GID, gid, place.offset + 800));
	ck_assert_uint_eq(room.spent[INDEX_GROUP_NAME], 9);
	ck_assert_uint_eq(room.spent[INDEX_GID], 9);
	/* One whose name has no end is no group. */
	registry_put16(
	    copy.pages.bytes + place.offset + GROUP_NAME_LENGTH, 60000);
	ck_assert_ok(patch_room_put(&room, INDEX_GID, gid, place.offset + 800));
	ck_assert_uint_eq(room.spent[INDEX_GID], 8);
	ck_assert_ok(patch_room_give(&room, &place));
	ck_assert_ok(
	    patch_room_put(&room, INDEX_GROUP_NAME, name, place.offset + 1600));
	ck_assert_ok(
	    patch_room_put(&room, INDEX_GID, gid, place.offset + 1600));
	ck_assert_uint_eq(room.spent[INDEX_GROUP_NAME], 8);
	ck_assert_uint_eq(room.spent[INDEX_GID], 7);
	case_remove();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    steps_that_change_are_counted_anew,
	    last_bytes_are_of_the_last_step,
	    room_is_taken_up_to_the_first_index,
	    record_is_no_longer_than_one_may_be,
	    there_are_only_so_many_holes_in_a_file,
	    records_do_not_reach_into_an_index,
	    records_may_reach_up_to_an_index,
	    index_without_slots_stands_nowhere,
	    spent_slots_are_counted,
	    slot_that_leads_elsewhere_stays,
	    slot_that_leads_behind_the_records_is_free,
	    slots_of_a_living_group_are_its_own,
	    NULL,
	};

	return unit_run("registry_patch_room", tests);
}

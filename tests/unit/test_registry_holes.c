/* SPDX-License-Identifier: MIT */
#include "registry_holes.h"

#include "registry_format.h"
#include "unit.h"

#define HALF_BYTES ((uint64_t)REGISTRY_RECORD_MAX_BYTES / 2)

static void
assert_hole(const struct registry_holes *holes, size_t place, uint64_t offset,
    uint64_t bytes, bool is_new)
{
	ck_assert_uint_lt(place, holes->count);
	ck_assert_uint_eq(holes->entries[place].offset, offset);
	ck_assert_uint_eq(holes->entries[place].bytes, bytes);
	ck_assert(holes->entries[place].is_new == is_new);
}

START_TEST(holes_that_touch_become_one)
{
	struct registry_holes holes = {0};

	ck_assert_ok(registry_holes_add(&holes, 400, 40, false));
	ck_assert_ok(registry_holes_add(&holes, 200, 40, false));
	ck_assert_ok(registry_holes_add(&holes, 300, 40, false));
	ck_assert_uint_eq(holes.count, 3);
	assert_hole(&holes, 0, 200, 40, false);
	assert_hole(&holes, 1, 300, 40, false);
	assert_hole(&holes, 2, 400, 40, false);
	ck_assert_ok(registry_holes_add(&holes, 240, 56, false));
	ck_assert_uint_eq(holes.count, 3);
	assert_hole(&holes, 0, 200, 96, true);
	ck_assert_ok(registry_holes_add(&holes, 340, 60, true));
	ck_assert_uint_eq(holes.count, 2);
	assert_hole(&holes, 1, 300, 140, true);
	ck_assert_ok(registry_holes_add(&holes, 296, 4, false));
	ck_assert_uint_eq(holes.count, 1);
	assert_hole(&holes, 0, 200, 240, true);
	registry_holes_clear(&holes);
	ck_assert_uint_eq(holes.count, 0);
}
END_TEST

START_TEST(hole_is_no_longer_than_a_record_may_be)
{
	struct registry_holes holes = {0};

	ck_assert_ok(registry_holes_add(&holes, 0, HALF_BYTES, false));
	ck_assert_ok(
	    registry_holes_add(&holes, HALF_BYTES, HALF_BYTES + 8, false));
	ck_assert_uint_eq(holes.count, 2);
	registry_holes_clear(&holes);
	ck_assert_ok(registry_holes_add(&holes, 0, HALF_BYTES, false));
	ck_assert_ok(registry_holes_add(&holes, HALF_BYTES, HALF_BYTES, false));
	ck_assert_uint_eq(holes.count, 1);
	registry_holes_clear(&holes);
}
END_TEST

START_TEST(what_is_left_of_a_hole_can_be_a_record)
{
	struct registry_holes holes = {0};
	uint64_t offset = 7;

	ck_assert_int_eq(
	    registry_holes_take(&holes, 8, &offset), EXTAUTH_NOTFOUND);
	ck_assert_ok(registry_holes_add(&holes, 96, 48, false));
	ck_assert_ok(registry_holes_add(&holes, 200, 64, false));
	ck_assert_int_eq(
	    registry_holes_take(&holes, 56, &offset), EXTAUTH_NOTFOUND);
	ck_assert_int_eq(
	    registry_holes_take(&holes, 72, &offset), EXTAUTH_NOTFOUND);
	ck_assert_uint_eq(offset, 7);
	ck_assert_ok(registry_holes_take(&holes, 40, &offset));
	ck_assert_uint_eq(offset, 200);
	assert_hole(&holes, 1, 240, 24, true);
	ck_assert_ok(registry_holes_take(&holes, 24, &offset));
	ck_assert_uint_eq(offset, 96);
	assert_hole(&holes, 0, 120, 24, true);
	ck_assert_ok(registry_holes_take(&holes, 24, &offset));
	ck_assert_uint_eq(offset, 120);
	ck_assert_uint_eq(holes.count, 1);
	assert_hole(&holes, 0, 240, 24, true);
	registry_holes_clear(&holes);
}
END_TEST

START_TEST(there_are_only_so_many_holes)
{
	struct registry_holes holes = {0};
	uint64_t number;

	for (number = 0; number < HOLES_MAX; number++)
		ck_assert_ok(
		    registry_holes_add(&holes, number * 100, 24, false));
	ck_assert_int_eq(registry_holes_add(&holes, number * 100, 24, false),
	    EXTAUTH_TOOBIG);
	ck_assert_uint_eq(holes.count, HOLES_MAX);
	registry_holes_clear(&holes);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    holes_that_touch_become_one,
	    hole_is_no_longer_than_a_record_may_be,
	    what_is_left_of_a_hole_can_be_a_record,
	    there_are_only_so_many_holes,
	    NULL,
	};

	return unit_run("registry_holes", tests);
}

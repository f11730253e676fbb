/* SPDX-License-Identifier: MIT */
#include "registry_patch_group.h"

#include <string.h>

#include "patch_case.h"
#include "registry_contents.h"

#define USERS 600

struct scene {
	struct registry_copy copy;
	struct patch_room room;
	struct registry_contents contents;
};

static void
begin(struct scene *scene)
{
	patch_case_make(USERS);
	*scene = (struct scene){.copy = patch_case_copied()};
	ck_assert_ok(registry_contents_load(
	    case_path("registry"), &scene->contents, NULL));
	ck_assert_ok(patch_room_begin(&scene->room, &scene->copy));
}

static void
end(struct scene *scene)
{
	patch_room_clear(&scene->room);
	registry_contents_clear(&scene->contents);
	registry_copy_clear(&scene->copy);
	case_remove();
}

START_TEST(group_that_was_noted_twice_is_made_once)
{
	struct scene scene;
	struct patch_gids gids = {0};

	begin(&scene);
	ck_assert_ok(patch_gids_add(&gids, ADMINS_GID + 1));
	ck_assert_ok(patch_gids_add(&gids, ADMINS_GID));
	ck_assert_ok(patch_gids_add(&gids, ADMINS_GID + 1));
	ck_assert_uint_eq(gids.count, 3);
	ck_assert_ok(patch_groups(&scene.room, &scene.contents, &gids, false));
	ck_assert_uint_eq(gids.count, 2);
	ck_assert_uint_eq(gids.gids[0], ADMINS_GID);
	ck_assert_uint_eq(gids.gids[1], ADMINS_GID + 1);
	patch_gids_clear(&gids);
	end(&scene);
}
END_TEST

START_TEST(group_that_is_gone_leaves_a_hole_and_two_slots)
{
	struct scene scene;
	struct patch_gids gids = {0};

	begin(&scene);
	ck_assert_ok(registry_contents_remove_group(&scene.contents, "other"));
	ck_assert_ok(patch_gids_add(&gids, ADMINS_GID + 1));
	ck_assert_ok(patch_gids_add(&gids, ADMINS_GID + 7));
	ck_assert_ok(patch_groups(&scene.room, &scene.contents, &gids, false));
	ck_assert_uint_eq(scene.room.spent[INDEX_GROUP_NAME], 1);
	ck_assert_uint_eq(scene.room.spent[INDEX_GID], 1);
	ck_assert_uint_eq(scene.room.spent[INDEX_NAME], 0);
	ck_assert_uint_eq(scene.room.holes.count, 1);
	patch_gids_clear(&gids);
	end(&scene);
}
END_TEST

/* Puts so many users into the team; returns how long its record becomes. */
static uint64_t
fill_team(struct registry_contents *contents, size_t count)
{
	static const uint32_t team[] = {ADMINS_GID};
	uint64_t bytes = GROUP_FIXED_BYTES + sizeof("team");
	size_t number;

	for (number = 0; number < count; number++) {
		struct registry_user user = contents->users[number];

		user.gids = team;
		user.gid_count = 1;
		bytes += strlen(user.name) + 1;
		ck_assert_ok(
		    registry_contents_change_user(contents, &user, NULL));
	}
	return (bytes + 7) / 8 * 8;
}

START_TEST(group_that_moves_gets_room_to_grow)
{
	struct scene scene;
	struct patch_gids gids = {0};
	uint64_t bytes;
	uint64_t before;

	begin(&scene);
	before = scene.room.end;
	bytes = fill_team(&scene.contents, 100);
	ck_assert_ok(patch_gids_add(&gids, ADMINS_GID));
	ck_assert_ok(patch_groups(&scene.room, &scene.contents, &gids, false));
	ck_assert_uint_eq(scene.room.end, before + bytes + bytes / 64 * 8);
	/* Where it stood, and what it may grow into. */
	ck_assert_uint_eq(scene.room.holes.count, 2);
	ck_assert_uint_eq(scene.room.holes.entries[1].offset, before + bytes);
	/* Both of its slots lead to it. */
	ck_assert_uint_eq(scene.room.spent[INDEX_GROUP_NAME], 0);
	ck_assert_uint_eq(scene.room.spent[INDEX_GID], 0);
	patch_gids_clear(&gids);
	end(&scene);
}
END_TEST

/* A hole that is shorter than the shortest record would be none. */
START_TEST(group_grows_into_what_is_a_record_at_least)
{
	static const struct {
		size_t members;
		uint64_t spare;
	} rows[] = {{23, 0}, {24, GROUP_FIXED_BYTES}};
	size_t row;

	for (row = 0; row < sizeof(rows) / sizeof(*rows); row++) {
		struct scene scene;
		struct patch_gids gids = {0};
		uint64_t before;
		uint64_t bytes;

		begin(&scene);
		before = scene.room.end;
		bytes = fill_team(&scene.contents, rows[row].members);
		ck_assert_uint_eq(bytes, 184 + row * 8);
		ck_assert_ok(patch_gids_add(&gids, ADMINS_GID));
		ck_assert_ok(
		    patch_groups(&scene.room, &scene.contents, &gids, false));
		ck_assert_uint_eq(
		    scene.room.end, before + bytes + rows[row].spare);
		patch_gids_clear(&gids);
		end(&scene);
	}
}
END_TEST

START_TEST(group_for_which_there_is_no_room_is_told)
{
	struct scene scene;
	struct patch_gids gids = {0};

	begin(&scene);
	ck_assert_uint_gt(fill_team(&scene.contents, USERS),
	    scene.room.limit - scene.room.end);
	ck_assert_ok(patch_gids_add(&gids, ADMINS_GID));
	ck_assert_int_eq(
	    patch_groups(&scene.room, &scene.contents, &gids, false),
	    EXTAUTH_TOOBIG);
	patch_gids_clear(&gids);
	end(&scene);
}
END_TEST

START_TEST(groups_of_a_user_who_changed_are_noted)
{
	static const uint32_t two[] = {ADMINS_GID, ADMINS_GID + 1};
	static const uint32_t other[] = {ADMINS_GID, ADMINS_GID + 2};
	struct registry_user now = {.gids = other, .gid_count = 2};
	struct registry_view before = {.user = {.gid_count = 2}};
	struct patch_gids gids = {0};
	char stored[2 * sizeof(uint32_t)];

	registry_put32(stored, two[0]);
	registry_put32(stored + sizeof(uint32_t), two[1]);
	before.gids = stored;
	ck_assert_ok(patch_gids_note(&gids, NULL, NULL));
	ck_assert_uint_eq(gids.count, 0);
	ck_assert_ok(patch_gids_note(&gids, NULL, &now));
	ck_assert_uint_eq(gids.count, 2);
	ck_assert_mem_eq(gids.gids, other, sizeof(other));
	ck_assert_ok(patch_gids_note(&gids, &before, NULL));
	ck_assert_uint_eq(gids.count, 4);
	ck_assert_mem_eq(gids.gids + 2, two, sizeof(two));
	ck_assert_ok(patch_gids_note(&gids, &before, &now));
	ck_assert_uint_eq(gids.count, 8);
	ck_assert_mem_eq(gids.gids + 4, two, sizeof(two));
	ck_assert_mem_eq(gids.gids + 6, other, sizeof(other));
	now.gids = two;
	ck_assert_ok(patch_gids_note(&gids, &before, &now));
	ck_assert_uint_eq(gids.count, 8);
	now.gid_count = 1;
	ck_assert_ok(patch_gids_note(&gids, &before, &now));
	ck_assert_uint_eq(gids.count, 11);
	patch_gids_clear(&gids);
	ck_assert_uint_eq(gids.count, 0);
	ck_assert_ptr_null(gids.gids);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    group_that_was_noted_twice_is_made_once,
	    group_that_is_gone_leaves_a_hole_and_two_slots,
	    group_that_moves_gets_room_to_grow,
	    group_grows_into_what_is_a_record_at_least,
	    group_for_which_there_is_no_room_is_told,
	    groups_of_a_user_who_changed_are_noted,
	    NULL,
	};

	return unit_run("registry_patch_group", tests);
}

/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "hash.h"
#include "patch_case.h"
#include "registry_contents.h"
#include "registry_patch.h"
#include "registry_patch_group.h"
#include "registry_tables.h"

#define USERS 600

/* What was changed, and the copy that shall hold it. */
struct scene {
	struct registry_contents contents;
	struct registry_copy copy;
};

static void
begin(struct scene *scene)
{
	patch_case_make(USERS);
	scene->contents = case_loaded();
	scene->copy = patch_case_copied();
}

static void
end(struct scene *scene)
{
	registry_copy_clear(&scene->copy);
	registry_contents_clear(&scene->contents);
	case_remove();
}

/* Patches the copy while the allocation after so many others fails; tells
 * whether there was such a one. */
static enum extauth_err
patch_with(struct scene *scene, size_t allocations, bool *ret_failed)
{
	const struct registry_touched *touched = &scene->contents.touched;
	const struct registry_user **users =
	    calloc(touched->name_count + 1, sizeof(const void *));
	struct registry_patch_order order = {.contents = &scene->contents,
	    .users = users,
	    .generation = scene->contents.generation + 1};
	enum extauth_err err;
	size_t number;

	ck_assert_ptr_nonnull(users);
	for (number = 0; number < touched->name_count; number++)
		users[number] = registry_contents_find_name(
		    &scene->contents, touched->names[number]);
	fault_begin(FAULT_MEMORY, allocations, 0);
	err = registry_patch(&scene->copy, &order);
	*ret_failed = fault_end();
	free(users);
	return err;
}

static enum extauth_err
patch(struct scene *scene)
{
	bool failed;

	return patch_with(scene, SIZE_MAX, &failed);
}

/* Changes so many users, with the groups given. */
static void
change_users(
    struct scene *scene, size_t count, const uint32_t *gids, uint32_t gid_count)
{
	size_t number;

	for (number = 0; number < count; number++) {
		struct registry_user user = scene->contents.users[number];

		user.is_disabled = true;
		user.gids = gids;
		user.gid_count = gid_count;
		ck_assert_ok(registry_contents_change_user(
		    &scene->contents, &user, NULL));
	}
}

static char *
spent_place(struct scene *scene, unsigned index)
{
	return scene->copy.pages.bytes + HEADER_SPENT +
	    index * sizeof(uint32_t);
}

START_TEST(index_is_seven_tenths_full_at_most)
{
	static const uint64_t keys[REGISTRY_INDEX_COUNT] = {
	    [INDEX_NAME] = USERS,
	    [INDEX_UID] = USERS,
	    [INDEX_GROUP_NAME] = 2,
	    [INDEX_GID] = 2,
	    [INDEX_EMAIL] = USERS,
	    [INDEX_EXTERNAL_ID] = USERS,
	};
	unsigned number;

	for (number = 0; number < REGISTRY_INDEX_COUNT; number++) {
		struct scene scene;
		uint64_t most;

		begin(&scene);
		most = scene.copy.file.indexes[number].slots * 7 / 10 -
		    keys[number];
		registry_put32(spent_place(&scene, number), (uint32_t)most);
		ck_assert_ok(patch(&scene));
		ck_assert_uint_eq(
		    registry_get32(spent_place(&scene, number)), most);
		registry_put32(spent_place(&scene, number), (uint32_t)most + 1);
		ck_assert_int_eq(patch(&scene), EXTAUTH_TOOBIG);
		end(&scene);
	}
}
END_TEST

/* Adds so many people and removes them again: their numbers are spent. */
static void
spend_uids(struct scene *scene, uint32_t count)
{
	uint32_t number;

	for (number = 0; number < count; number++) {
		struct registry_user user = case_alice();
		char name[32];

		snprintf(name, sizeof(name), "gone%u", number);
		user.name = name;
		user.email = "gone@example.com";
		user.external_id = "";
		user.uid = FIRST_UID + USERS + number;
		user.gid = user.uid;
		user.gid_count = 0;
		ck_assert_ok(
		    registry_contents_add_user(&scene->contents, &user, NULL));
		ck_assert_ok(
		    registry_contents_remove_user(&scene->contents, name));
	}
}

START_TEST(number_is_spent_once)
{
	struct scene scene;
	uint64_t bytes;

	begin(&scene);
	bytes = scene.copy.file.records_bytes;
	spend_uids(&scene, 3);
	ck_assert_ok(patch(&scene));
	ck_assert_uint_eq(scene.copy.file.tombstone_count, 3);
	ck_assert_uint_gt(scene.copy.file.records_bytes, bytes);
	/* As if it had ended before the header was written. */
	bytes = scene.copy.file.records_bytes;
	scene.copy.file.tombstone_count = 0;
	ck_assert_ok(patch(&scene));
	ck_assert_uint_eq(scene.copy.file.records_bytes, bytes);
	ck_assert_uint_eq(scene.copy.file.tombstone_count, 3);
	ck_assert_uint_eq(registry_get32(spent_place(&scene, INDEX_UID)), 0);
	end(&scene);
}
END_TEST

START_TEST(number_for_which_there_is_no_room_is_told)
{
	struct scene scene;

	begin(&scene);
	spend_uids(&scene, 100);
	ck_assert_int_eq(patch(&scene), EXTAUTH_TOOBIG);
	end(&scene);
}
END_TEST

/* Each slot leads to what no key is of. */
static void
fill_index(struct scene *scene, enum registry_index_number number)
{
	const struct registry_index *index = &scene->copy.file.indexes[number];
	uint64_t slot;

	for (slot = 0; slot < index->slots; slot++)
		tables_slot_set(scene->copy.pages.bytes + index->offset +
			slot * REGISTRY_SLOT_BYTES,
		    0, 8);
}

START_TEST(key_for_which_there_is_no_slot_is_told)
{
	static const enum registry_index_number indexes[] = {INDEX_UID,
	    INDEX_EMAIL, INDEX_EXTERNAL_ID, INDEX_GROUP_NAME, INDEX_GID};
	size_t number;

	for (number = 0; number < sizeof(indexes) / sizeof(*indexes);
	     number++) {
		struct scene scene;
		struct registry_user user = case_alice();

		begin(&scene);
		ck_assert_ok(registry_contents_add_group(
		    &scene.contents, "fresh", EMPTY_GID + 9, NULL));
		user.gid_count = 0;
		user.uid = FIRST_UID + USERS;
		user.gid = user.uid;
		ck_assert_ok(
		    registry_contents_add_user(&scene.contents, &user, NULL));
		fill_index(&scene, indexes[number]);
		ck_assert_int_eq(patch(&scene), EXTAUTH_TOOBIG);
		end(&scene);
	}
}
END_TEST

START_TEST(patch_without_memory_is_told)
{
	static const uint32_t both[] = {ADMINS_GID, ADMINS_GID + 1};
	bool failed = true;
	size_t allocations;

	for (allocations = 0; failed; allocations++) {
		struct scene scene;
		enum extauth_err err;

		begin(&scene);
		change_users(&scene, 20, both, 2);
		change_users(&scene, 10, both, 1);
		ck_assert_ok(registry_contents_remove_user(
		    &scene.contents, scene.contents.users[50].name));
		err = patch_with(&scene, allocations, &failed);
		ck_assert_int_eq(err, failed ? EXTAUTH_NOMEM : EXTAUTH_OK);
		end(&scene);
	}
	/* Steps, holes and members, and gids that grow. */
	ck_assert_uint_gt(allocations, 5);
}
END_TEST

START_TEST(group_of_the_same_number_and_another_name_is_found_by_that)
{
	struct scene scene;
	struct registry_search search;
	const char *slot = NULL;
	uint64_t offset = 0;
	uint64_t hash;

	begin(&scene);
	ck_assert_ok(registry_contents_remove_group(&scene.contents, "other"));
	ck_assert_ok(registry_contents_add_group(
	    &scene.contents, "outer", ADMINS_GID + 1, NULL));
	ck_assert_ok(patch(&scene));
	hash = hash_bytes(scene.copy.file.seed, "outer", strlen("outer"));
	search = registry_copy_search(&scene.copy, INDEX_GROUP_NAME, hash);
	ck_assert_ok(registry_search_next(&search, &slot, &offset));
	ck_assert_uint_eq(
	    registry_get32(scene.copy.pages.bytes + offset + RECORD_NUMBER),
	    ADMINS_GID + 1);
	ck_assert_uint_eq(
	    registry_get32(spent_place(&scene, INDEX_GROUP_NAME)), 1);
	ck_assert_uint_eq(registry_get32(spent_place(&scene, INDEX_GID)), 0);
	end(&scene);
}
END_TEST

/* The first version has the private groups of users in the same index. */
START_TEST(number_of_a_user_is_no_group_to_be_removed)
{
	struct registry_change change;
	static struct patch_room room;
	struct patch_gids gids = {0};
	struct scene scene;

	patch_case_make(USERS);
	case_begin(&change);
	change.contents.version = REGISTRY_VERSION_FIRST;
	case_commit(&change);
	scene.contents = case_loaded();
	scene.copy = patch_case_copied();
	ck_assert_uint_eq(scene.copy.file.version, REGISTRY_VERSION_FIRST);
	ck_assert_ok(patch_room_begin(&room, &scene.copy));
	ck_assert_uint_eq(room.tables.version, REGISTRY_VERSION_FIRST);
	ck_assert_ok(patch_gids_add(&gids, FIRST_UID + 5));
	ck_assert_ok(patch_groups(&room, &scene.contents, &gids, false));
	ck_assert_uint_eq(room.holes.count, 0);
	ck_assert_uint_eq(room.spent[INDEX_GID], 0);
	patch_gids_clear(&gids);
	patch_room_clear(&room);
	end(&scene);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    index_is_seven_tenths_full_at_most,
	    number_is_spent_once,
	    number_for_which_there_is_no_room_is_told,
	    key_for_which_there_is_no_slot_is_told,
	    patch_without_memory_is_told,
	    group_of_the_same_number_and_another_name_is_found_by_that,
	    number_of_a_user_is_no_group_to_be_removed,
	    NULL,
	};

	return unit_run("registry_patch_order", tests);
}

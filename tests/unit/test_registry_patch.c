/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "registry_base.h"
#include "registry_model.h"

#define SEEDS 12
#define ROUNDS 24
#define USERS 400

static void
begin_with_users(struct registry_model *model, unsigned users)
{
	static const char *const names[] = {"a", "b", "c", "d"};
	struct registry_change change;

	case_make_directory();
	case_begin(&change);
	for (; model->groups < 4; model->groups++)
		ck_assert_ok(registry_contents_add_group(&change.contents,
		    names[model->groups], ADMINS_GID + model->groups, NULL));
	while (change.contents.user_count < users)
		model_step(model, &change.contents);
	ck_assert_ok(registry_change_commit(&change, NULL));
	model_assert_files(model, &change.contents);
	registry_change_end(&change);
}

/* The same seed of the indexes: the file was not made anew. */
static bool
is_patched(const struct registry_change *change)
{
	return change->contents.base != NULL &&
	    change->contents.base->is_current &&
	    case_verified("registry").seed[0] == change->contents.seed[0];
}

static unsigned
one_round(struct registry_model *model, unsigned steps)
{
	struct registry_change change;
	unsigned patched;

	case_begin(&change);
	while (steps-- > 0)
		model_step(model, &change.contents);
	ck_assert_ok(registry_change_commit(&change, NULL));
	patched = is_patched(&change);
	model_assert_files(model, &change.contents);
	/* And once more in the same change. */
	if (model_roll(model, 4) == 0) {
		model_step(model, &change.contents);
		ck_assert_ok(registry_change_commit(&change, NULL));
		model_assert_files(model, &change.contents);
	}
	registry_change_end(&change);
	return patched;
}

START_TEST(patched_files_hold_what_was_in_memory)
{
	const char *wanted = getenv("REGISTRY_SEEDS");
	unsigned seeds = wanted != NULL ? (unsigned)atoi(wanted) : SEEDS;
	unsigned patched = 0;
	unsigned seed;
	unsigned round;

	for (seed = 0; seed < seeds; seed++) {
		struct registry_model model = {.dice = seed};

		begin_with_users(&model, USERS);
		for (round = 0; round < ROUNDS; round++)
			patched += one_round(&model, 1 + seed % 5);
		case_remove();
	}
	/* The others had no room and were made anew. */
	ck_assert_uint_gt(patched, seeds * ROUNDS / 3);
	ck_assert_uint_lt(patched, seeds * ROUNDS);
}
END_TEST

static unsigned
count_holes(const char *name)
{
	cleanup_copy struct registry_copy copy = {.file.fd = -1};
	struct registry_place place;
	unsigned holes = 0;
	uint64_t offset;

	ck_assert_ok(registry_copy_load(case_path(name), &copy, NULL));
	for (offset = copy.file.records_offset;
	     registry_copy_place(&copy, offset, &place) == EXTAUTH_OK;
	     offset += place.length)
		holes += place.kind == REGISTRY_HOLE;
	return holes;
}

START_TEST(holes_are_used_and_squeezed_out)
{
	struct registry_model model = {0};
	struct registry_change change;

	begin_with_users(&model, USERS);
	ck_assert_uint_eq(count_holes("registry"), 0);
	case_begin(&change);
	ck_assert_ok(registry_contents_remove_user(&change.contents, "user0"));
	ck_assert_ok(registry_change_commit(&change, NULL));
	ck_assert(is_patched(&change));
	model_assert_files(&model, &change.contents);
	registry_change_end(&change);
	/* His tombstone stands where he stood, and leaves some of it. */
	ck_assert_uint_ge(count_holes("registry"), 1);
	ck_assert_uint_ge(count_holes("nss"), 1);
	case_begin(&change);
	change.contents.base->is_current = false;
	ck_assert_ok(registry_change_commit(&change, NULL));
	model_assert_files(&model, &change.contents);
	registry_change_end(&change);
	ck_assert_uint_eq(count_holes("registry"), 0);
	ck_assert_uint_eq(count_holes("nss"), 0);
	case_remove();
}
END_TEST

START_TEST(version_is_kept_until_it_is_set)
{
	static const uint32_t versions[] = {1, 2, 1};
	struct registry_model model = {0};
	struct registry_change change;
	size_t number;

	begin_with_users(&model, USERS);
	ck_assert_uint_eq(case_verified("registry").version, REGISTRY_VERSION);
	for (number = 0; number < 3; number++) {
		case_begin(&change);
		change.contents.version = versions[number];
		case_commit(&change);
		case_begin(&change);
		model_step(&model, &change.contents);
		ck_assert_ok(registry_change_commit(&change, NULL));
		model_assert_files(&model, &change.contents);
		registry_change_end(&change);
		ck_assert_uint_eq(
		    case_verified("registry").version, versions[number]);
		ck_assert_uint_eq(
		    case_verified("nss").version, versions[number]);
	}
	case_remove();
}
END_TEST

START_TEST(many_changes_make_the_files_anew)
{
	struct registry_model model = {0};
	struct registry_change change;
	unsigned step;

	begin_with_users(&model, USERS);
	case_begin(&change);
	for (step = 0; step < USERS; step++)
		model_step(&model, &change.contents);
	ck_assert_ok(registry_change_commit(&change, NULL));
	ck_assert(!is_patched(&change));
	model_assert_files(&model, &change.contents);
	ck_assert_uint_eq(count_holes("registry"), 0);
	/* The copy that was read is of no use now. */
	model_step(&model, &change.contents);
	ck_assert_ok(registry_change_commit(&change, NULL));
	model_assert_files(&model, &change.contents);
	registry_change_end(&change);
	case_remove();
}
END_TEST

/* Files of which one was lost or is older are each made as they can be. */
START_TEST(nss_file_that_cannot_be_patched_is_made_anew)
{
	struct registry_model model = {0};
	struct registry_change change;
	unsigned round;

	begin_with_users(&model, USERS);
	for (round = 0; round < 3; round++) {
		if (round == 1)
			ck_assert_int_eq(unlink(case_path("nss")), 0);
		if (round == 2)
			ck_assert_int_eq(truncate(case_path("nss"), 999), 0);
		case_begin(&change);
		model_step(&model, &change.contents);
		ck_assert_ok(registry_change_commit(&change, NULL));
		model_assert_files(&model, &change.contents);
		registry_change_end(&change);
	}
	case_remove();
}
END_TEST

static void
move_file(const char *from, const char *to, bool is_kept)
{
	char path[256];

	snprintf(path, sizeof(path), "%s", case_path(from));
	if (is_kept)
		ck_assert_int_eq(link(path, case_path(to)), 0);
	else
		ck_assert_int_eq(rename(path, case_path(to)), 0);
}

static void
change_one(struct registry_model *model, bool is_added)
{
	struct registry_change change;
	struct registry_user user;

	case_begin(&change);
	user = change.contents.users[3];
	user.is_disabled = !user.is_disabled;
	if (is_added)
		case_add_numbered(&change, 7, FIRST_UID + 100000);
	else
		ck_assert_ok(registry_contents_change_user(
		    &change.contents, &user, NULL));
	ck_assert_ok(registry_change_commit(&change, NULL));
	model_assert_files(model, &change.contents);
	registry_change_end(&change);
}

/* Somebody put back one file of a day when the registry went another way. */
START_TEST(nss_file_of_others_is_not_patched)
{
	struct registry_model model = {0};

	begin_with_users(&model, USERS);
	move_file("registry", "old", true);
	change_one(&model, true);
	move_file("nss", "kept", false);
	move_file("old", "registry", false);
	change_one(&model, false);
	move_file("kept", "nss", false);
	change_one(&model, false);
	case_remove();
}
END_TEST

/* The file for NSS is readable by all, and holds no e-mails. */
START_TEST(nss_file_that_is_a_registry_is_not_patched)
{
	struct registry_model model = {0};
	cleanup_registry struct registry shown = {.fd = -1};

	begin_with_users(&model, USERS);
	ck_assert_int_eq(unlink(case_path("nss")), 0);
	move_file("registry", "nss", true);
	change_one(&model, false);
	case_open("nss", &shown);
	ck_assert_uint_eq(shown.indexes[INDEX_EMAIL].slots, 0);
	case_remove();
}
END_TEST

/* One of the same generation and another version. */
START_TEST(nss_file_of_another_version_is_not_patched)
{
	struct registry_model model = {0};
	struct registry_change change;

	begin_with_users(&model, USERS);
	move_file("registry", "old", true);
	case_begin(&change);
	change.contents.version = REGISTRY_VERSION_FIRST;
	case_commit(&change);
	move_file("nss", "kept", false);
	move_file("old", "registry", false);
	change_one(&model, false);
	move_file("kept", "nss", false);
	change_one(&model, false);
	ck_assert_uint_eq(case_verified("nss").version, REGISTRY_VERSION);
	case_remove();
}
END_TEST

/* What was touched twice, and what comes back again and again. */
START_TEST(user_is_touched_and_removed_in_one_change)
{
	struct registry_model model = {0};
	struct registry_change change;
	struct registry_user user;

	begin_with_users(&model, USERS);
	case_begin(&change);
	user = change.contents.users[7];
	user.is_disabled = !user.is_disabled;
	ck_assert_ok(
	    registry_contents_change_user(&change.contents, &user, NULL));
	ck_assert_ok(
	    registry_contents_remove_user(&change.contents, user.name));
	ck_assert_ok(registry_change_commit(&change, NULL));
	ck_assert(is_patched(&change));
	model_assert_files(&model, &change.contents);
	registry_change_end(&change);
	case_begin(&change);
	model_step(&model, &change.contents);
	model_step(&model, &change.contents);
	ck_assert_ok(registry_change_commit(&change, NULL));
	model_assert_files(&model, &change.contents);
	registry_change_end(&change);
	case_remove();
}
END_TEST

START_TEST(name_that_comes_back_often_is_found)
{
	struct registry_model model = {0};
	struct registry_change change;
	struct registry_user user = case_alice();
	unsigned round;
	unsigned patched = 0;

	begin_with_users(&model, USERS);
	user.name = "again";
	user.email = "again@example.com";
	user.external_id = "again";
	user.gids = NULL;
	user.gid_count = 0;
	for (round = 0; round < 60; round++) {
		case_begin(&change);
		user.uid = FIRST_UID + 100000 + round;
		user.gid = user.uid;
		ck_assert_ok(
		    registry_contents_add_user(&change.contents, &user, NULL));
		ck_assert_ok(registry_change_commit(&change, NULL));
		patched += is_patched(&change);
		model_assert_files(&model, &change.contents);
		ck_assert_ok(
		    registry_contents_remove_user(&change.contents, user.name));
		ck_assert_ok(registry_change_commit(&change, NULL));
		model_assert_files(&model, &change.contents);
		registry_change_end(&change);
	}
	ck_assert_uint_gt(patched, 30);
	case_remove();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    patched_files_hold_what_was_in_memory,
	    holes_are_used_and_squeezed_out,
	    version_is_kept_until_it_is_set,
	    many_changes_make_the_files_anew,
	    nss_file_that_cannot_be_patched_is_made_anew,
	    nss_file_of_others_is_not_patched,
	    nss_file_that_is_a_registry_is_not_patched,
	    nss_file_of_another_version_is_not_patched,
	    user_is_touched_and_removed_in_one_change,
	    name_that_comes_back_often_is_found,
	    NULL,
	};

	return unit_run("registry_patch", tests);
}

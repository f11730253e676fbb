/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <unistd.h>

#include "registry_case.h"
#include "registry_contents.h"
#include "registry_restore.h"

static struct registry_contents
restored(void)
{
	struct registry_contents contents = {0};
	struct extauth_error error = {0};
	enum extauth_err err =
	    registry_restore_read(case_path("registry"), &contents, &error);

	ck_assert_msg(err == EXTAUTH_OK, "%s", error.text);
	return contents;
}

START_TEST(restored_registry_holds_all_that_the_file_holds)
{
	cleanup_contents struct registry_contents contents = {0};
	const struct registry_user *user;

	case_setup();
	contents = restored();
	ck_assert_uint_eq(contents.user_count, 3);
	ck_assert_uint_eq(contents.group_count, 2);
	ck_assert_uint_eq(contents.tombstone_count, 1);
	ck_assert_uint_eq(contents.generation, 1);
	ck_assert(contents.may_enumerate && !contents.must_not_map);
	ck_assert(registry_contents_is_spent(&contents, REMOVED_UID));
	ck_assert_ptr_nonnull(registry_contents_find_gid(&contents, EMPTY_GID));
	user = registry_contents_find_name(&contents, "alice");
	ck_assert_ptr_nonnull(user);
	case_assert_alice(user, false);
	ck_assert(registry_contents_find_name(&contents, "bob")->is_linked);
	case_remove();
}
END_TEST

/* Who had the uid is told to whoever asks for it again. */
START_TEST(names_of_removed_people_are_restored)
{
	cleanup_contents struct registry_contents contents = {0};
	cleanup_contents struct registry_contents present = {0};

	case_setup();
	contents = restored();
	ck_assert_uint_eq(contents.tombstone_count, 1);
	ck_assert_str_eq(contents.tombstones[0].name, "gone");
	ck_assert_ok(registry_tombstone_add(&present, FIRST_UID + 50, "other"));
	ck_assert_ok(registry_restore_merge(&contents, &present, NULL));
	ck_assert_uint_eq(contents.tombstone_count, 2);
	ck_assert_str_eq(contents.tombstones[1].name, "other");
	case_remove();
}
END_TEST

static void
assert_not_restored(const char *name, enum extauth_err err, const char *reason)
{
	struct registry_contents contents = {0};
	struct extauth_error error = {0};

	ck_assert_int_eq(
	    registry_restore_read(case_path(name), &contents, &error), err);
	ck_assert_msg(strstr(error.text, reason) != NULL, "%s", error.text);
	ck_assert_uint_eq(contents.user_count, 0);
	registry_contents_clear(&contents);
}

START_TEST(other_files_are_not_restored)
{
	case_setup();
	assert_not_restored("nss", EXTAUTH_UNAVAILABLE,
	    "is the file for NSS, which has no e-mails");
	assert_not_restored("none", EXTAUTH_NOTFOUND, "none: is not there");
	ck_assert_int_eq(truncate(case_path("registry"), 100), 0);
	assert_not_restored("registry", EXTAUTH_UNAVAILABLE, "registry: ");
	case_remove();
}
END_TEST

START_TEST(restored_registry_has_the_seed_and_flags_of_the_file)
{
	cleanup_contents struct registry_contents contents = {0};
	struct registry_change change;
	unsigned flags;

	case_setup();
	for (flags = 0; flags < 4; flags++) {
		case_begin(&change);
		change.contents.may_enumerate = (flags & 1) != 0;
		change.contents.must_not_map = (flags & 2) != 0;
		case_commit(&change);
		registry_contents_clear(&contents);
		contents = restored();
		ck_assert(contents.may_enumerate == ((flags & 1) != 0));
		ck_assert(contents.must_not_map == ((flags & 2) != 0));
		ck_assert_mem_eq(contents.seed, case_verified("registry").seed,
		    sizeof(contents.seed));
	}
	case_remove();
}
END_TEST

/* A registry without people, as it is on a host that was set up anew. */
static void
add_own_tombstone(
    struct registry_contents *present, uint32_t uid, const char *name)
{
	struct registry_user user = case_alice();

	user.name = name;
	user.uid = uid;
	user.gid = uid;
	user.gid_count = 0;
	ck_assert_ok(registry_contents_add_user(present, &user, NULL));
	ck_assert_ok(registry_contents_remove_user(present, name));
}

START_TEST(what_the_present_registry_knows_is_kept)
{
	cleanup_contents struct registry_contents contents = {0};
	cleanup_contents struct registry_contents present = {0};

	case_setup();
	contents = restored();
	add_own_tombstone(&present, FIRST_UID, "alice");
	add_own_tombstone(&present, FIRST_UID + 50, "other");
	add_own_tombstone(&present, REMOVED_UID, "again");
	ck_assert_ok(
	    registry_contents_add_group(&present, "admins", ADMINS_GID, NULL));
	ck_assert_ok(
	    registry_contents_add_group(&present, "more", EMPTY_GID + 5, NULL));
	ck_assert_ok(registry_restore_merge(&contents, &present, NULL));
	ck_assert_uint_eq(contents.group_count, 3);
	ck_assert_uint_eq(contents.tombstone_count, 2);
	ck_assert(registry_contents_is_spent(&contents, FIRST_UID + 50));
	ck_assert(!registry_contents_is_spent(&contents, FIRST_UID));
	ck_assert_uint_eq(contents.generation, 1);
	present.generation = 7;
	ck_assert_ok(registry_restore_merge(&contents, &present, NULL));
	ck_assert_uint_eq(contents.generation, 7);
	ck_assert_uint_eq(contents.tombstone_count, 2);
	case_remove();
}
END_TEST

START_TEST(linked_users_uid_may_be_a_removed_one)
{
	cleanup_contents struct registry_contents contents = {0};
	cleanup_contents struct registry_contents present = {0};

	case_setup();
	contents = restored();
	ck_assert_ok(registry_tombstone_add(&present, LINKED_UID, "who"));
	ck_assert_ok(registry_tombstone_add(&present, LINKED_UID, "who"));
	ck_assert_uint_eq(present.tombstone_count, 1);
	ck_assert_ok(registry_restore_merge(&contents, &present, NULL));
	ck_assert(registry_contents_is_spent(&contents, LINKED_UID));
	case_remove();
}
END_TEST

static void
assert_not_merged(struct registry_contents *contents,
    const struct registry_contents *present, const char *reason)
{
	struct extauth_error error = {0};

	ck_assert_int_eq(
	    registry_restore_merge(contents, present, &error), EXTAUTH_EXISTS);
	ck_assert_msg(strstr(error.text, reason) != NULL, "%s", error.text);
}

START_TEST(registry_that_does_not_fit_is_not_merged)
{
	cleanup_contents struct registry_contents contents = {0};
	cleanup_contents struct registry_contents people = {0};
	cleanup_contents struct registry_contents given = {0};
	cleanup_contents struct registry_contents group = {0};
	cleanup_contents struct registry_contents one = {0};
	struct registry_user alice = case_alice();

	alice.gid_count = 0;
	case_setup();
	contents = restored();
	people = case_loaded();
	assert_not_merged(&contents, &people, "has 3 people, the file 3");
	ck_assert_ok(registry_contents_add_user(&one, &alice, NULL));
	assert_not_merged(&contents, &one, "has 1 people, the file 3");
	add_own_tombstone(&given, FIRST_UID, "mallory");
	assert_not_merged(&contents, &given,
	    "uid 2000200001 is of alice, and was of mallory");
	ck_assert_ok(registry_contents_add_group(
	    &group, "admins", ADMINS_GID + 9, NULL));
	group.generation = 7;
	assert_not_merged(&contents, &group, "admins");
	ck_assert_uint_eq(contents.generation, 1);
	case_remove();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    restored_registry_holds_all_that_the_file_holds,
	    names_of_removed_people_are_restored,
	    other_files_are_not_restored,
	    restored_registry_has_the_seed_and_flags_of_the_file,
	    what_the_present_registry_knows_is_kept,
	    linked_users_uid_may_be_a_removed_one,
	    registry_that_does_not_fit_is_not_merged,
	    NULL,
	};

	return unit_run("registry_restore", tests);
}

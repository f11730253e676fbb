/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "registry_case.h"

#define MANY 65536U

/* A user without groups, whose e-mail and external id come from his name. */
static struct registry_user
make_user(const char *name, uint32_t uid, char text[2][48])
{
	struct registry_user user = case_alice();

	snprintf(text[0], sizeof(text[0]), "%s@example.com", name);
	snprintf(text[1], sizeof(text[1]), "id-%s", name);
	user.name = name;
	user.email = text[0];
	user.external_id = text[1];
	user.uid = uid;
	user.gid = uid;
	user.gid_count = 0;
	return user;
}

/* admins with alice in it, bob, and one who was removed. */
static void
fill(struct registry_contents *contents)
{
	struct registry_user user = case_alice();
	char text[2][48];

	ck_assert_ok(
	    registry_contents_add_group(contents, "admins", ADMINS_GID, NULL));
	ck_assert_ok(registry_contents_add_user(contents, &user, NULL));
	user = make_user("bob", FIRST_UID + 1, text);
	ck_assert_ok(registry_contents_add_user(contents, &user, NULL));
	user = make_user("gone", REMOVED_UID, text);
	ck_assert_ok(registry_contents_add_user(contents, &user, NULL));
	ck_assert_ok(registry_contents_remove_user(contents, "gone"));
}

/* Every key of every user and group leads to its own. */
static void
assert_indexes_are_right(const struct registry_contents *contents)
{
	size_t number;

	for (number = 0; number < contents->user_count; number++) {
		const struct registry_user *user = &contents->users[number];

		ck_assert_ptr_eq(
		    registry_contents_find_name(contents, user->name), user);
		ck_assert_ptr_eq(
		    registry_contents_find_uid(contents, user->uid), user);
		ck_assert_ptr_eq(
		    registry_contents_find_email(contents, user->email), user);
		if (*user->external_id != '\0')
			ck_assert_ptr_eq(registry_contents_find_external_id(
					     contents, user->external_id),
			    user);
	}
	for (number = 0; number < contents->group_count; number++) {
		const struct registry_own_group *group =
		    &contents->groups[number];

		ck_assert_ptr_eq(
		    registry_contents_find_group(contents, group->name), group);
		ck_assert_ptr_eq(
		    registry_contents_find_gid(contents, group->gid), group);
	}
}

static const struct clash {
	const char *name;
	const char *email;
	const char *external_id;
	uint32_t uid;
	bool is_linked;
	enum extauth_err err;
	const char *reason;
} clashes[] = {
    {"alice", "x@example.com", "x", FIRST_UID + 5, false, EXTAUTH_EXISTS,
	"'alice' is registered"},
    {"alice", "x@example.com", "x", LINKED_UID, true, EXTAUTH_EXISTS,
	"'alice' is registered"},
    {"admins", "x@example.com", "x", FIRST_UID + 5, false, EXTAUTH_EXISTS,
	"name of a group"},
    {"admins", "x@example.com", "x", LINKED_UID, true, EXTAUTH_OK, ""},
    {"new", "x@example.com", "x", FIRST_UID, false, EXTAUTH_EXISTS,
	"registered for 'alice'"},
    {"new", "x@example.com", "x", FIRST_UID, true, EXTAUTH_EXISTS,
	"registered for 'alice'"},
    {"new", "x@example.com", "x", ADMINS_GID, false, EXTAUTH_EXISTS,
	"gid of a group"},
    {"new", "x@example.com", "x", REMOVED_UID, false, EXTAUTH_EXISTS,
	"belonged to a removed user"},
    {"new", "x@example.com", "x", REMOVED_UID, true, EXTAUTH_OK, ""},
    {"new", "ALICE@EXAMPLE.com", "x", FIRST_UID + 5, false, EXTAUTH_EXISTS,
	"e-mail ALICE@EXAMPLE.com is registered for 'alice'"},
    {"new", "x@example.com", "00u1", FIRST_UID + 5, false, EXTAUTH_EXISTS,
	"external id 00u1 is registered for 'alice'"},
    {"new", "x@example.com", "00U1", FIRST_UID + 5, false, EXTAUTH_OK, ""},
    {"new", "x@example.com", "", FIRST_UID + 5, false, EXTAUTH_OK, ""},
    {"gone", "gone@example.com", "id-gone", FIRST_UID + 5, false, EXTAUTH_OK,
	""},
    {"new", "", "x", FIRST_UID + 5, false, EXTAUTH_INVALID, "no e-mail"},
    {"New", "x@example.com", "x", FIRST_UID + 5, false, EXTAUTH_INVALID, ""},
    {"new", "x@example.com", "x", 0, false, EXTAUTH_INVALID, ""},
};

START_TEST(what_is_taken_cannot_be_added)
{
	size_t number;

	for (number = 0; number < sizeof(clashes) / sizeof(*clashes);
	     number++) {
		const struct clash *clash = &clashes[number];
		cleanup_contents struct registry_contents contents = {0};
		struct extauth_error error = {0};
		struct registry_user user = case_alice();
		enum extauth_err err;

		fill(&contents);
		user.name = clash->name;
		user.email = clash->email;
		user.external_id = clash->external_id;
		user.uid = clash->uid;
		user.gid = clash->uid;
		user.is_linked = clash->is_linked;
		err = registry_contents_add_user(&contents, &user, &error);
		ck_assert_msg(
		    err == clash->err, "row %zu: %s", number, error.text);
		ck_assert_msg(strstr(error.text, clash->reason) != NULL,
		    "row %zu: %s", number, error.text);
		ck_assert_uint_eq(
		    contents.user_count, err == EXTAUTH_OK ? 3 : 2);
		assert_indexes_are_right(&contents);
	}
}
END_TEST

START_TEST(group_of_a_user_must_be_there)
{
	static const uint32_t wrong[] = {ADMINS_GID, EMPTY_GID};
	static const uint32_t twice[] = {ADMINS_GID, ADMINS_GID};
	cleanup_contents struct registry_contents contents = {0};
	struct registry_user user;
	char text[2][48];

	fill(&contents);
	user = make_user("new", FIRST_UID + 5, text);
	user.gids = wrong;
	user.gid_count = 2;
	ck_assert_int_eq(registry_contents_add_user(&contents, &user, NULL),
	    EXTAUTH_INVALID);
	user.gids = twice;
	ck_assert_ok(registry_contents_add_user(&contents, &user, NULL));
	ck_assert_uint_eq(
	    registry_contents_find_name(&contents, "new")->gid_count, 1);
}
END_TEST

START_TEST(group_takes_no_name_and_number_of_others)
{
	static const struct {
		const char *name;
		uint32_t gid;
		enum extauth_err err;
	} rows[] = {
	    {"admins", EMPTY_GID, EXTAUTH_EXISTS},
	    {"empty", ADMINS_GID, EXTAUTH_EXISTS},
	    {"bob", EMPTY_GID, EXTAUTH_EXISTS},
	    {"empty", FIRST_UID, EXTAUTH_EXISTS},
	    {"empty", REMOVED_UID, EXTAUTH_EXISTS},
	    {"Empty", EMPTY_GID, EXTAUTH_INVALID},
	    {"empty", 7, EXTAUTH_INVALID},
	    {"gone", EMPTY_GID, EXTAUTH_OK},
	};
	cleanup_contents struct registry_contents contents = {0};
	size_t number;

	fill(&contents);
	for (number = 0; number < sizeof(rows) / sizeof(*rows); number++)
		ck_assert_int_eq(registry_contents_add_group(&contents,
				     rows[number].name, rows[number].gid, NULL),
		    rows[number].err);
	ck_assert_uint_eq(contents.group_count, 2);
}
END_TEST

START_TEST(group_with_members_stays)
{
	cleanup_contents struct registry_contents contents = {0};

	fill(&contents);
	ck_assert_ok(
	    registry_contents_add_group(&contents, "empty", EMPTY_GID, NULL));
	ck_assert_int_eq(registry_contents_remove_group(&contents, "admins"),
	    EXTAUTH_EXISTS);
	ck_assert_int_eq(registry_contents_remove_group(&contents, "none"),
	    EXTAUTH_NOTFOUND);
	ck_assert_ok(registry_contents_remove_user(&contents, "alice"));
	ck_assert_ok(registry_contents_remove_group(&contents, "admins"));
	assert_indexes_are_right(&contents);
	ck_assert_ptr_null(registry_contents_find_gid(&contents, ADMINS_GID));
	ck_assert_ok(
	    registry_contents_add_group(&contents, "admins", ADMINS_GID, NULL));
}
END_TEST

START_TEST(changed_user_is_found_by_his_new_keys_alone)
{
	cleanup_contents struct registry_contents contents = {0};
	struct registry_user user;

	fill(&contents);
	user = *registry_contents_find_name(&contents, "alice");
	user.email = "Alice.Other@example.org";
	user.external_id = "";
	user.gid_count = 0;
	user.is_disabled = true;
	ck_assert_ok(registry_contents_change_user(&contents, &user, NULL));
	assert_indexes_are_right(&contents);
	ck_assert_ptr_null(
	    registry_contents_find_email(&contents, "alice@example.com"));
	ck_assert_ptr_null(
	    registry_contents_find_external_id(&contents, "00u1"));
	user =
	    *registry_contents_find_email(&contents, "alice.other@example.ORG");
	ck_assert(user.is_disabled);
	ck_assert_str_eq(user.gecos, "Alice Example");
	user.email = "ALICE.OTHER@example.org";
	user.external_id = "00u9";
	ck_assert_ok(registry_contents_change_user(&contents, &user, NULL));
	assert_indexes_are_right(&contents);
	ck_assert_uint_eq(contents.user_count, 2);
}
END_TEST

START_TEST(change_takes_nothing_from_others)
{
	cleanup_contents struct registry_contents contents = {0};
	struct registry_user user;

	fill(&contents);
	user = case_alice();
	user.email = "BOB@example.com";
	ck_assert_int_eq(registry_contents_change_user(&contents, &user, NULL),
	    EXTAUTH_EXISTS);
	user = case_alice();
	user.external_id = "id-bob";
	ck_assert_int_eq(registry_contents_change_user(&contents, &user, NULL),
	    EXTAUTH_EXISTS);
	user = case_alice();
	user.home = "relative";
	ck_assert_int_eq(registry_contents_change_user(&contents, &user, NULL),
	    EXTAUTH_INVALID);
	user = case_alice();
	user.uid = user.gid = FIRST_UID + 1;
	ck_assert_int_eq(registry_contents_change_user(&contents, &user, NULL),
	    EXTAUTH_NOTFOUND);
	user = case_alice();
	user.name = "gone";
	ck_assert_int_eq(registry_contents_change_user(&contents, &user, NULL),
	    EXTAUTH_NOTFOUND);
	assert_indexes_are_right(&contents);
	case_assert_alice(
	    registry_contents_find_name(&contents, "alice"), false);
}
END_TEST

START_TEST(removed_name_comes_back_with_a_new_uid)
{
	cleanup_contents struct registry_contents contents = {0};
	struct registry_user user;
	char text[2][48];

	fill(&contents);
	ck_assert_int_eq(
	    registry_contents_remove_user(&contents, "gone"), EXTAUTH_NOTFOUND);
	ck_assert(registry_contents_is_spent(&contents, REMOVED_UID));
	ck_assert(!registry_contents_is_spent(&contents, FIRST_UID));
	user = make_user("gone", REMOVED_UID, text);
	ck_assert_int_eq(
	    registry_contents_add_user(&contents, &user, NULL), EXTAUTH_EXISTS);
	user = make_user("gone", REMOVED_UID + 1, text);
	ck_assert_ok(registry_contents_add_user(&contents, &user, NULL));
	ck_assert_ok(registry_contents_remove_user(&contents, "gone"));
	ck_assert_uint_eq(contents.tombstone_count, 2);
	ck_assert_str_eq(contents.tombstones[1].name, "gone");
	assert_indexes_are_right(&contents);
}
END_TEST

START_TEST(linked_user_leaves_no_tombstone)
{
	cleanup_contents struct registry_contents contents = {0};
	struct registry_user user;
	char text[2][48];

	user = make_user("bob", LINKED_UID, text);
	user.is_linked = true;
	ck_assert_ok(registry_contents_add_user(&contents, &user, NULL));
	ck_assert_ok(registry_contents_remove_user(&contents, "bob"));
	ck_assert_uint_eq(contents.tombstone_count, 0);
	ck_assert_ok(registry_contents_add_user(&contents, &user, NULL));
	assert_indexes_are_right(&contents);
}
END_TEST

/* Each removal moves another user. The tables are as full as they may be, and
 * stay so. */
START_TEST(many_are_removed)
{
	cleanup_contents struct registry_contents contents = {0};
	char text[2][48];
	char name[16];
	unsigned number;

	for (number = 0; number < MANY; number++) {
		struct registry_user user;

		snprintf(name, sizeof(name), "user%u", number);
		user = make_user(name, FIRST_UID + number, text);
		ck_assert_ok(
		    registry_contents_add_user(&contents, &user, NULL));
	}
	for (number = 0; number < MANY - 100; number++) {
		snprintf(name, sizeof(name), "user%u", number);
		ck_assert_ok(registry_contents_remove_user(&contents, name));
	}
	ck_assert_uint_eq(contents.user_count, 100);
	ck_assert_uint_eq(contents.tombstone_count, MANY - 100);
	assert_indexes_are_right(&contents);
}
END_TEST

START_TEST(lent_texts_are_not_copied_and_come_back_from_the_file)
{
	struct registry_change change;
	struct registry_user user;
	const struct registry_user *found;
	char text[2][48];

	user = make_user("bob", FIRST_UID + 1, text);
	case_make_directory();
	case_begin(&change);
	registry_contents_lend(&change.contents, text[0], sizeof(text));
	case_add(&change, user);
	found = registry_contents_find_name(&change.contents, "bob");
	ck_assert_ptr_eq(found->email, text[0]);
	ck_assert_ptr_eq(found->external_id, text[1]);
	ck_assert_ptr_ne(found->name, user.name);
	registry_contents_finish(&change.contents);
	case_commit(&change);
	case_verified("registry");
	case_verified("nss");
	case_begin(&change);
	found = registry_contents_find_email(&change.contents, text[0]);
	ck_assert_ptr_nonnull(found);
	ck_assert_str_eq(found->external_id, text[1]);
	/* What is made from its copy is still looked up after that. */
	case_add(&change, make_user("carol", FIRST_UID + 2, text));
	registry_contents_finish(&change.contents);
	case_commit(&change);
	ck_assert_uint_eq(case_verified("nss").user_count, 2);
	case_remove();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    what_is_taken_cannot_be_added,
	    group_of_a_user_must_be_there,
	    group_takes_no_name_and_number_of_others,
	    group_with_members_stays,
	    changed_user_is_found_by_his_new_keys_alone,
	    change_takes_nothing_from_others,
	    removed_name_comes_back_with_a_new_uid,
	    linked_user_leaves_no_tombstone,
	    many_are_removed,
	    lent_texts_are_not_copied_and_come_back_from_the_file,
	    NULL,
	};

	return unit_run("registry_contents", tests);
}

/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "identity.h"
#include "registry_case.h"
#include "registry_contents.h"
#include "registry_format.h"
#include "registry_positions.h"

static const char *const names[] = {"alice", "carol@example.com", "bob"};

/* What was of somebody who is gone must not be found, whoever stands in his
 * place now. */
static void
assert_gone(
    const struct registry_contents *contents, const struct registry_user *user)
{
	ck_assert_ptr_null(registry_contents_find_name(contents, user->name));
	ck_assert_ptr_null(registry_contents_find_uid(contents, user->uid));
	ck_assert_ptr_null(registry_contents_find_email(contents, user->email));
	ck_assert_ptr_null(
	    registry_contents_find_external_id(contents, user->external_id));
}

START_TEST(each_user_of_a_file_can_be_removed)
{
	size_t order;

	for (order = 0; order < 3; order++) {
		cleanup_contents struct registry_contents contents = {0};
		cleanup_contents struct registry_contents before = {0};
		size_t number;

		case_setup();
		contents = case_loaded();
		before = case_loaded();
		for (number = 0; number < 3; number++) {
			const char *name = names[(order + number) % 3];
			const struct registry_user *user =
			    registry_contents_find_name(&before, name);

			ck_assert_ptr_nonnull(user);
			ck_assert_ok(
			    registry_contents_remove_user(&contents, name));
			assert_gone(&contents, user);
			ck_assert_uint_eq(contents.user_count, 2 - number);
		}
		case_remove();
	}
}
END_TEST

START_TEST(user_who_was_changed_and_removed_is_gone)
{
	cleanup_contents struct registry_contents contents = {0};
	cleanup_contents struct registry_contents old = {0};
	struct registry_user user;
	struct registry_user changed;

	case_setup();
	contents = case_loaded();
	old = case_loaded();
	user = *registry_contents_find_name(&old, "alice");
	changed = user;
	changed.email = "new@example.com";
	changed.external_id = "7";
	ck_assert_ok(registry_contents_change_user(&contents, &changed, NULL));
	ck_assert_ptr_null(registry_contents_find_email(&contents, user.email));
	ck_assert_ptr_null(
	    registry_contents_find_external_id(&contents, user.external_id));
	ck_assert_ptr_nonnull(
	    registry_contents_find_external_id(&contents, "7"));
	ck_assert_ok(registry_contents_remove_user(&contents, "alice"));
	assert_gone(&contents, &user);
	assert_gone(&contents, &changed);
	case_remove();
}
END_TEST

START_TEST(user_who_was_added_changed_and_removed_is_gone)
{
	cleanup_contents struct registry_contents contents = {0};
	struct registry_user user = case_alice();

	user.gid_count = 0;
	ck_assert_ok(registry_contents_add_user(&contents, &user, NULL));
	user.email = "new@example.com";
	ck_assert_ok(registry_contents_change_user(&contents, &user, NULL));
	ck_assert_ok(registry_contents_remove_user(&contents, user.name));
	assert_gone(&contents, &user);
}
END_TEST

START_TEST(each_group_of_a_user_must_be_there)
{
	static uint32_t known[] = {ADMINS_GID};
	static uint32_t first[] = {ADMINS_GID + 9, ADMINS_GID};
	static uint32_t last[] = {ADMINS_GID, ADMINS_GID + 9};
	static const struct {
		uint32_t *gids;
		uint32_t count;
	} rows[] = {{first, 1}, {first, 2}, {last, 2}};
	cleanup_contents struct registry_contents contents = {0};
	struct registry_user user = case_alice();
	size_t row;

	ck_assert_ok(
	    registry_contents_add_group(&contents, "admins", ADMINS_GID, NULL));
	for (row = 0; row < sizeof(rows) / sizeof(*rows); row++) {
		struct extauth_error error = {0};

		user.gids = rows[row].gids;
		user.gid_count = rows[row].count;
		ck_assert_int_eq(
		    registry_contents_add_user(&contents, &user, &error),
		    EXTAUTH_INVALID);
		ck_assert_str_eq(
		    error.text, "there is no group with gid 2000900010");
	}
	user.gids = known;
	user.gid_count = 1;
	ck_assert_ok(registry_contents_add_user(&contents, &user, NULL));
}
END_TEST

START_TEST(external_id_of_one_letter_is_found)
{
	cleanup_registry struct registry registry = {.fd = -1};
	cleanup_room struct registry_room room = {0};
	struct registry_change change;
	struct registry_user user = case_alice();

	case_make_directory();
	case_begin(&change);
	user.external_id = "7";
	user.gid_count = 0;
	case_add(&change, user);
	case_commit(&change);
	case_open("registry", &registry);
	ck_assert_ok(registry_find_external_id(&registry, "7", &room, &user));
	ck_assert_uint_eq(user.uid, FIRST_UID);
	ck_assert_int_eq(registry_find_external_id(&registry, "", &room, &user),
	    EXTAUTH_NOTFOUND);
	case_remove();
}
END_TEST

/* The NSS module may be in a program that has closed it. */
START_TEST(registry_is_read_where_standard_input_is_closed)
{
	cleanup_registry struct registry registry = {.fd = -1};
	cleanup_room struct registry_room room = {0};
	struct registry_user user;

	case_setup();
	ck_assert_int_eq(close(0), 0);
	case_open("registry", &registry);
	ck_assert_int_eq(registry.fd, 0);
	ck_assert_ok(registry_find_name(&registry, "alice", &room, &user));
	case_remove();
}
END_TEST

START_TEST(external_ids_differ_by_case_and_emails_do_not)
{
	cleanup_contents struct registry_contents contents = {0};
	struct registry_user user = case_alice();
	const struct registry_user *found;

	user.gid_count = 0;
	user.external_id = "aBc";
	ck_assert_ok(registry_contents_add_user(&contents, &user, NULL));
	found = registry_contents_find_email(&contents, "ALICE@EXAMPLE.COM");
	ck_assert_ptr_nonnull(found);
	ck_assert_ptr_eq(
	    registry_contents_find_external_id(&contents, "aBc"), found);
	ck_assert_ptr_null(
	    registry_contents_find_external_id(&contents, "abc"));
	ck_assert_ptr_null(
	    registry_contents_find_external_id(&contents, "ABC"));
	user.name = "other";
	user.email = "other@example.com";
	user.uid++;
	user.gid++;
	user.external_id = "abc";
	ck_assert_ok(registry_contents_add_user(&contents, &user, NULL));
	ck_assert_str_eq(
	    registry_contents_find_external_id(&contents, "abc")->name,
	    "other");
}
END_TEST

START_TEST(text_that_is_too_long_for_an_email_is_nobodys)
{
	cleanup_contents struct registry_contents contents = {0};
	struct registry_user user = case_alice();
	char text[2 * IDENTITY_EMAIL_MAX_BYTES] = {0};
	size_t length;

	user.gid_count = 0;
	ck_assert_ok(registry_contents_add_user(&contents, &user, NULL));
	for (length = 0; length + 1 < sizeof(text); length++) {
		ck_assert_ptr_null(
		    registry_contents_find_email(&contents, text));
		text[length] = 'A';
	}
}
END_TEST

/* The texts of a file that is read stay where they are; what stands behind them
 * is not theirs. */
START_TEST(only_what_is_lent_is_not_copied)
{
	static const char lent[] = "alice\0/home/alice\0a@example.com";
	cleanup_contents struct registry_contents contents = {0};
	char *behind = strdup("other@example.com");
	struct registry_user user = {.name = lent,
	    .gecos = "",
	    .home = lent + 6,
	    .shell = lent + 6,
	    .email = lent + 18,
	    .external_id = "",
	    .provider = "",
	    .source = "",
	    .uid = FIRST_UID,
	    .gid = FIRST_UID,
	    .gids = (const uint32_t[]){ADMINS_GID}};
	const struct registry_user *found;

	ck_assert_ptr_nonnull(behind);
	registry_contents_lend(&contents, lent, sizeof(lent));
	ck_assert_ok(registry_contents_add_user(&contents, &user, NULL));
	found = registry_contents_find_name(&contents, "alice");
	ck_assert_ptr_nonnull(found);
	ck_assert_ptr_eq(found->name, lent);
	ck_assert_ptr_eq(found->email, lent + 18);
	ck_assert_ptr_null(found->gids);
	ck_assert_uint_eq(found->uid, FIRST_UID);
	registry_contents_lend(&contents, behind - 8, 8);
	user.name = "other";
	user.email = behind;
	user.uid++;
	user.gid++;
	ck_assert_ok(registry_contents_add_user(&contents, &user, NULL));
	memset(behind, 'x', strlen(behind));
	free(behind);
	ck_assert_str_eq(registry_contents_find_name(&contents, "other")->email,
	    "other@example.com");
}
END_TEST

START_TEST(user_is_in_so_many_groups_at_most)
{
	static uint32_t gids[REGISTRY_GIDS_MAX + 1];
	cleanup_contents struct registry_contents contents = {0};
	struct registry_user user = case_alice();
	struct extauth_error error = {0};
	size_t number;

	for (number = 0; number < REGISTRY_GIDS_MAX + 1; number++)
		gids[number] = ADMINS_GID;
	ck_assert_ok(
	    registry_contents_add_group(&contents, "admins", ADMINS_GID, NULL));
	user.gids = gids;
	user.gid_count = REGISTRY_GIDS_MAX + 1;
	ck_assert_int_eq(registry_contents_add_user(&contents, &user, &error),
	    EXTAUTH_INVALID);
	ck_assert_str_eq(error.text, "too many groups");
	user.gid_count = REGISTRY_GIDS_MAX;
	ck_assert_ok(registry_contents_add_user(&contents, &user, NULL));
	ck_assert_uint_eq(
	    registry_contents_find_name(&contents, "alice")->gid_count, 1);
}
END_TEST

/* There may be no memory for so many; more are not even tried. */
START_TEST(table_has_so_many_slots_at_most)
{
	static const uint32_t most = UINT32_C(1) << 29;
	cleanup_contents struct registry_contents contents = {0};
	struct registry_positions *table = &contents.positions[KEY_UID];

	ck_assert_int_eq(
	    positions_reserve(&contents, KEY_UID, most + 1), EXTAUTH_TOOBIG);
	ck_assert_int_ne(
	    positions_reserve(&contents, KEY_NAME, most), EXTAUTH_TOOBIG);
	table->used = most + 1;
	ck_assert_int_eq(
	    positions_reserve(&contents, KEY_UID, 1), EXTAUTH_TOOBIG);
	table->used = most;
	ck_assert_int_ne(
	    positions_reserve(&contents, KEY_UID, 1), EXTAUTH_TOOBIG);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    each_user_of_a_file_can_be_removed,
	    user_who_was_changed_and_removed_is_gone,
	    user_who_was_added_changed_and_removed_is_gone,
	    each_group_of_a_user_must_be_there,
	    external_id_of_one_letter_is_found,
	    registry_is_read_where_standard_input_is_closed,
	    external_ids_differ_by_case_and_emails_do_not,
	    text_that_is_too_long_for_an_email_is_nobodys,
	    only_what_is_lent_is_not_copied,
	    user_is_in_so_many_groups_at_most,
	    table_has_so_many_slots_at_most,
	    NULL,
	};

	return unit_run("registry_users", tests);
}

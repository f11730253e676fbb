/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "identity.h"
#include "registry_base.h"
#include "registry_case.h"
#include "registry_contents.h"
#include "registry_positions.h"
#include "registry_put.h"
#include "registry_record.h"

START_TEST(flags_of_each_user_are_read)
{
	cleanup_contents struct registry_contents contents = {0};
	cleanup_registry struct registry registry = {.fd = -1};
	cleanup_room struct registry_room room = {0};
	struct registry_change change;
	struct registry_user user;

	case_setup();
	case_begin(&change);
	user = *registry_contents_find_name(&change.contents, "bob");
	user.is_held = true;
	ck_assert_ok(
	    registry_contents_change_user(&change.contents, &user, NULL));
	case_commit(&change);
	contents = case_loaded();
	user = *registry_contents_find_name(&contents, "bob");
	ck_assert(user.is_held && user.is_linked && !user.is_disabled);
	user = *registry_contents_find_name(&contents, "carol@example.com");
	ck_assert(!user.is_held && !user.is_linked && user.is_disabled);
	case_open("registry", &registry);
	ck_assert_ok(registry_find_name(&registry, "bob", &room, &user));
	ck_assert(user.is_held && user.is_linked && !user.is_disabled);
	ck_assert_ok(
	    registry_find_name(&registry, "carol@example.com", &room, &user));
	ck_assert(!user.is_held && !user.is_linked && user.is_disabled);
	case_remove();
}
END_TEST

START_TEST(longest_email_is_found)
{
	cleanup_registry struct registry registry = {.fd = -1};
	cleanup_room struct registry_room room = {0};
	struct registry_change change;
	struct registry_user user = case_alice();
	char email[IDENTITY_EMAIL_MAX_BYTES + 2] = {0};
	size_t place;

	case_make_directory();
	memset(email, 'x', IDENTITY_EMAIL_MAX_BYTES);
	memcpy(email + 60, "@Example", strlen("@Example"));
	for (place = 100; place < IDENTITY_EMAIL_MAX_BYTES; place += 40)
		email[place] = '.';
	user.email = email;
	user.gid_count = 0;
	case_begin(&change);
	case_add(&change, user);
	case_commit(&change);
	case_open("registry", &registry);
	email[0] = 'X';
	ck_assert_ok(registry_find_email(&registry, email, &room, &user));
	ck_assert_uint_eq(user.uid, FIRST_UID);
	email[IDENTITY_EMAIL_MAX_BYTES] = 'x';
	ck_assert_int_eq(registry_find_email(&registry, email, &room, &user),
	    EXTAUTH_NOTFOUND);
	case_remove();
}
END_TEST

START_TEST(removed_user_is_found_no_more_and_the_last_one_still_is)
{
	cleanup_contents struct registry_contents contents = {0};
	const struct registry_user *user;

	case_setup();
	contents = case_loaded();
	ck_assert_ok(registry_contents_remove_user(&contents, "alice"));
	ck_assert_uint_eq(contents.user_count, 2);
	ck_assert_ptr_null(registry_contents_find_name(&contents, "alice"));
	ck_assert_ptr_null(registry_contents_find_uid(&contents, FIRST_UID));
	ck_assert_ptr_null(
	    registry_contents_find_email(&contents, "alice@example.com"));
	ck_assert_ptr_null(
	    registry_contents_find_external_id(&contents, "00u1"));
	user = registry_contents_find_name(&contents, "bob");
	ck_assert_ptr_eq(user, &contents.users[0]);
	ck_assert_ptr_eq(
	    registry_contents_find_uid(&contents, LINKED_UID), user);
	ck_assert_ptr_eq(
	    registry_contents_find_email(&contents, "BOB@example.com"), user);
	ck_assert_ptr_eq(
	    registry_contents_find_external_id(&contents, "00u2"), user);
	ck_assert_ptr_eq(
	    registry_contents_find_source_id(&contents, "people", "00u2"),
	    user);
	ck_assert_ptr_null(
	    registry_contents_find_source_id(&contents, "others", "00u2"));
	ck_assert(registry_contents_is_spent(&contents, FIRST_UID));
	ck_assert(!registry_contents_is_spent(&contents, LINKED_UID));
	ck_assert_ok(registry_contents_remove_user(&contents, "bob"));
	ck_assert(!registry_contents_is_spent(&contents, LINKED_UID));
	case_remove();
}
END_TEST

/* Tells how a user's record of `length` bytes is read, in memory that ends
 * where it does. */
static enum extauth_err
parse_cut(const char *record, uint32_t length)
{
	struct registry_record parsed;
	char *bytes = malloc(length);
	enum extauth_err err;

	ck_assert_ptr_nonnull(bytes);
	memcpy(bytes, record, length);
	err = registry_record_parse(bytes, length, &parsed);
	free(bytes);
	return err;
}

START_TEST(record_has_no_more_zeros_than_it_needs)
{
	struct registry_user user = case_alice();
	char gecos[16] = "Alice Example";
	unsigned number;

	user.gecos = gecos;
	for (number = 0; number < 8; number++) {
		char record[512] = {0};
		uint32_t length;

		gecos[number + 1] = '\0';
		length =
		    (uint32_t)registry_put_user(record, REGISTRY_USER, &user);
		ck_assert_ok(parse_cut(record, length));
		ck_assert_int_eq(
		    parse_cut(record, length + 8), EXTAUTH_INVALID);
		ck_assert_int_eq(
		    parse_cut(record, length + 64), EXTAUTH_INVALID);
		ck_assert_int_eq(
		    parse_cut(record, length - 8), EXTAUTH_INVALID);
		gecos[number + 1] = 'x';
	}
}
END_TEST

/* What stands around the text does not count. */
START_TEST(capital_letter_is_found_wherever_it_stands)
{
	char bytes[64];
	size_t length;
	size_t place;

	for (length = 1; length < 40; length++) {
		memset(bytes, 'A', sizeof(bytes));
		memset(bytes + 10, 'z', length);
		ck_assert(!positions_has_upper(bytes + 10, length));
		for (place = 0; place < length; place++) {
			bytes[10 + place] = place % 2 == 0 ? 'A' : 'Z';
			ck_assert(positions_has_upper(bytes + 10, length));
			bytes[10 + place] = place % 2 == 0 ? '@' : '[';
			ck_assert(!positions_has_upper(bytes + 10, length));
		}
	}
}
END_TEST

START_TEST(array_grows_by_doubling)
{
	size_t capacity = 0;
	void *array = NULL;

	ck_assert_ok(registry_array_reserve(&array, 0, &capacity, 8));
	ck_assert_uint_eq(capacity, 16);
	memset(array, 1, capacity * 8);
	ck_assert_ok(registry_array_reserve(&array, 15, &capacity, 8));
	ck_assert_uint_eq(capacity, 16);
	ck_assert_ok(registry_array_reserve(&array, 16, &capacity, 8));
	ck_assert_uint_eq(capacity, 32);
	memset(array, 1, capacity * 8);
	free(array);
}
END_TEST

static size_t
slots_of(const struct registry_change *change, enum registry_key key)
{
	return change->contents.positions[key].slot_count;
}

START_TEST(tables_grow_by_doubling)
{
	struct registry_change change;
	size_t slots = 64;
	size_t room = 64;
	unsigned number;

	case_make_directory();
	case_begin(&change);
	ck_assert_uint_eq(slots_of(&change, KEY_NAME), 0);
	for (number = 1; number <= 130; number++) {
		case_add_numbered(&change, number, FIRST_UID + number);
		if (number > slots / 2)
			slots *= 2;
		if (number > room)
			room *= 2;
		ck_assert_uint_eq(slots_of(&change, KEY_NAME), slots);
		ck_assert_uint_eq(slots_of(&change, KEY_UID), slots);
		ck_assert_uint_eq(slots_of(&change, KEY_EMAIL), slots);
		ck_assert_uint_eq(slots_of(&change, KEY_EXTERNAL_ID), slots);
		ck_assert_uint_eq(change.contents.user_pages.size,
		    room * sizeof(*change.contents.users));
	}
	ck_assert_uint_eq(slots_of(&change, KEY_TOMBSTONE), 0);
	ck_assert_ok(registry_contents_reserve(&change.contents, 894));
	ck_assert_uint_eq(slots_of(&change, KEY_UID), 2048);
	ck_assert_uint_eq(change.contents.user_pages.size,
	    1024 * sizeof(*change.contents.users));
	ck_assert_ok(registry_contents_reserve(&change.contents, 895));
	ck_assert_uint_eq(slots_of(&change, KEY_UID), 4096);
	registry_contents_finish(&change.contents);
	ck_assert_uint_eq(slots_of(&change, KEY_UID), 0);
	registry_change_end(&change);
	case_remove();
}
END_TEST

/* So many changes to so many people are put in, and one more is not. */
static void
assert_limit(unsigned people, unsigned limit)
{
	struct registry_change change;
	unsigned number;

	case_make_directory();
	case_begin(&change);
	for (number = 0; number < people; number++)
		case_add_numbered(&change, number, FIRST_UID + number);
	case_commit(&change);
	case_begin(&change);
	for (; number < people + limit; number++)
		case_add_numbered(&change, number, FIRST_UID + number);
	ck_assert(change.contents.base->is_current);
	ck_assert_uint_eq(change.contents.touched.name_count, limit);
	registry_contents_finish(&change.contents);
	ck_assert_uint_gt(slots_of(&change, KEY_UID), 0);
	case_add_numbered(&change, number, FIRST_UID + number);
	ck_assert(!change.contents.base->is_current);
	registry_contents_finish(&change.contents);
	ck_assert_uint_eq(slots_of(&change, KEY_UID), 0);
	registry_change_end(&change);
	case_remove();
}

/* 64, and one for each 256 people. */
START_TEST(few_changes_are_put_in_and_more_are_not)
{
	assert_limit(1, 64);
	assert_limit(510, 65);
	assert_limit(512, 66);
}
END_TEST

START_TEST(contents_give_all_their_memory_back)
{
	struct registry_contents contents;
	struct registry_user user = case_alice();
	void *pages[4];
	size_t number;

	case_setup();
	contents = case_loaded();
	user.name = "dave";
	user.email = "dave@example.com";
	user.external_id = "00u7";
	user.uid = FIRST_UID + 5;
	user.gid = user.uid;
	ck_assert_ok(registry_contents_add_user(&contents, &user, NULL));
	pages[0] = contents.positions[KEY_NAME].slots.bytes;
	pages[1] = contents.positions[KEY_GROUP_GID].slots.bytes;
	pages[2] = contents.user_pages.bytes;
	pages[3] = contents.base->copy.pages.bytes;
	for (number = 0; number < 4; number++)
		ck_assert(unit_is_mapped(pages[number]));
	registry_contents_clear(&contents);
	for (number = 0; number < 4; number++)
		ck_assert_msg(!unit_is_mapped(pages[number]), "%zu", number);
	ck_assert_ptr_null(contents.base);
	case_remove();
}
END_TEST

/* Those of the file stand in no table; its index finds them. */
START_TEST(number_of_a_removed_user_is_found_in_the_file)
{
	cleanup_contents struct registry_contents contents = {0};
	struct registry_change change;
	uint32_t uid;

	case_setup();
	case_begin(&change);
	case_add_numbered(&change, 1, FIRST_UID + 20);
	ck_assert_ok(registry_contents_remove_user(&change.contents, "user1"));
	case_commit(&change);
	contents = case_loaded();
	for (uid = FIRST_UID - 5; uid < FIRST_UID + 1000; uid++)
		ck_assert_msg(registry_contents_is_spent(&contents, uid) ==
			(uid == REMOVED_UID || uid == FIRST_UID + 20),
		    "%u", uid);
	case_remove();
}
END_TEST

/* Who remembers which numbers are taken must look again. */
START_TEST(number_that_comes_free_begins_another_epoch)
{
	cleanup_contents struct registry_contents contents = {0};
	uint64_t epoch;

	case_setup();
	contents = case_loaded();
	epoch = contents.epoch;
	ck_assert_ok(registry_contents_remove_user(&contents, "alice"));
	ck_assert_uint_eq(contents.epoch, epoch);
	ck_assert_ok(registry_contents_remove_group(&contents, "empty"));
	ck_assert_uint_eq(contents.epoch, epoch + 1);
	ck_assert_ok(registry_contents_remove_user(&contents, "bob"));
	ck_assert_uint_eq(contents.epoch, epoch + 2);
	case_remove();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    flags_of_each_user_are_read,
	    longest_email_is_found,
	    removed_user_is_found_no_more_and_the_last_one_still_is,
	    record_has_no_more_zeros_than_it_needs,
	    capital_letter_is_found_wherever_it_stands,
	    array_grows_by_doubling,
	    tables_grow_by_doubling,
	    contents_give_all_their_memory_back,
	    number_of_a_removed_user_is_found_in_the_file,
	    number_that_comes_free_begins_another_epoch,
	    few_changes_are_put_in_and_more_are_not,
	    NULL,
	};

	return unit_run("registry_field", tests);
}

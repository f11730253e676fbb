/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "registry_case.h"
#include "registry_contents.h"
#include "registry_copy.h"
#include "registry_format.h"
#include "registry_plan.h"
#include "registry_record.h"

#define LENGTH(rows) (sizeof(rows) / sizeof((rows)[0]))

START_TEST(linked_user_has_the_numbers_of_his_own_host)
{
	static const struct {
		uint32_t uid;
		uint32_t gid;
		bool is_linked;
		bool is_good;
	} rows[] = {
	    {FIRST_UID, FIRST_UID, false, true},
	    {FIRST_UID, FIRST_UID + 1, false, false},
	    {999, 999, false, false},
	    {1000, 1000, true, true},
	    {1000, 100, true, true},
	    {1, 0, true, true},
	    {0, 1000, true, false},
	    {UINT32_MAX, 1000, true, false},
	    {1000, UINT32_MAX, true, false},
	};
	size_t index;

	for (index = 0; index < LENGTH(rows); index++) {
		struct registry_user user = case_alice();
		struct extauth_error error = {0};
		bool is_good;

		user.uid = rows[index].uid;
		user.gid = rows[index].gid;
		user.is_linked = rows[index].is_linked;
		is_good = registry_check_user(&user, &error) == EXTAUTH_OK;
		ck_assert_msg(is_good == rows[index].is_good, "row %zu", index);
		ck_assert(is_good == (error.text[0] == '\0'));
	}
}
END_TEST

START_TEST(only_a_linked_user_may_lack_paths)
{
	struct registry_user user = case_alice();

	user.home = "";
	ck_assert_int_eq(registry_check_user(&user, NULL), EXTAUTH_INVALID);
	user.is_linked = true;
	ck_assert_ok(registry_check_user(&user, NULL));
	user.shell = "";
	ck_assert_ok(registry_check_user(&user, NULL));
	user.home = "home";
	ck_assert_int_eq(registry_check_user(&user, NULL), EXTAUTH_INVALID);
	user = case_alice();
	user.shell = "";
	ck_assert_int_eq(registry_check_user(&user, NULL), EXTAUTH_INVALID);
}
END_TEST

START_TEST(each_group_of_a_user_has_a_number_of_ours)
{
	static const uint32_t gids[] = {
	    ADMINS_GID, ADMINS_GID + 1, 0, ADMINS_GID};
	struct registry_user user = case_alice();
	struct extauth_error error = {0};

	user.gids = gids;
	user.gid_count = 2;
	ck_assert_ok(registry_check_user(&user, &error));
	user.gid_count = 4;
	ck_assert_int_eq(registry_check_user(&user, &error), EXTAUTH_INVALID);
	ck_assert_str_ne(error.text, "");
}
END_TEST

/* A group's record, of which one field is changed. */
#define GROUP_BYTES (GROUP_FIXED_BYTES + 24)

static void
make_group(char *record)
{
	static const char names[] = "admins\0alice\0carol@a.org";

	memset(record, 0, GROUP_BYTES + 8);
	record[RECORD_KIND] = REGISTRY_GROUP;
	registry_put32(record + RECORD_NUMBER, ADMINS_GID);
	registry_put16(record + GROUP_NAME_LENGTH, 6);
	registry_put32(record + GROUP_MEMBER_COUNT, 2);
	registry_put32(record + GROUP_MEMBERS_BYTES, 18);
	memcpy(record + GROUP_FIXED_BYTES, names, sizeof(names));
}

/* In memory of its own, so that nothing is read beyond it. */
static enum extauth_err
parse_group(const char *record, uint32_t length)
{
	struct registry_record parsed = {0};
	char *bytes = malloc(length);
	enum extauth_err err;

	ck_assert_ptr_nonnull(bytes);
	memcpy(bytes, record, length);
	err = registry_record_parse(bytes, length, &parsed);
	if (err == EXTAUTH_OK) {
		ck_assert_int_eq(parsed.kind, REGISTRY_GROUP);
		ck_assert_str_eq(parsed.group.name, "admins");
		ck_assert_uint_eq(parsed.group.member_count, 2);
		ck_assert_str_eq(parsed.group.members, "alice");
	}
	free(bytes);
	return err;
}

START_TEST(group_is_read_only_if_all_of_it_fits)
{
	static const struct {
		size_t place;
		uint32_t value; /* of 4 bytes */
	} rows[] = {
	    {GROUP_MEMBER_COUNT, 0},
	    {GROUP_MEMBER_COUNT, 1},
	    {GROUP_MEMBER_COUNT, 3},
	    {GROUP_MEMBER_COUNT, UINT32_MAX},
	    {GROUP_MEMBERS_BYTES, 0},
	    {GROUP_MEMBERS_BYTES, 10},
	    {GROUP_MEMBERS_BYTES, 17},
	    {GROUP_MEMBERS_BYTES, 19},
	    {GROUP_MEMBERS_BYTES, 26},
	    {GROUP_MEMBERS_BYTES, UINT32_MAX},
	    {RECORD_KIND, 0x00050000 | REGISTRY_GROUP},
	    {RECORD_KIND, 0x00070000 | REGISTRY_GROUP},
	    {RECORD_NUMBER, 0},
	    {RECORD_NUMBER, 999},
	    {GROUP_FIXED_BYTES, 0x6d64412d},
	    {GROUP_FIXED_BYTES + 7, 0x21212121},
	    {GROUP_FIXED_BYTES + 7, 0},
	};
	char record[GROUP_BYTES + 8];
	size_t index;

	make_group(record);
	ck_assert_ok(parse_group(record, GROUP_BYTES + 1));
	ck_assert_ok(parse_group(record, GROUP_BYTES + 8));
	ck_assert_int_eq(parse_group(record, GROUP_BYTES), EXTAUTH_INVALID);
	ck_assert_int_eq(
	    parse_group(record, GROUP_FIXED_BYTES), EXTAUTH_INVALID);
	ck_assert_int_eq(
	    parse_group(record, GROUP_FIXED_BYTES + 4), EXTAUTH_INVALID);
	ck_assert_int_eq(
	    parse_group(record, GROUP_FIXED_BYTES + 7), EXTAUTH_INVALID);
	for (index = 0; index < LENGTH(rows); index++) {
		make_group(record);
		registry_put32(record + rows[index].place, rows[index].value);
		ck_assert_msg(
		    parse_group(record, GROUP_BYTES + 8) == EXTAUTH_INVALID,
		    "row %zu", index);
	}
}
END_TEST

START_TEST(contents_refuse_what_no_file_could_hold)
{
	cleanup_contents struct registry_contents contents = {0};
	struct extauth_error error = {0};
	struct registry_user user = case_alice();

	user.gid_count = REGISTRY_GIDS_MAX + 1;
	ck_assert_int_eq(registry_contents_add_user(&contents, &user, &error),
	    EXTAUTH_INVALID);
	ck_assert_str_eq(error.text, "too many groups");
	ck_assert_int_eq(
	    registry_users_reserve(&contents, (size_t)1 << 33), EXTAUTH_TOOBIG);
	user.gid_count = 0;
	ck_assert_ok(registry_contents_add_user(&contents, &user, NULL));
	user.is_linked = true;
	ck_assert_int_eq(
	    registry_contents_change_user(&contents, &user, &error),
	    EXTAUTH_NOTFOUND);
	user.is_linked = false;
	user.uid++;
	ck_assert_int_eq(
	    registry_contents_change_user(&contents, &user, &error),
	    EXTAUTH_NOTFOUND);
	ck_assert_uint_eq(registry_plan_keys(&contents, REGISTRY_VERSION, false,
			      (enum registry_index_number)99),
	    0);
}
END_TEST

START_TEST(group_may_have_the_name_and_number_of_a_linked_user)
{
	cleanup_contents struct registry_contents contents = {0};
	struct registry_user user = case_alice();

	user.gid_count = 0;
	ck_assert_ok(registry_contents_add_user(&contents, &user, NULL));
	ck_assert_int_eq(
	    registry_contents_add_group(&contents, "alice", ADMINS_GID, NULL),
	    EXTAUTH_EXISTS);
	ck_assert_int_eq(
	    registry_contents_add_group(&contents, "team", FIRST_UID, NULL),
	    EXTAUTH_EXISTS);
	user.name = "bob";
	user.email = "bob@example.com";
	user.external_id = "";
	user.uid = FIRST_UID + 1;
	user.is_linked = true;
	ck_assert_ok(registry_contents_add_user(&contents, &user, NULL));
	ck_assert_ok(
	    registry_contents_add_group(&contents, "bob", FIRST_UID + 1, NULL));
	ck_assert_int_eq(registry_contents_remove_group(&contents, "none"),
	    EXTAUTH_NOTFOUND);
	ck_assert_ok(registry_contents_remove_group(&contents, "bob"));
	ck_assert_uint_eq(contents.group_count, 0);
}
END_TEST

START_TEST(hints_change_nothing)
{
	cleanup_contents struct registry_contents contents = {0};

	registry_contents_expect(&contents, NULL, NULL, NULL);
	registry_contents_expect_uid(&contents, FIRST_UID);
	case_setup();
	contents = case_loaded();
	registry_contents_expect(&contents, "alice", "a@example.com", "00u1");
	registry_contents_expect(&contents, NULL, NULL, NULL);
	registry_contents_expect_uid(&contents, FIRST_UID);
	case_assert_alice(
	    registry_contents_find_external_id(&contents, "00u1"), false);
	case_remove();
}
END_TEST

START_TEST(what_is_empty_is_cleared_without_harm)
{
	struct registry_copy copy = {.file.fd = -1};
	struct registry_uid_rules rules = {0};

	registry_contents_clear(NULL);
	registry_copy_clear(NULL);
	registry_copy_clear(&copy);
	registry_pages_give(NULL);
	registry_uid_rules_clear(NULL);
	registry_uid_rules_clear(&rules);
	registry_room_clear(NULL);
	ck_assert_int_eq(copy.file.fd, -1);
	ck_assert_ptr_null(rules.taken);
}
END_TEST

START_TEST(uids_beyond_the_range_do_not_count)
{
	cleanup_contents struct registry_contents contents = {0};
	cleanup_uid_rules struct registry_uid_rules rules = {0};
	struct registry_change change;
	uint32_t uid = 0;

	case_setup();
	case_begin(&change);
	case_add_numbered(&change, 1, FIRST_UID + 5000);
	case_add_numbered(&change, 2, FIRST_UID + 6000);
	ck_assert_ok(registry_contents_remove_user(&change.contents, "user2"));
	case_commit(&change);
	contents = case_loaded();
	ck_assert_ok(
	    registry_uid_rules_load(FIRST_UID, FIRST_UID + 100, &rules, NULL));
	ck_assert_ok(
	    registry_allocate_uid(&contents, &rules, NULL, &uid, NULL));
	ck_assert_uint_eq(uid, REMOVED_UID + 1);
	ck_assert_ok(registry_allocate_uid(&contents, &rules, "", &uid, NULL));
	ck_assert_uint_eq(uid, REMOVED_UID + 2);
	case_remove();
}
END_TEST

START_TEST(map_is_not_read_beyond_its_end)
{
	static const char map[] = "0123456789abcdef";
	const struct registry registry = {.fd = -1, .map = map, .size = 16};
	char bytes[16];

	ck_assert_ok(registry_read(&registry, 0, bytes, 16));
	ck_assert_mem_eq(bytes, map, 16);
	ck_assert_ok(registry_read(&registry, 8, bytes, 8));
	ck_assert_mem_eq(bytes, "89abcdef", 8);
	ck_assert_ok(registry_read(&registry, 16, bytes, 0));
	ck_assert_int_eq(
	    registry_read(&registry, 8, bytes, 9), EXTAUTH_UNAVAILABLE);
	ck_assert_int_eq(
	    registry_read(&registry, 17, bytes, 0), EXTAUTH_UNAVAILABLE);
	ck_assert_int_eq(registry_read(&registry, UINT64_MAX, bytes, 2),
	    EXTAUTH_UNAVAILABLE);
}
END_TEST

/* A room of the caller's stays his; a group goes in only with its list. */
START_TEST(fixed_room_has_a_place_for_each_member)
{
	cleanup_registry struct registry registry = {.fd = -1};
	static _Alignas(8) char bytes[1024];
	struct registry_group group;
	struct registry_user user;
	size_t size;
	size_t least = 0;

	case_setup();
	case_open("registry", &registry);
	for (size = 0; size < sizeof(bytes); size++) {
		struct registry_room room = {.bytes = bytes,
		    .size = size,
		    .is_fixed = true,
		    .member_bytes = sizeof(char *)};
		enum extauth_err err =
		    registry_find_gid(&registry, ADMINS_GID, &room, &group);

		ck_assert(err == EXTAUTH_OK || err == EXTAUTH_TOOBIG);
		if (err == EXTAUTH_OK && least == 0)
			least = size;
		ck_assert((err == EXTAUTH_OK) == (least > 0));
		registry_room_clear(&room);
		ck_assert_ptr_eq(room.bytes, bytes);
	}
	/* The record has 48 bytes, and two members two places each and two. */
	ck_assert_uint_eq(least, 48 + 4 * sizeof(char *));
	ck_assert_ok(registry_find_name(&registry, "alice",
	    &(struct registry_room){.bytes = bytes,
		.size = sizeof(bytes),
		.is_fixed = true,
		.member_bytes = sizeof(char *)},
	    &user));
	case_assert_alice(&user, false);
	case_remove();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    linked_user_has_the_numbers_of_his_own_host,
	    only_a_linked_user_may_lack_paths,
	    each_group_of_a_user_has_a_number_of_ours,
	    group_is_read_only_if_all_of_it_fits,
	    contents_refuse_what_no_file_could_hold,
	    group_may_have_the_name_and_number_of_a_linked_user,
	    hints_change_nothing,
	    what_is_empty_is_cleared_without_harm,
	    uids_beyond_the_range_do_not_count,
	    map_is_not_read_beyond_its_end,
	    fixed_room_has_a_place_for_each_member,
	    NULL,
	};

	return unit_run("registry_rules", tests);
}

/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "registry_case.h"

#define RANGE_LAST 2147352575U
#define MANY 200000U

static void
add_user(struct registry_contents *contents, const char *external_id,
    uint32_t uid, bool is_linked)
{
	struct extauth_error error = {0};
	struct registry_user user = case_alice();
	char text[2][48];
	enum extauth_err err;

	snprintf(text[0], sizeof(text[0]), "user%u", uid);
	snprintf(text[1], sizeof(text[1]), "user%u@example.com", uid);
	user.name = text[0];
	user.email = text[1];
	user.external_id = external_id;
	user.uid = uid;
	user.gid = uid;
	user.gid_count = 0;
	user.is_linked = is_linked;
	err = registry_contents_add_user(contents, &user, &error);
	ck_assert_msg(err == EXTAUTH_OK, "%s", error.text);
}

static void
assert_none_is_free(
    const struct registry_contents *contents, struct registry_uid_rules *rules)
{
	struct extauth_error error = {0};
	uint32_t uid = 42;

	ck_assert_int_eq(
	    registry_allocate_uid(contents, rules, "id", &uid, &error),
	    EXTAUTH_TOOBIG);
	ck_assert_int_eq(
	    registry_allocate_uid(contents, rules, NULL, &uid, NULL),
	    EXTAUTH_TOOBIG);
	ck_assert_ptr_nonnull(strstr(error.text, "no uid is free"));
	ck_assert_uint_eq(uid, 42);
}

/* Made by another implementation of the hash: hosts of every version must meet
 * at these. */
START_TEST(external_id_has_the_same_uid_on_every_host)
{
	static const struct {
		uint32_t first;
		uint32_t last;
		const char *external_id;
		uint32_t uid;
	} rows[] = {
	    {FIRST_UID, RANGE_LAST, "1", 2140011627},
	    {FIRST_UID, RANGE_LAST, "00u1", 2137507275},
	    {FIRST_UID, RANGE_LAST, "9b2f6c1e-6f0a-4a43-8f3e-2f6f3ad1c001",
		2020551533},
	    {FIRST_UID, RANGE_LAST, "CN=Bob,DC=example", 2050686021},
	    {100000, 200000, "1", 188766},
	    {100000, 200000, "00u1", 179687},
	    {100000, 200000, "9b2f6c1e-6f0a-4a43-8f3e-2f6f3ad1c001", 117611},
	    {100000, 200000, "CN=Bob,DC=example", 190372},
	};
	cleanup_contents struct registry_contents contents = {0};
	size_t number;

	for (number = 0; number < sizeof(rows) / sizeof(*rows); number++) {
		struct registry_uid_rules rules =
		    case_open_rules(rows[number].first, rows[number].last);

		ck_assert_uint_eq(
		    case_allocate(&contents, &rules, rows[number].external_id),
		    rows[number].uid);
	}
}
END_TEST

START_TEST(clash_goes_to_the_next_free_one)
{
	struct registry_uid_rules rules = case_open_rules(100000, 200000);
	cleanup_contents struct registry_contents contents = {0};
	uint32_t taken[] = {188770};

	rules.taken = taken;
	rules.taken_count = 1;
	add_user(&contents, "", 188766, false);
	ck_assert_uint_eq(case_allocate(&contents, &rules, "1"), 188767);
	add_user(&contents, "", 188767, false);
	ck_assert_ok(registry_contents_remove_user(&contents, "user188767"));
	ck_assert_uint_eq(case_allocate(&contents, &rules, "1"), 188768);
	ck_assert_ok(
	    registry_contents_add_group(&contents, "admins", 188768, NULL));
	ck_assert_uint_eq(case_allocate(&contents, &rules, "1"), 188769);
	add_user(&contents, "", 188769, true);
	ck_assert_uint_eq(case_allocate(&contents, &rules, "1"), 188771);
}
END_TEST

START_TEST(end_of_the_range_goes_on_at_its_start)
{
	struct registry_uid_rules rules = case_open_rules(100000, 100003);
	cleanup_contents struct registry_contents contents = {0};
	unsigned number;

	add_user(&contents, "", 100003, false);
	add_user(&contents, "", 100000, false);
	ck_assert_uint_eq(case_allocate(&contents, &rules, NULL), 100001);
	for (number = 1; number <= 2; number++)
		add_user(&contents, "",
		    case_allocate(&contents, &rules, number == 1 ? "id" : ""),
		    false);
	assert_none_is_free(&contents, &rules);
	ck_assert_ok(registry_contents_remove_user(&contents, "user100001"));
	assert_none_is_free(&contents, &rules);
}
END_TEST

START_TEST(next_one_is_behind_the_highest_ever_given)
{
	struct registry_uid_rules rules =
	    case_open_rules(FIRST_UID, RANGE_LAST);
	cleanup_contents struct registry_contents contents = {0};

	ck_assert_uint_eq(case_allocate(&contents, &rules, NULL), FIRST_UID);
	rules = case_open_rules(FIRST_UID, RANGE_LAST);
	add_user(&contents, "", LINKED_UID, true);
	add_user(&contents, "", FIRST_UID + 3, false);
	add_user(&contents, "", FIRST_UID + 7, false);
	ck_assert_ok(
	    registry_contents_remove_user(&contents, "user2000200008"));
	ck_assert_uint_eq(
	    case_allocate(&contents, &rules, NULL), FIRST_UID + 8);
	ck_assert_uint_eq(case_allocate(&contents, &rules, ""), FIRST_UID + 9);
}
END_TEST

/* All but the last number of the range is kept for others. */
START_TEST(reserved_numbers_are_stepped_over)
{
	struct registry_uid_rules rules = case_open_rules(524287, 1879048192);
	cleanup_contents struct registry_contents contents = {0};

	ck_assert_uint_eq(case_allocate(&contents, &rules, "1"), 1879048192);
	add_user(&contents, "", 1879048192, false);
	ck_assert_uint_eq(case_allocate(&contents, &rules, "1"), 524287);
	add_user(&contents, "", 524287, false);
	assert_none_is_free(&contents, &rules);
}
END_TEST

START_TEST(only_mapped_numbers_are_given_out)
{
	uint32_t mapped[][2] = {
	    {2147352000, 2147352001}, {0, 65535}, {2140000000, 2140000000}};
	struct registry_uid_rules rules =
	    case_open_rules(FIRST_UID, RANGE_LAST);
	cleanup_contents struct registry_contents contents = {0};

	rules.mapped = mapped;
	rules.mapped_count = 3;
	ck_assert_int_eq(registry_check_uid(&contents, &rules, FIRST_UID, NULL),
	    EXTAUTH_INVALID);
	ck_assert_uint_eq(case_allocate(&contents, &rules, NULL), 2140000000);
	add_user(&contents, "", 2140000000, false);
	ck_assert_uint_eq(case_allocate(&contents, &rules, "1"), 2147352000);
	add_user(&contents, "", 2147352000, false);
	add_user(&contents, "", 2147352001, false);
	assert_none_is_free(&contents, &rules);
	rules.mapped_count = 0;
	assert_none_is_free(&contents, &rules);
}
END_TEST

START_TEST(freed_number_is_given_out_again)
{
	struct registry_uid_rules rules = case_open_rules(100000, 199999);
	cleanup_contents struct registry_contents contents = {0};
	uint32_t hashed = case_allocate(&contents, &rules, "1");
	uint32_t uid;

	for (uid = hashed; uid < hashed + 200; uid++)
		add_user(&contents, "", uid, uid == hashed + 150);
	ck_assert_uint_eq(case_allocate(&contents, &rules, "1"), hashed + 200);
	ck_assert_uint_eq(case_allocate(&contents, &rules, "1"), hashed + 200);
	uid = hashed + 150;
	ck_assert_ok(registry_contents_remove_user(
	    &contents, registry_contents_find_uid(&contents, uid)->name));
	ck_assert_uint_eq(case_allocate(&contents, &rules, "1"), uid);
	ck_assert_ok(
	    registry_contents_add_group(&contents, "admins", uid, NULL));
	ck_assert_uint_eq(case_allocate(&contents, &rules, "1"), hashed + 200);
	ck_assert_ok(registry_contents_remove_group(&contents, "admins"));
	ck_assert_uint_eq(case_allocate(&contents, &rules, "1"), uid);
}
END_TEST

/* The range is small, so that many a hash falls into a long run: each answer is
 * the one that a walk from the hash on would give. */
START_TEST(remembered_runs_change_no_answer)
{
	struct registry_uid_rules rules = case_open_rules(100000, 119999);
	cleanup_contents struct registry_contents contents = {0};
	cleanup_contents struct registry_contents nobody = {0};
	char external_id[16];
	unsigned number;

	for (number = 0; number < 19000; number++) {
		struct registry_uid_rules fresh =
		    case_open_rules(100000, 119999);
		bool is_hashed = number % 3 != 0;
		uint32_t uid;

		snprintf(external_id, sizeof(external_id), "%u", number);
		uid = case_allocate(
		    &contents, &rules, is_hashed ? external_id : NULL);
		if (is_hashed && number % 16 == 1) {
			uint32_t wanted =
			    case_allocate(&nobody, &fresh, external_id);

			while (registry_check_uid(&contents, &fresh, wanted,
				   NULL) != EXTAUTH_OK)
				wanted = wanted == 119999 ? 100000 : wanted + 1;
			ck_assert_uint_eq(uid, wanted);
		}
		add_user(&contents, "", uid, false);
	}
}
END_TEST

/* Half of them in one run, into which the hashes of the others fall. */
START_TEST(hashes_into_a_long_run_are_quick)
{
	struct registry_uid_rules rules =
	    case_open_rules(FIRST_UID, FIRST_UID + 2 * MANY - 1);
	cleanup_contents struct registry_contents contents = {0};
	char external_id[16];
	struct timespec start;
	struct timespec end;
	unsigned number;

	for (number = 0; number < MANY; number++)
		add_user(&contents, "", case_allocate(&contents, &rules, NULL),
		    false);
	clock_gettime(CLOCK_MONOTONIC, &start);
	for (number = 0; number < 4000; number++) {
		snprintf(external_id, sizeof(external_id), "%u", number);
		add_user(&contents, external_id,
		    case_allocate(&contents, &rules, external_id), false);
		add_user(
		    &contents, "", case_allocate(&contents, &rules, ""), false);
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	ck_assert_int_lt(end.tv_sec - start.tv_sec, 10);
	ck_assert_uint_eq(contents.user_count, MANY + 8000);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    external_id_has_the_same_uid_on_every_host,
	    clash_goes_to_the_next_free_one,
	    end_of_the_range_goes_on_at_its_start,
	    next_one_is_behind_the_highest_ever_given,
	    reserved_numbers_are_stepped_over,
	    only_mapped_numbers_are_given_out,
	    freed_number_is_given_out_again,
	    remembered_runs_change_no_answer,
	    hashes_into_a_long_run_are_quick,
	    NULL,
	};

	return unit_run("registry_uid", tests);
}

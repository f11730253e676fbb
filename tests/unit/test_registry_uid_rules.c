/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "registry_case.h"

/* A shorter run is not remembered. */
#define RUN_LENGTH 64
#define SPAN 20000U

static void
add_run(struct registry_contents *contents, uint32_t first, uint32_t count)
{
	struct registry_user user = case_alice();
	char texts[2][48];

	user.name = texts[0];
	user.email = texts[1];
	user.external_id = "";
	user.gid_count = 0;
	for (; count > 0; count--, first++) {
		snprintf(texts[0], sizeof(texts[0]), "user%u", first);
		snprintf(texts[1], sizeof(texts[1]), "u%u@example.com", first);
		user.uid = first;
		user.gid = first;
		ck_assert_ok(registry_contents_add_user(contents, &user, NULL));
	}
}

static void
assert_run(const struct registry_uid_rules *rules, size_t number,
    uint64_t first, uint64_t end)
{
	ck_assert_uint_eq(rules->runs[number].first, first);
	ck_assert_uint_eq(rules->runs[number].end, end);
}

START_TEST(only_a_long_run_is_remembered)
{
	struct registry_uid_rules rules =
	    case_open_rules(100000, 100000 + SPAN);
	cleanup_contents struct registry_contents contents = {0};
	uint32_t hashed = case_allocate(&contents, &rules, "1");

	assert_run(&rules, 0, 0, 0);
	add_run(&contents, hashed, RUN_LENGTH - 1);
	ck_assert_uint_eq(
	    case_allocate(&contents, &rules, "1"), hashed + RUN_LENGTH - 1);
	assert_run(&rules, 0, 0, 0);
	add_run(&contents, hashed + RUN_LENGTH - 1, 1);
	ck_assert_uint_eq(
	    case_allocate(&contents, &rules, "1"), hashed + RUN_LENGTH);
	assert_run(&rules, 0, hashed, hashed + RUN_LENGTH);
	assert_run(&rules, 1, 0, 0);
	/* It grows, and stays one. */
	add_run(&contents, hashed + RUN_LENGTH, 2);
	ck_assert_uint_eq(
	    case_allocate(&contents, &rules, "1"), hashed + RUN_LENGTH + 2);
	assert_run(&rules, 0, hashed, hashed + RUN_LENGTH + 2);
	add_run(&contents, hashed + RUN_LENGTH + 2, RUN_LENGTH);
	(void)case_allocate(&contents, &rules, "1");
	assert_run(&rules, 0, hashed, hashed + 2 * RUN_LENGTH + 2);
	assert_run(&rules, 1, 0, 0);
	/* A registry that went another way knows none of it. */
	contents.epoch++;
	ck_assert_ok(registry_contents_remove_user(
	    &contents, registry_contents_find_uid(&contents, hashed)->name));
	(void)case_allocate(&contents, &rules, "2");
	assert_run(&rules, 0, 0, 0);
}
END_TEST

START_TEST(longest_runs_are_remembered)
{
	struct registry_uid_rules rules =
	    case_open_rules(100000, 100000 + SPAN);
	cleanup_contents struct registry_contents contents = {0};
	uint32_t hashed = case_allocate(&contents, &rules, "1");
	size_t number;

	add_run(&contents, hashed, RUN_LENGTH + 6);
	/* Made up: they are far from each other, the third is the shortest. */
	for (number = 0; number < REGISTRY_UID_RUNS; number++) {
		rules.runs[number].first = 1000 * (number + 1);
		rules.runs[number].end =
		    1000 * (number + 1) + RUN_LENGTH + (number == 2 ? 5 : 10);
	}
	ck_assert_uint_eq(
	    case_allocate(&contents, &rules, "1"), hashed + RUN_LENGTH + 6);
	assert_run(&rules, 1, 2000, 2000 + RUN_LENGTH + 10);
	assert_run(&rules, 2, hashed, hashed + RUN_LENGTH + 6);
	assert_run(&rules, 3, 4000, 4000 + RUN_LENGTH + 10);
	/* Shorter than all: it is not kept, nor is one of the same length. */
	rules.runs[2].first = 3000;
	rules.runs[2].end = 3000 + RUN_LENGTH + 6;
	ck_assert_uint_eq(
	    case_allocate(&contents, &rules, "1"), hashed + RUN_LENGTH + 6);
	for (number = 0; number < REGISTRY_UID_RUNS; number++)
		ck_assert_uint_eq(
		    rules.runs[number].first, 1000 * (number + 1));
}
END_TEST

START_TEST(runs_that_touch_become_one)
{
	struct registry_uid_rules rules =
	    case_open_rules(100000, 100000 + SPAN);
	cleanup_contents struct registry_contents contents = {0};
	uint32_t hashed = case_allocate(&contents, &rules, "1");

	add_run(&contents, hashed, RUN_LENGTH);
	rules.runs[4] = (struct registry_uid_run){hashed - 100, hashed};
	rules.runs[6] = (struct registry_uid_run){
	    hashed + RUN_LENGTH, hashed + RUN_LENGTH + 50};
	/* The last one ends where the next free one stands. */
	ck_assert_uint_eq(
	    case_allocate(&contents, &rules, "1"), hashed + RUN_LENGTH + 50);
	assert_run(&rules, 0, hashed - 100, hashed + RUN_LENGTH + 50);
	assert_run(&rules, 4, 0, 0);
	assert_run(&rules, 6, 0, 0);
}
END_TEST

/* One that begins where the new one ends, and one in which that lies. */
START_TEST(run_takes_up_those_that_it_meets)
{
	struct registry_uid_rules rules = case_open_rules(100000, 100200);
	cleanup_contents struct registry_contents contents = {0};

	add_run(&contents, 100000, RUN_LENGTH + 6);
	rules.highest = 100200;
	rules.runs[3] = (struct registry_uid_run){
	    100000 + RUN_LENGTH + 6, 100000 + RUN_LENGTH + 6};
	ck_assert_uint_eq(
	    case_allocate(&contents, &rules, NULL), 100000 + RUN_LENGTH + 6);
	assert_run(&rules, 0, 100000, 100000 + RUN_LENGTH + 6);
	assert_run(&rules, 3, 0, 0);
	rules.runs[0] = (struct registry_uid_run){0, 0};
	rules.runs[5] = (struct registry_uid_run){
	    100000 + RUN_LENGTH + 6, 100000 + RUN_LENGTH + 16};
	rules.highest = 100200;
	ck_assert_uint_eq(
	    case_allocate(&contents, &rules, NULL), 100000 + RUN_LENGTH + 16);
	assert_run(&rules, 0, 100000, 100000 + RUN_LENGTH + 16);
	assert_run(&rules, 5, 0, 0);
}
END_TEST

START_TEST(first_user_counts_for_the_highest_as_the_last)
{
	size_t number;

	for (number = 0; number < 2; number++) {
		struct registry_uid_rules rules =
		    case_open_rules(100000, 100000 + SPAN);
		cleanup_contents struct registry_contents contents = {0};

		add_run(&contents, number == 0 ? 100050 : 100007, 1);
		add_run(&contents, number == 0 ? 100007 : 100050, 1);
		ck_assert_uint_eq(
		    case_allocate(&contents, &rules, NULL), 100051);
		ck_assert_uint_eq(rules.highest, 100051);
	}
}
END_TEST

START_TEST(every_removed_user_counts_for_the_highest)
{
	struct registry_uid_rules rules = case_open_rules(100000, 100060);
	cleanup_contents struct registry_contents contents = {0};

	add_run(&contents, 100007, 1);
	add_run(&contents, 100050, 1);
	add_run(&contents, 100060, 1);
	ck_assert_ok(registry_contents_remove_user(&contents, "user100007"));
	ck_assert_ok(registry_contents_remove_user(&contents, "user100050"));
	ck_assert_ok(registry_contents_remove_user(&contents, "user100060"));
	ck_assert_uint_eq(case_allocate(&contents, &rules, NULL), 100000);
	rules = case_open_rules(100000, 100059);
	ck_assert_uint_eq(case_allocate(&contents, &rules, NULL), 100051);
	/* Who has the last one is not behind it. */
	rules = case_open_rules(100000, 100055);
	add_run(&contents, 100052, 1);
	add_run(&contents, 100055, 1);
	ck_assert_uint_eq(case_allocate(&contents, &rules, NULL), 100000);
}
END_TEST

START_TEST(range_that_is_full_is_told)
{
	struct registry_uid_rules rules = case_open_rules(100000, 100009);
	cleanup_contents struct registry_contents contents = {0};
	struct extauth_error error = {0};
	uint32_t uid = 7;

	add_run(&contents, 100000, 10);
	ck_assert_int_eq(
	    registry_allocate_uid(&contents, &rules, "1", &uid, &error),
	    EXTAUTH_TOOBIG);
	ck_assert_str_eq(error.text, "no uid is free from 100000 to 100009");
	ck_assert_uint_eq(uid, 7);
	ck_assert_int_eq(
	    registry_check_uid(&contents, &rules, 0, &error), EXTAUTH_INVALID);
	ck_assert_uint_eq(rules.epoch, contents.epoch);
}
END_TEST

START_TEST(last_number_of_the_range_counts)
{
	struct registry_uid_rules rules = case_open_rules(100000, 100005);
	struct registry_uid_rules fresh = rules;
	cleanup_contents struct registry_contents contents = {0};

	add_run(&contents, 100004, 1);
	ck_assert_uint_eq(case_allocate(&contents, &rules, NULL), 100005);
	add_run(&contents, 100005, 1);
	ck_assert_uint_eq(case_allocate(&contents, &fresh, NULL), 100000);
	ck_assert_ok(registry_contents_remove_user(&contents, "user100005"));
	fresh = case_open_rules(100000, 100005);
	ck_assert_uint_eq(case_allocate(&contents, &fresh, NULL), 100000);
	/* A range of one number. */
	fresh = case_open_rules(100003, 100003);
	ck_assert_uint_eq(case_allocate(&contents, &fresh, NULL), 100003);
	ck_assert_uint_eq(case_allocate(&contents, &fresh, "1"), 100003);
}
END_TEST

START_TEST(number_that_is_kept_is_for_who_claims_it)
{
	static const uint32_t kept[] = {100009, 100001, 100005};
	struct registry_uid_rules rules = case_open_rules(100000, 100010);
	cleanup_contents struct registry_contents contents = {0};
	struct extauth_error error = {0};

	ck_assert_ok(registry_uid_rules_reserve(&rules, kept, 0));
	ck_assert_ptr_null(rules.reserved);
	ck_assert_ok(registry_uid_rules_reserve(&rules, kept, 3));
	ck_assert_uint_eq(rules.reserved_count, 3);
	ck_assert_uint_eq(rules.reserved[0], 100001);
	ck_assert_uint_eq(rules.reserved[2], 100009);
	ck_assert_int_eq(registry_check_uid(&contents, &rules, 100005, &error),
	    EXTAUTH_EXISTS);
	ck_assert_str_eq(
	    error.text, "100005 is kept for somebody of another host");
	rules.claimed = 100005;
	ck_assert_ok(registry_check_uid(&contents, &rules, 100005, NULL));
	ck_assert_int_eq(registry_check_uid(&contents, &rules, 100001, NULL),
	    EXTAUTH_EXISTS);
	free(rules.reserved);
}
END_TEST

START_TEST(why_a_number_is_not_free_is_told)
{
	static const struct {
		uint32_t uid;
		enum extauth_err err;
		const char *text;
	} rows[] = {
	    {100001, EXTAUTH_EXISTS,
		"uid 100001 is registered for 'user100001'"},
	    {100002, EXTAUTH_EXISTS, "uid 100002 belonged to a removed user"},
	    {100003, EXTAUTH_EXISTS, "100003 is the gid of a group"},
	    {100004, EXTAUTH_EXISTS,
		"100004 stands in /etc/passwd or /etc/group"},
	    {100021, EXTAUTH_INVALID,
		"uid 100021 does not exist in this user namespace"},
	};
	static uint32_t mapped[2][2] = {{100000, 100010}, {100015, 100020}};
	static uint32_t taken[] = {100004};
	struct registry_uid_rules rules = case_open_rules(100000, 100030);
	cleanup_contents struct registry_contents contents = {0};
	size_t row;

	rules.mapped = mapped;
	rules.mapped_count = 2;
	rules.taken = taken;
	rules.taken_count = 1;
	add_run(&contents, 100001, 2);
	ck_assert_ok(registry_contents_remove_user(&contents, "user100002"));
	ck_assert_ok(
	    registry_contents_add_group(&contents, "team", 100003, NULL));
	for (row = 0; row < sizeof(rows) / sizeof(*rows); row++) {
		struct extauth_error error = {0};

		ck_assert_int_eq(registry_check_uid(
				     &contents, &rules, rows[row].uid, &error),
		    rows[row].err);
		ck_assert_str_eq(error.text, rows[row].text);
	}
	ck_assert_ok(registry_check_uid(&contents, &rules, 100020, NULL));
	ck_assert_ok(registry_check_uid(&contents, &rules, 100010, NULL));
	ck_assert_int_eq(registry_check_uid(&contents, &rules, 100011, NULL),
	    EXTAUTH_INVALID);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    only_a_long_run_is_remembered,
	    longest_runs_are_remembered,
	    runs_that_touch_become_one,
	    run_takes_up_those_that_it_meets,
	    every_removed_user_counts_for_the_highest,
	    range_that_is_full_is_told,
	    first_user_counts_for_the_highest_as_the_last,
	    last_number_of_the_range_counts,
	    number_that_is_kept_is_for_who_claims_it,
	    why_a_number_is_not_free_is_told,
	    NULL,
	};

	return unit_run("registry_uid_rules", tests);
}

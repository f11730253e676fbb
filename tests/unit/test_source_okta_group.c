/* SPDX-License-Identifier: MIT */
#include "source_okta.h"

#include <stdio.h>
#include <string.h>

#include "source_case.h"
#include "unit.h"

#define OKTA "type = okta\nurl = https://dir.example.com\ntoken_file = dir\n"
#define STAFF "[group team]\nremote = Staff\n"
#define USER(id)                                                               \
	"{\"id\":\"" id                                                        \
	"\",\"status\":\"ACTIVE\",\"profile\":{\"login\":\"" id                \
	"@example.com\",\"email\":\"" id "@example.com\"}}"
#define TOLD(id) "user " id " " id "@example.com " id "@example.com"
#define GROUP(id, name)                                                        \
	"{\"id\":\"" id "\",\"profile\":{\"name\":\"" name "\",\"gid\":70}}"
#define NEXT(rest)                                                             \
	"Link: <https://dir.example.com/api/v1/" rest ">; rel=\"next\""
#define DONE                                                                   \
	{                                                                      \
		"", 0, NULL, NULL, false                                       \
	}

START_TEST(wanted_groups_are_searched_for_and_their_members_told)
{
	const struct source_case_answer answers[] = {
	    {"/groups/g1/users?after", 200, "[{\"id\":\"b\"},{\"id\":\"a\"}]",
		NULL, false},
	    {"/groups/g1/users", 200, "[{\"id\":\"a\"}]",
		NEXT("groups/g1/users?after=1"), false},
	    {"/groups/g2/users", 200, "[]", NULL, false},
	    {"/groups?", 200,
		"[" GROUP("g1", "Staff") "," GROUP(
		    "g2", "it's \\\"IT\\\"") "," GROUP("g3",
		    "Others") "," GROUP("g1", "Staff") "]",
		NULL, false},
	    {"/users?", 200, "[" USER("a") "]", NULL, false},
	    DONE,
	};
	struct source_case *it = source_case_make(&source_okta,
	    OKTA "group_gid = /profile/gid\n" STAFF
		 "[group it]\nsource = corp\nremote = it's \"IT\"\n"
		 "[group other]\nsource = other\nremote = Others\n"
		 "[source other]\ntype = csv\nfile = /x.csv\n");

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	source_case_expect_told(it,
	    TOLD("a") "\ngroup g1 Staff gid=70 has=a\n"
		      "group g1 Staff gid=70 has=b\n"
		      "group g2 it's \"IT\" gid=70\n");
	source_case_expect_asked(it,
	    "GET /api/v1/users?limit=200\n"
	    "GET /api/v1/groups?limit=200&search="
	    "profile.name%20eq%20%22Staff%22%20or%20id%20eq%20%22Staff%22"
	    "%20or%20profile.name%20eq%20%22it%27s%20%5C%22IT%5C%22%22"
	    "%20or%20id%20eq%20%22it%27s%20%5C%22IT%5C%22%22\n"
	    "GET /api/v1/groups/g1/users?limit=1000\n"
	    "GET /api/v1/groups/g1/users?after=1\n"
	    "GET /api/v1/groups/g2/users?limit=1000\n");
	source_case_free(it);
}
END_TEST

START_TEST(all_groups_are_listed_for_a_prefix)
{
	const struct source_case_answer answers[] = {
	    {"/groups?after", 200, "[" GROUP("g2", "Two") "]", NULL, false},
	    {"/groups?", 200, "[" GROUP("g1", "One") "]",
		NEXT("groups?after=1"), false},
	    {"/groups/", 200, "[]", NULL, true},
	    {"/users?", 200, "[]", NULL, false},
	    DONE,
	};
	struct source_case *it =
	    source_case_make(&source_okta, OKTA "group_prefix = o-\n");

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	source_case_expect_told(it, "group g1 One\ngroup g2 Two\n");
	ck_assert_ptr_nonnull(
	    strstr(buffer_text(&it->asked), "GET /api/v1/groups?limit=200\n"));
	source_case_free(it);
}
END_TEST

START_TEST(many_wanted_groups_are_taken_from_the_list_of_all)
{
	const struct source_case_answer answers[] = {
	    {"/groups?", 200, "[]", NULL, false},
	    {"/users?", 200, "[]", NULL, false},
	    DONE,
	};
	char keys[2048] = OKTA "[group team]\n";
	struct source_case *it;
	size_t length;
	unsigned at;

	for (at = 0; at < 21; at++) {
		length = strlen(keys);
		(void)snprintf(keys + length, sizeof(keys) - length,
		    "remote = Group %u\n", at);
	}
	it = source_case_make(&source_okta, keys);
	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	source_case_expect_asked(
	    it, "GET /api/v1/users?limit=200\nGET /api/v1/groups?limit=200\n");
	source_case_free(it);
}
END_TEST

START_TEST(a_group_that_fails_fails_all)
{
	const struct source_case_answer answers[] = {
	    {"/groups/", 404, "{}", NULL, true},
	    {"/groups?", 200, "[" GROUP("g1", "Staff") "]", NULL, false},
	    {"/users?", 200, "[" USER("a") "]", NULL, false},
	    DONE,
	};
	struct source_case *it = source_case_make(&source_okta, OKTA STAFF);

	source_case_run(it, answers);
	source_case_expect_end(
	    it, SYNC_FAILED, "page 1 of members of a group: status 404");
	source_case_free(it);
}
END_TEST

START_TEST(changes_come_with_groups_that_are_whole)
{
	const struct source_case_answer answers[] = {
	    {"/groups/", 200, "[{\"id\":\"a\"}]", NULL, true},
	    {"/groups?", 200, "[" GROUP("g1", "Staff") "]", NULL, true},
	    {"filter=", 200, "[]", NULL, true},
	    {"/users?", 200,
		"[{\"id\":\"a\",\"lastUpdated\":\"2025-12-31T10:00:00Z\"}]",
		NULL, true},
	    DONE,
	};
	struct source_case *it = source_case_make(&source_okta, OKTA STAFF);

	source_case_run(it, answers);
	ck_assert_ptr_nonnull(it->end.state);
	(void)snprintf(
	    it->job.state, sizeof(it->job.state), "%s", it->end.state);
	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_CHANGES, "");
	source_case_expect_told(it, "group g1 Staff has=a\n");
	source_case_free(it);
}
END_TEST

/* One person. */

static struct source_case *
one_make(const char *keys)
{
	struct source_case *it = source_case_make(&source_okta, keys);

	(void)snprintf(it->job.email, sizeof(it->job.email), "a@example.com");
	return it;
}

START_TEST(a_person_is_found_by_his_login_with_his_groups)
{
	const struct source_case_answer answers[] = {
	    {"/users/a/groups?after", 200, "[" GROUP("g3", "Staff") "]", NULL,
		false},
	    {"/users/a/groups", 200,
		"[" GROUP("g1", "Staff") "," GROUP("g2", "Others") "]",
		NEXT("users/a/groups?after=1"), false},
	    {"/users/a%40example.com", 200, USER("a"), NULL, false},
	    DONE,
	};
	struct source_case *it = one_make(OKTA STAFF);

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_ONE, "");
	source_case_expect_told(it, TOLD("a") " in=g1/Staff in=g3/Staff\n");
	source_case_expect_asked(it,
	    "GET /api/v1/users/a%40example.com\n"
	    "GET /api/v1/users/a/groups?limit=200\n"
	    "GET /api/v1/users/a/groups?after=1\n");
	ck_assert_ptr_null(it->end.state);
	source_case_free(it);
}
END_TEST

START_TEST(a_person_is_searched_for_by_his_email)
{
	const struct source_case_answer answers[] = {
	    {"/users/a%40example.com", 404, "{\"errorCode\":\"E0000007\"}",
		NULL, false},
	    {"search=", 200, "[" USER("b") "," USER("a") "]", NULL, false},
	    DONE,
	};
	struct source_case *it = one_make(OKTA);

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_ONE, "");
	source_case_expect_told(it, TOLD("a") "\n");
	source_case_expect_asked(it,
	    "GET /api/v1/users/a%40example.com\n"
	    "GET /api/v1/users?limit=200&search="
	    "profile.email%20eq%20%22a%40example.com%22\n");
	source_case_free(it);
}
END_TEST

/* A login that is short for another's, a deleted user, one with no JSON. */
static const char *const not_he[] = {
    USER("b"),
    "{\"id\":\"a\",\"status\":\"DEPROVISIONED\",\"profile\":{\"email\":"
    "\"a@example.com\"}}",
    "{\"profile\":{\"email\":\"a@example.com\"}}",
    "[]",
    "null",
};

START_TEST(nobody_else_is_told)
{
	size_t at;

	for (at = 0; at < sizeof(not_he) / sizeof(*not_he); at++) {
		const struct source_case_answer answers[] = {
		    {"search=", 200, "[]", NULL, false},
		    {"/users/", 200, not_he[at], NULL, false},
		    DONE,
		};
		struct source_case *it = one_make(OKTA);

		source_case_run(it, answers);
		source_case_expect_end(it, SYNC_ONE, "");
		source_case_expect_told(it, "");
		source_case_free(it);
	}
}
END_TEST

START_TEST(a_person_must_fulfil_the_filter)
{
	const struct source_case_answer answers[] = {
	    {"", 200, "[" USER("a") "]", NULL, false},
	    DONE,
	};
	struct source_case *it =
	    one_make(OKTA "filter = status eq \"ACTIVE\" or id pr\n");

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_ONE, "");
	source_case_expect_told(it, TOLD("a") "\n");
	source_case_expect_asked(it,
	    "GET /api/v1/users?limit=200&search="
	    "%28status%20eq%20%22ACTIVE%22%20or%20id%20pr%29%20and%20"
	    "%28profile.email%20eq%20%22a%40example.com%22%29\n");
	source_case_free(it);
}
END_TEST

START_TEST(paths_have_oktas_own_id_whatever_user_id_is)
{
	const struct source_case_answer answers[] = {
	    {"/users/a/groups", 200, "[]", NULL, false},
	    {"/users/", 200, USER("a"), NULL, false},
	    DONE,
	};
	struct source_case *it =
	    one_make(OKTA "user_id = /profile/login\n" STAFF);

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_ONE, "");
	source_case_expect_told(
	    it, "user a@example.com a@example.com a@example.com\n");
	source_case_free(it);
}
END_TEST

START_TEST(a_refusal_is_no_nobody)
{
	const struct source_case_answer answers[] = {
	    {"", 403, "{}", NULL, false},
	    DONE,
	};
	struct source_case *it = one_make(OKTA);

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_FAILED, "status 403");
	source_case_free(it);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    wanted_groups_are_searched_for_and_their_members_told,
	    all_groups_are_listed_for_a_prefix,
	    many_wanted_groups_are_taken_from_the_list_of_all,
	    a_group_that_fails_fails_all,
	    changes_come_with_groups_that_are_whole,
	    a_person_is_found_by_his_login_with_his_groups,
	    a_person_is_searched_for_by_his_email,
	    nobody_else_is_told,
	    a_person_must_fulfil_the_filter,
	    paths_have_oktas_own_id_whatever_user_id_is,
	    a_refusal_is_no_nobody,
	    NULL,
	};

	return unit_run("source_okta_group", tests);
}

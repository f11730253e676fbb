/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "source_case.h"
#include "source_scim.h"
#include "unit.h"

#define SCIM                                                                   \
	"type = scim\nurl = https://dir.example.com/scim/v2\n"                 \
	"token_file = dir\nposix_schema = urn:x\npaging = none\n"
#define TEAM "[group team]\nremote = Team\n"
#define DONE                                                                   \
	{                                                                      \
		"", 0, NULL, NULL, false                                       \
	}
#define PAGE(list) "{\"Resources\":[" list "]}"
#define USER(id, more) "{\"id\":\"" id "\"" more "}"
#define IN(id, name)                                                           \
	",\"groups\":[{\"value\":\"" id "\",\"display\":\"" name "\"}]"
#define UID(uid) ",\"urn:x:User\":{\"uidNumber\":" uid "}"
#define GROUP(id, name, members)                                               \
	"{\"id\":\"" id "\",\"displayName\":\"" name                           \
	"\",\"members\":[" members "]}"
#define PERSON(id) "{\"value\":\"" id "\",\"type\":\"User\"}"
#define NESTED(id) "{\"value\":\"" id "\",\"type\":\"Group\"}"
#define USERS                                                                  \
	"GET /scim/v2/Users?attributes=id%2CuserName%2Cemails%2CdisplayName"   \
	"%2Cactive%2Curn%3Ax%3AUser%3AuidNumber%2Curn%3Ax%3AUser"              \
	"%3AhomeDirectory%2Curn%3Ax%3AUser%3AloginShell%2Cgroups\n"
#define GROUPS                                                                 \
	"GET /scim/v2/Groups?attributes=id%2CdisplayName%2Cmembers%2Curn%3Ax"  \
	"%3AGroup%3AgidNumber\n"
#define GIDS                                                                   \
	"GET /scim/v2/Groups?attributes=id%2CdisplayName%2Curn%3Ax%3AGroup"    \
	"%3AgidNumber\n"

static void
check(const char *keys, const struct source_case_answer *answers,
    const char *asked, const char *told)
{
	struct source_case *it = source_case_make(&source_scim, keys);

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	source_case_expect_asked(it, asked);
	source_case_expect_told(it, told);
	source_case_free(it);
}

START_TEST(users_who_name_their_groups_need_no_list_of_groups)
{
	static const struct source_case_answer answers[] = {
	    {"/Users", 200, PAGE(USER("1", IN("g1", "Team")) "," USER("2", "")),
		NULL, false},
	    DONE};

	check(SCIM TEAM, answers, USERS, "user 1 - - in=g1/Team\nuser 2 - -\n");
}
END_TEST

START_TEST(groups_are_listed_where_no_user_names_one)
{
	static const struct source_case_answer answers[] = {
	    {"/Users", 200, PAGE(USER("1", "") "," USER("2", "")), NULL, false},
	    {"/Groups", 200,
		PAGE(GROUP("g2", "Other", PERSON("1")) "," GROUP(
		    "g1", "Team", PERSON("1") "," PERSON("2") "," PERSON("1"))),
		NULL, false},
	    DONE};

	check(SCIM TEAM, answers, USERS GROUPS,
	    "user 1 - -\nuser 2 - -\ngroup g1 Team has=1 has=2\n");
}
END_TEST

START_TEST(groups_are_listed_where_users_name_them_by_id_alone)
{
	static const struct source_case_answer answers[] = {
	    {"/Users", 200, PAGE(USER("1", ",\"groups\":[{\"value\":\"g1\"}]")),
		NULL, false},
	    {"/Groups", 200, PAGE(GROUP("g1", "Team", PERSON("1"))), NULL,
		false},
	    DONE};

	check(SCIM TEAM, answers, USERS GROUPS,
	    "user 1 - -\ngroup g1 Team has=1\n");
}
END_TEST

START_TEST(numbers_of_groups_are_asked_for_without_members)
{
	static const struct source_case_answer answers[] = {
	    {"/Users", 200, PAGE(USER("1", IN("g1", "Team") UID("20001"))),
		NULL, false},
	    {"/Groups", 200,
		PAGE("{\"id\":\"g1\",\"displayName\":\"Team\",\"members\":["
		     "{\"value\":\"9\"}],\"urn:x:Group\":{\"gidNumber\":"
		     "30001}},{\"id\":\"g2\",\"displayName\":\"Other\"}"),
		NULL, false},
	    DONE};
	static const struct source_case_answer missing[] = {
	    {"/Users", 200, PAGE(USER("1", IN("g1", "Team") UID("20001"))),
		NULL, false},
	    {"/Groups", 404, "", NULL, false}, DONE};

	check(SCIM TEAM, answers, USERS GIDS,
	    "user 1 - - uid=20001 in=g1/Team\n"
	    "group g1 Team gid=30001\n");
	check(SCIM TEAM, missing, USERS GIDS,
	    "user 1 - - uid=20001 in=g1/Team\n");
}
END_TEST

START_TEST(groups_within_groups_are_resolved_and_circles_end)
{
	static const struct source_case_answer answers[] = {
	    {"/Users", 200, PAGE(USER("1", "")), NULL, false},
	    {"/Groups", 200,
		PAGE(GROUP("g1", "Team",
		    PERSON("1") "," NESTED("g2")) "," GROUP("g2", "B",
		    NESTED("g3") "," NESTED("g1") "," PERSON(
			"2")) "," GROUP("g3", "C",
		    PERSON("3") "," NESTED("g1") "," NESTED(
			"gone") ",{\"value\":\"g9\",\"$ref\":"
				"\"https://x/scim/Groups/g9\"},{\"value\":\"4\""
				",\"$ref\":\"https://x/scim/Users/4\"},\"5\","
				"{\"value\":6},{},null") "," GROUP("g9", "D",
		    PERSON("7"))),
		NULL, false},
	    DONE};
	static const struct source_case_answer loop[] = {
	    {"/Users", 200, PAGE(USER("1", "")), NULL, false},
	    {"/Groups", 200,
		PAGE(GROUP("g1", "Team", NESTED("g1") "," PERSON("1"))), NULL,
		false},
	    DONE};

	check(SCIM TEAM, answers, USERS GROUPS,
	    "user 1 - -\ngroup g1 Team has=1 has=2 has=3 has=4 has=5 has=6 "
	    "has=7\n");
	check(
	    SCIM TEAM, loop, USERS GROUPS, "user 1 - -\ngroup g1 Team has=1\n");
}
END_TEST

START_TEST(a_wanted_group_of_nobody_is_told)
{
	static const struct source_case_answer answers[] = {
	    {"/Users", 200, PAGE(""), NULL, false},
	    {"/Groups", 200, PAGE("{\"id\":\"g1\",\"displayName\":\"Team\"}"),
		NULL, false},
	    DONE};

	check(SCIM TEAM, answers, USERS GROUPS, "group g1 Team\n");
}
END_TEST

START_TEST(no_groups_are_asked_for_where_nobody_wants_one)
{
	static const struct source_case_answer answers[] = {
	    {"/Users", 200, PAGE(USER("1", UID("7"))), NULL, false}, DONE};
	struct source_case *it = source_case_make(&source_scim, SCIM);

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	ck_assert_uint_eq(it->requests, 1);
	ck_assert_ptr_null(strstr(buffer_text(&it->asked), "groups"));
	source_case_free(it);
}
END_TEST

START_TEST(groups_that_cannot_be_read_fail_the_reading)
{
	static const unsigned statuses[] = {403, 404, 400};
	size_t at;

	for (at = 0; at < sizeof(statuses) / sizeof(*statuses); at++) {
		const struct source_case_answer answers[] = {
		    {"/Users", 200, PAGE(USER("1", "")), NULL, false},
		    {"/Groups", statuses[at], "{}", NULL, true}, DONE};
		struct source_case *it =
		    source_case_make(&source_scim, SCIM TEAM);

		source_case_run(it, answers);
		source_case_expect_end(
		    it, SYNC_FAILED, "page 1 of groups: status 4");
		source_case_free(it);
	}
}
END_TEST

START_TEST(members_are_not_known_by_another_attribute)
{
	static const struct source_case_answer answers[] = {
	    {"/Users", 200, PAGE(USER("1", ",\"externalId\":\"x\"")), NULL,
		true},
	    DONE};
	struct source_case *it =
	    source_case_make(&source_scim, SCIM "user_id = /externalId\n" TEAM);

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_FAILED, "user_id must be /id");
	ck_assert(it->end.is_configuration);
	(void)snprintf(it->job.email, sizeof(it->job.email), "1@example.com");
	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_ONE, "");
	source_case_free(it);
}
END_TEST

static void
serve_many(struct source_case *it, const char *url, struct event *ret_event)
{
	struct buffer body = buffer_make((size_t)32 << 20);
	unsigned at;

	(void)it;
	if (strstr(url, "/Groups") == NULL) {
		source_case_respond(ret_event, 200, NULL, PAGE(""));
		return;
	}
	ck_assert_ok(buffer_append_text(&body,
	    "{\"Resources\":[{\"id\":\"g1\",\"displayName\":\"Team\","
	    "\"members\":["));
	for (at = 0; at < 100000; at++)
		ck_assert_ok(buffer_append_format(&body,
		    "%s{\"value\":\"user-%06u\"}", at > 0 ? "," : "", at));
	ck_assert_ok(buffer_append_text(&body, "]}]}"));
	source_case_respond(ret_event, 200, NULL, buffer_text(&body));
	buffer_clear(&body);
}

START_TEST(a_big_group_is_told_in_several_frames)
{
	struct source_case *it = source_case_make(&source_scim, SCIM TEAM);
	const char *at;
	unsigned frames = 0;
	unsigned members = 0;

	it->serve = serve_many;
	source_case_run(it, NULL);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	for (at = buffer_text(&it->told);
	     (at = strstr(at, "group g1 Team")) != NULL; at++)
		frames++;
	for (at = buffer_text(&it->told);
	     (at = strstr(at, " has=user-")) != NULL; at++)
		members++;
	ck_assert_uint_eq(members, 100000);
	ck_assert_uint_ge(frames, 12);
	source_case_free(it);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    users_who_name_their_groups_need_no_list_of_groups,
	    groups_are_listed_where_no_user_names_one,
	    groups_are_listed_where_users_name_them_by_id_alone,
	    numbers_of_groups_are_asked_for_without_members,
	    groups_within_groups_are_resolved_and_circles_end,
	    a_wanted_group_of_nobody_is_told,
	    no_groups_are_asked_for_where_nobody_wants_one,
	    groups_that_cannot_be_read_fail_the_reading,
	    members_are_not_known_by_another_attribute,
	    a_big_group_is_told_in_several_frames,
	    NULL,
	};

	return unit_run("source_scim_group", tests);
}

/* SPDX-License-Identifier: MIT */
#include "source_entra.h"

#include <stdio.h>
#include <string.h>

#include "source_case.h"
#include "unit.h"

#define ENTRA                                                                  \
	"type = entra\nurl = https://dir.example.com/v1.0\ntenant = t\n"       \
	"token_file = dir\n"
#define SELECT                                                                 \
	"%24select=id%2CaccountEnabled%2CuserPrincipalName%2Cmail%2C"          \
	"displayName"
#define UUID "01234567-89ab-cdef-0123-456789abcdef"
#define USER(id)                                                               \
	"{\"id\":\"" id                                                        \
	"\",\"accountEnabled\":true,\"userPrincipalName\":\"" id               \
	"@example.com\",\"mail\":\"" id "@example.com\"}"
#define TOLD(id) "user " id " " id "@example.com " id "@example.com"
#define GROUP(id, name)                                                        \
	"{\"id\":\"" id "\",\"displayName\":\"" name "\",\"gid\":\"70\"}"
#define LINK(name, rest)                                                       \
	",\"@odata." name "\":\"https://dir.example.com/v1.0/" rest "\""
#define PAGE(users, links) "{\"value\":[" users "]" links "}"
#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))
#define DONE                                                                   \
	{                                                                      \
		"", 0, NULL, NULL, false                                       \
	}

START_TEST(wanted_groups_come_with_those_who_are_in_them_at_any_depth)
{
	const struct source_case_answer answers[] = {
	    {"skiptoken", 200, PAGE("{\"id\":\"b\"}", ""), NULL, false},
	    {"/groups/g1/", 200,
		PAGE("{\"id\":\"a\"}",
		    LINK("nextLink", "groups/g1/x?$skiptoken=1")),
		NULL, false},
	    {"/groups/" UUID "/", 200, PAGE("", ""), NULL, false},
	    {"/groups?", 200,
		PAGE(GROUP("g1", "It's") "," GROUP(UUID, "Two") "," GROUP(
			 "g3", "Three"),
		    ""),
		NULL, false},
	    {"/users/delta", 200, PAGE(USER("a"), ""), NULL, false},
	    DONE,
	};
	struct source_case *it = source_case_make(&source_entra,
	    ENTRA "group_gid = /gid\n[group team]\nremote = It's\nremote = "
		  "" UUID "\n");

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	source_case_expect_told(it,
	    TOLD("a") "\ngroup g1 It's gid=70 has=a\n"
		      "group g1 It's gid=70 has=b\n"
		      "group " UUID " Two gid=70\n");
	source_case_expect_asked(it,
	    "GET /v1.0/users/delta?" SELECT "\n"
	    "GET /v1.0/groups?%24select=id%2CdisplayName%2Cgid&%24top=999&"
	    "%24filter=displayName%20eq%20%27It%27%27s%27%20or%20id%20eq%20"
	    "%27" UUID "%27\n"
	    "GET /v1.0/groups/g1/transitiveMembers/microsoft.graph.user?"
	    "%24select=id&%24top=999&%24count=true\n"
	    "GET /v1.0/groups/g1/x?$skiptoken=1\n"
	    "GET /v1.0/groups/" UUID "/transitiveMembers/"
	    "microsoft.graph.user?%24select=id&%24top=999&%24count=true\n");
	ck_assert_ptr_nonnull(
	    strstr(buffer_text(&it->headers), "ConsistencyLevel: eventual\n"));
	source_case_free(it);
}
END_TEST

START_TEST(many_groups_and_those_of_a_prefix_are_listed_all)
{
	static const char *const keys[] = {
	    ENTRA "group_prefix = o-\n",
	    ENTRA "[group team]\nremote = 1\nremote = 2\nremote = 3\n"
		  "remote = 4\nremote = 5\nremote = 6\nremote = 7\n"
		  "remote = 8\nremote = 9\nremote = 10\nremote = 11\n",
	};
	const struct source_case_answer answers[] = {
	    {"", 200, PAGE("", ""), NULL, true},
	    DONE,
	};
	size_t at;

	for (at = 0; at < COUNT(keys); at++) {
		struct source_case *it =
		    source_case_make(&source_entra, keys[at]);

		source_case_run(it, answers);
		source_case_expect_end(it, SYNC_COMPLETE, "");
		source_case_expect_asked(it,
		    "GET /v1.0/users/delta?" SELECT "\n"
		    "GET /v1.0/groups?%24select=id%2CdisplayName&"
		    "%24top=999\n");
		source_case_free(it);
	}
}
END_TEST

START_TEST(members_are_told_by_user_id)
{
	const struct source_case_answer answers[] = {
	    {"/groups/g1/", 200,
		PAGE("{\"id\":\"a\",\"employeeId\":\"7\"},{\"id\":\"b\"}", ""),
		NULL, false},
	    {"/groups?", 200, PAGE(GROUP("g1", "One"), ""), NULL, false},
	    {"/users?", 200,
		PAGE("{\"id\":\"a\",\"employeeId\":\"7\"},{\"id\":\"b\"}", ""),
		NULL, false},
	    DONE,
	};
	struct source_case *it = source_case_make(&source_entra,
	    ENTRA "user_id = /employeeId\n[group team]\nremote = One\n");

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	source_case_expect_told(it, "user 7 - -\ngroup g1 One has=7\n");
	ck_assert_ptr_nonnull(
	    strstr(buffer_text(&it->asked), "user?%24select=id%2CemployeeId&"));
	source_case_free(it);
}
END_TEST

/* One person. */

static struct source_case *
one_make(const char *keys, const char *email)
{
	struct source_case *it = source_case_make(&source_entra, keys);

	(void)snprintf(it->job.email, sizeof(it->job.email), "%s", email);
	return it;
}

START_TEST(a_person_is_found_with_his_groups)
{
	const struct source_case_answer answers[] = {
	    {"/users/a/", 200,
		PAGE(GROUP("g1", "One") "," GROUP("g2", "Two"), ""), NULL,
		false},
	    {"/users?", 200, PAGE(USER("b") "," USER("a"), ""), NULL, false},
	    DONE,
	};
	struct source_case *it =
	    one_make(ENTRA "[group team]\nremote = Two\n", "A@example.com");

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_ONE, "");
	source_case_expect_told(it, TOLD("a") " in=g2/Two\n");
	source_case_expect_asked(it,
	    "GET /v1.0/users?" SELECT "&%24top=999&%24filter="
	    "mail%20eq%20%27A%40example.com%27%20or%20userPrincipalName%20eq"
	    "%20%27A%40example.com%27\n"
	    "GET /v1.0/users/a/transitiveMemberOf/microsoft.graph.group?"
	    "%24select=id%2CdisplayName&%24top=999&%24count=true\n");
	source_case_free(it);
}
END_TEST

START_TEST(quotes_are_doubled_and_the_filter_is_kept)
{
	const struct source_case_answer answers[] = {
	    {"", 200, PAGE("", ""), NULL, false},
	    DONE,
	};
	struct source_case *it =
	    one_make(ENTRA "filter = a eq 1 or b eq 2\n", "o'neil@example.com");

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_ONE, "");
	source_case_expect_told(it, "");
	source_case_expect_asked(it,
	    "GET /v1.0/users?" SELECT "&%24top=999&%24filter="
	    "%28a%20eq%201%20or%20b%20eq%202%29%20and%20%28mail%20eq%20%27"
	    "o%27%27neil%40example.com%27%20or%20userPrincipalName%20eq%20"
	    "%27o%27%27neil%40example.com%27%29&%24count=true\n");
	ck_assert_ptr_nonnull(
	    strstr(buffer_text(&it->headers), "ConsistencyLevel: eventual\n"));
	source_case_free(it);
}
END_TEST

START_TEST(one_person_leaves_no_state_and_uses_none)
{
	const struct source_case_answer all[] = {
	    {"", 200, PAGE("", LINK("deltaLink", "users/delta?$deltatoken=D1")),
		NULL, false},
	    DONE,
	};
	const struct source_case_answer one[] = {
	    {"/users?", 200,
		PAGE(USER("a"), LINK("deltaLink", "users/delta?x")), NULL,
		false},
	    DONE,
	};
	struct source_case *it = one_make(ENTRA, "");

	source_case_run(it, all);
	(void)snprintf(
	    it->job.state, sizeof(it->job.state), "%s", it->end.state);
	(void)snprintf(it->job.email, sizeof(it->job.email), "a@example.com");
	source_case_run(it, one);
	source_case_expect_end(it, SYNC_ONE, "");
	source_case_expect_told(it, TOLD("a") "\n");
	ck_assert_ptr_null(it->end.state);
	source_case_free(it);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    wanted_groups_come_with_those_who_are_in_them_at_any_depth,
	    many_groups_and_those_of_a_prefix_are_listed_all,
	    members_are_told_by_user_id,
	    a_person_is_found_with_his_groups,
	    quotes_are_doubled_and_the_filter_is_kept,
	    one_person_leaves_no_state_and_uses_none,
	    NULL,
	};

	return unit_run("source_entra_group", tests);
}

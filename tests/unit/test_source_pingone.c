/* SPDX-License-Identifier: MIT */
#include "source_pingone.h"

#include <stdio.h>
#include <string.h>

#include "source_case.h"
#include "unit.h"

#define ENVIRONMENT "01234567-89ab-cdef-0123-456789abcdef"
#define PINGONE                                                                \
	"type = pingone\nurl = https://dir.example.com/v1\nregion = eu\n"      \
	"environment = " ENVIRONMENT "\ntoken_file = dir\n"
#define PATH "/v1/environments/" ENVIRONMENT
#define URL "https://dir.example.com" PATH
#define USER(id)                                                               \
	"{\"id\":\"" id "\",\"enabled\":true,\"username\":\"" id               \
	"\",\"email\":"                                                        \
	"\"" id "@example.com\",\"name\":{\"formatted\":\"N\"}}"
#define TOLD(id) "user " id " " id "@example.com " id " gecos=N"
#define NEXT(rest) "\"_links\":{\"next\":{\"href\":\"" URL rest "\"}},"
#define PAGE(name, links, list)                                                \
	"{" links "\"_embedded\":{\"" name "\":[" list "]}}"
#define DONE                                                                   \
	{                                                                      \
		"", 0, NULL, NULL, false                                       \
	}

START_TEST(users_are_read_page_by_page)
{
	const struct source_case_answer answers[] = {
	    {"cursor", 200, PAGE("users", "\"count\":9,", USER("b")), NULL,
		false},
	    {"", 200,
		PAGE(
		    "users", NEXT("/users?cursor=1") "\"count\":2,", USER("a")),
		NULL, false},
	    DONE,
	};
	struct source_case *it = source_case_make(&source_pingone, PINGONE);

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	source_case_expect_told(it, "total 2\n" TOLD("a") "\n" TOLD("b") "\n");
	source_case_expect_asked(
	    it, "GET " PATH "/users?limit=1000\nGET " PATH "/users?cursor=1\n");
	ck_assert_ptr_nonnull(strstr(
	    buffer_text(&it->headers), "Authorization: Bearer api-token\n"));
	ck_assert_ptr_null(it->end.state);
	source_case_free(it);
}
END_TEST

START_TEST(a_client_gets_its_token_first)
{
	const struct source_case_answer answers[] = {
	    {"/token", 200,
		"{\"access_token\":\"TOKEN-1\",\"token_type\":\"Bearer\"}",
		NULL, false},
	    {"", 200, PAGE("users", "", ""), NULL, false},
	    DONE,
	};
	struct source_case *it = source_case_make(&source_pingone,
	    "type = pingone\nurl = https://dir.example.com/v1\nregion = eu\n"
	    "environment = " ENVIRONMENT "\nclient_id = CLIENT\n"
	    "client_secret_file = dir\n");

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	ck_assert_ptr_nonnull(strstr(buffer_text(&it->asked),
	    "POST https://auth.pingone.eu/" ENVIRONMENT "/as/token "));
	source_case_free(it);
}
END_TEST

START_TEST(filter_and_page_size_are_asked_for)
{
	const struct source_case_answer answers[] = {
	    {"", 200, PAGE("users", "", ""), NULL, false},
	    DONE,
	};
	struct source_case *it = source_case_make(&source_pingone,
	    PINGONE "page_size = 200\nfilter = population.id eq \"p\"\n");

	source_case_run(it, answers);
	source_case_expect_asked(it,
	    "GET " PATH "/users?limit=200&filter="
	    "population.id%20eq%20%22p%22\n");
	source_case_free(it);
}
END_TEST

START_TEST(who_is_not_enabled_is_disabled)
{
	const struct source_case_answer answers[] = {
	    {"", 200, PAGE("users", "", "{\"id\":\"a\",\"enabled\":false}"),
		NULL, false},
	    DONE,
	};
	struct source_case *it = source_case_make(&source_pingone, PINGONE);

	source_case_run(it, answers);
	source_case_expect_told(it, "user a - - disabled\n");
	source_case_free(it);
}
END_TEST

START_TEST(groups_come_with_their_members)
{
	const struct source_case_answer answers[] = {
	    {"memberOfGroups", 200, PAGE("users", "", USER("a") "," USER("b")),
		NULL, false},
	    {"/groups?cursor", 200,
		PAGE("groups", "", "{\"id\":\"g\\\"2\",\"name\":\"two\"}"),
		NULL, false},
	    {"/groups?", 200,
		PAGE("groups", NEXT("/groups?cursor=1"),
		    "{\"id\":\"g1\",\"name\":\"one\",\"displayName\":\"two\"}"),
		NULL, false},
	    {"/users?", 200, PAGE("users", "", USER("a")), NULL, false},
	    DONE,
	};
	struct source_case *it = source_case_make(
	    &source_pingone, PINGONE "[group team]\nremote = two\n");

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	source_case_expect_told(it, TOLD("a") "\ngroup g\"2 two has=a has=b\n");
	source_case_expect_asked(it,
	    "GET " PATH "/users?limit=1000\n"
	    "GET " PATH "/groups?limit=1000\n"
	    "GET " PATH "/groups?cursor=1\n"
	    "GET " PATH "/users?limit=1000&filter="
	    "memberOfGroups%5Bid%20eq%20%22g%5C%222%22%5D\n");
	source_case_free(it);
}
END_TEST

START_TEST(a_person_is_found_with_his_groups)
{
	const struct source_case_answer answers[] = {
	    {"/memberOfGroups", 200,
		PAGE("groupMemberships", "",
		    "{\"id\":\"g1\",\"name\":\"one\"},{\"id\":\"g2\","
		    "\"_embedded\":{\"group\":{\"name\":\"two\"}}},"
		    "{\"id\":\"g3\"},{\"id\":\"g4\"}"),
		NULL, false},
	    {"/users?", 200, PAGE("users", "", USER("b") "," USER("a")), NULL,
		false},
	    DONE,
	};
	struct source_case *it = source_case_make(&source_pingone,
	    PINGONE "[group team]\nremote = one\nremote = two\nremote = g3\n");

	(void)snprintf(it->job.email, sizeof(it->job.email), "a@example.com");
	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_ONE, "");
	source_case_expect_told(it, TOLD("a") " in=g1/one in=g2/two in=g3/-\n");
	source_case_expect_asked(it,
	    "GET " PATH "/users?filter=email%20eq%20%22a%40example.com%22"
	    "%20or%20username%20eq%20%22a%40example.com%22\n"
	    "GET " PATH "/users/a/memberOfGroups?limit=100&expand=group\n");
	source_case_free(it);
}
END_TEST

START_TEST(a_person_must_fulfil_the_filter)
{
	const struct source_case_answer answers[] = {
	    {"", 200, PAGE("users", "", USER("b")), NULL, false},
	    DONE,
	};
	struct source_case *it = source_case_make(
	    &source_pingone, PINGONE "filter = enabled eq true\n");

	(void)snprintf(it->job.email, sizeof(it->job.email), "a@example.com");
	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_ONE, "");
	source_case_expect_told(it, "");
	source_case_expect_asked(it,
	    "GET " PATH "/users?filter=%28enabled%20eq%20true%29%20and%20%28"
	    "email%20eq%20%22a%40example.com%22%20or%20username%20eq%20%22"
	    "a%40example.com%22%29\n");
	source_case_free(it);
}
END_TEST

START_TEST(a_throttle_is_waited_for_as_the_body_says)
{
	const struct source_case_answer answers[] = {
	    {"", 429,
		"{\"code\":\"REQUEST_LIMITED\",\"details\":[{\"code\":"
		"\"LIMIT_EXCEEDED\",\"innerError\":{\"retryAfter\":30}}]}",
		NULL, false},
	    {"", 200, PAGE("users", "", USER("a")), NULL, false},
	    DONE,
	};
	struct source_case *it = source_case_make(&source_pingone, PINGONE);

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	source_case_expect_asked(it,
	    "GET " PATH "/users?limit=1000\nwait 30000\n"
	    "GET " PATH "/users?limit=1000\n");
	source_case_free(it);
}
END_TEST

START_TEST(a_next_page_elsewhere_is_not_asked_for)
{
	const struct source_case_answer answers[] = {
	    {"", 200,
		"{\"_links\":{\"next\":{\"href\":\"https://evil.example.com/\"}"
		"},\"_embedded\":{\"users\":[]}}",
		NULL, false},
	    DONE,
	};
	struct source_case *it = source_case_make(&source_pingone, PINGONE);

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_FAILED, "page 1 of users: ");
	ck_assert_uint_eq(it->requests, 1);
	source_case_free(it);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    users_are_read_page_by_page,
	    a_client_gets_its_token_first,
	    filter_and_page_size_are_asked_for,
	    who_is_not_enabled_is_disabled,
	    groups_come_with_their_members,
	    a_person_is_found_with_his_groups,
	    a_person_must_fulfil_the_filter,
	    a_throttle_is_waited_for_as_the_body_says,
	    a_next_page_elsewhere_is_not_asked_for,
	    NULL,
	};

	return unit_run("source_pingone", tests);
}

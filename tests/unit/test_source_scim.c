/* SPDX-License-Identifier: MIT */
#include "source_scim.h"

#include <stdio.h>
#include <string.h>

#include "source_case.h"
#include "unit.h"

#define SCIM                                                                   \
	"type = scim\nurl = https://dir.example.com/scim/v2/\n"                \
	"token_file = dir\nposix_schema =\npaging = none\n"
#define DONE                                                                   \
	{                                                                      \
		"", 0, NULL, NULL, false                                       \
	}
#define LIST                                                                   \
	"\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:ListResponse\"]"
#define COUNT(cases) (sizeof(cases) / sizeof(*(cases)))

struct page_case {
	const char *body;
	enum sync_end_kind end;
	const char *reason;
	const char *told;
};

static void
check_page(const char *keys, const struct page_case *row)
{
	const struct source_case_answer answers[] = {
	    {"/Users", 200, row->body, NULL, true}, DONE};
	struct source_case *it = source_case_make(&source_scim, keys);

	source_case_run(it, answers);
	source_case_expect_end(it, row->end, row->reason);
	source_case_expect_told(it, row->told);
	ck_assert_ptr_null(it->end.state);
	source_case_free(it);
}

START_TEST(a_page_is_a_list_or_a_failure)
{
	static const struct page_case rows[] = {
	    {"{" LIST ",\"totalResults\":1,\"Resources\":[{\"id\":\"1\"}]}",
		SYNC_COMPLETE, "", "total 1\nuser 1 - -\n"},
	    {"{\"Resources\":[{\"id\":\"1\"}]}", SYNC_COMPLETE, "",
		"user 1 - -\n"},
	    {"{\"resources\":[{\"id\":\"1\"}]}", SYNC_COMPLETE, "",
		"user 1 - -\n"},
	    {"{\"totalResults\":0}", SYNC_COMPLETE, "", ""},
	    {"{\"totalResults\":\"0\"}", SYNC_COMPLETE, "", ""},
	    {"{\"totalResults\":0,\"Resources\":null}", SYNC_COMPLETE, "", ""},
	    {"{" LIST "}", SYNC_COMPLETE, "", ""},
	    {"{" LIST ",\"totalResults\":3}", SYNC_FAILED, "holds no list", ""},
	    {"{\"Resources\":{}}", SYNC_FAILED, "holds no list", ""},
	    {"{\"Resources\":\"\"}", SYNC_FAILED, "holds no list", ""},
	    {"{}", SYNC_FAILED, "page 1 of users: the answer holds no list",
		""},
	    {"[]", SYNC_FAILED, "holds no list", ""},
	    {"[{\"id\":\"1\"}]", SYNC_FAILED, "holds no list", ""},
	    {"null", SYNC_FAILED, "holds no list", ""},
	    {"7", SYNC_FAILED, "holds no list", ""},
	    {"{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"]}",
		SYNC_FAILED, "holds no list", ""},
	    {"{\"schemas\":[7,null]}", SYNC_FAILED, "holds no list", ""},
	    {"{\"totalResults\":2,\"Resources\":[{\"id\":\"1\"}]}", SYNC_FAILED,
		"the server gives 1 of 2", "total 2\nuser 1 - -\n"},
	    {"{\"totalResults\":1,\"Resources\":[{\"id\":\"1\"},{\"id\":\"2\"},"
	     "{\"id\":\"1\"},{}]}",
		SYNC_COMPLETE, "", "total 1\nuser 1 - -\nuser 2 - -\n"},
	    {"{\"totalResults\":-1,\"Resources\":[{\"id\":\"1\"}]}",
		SYNC_COMPLETE, "", "user 1 - -\n"},
	    {"{\"totalResults\":99999999999999,\"Resources\":[{\"id\":\"1\"}]}",
		SYNC_COMPLETE, "", "user 1 - -\n"},
	    {"{\"totalResults\":\"many\",\"Resources\":[{\"id\":\"1\"}]}",
		SYNC_COMPLETE, "", "user 1 - -\n"},
	    {"{\"totalResults\":2,\"Resources\":[{\"id\":\"1\"},null]}",
		SYNC_COMPLETE, "", "total 2\nuser 1 - -\n"},
	    {"<html>", SYNC_FAILED, "page 1 of users: status 200", ""},
	};
	size_t at;

	for (at = 0; at < COUNT(rows); at++)
		check_page(SCIM, &rows[at]);
}
END_TEST

START_TEST(who_is_skipped_counts_and_is_not_told)
{
	static const struct page_case row = {
	    "{\"totalResults\":2,\"Resources\":[{\"id\":\"1\",\"robot\":true},"
	    "{\"id\":\"2\",\"userName\":\"a\"}]}",
	    SYNC_COMPLETE, "", "total 2\nuser 2 - a\n"};

	check_page(SCIM "skip_if = /robot\n", &row);
}
END_TEST

START_TEST(another_attribute_may_be_the_id)
{
	static const struct page_case row = {
	    "{\"Resources\":[{\"id\":\"1\",\"externalId\":\"x1\"},"
	    "{\"id\":\"2\"},{\"id\":\"3\",\"externalId\":\"x1\"}]}",
	    SYNC_COMPLETE, "", "user x1 - -\n"};

	check_page(SCIM "user_id = /externalId\n", &row);
}
END_TEST

START_TEST(a_refused_token_is_a_failure_of_the_configuration)
{
	static const struct source_case_answer answers[] = {
	    {"/Users", 401, "", NULL, false}, DONE};
	struct source_case *it = source_case_make(&source_scim, SCIM);

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_FAILED, "page 1 of users: status 401");
	ck_assert(it->end.is_configuration);
	source_case_free(it);
}
END_TEST

START_TEST(a_refusal_in_words_is_told)
{
	static const struct source_case_answer answers[] = {
	    {"/Users", 400,
		"{\"scimType\":\"invalidFilter\",\"detail\":\"odd "
		"filter\"}",
		NULL, true},
	    DONE};
	static const struct source_case_answer missing[] = {
	    {"/Users", 404, "{}", NULL, true}, DONE};
	struct source_case *it = source_case_make(&source_scim, SCIM);

	source_case_run(it, answers);
	source_case_expect_end(
	    it, SYNC_FAILED, "page 1 of users: status 400: odd filter");
	ck_assert_uint_eq(it->requests, 2);
	source_case_run(it, missing);
	source_case_expect_end(
	    it, SYNC_FAILED, "page 1 of users: status 404: the URL is wrong");
	ck_assert(it->end.is_configuration);
	source_case_free(it);
}
END_TEST

START_TEST(placeholders_of_the_url_are_filled)
{
	static const struct source_case_answer answers[] = {
	    {"/t/4711/scim/Users?", 200, "{\"Resources\":[]}", NULL, false},
	    DONE};
	struct source_case *it = source_case_make(&source_scim,
	    "type = scim\nurl = https://dir.example.com/t/{{ORGID}}/scim\n"
	    "token_file = dir\n");

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	source_case_free(it);
}
END_TEST

START_TEST(a_cursor_that_is_too_long_is_refused)
{
	static char body[20000];
	const struct source_case_answer answers[] = {
	    {"/Users", 200, body, NULL, false}, DONE};
	struct source_case *it = source_case_make(&source_scim,
	    "type = scim\nurl = https://dir.example.com/scim\n"
	    "token_file = dir\n");
	size_t used;

	used = (size_t)snprintf(body, sizeof(body),
	    "{\"Resources\":[{\"id\":\"1\"}],\"nextCursor\":\"");
	memset(body + used, 'x', 10000);
	(void)snprintf(body + used + 10000, 4, "\"}");
	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_FAILED, "");
	ck_assert_uint_eq(it->requests, 1);
	source_case_free(it);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    a_page_is_a_list_or_a_failure,
	    who_is_skipped_counts_and_is_not_told,
	    another_attribute_may_be_the_id,
	    a_refused_token_is_a_failure_of_the_configuration,
	    a_refusal_in_words_is_told,
	    placeholders_of_the_url_are_filled,
	    a_cursor_that_is_too_long_is_refused,
	    NULL,
	};

	return unit_run("source_scim", tests);
}

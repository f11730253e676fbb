/* SPDX-License-Identifier: MIT */
#include "source_walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source_case.h"
#include "source_okta.h"
#include "source_pingone.h"
#include "unit.h"

#define OKTA "type = okta\nurl = https://dir.example.com\ntoken_file = dir\n"
#define PINGONE                                                                \
	"type = pingone\nurl = https://dir.example.com\nregion = eu\n"         \
	"environment = 01234567-89ab-cdef-0123-456789abcdef\n"                 \
	"token_file = dir\n"
#define NEXT(rest) "Link: <https://dir.example.com/" rest ">; rel=\"next\""
#define A "{\"id\":\"a\",\"status\":\"ACTIVE\"}"
#define B "{\"id\":\"b\",\"status\":\"ACTIVE\"}"
#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))
#define DONE                                                                   \
	{                                                                      \
		"", 0, NULL, NULL, false                                       \
	}

START_TEST(each_id_is_told_once)
{
	const struct source_case_answer answers[] = {
	    {"page=2", 200, "[" B "," A "]", NULL, false},
	    {"", 200, "[" A "," A "]", NEXT("?page=2"), false},
	    DONE,
	};
	struct source_case *it = source_case_make(&source_okta, OKTA);

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	source_case_expect_told(it, "user a - -\nuser b - -\n");
	source_case_free(it);
}
END_TEST

START_TEST(a_page_that_leads_to_itself_is_the_last)
{
	const struct source_case_answer answers[] = {
	    {"page=2", 200, "[" B "]", NEXT("?page=2"), true},
	    {"", 200, "[" A "]", NEXT("?page=2"), false},
	    DONE,
	};
	struct source_case *it = source_case_make(&source_okta, OKTA);

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	source_case_expect_told(it, "user a - -\nuser b - -\n");
	ck_assert_uint_eq(it->requests, 2);
	source_case_free(it);
}
END_TEST

/* Each page leads on; `context` is what stands on it. */
static void
serve_on_and_on(
    struct source_case *it, const char *url, struct event *ret_event)
{
	char next[128];

	(void)url;
	(void)snprintf(next, sizeof(next), NEXT("users?page=%u"), it->requests);
	source_case_respond(ret_event, 200, next, it->context);
}

START_TEST(pages_that_name_nobody_new_come_to_an_end)
{
	char page[] = "[" A "]";
	struct source_case *it = source_case_make(&source_okta, OKTA);

	it->serve = serve_on_and_on;
	it->context = page;
	source_case_run(it, NULL);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	source_case_expect_told(it, "user a - -\n");
	ck_assert_uint_lt(it->requests, 10);
	source_case_free(it);
}
END_TEST

START_TEST(empty_pages_without_end_fail)
{
	char page[] = "[]";
	struct source_case *it = source_case_make(&source_okta, OKTA);

	it->serve = serve_on_and_on;
	it->context = page;
	source_case_run(it, NULL);
	source_case_expect_end(it, SYNC_FAILED, "the list does not end");
	ck_assert_uint_le(it->requests, 101);
	source_case_free(it);
}
END_TEST

START_TEST(an_empty_page_may_lead_on)
{
	const struct source_case_answer answers[] = {
	    {"page=3", 200, "[" B "]", NULL, false},
	    {"page=2", 200, "[]", NEXT("?page=3"), false},
	    {"", 200, "[]", NEXT("?page=2"), false},
	    DONE,
	};
	struct source_case *it = source_case_make(&source_okta, OKTA);

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	source_case_expect_told(it, "user b - -\n");
	source_case_free(it);
}
END_TEST

START_TEST(nobody_at_all_is_complete)
{
	const struct source_case_answer answers[] = {
	    {"", 200, "[]", NULL, false},
	    DONE,
	};
	struct source_case *it = source_case_make(&source_okta, OKTA);

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	source_case_expect_told(it, "");
	ck_assert_ptr_null(it->end.state);
	source_case_free(it);
}
END_TEST

static const char *const links_elsewhere[] = {
    "Link: <https://evil.example.com/users>; rel=next",
    "Link: <http://dir.example.com/users>; rel=next",
    "Link: <https://dir.example.com:444/users>; rel=next",
    "Link: <//evil.example.com/users>; rel=next",
    "Link: <https://dir.example.com@evil.example.com/>; rel=next",
    "Link: <ftp://dir.example.com/>; rel=next",
};

START_TEST(a_next_page_elsewhere_is_not_asked_for)
{
	struct source_case *it = source_case_make(&source_okta, OKTA);
	size_t at;

	for (at = 0; at < COUNT(links_elsewhere); at++) {
		const struct source_case_answer answers[] = {
		    {"", 200, "[" A "]", links_elsewhere[at], true},
		    DONE,
		};

		source_case_run(it, answers);
		source_case_expect_end(it, SYNC_FAILED, "page 1 of users: ");
		ck_assert(!it->end.is_configuration);
		ck_assert_uint_eq(it->requests, 1);
	}
	source_case_free(it);
}
END_TEST

/* What is JSON, and no page of PingOne. */
static const char *const no_pages[] = {
    "{}",
    "[]",
    "null",
    "7",
    "{\"_embedded\":[]}",
    "{\"_embedded\":{\"users\":null}}",
    "{\"_embedded\":{\"users\":{}}}",
    "{\"_embedded\":{\"users\":\"\"}}",
    "{\"_embedded\":{\"groups\":[]}}",
    "{\"_embedded\":{\"users\":[]},\"_links\":{\"next\":{\"href\":7}}}",
    "{\"_embedded\":{\"users\":[]},\"_links\":{\"next\":{\"href\":[]}}}",
    "{\"_embedded\":{\"users\":[]}",
    "<html></html>",
    "",
};

START_TEST(what_is_no_list_fails)
{
	struct source_case *it = source_case_make(&source_pingone, PINGONE);
	size_t at;

	for (at = 0; at < COUNT(no_pages); at++) {
		const struct source_case_answer answers[] = {
		    {"", 200, no_pages[at], NULL, false},
		    DONE,
		};

		source_case_run(it, answers);
		source_case_expect_end(it, SYNC_FAILED, "page 1 of users: ");
		source_case_expect_told(it, "");
	}
	source_case_free(it);
}
END_TEST

static const struct {
	const char *page;
	const char *told;
} odd_pages[] = {
    {"{\"_embedded\":{\"users\":[]},\"_links\":{\"next\":{\"href\":null}}}",
	""},
    {"{\"_embedded\":{\"users\":[]},\"_links\":{\"next\":{\"href\":\"\"}}}",
	""},
    {"{\"_embedded\":{\"users\":[]},\"_links\":7,\"count\":\"x\"}", ""},
    {"{\"_embedded\":{\"users\":[]},\"count\":-1}", ""},
    {"{\"_embedded\":{\"users\":[]},\"count\":4294967296}", ""},
    {"{\"_embedded\":{\"users\":[{}]},\"count\":4294967295}",
	"total 4294967295\n"},
    {"{\"_embedded\":{\"users\":[null,7,\"a\",[],{},{\"id\":null},{\"id\":"
     "\"\"},{\"id\":{}},{\"id\":7}]}}",
	"user 7 - -\n"},
};

START_TEST(odd_values_are_no_people)
{
	struct source_case *it = source_case_make(&source_pingone, PINGONE);
	size_t at;

	for (at = 0; at < COUNT(odd_pages); at++) {
		const struct source_case_answer answers[] = {
		    {"", 200, odd_pages[at].page, NULL, false},
		    DONE,
		};

		source_case_run(it, answers);
		source_case_expect_end(it, SYNC_COMPLETE, "");
		source_case_expect_told(it, odd_pages[at].told);
	}
	source_case_free(it);
}
END_TEST

START_TEST(an_empty_page_before_the_announced_end_fails)
{
	const struct source_case_answer answers[] = {
	    {"cursor", 200, "{\"_embedded\":{\"users\":[]},\"count\":0}", NULL,
		true},
	    {"", 200,
		"{\"_embedded\":{\"users\":[" A "]},\"count\":2,\"_links\":"
		"{\"next\":{\"href\":\"https://dir.example.com/?cursor=1\"}}}",
		NULL, false},
	    DONE,
	};
	struct source_case *it = source_case_make(&source_pingone, PINGONE);

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_FAILED, "page 2 of users: it is empty");
	source_case_free(it);
}
END_TEST

/* Who was removed while they were read is missing. */
START_TEST(fewer_than_announced_are_complete)
{
	const struct source_case_answer answers[] = {
	    {"", 200, "{\"_embedded\":{\"users\":[" A "]},\"count\":2}", NULL,
		false},
	    DONE,
	};
	struct source_case *it = source_case_make(&source_pingone, PINGONE);

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	source_case_expect_told(it, "total 2\nuser a - -\n");
	source_case_free(it);
}
END_TEST

START_TEST(a_filter_that_does_not_fit_says_so)
{
	struct source_case *it = source_case_make(&source_pingone, PINGONE);
	struct config_source source = *it->run.source;
	cleanup_free char *filter = calloc(SOURCE_URL_MAX_BYTES + 1, 1);

	ck_assert_ptr_nonnull(filter);
	memset(filter, 'x', SOURCE_URL_MAX_BYTES);
	source.filter = filter;
	it->run.source = &source;
	source_case_run(it, NULL);
	source_case_expect_end(
	    it, SYNC_FAILED, "users: their URL cannot be made");
	(void)snprintf(it->job.email, sizeof(it->job.email), "a@example.com");
	source_case_run(it, NULL);
	source_case_expect_end(
	    it, SYNC_FAILED, "users of that e-mail: their URL cannot be made");
	source_case_free(it);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    each_id_is_told_once,
	    a_page_that_leads_to_itself_is_the_last,
	    pages_that_name_nobody_new_come_to_an_end,
	    empty_pages_without_end_fail,
	    an_empty_page_may_lead_on,
	    nobody_at_all_is_complete,
	    a_next_page_elsewhere_is_not_asked_for,
	    what_is_no_list_fails,
	    odd_values_are_no_people,
	    an_empty_page_before_the_announced_end_fails,
	    fewer_than_announced_are_complete,
	    a_filter_that_does_not_fit_says_so,
	    NULL,
	};

	return unit_run("source_walk", tests);
}

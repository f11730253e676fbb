/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "fetch_case.h"
#include "unit.h"

struct wait_case {
	unsigned status;
	const char *headers;
	const char *body;
	const char *asked;
};

#define ASKED(wait) "GET /scim/v2/Users\nwait " wait "\nGET /scim/v2/Users\n"

START_TEST(a_server_says_when_to_come_back)
{
	static const struct wait_case cases[] = {
	    {429, "Retry-After: 7", "", ASKED("7000")},
	    {503, "Retry-After: 7", "", ASKED("7000")},
	    {429, "Retry-After: 0", "", ASKED("1000")},
	    {429, "Retry-After: 99999999999999999999", "", ASKED("120000")},
	    {429, "Retry-After: -5", "", ASKED("1000")},
	    {429, "Retry-After: soon", "", ASKED("1000")},
	    {503, "Retry-After: Thu, 01 Jan 2026 00:00:40 GMT", "",
		ASKED("40000")},
	    {503,
		"Date: Wed, 31 Dec 2025 23:59:50 GMT\n"
		"Retry-After: Thu, 01 Jan 2026 00:00:00 GMT",
		"", ASKED("10000")},
	    {503,
		"Date: Sat, 28 Feb 2032 23:59:50 GMT\n"
		"Retry-After: Sun, 29 Feb 2032 00:00:00 GMT",
		"", ASKED("10000")},
	    {503, "Retry-After: Thu, 99 Foo 2026 00:00:40 GMT", "",
		ASKED("1000")},
	    {429, "X-Rate-Limit-Reset: 1767225630", "", ASKED("31000")},
	    {429,
		"Date: Thu, 01 Jan 2026 00:00:20 GMT\n"
		"X-Rate-Limit-Reset: 1767225630",
		"", ASKED("11000")},
	    {429, "X-Rate-Limit-Reset: 1", "", ASKED("1000")},
	    {500, "X-Rate-Limit-Reset: 1767225630", "", ASKED("1000")},
	    {429, NULL, "{\"details\":[{\"innerError\":{\"retryAfter\":30}}]}",
		ASKED("30000")},
	    {408, NULL, "", ASKED("1000")},
	    {425, NULL, "", ASKED("1000")},
	    {502, NULL, "<html>", ASKED("1000")},
	    {0, NULL, "timeout", ASKED("1000")},
	    {200, "Content-Type: application/scim+json", "{\"Resources\":[",
		ASKED("1000")},
	};
	size_t at;

	for (at = 0; at < COUNT(cases); at++) {
		const struct source_case_answer answers[] = {
		    {"/Users", cases[at].status, cases[at].body,
			cases[at].headers, false},
		    {"/Users", 200, "{}", NULL, false}, DONE};
		struct source_case *it =
		    fetch_case_make(TOKEN, "/scim/v2/Users", NULL);

		source_case_run(it, answers);
		source_case_expect_end(it, SYNC_COMPLETE, "");
		source_case_expect_asked(it, cases[at].asked);
		source_case_free(it);
	}
}
END_TEST

START_TEST(waits_grow_and_tries_end)
{
	static const struct source_case_answer answers[] = {
	    {"/Users", 0, "reset", NULL, true}, DONE};
	struct source_case *it = fetch_case_make(TOKEN, "/scim/v2/Users", NULL);

	source_case_run(it, answers);
	source_case_expect_end(
	    it, SYNC_FAILED, "page 1 of users: reset, asked 6 times");
	ck_assert(!it->end.is_configuration);
	source_case_expect_asked(it,
	    "GET /scim/v2/Users\nwait 1000\nGET /scim/v2/Users\nwait 2000\n"
	    "GET /scim/v2/Users\nwait 4000\nGET /scim/v2/Users\nwait 8000\n"
	    "GET /scim/v2/Users\nwait 16000\nGET /scim/v2/Users\n");
	source_case_free(it);
}
END_TEST

START_TEST(each_page_has_tries_of_its_own)
{
	static const struct source_case_answer answers[] = {
	    {"/Users", 503, "", NULL, false}, {"/Users", 503, "", NULL, false},
	    {"/Users", 503, "", NULL, false},
	    {"/Users", 200, "{}", NULL, false}, {"?2", 503, "", NULL, false},
	    {"?2", 503, "", NULL, false}, {"?2", 503, "", NULL, false},
	    {"?2", 200, "{}", NULL, false}, DONE};
	struct source_case *it =
	    fetch_case_make(TOKEN, "/scim/v2/Users", "/scim/v2/Users?2");

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	source_case_free(it);
}
END_TEST

struct refused_case {
	unsigned status;
	const char *body;
	const char *headers;
	const char *reason;
	bool is_configuration;
};

START_TEST(what_is_no_page_ends_the_reading_at_once)
{
	static const struct refused_case cases[] = {
	    {301, "", NULL, "page 1 of users: status 301: a redirect", true},
	    {307, "", NULL, "status 307: a redirect", true},
	    {304, "", NULL, "status 304", true},
	    {400, "{\"detail\":\"no such filter\"}", NULL,
		"page 1 of users: status 400: no such filter", true},
	    {400, "{\"detail\":\"see https://x/?a=b\"}", NULL, "status 400",
		true},
	    {400, "{\"detail\":\"bad api-token\"}", NULL, "status 400", true},
	    {400, "{\"detail\":\"bad named-secret\"}", NULL, "status 400",
		true},
	    {400, "{\"error\":{\"message\":\"odd\"}}", NULL, "status 400: odd",
		true},
	    {401, "", NULL, "status 401: the token", true},
	    {403, "", NULL, "status 403: the token", true},
	    {404, "", NULL, "status 404: the URL is wrong", true},
	    {406, "", NULL, "status 406: the URL is wrong", true},
	    {410, "", NULL, "status 410", true},
	    {418, "", NULL, "status 418", true},
	    {415, "", NULL, "status 415: the URL is wrong", true},
	    {501, "", NULL, "status 501", true},
	    {200, "<html></html>", "Content-Type: text/html",
		"status 200: an HTML page", false},
	    {200, "{\"Resources\":[", NULL, "status 200: the answer is not",
		false},
	    {200, "", NULL, "status 200: the answer is not", false},
	    {204, "", NULL, "page 1 of users: status 204", false},
	    {101, "", NULL, "status 101", false},
	    {999, "", NULL, "status 999", false},
	    {0, "body over 64 MiB", NULL, "page 1 of users: body over", false},
	};
	size_t at;

	for (at = 0; at < COUNT(cases); at++) {
		const struct source_case_answer answers[] = {
		    {"/Users", cases[at].status, cases[at].body,
			cases[at].headers, false},
		    DONE};
		struct source_case *it =
		    fetch_case_make(TOKEN, "/scim/v2/Users", NULL);

		source_case_run(it, answers);
		source_case_expect_end(it, SYNC_FAILED, cases[at].reason);
		ck_assert_int_eq(
		    it->end.is_configuration, cases[at].is_configuration);
		ck_assert_uint_eq(it->end.http_status, cases[at].status);
		source_case_free(it);
	}
}
END_TEST

static void
serve_broken_tls(
    struct source_case *it, const char *url, struct event *ret_event)
{
	(void)it;
	(void)url;
	(void)snprintf(ret_event->failure.reason,
	    sizeof(ret_event->failure.reason), "TLS");
	(void)snprintf(ret_event->failure.tls, sizeof(ret_event->failure.tls),
	    "expired 2025-01-01 cn=dir.example.com");
}

START_TEST(broken_tls_is_not_tried_again)
{
	struct source_case *it = fetch_case_make(TOKEN, "/scim/v2/Users", NULL);

	it->serve = serve_broken_tls;
	source_case_run(it, NULL);
	source_case_expect_end(it, SYNC_FAILED, "page 1 of users: TLS");
	ck_assert_str_eq(it->end.tls, "expired 2025-01-01 cn=dir.example.com");
	ck_assert_uint_eq(it->requests, 1);
	source_case_free(it);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    a_server_says_when_to_come_back,
	    waits_grow_and_tries_end,
	    each_page_has_tries_of_its_own,
	    what_is_no_page_ends_the_reading_at_once,
	    broken_tls_is_not_tried_again,
	    NULL,
	};

	return unit_run("source_fetch_retry", tests);
}

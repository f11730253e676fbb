/* SPDX-License-Identifier: MIT */
#include "source_fetch.h"

#include <stdio.h>
#include <string.h>

#include "fetch_case.h"
#include "unit.h"

START_TEST(a_page_is_asked_for_with_the_token)
{
	static const struct source_case_answer answers[] = {
	    {"/Users", 200, "{}", NULL, false}, DONE};
	struct source_case *it = fetch_case_make(
	    TOKEN, "https://dir.example.com/scim/v2/Users", NULL);

	fetch_case_wishes.more_header = "ConsistencyLevel: eventual";
	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	source_case_expect_asked(it, "GET /scim/v2/Users\n");
	ck_assert_str_eq(buffer_text(&it->headers),
	    "Accept: application/json\nAuthorization: Bearer api-token\n"
	    "ConsistencyLevel: eventual\n");
	source_case_free(it);
}
END_TEST

START_TEST(okta_has_its_own_kind_of_token)
{
	static const struct source_case_answer answers[] = {
	    {"/api", 200, "[]", NULL, false}, DONE};
	struct source_case *it =
	    fetch_case_make("type = okta\nurl = https://dir.example.com\n"
			    "token_file = dir\n",
		"/api/v1/users", NULL);

	source_case_run(it, answers);
	ck_assert_ptr_nonnull(strstr(
	    buffer_text(&it->headers), "Authorization: SSWS api-token\n"));
	source_case_free(it);
}
END_TEST

START_TEST(a_username_makes_http_basic_of_it)
{
	static const struct source_case_answer answers[] = {
	    {"/Users", 200, "{}", NULL, false}, DONE};
	struct source_case *it =
	    fetch_case_make(SCIM "username = reader\npassword_file = dir\n",
		"/scim/v2/Users", NULL);

	source_case_run(it, answers);
	ck_assert_ptr_nonnull(strstr(buffer_text(&it->headers),
	    "Authorization: Basic cmVhZGVyOmFwaS10b2tlbg==\n"));
	source_case_free(it);
}
END_TEST

START_TEST(configured_headers_are_sent_and_count_first)
{
	static const struct source_case_answer answers[] = {
	    {"/Users", 200, "{}", NULL, false}, DONE};
	struct source_case *it =
	    fetch_case_make(SCIM "header = Authorization: Key {{SECRET:x}}\n"
				 "header = X-Org: {{ORGID}}\n"
				 "header = Accept: application/scim+json\n",
		"/scim/v2/Users", NULL);

	secret_clear(&it->api_token);
	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	ck_assert_str_eq(buffer_text(&it->headers),
	    "Authorization: Key named-secret\nX-Org: 4711\n"
	    "Accept: application/scim+json\n");
	source_case_free(it);
}
END_TEST

START_TEST(a_secret_in_a_url_is_sent_and_not_shown)
{
	static const struct source_case_answer answers[] = {
	    {"/u/named-secret?key=named-secret", 500, "{}", NULL, true}, DONE};
	struct source_case *it = fetch_case_make("type = rest\nuser_id = /id\n"
						 "user_email = /email\n"
						 "url = https://dir.example.com"
						 "/u/{{SECRET:x}}?page=1\n",
	    "?key=named-secret", NULL);

	/* source_case looks at each trace and at the reason. */
	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_FAILED, "page 1 of users: status 500");
	source_case_free(it);
}
END_TEST

START_TEST(a_page_elsewhere_is_not_asked_for)
{
	static const char *const urls[] = {
	    "https://evil.example.com/scim/v2/Users",
	    "http://dir.example.com/scim/v2/Users",
	    "https://dir.example.com:8443/scim/v2/Users",
	    "https://dir.example.com@evil.example.com/",
	    "//evil.example.com/Users",
	    "https://dir.example.com/a b",
	    "Users?page=2",
	    "",
	    "file:///etc/passwd",
	};
	static const struct source_case_answer answers[] = {DONE};
	size_t at;

	for (at = 0; at < COUNT(urls); at++) {
		struct source_case *it = fetch_case_make(TOKEN, urls[at], NULL);

		source_case_run(it, answers);
		source_case_expect_end(it, SYNC_FAILED, "another server");
		ck_assert_uint_eq(it->requests, 0);
		source_case_free(it);
	}
}
END_TEST

START_TEST(relative_urls_are_those_of_the_source)
{
	static const char *const urls[][2] = {
	    {"/other?x=1", "GET /other?x=1\n"},
	    {"?x=1", "GET /scim/v2?x=1\n"},
	    {"//dir.example.com/y", "GET /y\n"},
	    {"https://DIR.example.com:443/y",
		"GET https://DIR.example.com:443/y\n"},
	};
	static const struct source_case_answer answers[] = {
	    {"", 200, "{}", NULL, false}, DONE};
	size_t at;

	for (at = 0; at < COUNT(urls); at++) {
		struct source_case *it =
		    fetch_case_make(TOKEN, urls[at][0], NULL);

		source_case_run(it, answers);
		source_case_expect_asked(it, urls[at][1]);
		source_case_free(it);
	}
}
END_TEST

START_TEST(a_url_that_is_too_long_is_refused)
{
	static const struct source_case_answer answers[] = {DONE};
	static char url[SOURCE_URL_MAX_BYTES + 2];
	struct source_case *it;

	memset(url, 'a', sizeof(url) - 1);
	url[0] = '/';
	it = fetch_case_make(TOKEN, url, NULL);
	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_FAILED, "too long");
	source_case_free(it);
}
END_TEST

START_TEST(a_clients_token_is_fetched_first_and_once)
{
	static const struct source_case_answer answers[] = {
	    {"/token", 200, TOKENS(",\"expires_in\":3600"), NULL, false},
	    {"/Users", 200, "{}", NULL, false},
	    {"/Users", 200, "{}", NULL, false}, DONE};
	struct source_case *it =
	    fetch_case_make(CLIENT, "/scim/v2/Users", "/scim/v2/Users?2");

	secret_clear(&it->api_token);
	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	source_case_expect_asked(it,
	    "POST https://id.example.com/token "
	    "grant_type=client_credentials&scope=users\n"
	    "GET /scim/v2/Users\nGET /scim/v2/Users?2\n");
	ck_assert_ptr_nonnull(strstr(
	    buffer_text(&it->headers), "Authorization: Bearer TOKEN-1\n"));
	source_case_free(it);
}
END_TEST

START_TEST(a_token_is_not_used_in_its_last_minute)
{
	static const struct source_case_answer answers[] = {
	    {"/token", 200, TOKENS(",\"expires_in\":62"), NULL, true},
	    {"/Users", 503, "", "Retry-After: 2", false},
	    {"/Users", 200, "{}", NULL, false}, DONE};
	struct source_case *it =
	    fetch_case_make(CLIENT, "/scim/v2/Users", NULL);

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	ck_assert_uint_eq(it->requests, 4);
	source_case_free(it);
}
END_TEST

START_TEST(a_refused_token_is_renewed_once_for_a_page)
{
	static const struct source_case_answer answers[] = {
	    {"/token", 200, TOKENS(""), NULL, true},
	    {"/Users", 401, "", NULL, true}, DONE};
	struct source_case *it =
	    fetch_case_make(CLIENT, "/scim/v2/Users", NULL);

	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_FAILED,
	    "page 1 of users: status 401: the token or the password is "
	    "refused");
	ck_assert(it->end.is_configuration);
	ck_assert_uint_eq(it->end.http_status, 401);
	ck_assert_uint_eq(it->requests, 4);
	source_case_free(it);
}
END_TEST

struct token_case {
	unsigned status;
	const char *body;
	const char *reason;
	bool is_configuration;
	unsigned requests;
};

START_TEST(what_is_no_token_ends_the_reading)
{
	static const struct token_case cases[] = {
	    {401, "{\"error\":\"invalid_client\"}", "token: invalid_client",
		true, 1},
	    {400,
		"{\"error\":\"invalid_client\",\"error_description\":\"no "
		"client-secret\"}",
		"token: status 400", true, 1},
	    {200, "{}", "token: the answer holds no token", true, 1},
	    {200, "<html>", "token: the answer is not JSON", false, 1},
	    {503, "", "token: status 503", false, SOURCE_TRIES_MAX},
	    {302, "", "token: status 302", true, 1},
	};
	size_t at;

	for (at = 0; at < COUNT(cases); at++) {
		const struct source_case_answer answers[] = {
		    {"/token", cases[at].status, cases[at].body, NULL, true},
		    DONE};
		struct source_case *it =
		    fetch_case_make(CLIENT, "/scim/v2/Users", NULL);

		source_case_run(it, answers);
		source_case_expect_end(it, SYNC_FAILED, cases[at].reason);
		ck_assert_int_eq(
		    it->end.is_configuration, cases[at].is_configuration);
		ck_assert_uint_eq(it->requests, cases[at].requests);
		source_case_free(it);
	}
}
END_TEST

START_TEST(what_a_machine_takes_is_a_page)
{
	static const struct source_case_answer answers[] = {
	    {"/Users", 304, "", NULL, false},
	    {"/Users", 200, "a;b", NULL, false}, DONE};
	static const struct source_case_answer refusals[] = {
	    {"/Users", 410, "", NULL, false},
	    {"/Users", 400, "{}", NULL, false}, DONE};
	struct source_case *it =
	    fetch_case_make(TOKEN, "/scim/v2/Users", "/scim/v2/Users");

	fetch_case_wishes.condition = "\"etag\"";
	fetch_case_wishes.takes_any_body = true;
	source_case_run(it, answers);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	ck_assert_ptr_nonnull(
	    strstr(buffer_text(&it->headers), "If-None-Match: \"etag\"\n"));
	fetch_case_wishes.takes_refusal = true;
	source_case_run(it, refusals);
	source_case_expect_end(it, SYNC_COMPLETE, "");
	source_case_free(it);
}
END_TEST

START_TEST(urls_are_made_of_encoded_parts)
{
	cleanup_buffer struct buffer url = buffer_make(64);

	ck_assert_ok(buffer_append_text(&url, "https://x"));
	ck_assert_ok(source_url_segment(&url, "a/b"));
	ck_assert_ok(source_url_query(&url, "filter", "a eq \"b\""));
	ck_assert_ok(source_url_query(&url, "$top", "9"));
	ck_assert_str_eq(buffer_text(&url),
	    "https://x/a%2Fb?filter=a%20eq%20%22b%22&%24top=9");
	ck_assert_int_eq(source_url_query(&url, "long",
			     "0123456789012345678901234567890123456789"),
	    EXTAUTH_TOOBIG);
	ck_assert_int_eq(source_url_segment(&url, ".."), EXTAUTH_INVALID);
	source_fetch_clear(NULL);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    a_page_is_asked_for_with_the_token,
	    okta_has_its_own_kind_of_token,
	    a_username_makes_http_basic_of_it,
	    configured_headers_are_sent_and_count_first,
	    a_secret_in_a_url_is_sent_and_not_shown,
	    a_page_elsewhere_is_not_asked_for,
	    relative_urls_are_those_of_the_source,
	    a_url_that_is_too_long_is_refused,
	    a_clients_token_is_fetched_first_and_once,
	    a_token_is_not_used_in_its_last_minute,
	    a_refused_token_is_renewed_once_for_a_page,
	    what_is_no_token_ends_the_reading,
	    what_a_machine_takes_is_a_page,
	    urls_are_made_of_encoded_parts,
	    NULL,
	};

	return unit_run("source_fetch", tests);
}

/* SPDX-License-Identifier: MIT */
#include "draft.h"

#include <string.h>

#include "exchange_case.h"
#include "unit.h"

static struct secret
make_secret(const char *text)
{
	struct secret secret = {0};

	ck_assert_ok(secret_set(&secret, text, strlen(text)));
	return secret;
}

static const char *
header(const struct request *request, const char *name)
{
	size_t length = strlen(name);
	size_t at;

	for (at = 0; at < request->header_count; at++) {
		const char *line = buffer_text(&request->headers[at]);

		if (strncmp(line, name, length) == 0 && line[length] == ':')
			return line + length + 2;
	}
	return "";
}

START_TEST(form_is_encoded_and_its_twin_is_masked)
{
	cleanup_secret struct secret password =
	    make_secret("a b+c&d=e/\xc3\xa9%");
	cleanup_step struct step step = {0};
	struct extauth_error error = {0};
	struct draft draft = draft_make(DRAFT_FORM, "https://id.example/token");

	draft_field(&draft, "username", "alice@example.com");
	draft_password(&draft, "password", &password);
	ck_assert_ok(draft_end(&draft, &step, &error));
	ck_assert_int_eq(step.kind, STEP_REQUEST);
	ck_assert_int_eq(step.request.method, CONFIG_POST);
	ck_assert(step.request.bears_password);
	ck_assert_str_eq(buffer_text(&step.request.body),
	    "username=alice%40example.com&"
	    "password=a%20b%2Bc%26d%3De%2F%C3%A9%25");
	ck_assert_str_eq(buffer_text(&step.masked.body),
	    "username=alice%40example.com&password=MASKED");
	ck_assert_str_eq(header(&step.request, "Content-Type"),
	    "application/x-www-form-urlencoded");
	ck_assert_str_eq(header(&step.request, "Accept"), "application/json");
	ck_assert_ptr_null(draft.request.headers);
}
END_TEST

START_TEST(json_nests_and_is_escaped)
{
	cleanup_secret struct secret token = make_secret("t\"\\");
	cleanup_step struct step step = {0};
	struct extauth_error error = {0};
	struct draft draft = draft_make(DRAFT_JSON, "https://id.example/a");

	draft_open(&draft, "options");
	draft_literal(&draft, "warn", "true");
	draft_field(&draft, "n", "1");
	draft_close(&draft);
	draft_secret_field(&draft, "stateToken", &token);
	draft_field(&draft, "q\"", "x");
	ck_assert_ok(draft_end(&draft, &step, &error));
	ck_assert_str_eq(buffer_text(&step.request.body),
	    "{\"options\":{\"warn\":true,\"n\":\"1\"},"
	    "\"stateToken\":\"t\\\"\\\\\",\"q\\\"\":\"x\"}");
	ck_assert_str_eq(buffer_text(&step.masked.body),
	    "{\"options\":{\"warn\":true,\"n\":\"1\"},"
	    "\"stateToken\":\"MASKED\",\"q\\\"\":\"x\"}");
	ck_assert(!step.request.bears_password);
}
END_TEST

START_TEST(path_and_query_are_percent_encoded)
{
	cleanup_step struct step step = {0};
	struct extauth_error error = {0};
	struct draft draft = draft_make(DRAFT_NONE, "https://id.example/v1");

	draft_segment(&draft, "users");
	draft_segment(&draft, "a/b?c");
	draft_query(&draft, "filter", "email eq \"a@b\"");
	draft_field(&draft, "limit", "2");
	ck_assert_ok(draft_end(&draft, &step, &error));
	ck_assert_int_eq(step.request.method, CONFIG_GET);
	ck_assert(!step.request.has_body);
	ck_assert_str_eq(buffer_text(&step.request.url),
	    "https://id.example/v1/users/a%2Fb%3Fc"
	    "?filter=email%20eq%20%22a%40b%22&limit=2");
}
END_TEST

START_TEST(authorization_is_masked)
{
	cleanup_secret struct secret secret = make_secret("s");
	cleanup_step struct step step = {0};
	struct extauth_error error = {0};
	struct draft draft = draft_make(DRAFT_NONE, "https://id.example/");

	draft_basic(&draft, "client", &secret);
	draft_secret_header(&draft, "X-Token", "SSWS ", &secret);
	ck_assert_ok(draft_end(&draft, &step, &error));
	ck_assert_str_eq(
	    header(&step.request, "Authorization"), "Basic Y2xpZW50OnM=");
	ck_assert_str_eq(header(&step.masked, "Authorization"), "Basic MASKED");
	ck_assert_str_eq(header(&step.request, "X-Token"), "SSWS s");
	ck_assert_str_eq(header(&step.masked, "X-Token"), "SSWS MASKED");
}
END_TEST

START_TEST(first_failure_is_told_and_nothing_is_left)
{
	static const char *const segments[] = {"", ".", ".."};
	struct extauth_error error = {0};
	cleanup_step struct step step = {0};
	size_t at;

	for (at = 0; at < sizeof(segments) / sizeof(*segments); at++) {
		struct draft draft = draft_make(DRAFT_NONE, "https://a/");

		draft_segment(&draft, segments[at]);
		draft_query(&draft, "later", "x");
		ck_assert_int_eq(
		    draft_end(&draft, &step, &error), EXTAUTH_INVALID);
		ck_assert_str_ne(error.text, "");
		ck_assert_ptr_null(draft.request.headers);
	}
	ck_assert_int_eq(step.kind, STEP_VERDICT);
}
END_TEST

START_TEST(value_that_no_place_can_hold_is_refused)
{
	struct extauth_error error = {0};
	cleanup_step struct step step = {0};
	struct draft draft = draft_make(DRAFT_NONE, "https://a/");

	draft_header(&draft, "X", "a\r\nY: b");
	ck_assert_int_eq(draft_end(&draft, &step, &error), EXTAUTH_INVALID);
	draft = draft_make(DRAFT_JSON, "https://a/");
	draft_field(&draft, "n", "\xff");
	ck_assert_int_eq(draft_end(&draft, &step, &error), EXTAUTH_INVALID);
	draft_clear(NULL);
}
END_TEST

#define FIELDS                                                                 \
	"type = oauth2\ntoken_url = https://id.example/token\n"                \
	"client_id = c\nfield = realm: {{ORGID}} x\nfield = b: 2\n"

START_TEST(configured_fields_are_filled_and_encoded)
{
	struct exchange_case *one = exchange_case_make(FIELDS, "x");
	cleanup_step struct step step = {0};
	struct extauth_error error = {0};
	struct draft draft = draft_make(DRAFT_FORM, "https://id.example/");

	draft_configured_fields(&draft, &one->login, &one->provider->fields);
	ck_assert_ok(draft_end(&draft, &step, &error));
	ck_assert_str_eq(buffer_text(&step.request.body), "realm=4711%20x&b=2");
	exchange_case_free(one);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    form_is_encoded_and_its_twin_is_masked,
	    json_nests_and_is_escaped,
	    path_and_query_are_percent_encoded,
	    authorization_is_masked,
	    first_failure_is_told_and_nothing_is_left,
	    value_that_no_place_can_hold_is_refused,
	    configured_fields_are_filled_and_encoded,
	    NULL,
	};

	return unit_run("draft", tests);
}

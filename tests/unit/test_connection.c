/* SPDX-License-Identifier: MIT */
#include "connection.h"

#include <stdlib.h>
#include <string.h>

#include "exchange_case.h"
#include "provider_rest.h"
#include "unit.h"

#define TWO_STEPS                                                              \
	"type = rest\nurl = https://id.example/{{CONNECTION:/path}}/login\n"   \
	"connection = request\nconnection_url = https://id.example/begin\n"    \
	"connection_body = {\"org\": \"{{ORGID}}\"}\n"                         \
	"header = X-Session: {{CONNECTION:/session/id}}\n"                     \
	"body = {\"n\": \"{{CONNECTION:/number}}\", "                          \
	"\"email\": \"{{USEREMAIL}}\", \"password\": \"{{USERPASSWORD}}\"}\n"  \
	"identity = /email\n"

#define TOKEN_FIRST                                                            \
	"type = rest\nurl = https://id.example/login\n"                        \
	"connection = oauth2_client_credentials\n"                             \
	"token_url = https://id.example/token\nclient_id = machine\n"          \
	"client_secret_file = machine\n"

#define GOOD "{\"path\":\"a b\",\"session\":{\"id\":\"s1\"},\"number\":42}"

/* Gives the machine an answer; its next step is the caller's. */
static enum extauth_err
answer(struct exchange_case *one, unsigned status, const char *body,
    struct step *ret_step)
{
	cleanup_event struct event event = {.kind = EVENT_RESPONSE};
	struct extauth_error error = {0};

	event.response.status = status;
	event.response.body = buffer_make(RESPONSE_BODY_MAX_BYTES);
	ck_assert_ok(buffer_append_text(&event.response.body, body));
	return provider_rest()->next(&one->login, &event, ret_step, &error);
}

static struct exchange_case *
begin(const char *keys, struct step *ret_step)
{
	struct exchange_case *one = exchange_case_make(keys, "hunter2");
	struct extauth_error error = {0};

	one->login.memory = calloc(1, provider_rest()->memory_bytes);
	ck_assert_ptr_nonnull(one->login.memory);
	ck_assert_ok(provider_rest()->start(&one->login, ret_step, &error));
	return one;
}

static void
end(struct exchange_case *one)
{
	provider_rest()->forget(one->login.memory);
	free(one->login.memory);
	exchange_case_free(one);
}

START_TEST(first_answer_s_values_go_into_the_second_request)
{
	cleanup_step struct step first = {0};
	cleanup_step struct step second = {0};
	cleanup_step struct step last = {0};
	struct exchange_case *one = begin(TWO_STEPS, &first);

	ck_assert_str_eq(
	    buffer_text(&first.request.url), "https://id.example/begin");
	ck_assert_str_eq(
	    buffer_text(&first.request.body), "{\"org\": \"4711\"}");
	ck_assert(!first.request.bears_password);
	ck_assert_ok(answer(one, 200, GOOD, &second));
	ck_assert_int_eq(second.kind, STEP_REQUEST);
	ck_assert_str_eq(
	    buffer_text(&second.request.url), "https://id.example/a%20b/login");
	ck_assert_str_eq(
	    buffer_text(&second.request.headers[0]), "X-Session: s1");
	ck_assert_str_eq(
	    buffer_text(&second.masked.headers[0]), "X-Session: MASKED");
	ck_assert_str_eq(buffer_text(&second.request.body),
	    "{\"n\": \"42\", \"email\": \"alice@example.com\", "
	    "\"password\": \"hunter2\"}");
	ck_assert(second.request.bears_password);
	ck_assert_ok(
	    answer(one, 200, "{\"email\":\"alice@example.com\"}", &last));
	ck_assert_int_eq(last.outcome.verdict, VERDICT_ACCEPTED);
	end(one);
}
END_TEST

START_TEST(answer_about_somebody_else_is_refused)
{
	static const char *const answers[] = {"{\"email\":\"bob@example.com\"}",
	    "{}", "[]", "null", "", "<html>"};
	size_t at;

	for (at = 0; at < sizeof(answers) / sizeof(*answers); at++) {
		cleanup_step struct step step = {0};
		cleanup_step struct step second = {0};
		cleanup_step struct step last = {0};
		struct exchange_case *one = begin(TWO_STEPS, &step);

		ck_assert_ok(answer(one, 200, GOOD, &second));
		ck_assert_ok(answer(one, 200, answers[at], &last));
		ck_assert_int_eq(last.kind, STEP_VERDICT);
		ck_assert_int_eq(last.outcome.verdict, VERDICT_REJECTED);
		ck_assert_str_ne(last.outcome.reason, "");
		end(one);
	}
}
END_TEST

struct refused_connection {
	const char *keys;
	unsigned status;
	const char *body;
	enum verdict verdict;
};

/* What the connection says is never about the person. */
static const struct refused_connection refused[] = {
    {TWO_STEPS, 401, "{}", VERDICT_MISCONFIGURED},
    {TWO_STEPS, 403, "", VERDICT_MISCONFIGURED},
    {TWO_STEPS, 204, "", VERDICT_MISCONFIGURED},
    {TWO_STEPS, 404, "", VERDICT_MISCONFIGURED},
    {TWO_STEPS, 302, "", VERDICT_MISCONFIGURED},
    {TWO_STEPS, 429, "", VERDICT_THROTTLED},
    {TWO_STEPS, 503, "", VERDICT_UNAVAILABLE},
    {TWO_STEPS, 200, "<html>", VERDICT_UNAVAILABLE},
    {TWO_STEPS, 200, GOOD GOOD, VERDICT_UNAVAILABLE},
    {TOKEN_FIRST, 401, "{\"error\":\"invalid_client\"}", VERDICT_MISCONFIGURED},
    {TOKEN_FIRST, 400, "{\"error\":\"invalid_grant\"}", VERDICT_MISCONFIGURED},
    {TOKEN_FIRST, 429, "", VERDICT_THROTTLED},
    {TOKEN_FIRST, 500, "", VERDICT_UNAVAILABLE},
};

START_TEST(connection_that_fails_refuses_no_person)
{
	size_t at;

	for (at = 0; at < sizeof(refused) / sizeof(*refused); at++) {
		cleanup_step struct step step = {0};
		cleanup_step struct step last = {0};
		struct exchange_case *one = begin(refused[at].keys, &step);

		ck_assert_ok(
		    answer(one, refused[at].status, refused[at].body, &last));
		ck_assert_int_eq(last.kind, STEP_VERDICT);
		ck_assert_msg(last.outcome.verdict == refused[at].verdict,
		    "%u %s: %s", refused[at].status, refused[at].body,
		    verdict_name(last.outcome.verdict));
		end(one);
	}
}
END_TEST

START_TEST(value_that_is_missing_is_named)
{
	cleanup_step struct step step = {0};
	cleanup_step struct step last = {0};
	struct exchange_case *one = begin(TWO_STEPS, &step);

	ck_assert_int_eq(
	    answer(one, 200, "{\"path\":\"a\",\"number\":1}", &last),
	    EXTAUTH_CONFIG);
	ck_assert_int_eq(last.kind, STEP_VERDICT);
	end(one);
}
END_TEST

START_TEST(client_credentials_become_a_bearer_token)
{
	cleanup_step struct step step = {0};
	cleanup_step struct step second = {0};
	cleanup_step struct step last = {0};
	struct exchange_case *one = begin(TOKEN_FIRST, &step);
	size_t at;
	bool is_bearer = false;

	ck_assert_str_eq(
	    buffer_text(&step.request.url), "https://id.example/token");
	ck_assert_str_eq(
	    buffer_text(&step.request.body), "grant_type=client_credentials");
	ck_assert_ok(answer(one, 200,
	    "{\"access_token\":\"T1\",\"token_type\":\"bearer\"}", &second));
	for (at = 0; at < second.request.header_count; at++)
		is_bearer |= strcmp(buffer_text(&second.request.headers[at]),
				 "Authorization: Bearer T1") == 0;
	ck_assert(is_bearer);
	ck_assert_ok(answer(one, 200, "", &last));
	ck_assert_int_eq(last.outcome.verdict, VERDICT_ACCEPTED);
	end(one);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    first_answer_s_values_go_into_the_second_request,
	    answer_about_somebody_else_is_refused,
	    connection_that_fails_refuses_no_person,
	    value_that_is_missing_is_named,
	    client_credentials_become_a_bearer_token,
	    NULL,
	};

	return unit_run("connection", tests);
}

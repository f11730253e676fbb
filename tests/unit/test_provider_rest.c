/* SPDX-License-Identifier: MIT */
#include "provider_rest.h"

#include <stdio.h>
#include <string.h>

#include "drive.h"
#include "exchange_case.h"
#include "provider.h"
#include "unit.h"

#define REST "type = rest\nurl = https://id.example.com/login\n"
#define FORGOT                                                                 \
	REST "forgot_password_url = "                                          \
	     "https://id.example.com/f?e={{USEREMAIL}}\n"

/* What the stand-in server does, and what was seen of it. */
struct server {
	unsigned status; /* 0: no answer */
	const char *body;
	unsigned requests;
	unsigned lines;
	char url[128];
};

static enum extauth_err
server_perform(void *context, const struct request *request,
    struct event *ret_event, struct extauth_error *error)
{
	struct server *server = context;

	(void)error;
	server->requests++;
	(void)snprintf(
	    server->url, sizeof(server->url), "%s", buffer_text(&request->url));
	if (server->status == 0) {
		(void)snprintf(ret_event->failure.reason,
		    sizeof(ret_event->failure.reason), "TLS");
		(void)snprintf(ret_event->failure.tls,
		    sizeof(ret_event->failure.tls), "self-signed cn=x");
		return EXTAUTH_OK;
	}
	ret_event->kind = EVENT_RESPONSE;
	ret_event->response.status = server->status;
	ret_event->response.body = buffer_make(RESPONSE_BODY_MAX_BYTES);
	return buffer_append_text(&ret_event->response.body, server->body);
}

static void
server_trace(void *context, const char *line)
{
	struct server *server = context;

	ck_assert_ptr_null(strstr(line, "hunter2"));
	server->lines++;
}

static struct login_outcome
ask(const char *keys, enum frame_type job, struct server *server, bool is_dry)
{
	const struct drive_hands hands = {
	    .context = server,
	    .perform = server_perform,
	    .trace = server_trace,
	    .is_dry_run = is_dry,
	};
	struct login_outcome outcome = {.verdict = VERDICT_ACCEPTED};
	struct exchange_case *one;

	one = exchange_case_make(keys, "hunter2");
	drive_run(
	    provider_find(one->provider, job), &one->login, &hands, &outcome);
	exchange_case_free(one);
	return outcome;
}

struct rest_case {
	const char *keys;
	unsigned status;
	const char *body;
	enum verdict verdict;
};

#define ACTIVE "accept_if = /status == \"active\"\n"
#define MARKS                                                                  \
	"expired_if = /expired\nlocked_if = /locked\n"                         \
	"second_factor_if = /mfa\nunavailable_if = /down\n"

static const struct rest_case rest_cases[] = {
    {"", 200, "", VERDICT_ACCEPTED},
    {"", 200, "<html>", VERDICT_ACCEPTED},
    {"", 201, "", VERDICT_REJECTED},
    {"", 401, "", VERDICT_REJECTED},
    {"", 403, "", VERDICT_REJECTED},
    {"", 302, "", VERDICT_MISCONFIGURED},
    {"", 404, "", VERDICT_MISCONFIGURED},
    {"", 415, "", VERDICT_MISCONFIGURED},
    {"", 429, "", VERDICT_THROTTLED},
    {"", 407, "", VERDICT_UNAVAILABLE},
    {"", 503, "", VERDICT_UNAVAILABLE},
    {"", 0, "", VERDICT_UNAVAILABLE},
    {"accept_status = 204\n", 204, "", VERDICT_ACCEPTED},
    {"accept_status = 204\n", 200, "", VERDICT_REJECTED},
    {ACTIVE, 200, "{\"status\":\"active\"}", VERDICT_ACCEPTED},
    {ACTIVE, 200, "{\"status\":\"Active\"}", VERDICT_REJECTED},
    {ACTIVE, 200, "{\"status\":[\"active\"]}", VERDICT_REJECTED},
    {ACTIVE, 200, "{}", VERDICT_REJECTED},
    {ACTIVE, 200, "", VERDICT_REJECTED},
    {ACTIVE, 200, "<html>", VERDICT_REJECTED},
    {ACTIVE, 200, "{\"status\":\"active\"", VERDICT_REJECTED},
    {ACTIVE, 200, "{\"status\":\"active\"} x", VERDICT_REJECTED},
    {ACTIVE, 200, "{\"status\":\"no\",\"status\":\"active\"}",
	VERDICT_REJECTED},
    {ACTIVE, 401, "{\"status\":\"active\"}", VERDICT_REJECTED},
    {ACTIVE, 500, "{\"status\":\"active\"}", VERDICT_UNAVAILABLE},
    {ACTIVE "accept_if = /ok == true\n", 200, "{\"status\":\"active\"}",
	VERDICT_REJECTED},
    {ACTIVE "accept_if = /ok == true\n", 200,
	"{\"status\":\"active\",\"ok\":true}", VERDICT_ACCEPTED},
    {MARKS, 401, "{\"expired\":true}", VERDICT_EXPIRED},
    {MARKS, 401, "{\"locked\":1}", VERDICT_LOCKED},
    {MARKS, 403, "{\"mfa\":\"totp\"}", VERDICT_SECOND_FACTOR_NEEDED},
    {MARKS, 400, "{\"down\":true}", VERDICT_UNAVAILABLE},
    {MARKS, 401, "{\"expired\":false}", VERDICT_REJECTED},
    {MARKS, 401, "<html>", VERDICT_REJECTED},
    {MARKS, 200, "{}", VERDICT_ACCEPTED},
    {MARKS, 200, "<html>", VERDICT_REJECTED},
    {MARKS, 200, "{\"expired\":true}", VERDICT_EXPIRED},
    {MARKS, 200, "{\"mfa\":true}", VERDICT_SECOND_FACTOR_NEEDED},
    {MARKS, 200, "{\"expired\":true,\"locked\":true}", VERDICT_EXPIRED},
    {MARKS, 404, "{\"expired\":true}", VERDICT_MISCONFIGURED},
    {MARKS, 429, "{\"locked\":true}", VERDICT_THROTTLED},
    {ACTIVE MARKS, 200, "{\"status\":\"active\",\"locked\":true}",
	VERDICT_LOCKED},
    {ACTIVE MARKS, 200, "{\"status\":\"no\",\"locked\":true}", VERDICT_LOCKED},
};

static void
check_rest_case(const struct rest_case *one)
{
	struct server server = {.status = one->status, .body = one->body};
	struct login_outcome outcome;
	char keys[1024];

	(void)snprintf(keys, sizeof(keys), REST "%s", one->keys);
	outcome = ask(keys, FRAME_LOGIN, &server, false);
	ck_assert_msg(outcome.verdict == one->verdict, "%s for %s%u %s",
	    verdict_name(outcome.verdict), one->keys, one->status, one->body);
	ck_assert_uint_eq(outcome.http_status, one->status);
	ck_assert_uint_eq(server.requests, 1);
	ck_assert(
	    (outcome.reason[0] == '\0') == (one->verdict == VERDICT_ACCEPTED));
}

START_TEST(answer_is_judged_by_status_and_conditions)
{
	size_t at;

	for (at = 0; at < sizeof(rest_cases) / sizeof(*rest_cases); at++)
		check_rest_case(&rest_cases[at]);
}
END_TEST

START_TEST(refusal_carries_the_provider_s_message)
{
	const char *keys = REST "reject_message = /error/message\n";
	struct server server = {
	    .status = 401,
	    .body = "{\"error\":{\"message\":\"No\\u0007\"}}",
	};
	struct login_outcome outcome = ask(keys, FRAME_LOGIN, &server, false);

	ck_assert_str_eq(outcome.message, "No?");
	server.status = 200;
	outcome = ask(keys, FRAME_LOGIN, &server, false);
	ck_assert_int_eq(outcome.verdict, VERDICT_ACCEPTED);
	ck_assert_str_eq(outcome.message, "");
}
END_TEST

START_TEST(failure_says_why)
{
	struct server server = {0};
	struct login_outcome outcome = ask(REST, FRAME_LOGIN, &server, false);

	ck_assert_int_eq(outcome.verdict, VERDICT_UNAVAILABLE);
	ck_assert_str_eq(outcome.reason, "TLS");
	ck_assert_str_eq(outcome.tls, "self-signed cn=x");
}
END_TEST

START_TEST(dry_run_sends_nothing)
{
	struct server server = {.status = 200, .body = ""};
	struct login_outcome outcome = ask(REST, FRAME_LOGIN, &server, true);

	ck_assert_int_eq(outcome.verdict, VERDICT_REJECTED);
	ck_assert_str_eq(outcome.reason, "dry run");
	ck_assert_uint_eq(server.requests, 0);
	ck_assert_uint_ge(server.lines, 4);
}
END_TEST

START_TEST(forgot_is_done_by_200_alone_and_grants_nothing)
{
	struct server server = {.status = 200, .body = "{}"};
	struct login_outcome outcome =
	    ask(FORGOT, FRAME_FORGOT, &server, false);

	ck_assert_int_eq(outcome.verdict, VERDICT_REJECTED);
	ck_assert_uint_eq(outcome.http_status, 200);
	ck_assert_str_eq(
	    server.url, "https://id.example.com/f?e=alice%40example.com");
	server.status = 204;
	outcome = ask(FORGOT, FRAME_FORGOT, &server, false);
	ck_assert_int_eq(outcome.verdict, VERDICT_MISCONFIGURED);
	server.status = 500;
	outcome = ask(FORGOT, FRAME_FORGOT, &server, false);
	ck_assert_int_eq(outcome.verdict, VERDICT_UNAVAILABLE);
	server.status = 0;
	outcome = ask(FORGOT, FRAME_FORGOT, &server, false);
	ck_assert_int_eq(outcome.verdict, VERDICT_UNAVAILABLE);
	outcome = ask(REST, FRAME_FORGOT, &server, false);
	ck_assert_int_eq(outcome.verdict, VERDICT_MISCONFIGURED);
}
END_TEST

START_TEST(unknown_type_has_no_machine)
{
	char type[] = "smoke-signals";
	struct config_provider provider = {.type = type};

	ck_assert_ptr_null(provider_find(&provider, FRAME_LOGIN));
	(void)snprintf(type, sizeof(type), "rest");
	ck_assert_ptr_eq(
	    provider_find(&provider, FRAME_LOGIN), provider_rest());
	ck_assert_ptr_null(provider_find(&provider, FRAME_CHANGE));
	(void)snprintf(type, sizeof(type), "basic");
	ck_assert_ptr_eq(
	    provider_find(&provider, FRAME_LOGIN), provider_rest());
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    answer_is_judged_by_status_and_conditions,
	    refusal_carries_the_provider_s_message,
	    failure_says_why,
	    dry_run_sends_nothing,
	    forgot_is_done_by_200_alone_and_grants_nothing,
	    unknown_type_has_no_machine,
	    NULL,
	};

	return unit_run("provider_rest", tests);
}

/* SPDX-License-Identifier: MIT */
#include "provider_pingone.h"

#include "ping_case.h"
#include "unit.h"

#define COUNT(cases) (sizeof(cases) / sizeof(*(cases)))

static const struct ping_case check_cases[] = {
    {200, "{\"status\":\"OK\"}", VERDICT_ACCEPTED, ""},
    {200, "{\"status\":\"OK\",\"user\":{\"id\":\"U\"}}", VERDICT_ACCEPTED, ""},
    {200, "{\"status\":\"OK\",\"user\":{\"id\":\"U9\"}}", VERDICT_REJECTED,
	"the answer is about somebody else"},
    {200, "{\"status\":\"OK\",\"user\":{\"id\":\"u\"}}", VERDICT_REJECTED,
	"the answer is about somebody else"},
    {200, "{\"status\":\"OK\",\"user\":{\"id\":7}}", VERDICT_REJECTED,
	"the answer is about somebody else"},
    {200, "{\"status\":\"OK\",\"email\":\"mallory@example.com\"}",
	VERDICT_REJECTED, "the answer is about somebody else"},
    {200, "{\"status\":\"OK\",\"email\":\"Alice@example.com\"}",
	VERDICT_ACCEPTED, ""},
    {200, "{\"status\":\"MUST_CHANGE_PASSWORD\"}", VERDICT_EXPIRED,
	"MUST_CHANGE_PASSWORD: it is to be changed"},
    {200, "{\"status\":\"PASSWORD_EXPIRED\"}", VERDICT_EXPIRED,
	"PASSWORD_EXPIRED: it is too old"},
    {200, "{\"status\":\"PASSWORD_LOCKED_OUT\"}", VERDICT_LOCKED,
	"PASSWORD_LOCKED_OUT: too many wrong passwords"},
    {200, "{\"status\":\"NO_PASSWORD\"}", VERDICT_REJECTED,
	"NO_PASSWORD: the user has no password"},
    {200, "{\"status\":\"SOMETHING_NEW\"}", VERDICT_REJECTED, "SOMETHING_NEW"},
    {200, "{\"status\":\"bob@example.com\"}", VERDICT_REJECTED, "status 200"},
    {200, "{\"status\":\"ok\"}", VERDICT_REJECTED, "ok"},
    {200, "{\"status\":\"OK\\u0000\"}", VERDICT_UNAVAILABLE,
	"the answer is no JSON object"},
    {200, "{\"status\":[\"OK\"]}", VERDICT_REJECTED, "status 200"},
    {200, "{\"status\":true}", VERDICT_REJECTED, "status 200"},
    {200, "{}", VERDICT_REJECTED, "status 200"},
    {200, "", VERDICT_UNAVAILABLE, "the answer is no JSON object"},
    {200, "null", VERDICT_UNAVAILABLE, "the answer is no JSON object"},
    {200, "[{\"status\":\"OK\"}]", VERDICT_UNAVAILABLE,
	"the answer is no JSON object"},
    {200, "<html>", VERDICT_UNAVAILABLE, "the answer is no JSON object"},
    {200, "{\"status\":\"OK\"", VERDICT_UNAVAILABLE,
	"the answer is no JSON object"},
    {200, "{\"status\":\"OK\",\"status\":\"OK\"}", VERDICT_UNAVAILABLE,
	"the answer is no JSON object"},
    {201, "{\"status\":\"OK\"}", VERDICT_REJECTED, "OK"},
    {204, "", VERDICT_REJECTED, "status 204"},
    {400, FAULT("INVALID_DATA", "INVALID_VALUE"), VERDICT_REJECTED,
	"INVALID_VALUE: the password is wrong: d"},
    {400, FAULT("INVALID_DATA", "EMPTY_VALUE"), VERDICT_REJECTED,
	"EMPTY_VALUE: a value is empty: d"},
    {400, FAULT("INVALID_DATA", "NO_PASSWORD"), VERDICT_REJECTED,
	"NO_PASSWORD: the user has no password: d"},
    {400, FAULT("INVALID_DATA", "PASSWORD_LOCKED_OUT"), VERDICT_LOCKED,
	"PASSWORD_LOCKED_OUT: too many wrong passwords: d"},
    {400, PLAIN_FAULT("PASSWORD_LOCKED_OUT"), VERDICT_LOCKED,
	"PASSWORD_LOCKED_OUT: too many wrong passwords"},
    {400, "{\"status\":\"PASSWORD_LOCKED_OUT\"}", VERDICT_LOCKED,
	"PASSWORD_LOCKED_OUT: too many wrong passwords"},
    {400,
	"{\"code\":\"INVALID_DATA\",\"details\":[{\"code\":\"INVALID_VALUE\"},"
	"{\"code\":\"PASSWORD_LOCKED_OUT\"}]}",
	VERDICT_LOCKED, "PASSWORD_LOCKED_OUT: too many wrong passwords"},
    {403, FAULT("REQUEST_FAILED", "PASSWORD_LOCKED_OUT"), VERDICT_LOCKED,
	"PASSWORD_LOCKED_OUT: too many wrong passwords: d"},
    {400, FAULT("REQUEST_FAILED", "ACCOUNT_NOT_USABLE"), VERDICT_LOCKED,
	"ACCOUNT_NOT_USABLE: the account may not be used: d"},
    {400, FAULT("REQUEST_FAILED", "MUST_CHANGE_PASSWORD"), VERDICT_EXPIRED,
	"MUST_CHANGE_PASSWORD: it is to be changed: d"},
    {400, FAULT("REQUEST_FAILED", "PASSWORD_EXPIRED"), VERDICT_EXPIRED,
	"PASSWORD_EXPIRED: it is too old: d"},
    {400, FAULT("REQUEST_FAILED", "CONSTRAINT_VIOLATION"), VERDICT_REJECTED,
	"REQUEST_FAILED: his password cannot be checked: d"},
    {400, FAULT("INVALID_DATA", "OTHER"), VERDICT_REJECTED, "OTHER: d"},
    {400, "{\"code\":\"OTHER\",\"message\":\"not alice@example.com\"}",
	VERDICT_REJECTED, "OTHER"},
    {400, "{\"code\":\"OTHER\",\"message\":\"not hunter2\"}", VERDICT_REJECTED,
	"status 400"},
    {400, PLAIN_FAULT("INVALID_REQUEST"), VERDICT_REJECTED, "INVALID_REQUEST"},
    {400, "<html>", VERDICT_REJECTED, "status 400"},
    {401, "", VERDICT_REJECTED, "status 401"},
    {403, "{}", VERDICT_REJECTED, "status 403"},
    {401, FAULT("ACCESS_FAILED", "INVALID_TOKEN"), VERDICT_MISCONFIGURED,
	"INVALID_TOKEN: the application's token: d"},
    {403, FAULT("ACCESS_FAILED", "INSUFFICIENT_PERMISSIONS"),
	VERDICT_MISCONFIGURED,
	"INSUFFICIENT_PERMISSIONS: a role is missing: d"},
    {403, PLAIN_FAULT("ACCESS_FAILED"), VERDICT_MISCONFIGURED,
	"ACCESS_FAILED: the application may not do it"},
    {400, PLAIN_FAULT("NOT_FOUND"), VERDICT_MISCONFIGURED,
	"NOT_FOUND: environment or user is not there"},
    {404, PLAIN_FAULT("NOT_FOUND"), VERDICT_MISCONFIGURED,
	"status 404: the URL or method is wrong"},
    {415, PLAIN_FAULT("INVALID_REQUEST"), VERDICT_MISCONFIGURED,
	"status 415: the URL or method is wrong"},
    {302, "{\"status\":\"OK\"}", VERDICT_MISCONFIGURED,
	"status 302: the URL or method is wrong"},
    {429,
	"{\"code\":\"REQUEST_LIMITED\",\"details\":[{\"code\":"
	"\"LIMIT_EXCEEDED\",\"innerError\":{\"retryAfter\":30}}]}",
	VERDICT_THROTTLED, "status 429: too many requests, retry after 30"},
    {429, FAULT("REQUEST_LIMITED", "QUOTA_EXCEEDED"), VERDICT_THROTTLED,
	"status 429: too many requests"},
    {429, "", VERDICT_THROTTLED, "status 429: too many requests"},
    {400, PLAIN_FAULT("REQUEST_LIMITED"), VERDICT_THROTTLED,
	"REQUEST_LIMITED: too many requests"},
    {403, PLAIN_FAULT("LIMIT_EXCEEDED"), VERDICT_THROTTLED,
	"LIMIT_EXCEEDED: too many requests"},
    {403, PLAIN_FAULT("QUOTA_EXCEEDED"), VERDICT_THROTTLED,
	"QUOTA_EXCEEDED: the quota is used up"},
    {400, PLAIN_FAULT("UNEXPECTED_ERROR"), VERDICT_UNAVAILABLE,
	"UNEXPECTED_ERROR: PingOne failed"},
    {500, PLAIN_FAULT("UNEXPECTED_ERROR"), VERDICT_UNAVAILABLE, "status 500"},
    {503, "{\"status\":\"OK\"}", VERDICT_UNAVAILABLE, "status 503"},
    {0, "timeout", VERDICT_UNAVAILABLE, "timeout"},
};

static void
check_check_cases(const struct ping_case *one)
{
	const struct server_answer answers[] = {
	    TOKEN_ANSWER, USER_ANSWER, {one->status, one->body}, NO_ANSWER};
	struct server_case *server = server_case_make(answers);
	struct login_outcome outcome =
	    ping_case_ask(provider_pingone(), PINGONE, server);

	ping_case_check(one, &outcome);
	ck_assert_uint_eq(outcome.http_status, one->status);
	ck_assert_uint_eq(server->passwords, 1);
	server_case_free(server);
}

START_TEST(each_answer_to_the_check_has_its_verdict)
{
	size_t at;

	for (at = 0; at < COUNT(check_cases); at++)
		check_check_cases(&check_cases[at]);
}
END_TEST

static const struct ping_case look_up_cases[] = {
    {200, USERS(""), VERDICT_REJECTED, "no such user"},
    {200, "{}", VERDICT_REJECTED, "no such user"},
    {200, "{\"_embedded\":{\"users\":{}}}", VERDICT_REJECTED, "no such user"},
    {200, "{\"_embedded\":{\"users\":[7]}}", VERDICT_REJECTED, "no such user"},
    {200, USERS(USER("U9", MALLORY)), VERDICT_REJECTED, "no such user"},
    {200, USERS("{\"id\":\"U\"}"), VERDICT_REJECTED, "no such user"},
    {200, USERS(USER("U", "\"email\":[\"alice@example.com\"]")),
	VERDICT_REJECTED, "no such user"},
    {200, USERS(USER("U", "\"username\":\"alice@example.com\"")),
	VERDICT_REJECTED, "no such user"},
    {200, USERS(USER("U", ALICE) "," USER("U2", ALICE)), VERDICT_REJECTED,
	"more than one user"},
    {200, USERS(USER("U", ALICE) "," USER("U", ALICE)), VERDICT_REJECTED,
	"more than one user"},
    {200,
	"{\"_links\":{\"next\":{\"href\":\"x\"}},\"_embedded\":{\"users\":"
	"[" USER("U", ALICE) "]}}",
	VERDICT_REJECTED, "more than one user"},
    {200, USERS("{" ALICE "}"), VERDICT_REJECTED, "the user has no id"},
    {200, USERS("{\"id\":7," ALICE "}"), VERDICT_REJECTED,
	"the user has no id"},
    {200, USERS(USER("", ALICE)), VERDICT_REJECTED, "the user has no id"},
    {200, USERS(USER("..", ALICE)), VERDICT_REJECTED, "the user has no id"},
    {200, USERS(USER("U/../V", ALICE)), VERDICT_REJECTED, "the user has no id"},
    {200, USERS(USER("U?x", ALICE)), VERDICT_REJECTED, "the user has no id"},
    {200,
	USERS(USER("01234567890123456789012345678901"
		   "012345678901234567890123456789012",
	    ALICE)),
	VERDICT_REJECTED, "the user has no id"},
    {200, USERS(USER("U", ALICE ",\"enabled\":false")), VERDICT_LOCKED,
	"the user is disabled"},
    {200, USERS(USER("U", ALICE ",\"enabled\":\"true\"")), VERDICT_LOCKED,
	"the user is disabled"},
    {200,
	USERS(USER("U",
	    ALICE ",\"lifecycle\":{\"status\":"
		  "\"VERIFICATION_REQUIRED\"}")),
	VERDICT_LOCKED, "the account is not set up"},
    {200, USERS(USER("U", ALICE ",\"lifecycle\":{\"status\":true}")),
	VERDICT_LOCKED, "the account is not set up"},
    {200, USERS(USER("U", ALICE ",\"account\":{\"status\":\"LOCKED\"}")),
	VERDICT_LOCKED, "the account is locked"},
    {200, "", VERDICT_UNAVAILABLE, "the answer is no JSON object"},
    {200, "<html>", VERDICT_UNAVAILABLE, "the answer is no JSON object"},
    {200, "[]", VERDICT_UNAVAILABLE, "the answer is no JSON object"},
    {201, USERS(USER("U", ALICE)), VERDICT_REJECTED, "status 201"},
    {400, FAULT("INVALID_REQUEST", "INVALID_FILTER"), VERDICT_MISCONFIGURED,
	"INVALID_FILTER: d"},
    {400, FAULT("INVALID_DATA", "INVALID_VALUE"), VERDICT_MISCONFIGURED,
	"INVALID_VALUE: the password is wrong: d"},
    {403, FAULT("ACCESS_FAILED", "ACCOUNT_NOT_USABLE"), VERDICT_MISCONFIGURED,
	"ACCOUNT_NOT_USABLE: the account may not be used: d"},
    {403, FAULT("ACCESS_FAILED", "PASSWORD_EXPIRED"), VERDICT_MISCONFIGURED,
	"PASSWORD_EXPIRED: it is too old: d"},
    {401, FAULT("ACCESS_FAILED", "INVALID_TOKEN"), VERDICT_MISCONFIGURED,
	"INVALID_TOKEN: the application's token: d"},
    {401, "", VERDICT_MISCONFIGURED, "status 401"},
    {404, "", VERDICT_MISCONFIGURED, "status 404: the URL or method is wrong"},
    {429, "", VERDICT_THROTTLED, "status 429: too many requests"},
    {500, "", VERDICT_UNAVAILABLE, "status 500"},
    {0, "timeout", VERDICT_UNAVAILABLE, "timeout"},
};

static void
check_look_up_cases(const struct ping_case *one)
{
	const struct server_answer answers[] = {
	    TOKEN_ANSWER, {one->status, one->body}, NO_ANSWER};
	struct server_case *server = server_case_make(answers);
	struct login_outcome outcome =
	    ping_case_ask(provider_pingone(), PINGONE, server);

	ping_case_check(one, &outcome);
	ck_assert_uint_eq(server->asked, 2);
	ck_assert_uint_eq(server->passwords, 0);
	server_case_free(server);
}

START_TEST(no_password_goes_out_for_a_user_who_was_not_found)
{
	size_t at;

	for (at = 0; at < COUNT(look_up_cases); at++)
		check_look_up_cases(&look_up_cases[at]);
}
END_TEST

static const struct ping_case token_cases[] = {
    {401, "{\"error\":\"invalid_client\"}", VERDICT_MISCONFIGURED, NULL},
    {400, "{\"error\":\"invalid_client\"}", VERDICT_MISCONFIGURED, NULL},
    {400, "{\"error\":\"unauthorized_client\"}", VERDICT_MISCONFIGURED, NULL},
    {400, "{\"error\":\"invalid_grant\"}", VERDICT_MISCONFIGURED, NULL},
    {400, "", VERDICT_MISCONFIGURED, NULL},
    {404, "", VERDICT_MISCONFIGURED, NULL},
    {429, "", VERDICT_THROTTLED, NULL},
    {503, "", VERDICT_UNAVAILABLE, NULL},
    {200, "<html>", VERDICT_UNAVAILABLE, NULL},
    {0, "timeout", VERDICT_UNAVAILABLE, NULL},
};

static void
check_token_cases(const struct ping_case *one)
{
	const struct server_answer answers[] = {
	    {one->status, one->body}, NO_ANSWER};
	struct server_case *server = server_case_make(answers);
	struct login_outcome outcome =
	    ping_case_ask(provider_pingone(), PINGONE, server);

	ping_case_check(one, &outcome);
	ck_assert_uint_eq(server->asked, 1);
	ck_assert_uint_eq(server->passwords, 0);
	server_case_free(server);
}

START_TEST(a_refused_application_is_no_refusal_of_a_person)
{
	size_t at;

	for (at = 0; at < COUNT(token_cases); at++)
		check_token_cases(&token_cases[at]);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    each_answer_to_the_check_has_its_verdict,
	    no_password_goes_out_for_a_user_who_was_not_found,
	    a_refused_application_is_no_refusal_of_a_person,
	    NULL,
	};

	return unit_run("provider_pingone_answers", tests);
}

/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "aptify_case.h"
#include "provider_aptify.h"
#include "unit.h"

#define COUNT(cases) (sizeof(cases) / sizeof(*(cases)))
#define NO_OBJECT "the answer is no JSON object"
#define SOMEBODY "the answer is about somebody else"
#define TELLS_NOBODY "UserInformation does not tell a user"

/* Answers to a login that end it, without a token that could be logged out. */
static const struct aptify_case refused_cases[] = {
    {200,
	"{\"LinkId\":\"\",\"ErrorInfo\":{\"ErrorType\":\"W\",\"ErrorMessage\":"
	"\"Incorrect User ID or Password\"}}",
	VERDICT_REJECTED, "ErrorInfo: Incorrect User ID or Password"},
    {401, "{\"ErrorInfo\":{\"ErrorMessage\":\"Closed\"}}", VERDICT_REJECTED,
	"ErrorInfo: Closed"},
    {200, LOGGED_IN(ALICE, ",\"ErrorInfo\":{\"ErrorMessage\":\"Closed\"}"),
	VERDICT_REJECTED, "ErrorInfo: Closed"},
    {200, LOGGED_IN(ALICE, ",\"ErrorInfo\":{\"ErrorMessage\":\"a@b\"}"),
	VERDICT_REJECTED, "ErrorInfo"},
    {200, LOGGED_IN(ALICE, ",\"ErrorInfo\":{\"ErrorMessage\":\"hunter2!\"}"),
	VERDICT_REJECTED, "status 200"},
    {200, LOGGED_IN(ALICE, ",\"ErrorInfo\":{\"ErrorMessage\":7}"),
	VERDICT_REJECTED, "ErrorInfo"},
    {200, LOGGED_IN(ALICE, ",\"ErrorInfo\":{\"ErrorMessage\":\"\"}"),
	VERDICT_REJECTED, "ErrorInfo"},
    {200, LOGGED_IN(ALICE, ",\"ErrorInfo\":{}"), VERDICT_REJECTED, "ErrorInfo"},
    {200, LOGGED_IN(ALICE, ",\"ErrorInfo\":[]"), VERDICT_REJECTED, "ErrorInfo"},
    {200, LOGGED_IN(ALICE, ",\"ErrorInfo\":\"\""), VERDICT_REJECTED,
	"ErrorInfo"},
    {200, LOGGED_IN(ALICE, ",\"ErrorInfo\":false"), VERDICT_REJECTED,
	"ErrorInfo"},
    {200, LOGGED_IN(ALICE, ",\"ErrorInfo\":0"), VERDICT_REJECTED, "ErrorInfo"},
    {200, "{" ALICE "}", VERDICT_REJECTED, "the answer has no TokenId"},
    {200, "{" ALICE ",\"TokenId\":\"\"}", VERDICT_REJECTED,
	"the answer has no TokenId"},
    {200, "{" ALICE ",\"TokenId\":null}", VERDICT_REJECTED,
	"the answer has no TokenId"},
    {200, "{" ALICE ",\"TokenId\":7}", VERDICT_REJECTED,
	"the answer has no TokenId"},
    {200, "{" ALICE ",\"TokenId\":true}", VERDICT_REJECTED,
	"the answer has no TokenId"},
    {200, "{" ALICE ",\"TokenId\":[\"T\"]}", VERDICT_REJECTED,
	"the answer has no TokenId"},
    {200, "{" ALICE ",\"TokenId\":\"T 1\"}", VERDICT_REJECTED,
	"the answer has no TokenId"},
    {200, "{" ALICE ",\"TokenId\":\"T\\r\\nX-Evil: 1\"}", VERDICT_REJECTED,
	"the answer has no TokenId"},
    {200, "{" ALICE ",\"TokenId\":\"T\xc3\xa9\"}", VERDICT_REJECTED,
	"the answer has no TokenId"},
    {200, "{" ALICE ",\"tokenid\":\"T\"}", VERDICT_REJECTED,
	"the answer has no TokenId"},
    {200, "{}", VERDICT_REJECTED, "the answer has no TokenId"},
    {200, "", VERDICT_UNAVAILABLE, NO_OBJECT},
    {200, "<html>", VERDICT_UNAVAILABLE, NO_OBJECT},
    {200, "null", VERDICT_UNAVAILABLE, NO_OBJECT},
    {200, "[" LOGGED_IN(ALICE, "") "]", VERDICT_UNAVAILABLE, NO_OBJECT},
    {200, "\"T-1\"", VERDICT_UNAVAILABLE, NO_OBJECT},
    {200, LOGGED_IN(ALICE, "") "x", VERDICT_UNAVAILABLE, NO_OBJECT},
    {200, LOGGED_IN(ALICE, ",\"TokenId\":\"T-2\""), VERDICT_UNAVAILABLE,
	NO_OBJECT},
    {201, LOGGED_IN(ALICE, ""), VERDICT_REJECTED, "status 201"},
    {204, "", VERDICT_REJECTED, "status 204"},
    {302, LOGGED_IN(ALICE, ""), VERDICT_MISCONFIGURED,
	"status 302: the URL or method is wrong"},
    {400, "", VERDICT_REJECTED, "status 400"},
    {401, "<html>", VERDICT_REJECTED, "status 401"},
    {403, LOGGED_IN(ALICE, ""), VERDICT_REJECTED, "status 403"},
    {404, "", VERDICT_MISCONFIGURED, "status 404: the URL or method is wrong"},
    {429, "", VERDICT_THROTTLED, "status 429: too many requests"},
    {500, "{\"ErrorInfo\":{\"ErrorMessage\":\"x\"}}", VERDICT_UNAVAILABLE,
	"status 500"},
    {503, LOGGED_IN(ALICE, ""), VERDICT_UNAVAILABLE, "status 503"},
    {0, "timeout", VERDICT_UNAVAILABLE, "timeout"},
};

static void
check_refused_case(const struct aptify_case *one)
{
	const struct server_answer answers[] = {
	    {one->status, one->body}, NO_ANSWER};
	struct server_case *server = server_case_make(answers);
	struct login_outcome outcome = aptify_case_ask(APTIFY, "", server);

	aptify_case_check(one, &outcome);
	ck_assert_uint_eq(outcome.http_status, one->status);
	ck_assert_uint_eq(server->asked, 1);
	server_case_free(server);
}

START_TEST(each_answer_to_the_login_has_its_verdict)
{
	size_t at;

	for (at = 0; at < COUNT(refused_cases); at++)
		check_refused_case(&refused_cases[at]);
}
END_TEST

START_TEST(the_person_may_read_what_aptify_says)
{
	const struct server_answer answers[] = {
	    {200, "{\"ErrorInfo\":{\"ErrorMessage\":\"Closed\\u001b[2J\"}}"},
	    NO_ANSWER};
	struct server_case *server = server_case_make(answers);
	struct login_outcome outcome = aptify_case_ask(APTIFY, "", server);

	ck_assert_str_eq(outcome.message, "Closed?[2J");
	ck_assert_str_eq(outcome.reason, "ErrorInfo: Closed?[2J");
	server_case_free(server);
}
END_TEST

START_TEST(conditions_sort_a_refusal)
{
	const struct server_answer answers[] = {
	    {200,
		"{\"ErrorInfo\":{\"ErrorType\":\"L\","
		"\"ErrorMessage\":\"Closed\"}}"},
	    NO_ANSWER};
	struct server_case *server = server_case_make(answers);
	struct login_outcome outcome = aptify_case_ask(
	    APTIFY "locked_if = /ErrorInfo/ErrorType == \"L\"\n", "", server);

	ck_assert_int_eq(outcome.verdict, VERDICT_LOCKED);
	ck_assert_str_eq(outcome.message, "Closed");
	server_case_free(server);
}
END_TEST

/* Whom a token belongs to; the user is registered with the external id 1. */
static const struct aptify_case identity_cases[] = {
    {200, LOGGED_IN(MALLORY, ""), VERDICT_REJECTED, SOMEBODY},
    {200, "{\"TokenId\":\"T-1\"}", VERDICT_REJECTED, SOMEBODY},
    {200, "{\"TokenId\":\"T-1\",\"Email\":\"\",\"UserName\":\"\"}",
	VERDICT_REJECTED, SOMEBODY},
    {200, "{\"TokenId\":\"T-1\",\"Email\":[\"alice@example.com\"]}",
	VERDICT_REJECTED, SOMEBODY},
    {200, "{\"TokenId\":\"T-1\",\"Email\":\"alice@example.com.evil\"}",
	VERDICT_REJECTED, SOMEBODY},
    {200, "{\"TokenId\":\"T-1\",\"Email\":\"alice\"}", VERDICT_REJECTED,
	SOMEBODY},
    {200, "{\"TokenId\":\"T-1\",\"UserId\":7," ALICE "}", VERDICT_REJECTED,
	"identity changed: registered 1, answered 7"},
    {200, "{\"TokenId\":\"T-1\",\"UserId\":\"01\"," ALICE "}", VERDICT_REJECTED,
	"identity changed: registered 1, answered 01"},
    {200, "{\"TokenId\":\"T-1\",\"UserId\":1.0," ALICE "}", VERDICT_REJECTED,
	"the answer's id is neither text nor number"},
    {200, "{\"TokenId\":\"T-1\",\"UserId\":[1]," ALICE "}", VERDICT_REJECTED,
	"the answer's id is neither text nor number"},
};

static void
check_identity_case(const struct aptify_case *one)
{
	const struct server_answer answers[] = {
	    {one->status, one->body}, LOGOUT_ANSWER, NO_ANSWER};
	struct server_case *server = server_case_make(answers);
	struct login_outcome outcome = aptify_case_ask(APTIFY, "1", server);

	aptify_case_check(one, &outcome);
	ck_assert_uint_eq(server->asked, 2);
	ck_assert_ptr_nonnull(strstr(server->requests[1], "/Logout\n"));
	server_case_free(server);
}

START_TEST(a_token_of_somebody_else_is_refused_and_logged_out)
{
	size_t at;

	for (at = 0; at < COUNT(identity_cases); at++)
		check_identity_case(&identity_cases[at]);
}
END_TEST

START_TEST(an_id_of_the_wrong_type_is_refused_for_all)
{
	const struct server_answer answers[] = {
	    {200, "{\"TokenId\":\"T-1\",\"UserId\":true," ALICE "}"},
	    LOGOUT_ANSWER, NO_ANSWER};
	struct server_case *server = server_case_make(answers);
	struct login_outcome outcome = aptify_case_ask(APTIFY, "", server);

	ck_assert_int_eq(outcome.verdict, VERDICT_REJECTED);
	ck_assert_str_eq(outcome.reason, "UserId is neither text nor number");
	server_case_free(server);
}
END_TEST

static const char *const named_cases[] = {
    "\"UserId\":1,\"Email\":\"ALICE@Example.com\"",
    "\"UserId\":\"1\",\"Email\":\"alice@example.com\"",
    "\"UserId\":1,\"UserName\":\"Alice@example.com\"",
    "\"UserId\":1,\"UserName\":\"ALICE\"",
    "\"UserId\":1,\"UserName\":\"alice\",\"Email\":\"a.smith@example.org\"",
    "\"UserName\":\"CORP\\\\alice\",\"Email\":\"alice@example.com\"",
};

static void
check_named_case(const char *who)
{
	struct server_answer answers[] = {
	    {200, NULL}, {200, NULL}, LOGOUT_ANSWER, NO_ANSWER};
	cleanup_buffer struct buffer login = buffer_make(512);
	cleanup_buffer struct buffer information = buffer_make(512);
	struct server_case *server;

	ck_assert_ok(buffer_append_format(
	    &login, "{\"TokenId\":\"T-1\",\"ErrorInfo\":null,%s}", who));
	ck_assert_ok(buffer_append_format(&information, "{%s}", who));
	answers[0].body = buffer_text(&login);
	answers[1].body = buffer_text(&information);
	server = server_case_make(answers);
	ck_assert_int_eq(
	    aptify_case_ask(APTIFY, "1", server).verdict, VERDICT_ACCEPTED);
	ck_assert_uint_eq(server->asked, 3);
	server_case_free(server);
}

START_TEST(an_email_or_a_name_tells_the_asked_user)
{
	size_t at;

	for (at = 0; at < COUNT(named_cases); at++)
		check_named_case(named_cases[at]);
}
END_TEST

static const struct aptify_case information_cases[] = {
    {200, CONFIRMED("\"UserId\":1," MALLORY), VERDICT_REJECTED, SOMEBODY},
    {200, CONFIRMED("\"UserId\":1"), VERDICT_REJECTED, SOMEBODY},
    {200, CONFIRMED("\"UserId\":9," ALICE), VERDICT_REJECTED,
	"identity changed: logged in 1, answered 9"},
    {200, CONFIRMED(ALICE), VERDICT_REJECTED,
	"identity changed: logged in 1, answered none"},
    {200, CONFIRMED("\"UserId\":[1]," ALICE), VERDICT_REJECTED,
	"UserId is neither text nor number"},
    {200, "{\"result\":\"ok\"}", VERDICT_REJECTED, SOMEBODY},
    {200, "{\"result\":\"failed\",\"userInfo\":{\"UserId\":1," ALICE "}}",
	VERDICT_REJECTED, TELLS_NOBODY},
    {200, "{\"result\":true,\"userInfo\":{\"UserId\":1," ALICE "}}",
	VERDICT_REJECTED, TELLS_NOBODY},
    {200, "{\"UserId\":1," ALICE ",\"userInfo\":[]}", VERDICT_REJECTED,
	TELLS_NOBODY},
    {200, "{\"UserId\":1," ALICE ",\"ErrorInfo\":{}}", VERDICT_REJECTED,
	TELLS_NOBODY},
    {200, CONFIRMED("\"UserId\":1," ALICE ",\"ErrorInfo\":\"\""),
	VERDICT_REJECTED, TELLS_NOBODY},
    {200, "{\"UserId\":1," ALICE ",\"userInfo\":{\"UserId\":9," MALLORY "}}",
	VERDICT_REJECTED, SOMEBODY},
    {200, "<html>", VERDICT_UNAVAILABLE, NO_OBJECT},
    {200, "[]", VERDICT_UNAVAILABLE, NO_OBJECT},
    {201, CONFIRMED("\"UserId\":1," ALICE), VERDICT_REJECTED, "status 201"},
    {401, "", VERDICT_REJECTED, "status 401"},
    {404, "", VERDICT_MISCONFIGURED, "UserInformation did not take the token"},
    {405, "", VERDICT_MISCONFIGURED, "status 405: the URL or method is wrong"},
    {429, "", VERDICT_THROTTLED, "status 429: too many requests"},
    {502, "", VERDICT_UNAVAILABLE, "status 502"},
    {0, "timeout", VERDICT_UNAVAILABLE, "timeout"},
};

static void
check_information_case(const struct aptify_case *one)
{
	const struct server_answer answers[] = {
	    LOGIN_ANSWER, {one->status, one->body}, LOGOUT_ANSWER, NO_ANSWER};
	struct server_case *server = server_case_make(answers);
	struct login_outcome outcome = aptify_case_ask(APTIFY, "", server);

	aptify_case_check(one, &outcome);
	ck_assert_uint_eq(outcome.http_status, one->status);
	ck_assert_uint_eq(server->asked, 3);
	ck_assert_ptr_nonnull(strstr(server->requests[2], "/Logout\n"));
	server_case_free(server);
}

START_TEST(user_information_can_refuse_and_the_session_ends)
{
	size_t at;

	for (at = 0; at < COUNT(information_cases); at++)
		check_information_case(&information_cases[at]);
}
END_TEST

START_TEST(user_information_grants_nothing)
{
	const struct server_answer answers[] = {
	    {200, "{\"ErrorInfo\":{\"ErrorMessage\":\"no\"}}"},
	    INFORMATION_ANSWER, NO_ANSWER};
	struct server_case *server = server_case_make(answers);

	ck_assert_int_eq(
	    aptify_case_ask(APTIFY, "", server).verdict, VERDICT_REJECTED);
	ck_assert_uint_eq(server->asked, 1);
	server_case_free(server);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    each_answer_to_the_login_has_its_verdict,
	    the_person_may_read_what_aptify_says,
	    conditions_sort_a_refusal,
	    a_token_of_somebody_else_is_refused_and_logged_out,
	    an_id_of_the_wrong_type_is_refused_for_all,
	    an_email_or_a_name_tells_the_asked_user,
	    user_information_can_refuse_and_the_session_ends,
	    user_information_grants_nothing,
	    NULL,
	};

	return unit_run("provider_aptify_answers", tests);
}

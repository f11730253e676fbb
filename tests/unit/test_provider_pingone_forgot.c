/* SPDX-License-Identifier: MIT */
#include "provider_pingone_forgot.h"

#include <string.h>

#include "ping_case.h"
#include "unit.h"

#define COUNT(cases) (sizeof(cases) / sizeof(*(cases)))

START_TEST(the_mail_is_asked_for_with_its_media_type)
{
	const struct server_answer answers[] = {
	    TOKEN_ANSWER, USER_ANSWER, {200, "{\"status\":\"OK\"}"}, NO_ANSWER};
	struct server_case *server = server_case_make(answers);
	struct login_outcome outcome =
	    ping_case_ask(provider_pingone_forgot(), PINGONE, server);

	ck_assert_int_eq(outcome.verdict, VERDICT_REJECTED);
	ck_assert_uint_eq(outcome.http_status, 200);
	ck_assert_str_eq(outcome.reason, "");
	ck_assert_str_eq(server->requests[2],
	    "POST https://api.pingone.com/v1/environments/E/users/U/password\n"
	    "Accept: application/json\n"
	    "Content-Type: application/"
	    "vnd.pingidentity.password.sendRecoveryCode+json\n"
	    "Authorization: Bearer T-1\n\n{}\n");
	ck_assert_uint_eq(server->passwords, 0);
	server_case_free(server);
}
END_TEST

START_TEST(another_media_type_can_be_configured)
{
	const struct server_answer answers[] = {
	    TOKEN_ANSWER, USER_ANSWER, {204, ""}, NO_ANSWER};
	struct server_case *server = server_case_make(answers);
	struct login_outcome outcome = ping_case_ask(provider_pingone_forgot(),
	    PINGONE "forgot_media_type = application/x-mail+json\n", server);

	ck_assert_int_eq(outcome.verdict, VERDICT_REJECTED);
	ck_assert_uint_eq(outcome.http_status, 200);
	ck_assert_ptr_nonnull(strstr(
	    server->requests[2], "\nContent-Type: application/x-mail+json\n"));
	server_case_free(server);
}
END_TEST

/* Nobody may learn from a reset mail who there is. */
static const struct ping_case unknown_cases[] = {
    {200, USERS(""), VERDICT_REJECTED, "no such user"},
    {200, USERS(USER("U9", MALLORY)), VERDICT_REJECTED, "no such user"},
    {200, USERS(USER("U", ALICE) "," USER("U2", ALICE)), VERDICT_REJECTED,
	"more than one user"},
    {200, USERS(USER("..", ALICE)), VERDICT_REJECTED, "the user has no id"},
};

static void
check_unknown_case(const struct ping_case *one)
{
	const struct server_answer answers[] = {
	    TOKEN_ANSWER, {one->status, one->body}, NO_ANSWER};
	struct server_case *server = server_case_make(answers);
	struct login_outcome outcome =
	    ping_case_ask(provider_pingone_forgot(), PINGONE, server);

	ping_case_check(one, &outcome);
	ck_assert_uint_eq(outcome.http_status, 200);
	ck_assert_uint_eq(server->asked, 2);
	server_case_free(server);
}

START_TEST(nobody_is_told_that_a_user_is_unknown)
{
	size_t at;

	for (at = 0; at < COUNT(unknown_cases); at++)
		check_unknown_case(&unknown_cases[at]);
}
END_TEST

START_TEST(an_address_that_went_to_somebody_new_gets_no_mail)
{
	const struct server_answer answers[] = {
	    TOKEN_ANSWER, USER_ANSWER, NO_ANSWER};
	struct server_case *server = server_case_make(answers);
	struct login_outcome outcome = ping_case_ask_as(
	    provider_pingone_forgot(), "alice@example.com", "U0", server);

	ck_assert_int_eq(outcome.verdict, VERDICT_REJECTED);
	ck_assert_uint_eq(outcome.http_status, 200);
	ck_assert_uint_eq(server->asked, 2);
	server_case_free(server);
}
END_TEST

static const struct ping_case look_up_cases[] = {
    {400, "", VERDICT_MISCONFIGURED, "status 400"},
    {401, FAULT("ACCESS_FAILED", "INVALID_TOKEN"), VERDICT_MISCONFIGURED,
	"INVALID_TOKEN: the application's token: d"},
    {404, "", VERDICT_MISCONFIGURED, "status 404: the URL or method is wrong"},
    {201, "{}", VERDICT_MISCONFIGURED, "status 201"},
    {429, "", VERDICT_THROTTLED, "status 429: too many requests"},
    {200, "<html>", VERDICT_UNAVAILABLE, "the answer is no JSON object"},
    {0, "timeout", VERDICT_UNAVAILABLE, "timeout"},
};

static void
check_look_up_case(const struct ping_case *one)
{
	const struct server_answer answers[] = {
	    TOKEN_ANSWER, {one->status, one->body}, NO_ANSWER};
	struct server_case *server = server_case_make(answers);
	struct login_outcome outcome =
	    ping_case_ask(provider_pingone_forgot(), PINGONE, server);

	ping_case_check(one, &outcome);
	ck_assert_uint_eq(outcome.http_status, one->status);
	server_case_free(server);
}

START_TEST(a_look_up_that_failed_is_told)
{
	size_t at;

	for (at = 0; at < COUNT(look_up_cases); at++)
		check_look_up_case(&look_up_cases[at]);
}
END_TEST

/* REJECTED counts as sent; http_status is then 200, whatever it was. */
static const struct ping_case send_cases[] = {
    {200, "", VERDICT_REJECTED, ""},
    {202, "<html>", VERDICT_REJECTED, ""},
    {299, "", VERDICT_REJECTED, ""},
    {400, FAULT("REQUEST_FAILED", "ACCOUNT_NOT_USABLE"), VERDICT_REJECTED,
	"ACCOUNT_NOT_USABLE: the account may not be used: d"},
    {400, FAULT("INVALID_DATA", "NO_PASSWORD"), VERDICT_REJECTED,
	"NO_PASSWORD: the user has no password: d"},
    {400, FAULT("INVALID_DATA", "PASSWORD_EXPIRED"), VERDICT_REJECTED,
	"PASSWORD_EXPIRED: it is too old: d"},
    {400, FAULT("REQUEST_FAILED", "CONSTRAINT_VIOLATION"), VERDICT_REJECTED,
	"REQUEST_FAILED: his password cannot be checked: d"},
    {400, PLAIN_FAULT("INVALID_REQUEST"), VERDICT_MISCONFIGURED,
	"INVALID_REQUEST"},
    {403, "", VERDICT_MISCONFIGURED, "status 403"},
    {403, PLAIN_FAULT("ACCESS_FAILED"), VERDICT_MISCONFIGURED,
	"ACCESS_FAILED: the application may not do it"},
    {404, "", VERDICT_MISCONFIGURED, "status 404: the URL or method is wrong"},
    {415, PLAIN_FAULT("INVALID_REQUEST"), VERDICT_MISCONFIGURED,
	"status 415: the URL or method is wrong"},
    {302, "", VERDICT_MISCONFIGURED, "status 302: the URL or method is wrong"},
    {100, "", VERDICT_MISCONFIGURED, "status 100"},
    {429, "", VERDICT_THROTTLED, "status 429: too many requests"},
    {400, PLAIN_FAULT("LIMIT_EXCEEDED"), VERDICT_THROTTLED,
	"LIMIT_EXCEEDED: too many requests"},
    {408, PLAIN_FAULT("NO_PASSWORD"), VERDICT_UNAVAILABLE, "status 408"},
    {500, "", VERDICT_UNAVAILABLE, "status 500"},
    {0, "timeout", VERDICT_UNAVAILABLE, "timeout"},
};

static void
check_send_case(const struct ping_case *one)
{
	const struct server_answer answers[] = {
	    TOKEN_ANSWER, USER_ANSWER, {one->status, one->body}, NO_ANSWER};
	struct server_case *server = server_case_make(answers);
	struct login_outcome outcome =
	    ping_case_ask(provider_pingone_forgot(), PINGONE, server);

	ping_case_check(one, &outcome);
	ck_assert_uint_eq(outcome.http_status,
	    one->verdict == VERDICT_REJECTED ? 200 : one->status);
	server_case_free(server);
}

START_TEST(what_is_known_of_a_user_stays_in_the_log)
{
	size_t at;

	for (at = 0; at < COUNT(send_cases); at++)
		check_send_case(&send_cases[at]);
}
END_TEST

START_TEST(a_refused_application_is_told)
{
	const struct server_answer answers[] = {
	    {401, "{\"error\":\"invalid_client\"}"}, NO_ANSWER};
	struct server_case *server = server_case_make(answers);
	struct login_outcome outcome =
	    ping_case_ask(provider_pingone_forgot(), PINGONE, server);

	ck_assert_int_eq(outcome.verdict, VERDICT_MISCONFIGURED);
	ck_assert_uint_eq(server->asked, 1);
	server_case_free(server);
}
END_TEST

START_TEST(a_rehearsal_shows_all_three_requests)
{
	struct exchange_case *one = exchange_case_make(PINGONE, "hunter2");
	struct server_case *server = server_case_make(NULL);
	struct login_outcome outcome;

	outcome = server_case_rehearse(server, provider_pingone_forgot(), one);
	ck_assert_str_eq(outcome.reason, "dry run");
	ck_assert_ptr_nonnull(strstr(server->trace, "/E/as/token\n"));
	ck_assert_ptr_nonnull(strstr(server->trace, "?filter=email%20eq%20"));
	ck_assert_ptr_nonnull(strstr(server->trace, "/users/ID/password\n"));
	ck_assert_ptr_nonnull(strstr(server->trace, "sendRecoveryCode+json\n"));
	exchange_case_free(one);
	server_case_free(server);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    the_mail_is_asked_for_with_its_media_type,
	    another_media_type_can_be_configured,
	    nobody_is_told_that_a_user_is_unknown,
	    an_address_that_went_to_somebody_new_gets_no_mail,
	    a_look_up_that_failed_is_told,
	    what_is_known_of_a_user_stays_in_the_log,
	    a_refused_application_is_told,
	    a_rehearsal_shows_all_three_requests,
	    NULL,
	};

	return unit_run("provider_pingone_forgot", tests);
}

/* SPDX-License-Identifier: MIT */
#include "provider_pingone.h"

#include <stdio.h>
#include <string.h>

#include "ping_case.h"
#include "unit.h"

#define COUNT(cases) (sizeof(cases) / sizeof(*(cases)))

START_TEST(token_look_up_and_check_are_exact)
{
	const struct server_answer answers[] = {TOKEN_ANSWER, USER_ANSWER,
	    {200, "{\"user\":{\"id\":\"U\"},\"status\":\"OK\"}"}, NO_ANSWER};
	struct server_case *server = server_case_make(answers);
	struct login_outcome outcome =
	    ping_case_ask(provider_pingone(), PINGONE, server);

	ck_assert_int_eq(outcome.verdict, VERDICT_ACCEPTED);
	ck_assert_uint_eq(outcome.http_status, 200);
	ck_assert_str_eq(outcome.reason, "");
	ck_assert_ptr_nonnull(strstr(
	    server->requests[0], "POST https://auth.pingone.com/E/as/token\n"));
	ck_assert_ptr_nonnull(
	    strstr(server->requests[0], "grant_type=client_credentials"));
	ck_assert_str_eq(server->requests[1],
	    "GET https://api.pingone.com/v1/environments/E/users"
	    "?filter=email%20eq%20%22alice%40example.com%22\n"
	    "Accept: application/json\nAuthorization: Bearer T-1\n");
	ck_assert_str_eq(server->requests[2],
	    "POST https://api.pingone.com/v1/environments/E/users/U/password\n"
	    "Accept: application/json\n"
	    "Content-Type: application/vnd.pingidentity.password.check+json\n"
	    "Authorization: Bearer T-1\n\n{\"password\":\"hunter2\"}\n");
	ck_assert_uint_eq(server->passwords, 1);
	server_case_free(server);
}
END_TEST

START_TEST(the_region_and_own_urls_are_obeyed)
{
	const struct server_answer answers[] = {
	    TOKEN_ANSWER, {503, ""}, NO_ANSWER};
	struct server_case *region = server_case_make(answers);
	struct server_case *own = server_case_make(answers);

	(void)ping_case_ask(
	    provider_pingone(), PINGONE "region = eu\n", region);
	ck_assert_ptr_nonnull(strstr(
	    region->requests[0], "https://auth.pingone.eu/E/as/token\n"));
	ck_assert_ptr_nonnull(
	    strstr(region->requests[1], "https://api.pingone.eu/v1/environ"));
	(void)ping_case_ask(provider_pingone(),
	    PINGONE "url = https://api.example.com/v1\n"
		    "auth_url = https://auth.example.com\n",
	    own);
	ck_assert_ptr_nonnull(
	    strstr(own->requests[0], "https://auth.example.com/E/as/token\n"));
	ck_assert_ptr_nonnull(strstr(
	    own->requests[1], "https://api.example.com/v1/environments/E/"));
	server_case_free(region);
	server_case_free(own);
}
END_TEST

START_TEST(an_email_cannot_leave_the_filter)
{
	const struct server_answer answers[] = {
	    TOKEN_ANSWER, {200, USERS("")}, NO_ANSWER};
	struct server_case *server = server_case_make(answers);

	(void)ping_case_ask_as(
	    provider_pingone(), "a\"b\\c+d&e=f@example.com", "", server);
	ck_assert_ptr_nonnull(strstr(server->requests[1],
	    "/users?filter=email%20eq%20%22a%5C%22b%5C%5Cc%2Bd%26e%3Df%40"
	    "example.com%22\n"));
	server_case_free(server);
}
END_TEST

START_TEST(a_name_can_be_looked_up_instead)
{
	const struct server_answer answers[] = {TOKEN_ANSWER,
	    {200,
		USERS(USER("U1",
		    "\"email\":\"x@example.org\","
		    "\"username\":\"ALICE\""))},
	    {200, "{\"status\":\"OK\"}"}, NO_ANSWER};
	struct server_case *server = server_case_make(answers);

	ck_assert_int_eq(ping_case_ask(provider_pingone(),
			     PINGONE "identity_is = name\n", server)
			     .verdict,
	    VERDICT_ACCEPTED);
	ck_assert_ptr_nonnull(strstr(
	    server->requests[1], "?filter=username%20eq%20%22alice%22\n"));
	ck_assert_ptr_nonnull(
	    strstr(server->requests[2], "/users/U1/password"));
	server_case_free(server);
}
END_TEST

static const char *const found_cases[] = {
    USERS(USER("U", ALICE)),
    USERS(USER("U", "\"email\":\"ALICE@Example.com\"")),
    USERS(USER("U9", MALLORY) "," USER("U", ALICE)),
    USERS(USER("U",
	ALICE ",\"enabled\":true,\"lifecycle\":{\"status\":"
	      "\"ACCOUNT_OK\"},\"account\":{\"status\":\"OK\"}")),
    USERS(USER("U", ALICE ",\"enabled\":null,\"lifecycle\":{}")),
};

static void
check_found_cases(const char *body)
{
	const struct server_answer answers[] = {
	    TOKEN_ANSWER, {200, body}, {200, "{\"status\":\"OK\"}"}, NO_ANSWER};
	struct server_case *server = server_case_make(answers);

	ck_assert_int_eq(
	    ping_case_ask(provider_pingone(), PINGONE, server).verdict,
	    VERDICT_ACCEPTED);
	ck_assert_ptr_nonnull(strstr(server->requests[2], "/users/U/password"));
	server_case_free(server);
}

START_TEST(the_asked_user_alone_is_found)
{
	size_t at;

	for (at = 0; at < COUNT(found_cases); at++)
		check_found_cases(found_cases[at]);
}
END_TEST

START_TEST(an_address_that_went_to_somebody_new_is_refused)
{
	const struct server_answer answers[] = {
	    TOKEN_ANSWER, USER_ANSWER, {200, "{\"status\":\"OK\"}"}, NO_ANSWER};
	struct server_case *server = server_case_make(answers);
	struct server_case *same = server_case_make(answers);
	struct login_outcome outcome = ping_case_ask_as(
	    provider_pingone(), "alice@example.com", "U0", server);

	ck_assert_int_eq(outcome.verdict, VERDICT_REJECTED);
	ck_assert_str_eq(
	    outcome.reason, "identity changed: registered U0, answered U");
	ck_assert_uint_eq(server->passwords, 0);
	ck_assert_int_eq(
	    ping_case_ask_as(provider_pingone(), "alice@example.com", "U", same)
		.verdict,
	    VERDICT_ACCEPTED);
	server_case_free(server);
	server_case_free(same);
}
END_TEST

START_TEST(an_answer_without_a_token_grants_nothing)
{
	const struct server_answer answers[] = {
	    {200, "{\"token_type\":\"Bearer\"}"}, NO_ANSWER};
	struct server_case *server = server_case_make(answers);

	ck_assert_int_ne(
	    ping_case_ask(provider_pingone(), PINGONE, server).verdict,
	    VERDICT_ACCEPTED);
	ck_assert_uint_eq(server->asked, 1);
	server_case_free(server);
}
END_TEST

START_TEST(conditions_sort_a_refusal)
{
	const struct server_answer answers[] = {TOKEN_ANSWER, USER_ANSWER,
	    {400, FAULT("INVALID_DATA", "INVALID_VALUE")}, NO_ANSWER};
	struct server_case *server = server_case_make(answers);
	struct login_outcome outcome = ping_case_ask(provider_pingone(),
	    PINGONE "locked_if = /details/0/message == \"d\"\n"
		    "reject_message = /message\n",
	    server);

	ck_assert_int_eq(outcome.verdict, VERDICT_LOCKED);
	ck_assert_str_eq(outcome.message, "m");
	server_case_free(server);
}
END_TEST

START_TEST(a_rehearsal_shows_all_three_requests)
{
	struct exchange_case *one = exchange_case_make(PINGONE, "hunter2");
	struct server_case *server = server_case_make(NULL);
	struct login_outcome outcome;

	(void)snprintf(
	    one->facts.external_id, sizeof(one->facts.external_id), "U-7");
	exchange_case_refill(one);
	outcome = server_case_rehearse(server, provider_pingone(), one);
	ck_assert_int_eq(outcome.verdict, VERDICT_REJECTED);
	ck_assert_str_eq(outcome.reason, "dry run");
	ck_assert_ptr_nonnull(strstr(server->trace, "/E/as/token\n"));
	ck_assert_ptr_nonnull(strstr(server->trace, "?filter=email%20eq%20"));
	ck_assert_ptr_nonnull(strstr(server->trace, "/users/U-7/password\n"));
	ck_assert_ptr_nonnull(
	    strstr(server->trace, "{\"password\":\"MASKED\"}\n"));
	exchange_case_free(one);
	server_case_free(server);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    token_look_up_and_check_are_exact,
	    the_region_and_own_urls_are_obeyed,
	    an_email_cannot_leave_the_filter,
	    a_name_can_be_looked_up_instead,
	    the_asked_user_alone_is_found,
	    an_address_that_went_to_somebody_new_is_refused,
	    an_answer_without_a_token_grants_nothing,
	    conditions_sort_a_refusal,
	    a_rehearsal_shows_all_three_requests,
	    NULL,
	};

	return unit_run("provider_pingone", tests);
}

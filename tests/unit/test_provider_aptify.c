/* SPDX-License-Identifier: MIT */
#include "provider_aptify.h"

#include <stdio.h>
#include <string.h>

#include "aptify_case.h"
#include "unit.h"

#define COUNT(cases) (sizeof(cases) / sizeof(*(cases)))
#define TOKEN_HEADER "AptifyAuthorization: Web T-1\n"

static const struct server_answer good_answers[] = {
    LOGIN_ANSWER, INFORMATION_ANSWER, LOGOUT_ANSWER, NO_ANSWER};

START_TEST(login_information_and_logout_are_exact)
{
	struct server_case *server = server_case_make(good_answers);
	struct login_outcome outcome = aptify_case_ask(APTIFY, "1", server);

	ck_assert_int_eq(outcome.verdict, VERDICT_ACCEPTED);
	ck_assert_str_eq(outcome.reason, "UserId=1 LinkId=2 CompanyId=3");
	ck_assert_uint_eq(outcome.http_status, 200);
	ck_assert_uint_eq(outcome.token.length, 0);
	ck_assert_str_eq(server->requests[0],
	    "POST " APTIFY_BASE "/Authentication/Login/Web\n"
	    "Accept: application/json\n"
	    "Content-Type: application/x-www-form-urlencoded\n\n"
	    "UserName=alice%40example.com&Password=hunter2\n");
	ck_assert_str_eq(server->requests[1],
	    "GET " APTIFY_BASE "/UserInformation\n"
	    "Accept: application/json\n" TOKEN_HEADER);
	ck_assert_str_eq(server->requests[2],
	    "GET " APTIFY_BASE "/Authentication/Logout\n"
	    "Accept: application/json\n" TOKEN_HEADER);
	ck_assert_uint_eq(server->asked, 3);
	ck_assert_uint_eq(server->passwords, 1);
	server_case_free(server);
}
END_TEST

/* How a login is asked for, by the keys. */
struct login_case {
	const char *keys;
	const char *request;
};

#define FORM_OF(login_provider)                                                \
	"POST " APTIFY_BASE "/Authentication/Login/" login_provider            \
	"\nAccept: application/json\n"                                         \
	"Content-Type: application/x-www-form-urlencoded\n\n"                  \
	"UserName=alice%40example.com&Password=hunter2"
#define QUERY_OF(login_provider)                                               \
	"GET " APTIFY_BASE "/Authentication/Login/" login_provider             \
	"?UserName=alice%40example.com&Password=hunter2\n"                     \
	"Accept: application/json\n"

static const struct login_case login_cases[] = {
    {APTIFY_KEYS("SQL") "allow_password_in_url = yes\n", QUERY_OF("SQL")},
    {APTIFY_KEYS("SQL") "login_by = form\n", FORM_OF("SQL") "\n"},
    {APTIFY_KEYS("Domain"), FORM_OF("Domain") "\n"},
    {APTIFY_KEYS("Web"), FORM_OF("Web") "\n"},
    {APTIFY_KEYS("web"), FORM_OF("web") "\n"},
    {APTIFY_KEYS("vNext"), FORM_OF("vNext") "\n"},
    {APTIFY_KEYS("eBusinessWebUser"), FORM_OF("eBusinessWebUser") "\n"},
    {APTIFY_KEYS("A b/c"), FORM_OF("A%20b%2Fc") "\n"},
    {APTIFY_KEYS("DomainWithContainer") "field = Container: Sales & Co\n",
	FORM_OF("DomainWithContainer") "&Container=Sales%20%26%20Co\n"},
    {APTIFY_KEYS("SQLNeedsInputWithContainer") "field = Server: s\n"
					       "field = Database: Aptify\n",
	FORM_OF("SQLNeedsInputWithContainer") "&Server=s&Database=Aptify\n"},
    {APTIFY "login_by = query\nallow_password_in_url = yes\n"
	    "field = Container: Sales\n",
	"GET " APTIFY_BASE "/Authentication/Login/Web"
	"?UserName=alice%40example.com&Password=hunter2&Container=Sales\n"
	"Accept: application/json\n"},
    {APTIFY "login_by = json\nfield = Container: a\"b\n",
	"POST " APTIFY_BASE "/Authentication/Login/Web\n"
	"Accept: application/json\nContent-Type: application/json\n\n"
	"{\"UserName\":\"alice@example.com\",\"Password\":\"hunter2\","
	"\"Container\":\"a\\\"b\"}\n"},
    {APTIFY "username_field = User\npassword_field = Pass\n"
	    "username = CORP\\{{USERNAME}}\n",
	"POST " APTIFY_BASE "/Authentication/Login/Web\n"
	"Accept: application/json\n"
	"Content-Type: application/x-www-form-urlencoded\n\n"
	"User=CORP%5Calice&Pass=hunter2\n"},
};

static void
check_login_case(const struct login_case *one)
{
	struct server_case *server = server_case_make(good_answers);
	struct login_outcome outcome = aptify_case_ask(one->keys, "", server);

	ck_assert_int_eq(outcome.verdict, VERDICT_ACCEPTED);
	ck_assert_str_eq(server->requests[0], one->request);
	ck_assert(server->passwords == 1 && server->username[0] == '\0');
	server_case_free(server);
}

START_TEST(each_login_provider_is_asked_in_its_way)
{
	size_t at;

	for (at = 0; at < COUNT(login_cases); at++)
		check_login_case(&login_cases[at]);
}
END_TEST

START_TEST(windows_takes_the_password_by_ntlm)
{
	struct server_case *server = server_case_make(good_answers);
	struct login_outcome outcome = aptify_case_ask(
	    APTIFY_KEYS("IIS") "username = CORP\\{{USERNAME}}\n", "", server);

	ck_assert_int_eq(outcome.verdict, VERDICT_ACCEPTED);
	ck_assert_str_eq(server->requests[0],
	    "GET " APTIFY_BASE "/Authentication/Login/IIS\n"
	    "Accept: application/json\nAuthorization: NTLM MASKED\n");
	ck_assert_str_eq(server->username, "CORP\\alice:hunter2");
	ck_assert(server->is_ntlm);
	ck_assert_uint_eq(server->passwords, 1);
	ck_assert_ptr_nonnull(
	    strstr(server->requests[1], "AptifyAuthorization: IIS T-1\n"));
	ck_assert_ptr_null(strstr(server->requests[1], "NTLM"));
	ck_assert_ptr_nonnull(
	    strstr(server->trace, "Authorization: NTLM MASKED\n"));
	server_case_free(server);
}
END_TEST

START_TEST(no_trace_shows_the_password_of_a_query)
{
	struct server_case *server = server_case_make(good_answers);

	(void)aptify_case_ask(
	    APTIFY_KEYS("SQL") "allow_password_in_url = yes\n", "", server);
	ck_assert_ptr_nonnull(strstr(
	    server->trace, "?UserName=alice%40example.com&Password=MASKED\n"));
	ck_assert_ptr_nonnull(
	    strstr(server->trace, "AptifyAuthorization: SQL MASKED\n"));
	server_case_free(server);
}
END_TEST

START_TEST(the_paths_can_be_changed)
{
	struct server_case *server = server_case_make(good_answers);

	(void)aptify_case_ask(APTIFY "user_information_path = v2/WhoAmI\n"
				     "login_path = v2/SignIn\n"
				     "logout_path = v2/Bye\n",
	    "", server);
	ck_assert_ptr_nonnull(
	    strstr(server->requests[0], "POST " APTIFY_BASE "/v2/SignIn/"));
	ck_assert_ptr_nonnull(
	    strstr(server->requests[1], "GET " APTIFY_BASE "/v2/WhoAmI\n"));
	ck_assert_ptr_nonnull(
	    strstr(server->requests[2], "GET " APTIFY_BASE "/v2/Bye\n"));
	server_case_free(server);
}
END_TEST

START_TEST(user_information_and_logout_can_be_left_out)
{
	const struct server_answer answers[] = {
	    LOGIN_ANSWER, LOGOUT_ANSWER, NO_ANSWER};
	const struct server_answer single[] = {LOGIN_ANSWER, NO_ANSWER};
	struct server_case *server = server_case_make(answers);
	struct server_case *bare = server_case_make(single);
	struct login_outcome outcome =
	    aptify_case_ask(APTIFY "user_information_path =\n", "", server);

	ck_assert_int_eq(outcome.verdict, VERDICT_ACCEPTED);
	ck_assert_ptr_nonnull(strstr(server->requests[1], "/Logout\n"));
	outcome = aptify_case_ask(
	    APTIFY "user_information_path =\nlogout_path =\n", "", bare);
	ck_assert_int_eq(outcome.verdict, VERDICT_ACCEPTED);
	ck_assert_uint_eq(bare->asked, 1);
	server_case_free(server);
	server_case_free(bare);
}
END_TEST

START_TEST(a_kept_token_is_not_logged_out)
{
	struct server_case *server = server_case_make(good_answers);
	struct login_outcome outcome =
	    aptify_case_ask(APTIFY "export_token = APTIFY_TOKEN\n", "", server);

	ck_assert_int_eq(outcome.verdict, VERDICT_ACCEPTED);
	ck_assert_str_eq(secret_reveal(&outcome.token), "T-1");
	ck_assert_uint_eq(server->asked, 2);
	login_outcome_clear(&outcome);
	server_case_free(server);
}
END_TEST

START_TEST(a_refused_login_keeps_no_token_and_no_session)
{
	const struct server_answer answers[] = {LOGIN_ANSWER,
	    {200, CONFIRMED("\"UserId\":9," MALLORY)}, LOGOUT_ANSWER,
	    NO_ANSWER};
	struct server_case *server = server_case_make(answers);
	struct login_outcome outcome =
	    aptify_case_ask(APTIFY "export_token = APTIFY_TOKEN\n", "", server);

	ck_assert_int_eq(outcome.verdict, VERDICT_REJECTED);
	ck_assert_uint_eq(outcome.token.length, 0);
	ck_assert_uint_eq(server->asked, 3);
	server_case_free(server);
}
END_TEST

static const struct aptify_case logout_cases[] = {
    {200, "", VERDICT_ACCEPTED, "UserId=1 LinkId=2 CompanyId=3"},
    {204, "", VERDICT_ACCEPTED, "UserId=1 LinkId=2 CompanyId=3"},
    {199, "", VERDICT_ACCEPTED,
	"UserId=1 LinkId=2 CompanyId=3; logout: status 199"},
    {300, "", VERDICT_ACCEPTED,
	"UserId=1 LinkId=2 CompanyId=3; logout: status 300"},
    {404, "{\"ErrorInfo\":{}}", VERDICT_ACCEPTED,
	"UserId=1 LinkId=2 CompanyId=3; logout: status 404"},
    {429, "", VERDICT_ACCEPTED,
	"UserId=1 LinkId=2 CompanyId=3; logout: status 429"},
    {500, "<html>", VERDICT_ACCEPTED,
	"UserId=1 LinkId=2 CompanyId=3; logout: status 500"},
    {0, "timeout", VERDICT_ACCEPTED,
	"UserId=1 LinkId=2 CompanyId=3; logout: timeout"},
};

static void
check_logout_case(const struct aptify_case *one)
{
	const struct server_answer answers[] = {LOGIN_ANSWER,
	    INFORMATION_ANSWER, {one->status, one->body}, NO_ANSWER};
	struct server_case *server = server_case_make(answers);
	struct login_outcome outcome = aptify_case_ask(APTIFY, "", server);

	aptify_case_check(one, &outcome);
	ck_assert_uint_eq(outcome.http_status, 200);
	server_case_free(server);
}

START_TEST(a_logout_changes_nothing_but_the_log)
{
	size_t at;

	for (at = 0; at < COUNT(logout_cases); at++)
		check_logout_case(&logout_cases[at]);
}
END_TEST

START_TEST(the_log_holds_the_ids_that_there_are)
{
	const struct server_answer answers[] = {
	    {200, "{" ALICE ",\"TokenId\":\"T-1\",\"CompanyId\":\"c 3\"}"},
	    {200, "{" ALICE "}"}, {404, ""}, NO_ANSWER};
	const struct server_answer none[] = {
	    {200, "{" ALICE ",\"TokenId\":\"T-1\",\"LinkId\":\"\"}"},
	    {200, "{" ALICE "}"}, {404, ""}, NO_ANSWER};
	struct server_case *server = server_case_make(answers);
	struct server_case *bare = server_case_make(none);

	ck_assert_str_eq(aptify_case_ask(APTIFY, "", server).reason,
	    "CompanyId=c 3; logout: status 404");
	ck_assert_str_eq(
	    aptify_case_ask(APTIFY, "", bare).reason, "logout: status 404");
	server_case_free(server);
	server_case_free(bare);
}
END_TEST

START_TEST(a_name_that_is_empty_is_not_sent)
{
	struct server_case *server = server_case_make(good_answers);
	struct login_outcome outcome = aptify_case_ask(
	    APTIFY "username = {{USEREXTERNALID}}\n", "", server);

	ck_assert_int_eq(outcome.verdict, VERDICT_REJECTED);
	ck_assert_uint_eq(server->asked, 0);
	server_case_free(server);
}
END_TEST

START_TEST(a_rehearsal_shows_all_three_requests)
{
	struct exchange_case *one = exchange_case_make(APTIFY, "hunter2");
	struct server_case *server = server_case_make(NULL);
	struct login_outcome outcome;

	(void)snprintf(
	    one->facts.external_id, sizeof(one->facts.external_id), "7");
	exchange_case_refill(one);
	outcome = server_case_rehearse(server, provider_aptify(), one);
	ck_assert_int_eq(outcome.verdict, VERDICT_REJECTED);
	ck_assert_str_eq(outcome.reason, "dry run");
	ck_assert_ptr_nonnull(strstr(server->trace, "/Login/Web\n"));
	ck_assert_ptr_nonnull(strstr(server->trace, "&Password=MASKED\n"));
	ck_assert_ptr_nonnull(strstr(server->trace, "/UserInformation\n"));
	ck_assert_ptr_nonnull(strstr(server->trace, "/Logout\n"));
	exchange_case_free(one);
	server_case_free(server);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    login_information_and_logout_are_exact,
	    each_login_provider_is_asked_in_its_way,
	    windows_takes_the_password_by_ntlm,
	    no_trace_shows_the_password_of_a_query,
	    the_paths_can_be_changed,
	    user_information_and_logout_can_be_left_out,
	    a_kept_token_is_not_logged_out,
	    a_refused_login_keeps_no_token_and_no_session,
	    a_logout_changes_nothing_but_the_log,
	    the_log_holds_the_ids_that_there_are,
	    a_name_that_is_empty_is_not_sent,
	    a_rehearsal_shows_all_three_requests,
	    NULL,
	};

	return unit_run("provider_aptify", tests);
}

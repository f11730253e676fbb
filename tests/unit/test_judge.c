/* SPDX-License-Identifier: MIT */
#include "judge.h"

#include <stdio.h>
#include <string.h>

#include "exchange_case.h"
#include "unit.h"

static struct response
make_response(unsigned status, const char *body)
{
	struct response response = {
	    .status = status, .body = buffer_make(RESPONSE_BODY_MAX_BYTES)};

	ck_assert_ok(buffer_append_text(&response.body, body));
	return response;
}

struct status_case {
	unsigned first;
	unsigned last;
	bool is_settled;
	enum verdict verdict;
};

static const struct status_case status_cases[] = {
    {0, 99, true, VERDICT_UNAVAILABLE},
    {100, 299, false, VERDICT_REJECTED},
    {300, 399, true, VERDICT_MISCONFIGURED},
    {400, 403, false, VERDICT_REJECTED},
    {404, 406, true, VERDICT_MISCONFIGURED},
    {407, 408, true, VERDICT_UNAVAILABLE},
    {409, 414, false, VERDICT_REJECTED},
    {415, 415, true, VERDICT_MISCONFIGURED},
    {416, 424, false, VERDICT_REJECTED},
    {425, 425, true, VERDICT_UNAVAILABLE},
    {426, 428, false, VERDICT_REJECTED},
    {429, 429, true, VERDICT_THROTTLED},
    {430, 499, false, VERDICT_REJECTED},
    {500, 700, true, VERDICT_UNAVAILABLE},
};

START_TEST(status_alone_never_grants)
{
	size_t at;
	unsigned status;

	for (at = 0; at < sizeof(status_cases) / sizeof(*status_cases); at++) {
		const struct status_case *one = &status_cases[at];

		for (status = one->first; status <= one->last; status++) {
			struct response response = {.status = status};
			const struct answer answer = {
			    .status = status, .response = &response};
			struct login_outcome outcome;

			ck_assert(
			    judge_status(&answer, &outcome) == one->is_settled);
			ck_assert_int_eq(outcome.verdict, one->verdict);
			ck_assert_uint_eq(outcome.http_status, status);
			ck_assert_str_ne(outcome.reason, "");
		}
	}
}
END_TEST

START_TEST(throttling_says_when_to_come_back)
{
	struct response response = {.status = 429};
	const struct answer answer = {.status = 429, .response = &response};
	struct login_outcome outcome;

	(void)snprintf(response.rate_limit_reset,
	    sizeof(response.rate_limit_reset), "1767225600");
	ck_assert(judge_status(&answer, &outcome));
	ck_assert_str_eq(outcome.reason,
	    "status 429: too many requests, reset at 1767225600");
	(void)snprintf(
	    response.retry_after, sizeof(response.retry_after), "30");
	ck_assert(judge_status(&answer, &outcome));
	ck_assert_str_eq(
	    outcome.reason, "status 429: too many requests, retry after 30");
}
END_TEST

START_TEST(body_is_read_as_json_or_not_at_all)
{
	cleanup_response struct response json =
	    make_response(200, "{\"error\":\"x\",\"n\":1}");
	cleanup_response struct response html = make_response(200, "<html>");
	cleanup_answer struct answer answer = {0};
	cleanup_answer struct answer none = {0};

	ck_assert_ok(answer_read(&json, &answer));
	ck_assert(answer.is_json);
	ck_assert_str_eq(answer_text(&answer, "/error"), "x");
	ck_assert_str_eq(answer_text(&answer, "/n"), "");
	ck_assert_ok(answer_read(&html, &none));
	ck_assert(!none.is_json);
	ck_assert_str_eq(answer_text(&none, "/error"), "");
}
END_TEST

#define CONDITIONS                                                             \
	"type = rest\nurl = https://id.example/login\n"                        \
	"expired_if = /old\nexpired_if = /expired\nlocked_if = /locked\n"      \
	"second_factor_if = /mfa\nunavailable_if = /down\n"                    \
	"reject_message = /text\n"

struct condition_case {
	enum verdict before;
	const char *body;
	enum verdict after;
	const char *message;
};

static const struct condition_case condition_cases[] = {
    {VERDICT_REJECTED, "{\"text\":\"no\"}", VERDICT_REJECTED, "no"},
    {VERDICT_REJECTED, "{\"expired\":1,\"locked\":1}", VERDICT_EXPIRED, ""},
    {VERDICT_REJECTED, "{\"locked\":true}", VERDICT_LOCKED, ""},
    {VERDICT_REJECTED, "{\"mfa\":{}}", VERDICT_SECOND_FACTOR_NEEDED, ""},
    {VERDICT_REJECTED, "{\"down\":\"y\"}", VERDICT_UNAVAILABLE, ""},
    {VERDICT_REJECTED, "expired", VERDICT_REJECTED, ""},
    {VERDICT_ACCEPTED, "{\"expired\":1}", VERDICT_EXPIRED, ""},
    {VERDICT_ACCEPTED, "{\"text\":\"yes\"}", VERDICT_ACCEPTED, ""},
    {VERDICT_THROTTLED, "{\"expired\":1}", VERDICT_THROTTLED, ""},
    {VERDICT_MISCONFIGURED, "{\"locked\":1}", VERDICT_MISCONFIGURED, ""},
};

START_TEST(answer_that_repeats_a_secret_is_shown_to_nobody)
{
	static const char *const bodies[] = {
	    "{\"text\":\"hunter2 is wrong\"}",
	    "{\"text\":\"of client-secret\"}",
	    "{\"text\":\"go\",\"ErrorInfo\":{\"ErrorMessage\":\"api-token\"}}",
	};
	struct exchange_case *one = exchange_case_make(CONDITIONS, "hunter2");
	size_t at;

	for (at = 0; at < sizeof(bodies) / sizeof(*bodies); at++) {
		cleanup_response struct response response =
		    make_response(401, bodies[at]);
		cleanup_answer struct answer answer = {0};
		struct login_outcome outcome = {.message = "api-token"};

		ck_assert_ok(answer_read(&response, &answer));
		judge_set(&outcome, VERDICT_REJECTED, "hunter2");
		judge_conditions(&one->login, &answer, &outcome);
		ck_assert_int_eq(outcome.verdict, VERDICT_REJECTED);
		ck_assert_str_eq(outcome.reason, "status 401");
		ck_assert_str_eq(outcome.message, "");
	}
	exchange_case_free(one);
}
END_TEST

START_TEST(conditions_sort_and_never_grant)
{
	struct exchange_case *one = exchange_case_make(CONDITIONS, "x");
	size_t at;

	for (at = 0; at < sizeof(condition_cases) / sizeof(*condition_cases);
	     at++) {
		const struct condition_case *row = &condition_cases[at];
		cleanup_response struct response response =
		    make_response(401, row->body);
		cleanup_answer struct answer answer = {0};
		struct login_outcome outcome = {.verdict = row->before};

		ck_assert_ok(answer_read(&response, &answer));
		judge_conditions(&one->login, &answer, &outcome);
		ck_assert_msg(outcome.verdict == row->after, "%s", row->body);
		ck_assert_str_eq(outcome.message, row->message);
	}
	exchange_case_free(one);
}
END_TEST

START_TEST(client_is_blamed_for_what_else_would_be_the_users)
{
	static const struct {
		enum verdict before;
		enum verdict after;
	} rows[] = {
	    {VERDICT_REJECTED, VERDICT_MISCONFIGURED},
	    {VERDICT_ACCEPTED, VERDICT_MISCONFIGURED},
	    {VERDICT_EXPIRED, VERDICT_MISCONFIGURED},
	    {VERDICT_LOCKED, VERDICT_MISCONFIGURED},
	    {VERDICT_SECOND_FACTOR_NEEDED, VERDICT_MISCONFIGURED},
	    {VERDICT_DENIED_BY_POLICY, VERDICT_MISCONFIGURED},
	    {VERDICT_THROTTLED, VERDICT_THROTTLED},
	    {VERDICT_UNAVAILABLE, VERDICT_UNAVAILABLE},
	    {VERDICT_MISCONFIGURED, VERDICT_MISCONFIGURED},
	    {(enum verdict)99, (enum verdict)99},
	};
	size_t at;

	for (at = 0; at < sizeof(rows) / sizeof(*rows); at++) {
		struct login_outcome outcome = {.verdict = rows[at].before};

		judge_blame_client(&outcome);
		ck_assert_int_eq(outcome.verdict, rows[at].after);
	}
}
END_TEST

/* A lone byte of time is one, too. */
START_TEST(throttling_of_a_few_seconds_is_told)
{
	struct response response = {.status = 429};
	const struct answer answer = {.status = 429, .response = &response};
	struct login_outcome outcome;

	(void)snprintf(
	    response.rate_limit_reset, sizeof(response.rate_limit_reset), "7");
	ck_assert(judge_status(&answer, &outcome));
	ck_assert_str_eq(
	    outcome.reason, "status 429: too many requests, reset at 7");
	(void)snprintf(response.retry_after, sizeof(response.retry_after), "9");
	ck_assert(judge_status(&answer, &outcome));
	ck_assert_str_eq(
	    outcome.reason, "status 429: too many requests, retry after 9");
}
END_TEST

struct json_tokener;
struct json_tokener *__real_json_tokener_new_ex(int depth);
struct json_tokener *__wrap_json_tokener_new_ex(int depth);

static bool is_memory_short;

/* By --wrap. */
struct json_tokener *
__wrap_json_tokener_new_ex(int depth)
{
	return is_memory_short ? NULL : __real_json_tokener_new_ex(depth);
}

/* Neither a refusal nor a grant: nothing was read. */
START_TEST(answer_without_memory_is_none)
{
	struct response response = make_response(200, "{}");
	struct answer answer = {0};

	is_memory_short = true;
	ck_assert_int_eq(answer_read(&response, &answer), EXTAUTH_NOMEM);
	ck_assert_ptr_null(answer.response);
	is_memory_short = false;
	ck_assert_ok(answer_read(&response, &answer));
	ck_assert(answer.is_json);
	answer_clear(&answer);
	ck_assert_uint_eq(answer.status, 0);
	ck_assert(!answer.is_json);
	ck_assert_ptr_null(answer.response);
	buffer_clear(&response.body);
}
END_TEST

START_TEST(request_without_an_answer_is_a_verdict)
{
	const struct event event = {.kind = EVENT_FAILED};
	struct step step = {.kind = STEP_WAIT};
	struct answer answer = {0};

	ck_assert_ok(answer_take(&event, &answer, &step));
	ck_assert_int_eq(step.kind, STEP_VERDICT);
	ck_assert_int_eq(step.outcome.verdict, VERDICT_UNAVAILABLE);
	ck_assert_ptr_null(answer.response);
}
END_TEST

START_TEST(reason_names_the_status)
{
	static const struct {
		unsigned status;
		const char *retry_after;
		const char *reason;
	} rows[] = {
	    {401, "9", "status 401"},
	    {404, "", "status 404: the URL or method is wrong"},
	    {503, "", "status 503"},
	    {503, "9", "status 503, retry after 9"},
	};
	size_t at;

	for (at = 0; at < sizeof(rows) / sizeof(*rows); at++) {
		struct response response = {.status = rows[at].status};
		const struct answer answer = {
		    .status = rows[at].status, .response = &response};
		struct login_outcome outcome;

		(void)snprintf(response.retry_after,
		    sizeof(response.retry_after), "%s", rows[at].retry_after);
		(void)judge_status(&answer, &outcome);
		ck_assert_str_eq(outcome.reason, rows[at].reason);
		ck_assert_uint_eq(outcome.http_status, rows[at].status);
	}
}
END_TEST

START_TEST(mailed_link_is_no_grant)
{
	struct login_outcome outcome = {.verdict = VERDICT_ACCEPTED};

	judge_set_mailed(&outcome);
	ck_assert_int_eq(outcome.verdict, VERDICT_REJECTED);
	ck_assert_uint_eq(outcome.http_status, 200);
	answer_clear(NULL);
}
END_TEST

/* Every text that a reason is made of is looked at; who has no password repeats
 * none. */
START_TEST(secret_is_seen_wherever_a_reason_comes_from)
{
	static const char *const bodies[] = {"{\"error\":\"hunter22\"}",
	    "{\"error_description\":\"hunter22\"}", "{\"status\":\"hunter22\"}",
	    "{\"code\":\"hunter22\"}", "{\"message\":\"hunter22\"}",
	    "{\"details\":[{\"code\":\"hunter22\"}]}",
	    "{\"details\":[{\"message\":\"hunter22\"}]}",
	    "{\"ErrorInfo\":{\"ErrorMessage\":\"hunter22\"}}"};
	static const char *const passwords[] = {"hunter22", ""};
	size_t at;
	size_t which;

	for (which = 0; which < 2; which++) {
		struct exchange_case *one = exchange_case_make(
		    "type = rest\nurl = https://id.example/login\n",
		    passwords[which]);

		for (at = 0; at < sizeof(bodies) / sizeof(*bodies); at++) {
			cleanup_response struct response response =
			    make_response(401, bodies[at]);
			cleanup_answer struct answer answer = {0};
			struct login_outcome outcome = {0};

			ck_assert_ok(answer_read(&response, &answer));
			ck_assert_msg(judge_hide_secrets(&one->login, &answer,
					  &outcome) == (which == 0),
			    "%s", bodies[at]);
		}
		exchange_case_free(one);
	}
}
END_TEST

START_TEST(grant_that_repeats_a_secret_stays_one)
{
	struct exchange_case *one = exchange_case_make(
	    "type = rest\nurl = https://id.example/login\n", "hunter22");
	struct response response =
	    make_response(200, "{\"message\":\"it is hunter22!\"}");
	struct login_outcome outcome = {
	    .verdict = VERDICT_ACCEPTED, .reason = "kept", .message = "told"};
	struct answer answer;

	ck_assert_ok(answer_read(&response, &answer));
	ck_assert(judge_hide_secrets(&one->login, &answer, &outcome));
	ck_assert_int_eq(outcome.verdict, VERDICT_ACCEPTED);
	ck_assert_str_eq(outcome.message, "");
	ck_assert_str_eq(outcome.reason, "kept");
	outcome.verdict = VERDICT_REJECTED;
	ck_assert(judge_hide_secrets(&one->login, &answer, &outcome));
	ck_assert_int_eq(outcome.verdict, VERDICT_REJECTED);
	ck_assert_str_eq(outcome.reason, "status 200");
	answer_clear(&answer);
	buffer_clear(&response.body);
	exchange_case_free(one);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    status_alone_never_grants,
	    throttling_says_when_to_come_back,
	    body_is_read_as_json_or_not_at_all,
	    answer_that_repeats_a_secret_is_shown_to_nobody,
	    conditions_sort_and_never_grant,
	    client_is_blamed_for_what_else_would_be_the_users,
	    throttling_of_a_few_seconds_is_told,
	    answer_without_memory_is_none,
	    request_without_an_answer_is_a_verdict,
	    reason_names_the_status,
	    mailed_link_is_no_grant,
	    secret_is_seen_wherever_a_reason_comes_from,
	    grant_that_repeats_a_secret_stays_one,
	    NULL,
	};

	return unit_run("judge", tests);
}

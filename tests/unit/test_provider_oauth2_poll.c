/* SPDX-License-Identifier: MIT */
#include "provider_oauth2.h"

#include <stdio.h>
#include <string.h>

#include "device_case.h"
#include "unit.h"

#define SLOW_DOWN "{\"error\":\"slow_down\"}"

static void
expect_wait(struct machine_case *it, uint32_t wait_ms)
{
	ck_assert_int_eq(it->step.kind, STEP_WAIT);
	ck_assert_uint_eq(it->step.wait_ms, wait_ms);
	machine_case_event(it, EVENT_WAITED);
	ck_assert_int_eq(it->step.kind, STEP_REQUEST);
	ck_assert(it->step.request.is_poll);
}

START_TEST(polls_keep_the_interval)
{
	struct machine_case *it = device_case_make_polling(DEVICE);

	machine_case_answer(it, 400, PENDING);
	expect_wait(it, 5000);
	machine_case_answer(it, 200, PENDING);
	expect_wait(it, 5000);
	machine_case_answer(it, 428, PENDING);
	expect_wait(it, 5000);
	machine_case_answer(it, 400, SLOW_DOWN);
	expect_wait(it, 10000);
	machine_case_answer(it, 400, PENDING);
	expect_wait(it, 10000);
	machine_case_answer(it, 429, SLOW_DOWN);
	expect_wait(it, 15000);
	machine_case_event(it, EVENT_FAILED);
	expect_wait(it, 30000);
	machine_case_event(it, EVENT_FAILED);
	expect_wait(it, 60000);
	machine_case_answer(it, 400, PENDING);
	expect_wait(it, 60000);
	machine_case_free(it);
}
END_TEST

struct interval_case {
	const char *rest;
	uint32_t wait_ms;
};

START_TEST(interval_of_the_server_counts)
{
	static const struct interval_case cases[] = {
	    {",\"interval\":2}", 2000},
	    {",\"interval\":0}", 1000},
	    {",\"interval\":\"9\"}", 5000},
	    {",\"interval\":-1}", 5000},
	    {",\"interval\":300}", 300000},
	    {"}", 5000},
	};
	char device[512];
	size_t at;

	for (at = 0; at < sizeof(cases) / sizeof(*cases); at++) {
		struct machine_case *it;

		(void)snprintf(device, sizeof(device),
		    "%s\"user_code\":\"W\",%s,\"expires_in\":600%s",
		    DEVICE_BEGIN, DEVICE_URI, cases[at].rest);
		it = device_case_make_polling(device);
		machine_case_answer(it, 400, PENDING);
		expect_wait(it, cases[at].wait_ms);
		machine_case_free(it);
	}
}
END_TEST

START_TEST(waiting_ends_with_the_code)
{
	struct machine_case *it = device_case_make_polling(
	    DEVICE_BEGIN "\"user_code\":\"W\"," DEVICE_URI
			 ",\"expires_in\":11,\"interval\":5}");

	machine_case_answer(it, 400, PENDING);
	expect_wait(it, 5000);
	machine_case_answer(it, 400, PENDING);
	expect_wait(it, 5000);
	machine_case_answer(it, 400, PENDING);
	machine_case_expect(it, VERDICT_REJECTED, "the code has expired");
	machine_case_free(it);
	it = device_case_make_polling(
	    DEVICE_BEGIN "\"user_code\":\"W\"," DEVICE_URI
			 ",\"expires_in\":9,\"interval\":5}");
	machine_case_event(it, EVENT_FAILED);
	machine_case_expect(it, VERDICT_REJECTED, "the code has expired");
	machine_case_free(it);
	it = device_case_make_polling(
	    DEVICE_BEGIN "\"user_code\":\"W\"," DEVICE_URI
			 ",\"expires_in\":9223372036854775807,"
			 "\"interval\":9223372036854775807}");
	machine_case_answer(it, 400, PENDING);
	expect_wait(it, 3600000);
	machine_case_free(it);
}
END_TEST

struct end_case {
	unsigned status;
	const char *body;
	enum verdict verdict;
	const char *reason;
};

static const struct end_case poll_cases[] = {
    {400, "{\"error\":\"access_denied\"}", VERDICT_REJECTED,
	"access_denied: the person refused"},
    {403, "{\"error\":\"access_denied\"}", VERDICT_REJECTED,
	"the person refused"},
    {400, "{\"error\":\"authorization_declined\"}", VERDICT_REJECTED,
	"the person refused"},
    {400, "{\"error\":\"expired_token\"}", VERDICT_REJECTED,
	"the code has expired"},
    {400, "{\"error\":\"bad_verification_code\"}", VERDICT_REJECTED,
	"the code has expired"},
    {400, "{\"error\":\"invalid_grant\"}", VERDICT_REJECTED, "invalid_grant"},
    {400, "{\"error\":\"invalid_client\"}", VERDICT_MISCONFIGURED,
	"invalid_client"},
    {400, "", VERDICT_MISCONFIGURED, "400"},
    {403, "", VERDICT_REJECTED, "403"},
    {200, "", VERDICT_UNAVAILABLE, "JSON"},
    {200, "{}", VERDICT_REJECTED, "Bearer"},
    {201, PENDING, VERDICT_REJECTED, "201"},
    {404, PENDING, VERDICT_MISCONFIGURED, "404"},
    {429, PENDING, VERDICT_THROTTLED, "429"},
    {500, PENDING, VERDICT_UNAVAILABLE, "500"},
    {503, SLOW_DOWN, VERDICT_UNAVAILABLE, "503"},
};

START_TEST(poll_s_answer_ends_the_login)
{
	size_t at;

	for (at = 0; at < sizeof(poll_cases) / sizeof(*poll_cases); at++) {
		struct machine_case *it = device_case_make_polling(DEVICE);

		machine_case_answer(
		    it, poll_cases[at].status, poll_cases[at].body);
		machine_case_expect(
		    it, poll_cases[at].verdict, poll_cases[at].reason);
		ck_assert_uint_eq(
		    it->step.outcome.http_status, poll_cases[at].status);
		machine_case_free(it);
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    polls_keep_the_interval,
	    interval_of_the_server_counts,
	    waiting_ends_with_the_code,
	    poll_s_answer_ends_the_login,
	    NULL,
	};

	return unit_run("provider_oauth2_poll", tests);
}

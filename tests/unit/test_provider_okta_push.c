/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "okta_case.h"
#include "provider_okta.h"
#include "unit.h"

#define ASK (LOGIN_CAN_ASK | LOGIN_CAN_WAIT)
#define SENT "{\"stateToken\":\"STATE-TOKEN\"}"
#define WAITING RESULT("WAITING")
#define NUMBER(number)                                                         \
	STATE("MFA_CHALLENGE",                                                 \
	    ALICE ",\"factor\":{\"factorType\":\"push\",\"_embedded\":{"       \
		  "\"challenge\":{\"correctAnswer\":" number "}}}",            \
	    ",\"factorResult\":\"WAITING\"")
#define NEXT(href)                                                             \
	STATE("MFA_CHALLENGE", ALICE,                                          \
	    ",\"factorResult\":\"WAITING\",\"_links\":{\"next\":{\"href\":"    \
	    "\"" href "\"}}")

START_TEST(the_phone_approves)
{
	struct machine_case *it = okta_case_answered(ASK, MFA(TOTP "," PUSH));

	okta_case_expect_prompt(it,
	    "Code from your authenticator app (Okta Verify), or Enter for a "
	    "request on your phone: ");
	okta_case_type(it, "");
	okta_case_expect_request(it, VERIFY("opf1"), SENT);
	ck_assert(!it->step.request.is_poll);
	machine_case_answer(it, 200, NEXT(VERIFY("opf1") "?poll=1"));
	okta_case_wait(it, 4000);
	okta_case_expect_request(it, VERIFY("opf1") "?poll=1", SENT);
	ck_assert(it->step.request.is_poll);
	machine_case_answer(it, 200, RESULT("SUCCESS"));
	okta_case_wait(it, 4000);
	machine_case_answer(it, 200, SUCCESS(ALICE));
	okta_case_end(it, VERDICT_ACCEPTED, "");
}
END_TEST

START_TEST(the_phone_needs_no_keyboard)
{
	struct machine_case *it =
	    okta_case_answered(LOGIN_CAN_WAIT, MFA(TOTP "," PUSH));

	okta_case_expect_request(it, VERIFY("opf1"), SENT);
	machine_case_answer(it, 200, WAITING);
	okta_case_wait(it, 4000);
	machine_case_answer(it, 200, NUMBER("95"));
	okta_case_end(it, VERDICT_SECOND_FACTOR_NEEDED, "nobody can be told");
}
END_TEST

/* What a factor's answer can be but a grant. */
struct factor_case {
	unsigned status;
	const char *body;
	enum verdict verdict;
	const char *reason;
};

static const struct factor_case push_answers[] = {
    {200, RESULT("REJECTED"), VERDICT_REJECTED, "refused on the phone"},
    {200, RESULT("TIMEOUT"), VERDICT_REJECTED, "not answered on the phone"},
    {200, RESULT("CANCELLED"), VERDICT_REJECTED, "was cancelled"},
    {200, RESULT("ERROR"), VERDICT_UNAVAILABLE, "cannot check"},
    {200, RESULT("PASSCODE_REPLAYED"), VERDICT_REJECTED,
	"the code was used before"},
    {200, RESULT("TIME_WINDOW_EXCEEDED"), VERDICT_REJECTED,
	"the code is too old"},
    {200, NEXT("https://evil.example.com/verify"), VERDICT_MISCONFIGURED,
	"https://evil.example.com, "},
    {200, NUMBER("\"\\u001b[2J\""), VERDICT_REJECTED, "is no number"},
    {200, NUMBER("123456789"), VERDICT_REJECTED, "is no number"},
    {200, SUCCESS(MALLORY), VERDICT_REJECTED, "somebody else"},
    {200, "{\"status\":\"MFA_CHALLENGE\",\"factorResult\":\"REJECTED\"}",
	VERDICT_REJECTED, "refused on the phone"},
    {429, ERROR("E0000109"), VERDICT_THROTTLED, "status 429"},
    {401, ERROR("E0000011"), VERDICT_REJECTED, "took too long"},
};

START_TEST(an_answer_about_the_phone_has_its_verdict)
{
	size_t at;

	for (at = 0; at < sizeof(push_answers) / sizeof(*push_answers); at++) {
		const struct factor_case *one = &push_answers[at];
		bool is_code = strstr(one->body, "PASSCODE") != NULL ||
		    strstr(one->body, "TIME_WINDOW") != NULL;
		struct machine_case *it = okta_case_answered(
		    is_code ? LOGIN_CAN_WAIT : ASK, MFA(PUSH));

		if (!is_code)
			okta_case_type(it, "push");
		machine_case_answer(it, one->status, one->body);
		okta_case_end(it, one->verdict, one->reason);
	}
}
END_TEST

START_TEST(the_number_to_choose_stands_in_a_prompt)
{
	static const char *const numbers[] = {NUMBER("95"), NUMBER("\"95\"")};
	size_t at;

	for (at = 0; at < 2; at++) {
		struct machine_case *it = okta_case_answered(ASK, MFA(PUSH));

		okta_case_expect_prompt(
		    it, "Enter for a request on your phone: ");
		okta_case_type(it, "");
		machine_case_answer(it, 200, numbers[at]);
		okta_case_expect_prompt(
		    it, "On your phone choose 95, then press Enter: ");
		okta_case_type(it, "");
		okta_case_expect_request(it, VERIFY("opf1"), SENT);
		ck_assert(it->step.request.is_poll);
		machine_case_answer(it, 200, numbers[at]);
		okta_case_wait(it, 4000);
		machine_case_answer(it, 200, SUCCESS(ALICE));
		okta_case_end(it, VERDICT_ACCEPTED, "");
	}
}
END_TEST

START_TEST(the_phone_is_waited_for_five_minutes)
{
	struct machine_case *it = okta_case_answered(ASK, MFA(PUSH));
	unsigned polls = 0;

	okta_case_type(it, "");
	machine_case_answer(it, 200, WAITING);
	while (it->step.kind == STEP_WAIT) {
		okta_case_wait(it, 4000);
		machine_case_answer(it, 200, WAITING);
		polls++;
	}
	ck_assert_uint_eq(polls, 75);
	okta_case_end(it, VERDICT_REJECTED, "not answered on the phone");
}
END_TEST

START_TEST(a_poll_that_fails_is_no_refusal)
{
	struct machine_case *it = okta_case_answered(LOGIN_CAN_WAIT, MFA(PUSH));

	machine_case_answer(it, 200, WAITING);
	okta_case_wait(it, 4000);
	machine_case_event(it, EVENT_FAILED);
	okta_case_end(it, VERDICT_UNAVAILABLE, "timeout");
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    the_phone_approves,
	    the_phone_needs_no_keyboard,
	    an_answer_about_the_phone_has_its_verdict,
	    the_number_to_choose_stands_in_a_prompt,
	    the_phone_is_waited_for_five_minutes,
	    a_poll_that_fails_is_no_refusal,
	    NULL,
	};

	return unit_run("provider_okta_push", tests);
}

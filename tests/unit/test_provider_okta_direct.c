/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "okta_case.h"
#include "provider_okta.h"
#include "unit.h"

#define ASK (LOGIN_CAN_ASK | LOGIN_CAN_WAIT)
#define APPENDED (LOGIN_HAS_CODE | LOGIN_CAN_WAIT)

#define CHALLENGE(more)                                                        \
	"{\"challenge_type\":\"http://auth0.com/oauth/grant-type/mfa-oob\","   \
	"\"oob_code\":\"OOB-TOKEN\",\"channel\":\"push\"" more "}"
#define OTP_PROMPT                                                             \
	"Code from your authenticator app, or Enter for a request on your "    \
	"phone: "
#define GRANT(type)                                                            \
	"grant_type=http%3A%2F%2Fauth0.com%2Foauth%2Fgrant-type%2Fmfa-" type
#define POLL                                                                   \
	GRANT("oob")                                                           \
	"&client_id=extauth&mfa_token=MFA-TOKEN&scope=openid%20profile"        \
	"&oob_code=OOB-TOKEN"

START_TEST(a_code_of_an_app_lets_in)
{
	struct machine_case *it = okta_case_token_answered(ASK, 403, MFA_TOKEN);

	okta_case_expect_prompt(it, OTP_PROMPT);
	okta_case_type(it, "123 456");
	okta_case_expect_request(it, TOKEN_URL,
	    GRANT("otp") "&client_id=extauth&mfa_token=MFA-TOKEN"
			 "&scope=openid%20profile&otp=123456");
	ck_assert(!it->step.request.bears_password);
	machine_case_answer_tokens(it, CLAIMS("alice@example.com"));
	okta_case_end(it, VERDICT_ACCEPTED, "");
}
END_TEST

START_TEST(a_wrong_code_can_be_typed_three_times)
{
	struct machine_case *it = okta_case_token_answered(ASK, 403, MFA_TOKEN);

	okta_case_type(it, "1");
	machine_case_answer(it, 400, FAILED("invalid_grant", "no"));
	okta_case_expect_prompt(it, "That code is wrong. " OTP_PROMPT);
	okta_case_type(it, "2");
	machine_case_answer(it, 400, FAILED("invalid_grant", "no"));
	okta_case_type(it, "3");
	machine_case_answer(it, 400, FAILED("invalid_grant", "no"));
	okta_case_end(it, VERDICT_REJECTED, "invalid_grant");
}
END_TEST

START_TEST(a_code_that_was_typed_before_is_sent_once)
{
	struct machine_case *it =
	    okta_case_token_answered(APPENDED, 403, MFA_TOKEN);

	okta_case_expect_prompt(it, "Code from your authenticator app: ");
	okta_case_type(it, "123456");
	machine_case_answer(it, 400, FAILED("invalid_grant", "no"));
	okta_case_end(it, VERDICT_REJECTED, "invalid_grant");
	it = okta_case_token_answered(APPENDED, 403, MFA_TOKEN);
	okta_case_type(it, "");
	okta_case_end(it, VERDICT_REJECTED, "no code was given");
}
END_TEST

START_TEST(another_error_than_a_wrong_code_ends_it)
{
	struct machine_case *it = okta_case_token_answered(ASK, 403, MFA_TOKEN);

	okta_case_type(it, "1");
	machine_case_answer(it, 403, FAILED("access_denied", "policy"));
	okta_case_end(it, VERDICT_DENIED_BY_POLICY, "access_denied");
	it = okta_case_token_answered(ASK, 403, MFA_TOKEN);
	okta_case_type(it, "1");
	machine_case_answer(it, 403, MFA_TOKEN);
	okta_case_end(it, VERDICT_SECOND_FACTOR_NEEDED, "mfa_required");
}
END_TEST

START_TEST(the_phone_approves)
{
	struct machine_case *it =
	    okta_case_token_answered(LOGIN_CAN_WAIT, 403, MFA_TOKEN);

	okta_case_expect_request(it, ORG "/oauth2/v1/challenge",
	    "client_id=extauth&mfa_token=MFA-TOKEN&challenge_types_supported="
	    "http%3A%2F%2Fauth0.com%2Foauth%2Fgrant-type%2Fmfa-oob"
	    "&channel_hint=push");
	machine_case_answer(it, 200, CHALLENGE(",\"interval\":7"));
	okta_case_wait(it, 7000);
	okta_case_expect_request(it, TOKEN_URL, POLL);
	ck_assert(it->step.request.is_poll);
	machine_case_answer(it, 400, FAILED("authorization_pending", "x"));
	okta_case_wait(it, 7000);
	machine_case_answer(it, 400, FAILED("slow_down", "x"));
	okta_case_wait(it, 12000);
	machine_case_answer(it, 400, FAILED("authorization_pending", "x"));
	okta_case_wait(it, 12000);
	machine_case_answer_tokens(it, CLAIMS("alice@example.com"));
	okta_case_end(it, VERDICT_ACCEPTED, "");
}
END_TEST

START_TEST(enter_or_its_name_chooses_the_phone)
{
	static const char *const lines[] = {"", "push", " PUSH "};
	size_t at;

	for (at = 0; at < sizeof(lines) / sizeof(*lines); at++) {
		struct machine_case *it =
		    okta_case_token_answered(ASK, 403, MFA_TOKEN);

		okta_case_type(it, lines[at]);
		ck_assert_str_eq(
		    machine_case_url(it), ORG "/oauth2/v1/challenge");
		machine_case_answer(
		    it, 200, CHALLENGE(",\"binding_method\":\"none\""));
		okta_case_wait(it, 5000);
		machine_case_free(it);
	}
}
END_TEST

START_TEST(the_number_to_choose_stands_in_a_prompt)
{
	const char *challenge = CHALLENGE(
	    ",\"binding_method\":\"transfer\",\"binding_code\":\"95\"");
	struct machine_case *it = okta_case_token_answered(ASK, 403, MFA_TOKEN);

	okta_case_type(it, "");
	machine_case_answer(it, 200, challenge);
	okta_case_expect_prompt(
	    it, "On your phone choose 95, then press Enter: ");
	okta_case_type(it, "");
	okta_case_expect_request(it, TOKEN_URL, POLL);
	machine_case_free(it);
	it = okta_case_token_answered(LOGIN_CAN_WAIT, 403, MFA_TOKEN);
	machine_case_answer(it, 200, challenge);
	okta_case_end(it, VERDICT_SECOND_FACTOR_NEEDED, "nobody can be told");
}
END_TEST

struct token_case {
	unsigned status;
	const char *body;
	enum verdict verdict;
	const char *reason;
};

static const struct token_case push_answers[] = {
    {200, "{}", VERDICT_REJECTED, "no oob_code"},
    {200, "{\"oob_code\":7}", VERDICT_REJECTED, "no oob_code"},
    {200, CHALLENGE(",\"binding_method\":\"transfer\""), VERDICT_REJECTED,
	"the number is missing"},
    {200,
	CHALLENGE(",\"binding_method\":\"transfer\",\"binding_code\":\"9;5\""),
	VERDICT_REJECTED, "is no number"},
    {200,
	CHALLENGE(
	    ",\"binding_method\":\"transfer\",\"binding_code\":\"123456789\""),
	VERDICT_REJECTED, "is no number"},
    {200, "[]", VERDICT_UNAVAILABLE, ""},
    {403, FAILED("access_denied", "The client is not allowed: direct_auth"),
	VERDICT_DENIED_BY_POLICY, "direct_auth"},
    {400, FAILED("invalid_grant", "x"), VERDICT_REJECTED, "invalid_grant"},
    {400, FAILED("authorization_pending", "x"), VERDICT_REJECTED,
	"authorization_pending"},
    {429, "", VERDICT_THROTTLED, "status 429"},
};

START_TEST(an_answer_to_a_challenge_has_its_verdict)
{
	size_t at;

	for (at = 0; at < sizeof(push_answers) / sizeof(*push_answers); at++) {
		const struct token_case *one = &push_answers[at];
		struct machine_case *it =
		    okta_case_token_answered(ASK, 403, MFA_TOKEN);

		okta_case_type(it, "");
		machine_case_answer(it, one->status, one->body);
		okta_case_end(it, one->verdict, one->reason);
	}
}
END_TEST

static const struct token_case poll_answers[] = {
    {400, FAILED("invalid_grant", "The oob_code has expired."),
	VERDICT_REJECTED, "invalid_grant"},
    {400, FAILED("expired_token", "x"), VERDICT_REJECTED, "expired_token"},
    {403, FAILED("access_denied", "x"), VERDICT_DENIED_BY_POLICY,
	"access_denied"},
    {401, FAILED("authorization_pending", "x"), VERDICT_REJECTED,
	"authorization_pending"},
    {429, FAILED("slow_down", "x"), VERDICT_THROTTLED, "status 429"},
    {500, "", VERDICT_UNAVAILABLE, "status 500"},
};

START_TEST(an_answer_to_a_poll_has_its_verdict)
{
	size_t at;

	for (at = 0; at < sizeof(poll_answers) / sizeof(*poll_answers); at++) {
		const struct token_case *one = &poll_answers[at];
		struct machine_case *it =
		    okta_case_token_answered(LOGIN_CAN_WAIT, 403, MFA_TOKEN);

		machine_case_answer(it, 200, CHALLENGE(""));
		okta_case_wait(it, 5000);
		machine_case_answer(it, one->status, one->body);
		okta_case_end(it, one->verdict, one->reason);
	}
}
END_TEST

static unsigned
count_polls(const char *challenge)
{
	struct machine_case *it =
	    okta_case_token_answered(LOGIN_CAN_WAIT, 403, MFA_TOKEN);
	unsigned polls = 0;

	machine_case_answer(it, 200, challenge);
	while (it->step.kind == STEP_WAIT) {
		okta_case_wait(it, it->step.wait_ms);
		machine_case_answer(
		    it, 400, FAILED("authorization_pending", "x"));
		polls++;
	}
	okta_case_end(it, VERDICT_REJECTED, "not answered on the phone");
	return polls;
}

START_TEST(the_phone_is_waited_for_as_long_as_okta_says)
{
	ck_assert_uint_eq(count_polls(CHALLENGE("")), 60);
	ck_assert_uint_eq(count_polls(CHALLENGE(",\"expires_in\":10")), 2);
	ck_assert_uint_eq(count_polls(CHALLENGE(",\"expires_in\":99999")), 60);
	ck_assert_uint_eq(count_polls(CHALLENGE(",\"interval\":1")), 90);
	ck_assert_uint_eq(count_polls(CHALLENGE(",\"interval\":0")), 60);
	ck_assert_uint_eq(count_polls(CHALLENGE(",\"interval\":9999")), 5);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    a_code_of_an_app_lets_in,
	    a_wrong_code_can_be_typed_three_times,
	    a_code_that_was_typed_before_is_sent_once,
	    another_error_than_a_wrong_code_ends_it,
	    the_phone_approves,
	    enter_or_its_name_chooses_the_phone,
	    the_number_to_choose_stands_in_a_prompt,
	    an_answer_to_a_challenge_has_its_verdict,
	    an_answer_to_a_poll_has_its_verdict,
	    the_phone_is_waited_for_as_long_as_okta_says,
	    NULL,
	};

	return unit_run("provider_okta_direct", tests);
}

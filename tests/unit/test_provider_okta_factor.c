/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "okta_case.h"
#include "provider_okta.h"
#include "unit.h"

#define ASK (LOGIN_CAN_ASK | LOGIN_CAN_WAIT)
#define APPENDED (LOGIN_HAS_CODE | LOGIN_CAN_WAIT)

#define APP "Code from your authenticator app (Okta Verify)"
#define SENT "{\"stateToken\":\"STATE-TOKEN\"}"
#define CODE(code) "{\"stateToken\":\"STATE-TOKEN\",\"passCode\":\"" code "\"}"

START_TEST(without_any_way_to_a_factor_none_is_tried)
{
	struct machine_case *it = okta_case_answered(0, MFA(TOTP "," PUSH));

	okta_case_end(it, VERDICT_SECOND_FACTOR_NEEDED,
	    "MFA_REQUIRED: a second factor is needed: token:software:totp, "
	    "push");
	it = okta_case_answered(LOGIN_CAN_WAIT, MFA(TOTP "," SMS));
	okta_case_end(it, VERDICT_SECOND_FACTOR_NEEDED,
	    "append the code to the password: password,123456");
	it = okta_case_answered(LOGIN_CAN_WAIT, MFA(SMS));
	okta_case_end(
	    it, VERDICT_SECOND_FACTOR_NEEDED, "a second factor is needed: sms");
	it = okta_case_answered(APPENDED & ~LOGIN_CAN_WAIT, MFA(PUSH));
	okta_case_end(it, VERDICT_SECOND_FACTOR_NEEDED, "push");
}
END_TEST

START_TEST(a_user_without_a_usable_factor_is_told_of)
{
	struct machine_case *it = okta_case_answered(
	    ASK, MFA(FACTOR("u2f1", "u2f") "," FACTOR("q1", "question")));

	okta_case_end(it, VERDICT_SECOND_FACTOR_NEEDED,
	    "no factor of the user can be used here: u2f, question");
	it = okta_case_answered(ASK, MFA(""));
	okta_case_end(
	    it, VERDICT_SECOND_FACTOR_NEEDED, "can be used here: none");
	it = okta_case_answered(ASK, STATE("MFA_REQUIRED", ALICE, ""));
	okta_case_end(it, VERDICT_SECOND_FACTOR_NEEDED, "none");
	it = okta_case_answered(ASK, MFA("{\"factorType\":\"push\"}"));
	okta_case_end(it, VERDICT_SECOND_FACTOR_NEEDED, "here: push");
	it = okta_case_answered(ASK, MFA("7,{\"factorType\":7}"));
	okta_case_end(it, VERDICT_SECOND_FACTOR_NEEDED, "can be used here: ");
}
END_TEST

START_TEST(a_right_code_lets_in)
{
	struct machine_case *it = okta_case_answered(ASK, MFA(TOTP));

	okta_case_expect_prompt(it, APP ": ");
	okta_case_type(it, " 123 456 ");
	okta_case_expect_request(it, VERIFY("ost1"), CODE("123456"));
	ck_assert(!it->step.request.bears_password);
	ck_assert(!it->step.request.is_poll);
	machine_case_answer(it, 200, SUCCESS(ALICE));
	okta_case_end(it, VERDICT_ACCEPTED, "");
}
END_TEST

START_TEST(the_list_of_factors_has_two_names)
{
	struct machine_case *it = okta_case_answered(
	    ASK, STATE("MFA_REQUIRED", ALICE ",\"factor\":[" TOTP "]", ""));

	okta_case_expect_prompt(it, APP ": ");
	machine_case_free(it);
}
END_TEST

START_TEST(a_wrong_code_can_be_typed_three_times)
{
	struct machine_case *it = okta_case_answered(ASK, MFA(TOTP));

	okta_case_type(it, "1");
	machine_case_answer(it, 403, ERROR("E0000068"));
	okta_case_expect_prompt(it, "That code is wrong. " APP ": ");
	okta_case_type(it, "2");
	machine_case_answer(it, 403, ERROR("E0000082"));
	okta_case_expect_prompt(it, "That code was used before. " APP ": ");
	okta_case_type(it, "3");
	okta_case_expect_request(it, VERIFY("ost1"), CODE("3"));
	machine_case_answer(it, 403, ERROR("E0000068"));
	okta_case_end(it, VERDICT_REJECTED, "E0000068: the code is wrong");
}
END_TEST

START_TEST(a_right_code_after_a_wrong_one_lets_in)
{
	struct machine_case *it = okta_case_answered(ASK, MFA(TOTP));

	okta_case_type(it, "1");
	machine_case_answer(it, 200, RESULT("PASSCODE_REPLAYED"));
	okta_case_expect_prompt(it, "That code was used before. " APP ": ");
	okta_case_type(it, "2");
	machine_case_answer(it, 200, RESULT("TIME_WINDOW_EXCEEDED"));
	okta_case_expect_prompt(it, "That code is too old. " APP ": ");
	okta_case_type(it, "3");
	machine_case_answer(it, 200, SUCCESS(ALICE));
	okta_case_end(it, VERDICT_ACCEPTED, "");
}
END_TEST

START_TEST(the_code_of_somebody_else_lets_nobody_in)
{
	struct machine_case *it = okta_case_answered(ASK, MFA(TOTP));

	okta_case_type(it, "123456");
	machine_case_answer(it, 200, SUCCESS(MALLORY));
	okta_case_end(it, VERDICT_REJECTED, "somebody else");
	it = okta_case_answered(ASK, MFA(TOTP));
	okta_case_type(it, "123456");
	machine_case_answer(
	    it, 200, SUCCESS(USER("00u9", "alice@example.com")));
	okta_case_end(it, VERDICT_REJECTED, "two users");
	it = okta_case_answered(ASK, MFA(TOTP));
	okta_case_type(it, "123456");
	machine_case_answer(it, 200, SUCCESS(""));
	okta_case_end(it, VERDICT_REJECTED, "");
}
END_TEST

/* What a factor's answer can be but a grant. */
struct factor_case {
	unsigned status;
	const char *body;
	enum verdict verdict;
	const char *reason;
};

static const struct factor_case code_answers[] = {
    {200, "{\"status\":\"SUCCESS\",\"_embedded\":{" ALICE "}}",
	VERDICT_REJECTED, "session token"},
    {200, MFA(TOTP), VERDICT_REJECTED, "MFA_REQUIRED a second time"},
    {200, RESULT("ERROR"), VERDICT_UNAVAILABLE, "MFA_CHALLENGE ERROR"},
    {200, RESULT("CANCELLED"), VERDICT_REJECTED, "was cancelled"},
    {200, RESULT("NEW"), VERDICT_REJECTED, "unexpected status MFA_CHALLENGE"},
    {200, STATE("MFA_CHALLENGE", ALICE, ",\"factorResult\":7"),
	VERDICT_REJECTED, "unexpected status MFA_CHALLENGE"},
    {200, STATE("MFA_CHALLENGE", MALLORY, ",\"factorResult\":\"WAITING\""),
	VERDICT_REJECTED, "somebody else"},
    {200, STATE("LOCKED_OUT", "", ""), VERDICT_LOCKED, "LOCKED_OUT"},
    {200, STATE("PASSWORD_EXPIRED", ALICE, ""), VERDICT_EXPIRED,
	"PASSWORD_EXPIRED"},
    {403, ERROR("E0000069"), VERDICT_LOCKED, "E0000069"},
    {403, ERROR("E0000079"), VERDICT_REJECTED, "E0000079"},
    {401, ERROR("E0000011"), VERDICT_REJECTED,
	"E0000011: the login took too long"},
    {429, ERROR("E0000068"), VERDICT_THROTTLED, "status 429"},
    {500, ERROR("E0000068"), VERDICT_UNAVAILABLE, "status 500"},
    {200, "<html>", VERDICT_UNAVAILABLE, "no JSON object"},
};

START_TEST(an_answer_to_a_code_has_its_verdict)
{
	size_t at;

	for (at = 0; at < sizeof(code_answers) / sizeof(*code_answers); at++) {
		const struct factor_case *one = &code_answers[at];
		struct machine_case *it = okta_case_answered(ASK, MFA(TOTP));

		okta_case_type(it, "123456");
		machine_case_answer(it, one->status, one->body);
		okta_case_end(it, one->verdict, one->reason);
	}
}
END_TEST

START_TEST(an_appended_code_is_sent_once)
{
	struct machine_case *it =
	    okta_case_answered(APPENDED, MFA(PUSH "," TOTP));

	okta_case_expect_prompt(it, APP ": ");
	okta_case_type(it, "123456");
	okta_case_expect_request(it, VERIFY("ost1"), CODE("123456"));
	machine_case_answer(it, 403, ERROR("E0000068"));
	okta_case_end(it, VERDICT_REJECTED, "E0000068: the code is wrong");
	it = okta_case_answered(APPENDED | LOGIN_CAN_ASK, MFA(TOTP));
	okta_case_type(it, "123456");
	machine_case_answer(it, 200, RESULT("PASSCODE_REPLAYED"));
	okta_case_end(it, VERDICT_REJECTED,
	    "PASSCODE_REPLAYED: the code was used before");
	it = okta_case_answered(APPENDED, MFA(TOTP));
	okta_case_type(it, "123456");
	machine_case_answer(it, 200, SUCCESS(ALICE));
	okta_case_end(it, VERDICT_ACCEPTED, "");
}
END_TEST

START_TEST(a_code_comes_by_text_message)
{
	struct machine_case *it =
	    okta_case_answered(ASK, MFA(TOTP "," PUSH "," SMS "," CALL));

	okta_case_expect_prompt(it,
	    APP ", or Enter for a request on your phone, or sms, or call: ");
	okta_case_type(it, "SMS");
	okta_case_expect_request(it, VERIFY("sms1"), SENT);
	machine_case_answer(it, 200, STATE("MFA_CHALLENGE", ALICE, ""));
	okta_case_expect_prompt(it, "Code from the text message: ");
	okta_case_type(it, "111111");
	okta_case_expect_request(it, VERIFY("sms1"), CODE("111111"));
	machine_case_answer(it, 403, ERROR("E0000068"));
	okta_case_expect_prompt(
	    it, "That code is wrong. Code from the text message: ");
	okta_case_type(it, "222222");
	machine_case_answer(it, 200, SUCCESS(ALICE));
	okta_case_end(it, VERDICT_ACCEPTED, "");
}
END_TEST

START_TEST(a_code_that_was_sent_just_now_is_still_good)
{
	static const char *const codes[] = {
	    ERROR("E0000109"), ERROR("E0000133")};
	size_t at;

	for (at = 0; at < 2; at++) {
		struct machine_case *it = okta_case_answered(ASK, MFA(CALL));

		okta_case_expect_prompt(it, "Enter for a code by call: ");
		okta_case_type(it, "");
		machine_case_answer(it, 429, codes[at]);
		okta_case_expect_prompt(
		    it, "It was sent a moment ago. Code from the call: ");
		machine_case_free(it);
	}
}
END_TEST

START_TEST(sending_a_code_for_ever_ends)
{
	struct machine_case *it = okta_case_answered(ASK, MFA(SMS));
	unsigned codes = 0;

	okta_case_type(it, "");
	machine_case_answer(it, 200, RESULT("CHALLENGE"));
	while (it->step.kind == STEP_PROMPT) {
		okta_case_type(it, "1");
		machine_case_answer(it, 200, RESULT("CHALLENGE"));
		codes++;
	}
	ck_assert_uint_eq(codes, 3);
	okta_case_end(it, VERDICT_REJECTED, "no code was right");
}
END_TEST

static const struct {
	const char *factors;
	const char *prompt;
} menus[] = {
    {TOTP, APP ": "},
    {GOOGLE, "Code from your authenticator app (Google): "},
    {LINKED("token:software:totp", "OTHER", VERIFY("x")),
	"Code from your authenticator app: "},
    {FACTOR("x", "token:hotp"), "Code from your token: "},
    {FACTOR("x", "token:hardware"), "Code from your token: "},
    {FACTOR("x", "token"), "Code from your token: "},
    {PUSH, "Enter for a request on your phone: "},
    {SMS, "Enter for a code by sms: "},
    {CALL "," SMS, "Enter for a code by call, or sms: "},
    {FACTOR("x", "email"), "Enter for a code by email: "},
    {TOTP "," GOOGLE, APP ", or google: "},
    {SMS "," TOTP, APP ", or sms: "},
    {TOTP "," TOTP "," FACTOR("x", "web"), APP ": "},
};

START_TEST(the_menu_tells_what_there_is)
{
	size_t at;

	for (at = 0; at < sizeof(menus) / sizeof(*menus); at++) {
		char body[2048];
		struct machine_case *it;

		(void)snprintf(body, sizeof(body),
		    "{\"stateToken\":\"x\",\"status\":\"MFA_REQUIRED\","
		    "\"_embedded\":{\"factors\":[%s]}}",
		    menus[at].factors);
		it = okta_case_answered(ASK, body);
		okta_case_expect_prompt(it, menus[at].prompt);
		machine_case_free(it);
	}
}
END_TEST

START_TEST(a_second_app_is_chosen_by_its_word)
{
	struct machine_case *it = okta_case_answered(ASK, MFA(TOTP "," GOOGLE));

	okta_case_type(it, "google");
	okta_case_expect_prompt(
	    it, "Code from your authenticator app (Google): ");
	okta_case_type(it, "123456");
	okta_case_expect_request(it, VERIFY("goo1"), CODE("123456"));
	machine_case_free(it);
}
END_TEST

START_TEST(a_person_who_gives_up_is_refused)
{
	struct machine_case *it = okta_case_answered(ASK, MFA(TOTP));

	okta_case_type(it, "");
	okta_case_expect_request(it, ORG "/api/v1/authn/cancel", SENT);
	machine_case_answer(it, 200, SUCCESS(ALICE));
	okta_case_end(it, VERDICT_REJECTED, "given up");
	it = okta_case_answered(ASK, MFA(SMS));
	okta_case_type(it, "sms");
	machine_case_answer(it, 200, RESULT("CHALLENGE"));
	okta_case_type(it, " ");
	machine_case_event(it, EVENT_FAILED);
	okta_case_end(it, VERDICT_REJECTED, "given up");
}
END_TEST

START_TEST(what_is_no_choice_is_asked_again_twice)
{
	struct machine_case *it = okta_case_answered(ASK, MFA(SMS));

	okta_case_type(it, "123456");
	okta_case_expect_prompt(
	    it, "That is none of them. Enter for a code by sms: ");
	okta_case_type(it, "smsx");
	okta_case_type(it, "smz");
	okta_case_expect_request(it, ORG "/api/v1/authn/cancel", SENT);
	machine_case_free(it);
}
END_TEST

START_TEST(a_factor_at_another_server_is_not_used)
{
	struct machine_case *it = okta_case_answered(ASK,
	    MFA(TOTP "," LINKED("push", "OKTA",
		"https://org.okta.com.evil.example.com/verify")));

	okta_case_end(it, VERDICT_MISCONFIGURED,
	    "https://org.okta.com.evil.example.com, which is not url");
}
END_TEST

START_TEST(more_factors_than_fit_are_left_out)
{
	struct machine_case *it = okta_case_answered(ASK,
	    MFA(TOTP "," GOOGLE "," FACTOR("a", "token:hotp") "," FACTOR(
		"b", "token:hardware") "," PUSH "," SMS "," CALL "," FACTOR("c",
		"email") "," LINKED("token:software:totp", "X", VERIFY("x"))));

	okta_case_expect_prompt(it,
	    APP ", or Enter for a request on your phone, or google, or token, "
		"or hardware, or sms, or call, or email: ");
	machine_case_free(it);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    without_any_way_to_a_factor_none_is_tried,
	    a_user_without_a_usable_factor_is_told_of,
	    a_right_code_lets_in,
	    the_list_of_factors_has_two_names,
	    a_wrong_code_can_be_typed_three_times,
	    a_right_code_after_a_wrong_one_lets_in,
	    the_code_of_somebody_else_lets_nobody_in,
	    an_answer_to_a_code_has_its_verdict,
	    an_appended_code_is_sent_once,
	    a_code_comes_by_text_message,
	    a_code_that_was_sent_just_now_is_still_good,
	    sending_a_code_for_ever_ends,
	    the_menu_tells_what_there_is,
	    a_second_app_is_chosen_by_its_word,
	    a_person_who_gives_up_is_refused,
	    what_is_no_choice_is_asked_again_twice,
	    a_factor_at_another_server_is_not_used,
	    more_factors_than_fit_are_left_out,
	    NULL,
	};

	return unit_run("provider_okta_factor", tests);
}

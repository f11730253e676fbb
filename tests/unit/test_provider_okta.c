/* SPDX-License-Identifier: MIT */
#include "provider_okta.h"

#include <string.h>

#include "okta_case.h"
#include "unit.h"

#define WARN_LINKS(href)                                                       \
	",\"_links\":{\"skip\":{\"name\":\"skip\",\"href\":\"" href "\"}}"
#define WARN(days, links)                                                      \
	STATE("PASSWORD_WARN",                                                 \
	    ALICE ",\"policy\":{\"expiration\":{\"passwordExpireDays\":" days  \
		  "}}",                                                        \
	    links)

struct answer_case {
	unsigned status;
	const char *body;
	enum verdict verdict;
	const char *reason;
};

static const struct answer_case first_answers[] = {
    {200, SUCCESS(ALICE), VERDICT_ACCEPTED, ""},
    {200, SUCCESS(USER("00u1", "ALICE@Example.com")), VERDICT_ACCEPTED, ""},
    {200, SUCCESS(MALLORY), VERDICT_REJECTED, "somebody else"},
    {200, SUCCESS(""), VERDICT_REJECTED, ""},
    {200, "{\"status\":\"SUCCESS\",\"_embedded\":{" ALICE "}}",
	VERDICT_REJECTED, "session token"},
    {200,
	"{\"status\":\"SUCCESS\",\"sessionToken\":\"\",\"_embedded\":{" ALICE
	"}}",
	VERDICT_REJECTED, "session token"},
    {200,
	"{\"status\":\"SUCCESS\",\"sessionToken\":7,\"_embedded\":{" ALICE "}}",
	VERDICT_REJECTED, "session token"},
    {200,
	"{\"status\":\"success\",\"sessionToken\":\"x\",\"_embedded\":{" ALICE
	"}}",
	VERDICT_REJECTED, "unexpected status"},
    {200, "{\"status\":200,\"sessionToken\":\"x\",\"_embedded\":{" ALICE "}}",
	VERDICT_REJECTED, "unexpected status"},
    {200,
	"{\"status\":[\"SUCCESS\"],\"sessionToken\":\"x\",\"_embedded\":{" ALICE
	"}}",
	VERDICT_REJECTED, "unexpected status"},
    {200,
	"{\"status\":\"SUCCESS\",\"status\":\"SUCCESS\",\"sessionToken\":\"x\","
	"\"_embedded\":{" ALICE "}}",
	VERDICT_UNAVAILABLE, ""},
    {200, "{}", VERDICT_REJECTED, "unexpected status (none)"},
    {200, "[]", VERDICT_UNAVAILABLE, "no JSON object"},
    {200, "null", VERDICT_UNAVAILABLE, "no JSON object"},
    {200, "", VERDICT_UNAVAILABLE, "no JSON object"},
    {200, "<html>", VERDICT_UNAVAILABLE, "no JSON object"},
    {201, SUCCESS(ALICE), VERDICT_REJECTED, "status 201"},
    {204, "", VERDICT_REJECTED, "status 204"},
    {299, ERROR("E0000064"), VERDICT_REJECTED, "status 299"},
    {302, SUCCESS(ALICE), VERDICT_MISCONFIGURED, ""},
    {200, STATE("PASSWORD_EXPIRED", ALICE, ""), VERDICT_EXPIRED,
	"PASSWORD_EXPIRED"},
    {200, STATE("LOCKED_OUT", "", ""), VERDICT_LOCKED, "LOCKED_OUT"},
    {200, STATE("MFA_ENROLL", ALICE, ""), VERDICT_SECOND_FACTOR_NEEDED,
	"enrol a factor in a browser"},
    {200, STATE("MFA_ENROLL_ACTIVATE", ALICE, ""), VERDICT_SECOND_FACTOR_NEEDED,
	"enrol a factor in a browser"},
    {200, STATE("MFA_CHALLENGE", ALICE, ",\"factorResult\":\"SUCCESS\""),
	VERDICT_REJECTED, "unexpected status MFA_CHALLENGE"},
    {200, STATE("PASSWORD_RESET", ALICE, ""), VERDICT_REJECTED,
	"must reset the password"},
    {200, STATE("RECOVERY", ALICE, ""), VERDICT_REJECTED,
	"RECOVERY: the user recovers"},
    {200, STATE("RECOVERY_CHALLENGE", ALICE, ""), VERDICT_REJECTED,
	"RECOVERY_CHALLENGE: the user recovers"},
    {200, STATE("UNAUTHENTICATED", ALICE, ""), VERDICT_REJECTED,
	"is not authenticated"},
    {200, STATE("SOMETHING_NEW", ALICE, ""), VERDICT_REJECTED,
	"unexpected status SOMETHING_NEW"},
    {400, ERROR("E0000001"), VERDICT_MISCONFIGURED, "E0000001: "},
    {400, ERROR("E0000003"), VERDICT_MISCONFIGURED, "E0000003: "},
    {400, ERROR("E0000021"), VERDICT_MISCONFIGURED, "E0000021: "},
    {401, ERROR("E0000004"), VERDICT_REJECTED,
	"E0000004: authentication failed"},
    {401, ERROR("E0000207"), VERDICT_REJECTED,
	"E0000207: the user name or password"},
    {401, ERROR("E0000064"), VERDICT_EXPIRED, "E0000064: "},
    {401, ERROR("E0000011"), VERDICT_REJECTED,
	"E0000011: the login took too long"},
    {403, ERROR("E0000006"), VERDICT_MISCONFIGURED, "E0000006: "},
    {403, ERROR("E0000034"), VERDICT_MISCONFIGURED, "E0000034: "},
    {403, ERROR("E0000068"), VERDICT_REJECTED, "E0000068: the code is wrong"},
    {403, ERROR("E0000069"), VERDICT_LOCKED, "E0000069: "},
    {403, ERROR("E0000079"), VERDICT_REJECTED,
	"E0000079: Okta does not expect"},
    {403, ERROR("E0000082"), VERDICT_REJECTED,
	"E0000082: the code was used before"},
    {403, ERROR("E0000007"), VERDICT_MISCONFIGURED, "E0000007: "},
    {403, ERROR("E0000022"), VERDICT_MISCONFIGURED, "E0000022: "},
    {403, ERROR("E0000009"), VERDICT_UNAVAILABLE, "E0000009: "},
    {403, ERROR("E0000010"), VERDICT_UNAVAILABLE, "E0000010: "},
    {403, ERROR("E0000047"), VERDICT_THROTTLED, "E0000047: "},
    {403, ERROR("E0000109"), VERDICT_THROTTLED, "E0000109: "},
    {403, ERROR("E0000133"), VERDICT_THROTTLED, "E0000133: "},
    {403, ERROR("E0009999"), VERDICT_REJECTED, "E0009999"},
    {403, ERROR("E000004"), VERDICT_REJECTED, "status 403"},
    {403, ERROR("EALICE00"), VERDICT_REJECTED, "status 403"},
    {403, "{\"errorCode\":[\"E0000069\"]}", VERDICT_REJECTED, "status 403"},
    {403, SUCCESS(ALICE), VERDICT_REJECTED, "status 403"},
    {401, "", VERDICT_REJECTED, "status 401"},
    {403, "<html>", VERDICT_REJECTED, "status 403"},
    {400, "", VERDICT_REJECTED, "status 400"},
    {418, ERROR("E0000064"), VERDICT_EXPIRED, "E0000064: "},
    {404, ERROR("E0000064"), VERDICT_MISCONFIGURED, "status 404"},
    {405, ERROR("E0000022"), VERDICT_MISCONFIGURED, "status 405"},
    {429, ERROR("E0000064"), VERDICT_THROTTLED, "status 429"},
    {500, ERROR("E0000009"), VERDICT_UNAVAILABLE, "status 500"},
    {503, SUCCESS(ALICE), VERDICT_UNAVAILABLE, "status 503"},
};

START_TEST(the_first_answer_has_its_verdict)
{
	size_t at;

	for (at = 0; at < sizeof(first_answers) / sizeof(*first_answers);
	     at++) {
		const struct answer_case *one = &first_answers[at];
		struct machine_case *it =
		    okta_case_make(provider_okta(), AUTHN);

		machine_case_start(it);
		machine_case_answer(it, one->status, one->body);
		ck_assert_uint_eq(it->step.outcome.http_status, one->status);
		okta_case_end(it, one->verdict, one->reason);
	}
}
END_TEST

START_TEST(the_first_request_is_what_okta_documents)
{
	struct machine_case *it = okta_case_make(provider_okta(), AUTHN);

	machine_case_start(it);
	okta_case_expect_request(it, ORG "/api/v1/authn",
	    "{\"username\":\"alice@example.com\",\"password\":\"hunter2\","
	    "\"options\":{\"multiOptionalFactorEnroll\":false,"
	    "\"warnBeforePasswordExpired\":true}}");
	ck_assert(it->step.request.bears_password);
	ck_assert_str_eq(
	    machine_case_header(it, "Content-Type"), "application/json");
	ck_assert_str_eq(machine_case_header(it, "Accept"), "application/json");
	ck_assert_str_eq(machine_case_header(it, "Authorization"), "");
	machine_case_free(it);
}
END_TEST

START_TEST(another_name_than_the_e_mail_can_be_sent)
{
	struct machine_case *it = okta_case_make(provider_okta(),
	    AUTHN "username = {{USERNAME}}\nidentity_is = name\n");

	machine_case_start(it);
	ck_assert_ptr_nonnull(
	    strstr(machine_case_body(it), "{\"username\":\"alice\","));
	machine_case_answer(it, 200, SUCCESS(USER("00u1", "alice")));
	okta_case_end(it, VERDICT_ACCEPTED, "");
}
END_TEST

START_TEST(a_user_without_a_name_is_not_asked_for)
{
	struct machine_case *it = okta_case_make(
	    provider_okta(), AUTHN "username = {{USEREXTERNALID}}\n");

	ck_assert_int_eq(
	    provider_okta()->start(&it->one->login, &it->step, &it->error),
	    EXTAUTH_INVALID);
	machine_case_free(it);
}
END_TEST

START_TEST(an_api_token_brings_the_address_of_the_person)
{
	struct machine_case *it =
	    machine_case_make(provider_okta(), AUTHN, "hunter2");

	(void)strcpy(it->one->facts.device.ip, "192.0.2.7");
	exchange_case_refill(it->one);
	machine_case_start(it);
	ck_assert_str_eq(
	    machine_case_header(it, "Authorization"), "SSWS api-token");
	ck_assert_str_eq(
	    machine_case_header(it, "X-Forwarded-For"), "192.0.2.7");
	machine_case_expect_masked(it);
	machine_case_answer(it, 401, ERROR("E0000011"));
	okta_case_end(it, VERDICT_MISCONFIGURED, "E0000011: the API token");
}
END_TEST

START_TEST(an_unknown_address_is_not_told)
{
	struct machine_case *it =
	    machine_case_make(provider_okta(), AUTHN, "hunter2");

	machine_case_start(it);
	ck_assert_str_eq(machine_case_header(it, "X-Forwarded-For"), "");
	machine_case_free(it);
}
END_TEST

START_TEST(a_state_token_that_has_expired_is_no_wrong_api_token)
{
	struct machine_case *it =
	    machine_case_make(provider_okta(), AUTHN, "hunter2");

	machine_case_start(it);
	machine_case_answer(it, 200, WARN("5", ""));
	machine_case_answer(it, 401, ERROR("E0000011"));
	okta_case_end(
	    it, VERDICT_REJECTED, "E0000011: the login took too long");
}
END_TEST

START_TEST(a_password_that_expires_soon_lets_in)
{
	struct machine_case *it = okta_case_answered(0, WARN("5", ""));

	okta_case_expect_request(
	    it, ORG "/api/v1/authn/skip", "{\"stateToken\":\"STATE-TOKEN\"}");
	ck_assert(!it->step.request.bears_password);
	machine_case_answer(it, 200, SUCCESS(ALICE));
	okta_case_end(it, VERDICT_ACCEPTED, "password expires in 5 days");
}
END_TEST

START_TEST(the_link_to_skip_is_followed_at_home_only)
{
	struct machine_case *it = okta_case_answered(
	    0, WARN("\"x\"", WARN_LINKS(ORG "/api/v1/other/skip")));

	okta_case_expect_request(
	    it, ORG "/api/v1/other/skip", "{\"stateToken\":\"STATE-TOKEN\"}");
	machine_case_answer(it, 200, SUCCESS(ALICE));
	okta_case_end(it, VERDICT_ACCEPTED, "password expires soon");
	it = okta_case_answered(
	    0, WARN("5", WARN_LINKS("https://evil.example.com/skip?x=secret")));
	ck_assert_ptr_null(strstr(it->step.outcome.reason, "secret"));
	okta_case_end(it, VERDICT_MISCONFIGURED, "https://evil.example.com, ");
	it = okta_case_answered(0, WARN("5", WARN_LINKS("/api/v1/authn/skip")));
	okta_case_end(it, VERDICT_MISCONFIGURED, "a link leads to");
}
END_TEST

START_TEST(a_warning_is_skipped_once)
{
	struct machine_case *it = okta_case_answered(0, WARN("5", ""));

	machine_case_answer(it, 200, WARN("5", ""));
	okta_case_end(it, VERDICT_REJECTED, "a second time");
}
END_TEST

START_TEST(a_state_needs_its_token)
{
	struct machine_case *it = okta_case_answered(
	    0, "{\"status\":\"PASSWORD_WARN\",\"_embedded\":{" ALICE "}}");

	okta_case_end(it, VERDICT_REJECTED, "no state token");
}
END_TEST

START_TEST(the_user_is_the_same_in_every_answer)
{
	struct machine_case *it = okta_case_answered(0, WARN("5", ""));

	machine_case_answer(it, 200, SUCCESS(MALLORY));
	okta_case_end(it, VERDICT_REJECTED, "somebody else");
	it = okta_case_answered(0, WARN("5", ""));
	machine_case_answer(
	    it, 200, SUCCESS(USER("00u9", "alice@example.com")));
	okta_case_end(it, VERDICT_REJECTED, "two users: 00u1, then 00u9");
	it = okta_case_answered(0, STATE("PASSWORD_WARN", MALLORY, ""));
	okta_case_end(it, VERDICT_REJECTED, "somebody else");
}
END_TEST

START_TEST(an_address_that_was_given_to_another_is_refused)
{
	struct machine_case *it = okta_case_make(provider_okta(), AUTHN);

	(void)strcpy(it->one->facts.external_id, "00u1");
	exchange_case_refill(it->one);
	machine_case_start(it);
	machine_case_answer(
	    it, 200, SUCCESS(USER("00u7", "alice@example.com")));
	okta_case_end(it, VERDICT_REJECTED,
	    "identity changed: registered 00u1, answered 00u7");
}
END_TEST

START_TEST(conditions_sort_a_refusal)
{
	struct machine_case *it = okta_case_make(provider_okta(),
	    AUTHN "locked_if = /errorCode == \"E0009999\"\n"
		  "reject_message = /errorSummary\n");

	machine_case_start(it);
	machine_case_answer(it, 403, ERROR("E0009999"));
	ck_assert_str_eq(it->step.outcome.message, "of alice@example.com");
	okta_case_end(it, VERDICT_LOCKED, "locked_if");
}
END_TEST

START_TEST(a_request_that_fails_is_no_refusal)
{
	struct machine_case *it = okta_case_make(provider_okta(), AUTHN);

	machine_case_start(it);
	machine_case_event(it, EVENT_FAILED);
	okta_case_end(it, VERDICT_UNAVAILABLE, "timeout");
}
END_TEST

START_TEST(a_rehearsal_names_the_asked_user)
{
	struct machine_case *it = okta_case_make(provider_okta(), AUTHN);

	machine_case_start(it);
	machine_case_rehearse(it);
	okta_case_end(it, VERDICT_ACCEPTED, "");
	it = okta_case_make(provider_okta(),
	    AUTHN "username = {{USERNAME}}\nidentity_is = name\n");
	(void)strcpy(it->one->facts.external_id, "00u1\"");
	exchange_case_refill(it->one);
	machine_case_start(it);
	machine_case_rehearse(it);
	okta_case_end(it, VERDICT_ACCEPTED, "");
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    the_first_answer_has_its_verdict,
	    the_first_request_is_what_okta_documents,
	    another_name_than_the_e_mail_can_be_sent,
	    a_user_without_a_name_is_not_asked_for,
	    an_api_token_brings_the_address_of_the_person,
	    an_unknown_address_is_not_told,
	    a_state_token_that_has_expired_is_no_wrong_api_token,
	    a_password_that_expires_soon_lets_in,
	    the_link_to_skip_is_followed_at_home_only,
	    a_warning_is_skipped_once,
	    a_state_needs_its_token,
	    the_user_is_the_same_in_every_answer,
	    an_address_that_was_given_to_another_is_refused,
	    conditions_sort_a_refusal,
	    a_request_that_fails_is_no_refusal,
	    a_rehearsal_names_the_asked_user,
	    NULL,
	};

	return unit_run("provider_okta", tests);
}

/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "okta_case.h"
#include "provider_okta.h"
#include "unit.h"

START_TEST(the_password_is_sent_to_the_token_endpoint)
{
	struct machine_case *it = okta_case_make(provider_okta(), TOKEN_API);

	machine_case_start(it);
	okta_case_expect_request(it, TOKEN_URL,
	    "grant_type=password&client_id=extauth"
	    "&username=alice%40example.com&password=hunter2"
	    "&scope=openid%20profile");
	ck_assert(it->step.request.bears_password);
	machine_case_answer_tokens(it, CLAIMS("alice@example.com"));
	okta_case_end(it, VERDICT_ACCEPTED, "");
}
END_TEST

struct token_case {
	unsigned status;
	const char *body;
	enum verdict verdict;
	const char *reason;
};

static const struct token_case token_answers[] = {
    {400, FAILED("invalid_grant", "The credentials provided were invalid."),
	VERDICT_REJECTED, "invalid_grant"},
    {400,
	FAILED("invalid_grant",
	    "Resource owner password credentials cannot be used with MFA "
	    "enabled."),
	VERDICT_SECOND_FACTOR_NEEDED, "MFA enabled"},
    {400, FAILED("invalid_grant", "Password has expired."), VERDICT_EXPIRED,
	"expired"},
    {400,
	FAILED("invalid_grant",
	    "Resource owner password credentials authentication denied by sign "
	    "on policy."),
	VERDICT_DENIED_BY_POLICY, "sign on policy"},
    {400, FAILED("invalid_grant", "The user does not configure a password."),
	VERDICT_REJECTED, "does not configure"},
    {400, FAILED("invalid_grant", "password has expired."), VERDICT_REJECTED,
	"invalid_grant"},
    {400, FAILED("invalid_request", "Password has expired."),
	VERDICT_MISCONFIGURED, "invalid_request"},
    {429, FAILED("invalid_grant", "Password has expired."), VERDICT_THROTTLED,
	"status 429"},
    {200, FAILED("invalid_grant", "Password has expired."), VERDICT_REJECTED,
	"invalid_grant"},
    {299, FAILED("invalid_grant", "Password has expired."), VERDICT_REJECTED,
	"status 299"},
    {403, FAILED("access_denied", "The user's password is expired."),
	VERDICT_EXPIRED, "password is expired"},
    {400,
	FAILED(
	    "access_denied", "User is not assigned to the client application."),
	VERDICT_DENIED_BY_POLICY, "not assigned"},
    {401, FAILED("access_denied", "Policy evaluation failed"),
	VERDICT_DENIED_BY_POLICY, "Policy"},
    {403, FAILED("access_denied", "x"), VERDICT_DENIED_BY_POLICY,
	"access_denied"},
    {401, FAILED("invalid_client", "x"), VERDICT_MISCONFIGURED,
	"invalid_client"},
    {400, FAILED("unauthorized_client", "x"), VERDICT_MISCONFIGURED,
	"unauthorized_client"},
    {400, FAILED("temporarily_unavailable", "x"), VERDICT_UNAVAILABLE,
	"temporarily_unavailable"},
    {403, FAILED("mfa_required", "no token"), VERDICT_SECOND_FACTOR_NEEDED,
	"mfa_required"},
    {400, MFA_TOKEN, VERDICT_SECOND_FACTOR_NEEDED, "mfa_required"},
    {200, MFA_TOKEN, VERDICT_SECOND_FACTOR_NEEDED, "mfa_required"},
    {403, MFA_TOKEN, VERDICT_SECOND_FACTOR_NEEDED,
	"mfa_required: a second factor is needed"},
    {200, "{\"access_token\":\"TOKEN\",\"token_type\":\"Bearer\"}",
	VERDICT_REJECTED, "id_token"},
    {200, "{}", VERDICT_REJECTED, ""},
    {200, "<html>", VERDICT_UNAVAILABLE, ""},
    {401, "", VERDICT_REJECTED, ""},
    {400, "", VERDICT_MISCONFIGURED, ""},
    {500, "", VERDICT_UNAVAILABLE, ""},
};

START_TEST(an_answer_to_the_password_has_its_verdict)
{
	size_t at;

	for (at = 0; at < sizeof(token_answers) / sizeof(*token_answers);
	     at++) {
		const struct token_case *one = &token_answers[at];
		struct machine_case *it =
		    okta_case_token_answered(0, one->status, one->body);

		ck_assert_uint_eq(it->step.outcome.http_status, one->status);
		okta_case_end(it, one->verdict, one->reason);
	}
}
END_TEST

START_TEST(the_token_must_be_about_the_asked_user)
{
	struct machine_case *it = okta_case_make(provider_okta(), TOKEN_API);

	machine_case_start(it);
	machine_case_answer_tokens(it, CLAIMS("mallory@example.com"));
	okta_case_end(it, VERDICT_REJECTED, "somebody else");
	it = okta_case_make(
	    provider_okta(), TOKEN_API "authorization_server = default\n");
	machine_case_start(it);
	ck_assert_str_eq(machine_case_url(it), ORG "/oauth2/default/v1/token");
	machine_case_answer_tokens(it, CLAIMS("alice@example.com"));
	okta_case_end(it, VERDICT_REJECTED, "iss");
	it = okta_case_make(provider_okta(), TOKEN_API);
	(void)strcpy(it->one->facts.external_id, "00u7");
	exchange_case_refill(it->one);
	machine_case_start(it);
	machine_case_answer_tokens(it, CLAIMS("alice@example.com"));
	okta_case_end(it, VERDICT_REJECTED, "identity changed");
}
END_TEST

START_TEST(a_rehearsal_names_the_asked_user)
{
	struct machine_case *it = okta_case_make(provider_okta(), TOKEN_API);

	machine_case_start(it);
	machine_case_rehearse(it);
	okta_case_end(it, VERDICT_ACCEPTED, "");
}
END_TEST

START_TEST(the_session_gets_the_token_where_it_is_wanted)
{
	struct machine_case *it = okta_case_make(
	    provider_okta(), TOKEN_API "export_token = OKTA_TOKEN\n");

	machine_case_start(it);
	machine_case_answer_tokens(it, CLAIMS("alice@example.com"));
	ck_assert_str_eq(secret_reveal(&it->step.outcome.token), "TOKEN");
	okta_case_end(it, VERDICT_ACCEPTED, "");
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    the_password_is_sent_to_the_token_endpoint,
	    an_answer_to_the_password_has_its_verdict,
	    the_token_must_be_about_the_asked_user,
	    a_rehearsal_names_the_asked_user,
	    the_session_gets_the_token_where_it_is_wanted,
	    NULL,
	};

	return unit_run("provider_okta_token", tests);
}

/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "okta_case.h"
#include "provider_okta.h"
#include "unit.h"

#define USERS_URL                                                              \
	ORG "/api/v1/users/alice%40example.com/credentials/change_password"
#define CHANGE_URL ORG "/api/v1/authn/credentials/change_password"
#define CAUSED(code, cause)                                                    \
	"{\"errorCode\":\"" code "\",\"errorSummary\":\"x\",\"errorCauses\":[" \
	"{\"errorSummary\":\"" cause "\"}]}"
#define EXPIRED(user, links) STATE("PASSWORD_EXPIRED", user, links)
#define NEXT(href) ",\"_links\":{\"next\":{\"href\":\"" href "\"}}"

static struct machine_case *
changing(bool is_trusted)
{
	struct machine_case *it = okta_case_make(provider_okta_change(), AUTHN);

	if (is_trusted)
		ck_assert_ok(secret_set(&it->one->api_token, "API-TOKEN", 9));
	ck_assert_ok(secret_set(&it->one->new_password, "correct horse", 13));
	machine_case_start(it);
	return it;
}

START_TEST(an_api_token_changes_any_password)
{
	struct machine_case *it = changing(true);

	okta_case_expect_request(it, USERS_URL,
	    "{\"oldPassword\":{\"value\":\"hunter2\"},"
	    "\"newPassword\":{\"value\":\"correct horse\"}}");
	ck_assert_ptr_null(
	    strstr(buffer_text(&it->step.masked.body), "correct"));
	ck_assert_str_eq(
	    machine_case_header(it, "Authorization"), "SSWS API-TOKEN");
	machine_case_answer(
	    it, 200, "{\"password\":{},\"provider\":{\"type\":\"OKTA\"}}");
	okta_case_end(it, VERDICT_ACCEPTED, "");
	it = changing(true);
	machine_case_answer(it, 200, "{\"provider\":{\"type\":\"OKTA\"}}");
	okta_case_end(it, VERDICT_ACCEPTED, "");
	it = changing(true);
	machine_case_answer(it, 200, "{\"password\":{}}");
	okta_case_end(it, VERDICT_ACCEPTED, "");
}
END_TEST

struct change_case {
	unsigned status;
	const char *body;
	enum verdict verdict;
	const char *reason;
	const char *message;
};

static const struct change_case changes[] = {
    {403,
	CAUSED("E0000014",
	    "oldPassword: The credentials provided were incorrect."),
	VERDICT_REJECTED, "E0000014: the old password is wrong", ""},
    {403, CAUSED("E0000014", "Old Password is not correct"), VERDICT_REJECTED,
	"E0000014: the old password is wrong", ""},
    {403, CAUSED("E0000014", "Passwords must have 8 characters\\u001b"),
	VERDICT_DENIED_BY_POLICY, "E0000014: the new password",
	"Passwords must have 8 characters?"},
    {403, ERROR("E0000014"), VERDICT_DENIED_BY_POLICY,
	"E0000014: the new password", ""},
    {403, CAUSED("E0000080", "Used before"), VERDICT_DENIED_BY_POLICY,
	"E0000080: the new password", "Used before"},
    {403, CAUSED("E0000080", "not correct horse"), VERDICT_DENIED_BY_POLICY,
	"E0000080", ""},
    {403, CAUSED("E0000080", "not hunter2"), VERDICT_DENIED_BY_POLICY,
	"E0000080", ""},
    {400, CAUSED("E0000001", "password: too weak"), VERDICT_DENIED_BY_POLICY,
	"E0000001: the new password", "password: too weak"},
    {400, CAUSED("E0000001", "newPassword: too weak"), VERDICT_DENIED_BY_POLICY,
	"E0000001: the new password", "newPassword: too weak"},
    {400, CAUSED("E0000001", "login: what"), VERDICT_MISCONFIGURED,
	"E0000001: Okta finds", ""},
    {403, ERROR("E0000006"), VERDICT_MISCONFIGURED, "E0000006", ""},
    {401, ERROR("E0000004"), VERDICT_REJECTED, "E0000004", ""},
    {401, "", VERDICT_REJECTED, "status 401", ""},
    {403, "<html>", VERDICT_REJECTED, "status 403", ""},
    {404, ERROR("E0000007"), VERDICT_MISCONFIGURED, "status 404", ""},
    {429, CAUSED("E0000014", "x"), VERDICT_THROTTLED, "status 429", ""},
    {500, CAUSED("E0000014", "x"), VERDICT_UNAVAILABLE, "status 500", ""},
    {201, CAUSED("E0000014", "x"), VERDICT_REJECTED, "status 201", ""},
    {200, "<html>", VERDICT_UNAVAILABLE, "no JSON object", ""},
    {200, "{}", VERDICT_REJECTED, "unexpected status", ""},
    {200, "{\"password\":true}", VERDICT_REJECTED, "unexpected status", ""},
};

START_TEST(an_answer_to_a_change_has_its_verdict)
{
	size_t at;

	for (at = 0; at < 2 * sizeof(changes) / sizeof(*changes); at++) {
		const struct change_case *one = &changes[at / 2];
		struct machine_case *it = changing(at % 2 == 0);

		if (at % 2 != 0)
			machine_case_answer(it, 200, EXPIRED(ALICE, ""));
		machine_case_answer(it, one->status, one->body);
		ck_assert_str_eq(it->step.outcome.message, one->message);
		ck_assert_uint_eq(it->step.outcome.http_status, one->status);
		okta_case_end(it, one->verdict, one->reason);
	}
}
END_TEST

START_TEST(a_wrong_api_token_is_told)
{
	struct machine_case *it = changing(true);

	machine_case_answer(it, 401, ERROR("E0000011"));
	okta_case_end(it, VERDICT_MISCONFIGURED, "E0000011: the API token");
	it = changing(true);
	machine_case_answer(it, 200, SUCCESS(ALICE));
	okta_case_end(it, VERDICT_REJECTED, "unexpected status");
}
END_TEST

START_TEST(an_expired_password_is_changed_without_an_api_token)
{
	struct machine_case *it = changing(false);

	ck_assert_str_eq(machine_case_url(it), ORG "/api/v1/authn");
	machine_case_answer(it, 200, EXPIRED(ALICE, ""));
	okta_case_expect_request(it, CHANGE_URL,
	    "{\"stateToken\":\"STATE-TOKEN\",\"oldPassword\":\"hunter2\","
	    "\"newPassword\":\"correct horse\"}");
	ck_assert(it->step.request.bears_password);
	ck_assert_ptr_null(
	    strstr(buffer_text(&it->step.masked.body), "correct"));
	machine_case_answer(it, 200, SUCCESS(ALICE));
	okta_case_end(it, VERDICT_ACCEPTED, "");
}
END_TEST

START_TEST(so_is_one_that_expires_soon)
{
	struct machine_case *it = changing(false);

	machine_case_answer(
	    it, 200, STATE("PASSWORD_WARN", ALICE, NEXT(ORG "/change")));
	ck_assert_str_eq(machine_case_url(it), ORG "/change");
	machine_case_answer(it, 200, SUCCESS(MALLORY));
	okta_case_end(it, VERDICT_REJECTED, "somebody else");
	it = changing(false);
	machine_case_answer(it, 200, EXPIRED(ALICE, ""));
	machine_case_answer(it, 200, STATE("MFA_REQUIRED", ALICE, ""));
	okta_case_end(it, VERDICT_SECOND_FACTOR_NEEDED, "MFA_REQUIRED");
}
END_TEST

static const struct change_case proofs[] = {
    {200, SUCCESS(ALICE), VERDICT_MISCONFIGURED, "only with api_token_file",
	""},
    {200, STATE("MFA_REQUIRED", ALICE, ""), VERDICT_SECOND_FACTOR_NEEDED,
	"MFA_REQUIRED: a second factor", ""},
    {200, STATE("LOCKED_OUT", "", ""), VERDICT_LOCKED, "LOCKED_OUT", ""},
    {200, EXPIRED(MALLORY, ""), VERDICT_REJECTED, "somebody else", ""},
    {200, EXPIRED(ALICE, NEXT("https://evil.example.com/")),
	VERDICT_MISCONFIGURED, "evil.example.com", ""},
    {200, "{\"status\":\"PASSWORD_EXPIRED\"}", VERDICT_REJECTED,
	"no state token", ""},
    {401, ERROR("E0000004"), VERDICT_REJECTED, "E0000004", ""},
    {200, "", VERDICT_UNAVAILABLE, "no JSON object", ""},
};

START_TEST(the_old_password_is_judged_first)
{
	size_t at;

	for (at = 0; at < sizeof(proofs) / sizeof(*proofs); at++) {
		struct machine_case *it = changing(false);

		machine_case_answer(it, proofs[at].status, proofs[at].body);
		okta_case_end(it, proofs[at].verdict, proofs[at].reason);
	}
}
END_TEST

START_TEST(a_change_that_fails_on_its_way_is_not_known)
{
	struct machine_case *it = changing(false);

	machine_case_event(it, EVENT_FAILED);
	okta_case_end(it, VERDICT_UNAVAILABLE, "timeout");
}
END_TEST

START_TEST(a_name_that_is_no_name_of_a_user_is_not_sent)
{
	struct machine_case *it = okta_case_make(
	    provider_okta_change(), AUTHN "username = {{USERNAME}}\n");

	ck_assert_ok(secret_set(&it->one->api_token, "API-TOKEN", 9));
	(void)strcpy(it->one->facts.username, "..");
	exchange_case_refill(it->one);
	ck_assert_int_eq(
	    it->machine->start(&it->one->login, &it->step, &it->error),
	    EXTAUTH_INVALID);
	it->one->facts.username[0] = '\0';
	exchange_case_refill(it->one);
	ck_assert_int_eq(
	    it->machine->start(&it->one->login, &it->step, &it->error),
	    EXTAUTH_INVALID);
	machine_case_free(it);
}
END_TEST

START_TEST(a_rehearsed_change_shows_both_requests)
{
	struct machine_case *it = changing(false);

	machine_case_rehearse(it);
	ck_assert_str_eq(machine_case_url(it), CHANGE_URL);
	machine_case_rehearse(it);
	okta_case_end(it, VERDICT_ACCEPTED, "");
}
END_TEST

static const struct change_case mails[] = {
    {200, "{\"status\":\"RECOVERY_CHALLENGE\",\"factorResult\":\"WAITING\"}",
	VERDICT_REJECTED, "", ""},
    {200, "{\"status\":\"RECOVERY\"}", VERDICT_REJECTED, "", ""},
    {403, ERROR("E0000095"), VERDICT_REJECTED, "E0000095: Okta does not know",
	""},
    {403, ERROR("E0000034"), VERDICT_MISCONFIGURED,
	"E0000034: the policy does not allow", ""},
    {401, ERROR("E0000011"), VERDICT_MISCONFIGURED, "E0000011", ""},
    {401, ERROR("E0000004"), VERDICT_MISCONFIGURED, "E0000004", ""},
    {401, ERROR("E0000095"), VERDICT_MISCONFIGURED, "E0000095", ""},
    {200, ERROR("E0000095"), VERDICT_MISCONFIGURED, "unexpected status", ""},
    {200, "{}", VERDICT_MISCONFIGURED, "unexpected status", ""},
    {200, SUCCESS(ALICE), VERDICT_MISCONFIGURED, "unexpected status SUCCESS",
	""},
    {200, "<html>", VERDICT_UNAVAILABLE, "no JSON object", ""},
    {201, "{\"status\":\"RECOVERY\"}", VERDICT_MISCONFIGURED, "status 201", ""},
    {404, "", VERDICT_MISCONFIGURED, "status 404", ""},
    {429, "", VERDICT_THROTTLED, "status 429", ""},
    {500, "", VERDICT_UNAVAILABLE, "status 500", ""},
};

START_TEST(a_mail_was_sent_or_the_reason_is_told)
{
	size_t at;

	for (at = 0; at < sizeof(mails) / sizeof(*mails); at++) {
		const struct change_case *one = &mails[at];
		struct machine_case *it =
		    okta_case_make(provider_okta_forgot(), AUTHN);

		machine_case_start(it);
		machine_case_answer(it, one->status, one->body);
		if (one->verdict == VERDICT_REJECTED)
			ck_assert_uint_eq(it->step.outcome.http_status, 200);
		okta_case_end(it, one->verdict, one->reason);
	}
}
END_TEST

START_TEST(a_mail_is_asked_for_without_a_password)
{
	struct machine_case *it =
	    machine_case_make(provider_okta_forgot(), AUTHN, "");

	(void)strcpy(it->one->facts.device.ip, "192.0.2.7");
	exchange_case_refill(it->one);
	machine_case_start(it);
	okta_case_expect_request(it, ORG "/api/v1/authn/recovery/password",
	    "{\"username\":\"alice@example.com\",\"factorType\":\"EMAIL\"}");
	ck_assert(!it->step.request.bears_password);
	ck_assert_str_eq(
	    machine_case_header(it, "Authorization"), "SSWS api-token");
	ck_assert_str_eq(
	    machine_case_header(it, "X-Forwarded-For"), "192.0.2.7");
	machine_case_event(it, EVENT_FAILED);
	okta_case_end(it, VERDICT_UNAVAILABLE, "timeout");
	it = okta_case_make(
	    provider_okta_forgot(), AUTHN "username = {{USEREXTERNALID}}\n");
	ck_assert_int_eq(
	    it->machine->start(&it->one->login, &it->step, &it->error),
	    EXTAUTH_INVALID);
	machine_case_free(it);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    an_api_token_changes_any_password,
	    an_answer_to_a_change_has_its_verdict,
	    a_wrong_api_token_is_told,
	    an_expired_password_is_changed_without_an_api_token,
	    so_is_one_that_expires_soon,
	    the_old_password_is_judged_first,
	    a_change_that_fails_on_its_way_is_not_known,
	    a_name_that_is_no_name_of_a_user_is_not_sent,
	    a_rehearsed_change_shows_both_requests,
	    a_mail_was_sent_or_the_reason_is_told,
	    a_mail_is_asked_for_without_a_password,
	    NULL,
	};

	return unit_run("provider_okta_change", tests);
}

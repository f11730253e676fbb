/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "exchange_case.h"
#include "oauth.h"
#include "unit.h"

#define URLS                                                                   \
	"type = oauth2\ntoken_url = https://as.example.com/token\n"            \
	"client_id = client-1\n"
#define TOKEN(type) "{\"access_token\":\"T\",\"token_type\":\"" type "\"}"

struct token_case {
	unsigned status;
	const char *body;
	bool is_taken;
	enum verdict verdict; /* where it is not */
	enum verdict client;  /* of oauth_judge_client */
	const char *reason;   /* is in it */
};

#define NO(status, body, verdict, client, reason)                              \
	{                                                                      \
		status, body, false, VERDICT_##verdict, VERDICT_##client,      \
		    reason                                                     \
	}
#define ERROR(code) "{\"error\":\"" code "\",\"error_description\":\"Text\"}"

static const struct token_case token_cases[] = {
    {200, TOKEN("Bearer"), true, VERDICT_REJECTED, VERDICT_MISCONFIGURED, ""},
    {200, TOKEN("bearer"), true, VERDICT_REJECTED, VERDICT_MISCONFIGURED, ""},
    {200, TOKEN("BEARER"), true, VERDICT_REJECTED, VERDICT_MISCONFIGURED, ""},
    {200,
	"{\"access_token\":\"T\",\"token_type\":\"Bearer\",\"error\":null,"
	"\"id_token\":null}",
	true, VERDICT_REJECTED, VERDICT_MISCONFIGURED, ""},
    NO(200, TOKEN("DPoP"), REJECTED, MISCONFIGURED, "Bearer"),
    NO(200, TOKEN("mac"), REJECTED, MISCONFIGURED, "Bearer"),
    NO(200, TOKEN("Bearers"), REJECTED, MISCONFIGURED, "Bearer"),
    NO(200, "{\"access_token\":\"T\"}", REJECTED, MISCONFIGURED, "Bearer"),
    NO(200, "{\"access_token\":\"T\",\"token_type\":[\"Bearer\"]}", REJECTED,
	MISCONFIGURED, "Bearer"),
    NO(200, "{\"token_type\":\"Bearer\"}", REJECTED, MISCONFIGURED, "no token"),
    NO(200, "{\"access_token\":\"\",\"token_type\":\"Bearer\"}", REJECTED,
	MISCONFIGURED, "no token"),
    NO(200, "{\"access_token\":7,\"token_type\":\"Bearer\"}", REJECTED,
	MISCONFIGURED, "no token"),
    NO(200, "{\"access_token\":null,\"token_type\":\"Bearer\"}", REJECTED,
	MISCONFIGURED, "no token"),
    NO(200, "{\"access_token\":\"T\",\"token_type\":\"Bearer\",\"id_token\":7}",
	REJECTED, MISCONFIGURED, "no token"),
    NO(200, "{}", REJECTED, MISCONFIGURED, "Bearer"),
    NO(200, "", UNAVAILABLE, UNAVAILABLE, "not JSON"),
    NO(200, "<html>", UNAVAILABLE, UNAVAILABLE, "not JSON"),
    NO(200, "{\"access_token\":\"T\"", UNAVAILABLE, UNAVAILABLE, "not JSON"),
    NO(200, "{\"access_token\":\"T\",\"access_token\":\"U\"}", UNAVAILABLE,
	UNAVAILABLE, "not JSON"),
    NO(200, "[]", UNAVAILABLE, UNAVAILABLE, "object"),
    NO(200, "\"T\"", UNAVAILABLE, UNAVAILABLE, "object"),
    NO(200, "null", UNAVAILABLE, UNAVAILABLE, "object"),
    NO(200,
	"{\"access_token\":\"T\",\"token_type\":\"Bearer\","
	"\"error\":\"access_denied\"}",
	DENIED_BY_POLICY, MISCONFIGURED, "access_denied"),
    NO(200, "{\"access_token\":\"T\",\"token_type\":\"Bearer\",\"error\":{}}",
	REJECTED, MISCONFIGURED, "without a name"),
    NO(200, ERROR("invalid_grant"), REJECTED, MISCONFIGURED,
	"invalid_grant: Text"),
    NO(201, TOKEN("Bearer"), REJECTED, MISCONFIGURED, "201"),
    NO(204, "", REJECTED, MISCONFIGURED, "204"),
    NO(101, TOKEN("Bearer"), REJECTED, MISCONFIGURED, "101"),
    NO(302, TOKEN("Bearer"), MISCONFIGURED, MISCONFIGURED, "302"),
    NO(400, ERROR("invalid_grant"), REJECTED, MISCONFIGURED,
	"invalid_grant: Text"),
    NO(401, ERROR("invalid_grant"), REJECTED, MISCONFIGURED, "invalid_grant"),
    NO(403, ERROR("invalid_grant"), REJECTED, MISCONFIGURED, "invalid_grant"),
    NO(400, ERROR("a_new_one"), REJECTED, MISCONFIGURED, "a_new_one: Text"),
    NO(400, ERROR("invalid_request"), MISCONFIGURED, MISCONFIGURED,
	"invalid_request"),
    NO(400, ERROR("invalid_client"), MISCONFIGURED, MISCONFIGURED,
	"invalid_client"),
    NO(401, ERROR("invalid_client"), MISCONFIGURED, MISCONFIGURED,
	"invalid_client"),
    NO(400, ERROR("unauthorized_client"), MISCONFIGURED, MISCONFIGURED,
	"unauthorized_client"),
    NO(400, ERROR("unsupported_grant_type"), MISCONFIGURED, MISCONFIGURED,
	"unsupported_grant_type"),
    NO(400, ERROR("unsupported_response_type"), MISCONFIGURED, MISCONFIGURED,
	"unsupported_response_type"),
    NO(400, ERROR("unsupported_token_type"), MISCONFIGURED, MISCONFIGURED,
	"unsupported_token_type"),
    NO(400, ERROR("invalid_scope"), MISCONFIGURED, MISCONFIGURED,
	"invalid_scope"),
    NO(400, ERROR("invalid_target"), MISCONFIGURED, MISCONFIGURED,
	"invalid_target"),
    NO(400, ERROR("invalid_resource"), MISCONFIGURED, MISCONFIGURED,
	"invalid_resource"),
    NO(403, ERROR("insufficient_scope"), MISCONFIGURED, MISCONFIGURED,
	"insufficient_scope"),
    NO(400, ERROR("invalid_dpop_proof"), MISCONFIGURED, MISCONFIGURED,
	"invalid_dpop_proof"),
    NO(400, ERROR("use_dpop_nonce"), MISCONFIGURED, MISCONFIGURED,
	"use_dpop_nonce"),
    NO(400, ERROR("consent_required"), MISCONFIGURED, MISCONFIGURED,
	"consent_required"),
    NO(400, ERROR("access_denied"), DENIED_BY_POLICY, MISCONFIGURED,
	"access_denied"),
    NO(403, ERROR("mfa_required"), SECOND_FACTOR_NEEDED, MISCONFIGURED,
	"mfa_required"),
    NO(400, ERROR("interaction_required"), SECOND_FACTOR_NEEDED, MISCONFIGURED,
	"interaction_required"),
    NO(400, ERROR("login_required"), SECOND_FACTOR_NEEDED, MISCONFIGURED,
	"login_required"),
    NO(400, ERROR("account_selection_required"), SECOND_FACTOR_NEEDED,
	MISCONFIGURED, "account_selection_required"),
    NO(401, ERROR("insufficient_user_authentication"), SECOND_FACTOR_NEEDED,
	MISCONFIGURED, "insufficient_user_authentication"),
    NO(400, ERROR("slow_down"), THROTTLED, THROTTLED, "slow_down"),
    NO(400, ERROR("temporarily_unavailable"), UNAVAILABLE, UNAVAILABLE,
	"temporarily_unavailable"),
    NO(400, ERROR("server_error"), UNAVAILABLE, UNAVAILABLE, "server_error"),
    NO(400, "{\"error\":\"invalid_grant\"}", REJECTED, MISCONFIGURED,
	"invalid_grant"),
    NO(400, "{}", REJECTED, MISCONFIGURED, "400"),
    NO(400, "[]", REJECTED, MISCONFIGURED, "400"),
    NO(400, "", MISCONFIGURED, MISCONFIGURED, "400 without a reason"),
    NO(400, "<html>", MISCONFIGURED, MISCONFIGURED, "400 without a reason"),
    NO(401, "", REJECTED, MISCONFIGURED, "401"),
    NO(403, "<html>", REJECTED, MISCONFIGURED, "403"),
    NO(410, "", REJECTED, MISCONFIGURED, "410"),
    NO(404, ERROR("invalid_grant"), MISCONFIGURED, MISCONFIGURED, "404"),
    NO(429, ERROR("invalid_grant"), THROTTLED, THROTTLED, "429"),
    NO(500, ERROR("invalid_grant"), UNAVAILABLE, UNAVAILABLE, "500"),
    NO(503, "", UNAVAILABLE, UNAVAILABLE, "503"),
};

static void
check_tokens(const struct token_case *one)
{
	struct response response = {
	    .status = one->status, .body = buffer_make(1024)};
	struct oauth_tokens tokens = {0};
	struct login_outcome outcome = {.verdict = VERDICT_ACCEPTED};
	struct answer answer = {0};

	ck_assert_ok(buffer_append_text(&response.body, one->body));
	ck_assert_ok(answer_read(&response, &answer));
	ck_assert_msg(
	    oauth_take_tokens(&answer, &tokens, &outcome) == one->is_taken,
	    "%u %s", one->status, one->body);
	ck_assert_uint_eq(tokens.access_token.length, one->is_taken ? 1 : 0);
	ck_assert_msg(outcome.verdict == one->verdict &&
		strstr(outcome.reason, one->reason) != NULL,
	    "%u %s: %s: %s", one->status, one->body,
	    verdict_name(outcome.verdict), outcome.reason);
	ck_assert_uint_eq(outcome.http_status, one->status);
	oauth_judge_client(&answer, &outcome);
	ck_assert_msg(outcome.verdict == one->client, "%u %s: %s", one->status,
	    one->body, verdict_name(outcome.verdict));
	oauth_tokens_clear(&tokens);
	answer_clear(&answer);
	response_clear(&response);
}

START_TEST(answer_of_a_token_endpoint_is_judged)
{
	size_t at;

	for (at = 0; at < sizeof(token_cases) / sizeof(*token_cases); at++)
		check_tokens(&token_cases[at]);
	oauth_tokens_clear(NULL);
}
END_TEST

static void
judge_body_of(
    const char *body, const char *password, struct login_outcome *outcome)
{
	struct response response = {.status = 400, .body = buffer_make(1024)};
	struct exchange_case *made = exchange_case_make(URLS
	    "expired_if = /error_description == \"Expired\"\n"
	    "reject_message = /message\n",
	    password);
	struct oauth_tokens tokens = {0};
	struct answer answer = {0};
	struct step step = {0};

	ck_assert_ok(buffer_append_text(&response.body, body));
	ck_assert_ok(answer_read(&response, &answer));
	ck_assert(!oauth_take_tokens(&answer, &tokens, outcome));
	oauth_refuse(&made->login, &answer, outcome, &step);
	ck_assert_int_eq(step.kind, STEP_VERDICT);
	*outcome = step.outcome;
	answer_clear(&answer);
	response_clear(&response);
	exchange_case_free(made);
}

static void
judge_body(const char *body, struct login_outcome *outcome)
{
	judge_body_of(body, "hunter2", outcome);
}

START_TEST(refusal_is_sorted_and_tells_no_secret)
{
	struct login_outcome outcome;

	judge_body("{\"error\":\"invalid_grant\","
		   "\"error_description\":\"Expired\",\"message\":\"Go\"}",
	    &outcome);
	ck_assert_int_eq(outcome.verdict, VERDICT_EXPIRED);
	ck_assert_str_eq(outcome.message, "Go");
	judge_body("{\"error\":\"invalid_grant\","
		   "\"error_description\":\"hunter2 is wrong\"}",
	    &outcome);
	ck_assert_int_eq(outcome.verdict, VERDICT_REJECTED);
	ck_assert_str_eq(outcome.reason, "status 400");
	judge_body("{\"error\":\"invalid_grant\","
		   "\"error_description\":\"no bob@example.com\"}",
	    &outcome);
	ck_assert_str_eq(outcome.reason, "invalid_grant");
	judge_body("{\"error\":\"bob@example.com is locked\"}", &outcome);
	ck_assert_str_eq(outcome.reason, "status 400: an error without a name");
}
END_TEST

#define LONG_TEXT                                                              \
	"a text of fifty bytes that fills the reason so far"                   \
	"a text of fifty bytes that fills the reason so far"                   \
	"a text of fifty bytes that fills the reason so far"                   \
	"a text of fifty bytes that fills the reason so far"

/* What is cut, or made printable, shows a part of it. */
START_TEST(part_of_a_secret_is_not_told)
{
	struct login_outcome outcome;

	judge_body_of("{\"error\":\"invalid_grant\",\"error_description\":\""
		      "p\u00e4ssword is wrong\"}",
	    "p\xc3\xa4ssword", &outcome);
	ck_assert_str_eq(outcome.reason, "status 400");
	judge_body_of(
	    "{\"error\":\"invalid_grant\",\"error_description\":\"" LONG_TEXT
	    " hunter2-is-long-and-does-not-fit-in\"}",
	    "hunter2-is-long-and-does-not-fit-in", &outcome);
	ck_assert_str_eq(outcome.reason, "status 400");
	judge_body("{\"error\":\"invalid_client\",\"error_description\":"
		   "\"no client has client-secret\"}",
	    &outcome);
	ck_assert_str_eq(outcome.reason, "status 400");
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    answer_of_a_token_endpoint_is_judged,
	    refusal_is_sorted_and_tells_no_secret,
	    part_of_a_secret_is_not_told,
	    NULL,
	};

	return unit_run("oauth_error", tests);
}

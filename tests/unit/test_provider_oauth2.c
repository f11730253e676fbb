/* SPDX-License-Identifier: MIT */
#include "provider_oauth2.h"

#include <stdio.h>
#include <string.h>

#include "machine_case.h"
#include "unit.h"

#define AS "https://as.example.com"
#define TYPE "type = oauth2\nclient_id = client-1\n"
#define BASE TYPE "token_url = " AS "/token\n"
#define PLAIN BASE "scope = read\n"
#define OPENID BASE "issuer = " AS "\n"
#define USERINFO PLAIN "userinfo_url = " AS "/userinfo\n"
#define BOTH OPENID "userinfo_url = " AS "/userinfo\n"
#define INTROSPECTION PLAIN "introspection_url = " AS "/introspect\n"
#define FOUND TYPE "issuer = " AS "\n"
#define PING                                                                   \
	"type = pingfederate\nurl = https://sso.example.com:9031\n"            \
	"client_id = client-1\nvalidator_id = corp\nidentity_is = name\n"

#define TOKEN "{\"access_token\":\"TOKEN\",\"token_type\":\"bearer\"}"
/* A body that begins with '@' stands for tokens with an id_token of these. */
#define ABOUT(rest)                                                            \
	"@{\"iss\":\"" AS "\",\"aud\":\"client-1\",\"exp\":1767225900" rest "}"
#define ALICE ",\"sub\":\"s-1\",\"email\":\"alice@example.com\""
#define MALLORY ",\"sub\":\"s-9\",\"email\":\"mallory@example.com\""
#define DISCOVERY(rest) "{\"issuer\":\"" AS "\"" rest "}"

#define ANSWERS_MAX 4

struct answer_case {
	unsigned status; /* 0: no answer comes */
	const char *body;
};

struct oauth2_case {
	const char *keys;
	struct answer_case answers[ANSWERS_MAX];
	enum verdict verdict;
	const char *reason; /* is in it */
};

static const struct oauth2_case oauth2_cases[] = {
    /* id_token */
    {OPENID, {{200, ABOUT(ALICE)}}, VERDICT_ACCEPTED, ""},
    {OPENID, {{200, ABOUT(ALICE ",\"email_verified\":true")}}, VERDICT_ACCEPTED,
	""},
    {OPENID, {{200, ABOUT(ALICE ",\"email_verified\":false")}},
	VERDICT_REJECTED, "not verified"},
    {OPENID, {{200, ABOUT(MALLORY)}}, VERDICT_REJECTED, "somebody else"},
    {OPENID, {{200, ABOUT("")}}, VERDICT_REJECTED, "does not say"},
    {OPENID,
	{{200,
	    "@{\"iss\":\"https://other\",\"aud\":\"client-1\",\"exp\":"
	    "1767225900" ALICE "}"}},
	VERDICT_REJECTED, "iss"},
    {BASE,
	{{200,
	    "@{\"iss\":\"https://other\",\"aud\":\"client-1\",\"exp\":"
	    "1767225900" ALICE "}"}},
	VERDICT_ACCEPTED, ""},
    {BASE,
	{{200,
	    "@{\"iss\":\"" AS "\",\"aud\":\"other\",\"exp\":"
	    "1767225900" ALICE "}"}},
	VERDICT_REJECTED, "aud"},
    {OPENID "identity_from = id_token\n", {{200, TOKEN}}, VERDICT_REJECTED,
	"id_token"},
    {OPENID, {{200, TOKEN}}, VERDICT_MISCONFIGURED, "whose token"},
    {BASE "identity_from = none\n", {{200, TOKEN}}, VERDICT_ACCEPTED, ""},
    {BASE "identity_from = none\n", {{200, "{}"}}, VERDICT_REJECTED, "Bearer"},

    /* token endpoint */
    {OPENID, {{0, ""}}, VERDICT_UNAVAILABLE, "timeout"},
    {OPENID, {{400, "{\"error\":\"invalid_grant\"}"}}, VERDICT_REJECTED,
	"invalid_grant"},
    {OPENID, {{401, "{\"error\":\"invalid_client\"}"}}, VERDICT_MISCONFIGURED,
	"invalid_client"},
    {OPENID, {{403, ""}}, VERDICT_REJECTED, "403"},
    {OPENID, {{400, ""}}, VERDICT_MISCONFIGURED, "400"},
    {OPENID, {{200, "<html>"}}, VERDICT_UNAVAILABLE, "JSON"},
    {OPENID, {{429, "{\"error\":\"invalid_grant\"}"}}, VERDICT_THROTTLED,
	"429"},
    {OPENID "locked_if = /error_description == \"Account disabled\"\n",
	{{400,
	    "{\"error\":\"invalid_grant\","
	    "\"error_description\":\"Account disabled\"}"}},
	VERDICT_LOCKED, "locked_if"},

    /* userinfo */
    {USERINFO, {{200, TOKEN}, {200, "{\"email\":\"alice@example.com\"}"}},
	VERDICT_ACCEPTED, ""},
    {USERINFO, {{200, TOKEN}, {200, "{\"email\":\"bob@example.com\"}"}},
	VERDICT_REJECTED, "somebody else"},
    {USERINFO,
	{{200, TOKEN},
	    {200,
		"{\"email\":\"alice@example.com\",\"email_verified\":false}"}},
	VERDICT_REJECTED, "not verified"},
    {USERINFO,
	{{200, TOKEN},
	    {200, "{\"email\":\"alice@example.com\",\"error\":\"x\"}"}},
	VERDICT_REJECTED, "x"},
    {USERINFO, {{200, TOKEN}, {200, "{}"}}, VERDICT_REJECTED, "does not say"},
    {USERINFO, {{200, TOKEN}, {200, ""}}, VERDICT_UNAVAILABLE, "JSON"},
    {USERINFO, {{200, TOKEN}, {401, ""}}, VERDICT_REJECTED, "401"},
    {USERINFO, {{200, TOKEN}, {400, ""}}, VERDICT_REJECTED, "400"},
    {USERINFO, {{200, TOKEN}, {403, "{\"error\":\"insufficient_scope\"}"}},
	VERDICT_MISCONFIGURED, "insufficient_scope"},
    {USERINFO, {{200, TOKEN}, {0, ""}}, VERDICT_UNAVAILABLE, "timeout"},
    {USERINFO, {{200, TOKEN}, {500, ""}}, VERDICT_UNAVAILABLE, "500"},
    {BOTH "identity_from = userinfo\n",
	{{200, ABOUT(ALICE)},
	    {200, "{\"sub\":\"s-1\",\"email\":\"alice@example.com\"}"}},
	VERDICT_ACCEPTED, ""},
    {BOTH "identity_from = userinfo\n",
	{{200, ABOUT(ALICE)},
	    {200, "{\"sub\":\"s-2\",\"email\":\"alice@example.com\"}"}},
	VERDICT_REJECTED, "another subject"},
    {BOTH "identity_from = userinfo\n",
	{{200, ABOUT(ALICE)}, {200, "{\"email\":\"alice@example.com\"}"}},
	VERDICT_REJECTED, "another subject"},
    {BOTH "identity_from = userinfo\n",
	{{200, ABOUT("")}, {200, "{\"email\":\"alice@example.com\"}"}},
	VERDICT_REJECTED, "another subject"},
    {BOTH "identity_from = userinfo\n",
	{{200, "@{\"aud\":\"client-1\"" ALICE "}"},
	    {200, "{\"sub\":\"s-1\",\"email\":\"alice@example.com\"}"}},
	VERDICT_REJECTED, "iss"},
    /* An id_token without the address leads on to userinfo. */
    {BOTH,
	{{200, ABOUT(",\"sub\":\"s-1\"")},
	    {200, "{\"sub\":\"s-1\",\"email\":\"alice@example.com\"}"}},
	VERDICT_ACCEPTED, ""},
    {BOTH,
	{{200, ABOUT(",\"sub\":\"s-1\"")},
	    {200, "{\"sub\":\"s-1\",\"email\":\"bob@example.com\"}"}},
	VERDICT_REJECTED, "somebody else"},
    {BOTH, {{200, ABOUT(MALLORY)}}, VERDICT_REJECTED, "somebody else"},
    {BOTH "identity_from = id_token\n", {{200, ABOUT(",\"sub\":\"s-1\"")}},
	VERDICT_REJECTED, "does not say"},

    /* introspection */
    {INTROSPECTION,
	{{200, TOKEN},
	    {200, "{\"active\":true,\"email\":\"alice@example.com\"}"}},
	VERDICT_ACCEPTED, ""},
    {INTROSPECTION,
	{{200, TOKEN},
	    {200, "{\"active\":true,\"email\":\"bob@example.com\"}"}},
	VERDICT_REJECTED, "somebody else"},
    {INTROSPECTION,
	{{200, TOKEN},
	    {200, "{\"active\":false,\"email\":\"alice@example.com\"}"}},
	VERDICT_REJECTED, "not active"},
    {INTROSPECTION,
	{{200, TOKEN},
	    {200, "{\"active\":\"true\",\"email\":\"alice@example.com\"}"}},
	VERDICT_REJECTED, "not active"},
    {INTROSPECTION, {{200, TOKEN}, {200, "{\"email\":\"alice@example.com\"}"}},
	VERDICT_REJECTED, "not active"},
    {INTROSPECTION, {{200, TOKEN}, {401, ""}}, VERDICT_MISCONFIGURED, "401"},
    {INTROSPECTION, {{200, TOKEN}, {400, "{\"error\":\"invalid_grant\"}"}},
	VERDICT_MISCONFIGURED, "invalid_grant"},
    {INTROSPECTION, {{200, TOKEN}, {200, "[]"}}, VERDICT_UNAVAILABLE, "JSON"},
    {INTROSPECTION, {{200, TOKEN}, {503, ""}}, VERDICT_UNAVAILABLE, "503"},

    /* discovery */
    {FOUND,
	{{200, DISCOVERY(",\"token_endpoint\":\"" AS "/t\"")},
	    {200, ABOUT(ALICE)}},
	VERDICT_ACCEPTED, ""},
    {FOUND,
	{{200,
	     DISCOVERY(",\"token_endpoint\":\"" AS
		       "/t\",\"userinfo_endpoint\":\"" AS "/u\"")},
	    {200, TOKEN}, {200, "{\"email\":\"alice@example.com\"}"}},
	VERDICT_ACCEPTED, ""},
    {FOUND,
	{{200,
	     DISCOVERY(",\"token_endpoint\":\"" AS
		       "/t\",\"introspection_endpoint\":\"" AS "/i\"")},
	    {200, TOKEN},
	    {200, "{\"active\":true,\"email\":\"alice@example.com\"}"}},
	VERDICT_ACCEPTED, ""},
    {FOUND,
	{{200,
	     DISCOVERY(",\"token_endpoint\":\"" AS
		       "/t\",\"userinfo_endpoint\":\"https://x.example/u\"")},
	    {200, TOKEN}},
	VERDICT_MISCONFIGURED, "whose token"},
    {FOUND "identity_from = userinfo\n",
	{{200,
	    DISCOVERY(",\"token_endpoint\":\"" AS
		      "/t\",\"userinfo_endpoint\":\"https://x.example/u\"")}},
	VERDICT_MISCONFIGURED,
	"userinfo_endpoint is at https://x.example/u: write userinfo_url ="},
    {FOUND "identity_from = introspection\n",
	{{200, DISCOVERY(",\"token_endpoint\":\"" AS "/t\"")}},
	VERDICT_MISCONFIGURED, "names no introspection_endpoint"},
    {FOUND, {{200, DISCOVERY(",\"token_endpoint\":\"https://x.example/t\"")}},
	VERDICT_MISCONFIGURED,
	"token_endpoint is at https://x.example/t: write token_url ="},
    {FOUND,
	{{200,
	    DISCOVERY(",\"token_endpoint\":\"https://as.example.com@x/t\"")}},
	VERDICT_MISCONFIGURED, "token_endpoint is at"},
    {FOUND, {{200, DISCOVERY("")}}, VERDICT_MISCONFIGURED,
	"names no token_endpoint"},
    {FOUND, {{200, DISCOVERY(",\"token_endpoint\":7")}}, VERDICT_MISCONFIGURED,
	"names no token_endpoint"},
    {FOUND, {{200, "{\"issuer\":\"" AS "/\",\"token_endpoint\":\"" AS "/t\"}"}},
	VERDICT_MISCONFIGURED, "another name: \"" AS "/\"; write issuer"},
    {FOUND, {{200, "{\"token_endpoint\":\"" AS "/t\"}"}}, VERDICT_MISCONFIGURED,
	"another name"},
    {FOUND, {{200, "<html>"}}, VERDICT_UNAVAILABLE, "JSON"},
    {FOUND, {{404, ""}}, VERDICT_MISCONFIGURED, "404"},
    {FOUND, {{401, ""}}, VERDICT_MISCONFIGURED, "401"},
    {FOUND, {{500, ""}}, VERDICT_UNAVAILABLE, "500"},
    {FOUND, {{0, ""}}, VERDICT_UNAVAILABLE, "timeout"},

    /* pingfederate */
    {PING, {{200, TOKEN}, {200, "{\"sub\":\"alice\"}"}}, VERDICT_ACCEPTED, ""},
    {PING, {{200, TOKEN}, {200, "{\"sub\":\"bob\"}"}}, VERDICT_REJECTED,
	"somebody else"},
    {PING,
	{{400, "{\"error\":\"invalid_grant\",\"error_description\":\"No\"}"}},
	VERDICT_REJECTED, "invalid_grant: No"},
};

static void
give(struct machine_case *it, const struct answer_case *answer)
{
	static char tokens[MACHINE_CASE_TEXT_BYTES];

	if (answer->status == 0) {
		machine_case_event(it, EVENT_FAILED);
		return;
	}
	if (answer->body[0] == '@')
		machine_case_tokens(answer->body + 1, tokens);
	machine_case_answer(
	    it, answer->status, answer->body[0] == '@' ? tokens : answer->body);
}

static void
check_case(const struct oauth2_case *one)
{
	struct machine_case *it =
	    machine_case_make(provider_oauth2(), one->keys, "hunter2");
	size_t at;

	machine_case_start(it);
	for (at = 0; at < ANSWERS_MAX && one->answers[at].body != NULL; at++) {
		machine_case_expect_masked(it);
		give(it, &one->answers[at]);
	}
	machine_case_expect(it, one->verdict, one->reason);
	ck_assert_uint_eq(
	    it->step.outcome.http_status, one->answers[at - 1].status);
	machine_case_free(it);
}

START_TEST(answers_lead_to_a_verdict)
{
	size_t at;

	for (at = 0; at < sizeof(oauth2_cases) / sizeof(*oauth2_cases); at++)
		check_case(&oauth2_cases[at]);
}
END_TEST

START_TEST(discovered_endpoints_are_asked_in_turn)
{
	struct machine_case *it =
	    machine_case_make(provider_oauth2(), FOUND, "hunter2");

	machine_case_start(it);
	ck_assert_str_eq(
	    machine_case_url(it), AS "/.well-known/openid-configuration");
	ck_assert(!it->step.request.bears_password);
	machine_case_answer(it, 200,
	    DISCOVERY(",\"token_endpoint\":\"" AS
		      "/t\",\"userinfo_endpoint\":\"" AS "/u\""));
	ck_assert_str_eq(machine_case_url(it), AS "/t");
	ck_assert(it->step.request.bears_password);
	machine_case_answer(it, 200, TOKEN);
	ck_assert_str_eq(machine_case_url(it), AS "/u");
	ck_assert_str_eq(
	    machine_case_header(it, "Authorization"), "Bearer TOKEN");
	machine_case_free(it);
}
END_TEST

START_TEST(written_endpoint_is_not_replaced)
{
	struct machine_case *it = machine_case_make(provider_oauth2(),
	    FOUND "userinfo_url = https://id.example.com/me\n", "hunter2");

	machine_case_start(it);
	machine_case_answer(it, 200,
	    DISCOVERY(",\"token_endpoint\":\"https://id.example.com/t\","
		      "\"userinfo_endpoint\":\"" AS "/u\""));
	ck_assert_str_eq(machine_case_url(it), "https://id.example.com/t");
	machine_case_answer(it, 200, TOKEN);
	ck_assert_str_eq(machine_case_url(it), "https://id.example.com/me");
	machine_case_free(it);
}
END_TEST

START_TEST(slash_at_the_issuer_s_end_is_not_doubled)
{
	struct machine_case *it = machine_case_make(provider_oauth2(),
	    TYPE "issuer = https://as.example.com/realm/\n", "hunter2");

	machine_case_start(it);
	ck_assert_str_eq(
	    machine_case_url(it), AS "/realm/.well-known/openid-configuration");
	machine_case_free(it);
}
END_TEST

START_TEST(pingfederate_names_its_validator)
{
	struct machine_case *it =
	    machine_case_make(provider_oauth2(), PING, "hunter2");

	machine_case_start(it);
	ck_assert_str_eq(machine_case_url(it),
	    "https://sso.example.com:9031/as/token.oauth2");
	ck_assert_str_eq(machine_case_body(it),
	    "grant_type=password&client_id=client-1"
	    "&username=alice%40example.com&password=hunter2&scope=openid"
	    "&validator_id=corp");
	machine_case_free(it);
}
END_TEST

START_TEST(token_is_exported_after_the_person_is_known)
{
	struct machine_case *it = machine_case_make(provider_oauth2(),
	    USERINFO "export_token = SSO_TOKEN\n", "hunter2");

	machine_case_start(it);
	machine_case_answer(it, 200, TOKEN);
	machine_case_answer(it, 200, "{\"email\":\"bob@example.com\"}");
	ck_assert_uint_eq(it->step.outcome.token.length, 0);
	machine_case_free(it);
	it = machine_case_make(provider_oauth2(),
	    USERINFO "export_token = SSO_TOKEN\n", "hunter2");
	machine_case_start(it);
	machine_case_answer(it, 200, TOKEN);
	machine_case_answer(it, 200, "{\"email\":\"alice@example.com\"}");
	ck_assert_str_eq(secret_reveal(&it->step.outcome.token), "TOKEN");
	machine_case_free(it);
}
END_TEST

START_TEST(rehearsal_goes_to_the_end)
{
	static const char *const keys[] = {FOUND, BOTH, USERINFO, INTROSPECTION,
	    PING, BOTH "identity_from = userinfo\n",
	    FOUND "identity_from = introspection\n"};
	size_t at;

	for (at = 0; at < sizeof(keys) / sizeof(*keys); at++) {
		struct machine_case *it =
		    machine_case_make(provider_oauth2(), keys[at], "hunter2");

		machine_case_start(it);
		while (it->step.kind == STEP_REQUEST)
			machine_case_rehearse(it);
		machine_case_expect(it, VERDICT_ACCEPTED, "");
		machine_case_free(it);
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    answers_lead_to_a_verdict,
	    discovered_endpoints_are_asked_in_turn,
	    written_endpoint_is_not_replaced,
	    slash_at_the_issuer_s_end_is_not_doubled,
	    pingfederate_names_its_validator,
	    token_is_exported_after_the_person_is_known,
	    rehearsal_goes_to_the_end,
	    NULL,
	};

	return unit_run("provider_oauth2", tests);
}

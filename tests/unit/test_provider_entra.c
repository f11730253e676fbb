/* SPDX-License-Identifier: MIT */
#include "provider_entra.h"

#include <stdio.h>
#include <string.h>

#include "machine_case.h"
#include "unit.h"

#define TENANT "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
#define ISS "https://login.microsoftonline.com/" TENANT "/v2.0"
#define KEYS "type = entra\nclient_id = client-1\ntenant = " TENANT "\n"
#define NAMED "type = entra\nclient_id = client-1\ntenant = example.com\n"

struct code_case {
	unsigned code;
	enum verdict verdict;
	const char *text;
};

static const struct code_case code_cases[] = {
    {50126, VERDICT_REJECTED, "wrong user or password"},
    {50056, VERDICT_REJECTED, "no password"},
    {50064, VERDICT_REJECTED, "wrong user or password"},
    {50034, VERDICT_REJECTED, "no such user"},
    {51004, VERDICT_REJECTED, "no such user"},
    {50053, VERDICT_LOCKED, "locked"},
    {50057, VERDICT_LOCKED, "disabled"},
    {50055, VERDICT_EXPIRED, "expired"},
    {50144, VERDICT_EXPIRED, "expired"},
    {50135, VERDICT_EXPIRED, "changed"},
    {50076, VERDICT_SECOND_FACTOR_NEEDED, "second factor"},
    {50074, VERDICT_SECOND_FACTOR_NEEDED, "second factor"},
    {50078, VERDICT_SECOND_FACTOR_NEEDED, "second factor"},
    {50158, VERDICT_SECOND_FACTOR_NEEDED, "second factor"},
    {16000, VERDICT_SECOND_FACTOR_NEEDED, "browser"},
    {50072, VERDICT_SECOND_FACTOR_NEEDED, "set up"},
    {50079, VERDICT_SECOND_FACTOR_NEEDED, "set up"},
    {53004, VERDICT_SECOND_FACTOR_NEEDED, "set up"},
    {53010, VERDICT_SECOND_FACTOR_NEEDED, "set up"},
    {53000, VERDICT_DENIED_BY_POLICY, "compliant"},
    {53001, VERDICT_DENIED_BY_POLICY, "joined"},
    {53003, VERDICT_DENIED_BY_POLICY, "Conditional Access"},
    {530032, VERDICT_DENIED_BY_POLICY, "policy"},
    {530034, VERDICT_DENIED_BY_POLICY, "policy"},
    {530035, VERDICT_DENIED_BY_POLICY, "policy"},
    {50105, VERDICT_DENIED_BY_POLICY, "not assigned"},
    {50020, VERDICT_DENIED_BY_POLICY, "another tenant"},
    {53011, VERDICT_DENIED_BY_POLICY, "risk"},
    {65001, VERDICT_MISCONFIGURED,
	"an administrator must grant consent to the application"},
    {65004, VERDICT_MISCONFIGURED, "consent"},
    {90094, VERDICT_MISCONFIGURED, "consent"},
    {90095, VERDICT_MISCONFIGURED, "consent"},
    {700016, VERDICT_MISCONFIGURED, "client_id"},
    {70001, VERDICT_MISCONFIGURED, "client_id"},
    {7000112, VERDICT_MISCONFIGURED, "disabled"},
    {7000215, VERDICT_MISCONFIGURED, "client_secret_file: the secret is wrong"},
    {7000218, VERDICT_MISCONFIGURED,
	"switch on 'Allow public client flows' or give client_secret_file"},
    {7000222, VERDICT_MISCONFIGURED, "client_secret_file"},
    {700025, VERDICT_MISCONFIGURED, "public"},
    {70003, VERDICT_MISCONFIGURED, "grant"},
    {70011, VERDICT_MISCONFIGURED, "scope"},
    {9001023, VERDICT_MISCONFIGURED, "tenant"},
    {90002, VERDICT_MISCONFIGURED, "tenant"},
    {900144, VERDICT_MISCONFIGURED, "lacks"},
    {9002313, VERDICT_MISCONFIGURED, "malformed"},
    {90055, VERDICT_THROTTLED, "too many"},
    {50196, VERDICT_THROTTLED, "too many"},
    {80001, VERDICT_UNAVAILABLE, "agent"},
    {80002, VERDICT_UNAVAILABLE, "agent"},
    {80005, VERDICT_UNAVAILABLE, "agent"},
    {80007, VERDICT_UNAVAILABLE, "agent"},
    {80014, VERDICT_UNAVAILABLE, "agent"},
    {50033, VERDICT_UNAVAILABLE, "trouble"},
    {50087, VERDICT_UNAVAILABLE, "trouble"},
    {90006, VERDICT_UNAVAILABLE, "trouble"},
    {90012, VERDICT_UNAVAILABLE, "trouble"},
    {90024, VERDICT_UNAVAILABLE, "trouble"},
    {90033, VERDICT_UNAVAILABLE, "trouble"},
    {90090, VERDICT_UNAVAILABLE, "trouble"},
};

/* Answers the password grant of one login. */
static struct machine_case *
answered(const char *keys, unsigned status, const char *body)
{
	struct machine_case *it =
	    machine_case_make(provider_entra(), keys, "hunter2");

	machine_case_start(it);
	machine_case_expect_masked(it);
	machine_case_answer(it, status, body);
	return it;
}

static void
expect(
    unsigned status, const char *body, enum verdict verdict, const char *reason)
{
	struct machine_case *it = answered(KEYS, status, body);

	machine_case_expect(it, verdict, reason);
	ck_assert_uint_eq(it->step.outcome.http_status, status);
	machine_case_free(it);
}

START_TEST(each_code_has_its_verdict)
{
	static const unsigned statuses[] = {400, 401, 403};
	char body[512];
	char reason[128];
	size_t at;

	for (at = 0; at < sizeof(code_cases) / sizeof(*code_cases); at++) {
		const struct code_case *one = &code_cases[at];

		/* The code alone decides: the error says something else. */
		(void)snprintf(body, sizeof(body),
		    "{\"error\":\"%s\",\"error_codes\":[%u]}",
		    one->verdict == VERDICT_REJECTED ? "invalid_client"
						     : "invalid_grant",
		    one->code);
		(void)snprintf(reason, sizeof(reason), "AADSTS%u: ", one->code);
		expect(statuses[at % 3], body, one->verdict, reason);
		expect(statuses[at % 3], body, one->verdict, one->text);
		(void)snprintf(body, sizeof(body),
		    "{\"error\":\"invalid_grant\",\"error_description\":"
		    "\"AADSTS%u: Text.\\r\\nTrace ID: t\"}",
		    one->code);
		expect(400, body, one->verdict, one->text);
	}
}
END_TEST

struct answer_case {
	unsigned status;
	const char *body;
	enum verdict verdict;
	const char *reason;
};

static const struct answer_case answer_cases[] = {
    /* All elements are looked at, then the description. */
    {400, "{\"error\":\"invalid_grant\",\"error_codes\":[1,\"x\",50076]}",
	VERDICT_SECOND_FACTOR_NEEDED, "AADSTS50076: a second factor is needed"},
    {400, "{\"error\":\"invalid_grant\",\"error_codes\":[50057,50076]}",
	VERDICT_LOCKED, "AADSTS50057"},
    {400,
	"{\"error\":\"invalid_grant\",\"error_codes\":[1],"
	"\"error_description\":\"AADSTS50055: Old\"}",
	VERDICT_EXPIRED, "AADSTS50055"},
    {400, "{\"error\":\"invalid_grant\",\"error_codes\":[99999]}",
	VERDICT_REJECTED, "AADSTS99999: invalid_grant"},
    {400,
	"{\"error\":\"invalid_grant\",\"error_description\":"
	"\"AADSTS5007: Text\"}",
	VERDICT_REJECTED, "AADSTS5007: invalid_grant"},
    {400,
	"{\"error\":\"invalid_grant\",\"error_description\":"
	"\"AADSTS500760000000000000000: Text\"}",
	VERDICT_REJECTED, "invalid_grant"},
    {400,
	"{\"error\":\"invalid_grant\",\"error_description\":"
	"\"See AADSTS50076\"}",
	VERDICT_REJECTED, "invalid_grant: See AADSTS50076"},
    {400, "{\"error\":\"interaction_required\",\"error_codes\":[99999]}",
	VERDICT_SECOND_FACTOR_NEEDED, "AADSTS99999"},
    {400, "{\"error\":\"invalid_grant\",\"error_codes\":50076}",
	VERDICT_REJECTED, "invalid_grant"},
    {400, "{\"error\":\"invalid_grant\"}", VERDICT_REJECTED, "invalid_grant"},
    {400, "{\"error\":\"invalid_client\"}", VERDICT_MISCONFIGURED,
	"invalid_client"},
    {400, "", VERDICT_MISCONFIGURED, "400"},
    {401, "", VERDICT_REJECTED, "401"},
    /* A code speaks for three statuses only. */
    {200, "{\"error\":\"invalid_grant\",\"error_codes\":[50076]}",
	VERDICT_REJECTED, "invalid_grant"},
    {429, "{\"error\":\"invalid_grant\",\"error_codes\":[50126]}",
	VERDICT_THROTTLED, "429"},
    {500, "{\"error\":\"invalid_grant\",\"error_codes\":[50126]}",
	VERDICT_UNAVAILABLE, "500"},
    {404, "{\"error\":\"invalid_grant\",\"error_codes\":[50126]}",
	VERDICT_MISCONFIGURED, "404"},
    {410, "{\"error\":\"invalid_grant\",\"error_codes\":[50076]}",
	VERDICT_REJECTED, "invalid_grant"},
    {200, "", VERDICT_UNAVAILABLE, "JSON"},
    {200, "{\"access_token\":\"T\",\"token_type\":\"Bearer\"}",
	VERDICT_REJECTED, "no id_token"},
};

START_TEST(answers_lead_to_a_verdict)
{
	struct machine_case *it =
	    machine_case_make(provider_entra(), KEYS, "hunter2");
	size_t at;

	for (at = 0; at < sizeof(answer_cases) / sizeof(*answer_cases); at++)
		expect(answer_cases[at].status, answer_cases[at].body,
		    answer_cases[at].verdict, answer_cases[at].reason);
	machine_case_start(it);
	machine_case_event(it, EVENT_FAILED);
	machine_case_expect(it, VERDICT_UNAVAILABLE, "timeout");
	machine_case_free(it);
}
END_TEST

#define CLAIMS(iss, tid, name, oid)                                            \
	"{\"iss\":\"" iss "\",\"aud\":\"client-1\",\"exp\":1767225900,"        \
	"\"tid\":\"" tid "\",\"preferred_username\":\"" name "\","             \
	"\"oid\":\"" oid "\"}"
#define ALICE "alice@example.com"

struct claims_case {
	const char *keys;
	const char *claims;
	enum verdict verdict;
	const char *reason;
};

static const struct claims_case claims_cases[] = {
    {KEYS, CLAIMS(ISS, TENANT, ALICE, "id-1"), VERDICT_ACCEPTED, ""},
    {KEYS, CLAIMS(ISS, TENANT, "Alice@Example.com", "id-1"), VERDICT_ACCEPTED,
	""},
    {KEYS, CLAIMS(ISS, TENANT, ALICE, "id-7"), VERDICT_REJECTED,
	"identity changed: registered id-1, answered id-7"},
    {KEYS, CLAIMS(ISS, TENANT, "bob@example.com", "id-1"), VERDICT_REJECTED,
	"somebody else"},
    {KEYS, CLAIMS("https://x", TENANT, ALICE, "id-1"), VERDICT_REJECTED, "iss"},
    {KEYS, CLAIMS(ISS, "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f1", ALICE, "id-1"),
	VERDICT_REJECTED, "tid"},
    {KEYS, CLAIMS(ISS, "", ALICE, "id-1"), VERDICT_REJECTED, "tid"},
    {NAMED, CLAIMS("https://x", "any", ALICE, "id-1"), VERDICT_ACCEPTED, ""},
    {NAMED, CLAIMS("https://x", "any", "bob@example.com", "id-1"),
	VERDICT_REJECTED, "somebody else"},
};

START_TEST(id_token_must_be_the_asked_user_s)
{
	static char tokens[MACHINE_CASE_TEXT_BYTES];
	size_t at;

	for (at = 0; at < sizeof(claims_cases) / sizeof(*claims_cases); at++) {
		const struct claims_case *one = &claims_cases[at];
		struct machine_case *it =
		    machine_case_make(provider_entra(), one->keys, "hunter2");
		struct login_facts *facts = &it->one->facts;

		(void)snprintf(
		    facts->external_id, sizeof(facts->external_id), "id-1");
		exchange_case_refill(it->one);
		machine_case_start(it);
		machine_case_tokens(one->claims, tokens);
		machine_case_answer(it, 200, tokens);
		machine_case_expect(it, one->verdict, one->reason);
		machine_case_free(it);
	}
}
END_TEST

START_TEST(request_is_as_microsoft_wants_it)
{
	struct machine_case *it = machine_case_make(provider_entra(),
	    KEYS "client_secret_file = /etc/extauth/secrets/entra\n", "p w");

	machine_case_start(it);
	ck_assert_str_eq(machine_case_url(it),
	    "https://login.microsoftonline.com/" TENANT "/oauth2/v2.0/token");
	ck_assert_str_eq(machine_case_body(it),
	    "grant_type=password&client_id=client-1"
	    "&client_secret=client-secret&username=alice%40example.com"
	    "&password=p%20w&scope=openid%20profile%20email");
	ck_assert(it->step.request.bears_password);
	machine_case_free(it);
}
END_TEST

START_TEST(blank_at_an_end_of_the_password_is_not_sent)
{
	static const char *const passwords[] = {" x", "x ", "\tx", "x\t", " "};
	size_t at;

	for (at = 0; at < sizeof(passwords) / sizeof(*passwords); at++) {
		struct machine_case *it =
		    machine_case_make(provider_entra(), KEYS, passwords[at]);

		machine_case_start(it);
		machine_case_expect(it, VERDICT_REJECTED, "blank");
		machine_case_free(it);
	}
}
END_TEST

START_TEST(identity_from_none_is_obeyed)
{
	struct machine_case *it = answered(KEYS "identity_from = none\n", 200,
	    "{\"access_token\":\"T\",\"token_type\":\"Bearer\"}");

	machine_case_expect(it, VERDICT_ACCEPTED, "");
	machine_case_free(it);
}
END_TEST

START_TEST(conditions_sort_what_no_code_does)
{
	struct machine_case *it = answered(KEYS
	    "second_factor_if = /suberror == \"basic_action\"\n",
	    400, "{\"error\":\"invalid_grant\",\"suberror\":\"basic_action\"}");

	machine_case_expect(
	    it, VERDICT_SECOND_FACTOR_NEEDED, "second_factor_if");
	machine_case_free(it);
}
END_TEST

START_TEST(rehearsal_goes_to_the_end)
{
	static const char *const keys[] = {
	    KEYS, NAMED, KEYS "export_token = ENTRA_TOKEN\n"};
	size_t at;

	for (at = 0; at < sizeof(keys) / sizeof(*keys); at++) {
		struct machine_case *it =
		    machine_case_make(provider_entra(), keys[at], "hunter2");

		machine_case_start(it);
		machine_case_rehearse(it);
		machine_case_expect(it, VERDICT_ACCEPTED, "");
		ck_assert_str_eq(secret_reveal(&it->step.outcome.token),
		    at == 2 ? "TOKEN" : "");
		machine_case_free(it);
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    each_code_has_its_verdict,
	    answers_lead_to_a_verdict,
	    id_token_must_be_the_asked_user_s,
	    request_is_as_microsoft_wants_it,
	    blank_at_an_end_of_the_password_is_not_sent,
	    identity_from_none_is_obeyed,
	    conditions_sort_what_no_code_does,
	    rehearsal_goes_to_the_end,
	    NULL,
	};

	return unit_run("provider_entra", tests);
}

/* SPDX-License-Identifier: MIT */
#include "provider_entra_code.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define CODE_PREFIX "AADSTS"
#define CODE_MAX INT64_C(1000000000)
#define POINTER_BYTES 48

struct entra_code_rule {
	int64_t code;
	enum verdict verdict;
	const char *text;
};

#define WRONG "wrong user or password"
#define MORE "a second factor is needed"
#define ENROL "a second factor must be set up in a browser first"
#define EXPIRED "the password has expired"
#define POLICY "a policy of the tenant forbids it"
#define CONSENT "an administrator must grant consent to the application"
#define BUSY "too many requests"
#define DOWN "Microsoft Entra is in trouble"
#define AGENT "the pass-through authentication agent is in trouble"
#define NO_PASSWORD "the user has no password"
#define NO_USER "the tenant has no such user"
#define LOCKED "the account or this address is locked"
#define DISABLED "the account is disabled"
#define MUST_CHANGE "the password must be changed"
#define BROWSER "the user must answer in a browser"
#define NOT_COMPLIANT "a policy demands a compliant device"
#define NOT_JOINED "a policy demands a joined device"
#define CONDITIONAL "Conditional Access forbids it"
#define NOT_ASSIGNED "the user is not assigned to the application"
#define FOREIGN "the user belongs to another tenant"
#define AT_RISK "the user is held to be at risk"
#define NO_CLIENT "client_id: the tenant has no such application"
#define CLIENT_OFF "the application is disabled"
#define SECRET_WRONG "client_secret_file: the secret is wrong"
#define SECRET_NEEDED                                                          \
	"switch on 'Allow public client flows' or give client_secret_file"
#define SECRET_OLD "client_secret_file: the secret has expired"
#define SECRET_ODD "the application is public: take client_secret_file away"
#define NO_GRANT "the application may not use this grant"
#define SCOPE "scope: it is wrong"
#define TENANT_KIND "tenant: this grant needs a tenant of its own"
#define NO_TENANT "tenant: there is none of that name"
#define FIELD_MISSING "the request lacks a field"
#define MALFORMED "the request is malformed"

static const struct entra_code_rule entra_code_rules[] = {
    {50126, VERDICT_REJECTED, WRONG},
    {50056, VERDICT_REJECTED, NO_PASSWORD},
    {50064, VERDICT_REJECTED, WRONG},
    {50034, VERDICT_REJECTED, NO_USER},
    {51004, VERDICT_REJECTED, NO_USER},
    {50053, VERDICT_LOCKED, LOCKED},
    {50057, VERDICT_LOCKED, DISABLED},
    {50055, VERDICT_EXPIRED, EXPIRED},
    {50144, VERDICT_EXPIRED, EXPIRED},
    {50135, VERDICT_EXPIRED, MUST_CHANGE},
    {50076, VERDICT_SECOND_FACTOR_NEEDED, MORE},
    {50074, VERDICT_SECOND_FACTOR_NEEDED, MORE},
    {50078, VERDICT_SECOND_FACTOR_NEEDED, MORE},
    {50158, VERDICT_SECOND_FACTOR_NEEDED, MORE},
    {16000, VERDICT_SECOND_FACTOR_NEEDED, BROWSER},
    {50072, VERDICT_SECOND_FACTOR_NEEDED, ENROL},
    {50079, VERDICT_SECOND_FACTOR_NEEDED, ENROL},
    {53004, VERDICT_SECOND_FACTOR_NEEDED, ENROL},
    {53010, VERDICT_SECOND_FACTOR_NEEDED, ENROL},
    {53000, VERDICT_DENIED_BY_POLICY, NOT_COMPLIANT},
    {53001, VERDICT_DENIED_BY_POLICY, NOT_JOINED},
    {53003, VERDICT_DENIED_BY_POLICY, CONDITIONAL},
    {530032, VERDICT_DENIED_BY_POLICY, POLICY},
    {530034, VERDICT_DENIED_BY_POLICY, POLICY},
    {530035, VERDICT_DENIED_BY_POLICY, POLICY},
    {50105, VERDICT_DENIED_BY_POLICY, NOT_ASSIGNED},
    {50020, VERDICT_DENIED_BY_POLICY, FOREIGN},
    {53011, VERDICT_DENIED_BY_POLICY, AT_RISK},
    {65001, VERDICT_MISCONFIGURED, CONSENT},
    {65004, VERDICT_MISCONFIGURED, CONSENT},
    {90094, VERDICT_MISCONFIGURED, CONSENT},
    {90095, VERDICT_MISCONFIGURED, CONSENT},
    {700016, VERDICT_MISCONFIGURED, NO_CLIENT},
    {70001, VERDICT_MISCONFIGURED, NO_CLIENT},
    {7000112, VERDICT_MISCONFIGURED, CLIENT_OFF},
    {7000215, VERDICT_MISCONFIGURED, SECRET_WRONG},
    {7000218, VERDICT_MISCONFIGURED, SECRET_NEEDED},
    {7000222, VERDICT_MISCONFIGURED, SECRET_OLD},
    {700025, VERDICT_MISCONFIGURED, SECRET_ODD},
    {70003, VERDICT_MISCONFIGURED, NO_GRANT},
    {70011, VERDICT_MISCONFIGURED, SCOPE},
    {9001023, VERDICT_MISCONFIGURED, TENANT_KIND},
    {90002, VERDICT_MISCONFIGURED, NO_TENANT},
    {900144, VERDICT_MISCONFIGURED, FIELD_MISSING},
    {9002313, VERDICT_MISCONFIGURED, MALFORMED},
    {90055, VERDICT_THROTTLED, BUSY},
    {50196, VERDICT_THROTTLED, BUSY},
    {80001, VERDICT_UNAVAILABLE, AGENT},
    {80002, VERDICT_UNAVAILABLE, AGENT},
    {80005, VERDICT_UNAVAILABLE, AGENT},
    {80007, VERDICT_UNAVAILABLE, AGENT},
    {80014, VERDICT_UNAVAILABLE, AGENT},
    {50033, VERDICT_UNAVAILABLE, DOWN},
    {50087, VERDICT_UNAVAILABLE, DOWN},
    {90006, VERDICT_UNAVAILABLE, DOWN},
    {90012, VERDICT_UNAVAILABLE, DOWN},
    {90024, VERDICT_UNAVAILABLE, DOWN},
    {90033, VERDICT_UNAVAILABLE, DOWN},
    {90090, VERDICT_UNAVAILABLE, DOWN},
};

static const struct entra_code_rule *
entra_find_rule(int64_t code)
{
	size_t at;

	for (at = 0; at < sizeof(entra_code_rules) / sizeof(*entra_code_rules);
	     at++)
		if (entra_code_rules[at].code == code)
			return &entra_code_rules[at];
	return NULL;
}

/* Reads "AADSTSnnnnn" in front of a description; 0 for what is none. */
static int64_t
entra_described_code(const struct answer *answer)
{
	const char *text = answer_text(answer, "/error_description");
	int64_t code = 0;

	if (strncmp(text, CODE_PREFIX, strlen(CODE_PREFIX)) != 0)
		return 0;
	for (text += strlen(CODE_PREFIX);
	     *text >= '0' && *text <= '9' && code < CODE_MAX; text++)
		code = code * 10 + (*text - '0');
	return code;
}

static int64_t
entra_listed_code(const struct answer *answer, size_t at)
{
	char pointer[POINTER_BYTES];
	int64_t code;

	(void)snprintf(pointer, sizeof(pointer), "/error_codes/%zu", at);
	return json_number(&answer->json, pointer, &code) ? code : 0;
}

/* The code that counts; 0 if there is none. */
static int64_t
entra_code(const struct answer *answer)
{
	size_t count = json_length(&answer->json, "/error_codes");
	int64_t described = entra_described_code(answer);
	size_t at;

	for (at = 0; at < count; at++) {
		int64_t code = entra_listed_code(answer, at);

		if (entra_find_rule(code) != NULL)
			return code;
	}
	return described != 0 ? described : entra_listed_code(answer, 0);
}

static bool
entra_may_speak(unsigned status)
{
	return status == 400 || status == 401 || status == 403;
}

void
entra_judge_code(const struct answer *answer, struct login_outcome *outcome)
{
	const char *error = answer_text(answer, "/error");
	const struct entra_code_rule *rule;
	int64_t code;

	if (!answer->is_json || !entra_may_speak(answer->status))
		return;
	code = entra_code(answer);
	rule = entra_find_rule(code);
	if (rule != NULL)
		judge_set(outcome, rule->verdict, CODE_PREFIX "%" PRId64 ": %s",
		    code, rule->text);
	else if (code != 0)
		judge_set(outcome, outcome->verdict,
		    CODE_PREFIX "%" PRId64 "%s%s", code,
		    strchr(error, '@') == NULL ? ": " : "",
		    strchr(error, '@') == NULL ? error : "");
}

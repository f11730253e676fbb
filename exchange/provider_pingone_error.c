/* SPDX-License-Identifier: MIT */
#include "provider_pingone_error.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Errors have one or two details. */
#define DETAILS_MAX 8
#define POINTER_BYTES 48

struct pingone_rule {
	const char *code;
	enum verdict verdict;
	const char *meaning;
};

/* The first that stands anywhere in the answer counts. Ping reserves the right
 * to answer another 4xx than today, so the status is no part of a row. */
static const struct pingone_rule pingone_rules[] = {
    {"PASSWORD_LOCKED_OUT", VERDICT_LOCKED, "too many wrong passwords"},
    {"ACCOUNT_NOT_USABLE", VERDICT_LOCKED, "the account may not be used"},
    {"MUST_CHANGE_PASSWORD", VERDICT_EXPIRED, "it is to be changed"},
    {"PASSWORD_EXPIRED", VERDICT_EXPIRED, "it is too old"},
    {"REQUEST_LIMITED", VERDICT_THROTTLED, "too many requests"},
    {"LIMIT_EXCEEDED", VERDICT_THROTTLED, "too many requests"},
    {"QUOTA_EXCEEDED", VERDICT_THROTTLED, "the quota is used up"},
    {"INVALID_TOKEN", VERDICT_MISCONFIGURED, "the application's token"},
    {"INSUFFICIENT_PERMISSIONS", VERDICT_MISCONFIGURED, "a role is missing"},
    {"ACCESS_FAILED", VERDICT_MISCONFIGURED, "the application may not do it"},
    {"NOT_FOUND", VERDICT_MISCONFIGURED, "environment or user is not there"},
    {"UNEXPECTED_ERROR", VERDICT_UNAVAILABLE, "PingOne failed"},
    {"NO_PASSWORD", VERDICT_REJECTED, "the user has no password"},
    {"INVALID_VALUE", VERDICT_REJECTED, "the password is wrong"},
    {"EMPTY_VALUE", VERDICT_REJECTED, "a value is empty"},
    {"REQUEST_FAILED", VERDICT_REJECTED, "his password cannot be checked"},
};

#define RULE_COUNT (sizeof(pingone_rules) / sizeof(*pingone_rules))

/* Lends what stands at `name` in detail number `at`, or "". */
static const char *
pingone_detail(const struct answer *answer, size_t at, const char *name)
{
	char pointer[POINTER_BYTES];

	(void)snprintf(pointer, sizeof(pointer), "/details/%zu/%s", at, name);
	return answer_text(answer, pointer);
}

static bool
pingone_has_code(const struct answer *answer, const char *code)
{
	size_t at;

	if (strcmp(answer_text(answer, "/code"), code) == 0 ||
	    strcmp(answer_text(answer, "/status"), code) == 0)
		return true;
	for (at = 0; at < DETAILS_MAX; at++)
		if (strcmp(pingone_detail(answer, at, "code"), code) == 0)
			return true;
	return false;
}

static const char *
pingone_first(const char *one, const char *other)
{
	return *one != '\0' ? one : other;
}

/* PingOne's own words, of which those of the first detail say more; "" where
 * they name the person. */
static const char *
pingone_message(const struct answer *answer)
{
	const char *message =
	    pingone_first(pingone_detail(answer, 0, "message"),
		answer_text(answer, "/message"));

	return strchr(message, '@') == NULL ? message : "";
}

static void
pingone_name_unknown(const struct answer *answer, struct login_outcome *outcome)
{
	const char *code = pingone_first(pingone_detail(answer, 0, "code"),
	    pingone_first(
		answer_text(answer, "/code"), answer_text(answer, "/status")));
	const char *message = pingone_message(answer);

	if (*code == '\0' || strchr(code, '@') != NULL)
		judge_set(
		    outcome, VERDICT_REJECTED, "status %u", answer->status);
	else
		judge_set(outcome, VERDICT_REJECTED, "%s%s%s", code,
		    *message != '\0' ? ": " : "", message);
}

bool
pingone_judge_code(const struct answer *answer, struct login_outcome *outcome)
{
	const char *message = pingone_message(answer);
	size_t at;

	for (at = 0; at < RULE_COUNT; at++) {
		const struct pingone_rule *rule = &pingone_rules[at];

		if (!pingone_has_code(answer, rule->code))
			continue;
		judge_set(outcome, rule->verdict, "%s: %s%s%s", rule->code,
		    rule->meaning, *message != '\0' ? ": " : "", message);
		return true;
	}
	pingone_name_unknown(answer, outcome);
	return false;
}

/* PingOne tells in the body when to come back. */
static void
pingone_judge_throttled(
    const struct answer *answer, struct login_outcome *outcome)
{
	int64_t seconds;

	if (answer->is_json &&
	    json_number(
		&answer->json, "/details/0/innerError/retryAfter", &seconds))
		judge_set(outcome, VERDICT_THROTTLED,
		    "status %u: too many requests, retry after %" PRId64,
		    answer->status, seconds);
}

bool
pingone_judge(const struct answer *answer, struct login_outcome *outcome)
{
	if (judge_status(answer, outcome)) {
		if (outcome->verdict == VERDICT_THROTTLED)
			pingone_judge_throttled(answer, outcome);
		return true;
	}
	if (answer->status != 200) {
		if (answer->status >= 400)
			(void)pingone_judge_code(answer, outcome);
		else
			pingone_name_unknown(answer, outcome);
		return true;
	}
	if (answer->is_json && json_is_object(&answer->json, ""))
		return false;
	judge_set(outcome, VERDICT_UNAVAILABLE, "the answer is no JSON object");
	return true;
}

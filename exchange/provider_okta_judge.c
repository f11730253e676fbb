/* SPDX-License-Identifier: MIT */
#include "provider_okta_internal.h"

#include <string.h>

#include "oauth.h"
#include "person.h"

#define CODE_LENGTH 8 /* E0000004 */
#define STATUS_SHOWN_BYTES 40

#define REQUEST_INVALID "Okta finds the request invalid"
#define REQUEST_UNREADABLE "Okta cannot read the request"
#define AUTHENTICATION_FAILED "authentication failed"
#define NOT_ALLOWED "not allowed to this client or API token"
#define NO_RESOURCE "there is no such resource"
#define INTERNAL "an internal error of Okta"
#define READ_ONLY "Okta can be read only for now"
#define API_TOKEN_WRONG "the API token is wrong or has expired"
#define TOO_LATE "the login took too long"
#define MEDIA_TYPE "Okta does not take this media type"
#define METHOD "Okta does not know this method here"
#define NO_MAIL "the policy does not allow mailing a new password"
#define TOO_MANY "too many requests"
#define EXPIRED "the password has expired"
#define CODE_WRONG "the code is wrong"
#define LOCKED "the user is locked"
#define OUT_OF_TURN "Okta does not expect this request now"
#define CODE_USED "the code was used before"
#define MESSAGE_SENT "a text message was sent less than 30 seconds ago"
#define CALL_MADE "a call was made less than 30 seconds ago"
#define PASSWORD_WRONG "the user name or password is wrong"
#define NEEDED "a second factor is needed"
#define ENROL "the user must enrol a factor in a browser"
#define RESET "the user must reset the password"
#define RECOVERS "the user recovers the account"
#define NOT_AUTHENTICATED "the user is not authenticated"

struct okta_error_rule {
	const char *code;
	enum verdict verdict;
	const char *text;
};

/* Of a request that bears the API token and no state token. */
static const struct okta_error_rule okta_trusted_rules[] = {
    {"E0000011", VERDICT_MISCONFIGURED, API_TOKEN_WRONG},
};

/* Okta's own summaries can hold a user's name. */
static const struct okta_error_rule okta_error_rules[] = {
    {"E0000001", VERDICT_MISCONFIGURED, REQUEST_INVALID},
    {"E0000003", VERDICT_MISCONFIGURED, REQUEST_UNREADABLE},
    {"E0000004", VERDICT_REJECTED, AUTHENTICATION_FAILED},
    {"E0000006", VERDICT_MISCONFIGURED, NOT_ALLOWED},
    {"E0000007", VERDICT_MISCONFIGURED, NO_RESOURCE},
    {"E0000009", VERDICT_UNAVAILABLE, INTERNAL},
    {"E0000010", VERDICT_UNAVAILABLE, READ_ONLY},
    {"E0000011", VERDICT_REJECTED, TOO_LATE},
    {"E0000021", VERDICT_MISCONFIGURED, MEDIA_TYPE},
    {"E0000022", VERDICT_MISCONFIGURED, METHOD},
    {"E0000034", VERDICT_MISCONFIGURED, NO_MAIL},
    {"E0000047", VERDICT_THROTTLED, TOO_MANY},
    {"E0000064", VERDICT_EXPIRED, EXPIRED},
    {"E0000068", VERDICT_REJECTED, CODE_WRONG},
    {"E0000069", VERDICT_LOCKED, LOCKED},
    {"E0000079", VERDICT_REJECTED, OUT_OF_TURN},
    {"E0000082", VERDICT_REJECTED, CODE_USED},
    {"E0000109", VERDICT_THROTTLED, MESSAGE_SENT},
    {"E0000133", VERDICT_THROTTLED, CALL_MADE},
    {"E0000207", VERDICT_REJECTED, PASSWORD_WRONG},
};

struct okta_state_rule {
	const char *status;
	enum verdict verdict;
	const char *text;
};

static const struct okta_state_rule okta_state_rules[] = {
    {"PASSWORD_EXPIRED", VERDICT_EXPIRED, EXPIRED},
    {"LOCKED_OUT", VERDICT_LOCKED, LOCKED},
    {"MFA_REQUIRED", VERDICT_SECOND_FACTOR_NEEDED, NEEDED},
    {"MFA_ENROLL", VERDICT_SECOND_FACTOR_NEEDED, ENROL},
    {"MFA_ENROLL_ACTIVATE", VERDICT_SECOND_FACTOR_NEEDED, ENROL},
    {"PASSWORD_RESET", VERDICT_REJECTED, RESET},
    {"RECOVERY", VERDICT_REJECTED, RECOVERS},
    {"RECOVERY_CHALLENGE", VERDICT_REJECTED, RECOVERS},
    {"UNAUTHENTICATED", VERDICT_REJECTED, NOT_AUTHENTICATED},
};

const char *
okta_error_code(const struct answer *answer)
{
	const char *code = answer_text(answer, "/errorCode");

	return strlen(code) == CODE_LENGTH && code[0] == 'E' &&
		strspn(code + 1, "0123456789") == CODE_LENGTH - 1
	    ? code
	    : "";
}

static const struct okta_error_rule *
okta_find_error(
    const struct okta_error_rule *rules, size_t count, const char *code)
{
	size_t at;

	for (at = 0; at < count; at++)
		if (strcmp(rules[at].code, code) == 0)
			return &rules[at];
	return NULL;
}

static bool
okta_is_trusted(const struct login *login)
{
	const struct okta_memory *memory = login->memory;

	return login->api_token->length > 0 &&
	    (memory == NULL || memory->state_token.length == 0);
}

static void
okta_judge_code(const struct login *login, const struct answer *answer,
    struct login_outcome *outcome)
{
	const char *code = okta_error_code(answer);
	const struct okta_error_rule *rule = NULL;

	if (okta_is_trusted(login))
		rule = okta_find_error(okta_trusted_rules,
		    sizeof(okta_trusted_rules) / sizeof(*okta_trusted_rules),
		    code);
	if (rule == NULL)
		rule = okta_find_error(okta_error_rules,
		    sizeof(okta_error_rules) / sizeof(*okta_error_rules), code);
	if (rule != NULL)
		judge_set(outcome, rule->verdict, "%s: %s", code, rule->text);
	else if (*code != '\0')
		judge_set(outcome, VERDICT_REJECTED, "%s", code);
}

bool
okta_judge_error(const struct login *login, const struct answer *answer,
    struct login_outcome *outcome)
{
	if (judge_status(answer, outcome))
		return true;
	if (answer->status != 200) {
		if (answer->status >= 400)
			okta_judge_code(login, answer, outcome);
		return true;
	}
	if (answer->is_json && json_is_object(&answer->json, ""))
		return false;
	judge_set(outcome, VERDICT_UNAVAILABLE, "the answer is no JSON object");
	return true;
}

void
okta_judge_state(const struct answer *answer, struct login_outcome *outcome)
{
	const char *status = answer_text(answer, "/status");
	size_t at;

	for (at = 0; at < sizeof(okta_state_rules) / sizeof(*okta_state_rules);
	     at++) {
		const struct okta_state_rule *rule = &okta_state_rules[at];

		if (strcmp(rule->status, status) == 0) {
			judge_set(outcome, rule->verdict, "%s: %s", status,
			    rule->text);
			return;
		}
	}
	judge_set(outcome, VERDICT_REJECTED, "unexpected status %.*s",
	    STATUS_SHOWN_BYTES, *status != '\0' ? status : "(none)");
}

/* The id must stay the same from one answer to the next. */
static bool
okta_is_same(struct okta_memory *memory, const struct answer *answer,
    struct login_outcome *outcome)
{
	char id[OKTA_ID_BYTES];

	if (!json_copy_id(&answer->json, "/_embedded/user/id", id, sizeof(id)))
		return true;
	if (memory->user_id[0] == '\0')
		memcpy(memory->user_id, id, sizeof(id));
	if (strcmp(memory->user_id, id) == 0)
		return true;
	judge_set(outcome, VERDICT_REJECTED,
	    "the answers are about two users: %s, then %s", memory->user_id,
	    id);
	return false;
}

bool
okta_is_asked(struct login *login, const struct answer *answer,
    bool is_demanded, struct login_outcome *outcome)
{
	if (!is_demanded && !json_has(&answer->json, "/_embedded/user"))
		return true;
	return person_has_id(
		   login, &answer->json, "/_embedded/user/id", outcome) &&
	    person_is_named(login, &answer->json,
		"/_embedded/user/profile/login", login->provider->identity_is,
		outcome) &&
	    okta_is_same(login->memory, answer, outcome);
}

enum extauth_err
okta_end(const struct login *login, const struct answer *answer,
    struct login_outcome *outcome, struct step *ret_step)
{
	outcome->http_status = answer->status;
	oauth_refuse(login, answer, outcome, ret_step);
	return EXTAUTH_OK;
}

enum extauth_err
okta_refuse(const struct login *login, const struct answer *answer,
    const char *reason, struct step *ret_step)
{
	struct login_outcome outcome = {0};

	judge_set(&outcome, VERDICT_REJECTED, "%s", reason);
	return okta_end(login, answer, &outcome, ret_step);
}

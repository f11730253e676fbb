/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "identity.h"
#include "oauth.h"

#define STATUS_OK 200
#define STATUS_BAD_REQUEST 400

struct oauth_error_rule {
	const char *error;
	enum verdict verdict;
};

/* What is not here, as invalid_grant, refuses. RFC 6749 5.2 and 4.1.2.1, RFC
 * 6750 3.1, RFC 8628 3.5, RFC 8707 2, RFC 9449 5, OpenID Connect Core
 * 3.1.2.6. */
static const struct oauth_error_rule oauth_error_rules[] = {
    {"invalid_request", VERDICT_MISCONFIGURED},
    {"invalid_client", VERDICT_MISCONFIGURED},
    {"unauthorized_client", VERDICT_MISCONFIGURED},
    {"unsupported_grant_type", VERDICT_MISCONFIGURED},
    {"unsupported_response_type", VERDICT_MISCONFIGURED},
    {"unsupported_token_type", VERDICT_MISCONFIGURED},
    {"invalid_scope", VERDICT_MISCONFIGURED},
    {"invalid_target", VERDICT_MISCONFIGURED},
    {"invalid_resource", VERDICT_MISCONFIGURED},
    {"insufficient_scope", VERDICT_MISCONFIGURED},
    {"invalid_dpop_proof", VERDICT_MISCONFIGURED},
    {"use_dpop_nonce", VERDICT_MISCONFIGURED},
    {"access_denied", VERDICT_DENIED_BY_POLICY},
    {"mfa_required", VERDICT_SECOND_FACTOR_NEEDED},
    {"interaction_required", VERDICT_SECOND_FACTOR_NEEDED},
    {"login_required", VERDICT_SECOND_FACTOR_NEEDED},
    {"account_selection_required", VERDICT_SECOND_FACTOR_NEEDED},
    {"insufficient_user_authentication", VERDICT_SECOND_FACTOR_NEEDED},
    {"consent_required", VERDICT_MISCONFIGURED},
    {"slow_down", VERDICT_THROTTLED},
    {"temporarily_unavailable", VERDICT_UNAVAILABLE},
    {"server_error", VERDICT_UNAVAILABLE},
};

static enum verdict
oauth_error_verdict(const char *error)
{
	size_t at;

	for (at = 0;
	     at < sizeof(oauth_error_rules) / sizeof(*oauth_error_rules); at++)
		if (strcmp(oauth_error_rules[at].error, error) == 0)
			return oauth_error_rules[at].verdict;
	return VERDICT_REJECTED;
}

/* What servers write freely may name the person. */
static bool
oauth_may_be_logged(const char *text)
{
	return *text != '\0' && strchr(text, '@') == NULL;
}

static void
oauth_judge_code(const struct answer *answer, struct login_outcome *outcome)
{
	const char *error = answer_text(answer, "/error");
	const char *description = answer_text(answer, "/error_description");

	if (!oauth_may_be_logged(error))
		judge_set(outcome, VERDICT_REJECTED,
		    "status %u: an error without a name", answer->status);
	else if (oauth_may_be_logged(description))
		judge_set(outcome, oauth_error_verdict(error), "%s: %s", error,
		    description);
	else
		judge_set(outcome, oauth_error_verdict(error), "%s", error);
}

bool
oauth_is_answered(const struct answer *answer, struct login_outcome *outcome)
{
	bool is_success = answer->status == STATUS_OK;

	if (judge_status(answer, outcome))
		return false;
	if (!answer->is_json) {
		if (is_success)
			judge_set(outcome, VERDICT_UNAVAILABLE,
			    "the answer is not JSON");
		return false;
	}
	if (!json_is_object(&answer->json, "")) {
		if (is_success)
			judge_set(outcome, VERDICT_UNAVAILABLE,
			    "the answer is not a JSON object");
		return false;
	}
	if ((is_success || answer->status >= STATUS_BAD_REQUEST) &&
	    json_has(&answer->json, "/error")) {
		oauth_judge_code(answer, outcome);
		return false;
	}
	return is_success;
}

/* Takes a non-empty string. */
static enum extauth_err
oauth_take(
    const struct answer *answer, const char *pointer, struct secret *ret_secret)
{
	const char *text = answer_text(answer, pointer);

	return *text != '\0' ? secret_set(ret_secret, text, strlen(text))
			     : EXTAUTH_NOTFOUND;
}

bool
oauth_take_tokens(const struct answer *answer, struct oauth_tokens *ret_tokens,
    struct login_outcome *outcome)
{
	struct oauth_tokens tokens = {0};
	enum extauth_err err;

	if (!oauth_is_answered(answer, outcome)) {
		if (answer->status == STATUS_BAD_REQUEST && !answer->is_json)
			judge_set(outcome, VERDICT_MISCONFIGURED,
			    "status %u without a reason: the client's name, "
			    "secret or scope is wrong",
			    answer->status);
		return false;
	}
	if (!identity_equal(answer_text(answer, "/token_type"), "Bearer")) {
		judge_set(outcome, VERDICT_REJECTED,
		    "the answer holds no token of type Bearer");
		return false;
	}
	err = oauth_take(answer, "/access_token", &tokens.access_token);
	if (err == EXTAUTH_OK && json_has(&answer->json, "/id_token"))
		err = oauth_take(answer, "/id_token", &tokens.id_token);
	if (err == EXTAUTH_OK) {
		*ret_tokens = tokens;
		return true;
	}
	oauth_tokens_clear(&tokens);
	if (err == EXTAUTH_NOMEM)
		judge_set(outcome, VERDICT_UNAVAILABLE, "no memory");
	else
		judge_set(outcome, VERDICT_REJECTED,
		    "the answer holds no token that can be used");
	return false;
}

void
oauth_judge_client(const struct answer *answer, struct login_outcome *outcome)
{
	(void)oauth_is_answered(answer, outcome);
	judge_blame_client(outcome);
}

void
oauth_refuse(const struct login *login, const struct answer *answer,
    struct login_outcome *outcome, struct step *ret_step)
{
	judge_conditions(login, answer, outcome);
	ret_step->kind = STEP_VERDICT;
	ret_step->outcome = *outcome;
}

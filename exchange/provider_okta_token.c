/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "oauth.h"
#include "provider_okta_internal.h"

#define cleanup_tokens __attribute__((cleanup(oauth_tokens_clear)))

/* What Okta tells by its description alone. */
struct okta_token_rule {
	const char *error;
	const char *description;
	enum verdict verdict;
};

#define GRANT "invalid_grant"
#define DENIED "access_denied"
#define OWNER "Resource owner password credentials "
#define PAST "Password has expired."
#define FACTOR OWNER "cannot be used with MFA enabled."
#define POLICY OWNER "authentication denied by sign on policy."
#define PAST_TOO "The user's password is expired."

static const struct okta_token_rule okta_token_rules[] = {
    {GRANT, PAST, VERDICT_EXPIRED},
    {GRANT, FACTOR, VERDICT_SECOND_FACTOR_NEEDED},
    {GRANT, POLICY, VERDICT_DENIED_BY_POLICY},
    {DENIED, PAST_TOO, VERDICT_EXPIRED},
};

enum extauth_err
okta_token_start(
    struct login *login, struct step *ret_step, struct extauth_error *error)
{
	login->state = OKTA_TOKEN_SENT;
	return oauth_password_step(login, ret_step, error);
}

/* Only what the status left open. */
static void
okta_refine(const struct answer *answer, struct login_outcome *outcome)
{
	const char *error = answer_text(answer, "/error");
	const char *description = answer_text(answer, "/error_description");
	struct login_outcome ignored;
	size_t at;

	if (answer->status < 400 || judge_status(answer, &ignored))
		return;
	for (at = 0; at < sizeof(okta_token_rules) / sizeof(*okta_token_rules);
	     at++) {
		const struct okta_token_rule *rule = &okta_token_rules[at];

		if (strcmp(rule->error, error) == 0 &&
		    strcmp(rule->description, description) == 0)
			outcome->verdict = rule->verdict;
	}
}

enum extauth_err
okta_token_judge(const struct login *login, const struct answer *answer,
    struct step *ret_step)
{
	cleanup_tokens struct oauth_tokens tokens = {0};
	cleanup_json struct json claims = {0};
	struct login_outcome outcome = {0};

	if (!oauth_take_tokens(answer, &tokens, &outcome)) {
		okta_refine(answer, &outcome);
		return okta_end(login, answer, &outcome, ret_step);
	}
	if (!oauth_read_claims(login, &tokens.id_token, login->provider->issuer,
		&claims, &outcome) ||
	    !oauth_is_asked(login, &claims, &outcome))
		return okta_end(login, answer, &outcome, ret_step);
	return oauth_accept(login, &tokens, answer->status, ret_step);
}

enum extauth_err
okta_token_take(struct login *login, const struct event *event,
    struct step *ret_step, struct extauth_error *error)
{
	cleanup_answer struct answer answer = {0};
	enum extauth_err err = answer_read(&event->response, &answer);

	if (err != EXTAUTH_OK)
		return err;
	if (answer.status == 403 &&
	    strcmp(answer_text(&answer, "/error"), "mfa_required") == 0 &&
	    *answer_text(&answer, "/mfa_token") != '\0')
		return okta_direct_judge(login, &answer, ret_step, error);
	return okta_token_judge(login, &answer, ret_step);
}

/* SPDX-License-Identifier: MIT */
#include "provider_entra.h"

#include <string.h>

#include "identity.h"
#include "oauth.h"
#include "oauth_rehearse.h"
#include "provider_entra_code.h"

/* Microsoft takes no such password, and would count it as a wrong one. */
static bool
entra_has_blank_end(const struct secret *password)
{
	const char *text = secret_reveal(password);
	size_t length = password->length;

	return length > 0 &&
	    (text[0] == ' ' || text[0] == '\t' || text[length - 1] == ' ' ||
		text[length - 1] == '\t');
}

static enum extauth_err
entra_start(
    struct login *login, struct step *ret_step, struct extauth_error *error)
{
	if (entra_has_blank_end(login->password)) {
		step_verdict(ret_step, VERDICT_REJECTED, 0,
		    "Microsoft Entra takes no password with a blank at its "
		    "end");
		return EXTAUTH_OK;
	}
	return oauth_password_step(login, ret_step, error);
}

static bool
entra_is_tenant(const struct login *login, const struct json *claims,
    struct login_outcome *outcome)
{
	const char *tenant = login->provider->tenant;
	const char *answered = json_string(claims, "/tid");

	if (!config_is_uuid(tenant) ||
	    (answered != NULL && identity_equal(answered, tenant)))
		return true;
	judge_set(outcome, VERDICT_REJECTED,
	    "id_token: tid is not the configured tenant");
	return false;
}

/* Tells whether the tokens are the asked user's. */
static bool
entra_is_asked(const struct login *login, const struct oauth_tokens *tokens,
    struct login_outcome *outcome)
{
	const char *issuer = login->provider->issuer;
	cleanup_json struct json claims = {0};

	if (login->provider->identity_from == CONFIG_FROM_NOWHERE)
		return true;
	if (tokens->id_token.length == 0) {
		judge_set(outcome, VERDICT_REJECTED,
		    "the answer holds no id_token: write openid into scope");
		return false;
	}
	return oauth_read_claims(login, &tokens->id_token,
		   *issuer != '\0' ? issuer : NULL, &claims, outcome) &&
	    entra_is_tenant(login, &claims, outcome) &&
	    oauth_is_asked(login, &claims, outcome);
}

static enum extauth_err
entra_take_tokens(const struct login *login, const struct answer *answer,
    struct step *ret_step)
{
	struct oauth_tokens tokens = {0};
	struct login_outcome outcome;
	enum extauth_err err = EXTAUTH_OK;

	if (!oauth_take_tokens(answer, &tokens, &outcome)) {
		entra_judge_code(answer, &outcome);
		oauth_refuse(login, answer, &outcome, ret_step);
	} else if (entra_is_asked(login, &tokens, &outcome)) {
		err = oauth_accept(login, &tokens, answer->status, ret_step);
	} else {
		oauth_refuse(login, answer, &outcome, ret_step);
	}
	oauth_tokens_clear(&tokens);
	return err;
}

static enum extauth_err
entra_next(struct login *login, const struct event *event,
    struct step *ret_step, struct extauth_error *error)
{
	cleanup_answer struct answer answer = {0};
	enum extauth_err err = answer_take(event, &answer, ret_step);

	(void)error;
	if (err != EXTAUTH_OK || answer.response == NULL)
		return err;
	return entra_take_tokens(login, &answer, ret_step);
}

const struct provider *
provider_entra(void)
{
	static const struct provider machine = {
	    .name = "entra",
	    .rehearse = oauth_rehearse_tokens,
	    .start = entra_start,
	    .next = entra_next,
	};

	return &machine;
}

/* SPDX-License-Identifier: MIT */
#include "pam_change.h"

#include <stdio.h>

#include "pam_conversation.h"
#include "pam_translate.h"

#define TEXT_MAX_BYTES (EXTAUTH_ERROR_TEXT_BYTES + 64)

bool
pam_change_is_possible(struct pam_login *login)
{
	return login->call.is_root && pam_login_choose(login) == EXTAUTH_OK &&
	    config_provider_changes(login->provider);
}

static enum pam_decision
decide(struct pam_login *login, int code, int *ret_code)
{
	if (code == PAM_SUCCESS)
		return DECISION_ALLOWED;
	(void)error_set(&login->account.error, EXTAUTH_NOTFOUND, "%s",
	    code == PAM_TRY_AGAIN ? "the two new passwords differ"
				  : pam_strerror(login->call.pamh, code));
	/* Two that differ are no matter of the first half of a change. */
	*ret_code = code == PAM_TRY_AGAIN ? PAM_AUTHTOK_ERR : code;
	return DECISION_NO_PASSWORD;
}

enum pam_decision
pam_change_prepare(struct pam_login *login, int *ret_code)
{
	const struct secret *password = &login->password;
	const enum pam_decision decision = decide(login,
	    pam_conversation_old_password(&login->call, &login->password),
	    ret_code);

	login->password_ms = frame_clock_ms();
	if (decision != DECISION_ALLOWED)
		return decision;
	if (identity_check_password(secret_reveal(password), password->length,
		&login->account.error) != EXTAUTH_OK)
		return DECISION_BAD_PASSWORD;
	return DECISION_ALLOWED;
}

static enum pam_decision
check_new_password(struct pam_login *login)
{
	const struct secret *password = &login->new_password;
	struct extauth_error *error = &login->account.error;

	if (identity_check_password(
		secret_reveal(password), password->length, error) != EXTAUTH_OK)
		return DECISION_BAD_NEW_PASSWORD;
	if (!secret_equals(password, &login->password))
		return DECISION_ALLOWED;
	(void)error_set(error, EXTAUTH_INVALID, N_("it is the old one"));
	return DECISION_BAD_NEW_PASSWORD;
}

enum pam_decision
pam_change_carry_out(struct pam_login *login, int *ret_code)
{
	enum pam_decision decision = pam_change_prepare(login, ret_code);

	if (decision == DECISION_ALLOWED)
		decision = decide(login,
		    pam_conversation_new_password(
			&login->call, &login->new_password),
		    ret_code);
	login->password_ms = frame_clock_ms();
	if (decision == DECISION_ALLOWED)
		decision = check_new_password(login);
	if (decision == DECISION_ALLOWED)
		decision = pam_login_ask(login, FRAME_CHANGE);
	return decision;
}

/* The rules for a new password are no secret, and nobody can follow those that
 * he does not know. */
void
pam_change_tell(const struct pam_login *login, enum pam_decision decision)
{
	const struct login_outcome *outcome = &login->outcome;
	const struct pam_call *call = &login->call;
	const bool is_denied = decision == DECISION_VERDICT &&
	    outcome->verdict == VERDICT_DENIED_BY_POLICY;
	char text[TEXT_MAX_BYTES];

	if (decision != DECISION_BAD_NEW_PASSWORD && !is_denied) {
		pam_login_tell(login, decision);
		return;
	}
	if (decision == DECISION_BAD_NEW_PASSWORD)
		(void)snprintf(text, sizeof(text),
		    pam_translate(call, "The new password cannot be used: %s."),
		    pam_translate(call, login->account.error.text));
	else if (outcome->message[0] != '\0')
		(void)snprintf(text, sizeof(text), "%s", outcome->message);
	else
		(void)snprintf(text, sizeof(text), "%s",
		    pam_translate(call,
			"The sign-in service does not take the new password."));
	pam_conversation_tell(&login->call, PAM_ERROR_MSG, text);
}

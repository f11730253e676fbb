/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "pam_conversation.h"
#include "pam_log.h"
#include "pam_login.h"

#define PLACE_MAX_BYTES 1024

/* Said only with explain_refusals, since each but THROTTLED proves the password
 * right. */
static const char *
explanation(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_EXPIRED:
		return "Your password has expired. Please change it at the "
		       "sign-in service.";
	case VERDICT_LOCKED:
		return "Your account is locked at the sign-in service.";
	case VERDICT_SECOND_FACTOR_NEEDED:
		return "The sign-in service asks for a second factor, which "
		       "was not given here.";
	case VERDICT_DENIED_BY_POLICY:
		return "The sign-in service does not allow this login.";
	case VERDICT_THROTTLED:
		return "The sign-in service takes no further attempts now. "
		       "Please try again later.";
	case VERDICT_REJECTED:
	case VERDICT_ACCEPTED:
	case VERDICT_UNAVAILABLE:
	case VERDICT_MISCONFIGURED:
		return "";
	}
	return "";
}

static void
tell_place(const struct pam_login *login, const char *before)
{
	char text[PLACE_MAX_BYTES];

	(void)snprintf(text, sizeof(text), "%s %s.", before,
	    login->provider->password_page);
	pam_conversation_tell(&login->call, PAM_ERROR_MSG, text);
}

static void
explain(const struct pam_login *login)
{
	const struct login_outcome *outcome = &login->outcome;
	const bool has_page = login->provider != NULL &&
	    login->provider->password_page[0] != '\0';

	if (outcome->message[0] != '\0')
		pam_conversation_tell(
		    &login->call, PAM_ERROR_MSG, outcome->message);
	else if (outcome->verdict == VERDICT_EXPIRED && has_page)
		tell_place(
		    login, "Your password has expired. Please change it at");
	else if (outcome->verdict == VERDICT_LOCKED && has_page)
		tell_place(
		    login, "Your account is locked. Please unlock it at");
	else
		pam_conversation_tell(
		    &login->call, PAM_ERROR_MSG, explanation(outcome->verdict));
}

void
pam_login_tell(const struct pam_login *login, enum pam_decision decision)
{
	const struct config_general *general = &login->account.config.general;
	const struct login_outcome *outcome = &login->outcome;

	if (pam_result_login(decision, outcome->verdict) ==
	    PAM_AUTHINFO_UNAVAIL) {
		pam_conversation_tell(
		    &login->call, PAM_ERROR_MSG, general->message_unavailable);
		return;
	}
	if (decision != DECISION_VERDICT || !general->explain_refusals ||
	    outcome->verdict == VERDICT_ACCEPTED)
		return;
	explain(login);
}

void
pam_login_log(const struct pam_login *login, enum pam_decision decision)
{
	const bool has_outcome =
	    login->is_asked && decision == DECISION_VERDICT;
	const bool has_reason = has_outcome && login->outcome.reason[0] != '\0';
	const struct pam_log log = {
	    .priority = pam_result_priority(decision),
	    .result = pam_result_name(decision, login->outcome.verdict),
	    .user = login->account.name,
	    .reason = has_reason ? "" : login->account.error.text,
	    .facts = login->is_asked ? &login->facts : NULL,
	    .outcome = has_outcome ? &login->outcome : NULL,
	};

	pam_log_write(&login->call, &log);
}

/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "pam_conversation.h"
#include "pam_log.h"
#include "pam_login.h"
#include "pam_translate.h"

#define PLACE_MAX_BYTES 1024

/* Said only with explain_refusals, since each but THROTTLED proves the password
 * right. */
static const char *
explanation(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_EXPIRED:
		return N_("Your password has expired. Please change it at the "
			  "sign-in service.");
	case VERDICT_LOCKED:
		return N_("Your account is locked at the sign-in service.");
	case VERDICT_SECOND_FACTOR_NEEDED:
		return N_("The sign-in service asks for a second factor, which "
			  "was not given here.");
	case VERDICT_DENIED_BY_POLICY:
		return N_("The sign-in service does not allow this login.");
	case VERDICT_THROTTLED:
		return N_("The sign-in service takes no further attempts now. "
			  "Please try again later.");
	case VERDICT_REJECTED:
	case VERDICT_ACCEPTED:
	case VERDICT_UNAVAILABLE:
	case VERDICT_MISCONFIGURED:
		return "";
	}
	return "";
}

static void
explain(const struct pam_login *login)
{
	const struct login_outcome *outcome = &login->outcome;
	const struct pam_call *call = &login->call;
	const bool has_page = login->provider != NULL &&
	    login->provider->password_page[0] != '\0';
	const char *page = has_page ? login->provider->password_page : "";
	char text[PLACE_MAX_BYTES];

	(void)snprintf(text, sizeof(text), "%s",
	    pam_translate(call, explanation(outcome->verdict)));
	if (outcome->message[0] != '\0')
		(void)snprintf(text, sizeof(text), "%s", outcome->message);
	else if (outcome->verdict == VERDICT_EXPIRED && has_page)
		(void)snprintf(text, sizeof(text),
		    pam_translate(call,
			"Your password has expired. Please change it at %s."),
		    page);
	else if (outcome->verdict == VERDICT_LOCKED && has_page)
		(void)snprintf(text, sizeof(text),
		    pam_translate(call,
			"Your account is locked. Please unlock it at %s."),
		    page);
	pam_conversation_tell(call, PAM_ERROR_MSG, text);
}

void
pam_login_tell(const struct pam_login *login, enum pam_decision decision)
{
	const struct config_general *general = &login->account.config.general;
	const struct login_outcome *outcome = &login->outcome;

	if (pam_result_login(decision, outcome->verdict) ==
	    PAM_AUTHINFO_UNAVAIL) {
		/* The administrator's own has no translation. */
		pam_conversation_tell(&login->call, PAM_ERROR_MSG,
		    pam_translate(&login->call, general->message_unavailable));
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

/* SPDX-License-Identifier: MIT */
#include "pam_login.h"
#include "paths.h"

static struct throttle_limits
limits_of(const struct pam_login *login)
{
	const struct config_general *general = &login->account.config.general;
	const struct throttle_limits limits = {
	    .max_failures = general->max_failures,
	    .failure_window_ms = general->failure_window_ms,
	    .failure_pause_ms = general->failure_pause_ms,
	};

	return limits;
}

enum pam_decision
pam_login_throttle(struct pam_login *login)
{
	const struct throttle_limits limits = limits_of(login);
	const struct secret *password =
	    login->needs_no_password ? NULL : &login->password;

	switch (throttle_ask(EXTAUTH_RUN_DIRECTORY, login->account.user.uid,
	    &limits, password, &login->ticket)) {
	case THROTTLE_PASS:
		return DECISION_ALLOWED;
	case THROTTLE_PAUSED:
		return DECISION_PAUSED;
	case THROTTLE_REPEATED:
		return DECISION_REPEATED;
	}
	return DECISION_FAULT;
}

/* The same password with a code, or with another one, is no repeat; nor is one
 * behind which the provider asked for more: it may well be the right one. */
static void
note_refusal(const struct pam_login *login)
{
	const struct throttle_limits limits = limits_of(login);
	const bool is_password_alone = !login->needs_no_password &&
	    login->factor.code.length == 0 && !login->factor.is_answered &&
	    login->outcome.verdict != VERDICT_SECOND_FACTOR_NEEDED;

	throttle_note_refusal(EXTAUTH_RUN_DIRECTORY, login->account.user.uid,
	    &limits, is_password_alone ? &login->password : NULL,
	    login->ticket);
}

void
pam_login_tell_throttle(const struct pam_login *login, enum frame_type type)
{
	const uint32_t uid = login->account.user.uid;
	const enum verdict verdict = login->outcome.verdict;

	/* What could not be sent was refused by nobody but us; and a new
	 * password that does not please says nothing against the old one. */
	if ((verdict == VERDICT_REJECTED && login->outcome.http_status == 0) ||
	    (verdict == VERDICT_DENIED_BY_POLICY && type == FRAME_CHANGE)) {
		throttle_give_back(EXTAUTH_RUN_DIRECTORY, uid, login->ticket);
		return;
	}
	switch (verdict) {
	case VERDICT_ACCEPTED:
		throttle_forget(EXTAUTH_RUN_DIRECTORY, uid);
		return;
	case VERDICT_REJECTED:
	case VERDICT_EXPIRED:
	case VERDICT_LOCKED:
	case VERDICT_SECOND_FACTOR_NEEDED:
	case VERDICT_DENIED_BY_POLICY:
		note_refusal(login);
		return;
	case VERDICT_THROTTLED:
	case VERDICT_UNAVAILABLE:
	case VERDICT_MISCONFIGURED:
		throttle_give_back(EXTAUTH_RUN_DIRECTORY, uid, login->ticket);
		return;
	}
}

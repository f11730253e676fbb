/* SPDX-License-Identifier: MIT */
#include "provider_pingone_forgot.h"

#include "provider_pingone_error.h"
#include "provider_pingone_user.h"

static enum extauth_err
forgot_send_step(
    struct login *login, struct step *ret_step, struct extauth_error *error)
{
	cleanup_draft struct draft draft =
	    pingone_password_draft(login, login->provider->forgot_media_type);

	login->state = PINGONE_PASSWORD;
	return draft_end(&draft, ret_step, error);
}

static enum extauth_err
forgot_take_user(struct login *login, const struct answer *answer,
    struct step *ret_step, struct extauth_error *error)
{
	struct login_outcome outcome = {0};
	size_t user = 0;

	switch (pingone_take_user(login, answer, &user, &outcome)) {
	case PINGONE_FOUND:
		return forgot_send_step(login, ret_step, error);
	case PINGONE_NOBODY:
		judge_set_mailed(&outcome);
		break;
	case PINGONE_FAILED:
		judge_blame_client(&outcome);
		break;
	}
	ret_step->outcome = outcome;
	return EXTAUTH_OK;
}

/* What PingOne knows of this user is for the log alone; what it says without a
 * known code need not be about him. */
static void
forgot_hide(const struct answer *answer, struct login_outcome *outcome)
{
	if (pingone_judge_code(answer, outcome))
		judge_set_mailed(outcome);
	else
		outcome->verdict = VERDICT_MISCONFIGURED;
}

static void
forgot_judge(const struct answer *answer, struct login_outcome *outcome)
{
	if (answer->status >= 200 && answer->status < 300) {
		judge_set_mailed(outcome);
		return;
	}
	(void)pingone_judge(answer, outcome);
	switch (outcome->verdict) {
	case VERDICT_REJECTED:
	case VERDICT_EXPIRED:
	case VERDICT_LOCKED:
	case VERDICT_SECOND_FACTOR_NEEDED:
	case VERDICT_DENIED_BY_POLICY:
		forgot_hide(answer, outcome);
		return;
	case VERDICT_ACCEPTED:
	case VERDICT_THROTTLED:
	case VERDICT_UNAVAILABLE:
	case VERDICT_MISCONFIGURED:
		return;
	}
}

static enum extauth_err
forgot_next(struct login *login, const struct event *event,
    struct step *ret_step, struct extauth_error *error)
{
	cleanup_answer struct answer answer = {0};
	struct login_outcome outcome = {0};
	enum extauth_err err = answer_take(event, &answer, ret_step);

	if (err != EXTAUTH_OK || answer.response == NULL)
		return err;
	if (login->state == PINGONE_TOKEN)
		return pingone_ask_user(login, &answer, ret_step, error);
	if (login->state == PINGONE_USER)
		return forgot_take_user(login, &answer, ret_step, error);
	forgot_judge(&answer, &outcome);
	ret_step->outcome = outcome;
	return EXTAUTH_OK;
}

const struct provider *
provider_pingone_forgot(void)
{
	static const struct provider machine = {
	    .name = "pingone_forgot",
	    .memory_bytes = sizeof(struct pingone_memory),
	    .forget = pingone_forget,
	    .rehearse = pingone_rehearse,
	    .start = pingone_start,
	    .next = forgot_next,
	};

	return &machine;
}

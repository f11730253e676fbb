/* SPDX-License-Identifier: MIT */
#include "provider_forgot.h"

#include "judge.h"
#include "text.h"

static enum extauth_err
forgot_start(
    struct login *login, struct step *ret_step, struct extauth_error *error)
{
	const struct template *url = &login->provider->forgot_password_url;
	cleanup_step struct step step = {.kind = STEP_REQUEST};
	enum extauth_err err;

	if (url->part_count == 0)
		return error_set(error, EXTAUTH_CONFIG,
		    "provider %s has no forgot_password_url",
		    login->provider->name);
	err = request_build_get(url, login->values, &step.request, error);
	if (err == EXTAUTH_OK)
		err =
		    request_build_get(url, login->masked, &step.masked, error);
	if (err != EXTAUTH_OK)
		return err;
	*ret_step = step;
	step = (struct step){0};
	return EXTAUTH_OK;
}

static void
forgot_judge(const struct response *response, struct login_outcome *outcome)
{
	if (response->status == 200) {
		judge_set_mailed(outcome);
		return;
	}
	outcome->http_status = response->status;
	outcome->verdict = verdict_from_status(response->status, NULL, 0);
	judge_blame_client(outcome);
	text_print(outcome->reason, sizeof(outcome->reason),
	    "status %u: forgot_password_url must answer 200", response->status);
}

static enum extauth_err
forgot_next(struct login *login, const struct event *event,
    struct step *ret_step, struct extauth_error *error)
{
	struct step step = {.kind = STEP_VERDICT};

	(void)login;
	(void)error;
	if (event->kind == EVENT_RESPONSE)
		forgot_judge(&event->response, &step.outcome);
	else
		machine_outcome_from_failure(&event->failure, &step.outcome);
	*ret_step = step;
	return EXTAUTH_OK;
}

const struct provider *
provider_forgot(void)
{
	static const struct provider machine = {
	    .name = "forgot",
	    .start = forgot_start,
	    .next = forgot_next,
	};

	return &machine;
}

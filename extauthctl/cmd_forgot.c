/* SPDX-License-Identifier: MIT */
/* `forgot-password`: asks the provider for a reset mail.
 * Does not know: PAM's question for it. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "paths.h"
#include "policy.h"
#include "settings.h"
#include "throttle.h"
#include "translate.h"
#include "trial.h"

static enum ctl_exit
forgot_send(const struct config *config, const struct trial_user *found,
    const struct config_provider *provider)
{
	struct trial_place place = {.service = "extauthctl"};
	cleanup_free struct login_facts *facts = NULL;
	struct trial_task task = {.type = FRAME_FORGOT};
	cleanup_outcome struct login_outcome outcome = {0};
	struct extauth_error error = {0};
	enum extauth_err err;

	err = trial_make_facts(config, &found->user, &place, &facts, &error);
	if (err != EXTAUTH_OK)
		return complain_error(err, &error);
	(void)snprintf(
	    facts->provider, sizeof(facts->provider), "%s", provider->name);
	if (!throttle_take_forgot(EXTAUTH_RUN_DIRECTORY, found->user.uid)) {
		complain("one was asked for within the last ten minutes");
		return CTL_NO;
	}
	task.facts = facts;
	err = trial_run(&task, &outcome, &error);
	if (err != EXTAUTH_OK)
		return complain_error(err, &error);
	/* A reset mail is no grant: what went well is a REJECTED with 200. */
	if (outcome.verdict == VERDICT_REJECTED && outcome.http_status == 200) {
		(void)printf(_("%s took the request for %s\n"), provider->name,
		    found->user.email);
		return CTL_DONE;
	}
	complain("%s: %s: %s", provider->name, verdict_name(outcome.verdict),
	    outcome.reason);
	return trial_exit(outcome.verdict);
}

static enum ctl_exit
forgot_password(
    const struct context *context, const struct arguments *arguments)
{
	cleanup_trial_user struct trial_user found = {.registry.fd = -1};
	cleanup_config struct config config = {0};
	const struct config_provider *provider = NULL;
	struct policy_question question = {.service = "extauthctl"};
	struct extauth_error error = {0};
	const char *why = "";
	enum ctl_exit status;
	enum extauth_err err;

	status = settings_load(context, &config);
	if (status == CTL_DONE)
		status = trial_find_user(arguments->operands[0], &found);
	if (status != CTL_DONE)
		return status;
	question.config = &config;
	question.registry = &found.registry;
	question.user = &found.user;
	question.now = (int64_t)time(NULL);
	err = policy_provider(&question, &provider, &why, &error);
	if (err != EXTAUTH_OK)
		return complain_error(err, &error);
	if (!config_provider_resets(provider)) {
		complain(
		    "[provider %s] has no forgot_password_url", provider->name);
		return CTL_CONFIG;
	}
	return forgot_send(&config, &found, provider);
}

const struct command command_forgot_password = {
    .name = "forgot-password",
    .operands = "NAME",
    .summary = N_("Has the provider send a reset mail."),
    .example = "extauthctl forgot-password alice",
    .notes = N_("At most one for each person in ten minutes."),
    .operand_min = 1,
    .operand_max = 1,
    .run = forgot_password,
};

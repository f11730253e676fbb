/* SPDX-License-Identifier: MIT */
/* `check`: looks at all that a login hangs on.
 * Does not know: how each part is looked at. */
#include <time.h>

#include "checks.h"
#include "settings.h"
#include "status_source.h"
#include "sync_state.h"

enum ctl_exit
check_all(const struct context *context, const struct arguments *arguments,
    struct findings *findings)
{
	bool is_online = arguments_has(arguments, "online") ||
	    arguments_has(arguments, "as");
	cleanup_config struct config config = {0};
	const struct config *good = NULL;
	struct extauth_error error = {0};
	enum extauth_err err;

	err = config_load(context->config_path, &config, &error);
	if (err == EXTAUTH_OK)
		good = &config;
	else
		finding_add(findings, FINDING_ERROR, "config",
		    "extauth.conf(5); until then registered users are refused",
		    "%s", error.text[0] != '\0' ? error.text : error_name(err));
	if (good != NULL)
		check_config(good, findings);
	if (good != NULL)
		status_sources_check(
		    good, SYNC_STATE_DIRECTORY, (int64_t)time(NULL), findings);
	check_registry(good, findings);
	check_worker(findings);
	check_nsswitch(findings);
	check_pam(good, findings);
	check_sshd(good, findings);
	if (is_online && good != NULL)
		return check_online(
		    good, arguments_value(arguments, "as"), findings);
	return CTL_DONE;
}

static enum ctl_exit
check(const struct context *context, const struct arguments *arguments)
{
	cleanup_document struct json_object *array = NULL;
	struct findings findings = {0};
	enum ctl_exit status;

	if (!settings_need_root("check"))
		return CTL_CANNOT;
	array = document_array();
	findings.array = array;
	status = check_all(context, arguments, &findings);
	if (status != CTL_DONE)
		return status;
	findings_print(context, &findings);
	return findings.counts[FINDING_ERROR] +
		    findings.counts[FINDING_WARNING] >
		0
	    ? CTL_NO
	    : CTL_DONE;
}

const struct command command_check = {
    .name = "check",
    .operands = "",
    .summary = N_("Looks for what will go wrong."),
    .example = "extauthctl check --online",
    .notes = N_(
	"Looks at the configuration, modes, secrets, registry, worker, "
	"nsswitch.conf, the PAM\nstack and sshd_config. --online also speaks "
	"to each provider: the days left of its\ncertificates, and one "
	"attempt as a made-up user, who must be refused.\nExit status: 0 "
	"nothing or notes alone, 1 errors or warnings."),
    .options =
	(const struct command_option[]){
	    {"online", NULL, N_("speak to the providers as well")},
	    {"as", "NAME", N_("attempt as NAME; counts as a wrong password")},
	    {NULL, NULL, NULL},
	},
    .run = check,
};

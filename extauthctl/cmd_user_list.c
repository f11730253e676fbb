/* SPDX-License-Identifier: MIT */
/* `user list` and `user show`: what the registry holds.
 * Does not know: how to change it. */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "identity.h"
#include "paths.h"
#include "record.h"
#include "settings.h"
#include "throttle.h"

static enum ctl_exit
contents_load(const char *what, struct registry_contents *ret_contents)
{
	struct extauth_error error = {0};
	enum extauth_err err;

	if (!settings_need_root(what))
		return CTL_CANNOT;
	err =
	    registry_contents_load(EXTAUTH_REGISTRY_PATH, ret_contents, &error);
	return err == EXTAUTH_OK ? CTL_DONE : complain_error(err, &error);
}

static enum ctl_exit
user_list(const struct context *context, const struct arguments *arguments)
{
	static const char *const columns[] = {
	    "name", "uid", "email", "state", "not_after", "groups", NULL};
	cleanup_contents struct registry_contents contents = {0};
	cleanup_document struct json_object *array = NULL;
	enum ctl_exit status;
	size_t index;

	(void)arguments;
	status = contents_load("user list", &contents);
	if (status != CTL_DONE)
		return status;
	array = document_array();
	for (index = 0; index < contents.user_count; index++)
		document_push(
		    array, record_of_user(&contents, &contents.users[index]));
	if (context->is_json)
		document_print_json(array);
	else if (contents.user_count > 0)
		document_print_table(array, columns);
	return CTL_DONE;
}

/* Only what the person in front of it wants to know more: a configuration that
 * is broken does not keep the user from being shown. */
static void
throttle_add(const struct context *context, const struct registry_user *user,
    struct json_object *record)
{
	cleanup_config struct config config = {0};
	struct extauth_error error = {0};
	struct throttle_limits limits;
	uint32_t failures = 0;
	uint32_t paused_ms = 0;

	if (config_load(context->config_path, &config, &error) != EXTAUTH_OK)
		return;
	limits = (struct throttle_limits){config.general.max_failures,
	    config.general.failure_window_ms, config.general.failure_pause_ms};
	throttle_show(
	    EXTAUTH_RUN_DIRECTORY, user->uid, &limits, &failures, &paused_ms);
	document_number(record, "failures", failures);
	document_number(record, "paused_seconds", (paused_ms + 999) / 1000);
}

static enum ctl_exit
user_show(const struct context *context, const struct arguments *arguments)
{
	cleanup_contents struct registry_contents contents = {0};
	cleanup_document struct json_object *record = NULL;
	const char *name = arguments->operands[0];
	const struct registry_user *user;
	enum ctl_exit status;

	status = contents_load("user show", &contents);
	if (status != CTL_DONE)
		return status;
	user = registry_contents_find_name(&contents, name);
	if (user == NULL)
		user = registry_contents_find_email(&contents, name);
	if (user == NULL) {
		complain("%s: not registered", name);
		return CTL_NO;
	}
	record = record_of_user(&contents, user);
	throttle_add(context, user, record);
	if (context->is_json)
		document_print_json(record);
	else
		document_print_fields(record);
	return CTL_DONE;
}

const struct command command_user_list = {
    .name = "user list",
    .operands = "",
    .summary = N_("Lists the registered people."),
    .example = "extauthctl user list --json",
    .run = user_list,
};

const struct command command_user_show = {
    .name = "user show",
    .operands = "NAME",
    .summary = N_("Shows one person; NAME may be the e-mail."),
    .example = "extauthctl user show alice",
    .operand_min = 1,
    .operand_max = 1,
    .run = user_show,
};

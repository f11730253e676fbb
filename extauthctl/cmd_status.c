/* SPDX-License-Identifier: MIT */
/* `status`: how things are, at a glance.
 * Does not know: what is wrong; that is `check`. */
#include <sys/stat.h>
#include <time.h>

#include "checks.h"
#include "date.h"
#include "paths.h"
#include "registry_write.h"
#include "settings.h"
#include "status_source.h"
#include "throttle.h"

static void
users_add(struct json_object *report, const struct registry_contents *contents)
{
	unsigned disabled = 0;
	unsigned linked = 0;
	size_t index;

	for (index = 0; index < contents->user_count; index++) {
		disabled += contents->users[index].is_disabled;
		linked += contents->users[index].is_linked;
	}
	document_number(
	    report, "enabled", (int64_t)contents->user_count - disabled);
	document_number(report, "disabled", disabled);
	document_number(report, "linked", linked);
	document_number(report, "removed", (int64_t)contents->tombstone_count);
	document_number(report, "groups", (int64_t)contents->group_count);
	document_number(report, "generation", (int64_t)contents->generation);
}

static void
throttled_add(struct json_object *report, const struct config *config,
    const struct registry_contents *contents)
{
	struct json_object *names = document_array();
	struct throttle_limits limits = {config->general.max_failures,
	    config->general.failure_window_ms,
	    config->general.failure_pause_ms};
	size_t index;

	for (index = 0; index < contents->user_count; index++) {
		const struct registry_user *user = &contents->users[index];
		uint32_t failures = 0;
		uint32_t paused_ms = 0;

		throttle_show(EXTAUTH_RUN_DIRECTORY, user->uid, &limits,
		    &failures, &paused_ms);
		if (paused_ms > 0)
			document_push_text(names, user->name);
	}
	document_put(report, "throttled", names);
}

static void
config_add(struct json_object *report, const struct config *config)
{
	struct json_object *names = document_array();
	size_t index;

	for (index = 0; index < config->provider_count; index++)
		document_push_text(names, config->providers[index].name);
	document_text(report, "configuration", "ok");
	document_put(report, "providers", names);
}

static void
registry_add(
    struct json_object *report, const struct config *config, bool is_json)
{
	cleanup_contents struct registry_contents contents = {0};
	struct extauth_error error = {0};
	struct stat status;
	char date[DATE_BYTES];
	enum extauth_err err;

	err = registry_contents_load(EXTAUTH_REGISTRY_PATH, &contents, &error);
	if (err != EXTAUTH_OK) {
		document_text(report, "registry",
		    error.text[0] != '\0' ? error.text : error_name(err));
		return;
	}
	document_text(report, "registry", "ok");
	users_add(report, &contents);
	if (stat(EXTAUTH_REGISTRY_PATH, &status) == 0) {
		date_format((int64_t)status.st_mtime, date);
		document_text(report, "changed", date);
	}
	status_without_source_add(report, config, &contents, is_json);
	if (config != NULL)
		throttled_add(report, config, &contents);
}

static enum ctl_exit
status(const struct context *context, const struct arguments *arguments)
{
	cleanup_document struct json_object *report = document_object();
	cleanup_config struct config config = {0};
	const struct config *good = NULL;
	struct extauth_error error = {0};
	enum extauth_err err;

	(void)arguments;
	if (!settings_need_root("status"))
		return CTL_CANNOT;
	document_text(report, "version", EXTAUTH_VERSION);
	err = config_load(context->config_path, &config, &error);
	if (err == EXTAUTH_OK) {
		config_add(report, &config);
		status_sources_add(report, &config,
		    EXTAUTH_REGISTRY_DIRECTORY "/sync", (int64_t)time(NULL),
		    context->is_json);
		good = &config;
	} else {
		document_text(report, "configuration",
		    error.text[0] != '\0' ? error.text : error_name(err));
	}
	registry_add(report, good, context->is_json);
	document_flag(report, "nsswitch", check_nsswitch_is_set());
	if (context->is_json)
		document_print_json(report);
	else
		document_print_fields(report);
	return good != NULL ? CTL_DONE : CTL_CONFIG;
}

const struct command command_status = {
    .name = "status",
    .operands = "",
    .summary = "Shows how things are, at a glance.",
    .example = "extauthctl status --json",
    .run = status,
};

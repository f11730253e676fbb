/* SPDX-License-Identifier: MIT */
/* `status`: how things are, at a glance.
 * Does not know: what is wrong; that is `check`. */

#include "checks.h"
#include "date.h"
#include "paths.h"
#include "settings.h"
#include "status_document.h"
#include "status_source.h"
#include "sync_state.h"
#include "translate.h"

static void
users_add(struct json_object *report, const struct status_registry *registry)
{
	const struct registry_contents *contents = &registry->contents;

	document_number(report, "enabled", (int64_t)registry->enabled);
	document_number(report, "disabled", (int64_t)registry->disabled);
	document_number(report, "linked", (int64_t)registry->linked);
	document_number(report, "removed", (int64_t)contents->tombstone_count);
	document_number(report, "groups", (int64_t)contents->group_count);
	document_number(report, "generation", (int64_t)contents->generation);
}

static void
throttled_add(
    struct json_object *report, const struct status_registry *registry)
{
	struct json_object *names = document_array();
	size_t at;

	for (at = 0; at < registry->paused_count; at++)
		document_push_text(names, registry->paused[at]);
	document_put(report, "throttled", names);
}

static void
config_add(struct json_object *report, const struct config *config)
{
	struct json_object *names = document_array();
	size_t at;

	for (at = 0; at < config->provider_count; at++)
		document_push_text(names, config->providers[at].name);
	document_text(report, "configuration", "ok");
	document_put(report, "providers", names);
}

static void
registry_add(struct json_object *report, const struct status_scene *scene)
{
	const struct status_registry *registry = scene->registry;
	char date[DATE_BYTES];

	if (!registry->is_good) {
		document_text(report, "registry", registry->error.text);
		return;
	}
	document_text(report, "registry", "ok");
	users_add(report, registry);
	date_format(registry->changed_s, date);
	document_text(report, "changed", date);
	status_without_source_add(
	    report, scene->config, &registry->contents, false);
	throttled_add(report, registry);
}

static struct json_object *
report_for_people(const struct status_scene *scene)
{
	struct json_object *report = document_object();

	document_text(report, "version", EXTAUTH_VERSION);
	if (scene->config != NULL) {
		config_add(report, scene->config);
		status_sources_add(report, scene->config, SYNC_STATE_DIRECTORY,
		    scene->now_s, false);
	} else {
		document_text(report, "configuration", scene->config_error);
	}
	registry_add(report, scene);
	document_flag(report, "nsswitch", check_nsswitch_is_set());
	return report;
}

static enum ctl_exit
status(const struct context *context, const struct arguments *arguments)
{
	cleanup_document struct json_object *report = NULL;
	cleanup_status_registry struct status_registry registry = {0};
	cleanup_config struct config config = {0};
	struct extauth_error error = {0};
	struct status_scene scene;

	(void)arguments;
	if (!settings_need_root("status"))
		return CTL_CANNOT;
	status_scene_read(
	    context->config_path, &config, &registry, &error, &scene);
	report = context->is_json ? status_document(&scene)
				  : report_for_people(&scene);
	if (context->is_json)
		document_print_json(report);
	else
		document_print_fields(report);
	if (scene.config == NULL)
		return CTL_CONFIG;
	return registry.is_good ? CTL_DONE : CTL_CANNOT;
}

const struct command command_status = {
    .name = "status",
    .operands = "",
    .summary = N_("Shows how things are, at a glance."),
    .example = "extauthctl status --json",
    .notes = N_("Exit status 78: the configuration is broken; 2: the registry "
		"cannot be read."),
    .run = status,
};

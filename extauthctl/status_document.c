/* SPDX-License-Identifier: MIT */
#include "status_document.h"

#include <time.h>

#include "checks.h"
#include "paths.h"
#include "status_source.h"
#include "sync_state.h"

#define TIME_BYTES 32

void
status_time_add(struct json_object *object, const char *key, int64_t seconds)
{
	time_t moment = (time_t)seconds;
	char text[TIME_BYTES];
	struct tm parts;

	if (seconds == 0 || gmtime_r(&moment, &parts) == NULL ||
	    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
		document_null(object, key);
	else
		document_text(object, key, text);
}

static void
config_add(struct json_object *report, const struct status_scene *scene)
{
	struct json_object *names = NULL;
	size_t at;

	document_text(
	    report, "configuration", scene->config != NULL ? "ok" : "broken");
	if (scene->config == NULL) {
		document_text(
		    report, "configuration_error", scene->config_error);
		document_null(report, "providers");
		document_null(report, "sources");
		return;
	}
	names = document_array();
	for (at = 0; at < scene->config->provider_count; at++)
		document_push_text(names, scene->config->providers[at].name);
	document_null(report, "configuration_error");
	document_put(report, "providers", names);
	status_sources_add(
	    report, scene->config, SYNC_STATE_DIRECTORY, scene->now_s, true);
}

static void
count_add(const struct status_registry *registry, struct json_object *report,
    const char *key, uint64_t count)
{
	if (registry->is_good)
		document_number(report, key, (int64_t)count);
	else
		document_null(report, key);
}

static void
counts_add(struct json_object *report, const struct status_registry *registry)
{
	const struct registry_contents *contents = &registry->contents;
	const struct {
		const char *key;
		uint64_t count;
	} rows[] = {
	    {"registered", contents->user_count},
	    {"enabled", registry->enabled},
	    {"disabled", registry->disabled},
	    {"held", registry->held},
	    {"linked", registry->linked},
	    {"removed", contents->tombstone_count},
	    {"groups", contents->group_count},
	    {"generation", contents->generation},
	    {"format", contents->version},
	};
	size_t at;

	for (at = 0; at < sizeof(rows) / sizeof(*rows); at++)
		count_add(registry, report, rows[at].key, rows[at].count);
}

static void
registry_add(struct json_object *report, const struct status_scene *scene)
{
	const struct status_registry *registry = scene->registry;
	const char *state = registry->is_there ? "ok" : "none";

	document_text(report, "registry", registry->is_good ? state : "broken");
	if (registry->is_good)
		document_null(report, "registry_error");
	else
		document_text(report, "registry_error", registry->error.text);
	counts_add(report, registry);
	status_time_add(report, "changed", registry->changed_s);
	if (registry->changed_s != 0)
		document_number(
		    report, "age_s", scene->now_s - registry->changed_s);
	else
		document_null(report, "age_s");
}

static void
people_add(struct json_object *report, const struct status_scene *scene)
{
	const struct status_registry *registry = scene->registry;
	struct json_object *names;
	size_t at;

	if (!registry->is_good) {
		document_null(report, "without_source");
		document_null(report, "throttled");
		return;
	}
	status_without_source_add(
	    report, scene->config, &registry->contents, true);
	if (scene->config == NULL) {
		document_null(report, "throttled");
		return;
	}
	names = document_array();
	for (at = 0; at < registry->paused_count; at++)
		document_push_text(names, registry->paused[at]);
	document_put(report, "throttled", names);
}

void
status_scene_read(const char *config_path, struct config *config,
    struct status_registry *registry, struct extauth_error *error,
    struct status_scene *ret_scene)
{
	struct status_scene scene = {
	    .registry = registry, .now_s = (int64_t)time(NULL)};
	enum extauth_err err = config_load(config_path, config, error);

	if (err == EXTAUTH_OK)
		scene.config = config;
	else
		scene.config_error =
		    error->text[0] != '\0' ? error->text : error_name(err);
	status_registry_read(scene.config, registry);
	*ret_scene = scene;
}

struct json_object *
status_document(const struct status_scene *scene)
{
	struct json_object *report = document_object();

	status_time_add(report, "time", scene->now_s);
	document_text(report, "version", EXTAUTH_VERSION);
	config_add(report, scene);
	registry_add(report, scene);
	people_add(report, scene);
	document_flag(report, "nsswitch", check_nsswitch_is_set());
	return report;
}

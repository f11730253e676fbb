/* SPDX-License-Identifier: MIT */
#include "metrics_gather.h"

#include <stdlib.h>
#include <string.h>

#include "checks.h"
#include "message.h"
#include "metrics_certificate.h"
#include "metrics_online.h"
#include "paths.h"
#include "sync_state.h"

#define END_NAME "extauth_certificate_not_after_timestamp_seconds"

static void
general_add(const struct status_scene *scene, struct metrics *metrics)
{
	const struct metrics_label version[] = {
	    {"version", EXTAUTH_VERSION}, {NULL, NULL}};

	metrics_family(
	    metrics, "extauth_build_info", "The version that runs, always 1.");
	metrics_sample(metrics, version, 1);
	metrics_single(metrics, "extauth_configuration_ok",
	    "Whether the configuration can be used.", scene->config != NULL);
	metrics_single(metrics, "extauth_nsswitch_ok",
	    "Whether nsswitch.conf names extauth for passwd and group.",
	    check_nsswitch_is_set());
	if (scene->config == NULL) {
		metrics_error(metrics, "configuration", "");
		return;
	}
	metrics_single(metrics, "extauth_providers",
	    "Providers in the configuration.",
	    (int64_t)scene->config->provider_count);
	metrics_single(metrics, "extauth_sources",
	    "Sources in the configuration.",
	    (int64_t)scene->config->source_count);
}

static void
users_add(const struct status_registry *registry, struct metrics *metrics)
{
	const struct {
		const char *state;
		size_t count;
	} rows[] = {
	    {"enabled", registry->enabled},
	    {"disabled", registry->disabled - registry->held},
	    {"held", registry->held},
	};
	size_t at;

	metrics_family(metrics, "extauth_users",
	    "Registered users; held are those disabled by hand.");
	for (at = 0; at < sizeof(rows) / sizeof(*rows); at++) {
		const struct metrics_label labels[] = {
		    {"state", rows[at].state}, {NULL, NULL}};

		metrics_sample(metrics, labels, (int64_t)rows[at].count);
	}
	metrics_single(metrics, "extauth_users_linked",
	    "Registered users whose account stands in /etc/passwd.",
	    (int64_t)registry->linked);
	metrics_single(metrics, "extauth_users_removed",
	    "Users who were removed and whose uids are never given again.",
	    (int64_t)registry->contents.tombstone_count);
}

static void
registry_add(const struct status_scene *scene, struct metrics *metrics)
{
	const struct status_registry *registry = scene->registry;

	metrics_single(metrics, "extauth_registry_ok",
	    "Whether the registry can be read, or there is none yet.",
	    registry->is_good);
	if (!registry->is_good) {
		metrics_error(metrics, "registry", "");
		return;
	}
	users_add(registry, metrics);
	if (scene->config != NULL)
		metrics_single(metrics, "extauth_users_paused",
		    "Users paused after too many wrong passwords.",
		    (int64_t)registry->paused_count);
	metrics_single(metrics, "extauth_groups", "Groups of the registry.",
	    (int64_t)registry->contents.group_count);
	metrics_single(metrics, "extauth_registry_generation",
	    "How often the registry was written.",
	    (int64_t)registry->contents.generation);
	if (registry->changed_s != 0)
		metrics_single(metrics,
		    "extauth_registry_modified_timestamp_seconds",
		    "When the registry was written last.", registry->changed_s);
}

/* What is told of each source. */
enum source_metric {
	SOURCE_MAX_AGE = 0,
	SOURCE_SUCCESS,
	SOURCE_ATTEMPT,
	SOURCE_IS_OK,
	SOURCE_METRICS
};

static const struct {
	const char *name;
	const char *help;
} source_families[SOURCE_METRICS] = {
    [SOURCE_MAX_AGE] = {"extauth_source_max_age_seconds",
	"How old the last good sync may be, max_sync_age."},
    [SOURCE_SUCCESS] = {"extauth_source_last_success_timestamp_seconds",
	"When the source was synced last with success."},
    [SOURCE_ATTEMPT] = {"extauth_source_last_attempt_timestamp_seconds",
	"When a sync of the source was tried last."},
    [SOURCE_IS_OK] = {"extauth_source_last_attempt_ok",
	"Whether the last sync of the source went well."},
};

static void
source_sample(enum source_metric metric, const struct config_source *source,
    const struct sync_state *state, struct metrics *metrics)
{
	const struct metrics_label labels[] = {
	    {"source", source->name}, {NULL, NULL}};

	switch (metric) {
	case SOURCE_MAX_AGE:
		metrics_sample(metrics, labels, source->max_sync_age_ms / 1000);
		return;
	case SOURCE_SUCCESS:
		if (state->success_s != 0)
			metrics_sample(metrics, labels, state->success_s);
		return;
	case SOURCE_ATTEMPT:
		if (state->attempt_s != 0)
			metrics_sample(metrics, labels, state->attempt_s);
		return;
	case SOURCE_IS_OK:
		if (state->attempt_s != 0)
			metrics_sample(metrics, labels,
			    state->attempt_s == state->success_s);
		return;
	case SOURCE_METRICS:
		return;
	}
}

static void
counts_sample(const struct config_source *source,
    const struct sync_counts *counts, struct metrics *metrics)
{
	const struct {
		const char *outcome;
		size_t count;
	} rows[] = {
	    {"added", counts->added},
	    {"changed", counts->changed},
	    {"enabled", counts->enabled},
	    {"disabled", counts->disabled},
	    {"removed", counts->removed},
	    {"refused", counts->refused},
	    {"unchanged", counts->unchanged},
	};
	size_t at;

	for (at = 0; at < sizeof(rows) / sizeof(*rows); at++) {
		const struct metrics_label labels[] = {{"source", source->name},
		    {"outcome", rows[at].outcome}, {NULL, NULL}};

		metrics_sample(metrics, labels, (int64_t)rows[at].count);
	}
}

static void
sources_write(const struct config *config, const struct sync_state *states,
    struct metrics *metrics)
{
	size_t metric;
	size_t at;

	for (metric = 0; metric < SOURCE_METRICS; metric++) {
		metrics_family(metrics, source_families[metric].name,
		    source_families[metric].help);
		for (at = 0; at < config->source_count; at++)
			source_sample((enum source_metric)metric,
			    &config->sources[at], &states[at], metrics);
	}
	metrics_family(metrics, "extauth_source_last_sync_users",
	    "What the last good sync of the source did, in users.");
	for (at = 0; at < config->source_count; at++)
		if (states[at].success_s != 0)
			counts_sample(
			    &config->sources[at], &states[at].counts, metrics);
}

static void
sources_add(const struct config *config, struct metrics *metrics)
{
	struct sync_state *states;
	size_t at;

	if (config->source_count == 0)
		return;
	states = calloc(config->source_count, sizeof(*states));
	if (states == NULL)
		die_of_memory();
	for (at = 0; at < config->source_count; at++)
		sync_state_load(SYNC_STATE_DIRECTORY, config->sources[at].name,
		    &states[at]);
	sources_write(config, states, metrics);
	for (at = 0; at < config->source_count; at++)
		sync_state_clear(&states[at]);
	free(states);
}

static void
end_sample(const char *kind, const char *section, const char *name,
    int64_t end_s, struct metrics *metrics)
{
	const struct metrics_label labels[] = {
	    {"kind", kind}, {"section", section}, {"name", name}, {NULL, NULL}};

	metrics_sample(metrics, labels, end_s);
}

/* Of a provider, or of what a source is reached by. */
static void
files_sample(const struct config_provider *access, const char *section,
    const char *name, struct metrics *metrics)
{
	const struct {
		const char *kind;
		const char *path;
	} files[] = {{"client", access->client_certificate_file},
	    {"ca", access->ca_file}};
	int64_t end_s;
	size_t at;

	for (at = 0; at < sizeof(files) / sizeof(*files); at++) {
		if (files[at].path == NULL || *files[at].path == '\0')
			continue;
		if (metrics_certificate_end(files[at].path, &end_s) ==
		    EXTAUTH_OK)
			end_sample(
			    files[at].kind, section, name, end_s, metrics);
		else
			metrics_error(metrics,
			    at == 0 ? "client_certificate" : "ca_file", name);
	}
}

static void
certificates_add(const struct config *config,
    const struct metrics_online *online, struct metrics *metrics)
{
	size_t at;

	metrics_family(metrics, END_NAME,
	    "When the first certificate of the client, the CA file or the "
	    "server ends.");
	for (at = 0; at < config->provider_count; at++)
		files_sample(&config->providers[at], "provider",
		    config->providers[at].name, metrics);
	for (at = 0; at < config->source_count; at++)
		files_sample(&config->sources[at].access, "source",
		    config->sources[at].name, metrics);
	for (at = 0; online != NULL && at < config->provider_count; at++)
		if (online[at].server_end_s != 0)
			end_sample("server", "provider",
			    config->providers[at].name, online[at].server_end_s,
			    metrics);
}

static void
reachable_add(const struct config *config, const struct metrics_online *online,
    struct metrics *metrics)
{
	size_t at;

	metrics_family(metrics, "extauth_provider_reachable",
	    "Whether the provider's server was reached, its certificate good.");
	for (at = 0; at < config->provider_count; at++) {
		const struct metrics_label labels[] = {
		    {"provider", config->providers[at].name}, {NULL, NULL}};

		metrics_sample(metrics, labels, online[at].is_reachable);
	}
}

static void
servers_add(
    const struct config *config, bool is_online, struct metrics *metrics)
{
	struct metrics_online *online = NULL;
	size_t at;

	if (is_online) {
		online = calloc(config->provider_count + 1, sizeof(*online));
		if (online == NULL)
			die_of_memory();
	}
	for (at = 0; is_online && at < config->provider_count; at++)
		metrics_online_probe(
		    config, &config->providers[at], &online[at]);
	certificates_add(config, online, metrics);
	if (is_online)
		reachable_add(config, online, metrics);
	free(online);
}

void
metrics_gather(
    const struct status_scene *scene, bool is_online, struct metrics *metrics)
{
	general_add(scene, metrics);
	registry_add(scene, metrics);
	if (scene->config != NULL) {
		sources_add(scene->config, metrics);
		servers_add(scene->config, is_online, metrics);
	}
	metrics_finish(metrics);
}

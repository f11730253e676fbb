/* SPDX-License-Identifier: MIT */
#include "status_source.h"

#include <stdio.h>
#include <string.h>

#include "status_document.h"
#include "sync_state.h"
#include "translate.h"

#define SOURCE_BY_HAND "manual"
/* So many names are read by a person, no more. */
#define NAMES_MAX 20
#define AGE_BYTES 64

/* Two of a unit at least, so that little is rounded away. */
static void
age_write(int64_t age_s, char *text, size_t size)
{
	unsigned long seconds = age_s > 0 ? (unsigned long)age_s : 0;
	unsigned long days = seconds / 86400;
	unsigned long hours = seconds / 3600;
	unsigned long minutes = seconds / 60;

	if (age_s < 0)
		(void)snprintf(
		    text, size, "%s", _("in the future, by this host's clock"));
	else if (days >= 2)
		(void)snprintf(text, size,
		    ngettext("%lu day ago", "%lu days ago", days), days);
	else if (hours >= 2)
		(void)snprintf(text, size,
		    ngettext("%lu hour ago", "%lu hours ago", hours), hours);
	else if (minutes >= 2)
		(void)snprintf(text, size,
		    ngettext("%lu minute ago", "%lu minutes ago", minutes),
		    minutes);
	else
		(void)snprintf(text, size,
		    ngettext("%lu second ago", "%lu seconds ago", seconds),
		    seconds);
}

static bool
is_too_old(const struct config_source *source, const struct sync_state *state,
    int64_t now_s)
{
	return state->success_s == 0 ||
	    (now_s - state->success_s) * 1000 >
	    (int64_t)source->max_sync_age_ms;
}

void
status_sources_check(const struct config *config, const char *directory,
    int64_t now_s, struct findings *findings)
{
	char age[AGE_BYTES];
	bool has_failed;
	size_t i;

	for (i = 0; i < config->source_count; i++) {
		const struct config_source *source = &config->sources[i];
		cleanup_sync_state struct sync_state state = {0};

		sync_state_load(directory, source->name, &state);
		if (!is_too_old(source, &state, now_s))
			continue;
		has_failed = state.attempt_s != state.success_s;
		age_write(now_s - state.success_s, age, sizeof(age));
		finding_add(findings,
		    state.success_s == 0 && state.attempt_s == 0
			? FINDING_NOTE
			: FINDING_WARNING,
		    "source_age",
		    "extauthctl sync; systemctl enable --now "
		    "extauth-sync.timer",
		    "[source %s]: last synced with success: %s%s%s",
		    source->name, state.success_s == 0 ? _("never") : age,
		    has_failed ? _("; the last attempt: ") : "",
		    has_failed ? state.result : "");
	}
}

static struct json_object *
counts_object(const struct sync_counts *counts)
{
	struct json_object *object = document_object();

	document_number(object, "added", (int64_t)counts->added);
	document_number(object, "changed", (int64_t)counts->changed);
	document_number(object, "enabled", (int64_t)counts->enabled);
	document_number(object, "disabled", (int64_t)counts->disabled);
	document_number(object, "removed", (int64_t)counts->removed);
	document_number(object, "refused", (int64_t)counts->refused);
	document_number(object, "unchanged", (int64_t)counts->unchanged);
	return object;
}

static struct json_object *
source_object(const struct config_source *source,
    const struct sync_state *state, int64_t now_s)
{
	struct json_object *object = document_object();

	document_text(object, "name", source->name);
	status_time_add(object, "last_success", state->success_s);
	if (state->success_s != 0)
		document_number(object, "age_s", now_s - state->success_s);
	else
		document_null(object, "age_s");
	document_number(object, "max_age_s", source->max_sync_age_ms / 1000);
	document_flag(object, "is_too_old", is_too_old(source, state, now_s));
	status_time_add(object, "last_attempt", state->attempt_s);
	if (state->attempt_s != 0)
		document_flag(
		    object, "is_failed", state->attempt_s != state->success_s);
	else
		document_null(object, "is_failed");
	document_text(object, "result", state->result);
	if (state->success_s != 0)
		document_put(object, "counts", counts_object(&state->counts));
	else
		document_null(object, "counts");
	return object;
}

static void
source_line(struct json_object *lines, const struct config_source *source,
    const struct sync_state *state, int64_t now_s)
{
	char text[SYNC_STATE_RESULT_BYTES + 128];
	char age[AGE_BYTES];
	bool has_failed = state->attempt_s != state->success_s;

	(void)snprintf(age, sizeof(age), "%s", _("never synced"));
	if (state->success_s != 0)
		age_write(now_s - state->success_s, age, sizeof(age));
	(void)snprintf(text, sizeof(text), "%s %s%s%s%s%s", source->name, age,
	    is_too_old(source, state, now_s) ? _(", too old") : "",
	    has_failed ? " (" : "", has_failed ? state->result : "",
	    has_failed ? ")" : "");
	document_push_text(lines, text);
}

void
status_sources_add(struct json_object *report, const struct config *config,
    const char *directory, int64_t now_s, bool is_json)
{
	struct json_object *sources = document_array();
	size_t i;

	for (i = 0; i < config->source_count; i++) {
		const struct config_source *source = &config->sources[i];
		cleanup_sync_state struct sync_state state = {0};

		sync_state_load(directory, source->name, &state);
		if (is_json)
			document_push(
			    sources, source_object(source, &state, now_s));
		else
			source_line(sources, source, &state, now_s);
	}
	document_put(report, N_("sources"), sources);
}

/* A source that was taken out of the configuration disables nobody. */
static bool
is_followed(const struct config *config, const char *source)
{
	size_t i;

	if (*source == '\0' || strcmp(source, SOURCE_BY_HAND) == 0)
		return false;
	for (i = 0; config != NULL && i < config->source_count; i++)
		if (strcmp(config->sources[i].name, source) == 0)
			return true;
	return config == NULL;
}

static bool
is_without_source(const struct config *config, const struct registry_user *user)
{
	return !user->is_disabled && user->not_after == 0 &&
	    !is_followed(config, user->source);
}

void
status_without_source_add(struct json_object *report,
    const struct config *config, const struct registry_contents *contents,
    bool is_json)
{
	struct json_object *names = document_array();
	char more[32];
	size_t count = 0;
	size_t i;

	for (i = 0; i < contents->user_count; i++) {
		if (!is_without_source(config, &contents->users[i]))
			continue;
		if (is_json || count < NAMES_MAX)
			document_push_text(names, contents->users[i].name);
		count++;
	}
	if (!is_json && count > NAMES_MAX) {
		(void)snprintf(
		    more, sizeof(more), _("and %zu more"), count - NAMES_MAX);
		document_push_text(names, more);
	}
	document_put(report, N_("without_source"), names);
}

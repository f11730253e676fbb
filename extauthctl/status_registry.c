/* SPDX-License-Identifier: MIT */
#include "status_registry.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "message.h"
#include "number.h"
#include "paths.h"
#include "throttle.h"

static void
users_count(struct status_registry *registry)
{
	const struct registry_contents *contents = &registry->contents;
	size_t at;

	for (at = 0; at < contents->user_count; at++) {
		const struct registry_user *user = &contents->users[at];

		registry->disabled += user->is_disabled;
		registry->held += user->is_disabled && user->is_held;
		registry->linked += user->is_linked;
	}
	registry->enabled = contents->user_count - registry->disabled;
}

static void
paused_add(struct status_registry *registry, const char *name)
{
	const char **more = reallocarray(registry->paused,
	    registry->paused_count + 1, sizeof(*registry->paused));

	if (more == NULL)
		die_of_memory();
	more[registry->paused_count++] = name;
	registry->paused = more;
}

/* Only who was refused has a mark: nobody else is looked at. */
static void
mark_take(struct status_registry *registry,
    const struct throttle_limits *limits, const char *file)
{
	const struct registry_user *user;
	uint32_t failures = 0;
	uint32_t paused_ms = 0;
	uint32_t uid = 0;

	if (!number_parse(file, &uid))
		return;
	user = registry_contents_find_uid(&registry->contents, uid);
	if (user == NULL)
		return;
	throttle_show(
	    EXTAUTH_RUN_DIRECTORY, uid, limits, &failures, &paused_ms);
	if (paused_ms > 0)
		paused_add(registry, user->name);
}

static void
paused_find(
    struct status_registry *registry, const struct config_general *general)
{
	const struct throttle_limits limits = {general->max_failures,
	    general->failure_window_ms, general->failure_pause_ms};
	const struct dirent *entry;
	DIR *marks = opendir(EXTAUTH_RUN_DIRECTORY);

	if (marks == NULL)
		return;
	/* One thread. NOLINTNEXTLINE(concurrency-mt-unsafe) */
	while ((entry = readdir(marks)) != NULL)
		mark_take(registry, &limits, entry->d_name);
	(void)closedir(marks);
}

void
status_registry_read(
    const struct config *config, struct status_registry *ret_registry)
{
	struct stat status;
	enum extauth_err err;

	*ret_registry = (struct status_registry){0};
	ret_registry->is_there = stat(EXTAUTH_REGISTRY_PATH, &status) == 0;
	if (ret_registry->is_there)
		ret_registry->changed_s = (int64_t)status.st_mtime;
	err = registry_contents_load(EXTAUTH_REGISTRY_PATH,
	    &ret_registry->contents, &ret_registry->error);
	if (err != EXTAUTH_OK && ret_registry->error.text[0] == '\0')
		(void)error_set(
		    &ret_registry->error, err, "%s", error_name(err));
	if (err != EXTAUTH_OK)
		return;
	ret_registry->is_good = true;
	users_count(ret_registry);
	if (config != NULL)
		paused_find(ret_registry, &config->general);
}

void
status_registry_clear(struct status_registry *registry)
{
	if (registry == NULL)
		return;
	free(registry->paused);
	registry_contents_clear(&registry->contents);
	*registry = (struct status_registry){0};
}

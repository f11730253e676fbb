/* SPDX-License-Identifier: MIT */
/* What one [group NAME] must be, beside the others.
 * Does not know: /etc/group, the registry. */
#include <stdio.h>
#include <string.h>

#include "config_check.h"
#include "identity.h"

#define REASON_BYTES 400

enum extauth_err
config_check_group_name(const char *name, struct extauth_error *error)
{
	if (!identity_is_short_name(name))
		return error_set(error, EXTAUTH_CONFIG,
		    "the name of a group is made of a-z 0-9 _ -, begins with a "
		    "letter or _, and has at most %d bytes",
		    IDENTITY_NAME_MAX_BYTES);
	/* of those the system owns, none may be given away */
	return identity_check_name(name, false, error) == EXTAUTH_OK
	    ? EXTAUTH_OK
	    : EXTAUTH_CONFIG;
}

/* Writes where another group says the same. */
static void
group_write_clash(const struct config *config, const struct config_group *other,
    const char *key, size_t nth, char *reason)
{
	char section[CONFIG_SECTION_BYTES];
	const struct ini_entry *place;

	config_name_section(section, "group", other->name);
	place = config_origin(config, section, key, nth);
	(void)snprintf(reason, REASON_BYTES,
	    error_translated("[%s] has it as well (%s:%u)"), section,
	    place->path, place->line);
}

static enum extauth_err
group_check_gid(const struct config *config, const struct config_group *group,
    const char *section, struct extauth_error *error)
{
	const struct config_group *other;
	char reason[REASON_BYTES];

	if (group->gid == 0)
		return EXTAUTH_OK;
	if (identity_check_uid(group->gid, error) != EXTAUTH_OK)
		return config_error_key(
		    error, config, section, "gid", error->text);
	for (other = config->groups; other < group; other++) {
		if (other->gid != group->gid)
			continue;
		group_write_clash(config, other, "gid", 0, reason);
		return config_error_key(error, config, section, "gid", reason);
	}
	return EXTAUTH_OK;
}

static enum extauth_err
group_check_source(const struct config *config,
    const struct config_group *group, const char *section,
    struct extauth_error *error)
{
	const struct config_source *source =
	    config_find_source(config, group->source);
	enum extauth_err err;

	if (*group->source == '\0')
		return EXTAUTH_OK;
	if (source != NULL) {
		const struct config_source_type *type =
		    config_find_source_type(source->type);

		if (*source->user_groups != '\0' ||
		    (type->trait != CONFIG_SOURCE_REST &&
			type->trait != CONFIG_SOURCE_CSV))
			return EXTAUTH_OK;
		return config_error_key(error, config, section, "source",
		    "tells of no groups: it has no user_groups");
	}
	err = config_no_section(config, "source", group->source, error);
	return err == EXTAUTH_CONFIG
	    ? config_error_key(error, config, section, "source", error->text)
	    : err;
}

/* Tells whether two groups may be filled by one source. */
static bool
group_is_beside(
    const struct config_group *group, const struct config_group *other)
{
	return *group->source == '\0' || *other->source == '\0' ||
	    strcmp(group->source, other->source) == 0;
}

/* A directory's group is one local group. */
static enum extauth_err
group_check_remote(const struct config *config,
    const struct config_group *group, const struct ini_entry *place,
    struct extauth_error *error)
{
	const struct config_group *other;
	char reason[REASON_BYTES];
	size_t nth;

	for (other = config->groups; other < group; other++) {
		if (!group_is_beside(group, other))
			continue;
		for (nth = 0; nth < other->remote.count; nth++) {
			if (strcmp(other->remote.items[nth], place->value) != 0)
				continue;
			group_write_clash(config, other, "remote", nth, reason);
			return config_error_at(error, place, reason);
		}
	}
	return EXTAUTH_OK;
}

enum extauth_err
config_check_group(const struct config *config,
    const struct config_group *group, struct extauth_error *error)
{
	char section[CONFIG_SECTION_BYTES];
	enum extauth_err err;
	size_t nth;

	config_name_section(section, "group", group->name);
	if (group->remote.count == 0)
		return config_error_key(error, config, section, "remote",
		    "is missing: the name or id of the directory's group");
	err = group_check_gid(config, group, section, error);
	if (err == EXTAUTH_OK)
		err = group_check_source(config, group, section, error);
	for (nth = 0; nth < group->remote.count && err == EXTAUTH_OK; nth++)
		err = group_check_remote(config, group,
		    config_origin(config, section, "remote", nth), error);
	return err;
}

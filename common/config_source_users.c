/* SPDX-License-Identifier: MIT */
/* What may be taken of a source: attributes, groups, numbers, and the provider
 * of its people.
 * Does not know: how it is asked. */
#include <stdio.h>
#include <string.h>

#include "config_check.h"
#include "identity.h"

#define LENGTH(rows) (sizeof(rows) / sizeof((rows)[0]))
#define LISTS (CONFIG_SOURCE_REST | CONFIG_SOURCE_CSV)

static enum extauth_err
users_check_attribute(
    const struct config_check *check, const struct config_key *key)
{
	const void *member = (const char *)check->source + key->rule->offset;
	char *const *text = member;
	bool is_column = (check->traits & CONFIG_SOURCE_CSV) != 0;

	if (is_column && **text == '/')
		return config_check_fail(check, key->name,
		    "is the name of a column here, not a JSON pointer");
	if (is_column || **text == '\0' ||
	    condition_check_pointer(*text, check->error) == EXTAUTH_OK)
		return EXTAUTH_OK;
	return config_check_fail(check, key->name, check->error->text);
}

static enum extauth_err
users_check_attributes(const struct config_check *check)
{
	size_t count;
	const struct config_key *key = config_keys(&count);

	for (; count > 0; count--, key++) {
		enum extauth_err err;

		if (key->rule->type != CONFIG_ATTRIBUTE)
			continue;
		err = users_check_attribute(check, key);
		if (err != EXTAUTH_OK)
			return err;
	}
	return EXTAUTH_OK;
}

static enum extauth_err
users_check_email(const struct config_check *check)
{
	if (*check->source->user_email != '\0' ||
	    *check->source->user_name != '\0')
		return EXTAUTH_OK;
	return config_check_fail(check, "user_email",
	    "is empty, and user_name too: nobody would have an e-mail "
	    "address");
}

/* What a prefix makes must be a group's name that the system does not own. */
static enum extauth_err
users_check_prefix(const struct config_check *check)
{
	const char *prefix = check->source->group_prefix;
	char name[CONFIG_NAME_MAX_BYTES + 2];

	(void)snprintf(name, sizeof(name), "%sx", prefix);
	if (*prefix == '\0')
		return EXTAUTH_OK;
	if (strlen(prefix) > IDENTITY_NAME_MAX_BYTES / 2)
		return config_check_fail(check, "group_prefix",
		    "is longer than 16 bytes, of the 32 that a group's name "
		    "may have");
	return config_check_group_name(name, check->error) == EXTAUTH_OK
	    ? EXTAUTH_OK
	    : config_check_fail(check, "group_prefix", check->error->text);
}

/* Who may name a group in one directory must not get the rights of a group of
 * another. */
static enum extauth_err
users_check_own_prefix(const struct config_check *check)
{
	const struct config *config = check->config;
	const char *prefix = check->source->group_prefix;
	char reason[CONFIG_NAME_MAX_BYTES + 64];
	size_t index;

	for (index = 0; index < config->source_count; index++) {
		const struct config_source *other = &config->sources[index];
		size_t length = strlen(other->group_prefix);

		if (other == check->source || length == 0 || *prefix == '\0' ||
		    strncmp(prefix, other->group_prefix, length) != 0)
			continue;
		(void)snprintf(reason, sizeof(reason),
		    error_translated(
			"its groups could be some of source %.32s, "
			"whose prefix is the same or begins it"),
		    other->name);
		return config_check_fail(check, "group_prefix", reason);
	}
	return EXTAUTH_OK;
}

/* Tells whether a local group may come of this source. */
static bool
users_is_published(const struct config_check *check, const char *name)
{
	const char *prefix = check->source->group_prefix;
	const struct config_group *group =
	    config_find_group(check->config, name);

	if (group != NULL)
		return *group->source == '\0' ||
		    strcmp(group->source, check->source->name) == 0;
	return *prefix != '\0' && strlen(name) > strlen(prefix) &&
	    strncmp(name, prefix, strlen(prefix)) == 0;
}

static enum extauth_err
users_refuse_group(const struct config_check *check, const char *name)
{
	const struct config_group *group =
	    config_find_group(check->config, name);
	enum extauth_err err;

	if (group != NULL)
		err = error_set(check->error, EXTAUTH_CONFIG,
		    "[group %s] is of another source, %s", name, group->source);
	else
		err = config_no_section(
		    check->config, "group", name, check->error);
	return err == EXTAUTH_CONFIG
	    ? config_check_fail(check, "only_groups", check->error->text)
	    : err;
}

static enum extauth_err
users_check_groups(const struct config_check *check)
{
	const struct config_list *groups = &check->source->only_groups;
	size_t index;

	for (index = 0; index < groups->count; index++)
		if (!users_is_published(check, groups->items[index]))
			return users_refuse_group(check, groups->items[index]);
	if (groups->count == 0 || (check->traits & LISTS) == 0 ||
	    *check->source->user_groups != '\0')
		return EXTAUTH_OK;
	return config_check_fail(
	    check, "only_groups", "needs user_groups: nobody would be in any");
}

static enum extauth_err
users_check_provider(const struct config_check *check)
{
	const char *name = check->source->provider;
	enum extauth_err err;

	if (*name == '\0' || config_find_provider(check->config, name) != NULL)
		return EXTAUTH_OK;
	err = config_no_section(check->config, "provider", name, check->error);
	return err == EXTAUTH_CONFIG
	    ? config_check_fail(check, "provider", check->error->text)
	    : err;
}

static enum extauth_err
users_check_base(const struct config_check *check)
{
	const struct config_general *general = &check->config->general;

	if (check->source->uid_base < general->uid_range_last)
		return EXTAUTH_OK;
	return config_check_fail(
	    check, "uid_base", "every number above it is outside of uid_range");
}

enum extauth_err
config_check_source_users(const struct config_check *check)
{
	static config_check_rule *const rules[] = {
	    users_check_attributes,
	    users_check_email,
	    users_check_prefix,
	    users_check_own_prefix,
	    users_check_groups,
	    users_check_provider,
	    users_check_base,
	};

	return config_check_rules(check, rules, LENGTH(rules));
}

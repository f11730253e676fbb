/* SPDX-License-Identifier: MIT */
/* The types of sources, and which keys are of use to whom.
 * Does not know: what a type implies and demands. */
#include <string.h>

#include "config_check.h"

static const struct config_source_type types[] = {
    {"scim", CONFIG_SOURCE_SCIM, 10000},
    {"okta", CONFIG_SOURCE_OKTA, 200},
    {"entra", CONFIG_SOURCE_ENTRA, 999},
    {"pingone", CONFIG_SOURCE_PINGONE, 1000},
    {"rest", CONFIG_SOURCE_REST, 10000},
    {"csv", CONFIG_SOURCE_CSV, 0},
};

#define TYPE_COUNT (sizeof(types) / sizeof(types[0]))

const struct config_source_type *
config_find_source_type(const char *name)
{
	size_t index;

	for (index = 0; index < TYPE_COUNT; index++) {
		if (strcmp(types[index].name, name) == 0)
			return &types[index];
	}
	return NULL;
}

enum extauth_err
config_unknown_source_type(const char *name, struct extauth_error *error)
{
	const char *names[TYPE_COUNT + 1] = {NULL};
	size_t index;

	for (index = 0; index < TYPE_COUNT; index++)
		names[index] = types[index].name;
	return config_unknown_word(names, name, error);
}

unsigned
config_source_traits(const struct config_source *source)
{
	const struct config_source_type *type =
	    config_find_source_type(source->type);
	unsigned traits = type != NULL ? (unsigned)type->trait : 0;
	bool has_client =
	    (traits & (CONFIG_SOURCE_ENTRA | CONFIG_SOURCE_PINGONE)) != 0 &&
	    *source->access.api_token_file == '\0';

	if (has_client || *source->access.client_id != '\0')
		traits |= CONFIG_SOURCE_HAS_CLIENT;
	if (*source->posix_schema != '\0')
		traits |= CONFIG_SOURCE_HAS_POSIX;
	return traits;
}

enum extauth_err
config_check_source_keys(const struct config_check *check)
{
	/* by bit of enum config_source_trait */
	static const char *const names[] = {
	    "scim", "okta", "entra", "pingone", "rest", "csv"};

	return config_check_use(check, names, sizeof(names) / sizeof(char *));
}

bool
config_source_key_is_of_use(
    const struct config_key *key, const struct config_source *source)
{
	return strcmp(key->section, "source") != 0 || key->rule->traits == 0 ||
	    (key->rule->traits & config_source_traits(source)) != 0;
}

const char *
config_source_key_implied(
    const struct config_key *key, const struct config_source *source)
{
	if (strcmp(key->section, "source") != 0)
		return key->default_text;
	return config_key_text(
	    key, source, config_provider_base(&source->access));
}

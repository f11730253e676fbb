/* SPDX-License-Identifier: MIT */
/* The order in which a source is checked, and what it must have.
 * Does not know: providers. */
#include <string.h>

#include "config_check.h"

#define LENGTH(rows) (sizeof(rows) / sizeof((rows)[0]))

/* clang-format off */
static const struct config_need needs[] = {
    {CONFIG_SOURCE_SCIM, "url",
	N_("is missing: the base of the addresses, as "
	"https://id.example.com/scim/v2")},
    {CONFIG_SOURCE_OKTA, "url",
	N_("is missing: the organisation's address, as "
	"https://example.okta.com")},
    {CONFIG_SOURCE_REST, "url", N_("is missing: where the list of people is")},
    {CONFIG_SOURCE_ENTRA | CONFIG_SOURCE_PINGONE, "url",
	N_("is empty: remove this line, and it is the service's own")},
    {CONFIG_SOURCE_ENTRA, "tenant",
	N_("is missing: the id of the directory, or its domain")},
    {CONFIG_SOURCE_PINGONE, "environment",
	N_("is missing: the id of the environment")},
    {CONFIG_SOURCE_PINGONE, "region",
	N_("is missing: com, eu, asia, ca, com.au")},
    {CONFIG_SOURCE_OKTA, "token_file",
	N_("is missing: `extauthctl secret set NAME` stores an API token; "
	"write its NAME here")},
    {CONFIG_SOURCE_HAS_CLIENT, "client_id",
	N_("is missing: the id under which this client is registered there")},
    {CONFIG_SOURCE_HAS_CLIENT, "client_secret_file",
	N_("is missing: `extauthctl secret set NAME` stores the secret; write "
	"its NAME here")},
    {CONFIG_SOURCE_HAS_CLIENT, "token_url",
	N_("is missing: where the client gets its token")},
    {CONFIG_SOURCE_REST, "user_id",
	N_("is missing: the pointer to what never changes, as /id")},
    {CONFIG_SOURCE_REST, "user_email",
	N_("is missing: the pointer to the e-mail address, as /email")},
    {0xff, "user_id",
	N_("is empty, and nobody could be told from another: remove this "
	"line")},
};
/* clang-format on */

static enum extauth_err
source_check_type(const struct config_check *check)
{
	enum extauth_err err;

	if (config_find_source_type(check->source->type) != NULL)
		return EXTAUTH_OK;
	err = config_unknown_source_type(check->source->type, check->error);
	return err == EXTAUTH_CONFIG
	    ? config_check_fail(check, "type", check->error->text)
	    : err;
}

static enum extauth_err
source_check_needs(const struct config_check *check)
{
	return config_check_needed(check, needs, LENGTH(needs));
}

bool
config_source_has_groups(
    const struct config *config, const struct config_source *source)
{
	size_t index;

	for (index = 0; index < config->group_count; index++) {
		const struct config_group *group = &config->groups[index];

		if (*group->source == '\0' ||
		    strcmp(group->source, source->name) == 0)
			return true;
	}
	return *source->group_prefix != '\0';
}

enum extauth_err
config_check_source(struct config *config, struct config_source *source,
    struct extauth_error *error)
{
	static config_check_rule *const rules[] = {
	    source_check_type,
	    config_check_source_keys,
	    config_check_source_login,
	    config_imply_source,
	    source_check_needs,
	    config_check_urls,
	    config_check_source_request,
	    config_check_source_users,
	    config_check_access,
	};
	char section[CONFIG_SECTION_BYTES];
	const struct config_check check = {
	    .config = config,
	    .provider = &source->access,
	    .source = source,
	    .kind = "source",
	    .filled = source,
	    .section = section,
	    .traits = config_source_traits(source),
	    .error = error,
	};

	config_name_section(section, "source", source->name);
	return config_check_rules(&check, rules, LENGTH(rules));
}

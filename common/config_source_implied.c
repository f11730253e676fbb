/* SPDX-License-Identifier: MIT */
/* What follows for a key of a source that is not written.
 * Does not know: what a source must have. */
#include <stdlib.h>
#include <string.h>

#include "config_check.h"

#define SCIM CONFIG_SOURCE_SCIM
#define OKTA CONFIG_SOURCE_OKTA
#define ENTRA CONFIG_SOURCE_ENTRA
#define PINGONE CONFIG_SOURCE_PINGONE
#define CSV CONFIG_SOURCE_CSV
#define CLIENT CONFIG_SOURCE_HAS_CLIENT
#define POSIX CONFIG_SOURCE_HAS_POSIX

/* clang-format off */
static const struct config_implied implied[] = {
    {SCIM, "user_id", "/id"},
    {SCIM, "user_email", "/emails"},
    {SCIM, "user_name", "/userName"},
    {SCIM, "user_gecos", "/displayName"},
    {SCIM | POSIX, "user_uid", "/{posix_schema}:User/uidNumber"},
    {SCIM | POSIX, "user_home", "/{posix_schema}:User/homeDirectory"},
    {SCIM | POSIX, "user_shell", "/{posix_schema}:User/loginShell"},
    {SCIM, "user_groups", "/groups"},
    {SCIM | POSIX, "group_gid", "/{posix_schema}:Group/gidNumber"},

    {OKTA, "user_id", "/id"},
    {OKTA, "user_email", "/profile/email"},
    {OKTA, "user_name", "/profile/login"},
    {OKTA, "user_gecos", "/profile/displayName"},

    {ENTRA, "url", "https://graph.microsoft.com/v1.0"},
    {ENTRA | CLIENT, "token_url",
	"https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"},
    {ENTRA | CLIENT, "client_auth", "post"},
    {ENTRA | CLIENT, "scope", "https://graph.microsoft.com/.default"},
    {ENTRA, "user_id", "/id"},
    {ENTRA, "user_email", "/mail"},
    {ENTRA, "user_name", "/userPrincipalName"},
    {ENTRA, "user_gecos", "/displayName"},

    {PINGONE, "url", "https://api.pingone.{region}/v1"},
    {PINGONE | CLIENT, "token_url",
	"https://auth.pingone.{region}/{environment}/as/token"},
    {PINGONE, "user_id", "/id"},
    {PINGONE, "user_email", "/email"},
    {PINGONE, "user_name", "/username"},
    {PINGONE, "user_gecos", "/name/formatted"},

    {CSV, "user_id", "id"},
    {CSV, "user_email", "email"},
    {CSV, "user_name", "name"},
    {CSV, "user_gecos", "gecos"},
    {CSV, "user_uid", "uid"},
    {CSV, "user_home", "home"},
    {CSV, "user_shell", "shell"},
    {CSV, "user_groups", "groups"},
};
/* clang-format on */

/* It becomes part of JSON pointers, with :User or :Group behind it. */
static enum extauth_err
implied_check_schema(const struct config_check *check)
{
	const char *schema = check->source->posix_schema;
	size_t length = strlen(schema);

	if ((check->traits & POSIX) == 0 || (check->traits & SCIM) == 0)
		return EXTAUTH_OK;
	if (strncmp(schema, "urn:", 4) != 0 ||
	    schema[strcspn(schema, "/~ \"{}")] != '\0' ||
	    schema[length - 1] == ':')
		return config_check_fail(check, "posix_schema",
		    "must be a URN, as urn:example:posix");
	if (strcmp(schema + length - 5, ":User") == 0 ||
	    (length > 6 && strcmp(schema + length - 6, ":Group") == 0))
		return config_check_fail(check, "posix_schema",
		    "is the part in front of :User and :Group");
	return EXTAUTH_OK;
}

/* What paths are put behind is one address; a scim one may hold placeholders.
 */
static enum extauth_err
implied_check_url(const struct config_check *check)
{
	struct template *url = &check->provider->url;
	struct template_part *last;

	if ((check->traits & (OKTA | ENTRA | PINGONE)) != 0)
		return config_check_base(check, (check->traits & OKTA) != 0);
	if ((check->traits & SCIM) == 0 || url->part_count == 0)
		return EXTAUTH_OK;
	last = &url->parts[url->part_count - 1];
	if (last->is_literal) {
		config_trim_url(last->text);
		last->length = strlen(last->text);
	}
	return EXTAUTH_OK;
}

/* Where HTTP Basic is spoken, the one secret of the way is the password. */
static enum extauth_err
implied_share_password(const struct config_check *check)
{
	char *copy;

	if (*check->source->password_file == '\0' ||
	    *check->provider->api_token_file != '\0')
		return EXTAUTH_OK;
	copy = strdup(check->source->password_file);
	if (copy == NULL)
		return EXTAUTH_NOMEM;
	free(check->provider->api_token_file);
	check->provider->api_token_file = copy;
	return EXTAUTH_OK;
}

enum extauth_err
config_imply_source(const struct config_check *check)
{
	struct config_provider *access = check->provider;
	enum extauth_err err = implied_check_url(check);

	if (err == EXTAUTH_OK)
		err = implied_check_schema(check);
	if (err == EXTAUTH_OK)
		err = config_imply_rows(
		    check, implied, sizeof(implied) / sizeof(implied[0]));
	if (err == EXTAUTH_OK)
		err = config_imply_secret(
		    check, "token_file", &access->api_token_file);
	if (err == EXTAUTH_OK)
		err = config_imply_secret(
		    check, "password_file", &check->source->password_file);
	if (err == EXTAUTH_OK)
		err = config_imply_secret(
		    check, "client_secret_file", &access->client_secret_file);
	return err == EXTAUTH_OK ? implied_share_password(check) : err;
}

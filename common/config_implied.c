/* SPDX-License-Identifier: MIT */
/* What follows for a key that is not written.
 * Does not know: what a provider must have; that is config_demand.c. */
#include <stdlib.h>
#include <string.h>

#include "config_check.h"
#include "identity.h"

#define OAUTH2 CONFIG_ON_OAUTH2
#define ENTRA CONFIG_ON_ENTRA
#define TOKEN CONFIG_ON_OKTA_TOKEN
#define PINGONE CONFIG_ON_PINGONE
#define PINGFEDERATE CONFIG_ON_PINGFEDERATE
#define DEVICE CONFIG_ON_DEVICE
#define SECRET CONFIG_HAS_SECRET
#define SERVER CONFIG_HAS_SERVER

/* clang-format off */
static const struct config_implied implied[] = {
    {CONFIG_ON_BASIC, "method", "GET"},
    {CONFIG_ON_BASIC, "http_auth", "basic"},

    {0, "client_auth", "none"},
    {SECRET, "client_auth", "basic"},

    {OAUTH2, "scope", "openid email"},
    {OAUTH2, "identity", "/email"},
    {OAUTH2 | CONFIG_BY_NAME, "scope", "openid profile"},
    {OAUTH2 | CONFIG_BY_NAME, "identity", "/preferred_username"},
    {OAUTH2 | CONFIG_BY_ID, "identity", "/sub"},

    {ENTRA, "url", "https://login.microsoftonline.com"},
    {ENTRA, "token_url", "{url}/{tenant}/oauth2/v2.0/token"},
    {ENTRA | DEVICE, "device_authorization_url",
	"{url}/{tenant}/oauth2/v2.0/devicecode"},
    {ENTRA | CONFIG_HAS_TENANT, "issuer", "{url}/{tenant}/v2.0"},
    {ENTRA, "scope", "openid profile email"},
    {ENTRA, "identity", "/preferred_username"},
    {ENTRA | CONFIG_BY_ID, "identity", "/oid"},
    {ENTRA, "identity_external_id", "/oid"},
    {ENTRA | SECRET, "client_auth", "post"},

    {TOKEN, "token_url", "{url}/oauth2/v1/token"},
    {TOKEN, "issuer", "{url}"},
    {TOKEN | SERVER, "token_url",
	"{url}/oauth2/{authorization_server}/v1/token"},
    {TOKEN | SERVER, "issuer", "{url}/oauth2/{authorization_server}"},
    {TOKEN, "scope", "openid profile"},
    {TOKEN, "identity", "/preferred_username"},
    {TOKEN | CONFIG_BY_ID, "identity", "/sub"},
    {TOKEN, "identity_external_id", "/sub"},

    {PINGONE, "url", "https://api.pingone.{region}/v1"},
    {PINGONE, "auth_url", "https://auth.pingone.{region}"},
    {PINGONE, "token_url", "{auth_url}/{environment}/as/token"},

    {PINGFEDERATE, "token_url", "{url}/as/token.oauth2"},
    {PINGFEDERATE, "userinfo_url", "{url}/idp/userinfo.openid"},
    {PINGFEDERATE, "introspection_url", "{url}/as/introspect.oauth2"},
    {PINGFEDERATE | DEVICE, "device_authorization_url",
	"{url}/as/device_authz.oauth2"},
    {PINGFEDERATE, "scope", "openid"},
    {PINGFEDERATE, "identity", "/sub"},

    {CONFIG_BY_SQL, "login_by", "query"},
    {CONFIG_BY_IIS, "http_auth", "ntlm"},
};
/* clang-format on */

#define LENGTH(rows) (sizeof(rows) / sizeof((rows)[0]))
#define TEXT_MAX_BYTES 2048

/* The text of a key that is named in a row. */
static const char *
implied_value(const struct config_check *check, const char *name, size_t length)
{
	char key[CONFIG_NAME_MAX_BYTES + 1] = "";
	const struct config_key *found;
	const void *member;
	char *const *text;

	memcpy(key, name, length < sizeof(key) ? length : sizeof(key) - 1);
	if (strcmp(key, "url") == 0)
		return config_provider_base(check->provider);
	found = config_find_key(check->kind, key);
	member = (const char *)check->filled + found->rule->offset;
	text = member;
	return *text;
}

static enum extauth_err
implied_expand(
    const struct config_check *check, const char *text, struct buffer *buffer)
{
	enum extauth_err err = EXTAUTH_OK;

	while (*text != '\0' && err == EXTAUTH_OK) {
		size_t length = strcspn(text, "{");

		err = buffer_append(buffer, text, length);
		text += length;
		if (err != EXTAUTH_OK || *text == '\0')
			return err;
		length = strcspn(++text, "}");
		err = buffer_append_text(
		    buffer, implied_value(check, text, length));
		text += length + 1;
	}
	return err;
}

/* A value that comes out wrong is that of a key it is made of. */
static enum extauth_err
implied_set(const struct config_check *check, const struct config_implied *row)
{
	const struct config_key *key = config_find_key(check->kind, row->key);
	cleanup_buffer struct buffer text = buffer_make(TEXT_MAX_BYTES);
	enum extauth_err err = implied_expand(check, row->text, &text);

	if (err == EXTAUTH_TOOBIG)
		return config_check_fail(check, row->key, "is too long");
	if (err == EXTAUTH_OK)
		err = config_value_set(
		    key, check->filled, buffer_text(&text), check->error);
	return err == EXTAUTH_CONFIG
	    ? config_check_fail(check, row->key, check->error->text)
	    : err;
}

void
config_trim_url(char *url)
{
	size_t length = strlen(url);

	while (length > 0 && url[length - 1] == '/')
		url[--length] = '\0';
}

enum extauth_err
config_check_base(const struct config_check *check, bool is_organisation)
{
	struct template *url = &check->provider->url;
	char *text;

	if (url->part_count == 0)
		return EXTAUTH_OK;
	if (url->part_count > 1 || !url->parts[0].is_literal)
		return config_check_fail(
		    check, "url", "no placeholder can be part of this URL");
	text = url->parts[0].text;
	if (strchr(text, '?') != NULL)
		return config_check_fail(
		    check, "url", "is an address that takes no query");
	config_trim_url(text);
	url->parts[0].length = strlen(text);
	if (is_organisation && strchr(strstr(text, "//") + 2, '/') != NULL)
		return config_check_fail(check, "url",
		    "is the organisation's address without a path, as "
		    "https://example.okta.com");
	return EXTAUTH_OK;
}

enum extauth_err
config_imply_secret(
    const struct config_check *check, const char *key, char **member)
{
	cleanup_buffer struct buffer path = buffer_make(TEXT_MAX_BYTES);
	enum extauth_err err;
	char *copy;

	if (**member == '\0' || **member == '/')
		return EXTAUTH_OK;
	err = config_secret_path(check->config, *member, &path, check->error);
	if (err == EXTAUTH_CONFIG)
		return config_check_fail(check, key, check->error->text);
	if (err != EXTAUTH_OK)
		return err;
	copy = strdup(buffer_text(&path));
	if (copy == NULL)
		return EXTAUTH_NOMEM;
	free(*member);
	*member = copy;
	return EXTAUTH_OK;
}

/* A token that is fetched and put nowhere by hand is a bearer token. */
static enum extauth_err
implied_bearer(const struct config_check *check)
{
	struct config_headers *headers = &check->provider->headers;
	size_t nth;

	if ((check->traits & CONFIG_ON_CLIENT_CREDENTIALS) == 0 ||
	    check->provider->http_auth != CONFIG_AUTH_NONE)
		return EXTAUTH_OK;
	for (nth = 0; nth < headers->count; nth++)
		if (config_header_is(&headers->items[nth], "Authorization"))
			return EXTAUTH_OK;
	return config_header_add(headers,
	    "Authorization: Bearer {{CONNECTION:/access_token}}", check->error);
}

enum extauth_err
config_imply_rows(const struct config_check *check,
    const struct config_implied *rows, size_t count)
{
	enum extauth_err err = EXTAUTH_OK;

	for (; count > 0 && err == EXTAUTH_OK; count--, rows++) {
		if ((rows->traits & check->traits) == rows->traits &&
		    config_check_written(check, rows->key) == NULL)
			err = implied_set(check, rows);
	}
	return err;
}

enum extauth_err
config_imply(const struct config_check *check)
{
	struct config_provider *provider = check->provider;
	enum extauth_err err = EXTAUTH_OK;

	/* where a machine makes the requests, `url` is one address */
	if ((check->traits & (CONFIG_ON_REST | CONFIG_ON_BASIC)) == 0)
		err = config_check_base(
		    check, (check->traits & CONFIG_ON_OKTA) != 0);
	config_trim_url(provider->auth_url);
	/* Microsoft writes the ids of directories in lower case, and the issuer
	 * of a token is compared letter by letter. */
	if ((check->traits & CONFIG_HAS_TENANT) != 0)
		identity_fold(provider->tenant);
	if (err == EXTAUTH_OK)
		err = config_imply_rows(check, implied, LENGTH(implied));
	if (err == EXTAUTH_OK)
		err = config_imply_secret(
		    check, "client_secret_file", &provider->client_secret_file);
	if (err == EXTAUTH_OK)
		err = config_imply_secret(
		    check, "api_token_file", &provider->api_token_file);
	return err == EXTAUTH_OK ? implied_bearer(check) : err;
}

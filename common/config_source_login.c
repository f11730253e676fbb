/* SPDX-License-Identifier: MIT */
/* How a source is known where it asks: a token, HTTP Basic, client credentials,
 * or a header.
 * Does not know: what it asks. */
#include <stdio.h>
#include <string.h>

#include "config_check.h"
#include "identity.h"

#define LENGTH(rows) (sizeof(rows) / sizeof((rows)[0]))

static bool
login_has_header(const struct config_provider *access)
{
	size_t nth;

	for (nth = 0; nth < access->headers.count; nth++)
		if (config_header_is(
			&access->headers.items[nth], "Authorization"))
			return true;
	return false;
}

static enum extauth_err
login_check_one(const struct config_check *check)
{
	const struct config_provider *access = check->provider;
	const struct {
		const char *key;
		bool is_there;
	} ways[] = {
	    {"token_file", *access->api_token_file != '\0'},
	    {"username", *check->source->username != '\0'},
	    {"client_id", *access->client_id != '\0'},
	    {"header", login_has_header(access)},
	};
	const char *first = NULL;
	char reason[96];
	size_t index;

	for (index = 0; index < LENGTH(ways); index++) {
		if (!ways[index].is_there)
			continue;
		if (first == NULL) {
			first = ways[index].key;
			continue;
		}
		(void)snprintf(reason, sizeof(reason),
		    error_translated("is a second Authorization beside %s: "
				     "remove one of the two"),
		    first);
		return config_check_fail(check, ways[index].key, reason);
	}
	return EXTAUTH_OK;
}

static enum extauth_err
login_check_basic(const struct config_check *check)
{
	bool has_name = *check->source->username != '\0';
	bool has_password = *check->source->password_file != '\0';

	if (has_name && !has_password)
		return config_check_fail(check, "username",
		    "needs password_file: `extauthctl secret set NAME` stores "
		    "the password");
	if (has_password && !has_name)
		return config_check_fail(
		    check, "password_file", "needs username as well");
	/* RFC 7617 2 */
	if (strchr(check->source->username, ':') != NULL)
		return config_check_fail(check, "username",
		    "cannot hold a colon: HTTP Basic ends the name there");
	return EXTAUTH_OK;
}

static enum extauth_err
login_check_client(const struct config_check *check)
{
	static const char *const keys[] = {
	    "token_url", "client_secret_file", "client_auth", "scope"};
	size_t index;

	if ((check->traits & CONFIG_SOURCE_HAS_CLIENT) != 0)
		return check->provider->client_auth == CONFIG_CLIENT_NONE
		    ? config_check_fail(check, "client_auth",
			  "without a secret there is no token for this "
			  "client: basic, basic_raw or post")
		    : EXTAUTH_OK;
	for (index = 0; index < LENGTH(keys); index++)
		if (config_check_is_set(
			check, config_find_key("source", keys[index])))
			return config_check_fail(
			    check, keys[index], "needs client_id as well");
	return EXTAUTH_OK;
}

/* A token for this client alone is one directory's. */
static enum extauth_err
login_check_tenant(const struct config_check *check)
{
	static const char *const refused[] = {
	    "common", "consumers", "organizations"};
	size_t index;

	for (index = 0; index < LENGTH(refused); index++)
		if (identity_equal(check->provider->tenant, refused[index]))
			return config_check_fail(check, "tenant",
			    "is no directory of yours: write the id of the "
			    "directory, or its domain");
	return EXTAUTH_OK;
}

enum extauth_err
config_check_source_login(const struct config_check *check)
{
	enum extauth_err err = login_check_one(check);

	if (err == EXTAUTH_OK)
		err = login_check_basic(check);
	if (err == EXTAUTH_OK)
		err = login_check_client(check);
	return err == EXTAUTH_OK ? login_check_tenant(check) : err;
}

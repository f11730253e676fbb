/* SPDX-License-Identifier: MIT */
/* What a provider must have, by what it is.
 * Does not know: what follows for a key that is not written; that is
 * config_implied.c. */
#include <stdio.h>
#include <string.h>

#include "config_check.h"
#include "identity.h"

#define REST (CONFIG_ON_REST | CONFIG_ON_BASIC)
#define GRANT CONFIG_ON_GRANT
#define NAMES (GRANT | CONFIG_ON_OKTA_AUTHN | CONFIG_ON_APTIFY)
#define LENGTH(rows) (sizeof(rows) / sizeof((rows)[0]))
#define NO_SECRET                                                              \
	N_("is missing: `extauthctl secret set NAME` stores the secret; "      \
	   "write its NAME here")

/* clang-format off */
static const struct config_need needs[] = {
    {REST, "url", N_("is missing")},
    {CONFIG_ON_OKTA, "url",
	N_("is missing: the organisation's address, as "
	"https://example.okta.com")},
    {CONFIG_ON_PINGFEDERATE, "url",
	N_("is missing: the server's address, as "
	"https://sso.example.com:9031")},
    {CONFIG_ON_APTIFY, "url",
	N_("is missing: the address of the services, as "
	"https://host/AptifyServicesAPI/services")},
    {CONFIG_ON_REQUEST, "connection_url",
	N_("is missing: connection = request asks it first")},
    {CONFIG_ON_CLIENT_CREDENTIALS, "token_url",
	N_("is missing: where the client gets its token")},
    {CONFIG_ON_CLIENT, "client_id",
	N_("is missing: the id under which this client is registered there")},
    {CONFIG_ON_PINGONE, "client_secret_file", NO_SECRET},
    {NAMES, "username", N_("is empty, and nothing would say who logs in")},
    {CONFIG_ON_ENTRA, "tenant",
	N_("is missing: the id of the directory, or its domain")},
    {CONFIG_ON_PINGONE, "environment",
	N_("is missing: the id of the environment")},
    {CONFIG_ON_PINGONE, "region", N_("is missing: com, eu, asia, ca, com.au")},
    {CONFIG_ON_APTIFY, "login_provider",
	N_("is missing: Web, SQL, Domain, IIS or as the server calls it")},
    {CONFIG_ON_APTIFY, "username_field", N_("is missing")},
    {CONFIG_ON_APTIFY, "password_field", N_("is missing")},
    {CONFIG_ON_APTIFY, "login_path", N_("is missing")},
};
/* clang-format on */

static bool
demand_is_empty(const struct config_check *check, const char *name)
{
	const struct config_key *key = config_find_key(check->kind, name);
	const void *member = (const char *)check->filled + key->rule->offset;
	const struct template *template = member;
	char *const *text = member;

	return key->rule->type == CONFIG_URL ||
		key->rule->type == CONFIG_USERNAME
	    ? template->part_count == 0
	    : **text == '\0';
}

enum extauth_err
config_check_needed(const struct config_check *check,
    const struct config_need *rows, size_t count)
{
	size_t index;

	for (index = 0; index < count; index++) {
		if ((rows[index].traits & check->traits) != 0 &&
		    demand_is_empty(check, rows[index].key))
			return config_check_fail(
			    check, rows[index].key, rows[index].reason);
	}
	return EXTAUTH_OK;
}

enum extauth_err
config_check_needs(const struct config_check *check)
{
	return config_check_needed(check, needs, LENGTH(needs));
}

static enum extauth_err
demand_client(const struct config_check *check)
{
	bool has_secret = *check->provider->client_secret_file != '\0';
	bool is_none = check->provider->client_auth == CONFIG_CLIENT_NONE;

	if ((check->traits & CONFIG_ON_CLIENT) == 0 || has_secret != is_none)
		return EXTAUTH_OK;
	if (has_secret)
		return config_check_fail(check, "client_auth",
		    "does not send the secret of client_secret_file: remove "
		    "one of the two");
	return config_check_fail(
	    check, "client_auth", "needs client_secret_file");
}

/* A client of its own right proves itself; without a word about it the secret
 * was forgotten. */
static enum extauth_err
demand_secret(const struct config_check *check)
{
	if ((check->traits & CONFIG_ON_CLIENT_CREDENTIALS) == 0 ||
	    *check->provider->client_secret_file != '\0' ||
	    config_check_written(check, "client_auth") != NULL)
		return EXTAUTH_OK;
	return config_check_fail(check, "client_secret_file", NO_SECRET);
}

static enum extauth_err
demand_tenant(const struct config_check *check)
{
	const char *tenant = check->provider->tenant;

	if (!identity_equal(tenant, "common") &&
	    !identity_equal(tenant, "consumers"))
		return EXTAUTH_OK;
	return config_check_fail(check, "tenant",
	    "is no directory of yours, and takes no password: write the id of "
	    "the directory, or its domain");
}

/* Tells whether endpoints are looked up at the issuer. */
static bool
demand_discovers(const struct config_check *check)
{
	const struct config_provider *provider = check->provider;

	return (check->traits & CONFIG_ON_OAUTH2) != 0 &&
	    *provider->issuer != '\0' &&
	    (*provider->token_url == '\0' ||
		((check->traits & CONFIG_ON_DEVICE) != 0 &&
		    *provider->device_authorization_url == '\0'));
}

static enum extauth_err
demand_endpoints(const struct config_check *check)
{
	const struct config_provider *provider = check->provider;
	bool is_device = (check->traits & CONFIG_ON_DEVICE) != 0;

	if ((check->traits & GRANT) == 0 || demand_discovers(check))
		return EXTAUTH_OK;
	if (*provider->token_url == '\0')
		return config_check_fail(check, "issuer",
		    "is missing: write issuer = https://..., or token_url = "
		    "https://...");
	if (is_device && *provider->device_authorization_url == '\0')
		return config_check_fail(check, "device_authorization_url",
		    "is missing: grant = device needs it, or issuer");
	return EXTAUTH_OK;
}

static bool
demand_has_word(const char *words, const char *word)
{
	size_t length = strlen(word);

	while (*words != '\0') {
		size_t found = strcspn(words, " ");

		if (found == length && strncmp(words, word, length) == 0)
			return true;
		words += found;
		words += strspn(words, " ");
	}
	return false;
}

/* Where the endpoints are known, so is whether one tells whose token it is. */
static enum extauth_err
demand_teller(const struct config_check *check)
{
	const struct config_provider *provider = check->provider;
	bool has_userinfo = *provider->userinfo_url != '\0';
	bool has_introspection = *provider->introspection_url != '\0';

	switch (provider->identity_from) {
	case CONFIG_FROM_USERINFO:
		return has_userinfo ? EXTAUTH_OK
				    : config_check_fail(check, "identity_from",
					  "needs userinfo_url");
	case CONFIG_FROM_INTROSPECTION:
		return has_introspection
		    ? EXTAUTH_OK
		    : config_check_fail(
			  check, "identity_from", "needs introspection_url");
	case CONFIG_FROM_AUTO:
		if (has_userinfo || has_introspection ||
		    demand_has_word(provider->scope, "openid"))
			return EXTAUTH_OK;
		return config_check_fail(check, "scope",
		    "nothing would say whose token it is: put openid into it, "
		    "or write userinfo_url or introspection_url");
	case CONFIG_FROM_ID_TOKEN:
	case CONFIG_FROM_NOWHERE:
		break;
	}
	return EXTAUTH_OK;
}

static enum extauth_err
demand_identity(const struct config_check *check)
{
	const struct config_provider *provider = check->provider;
	bool is_device = (check->traits & CONFIG_ON_DEVICE) != 0;
	bool is_entra = (check->traits & CONFIG_ON_ENTRA) != 0;

	if ((check->traits & GRANT) == 0)
		return EXTAUTH_OK;
	if (provider->identity_from == CONFIG_FROM_NOWHERE)
		return is_device ? config_check_fail(check, "identity_from",
				       "grant = device would let in whoever "
				       "approves")
				 : EXTAUTH_OK;
	if (*provider->identity == '\0')
		return config_check_fail(check, "identity",
		    "is empty, and anybody's token would do");
	if (is_entra &&
	    (provider->identity_from == CONFIG_FROM_USERINFO ||
		provider->identity_from == CONFIG_FROM_INTROSPECTION))
		return config_check_fail(check, "identity_from",
		    "type entra says it in the id_token");
	return demand_discovers(check) ? EXTAUTH_OK : demand_teller(check);
}

static enum extauth_err
demand_identity_is(const struct config_check *check)
{
	if ((check->traits & CONFIG_BY_ID) == 0 ||
	    (check->traits &
		(CONFIG_ON_PINGONE | CONFIG_ON_APTIFY |
		    CONFIG_ON_OKTA_AUTHN)) == 0)
		return EXTAUTH_OK;
	return config_check_fail(check, "identity_is",
	    "must be email or name here; the external id of a record is "
	    "compared anyway");
}

/* Refuses what cannot be a part of a name or field that is sent. */
static enum extauth_err
demand_without(const struct template *template, bool takes_secret,
    struct extauth_error *error)
{
	static const enum placeholder refused[] = {PLACEHOLDER_USERPASSWORD,
	    PLACEHOLDER_CONNECTION, PLACEHOLDER_SECRET};
	size_t index;

	for (index = 0; index < LENGTH(refused); index++) {
		if (!template_uses(template, refused[index]) ||
		    (takes_secret && refused[index] == PLACEHOLDER_SECRET))
			continue;
		return error_set(error, EXTAUTH_CONFIG,
		    "{{%s}} cannot be part of it",
		    placeholder_name(refused[index]));
	}
	return EXTAUTH_OK;
}

static enum extauth_err
demand_username(const struct config_check *check)
{
	const struct template *username = &check->provider->username;

	if ((check->traits & NAMES) == 0)
		return EXTAUTH_OK;
	if (demand_without(username, false, check->error) != EXTAUTH_OK)
		return config_check_fail(check, "username", check->error->text);
	if (template_names_person(username, NULL))
		return EXTAUTH_OK;
	return config_check_fail(check, "username",
	    "is the same for everybody: put {{USEREMAIL}}, {{USERNAME}}, "
	    "{{USERID}} or {{USEREXTERNALID}} into it");
}

/* A field that stands twice may count as its last: the request would then be
 * about somebody else, or about nobody's password. */
static enum extauth_err
demand_field_name(const struct config_check *check, const char *name)
{
	static const char *const granted[] = {
	    "grant_type", "username", "password", "client_id", "client_secret"};
	const struct config_provider *provider = check->provider;
	bool is_made = (check->traits & CONFIG_ON_APTIFY) != 0 &&
	    (identity_equal(name, provider->username_field) ||
		identity_equal(name, provider->password_field));
	size_t index;

	for (index = 0; index < LENGTH(granted); index++)
		if ((check->traits & GRANT) != 0 &&
		    identity_equal(name, granted[index]))
			is_made = true;
	return is_made ? error_set(check->error, EXTAUTH_CONFIG,
			     "%s comes from its own key", name)
		       : EXTAUTH_OK;
}

static enum extauth_err
demand_fields(const struct config_check *check)
{
	const struct config_headers *fields = &check->provider->fields;
	size_t nth;

	for (nth = 0; nth < fields->count; nth++) {
		if (demand_field_name(check, fields->items[nth].name) !=
			EXTAUTH_OK ||
		    demand_without(&fields->items[nth].value, true,
			check->error) != EXTAUTH_OK)
			return config_error_at(check->error,
			    config_origin(
				check->config, check->section, "field", nth),
			    check->error->text);
	}
	return EXTAUTH_OK;
}

static enum extauth_err
demand_path(const struct config_check *check, const char *key, const char *path)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789._~-/";

	if (path[strspn(path, allowed)] == '\0' && *path != '/' &&
	    strstr(path, "..") == NULL)
		return EXTAUTH_OK;
	return config_check_fail(check, key,
	    "must be a path below url that does not begin with a slash");
}

static enum extauth_err
demand_aptify_login(const struct config_check *check)
{
	const struct config_provider *provider = check->provider;

	if (provider->http_auth == CONFIG_AUTH_BASIC)
		return config_check_fail(
		    check, "http_auth", "type aptify knows none and ntlm");
	if (provider->http_auth == CONFIG_AUTH_NTLM)
		return EXTAUTH_OK;
	if ((check->traits & CONFIG_BY_IIS) != 0)
		return config_check_fail(check, "http_auth",
		    "login_provider = IIS takes a password by ntlm alone");
	if (provider->login_by != CONFIG_LOGIN_QUERY)
		return EXTAUTH_OK;
	if (!provider->allow_password_in_url)
		return config_check_fail(check, "login_by",
		    "query, the default of login_provider = SQL, puts the "
		    "password into the URL, which ends up in the logs of "
		    "servers; it needs allow_password_in_url = yes");
	return config_check_warn(check, "login_by",
	    "the password is part of the URL, which servers and proxies "
	    "write to their logs");
}

static enum extauth_err
demand_aptify(const struct config_check *check)
{
	const struct config_provider *provider = check->provider;
	enum extauth_err err;

	if ((check->traits & CONFIG_ON_APTIFY) == 0)
		return EXTAUTH_OK;
	err = demand_path(check, "login_path", provider->login_path);
	if (err == EXTAUTH_OK)
		err = demand_path(check, "user_information_path",
		    provider->user_information_path);
	if (err == EXTAUTH_OK)
		err = demand_path(check, "logout_path", provider->logout_path);
	return err == EXTAUTH_OK ? demand_aptify_login(check) : err;
}

enum extauth_err
config_check_demands(const struct config_check *check)
{
	static config_check_rule *const rules[] = {
	    demand_secret,
	    demand_client,
	    demand_tenant,
	    demand_endpoints,
	    demand_identity,
	    demand_identity_is,
	    demand_username,
	    demand_fields,
	    demand_aptify,
	};

	return config_check_rules(check, rules, LENGTH(rules));
}

/* SPDX-License-Identifier: MIT */
/* The types of providers, and which keys are of use to whom.
 * Does not know: what a type implies and demands. */
#include <stdio.h>
#include <string.h>

#include "config_check.h"
#include "identity.h"

static const struct config_provider_type types[] = {
    {"rest", CONFIG_ON_REST, false, false},
    {"basic", CONFIG_ON_BASIC, false, false},
    {"oauth2", CONFIG_ON_OAUTH2, false, false},
    {"okta", CONFIG_ON_OKTA, true, true},
    {"entra", CONFIG_ON_ENTRA, false, false},
    {"pingone", CONFIG_ON_PINGONE, true, false},
    {"pingfederate", CONFIG_ON_PINGFEDERATE, false, false},
    {"aptify", CONFIG_ON_APTIFY, false, false},
};

const struct config_provider_type *
config_find_type(const char *name)
{
	size_t index;

	for (index = 0; index < sizeof(types) / sizeof(types[0]); index++) {
		if (strcmp(types[index].name, name) == 0)
			return &types[index];
	}
	return NULL;
}

enum extauth_err
config_unknown_type(const char *name, struct extauth_error *error)
{
	const char *names[sizeof(types) / sizeof(types[0]) + 1] = {NULL};
	size_t index;

	for (index = 0; index < sizeof(types) / sizeof(types[0]); index++)
		names[index] = types[index].name;
	return config_unknown_word(names, name, error);
}

enum extauth_err
config_unknown_word(
    const char *const *names, const char *name, struct extauth_error *error)
{
	const char *nearest = *name != '\0' ? ini_suggest(name, names) : NULL;
	char known[128] = "";
	size_t index;

	for (index = 0; names[index] != NULL; index++) {
		size_t used = strlen(known);

		(void)snprintf(known + used, sizeof(known) - used, "%s%s",
		    index > 0 ? ", " : "", names[index]);
	}
	if (nearest != NULL)
		return error_set(error, EXTAUTH_CONFIG,
		    "unknown type (did you mean \"%s\"?); known are %s",
		    nearest, known);
	if (*name != '\0')
		return error_set(
		    error, EXTAUTH_CONFIG, "unknown type; known are %s", known);
	return error_set(
	    error, EXTAUTH_CONFIG, "is missing; known are %s", known);
}

/* By bit of enum config_trait, as far as keys belong to it. */
static const char *const trait_names[] = {
    "rest",
    "basic",
    "oauth2",
    "okta",
    "entra",
    "pingone",
    "pingfederate",
    "aptify",
    N_("okta with okta_api = authn"),
    N_("okta with okta_api = token"),
    N_("rest with connection = oauth2_client_credentials"),
    N_("rest with connection = request"),
    "grant = device",
};

static bool
type_is_digits(const char *text, size_t length)
{
	return strspn(text, "0123456789abcdefABCDEF") >= length;
}

bool
config_is_uuid(const char *text)
{
	static const unsigned char groups[] = {8, 4, 4, 4, 12};
	size_t at;

	for (at = 0; at < sizeof(groups); at++) {
		if (!type_is_digits(text, groups[at]))
			return false;
		text += groups[at];
		if (*text != (at + 1 < sizeof(groups) ? '-' : '\0'))
			return false;
		text++;
	}
	return true;
}

static unsigned
type_traits_of_words(const struct config_provider *provider, unsigned traits)
{
	if ((traits & CONFIG_ON_OKTA) != 0)
		traits |= provider->okta_api == CONFIG_OKTA_TOKEN
		    ? CONFIG_ON_OKTA_TOKEN
		    : CONFIG_ON_OKTA_AUTHN;
	if (provider->connection == CONFIG_CONNECTION_CLIENT_CREDENTIALS)
		traits |= CONFIG_ON_CLIENT_CREDENTIALS;
	if (provider->connection == CONFIG_CONNECTION_REQUEST)
		traits |= CONFIG_ON_REQUEST;
	if (provider->grant == CONFIG_GRANT_DEVICE)
		traits |= CONFIG_ON_DEVICE;
	if (provider->identity_is == CONFIG_IS_NAME)
		traits |= CONFIG_BY_NAME;
	if (provider->identity_is == CONFIG_IS_EXTERNAL_ID)
		traits |= CONFIG_BY_ID;
	return traits;
}

unsigned
config_traits(const struct config_provider *provider)
{
	const struct config_provider_type *type =
	    config_find_type(provider->type);
	unsigned traits = type_traits_of_words(
	    provider, type != NULL ? (unsigned)type->trait : 0);

	if (*provider->client_secret_file != '\0')
		traits |= CONFIG_HAS_SECRET;
	if (*provider->authorization_server != '\0')
		traits |= CONFIG_HAS_SERVER;
	if (config_is_uuid(provider->tenant))
		traits |= CONFIG_HAS_TENANT;
	if (identity_equal(provider->login_provider, "IIS"))
		traits |= CONFIG_BY_IIS;
	if (identity_equal(provider->login_provider, "SQL"))
		traits |= CONFIG_BY_SQL;
	return traits;
}

static enum extauth_err
type_refuse_key(const struct config_check *check, const struct config_key *key,
    const char *const *names, size_t count)
{
	char reason[EXTAUTH_ERROR_TEXT_BYTES / 2];
	bool is_url = strcmp(key->name, "url") == 0;
	size_t bit;
	bool is_first = true;
	size_t used;

	(void)snprintf(reason, sizeof(reason), "%s",
	    error_translated("is of no use here; it belongs to "));
	used = strlen(reason);
	for (bit = 0; bit < count; bit++) {
		int length;

		if ((key->rule->traits & (1U << bit)) == 0)
			continue;
		length = snprintf(reason + used, sizeof(reason) - used, "%s%s",
		    is_first ? "" : ", ", error_translated(names[bit]));
		if (length < 0 || (size_t)length >= sizeof(reason) - used)
			break;
		used += (size_t)length;
		is_first = false;
	}
	/* Of all types, oauth2 of a provider alone has no url. */
	return config_check_fail(check, key->name,
	    is_url ? "is of no use here: write issuer = https://..., or "
		     "token_url = https://..."
		   : reason);
}

enum extauth_err
config_check_use(
    const struct config_check *check, const char *const *names, size_t count)
{
	size_t rest;
	const struct config_key *key = config_keys(&rest);

	for (; rest > 0; rest--, key++) {
		if (strcmp(key->section, check->kind) == 0 &&
		    config_check_written(check, key->name) != NULL &&
		    key->rule->traits != 0 &&
		    (key->rule->traits & check->traits) == 0)
			return type_refuse_key(check, key, names, count);
	}
	return EXTAUTH_OK;
}

enum extauth_err
config_check_keys(const struct config_check *check)
{
	return config_check_use(
	    check, trait_names, sizeof(trait_names) / sizeof(char *));
}

bool
config_key_is_of_use(
    const struct config_key *key, const struct config_provider *provider)
{
	return strcmp(key->section, "provider") != 0 ||
	    key->rule->traits == 0 ||
	    (key->rule->traits & config_traits(provider)) != 0;
}

const char *
config_key_implied(
    const struct config_key *key, const struct config_provider *provider)
{
	if (strcmp(key->section, "provider") != 0)
		return key->default_text;
	return config_key_text(key, provider, config_provider_base(provider));
}

const char *
config_key_text(
    const struct config_key *key, const void *filled, const char *url)
{
	const void *member = (const char *)filled + key->rule->offset;
	const unsigned *word = member;
	char *const *text = member;

	switch (key->rule->type) {
	case CONFIG_WORD:
		return key->rule->words[*word];
	case CONFIG_TEXT:
	case CONFIG_POINTER:
	case CONFIG_ENDPOINT:
	case CONFIG_ATTRIBUTE:
	case CONFIG_NEXT:
		return *text;
	case CONFIG_URL:
		return strcmp(key->name, "url") == 0 ? url : key->default_text;
	case CONFIG_MESSAGE:
	case CONFIG_FILE:
	case CONFIG_SHELL:
	case CONFIG_IP:
	case CONFIG_PROXY:
	case CONFIG_SECRET_FILE:
	case CONFIG_SEGMENT:
	case CONFIG_VARIABLE:
	case CONFIG_TYPE:
	case CONFIG_BOOL:
	case CONFIG_NUMBER:
	case CONFIG_DURATION:
	case CONFIG_UID_RANGE:
	case CONFIG_HOME:
	case CONFIG_BODY:
	case CONFIG_CONNECTION_BODY:
	case CONFIG_USERNAME:
	case CONFIG_DOMAINS:
	case CONFIG_NAMES:
	case CONFIG_SERVICES:
	case CONFIG_STATUSES:
	case CONFIG_HEADER:
	case CONFIG_FIELD:
	case CONFIG_CONDITIONS:
	case CONFIG_PINS:
	case CONFIG_LINES:
	case CONFIG_SOURCE_TYPE:
		break;
	}
	return key->default_text;
}

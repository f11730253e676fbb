/* SPDX-License-Identifier: MIT */
#include "setup_fact_table.h"

#include <stdio.h>
#include <string.h>

#include "translate.h"

enum {
	REST = 1 << 0,
	BASIC = 1 << 1,
	OAUTH2 = 1 << 2,
	OKTA = 1 << 3,
	ENTRA = 1 << 4,
	PINGONE = 1 << 5,
	PINGFEDERATE = 1 << 6,
	APTIFY = 1 << 7,
};

static const struct type {
	const char *name;
	const char *summary;
	enum setup_secret secret;
	bool asks; /* a second factor */
} types[] = {
    {"rest", N_("any web service: e-mail and password as JSON"), SECRET_NONE,
	false},
    {"basic", N_("any page behind HTTP Basic"), SECRET_NONE, false},
    {"oauth2", N_("OAuth 2.0, OpenID Connect (Keycloak, ...)"), SECRET_NEEDED,
	false},
    {"okta", N_("Okta"), SECRET_NONE, true},
    {"entra", N_("Microsoft Entra ID"), SECRET_OPTIONAL, false},
    {"pingone", N_("PingOne"), SECRET_NEEDED, false},
    {"pingfederate", N_("PingFederate"), SECRET_NEEDED, false},
    {"aptify", N_("Aptify"), SECRET_NONE, false},
};

#define TYPE_COUNT (sizeof(types) / sizeof(types[0]))

static const struct setup_fact facts[] = {
    {"url", "url", N_("Address that e-mail and password are sent to"),
	"https://id.example.com/login", REST | BASIC, false, false},
    {"url", "url",
	N_("Address of the organisation, as https://example.okta.com"),
	"https://example.okta.com", OKTA, false, false},
    {"url", "url", N_("Address of the server, as https://sso.example.com:9031"),
	"https://sso.example.com:9031", PINGFEDERATE, false, false},
    {"url", "url",
	N_("Address of the services, as "
	   "https://host/AptifyServicesAPI/services"),
	"https://host/AptifyServicesAPI/services", APTIFY, false, false},
    {"issuer", "issuer", N_("Issuer, as https://sso.example.com/realms/main"),
	"https://sso.example.com", OAUTH2, false, false},
    {"tenant", "tenant", N_("Tenant: the id of the directory, or its domain"),
	"example.com", ENTRA, false, false},
    {"environment", "environment", N_("Id of the environment"),
	"01234567-89ab-cdef-0123-456789abcdef", PINGONE, false, false},
    {"region", "region", N_("Region: com, eu, asia, ca, com.au"), "com",
	PINGONE, true, true},
    {"client_id", "client-id", N_("Id of this client there"), "client",
	OAUTH2 | ENTRA | PINGONE | PINGFEDERATE, false, false},
    {"login_provider", "login-provider",
	N_("Login provider: Web, SQL, Domain, IIS or as the server calls it"),
	"Web", APTIFY, false, false},
    {"domains", "domain",
	N_("Domain of the e-mail addresses (empty: whatever is registered)"),
	"example.com",
	REST | BASIC | OAUTH2 | OKTA | ENTRA | PINGONE | PINGFEDERATE | APTIFY,
	true, false},
};

#define FACT_COUNT (sizeof(facts) / sizeof(facts[0]))

_Static_assert(FACT_COUNT <= SETUP_FACTS_MAX, "room for the values");

const struct setup_fact *
setup_fact_at(size_t index)
{
	return index < FACT_COUNT ? &facts[index] : NULL;
}

static size_t
type_index(const char *word)
{
	size_t index;

	for (index = 0; index < TYPE_COUNT; index++)
		if (strcmp(types[index].name, word) == 0)
			break;
	return index;
}

const char *
setup_type_find(const char *word)
{
	size_t index = type_index(word);

	return index < TYPE_COUNT ? types[index].name : NULL;
}

bool
setup_fact_is_of(const struct setup_fact *fact, const char *type)
{
	return (fact->types & (1U << type_index(type))) != 0;
}

bool
setup_fact_is_shared(const struct setup_fact *fact, const char *type)
{
	size_t index;

	for (index = 0; index < FACT_COUNT; index++)
		if (strcmp(facts[index].option, fact->option) == 0 &&
		    setup_fact_is_of(&facts[index], type))
			return true;
	return false;
}

bool
setup_fact_is_key(const char *key)
{
	size_t index;

	for (index = 0; index < FACT_COUNT; index++)
		if (strcmp(facts[index].key, key) == 0)
			return true;
	return strcmp(key, "type") == 0 ||
	    strcmp(key, "client_secret_file") == 0;
}

enum setup_secret
setup_type_secret(const char *type)
{
	size_t index = type_index(type);

	return index < TYPE_COUNT ? types[index].secret : SECRET_NONE;
}

bool
setup_type_asks(const char *type)
{
	size_t index = type_index(type);

	return index < TYPE_COUNT && types[index].asks;
}

const char *
setup_type_names(void)
{
	return "rest, basic, oauth2, okta, entra, pingone, pingfederate, "
	       "aptify";
}

void
setup_type_list(void)
{
	size_t index;

	(void)fflush(stdout);
	(void)fprintf(
	    stderr, "%s\n", _("What checks the passwords of your people?"));
	for (index = 0; index < TYPE_COUNT; index++)
		(void)fprintf(stderr, "  %-13s %s\n", types[index].name,
		    _(types[index].summary));
}

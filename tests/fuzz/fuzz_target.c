/* SPDX-License-Identifier: MIT */
#include "fuzz_target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "provider.h"

#define TEXT_BYTES 2048

#define CLIENT                                                                 \
	"client_id = CLIENT\nclient_secret_file = /etc/extauth/secrets/c\n"
#define TENANT "11111111-2222-3333-4444-555555555555"
#define OKTA "type = okta\nurl = https://ORG\n"
#define OAUTH2 "type = oauth2\n" CLIENT "identity_external_id = /sub\n"

static const struct fuzz_target targets[] = {
    {"rest",
	"type = rest\nurl = https://API/login?t={{CONNECTION:/access_token}}\n"
	"identity = /email\nidentity_external_id = /sub\n"
	"connection = oauth2_client_credentials\n"
	"token_url = https://AS/token\n" CLIENT,
	"248289761001", FRAME_LOGIN, 1, true},
    {"oauth2",
	OAUTH2 "issuer = https://AS\nuserinfo_url = https://AS/userinfo\n",
	"248289761001", FRAME_LOGIN, 1, true},
    {"oauth2_introspection",
	OAUTH2 "token_url = https://AS/token\n"
	       "introspection_url = https://AS/introspect\n",
	"248289761001", FRAME_LOGIN, 1, true},
    {"oauth2_device", OAUTH2 "issuer = https://AS\ngrant = device\n",
	"248289761001", FRAME_LOGIN, 0, false},
    {"okta", OKTA "api_token_file = /etc/extauth/secrets/a\n", "00u1",
	FRAME_LOGIN, 1, true},
    {"okta_token", OKTA "okta_api = token\n" CLIENT, "00u1", FRAME_LOGIN, 1,
	true},
    {"okta_change", OKTA, "00u1", FRAME_CHANGE, 2, true},
    {"okta_forgot", OKTA, "00u1", FRAME_FORGOT, 0, true},
    {"entra",
	"type = entra\ntenant = " TENANT "\n" CLIENT
	"export_token = ENTRA_TOKEN\n",
	"U", FRAME_LOGIN, 1, true},
    {"pingone", "type = pingone\nenvironment = E\n" CLIENT, "U", FRAME_LOGIN, 1,
	true},
    {"pingone_forgot", "type = pingone\nenvironment = E\n" CLIENT, "U",
	FRAME_FORGOT, 0, true},
    {"pingfederate", "type = pingfederate\nurl = https://AS:9031\n" CLIENT, "",
	FRAME_LOGIN, 1, true},
    {"aptify",
	"type = aptify\nurl = https://API/services\nlogin_provider = Web\n",
	"1", FRAME_LOGIN, 1, true},
};

static const struct fuzz_target *
fuzz_find_target(const char *name)
{
	size_t at;

	for (at = 0; at < sizeof(targets) / sizeof(*targets); at++)
		if (strcmp(targets[at].name, name) == 0)
			return &targets[at];
	return NULL;
}

static void
fuzz_set(struct secret *secret, const char *text)
{
	fuzz_require(
	    secret_set(secret, text, strlen(text)) == EXTAUTH_OK, "memory");
}

static void
fuzz_configure(struct fuzz_case *one)
{
	struct extauth_error error = {0};
	char text[TEXT_BYTES];
	enum extauth_err err;

	(void)snprintf(text, sizeof(text),
	    "[extauth]\ndefault_provider = main\n[provider main]\n%s",
	    one->target->keys);
	err = config_parse("fuzz", text, strlen(text), &one->config, &error);
	fuzz_require(err == EXTAUTH_OK, error.text);
	one->provider = config_find_provider(&one->config, "main");
	fuzz_require(one->provider != NULL, "there is a provider");
	one->machine = provider_find(one->provider, one->target->job);
	fuzz_require(one->machine != NULL, "there is a machine");
}

struct fuzz_case *
fuzz_case_make(const char *name)
{
	struct fuzz_case *one = calloc(1, sizeof(*one));

	fuzz_require(one != NULL, "memory");
	one->target = fuzz_find_target(name);
	fuzz_require(one->target != NULL, "the program is called fuzz_TARGET");
	fuzz_configure(one);
	(void)snprintf(
	    one->facts.username, sizeof(one->facts.username), "%s", FUZZ_NAME);
	(void)snprintf(
	    one->facts.email, sizeof(one->facts.email), "%s", FUZZ_EMAIL);
	(void)snprintf(one->facts.external_id, sizeof(one->facts.external_id),
	    "%s", one->target->external_id);
	(void)snprintf(one->facts.device.ip, sizeof(one->facts.device.ip), "%s",
	    "192.0.2.7");
	one->facts.uid = 2000200001;
	fuzz_set(&one->password, FUZZ_PASSWORD);
	if (one->target->job == FRAME_CHANGE)
		fuzz_set(&one->new_password, FUZZ_NEW_PASSWORD);
	if (*one->provider->client_secret_file != '\0')
		fuzz_set(&one->client_secret, FUZZ_CLIENT_SECRET);
	if (*one->provider->api_token_file != '\0')
		fuzz_set(&one->api_token, FUZZ_API_TOKEN);
	values_fill(&one->values, &one->facts, one->provider, &one->password);
	return one;
}

struct login
fuzz_case_login(const struct fuzz_case *one, uint32_t flags, void *memory)
{
	return (struct login){
	    .provider = one->provider,
	    .values = &one->values.real,
	    .masked = &one->values.masked,
	    .password = &one->password,
	    .new_password = &one->new_password,
	    .client_secret = &one->client_secret,
	    .api_token = &one->api_token,
	    .flags = flags,
	    .now_s = FUZZ_NOW_S,
	    .memory = memory,
	};
}

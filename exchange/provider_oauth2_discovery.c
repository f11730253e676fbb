/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "origin.h"
#include "provider_oauth2_internal.h"

#define WELL_KNOWN "/.well-known/openid-configuration"

struct oauth2_endpoint_rule {
	const char *pointer;
	const char *key;
};

static const struct oauth2_endpoint_rule oauth2_endpoint_rules[] = {
    [OAUTH2_TOKEN_URL] = {"/token_endpoint", "token_url"},
    [OAUTH2_USERINFO_URL] = {"/userinfo_endpoint", "userinfo_url"},
    [OAUTH2_INTROSPECTION_URL] = {"/introspection_endpoint",
	"introspection_url"},
    [OAUTH2_DEVICE_URL] = {"/device_authorization_endpoint",
	"device_authorization_url"},
};

static char **
oauth2_url(struct config_provider *provider, enum oauth2_endpoint which)
{
	switch (which) {
	case OAUTH2_USERINFO_URL:
		return &provider->userinfo_url;
	case OAUTH2_INTROSPECTION_URL:
		return &provider->introspection_url;
	case OAUTH2_DEVICE_URL:
		return &provider->device_authorization_url;
	case OAUTH2_TOKEN_URL:
	case OAUTH2_ENDPOINT_COUNT:
		break;
	}
	return &provider->token_url;
}

static bool
oauth2_is_needed(
    const struct config_provider *provider, enum oauth2_endpoint which)
{
	switch (which) {
	case OAUTH2_USERINFO_URL:
		return provider->identity_from == CONFIG_FROM_USERINFO;
	case OAUTH2_INTROSPECTION_URL:
		return provider->identity_from == CONFIG_FROM_INTROSPECTION;
	case OAUTH2_DEVICE_URL:
		return provider->grant == CONFIG_GRANT_DEVICE;
	case OAUTH2_TOKEN_URL:
	case OAUTH2_ENDPOINT_COUNT:
		break;
	}
	return true;
}

/* The other types have all their URLs from their own keys. */
bool
oauth2_needs_discovery(const struct login *login)
{
	struct oauth2_memory *memory = login->memory;
	struct config_provider *provider = &memory->provider;
	enum oauth2_endpoint which;

	if (strcmp(provider->type, "oauth2") != 0 ||
	    provider->issuer[0] == '\0')
		return false;
	for (which = 0; which < OAUTH2_ENDPOINT_COUNT; which++)
		if (oauth2_is_needed(provider, which) &&
		    **oauth2_url(provider, which) == '\0')
			return true;
	return false;
}

enum extauth_err
oauth2_begin_discovery(
    struct login *login, struct step *ret_step, struct extauth_error *error)
{
	cleanup_buffer struct buffer url =
	    buffer_make(TEMPLATE_OUTPUT_MAX_BYTES);
	cleanup_draft struct draft draft = {0};
	const char *issuer = login->provider->issuer;
	size_t length = strlen(issuer);
	enum extauth_err err;

	if (issuer[length - 1] == '/')
		length--;
	err = buffer_append(&url, issuer, length);
	if (err == EXTAUTH_OK)
		err = buffer_append_text(&url, WELL_KNOWN);
	if (err != EXTAUTH_OK)
		return err;
	login->state = OAUTH2_DISCOVERY;
	draft = draft_make(DRAFT_NONE, buffer_text(&url));
	return draft_end(&draft, ret_step, error);
}

/* A secret goes to no server that the administrator has not named. */
static enum extauth_err
oauth2_take_endpoint(const struct login *login, const struct json *answer,
    enum oauth2_endpoint which, struct extauth_error *error)
{
	const struct oauth2_endpoint_rule *rule = &oauth2_endpoint_rules[which];
	const char *found = json_string(answer, rule->pointer);
	struct oauth2_memory *memory = login->memory;
	char **url = oauth2_url(&memory->provider, which);
	bool is_needed = oauth2_is_needed(login->provider, which);

	if (**url != '\0')
		return EXTAUTH_OK;
	if (found == NULL)
		return !is_needed
		    ? EXTAUTH_OK
		    : error_set(error, EXTAUTH_CONFIG,
			  "the issuer names no %s: write %s = ...",
			  rule->pointer + 1, rule->key);
	if (!origin_is_configured(login->provider, found))
		return !is_needed ? EXTAUTH_OK
				  : error_set(error, EXTAUTH_CONFIG,
					"%s is at %s: write %s = ...",
					rule->pointer + 1, found, rule->key);
	memory->found[which] = strdup(found);
	if (memory->found[which] == NULL)
		return EXTAUTH_NOMEM;
	*url = memory->found[which];
	return EXTAUTH_OK;
}

static void
oauth2_end_discovery(
    const struct answer *answer, const char *reason, struct step *ret_step)
{
	step_verdict(ret_step, VERDICT_MISCONFIGURED, answer->status, reason);
}

enum extauth_err
oauth2_take_discovery(struct login *login, const struct answer *answer,
    struct step *ret_step, struct extauth_error *error)
{
	const char *issuer = login->provider->issuer;
	struct login_outcome outcome;
	enum extauth_err err = EXTAUTH_OK;
	enum oauth2_endpoint which;

	if (!oauth_is_answered(answer, &outcome)) {
		oauth_judge_client(answer, &outcome);
		oauth_refuse(login, answer, &outcome, ret_step);
		return EXTAUTH_OK;
	}
	if (strcmp(answer_text(answer, "/issuer"), issuer) != 0) {
		(void)error_set(error, EXTAUTH_CONFIG,
		    "the issuer calls itself by another name: \"%s\"; write "
		    "issuer just so",
		    answer_text(answer, "/issuer"));
		oauth2_end_discovery(answer, error->text, ret_step);
		return EXTAUTH_OK;
	}
	for (which = 0; which < OAUTH2_ENDPOINT_COUNT && err == EXTAUTH_OK;
	     which++)
		err = oauth2_take_endpoint(login, &answer->json, which, error);
	if (err == EXTAUTH_CONFIG) {
		oauth2_end_discovery(answer, error->text, ret_step);
		return EXTAUTH_OK;
	}
	return err != EXTAUTH_OK ? err
				 : oauth2_begin_grant(login, ret_step, error);
}

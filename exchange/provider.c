/* SPDX-License-Identifier: MIT */
#include "provider.h"

#include <string.h>

#include "provider_aptify.h"
#include "provider_entra.h"
#include "provider_forgot.h"
#include "provider_oauth2.h"
#include "provider_okta.h"
#include "provider_pingone.h"
#include "provider_pingone_forgot.h"
#include "provider_rest.h"

/* What a type has a machine for; one that is NULL cannot be done. */
struct provider_row {
	const char *type;
	const struct provider *(*login)(void);
	const struct provider *(*forgot)(void);
	const struct provider *(*change)(void);
};

static const struct provider_row rows[] = {
    {"rest", provider_rest, NULL, NULL},
    {"basic", provider_rest, NULL, NULL},
    {"oauth2", provider_oauth2, NULL, NULL},
    {"okta", provider_okta, provider_okta_forgot, provider_okta_change},
    {"entra", provider_entra, NULL, NULL},
    {"pingone", provider_pingone, provider_pingone_forgot, NULL},
    {"pingfederate", provider_oauth2, NULL, NULL},
    {"aptify", provider_aptify, NULL, NULL},
};

static const struct provider_row *
provider_row(const char *type)
{
	size_t at;

	for (at = 0; at < sizeof(rows) / sizeof(*rows); at++)
		if (strcmp(rows[at].type, type) == 0)
			return &rows[at];
	return NULL;
}

static const struct provider *
provider_or_none(const struct provider *(*machine)(void))
{
	return machine != NULL ? machine() : NULL;
}

const struct provider *
provider_find(const struct config_provider *provider, enum frame_type job)
{
	const struct provider_row *row = provider_row(provider->type);

	if (row == NULL)
		return NULL;
	if (job == FRAME_FORGOT &&
	    (provider->forgot_password_url.part_count > 0 ||
		row->forgot == NULL))
		return provider_forgot();
	if (job == FRAME_FORGOT)
		return provider_or_none(row->forgot);
	if (job == FRAME_CHANGE)
		return provider_or_none(row->change);
	/* Every provider's device grant is the same. RFC 8628. */
	if (provider->grant == CONFIG_GRANT_DEVICE)
		return provider_oauth2();
	return provider_or_none(row->login);
}

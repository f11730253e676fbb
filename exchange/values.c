/* SPDX-License-Identifier: MIT */
#include "values.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "request.h"

static struct template_value
values_text(const char *text)
{
	return (struct template_value){
	    .bytes = text,
	    .length = text != NULL ? strlen(text) : 0,
	};
}

void
values_fill(struct values *values, const struct login_facts *facts,
    const struct config_provider *provider, const struct secret *password)
{
	struct template_value *of = values->real.of;

	(void)snprintf(
	    values->uid, sizeof(values->uid), "%" PRIu32, facts->uid);
	of[PLACEHOLDER_USERID] = values_text(values->uid);
	of[PLACEHOLDER_USERNAME] = values_text(facts->username);
	of[PLACEHOLDER_USEREMAIL] = values_text(facts->email);
	of[PLACEHOLDER_USEREXTERNALID] = values_text(facts->external_id);
	of[PLACEHOLDER_ORGID] = values_text(provider->organization_id);
	of[PLACEHOLDER_DEVICEOS] = values_text(facts->device.os);
	of[PLACEHOLDER_DEVICENAME] = values_text(facts->device.name);
	of[PLACEHOLDER_DEVICEIP] = values_text(facts->device.ip);
	of[PLACEHOLDER_HOSTNAME] = values_text(facts->device.hostname);
	of[PLACEHOLDER_SERVICE] = values_text(facts->service);
	of[PLACEHOLDER_TTY] = values_text(facts->device.tty);
	of[PLACEHOLDER_RHOST] = values_text(facts->device.rhost);
	values->masked = values->real;
	values->masked.of[PLACEHOLDER_USERPASSWORD] = values_text(REQUEST_MASK);
	of[PLACEHOLDER_USERPASSWORD] = (struct template_value){
	    .bytes = secret_reveal(password),
	    .length = password->length,
	};
}

enum extauth_err
values_add_secrets(
    struct values *values, const struct named_secret *secrets, size_t count)
{
	size_t at;

	if (count == 0)
		return EXTAUTH_OK;
	values->real_named = calloc(count, sizeof(*values->real_named));
	values->masked_named = calloc(count, sizeof(*values->masked_named));
	if (values->real_named == NULL || values->masked_named == NULL)
		return EXTAUTH_NOMEM;
	for (at = 0; at < count; at++) {
		values->real_named[at] = (struct template_named){
		    .placeholder = PLACEHOLDER_SECRET,
		    .name = secrets[at].name,
		    .value = {.bytes = secret_reveal(&secrets[at].secret),
			.length = secrets[at].secret.length},
		};
		values->masked_named[at] = values->real_named[at];
		values->masked_named[at].value = values_text(REQUEST_MASK);
	}
	values->real.named = values->real_named;
	values->real.named_count = count;
	values->masked.named = values->masked_named;
	values->masked.named_count = count;
	return EXTAUTH_OK;
}

void
values_clear(struct values *values)
{
	if (values == NULL)
		return;
	free(values->real_named);
	free(values->masked_named);
	*values = (struct values){0};
}

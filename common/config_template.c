/* SPDX-License-Identifier: MIT */
/* Values with {{PLACEHOLDER}}s: what kind of text each key has, and what a home
 * may be.
 * Does not know: which placeholders a request may hold. */
#include "config_internal.h"
#include "identity.h"

static bool
template_is_personal(const struct template *home)
{
	return template_uses(home, PLACEHOLDER_USERNAME) ||
	    template_uses(home, PLACEHOLDER_USERID) ||
	    template_uses(home, PLACEHOLDER_USEREMAIL) ||
	    template_uses(home, PLACEHOLDER_USEREXTERNALID);
}

/* Checks a home as it would come out for a user whose every value is "x". */
static enum extauth_err
template_check_home(const struct template *home, struct extauth_error *error)
{
	cleanup_buffer struct buffer path = buffer_make(4096);
	const struct template_value x = {"x", 1};
	struct template_values values = {
	    .of =
		{
		    [PLACEHOLDER_USERID] = {"1", 1},
		    [PLACEHOLDER_USERNAME] = x,
		    [PLACEHOLDER_USEREMAIL] = x,
		    [PLACEHOLDER_USEREXTERNALID] = x,
		    [PLACEHOLDER_ORGID] = x,
		},
	};
	enum extauth_err err;
	unsigned index;

	for (index = 0; index < PLACEHOLDER_COUNT; index++) {
		if (values.of[index].length == 0 &&
		    template_uses(home, (enum placeholder)index))
			return error_set(error, EXTAUTH_CONFIG,
			    "{{%s}} cannot be part of a home",
			    placeholder_name((enum placeholder)index));
	}
	if (!template_is_personal(home))
		return error_set(error, EXTAUTH_CONFIG,
		    "is the same for everybody: put {{USERNAME}} into it");
	err = template_expand(home, &values, &path, error);
	if (err != EXTAUTH_OK)
		return err;
	err = identity_check_path(
	    buffer_text(&path), error_translated("the path"), error);
	return err == EXTAUTH_INVALID ? EXTAUTH_CONFIG : err;
}

enum template_kind
config_body_kind(enum config_data_as data_as)
{
	switch (data_as) {
	case CONFIG_JSON:
		return TEMPLATE_JSON;
	case CONFIG_URLENCODED:
		return TEMPLATE_FORM;
	case CONFIG_XML:
		return TEMPLATE_XML;
	}
	return TEMPLATE_JSON;
}

static enum template_kind
template_kind_of(enum config_type type, const void *section)
{
	const struct config_provider *provider = section;

	if (type == CONFIG_HOME || type == CONFIG_USERNAME)
		return TEMPLATE_PATH;
	if (type == CONFIG_URL)
		return TEMPLATE_URL;
	return config_body_kind(type == CONFIG_BODY
		? provider->data_as
		: provider->connection_data_as);
}

enum extauth_err
config_template_set(enum config_type type, void *section, const char *text,
    struct template *member, struct extauth_error *error)
{
	cleanup_template struct template parsed = {0};
	enum extauth_err err = EXTAUTH_OK;

	/* whether http is allowed is known when all keys are read */
	if (*text != '\0' && type == CONFIG_URL)
		err = config_check_url(text, true, error);
	if (*text != '\0' && err == EXTAUTH_OK)
		err = template_parse(
		    template_kind_of(type, section), text, &parsed, error);
	if (err == EXTAUTH_OK && type == CONFIG_HOME)
		err = template_check_home(&parsed, error);
	if (err != EXTAUTH_OK)
		return err;
	template_clear(member);
	*member = parsed;
	parsed = (struct template){0};
	return EXTAUTH_OK;
}

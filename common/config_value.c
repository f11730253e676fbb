/* SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_internal.h"
#include "identity.h"

bool
config_is_private(enum config_type type)
{
	return type == CONFIG_HEADER || type == CONFIG_FIELD ||
	    type == CONFIG_BODY || type == CONFIG_CONNECTION_BODY ||
	    type == CONFIG_URL || type == CONFIG_ENDPOINT ||
	    type == CONFIG_PROXY || type == CONFIG_SECRET_FILE;
}

static enum extauth_err
value_bool(const char *text, bool *ret_value, struct extauth_error *error)
{
	bool is_yes = strcmp(text, "yes") == 0;

	if (!is_yes && strcmp(text, "no") != 0)
		return error_set(error, EXTAUTH_CONFIG, "must be yes or no");
	*ret_value = is_yes;
	return EXTAUTH_OK;
}

static enum extauth_err
value_word(const struct config_rule *rule, const char *text, void *member,
    struct extauth_error *error)
{
	char known[128] = "";
	unsigned index;

	for (index = 0; rule->words[index] != NULL; index++) {
		if (strcmp(rule->words[index], text) == 0) {
			/* every enum of config.h has this representation */
			memcpy(member, &index, sizeof(index));
			return EXTAUTH_OK;
		}
	}
	for (index = 0; rule->words[index] != NULL; index++) {
		size_t used = strlen(known);

		(void)snprintf(known + used, sizeof(known) - used, "%s%s",
		    index > 0 ? ", " : "", rule->words[index]);
	}
	return error_set(error, EXTAUTH_CONFIG, "must be one of %s", known);
}

static bool
value_is_printable(const char *text, bool is_line)
{
	for (; *text != '\0'; text++) {
		unsigned char byte = (unsigned char)*text;

		if (byte == 0x7f || (byte < 0x20 && (is_line || byte != '\n')))
			return false;
	}
	return true;
}

static enum extauth_err
value_check_printed(const struct config_rule *rule, const char *text,
    struct extauth_error *error)
{
	bool is_line = rule->type == CONFIG_TEXT;

	if (strlen(text) > rule->maximum)
		return error_set(error, EXTAUTH_CONFIG,
		    "is longer than %u bytes", rule->maximum);
	if (!value_is_printable(text, is_line))
		return error_set(error, EXTAUTH_CONFIG,
		    is_line ? "must be one line of printable text"
			    : "must be printable text");
	return EXTAUTH_OK;
}

static enum extauth_err
value_check_ip(const char *text, struct extauth_error *error)
{
	unsigned char address[16];

	if (inet_pton(AF_INET, text, address) == 1 ||
	    inet_pton(AF_INET6, text, address) == 1)
		return EXTAUTH_OK;
	return error_set(error, EXTAUTH_CONFIG, "must be a numeric IP address");
}

/* A file, or the name of one below secrets/: config_check_provider. */
static enum extauth_err
value_check_secret(const char *text, struct extauth_error *error)
{
	if (*text == '/')
		return identity_check_path(text, "the path", error) ==
			EXTAUTH_OK
		    ? EXTAUTH_OK
		    : EXTAUTH_CONFIG;
	if (config_is_name(text) && *text != '.')
		return EXTAUTH_OK;
	return error_set(error, EXTAUTH_CONFIG,
	    "must be the name of a secret (extauthctl secret set NAME) or an "
	    "absolute path");
}

static enum extauth_err
value_check_segment(const char *text, struct extauth_error *error)
{
	if (config_is_name(text) && *text != '.')
		return EXTAUTH_OK;
	return error_set(error, EXTAUTH_CONFIG,
	    "must be made of A-Z a-z 0-9 . _ - and not begin with a dot");
}

/* A name that ends so is none that ld.so, PAM or a shell obeys. */
static enum extauth_err
value_check_variable(const char *text, struct extauth_error *error)
{
	static const char end[] = "TOKEN";
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_";
	size_t length = strlen(text);

	if (length >= strlen(end) && length <= CONFIG_NAME_MAX_BYTES &&
	    strspn(text, allowed) == length && *text >= 'A' &&
	    strcmp(text + length - strlen(end), end) == 0 && *text != '_')
		return EXTAUTH_OK;
	return error_set(error, EXTAUTH_CONFIG,
	    "must be a variable's name in A-Z 0-9 _ that begins with a letter "
	    "and ends in TOKEN");
}

/* Checks a value that is kept as it is written, and not empty. */
static enum extauth_err
value_check_word(const struct config_rule *rule, const char *text,
    struct extauth_error *error)
{
	if (rule->type == CONFIG_IP)
		return value_check_ip(text, error);
	if (rule->type == CONFIG_POINTER)
		return condition_check_pointer(text, error);
	if (rule->type == CONFIG_SECRET_FILE)
		return value_check_secret(text, error);
	if (rule->type == CONFIG_SEGMENT)
		return value_check_segment(text, error);
	if (rule->type == CONFIG_VARIABLE)
		return value_check_variable(text, error);
	if (rule->type == CONFIG_PROXY)
		return config_check_proxy(text, error);
	if (strstr(text, "{{") != NULL)
		return error_set(error, EXTAUTH_CONFIG,
		    "no placeholder can be part of this URL");
	/* whether http is allowed is known when all keys are read */
	return config_check_url(text, true, error);
}

/* Checks a value that is kept as it is written. */
static enum extauth_err
value_check_text(const struct config_rule *rule, const char *text,
    struct extauth_error *error)
{
	if (rule->type == CONFIG_TYPE && *text == '\0')
		return EXTAUTH_OK; /* found missing when all keys are read */
	if (rule->type == CONFIG_TYPE)
		return config_find_type(text) != NULL
		    ? EXTAUTH_OK
		    : config_unknown_type(text, error);
	if (rule->type == CONFIG_TEXT || rule->type == CONFIG_MESSAGE)
		return value_check_printed(rule, text, error);
	if (rule->type == CONFIG_SHELL || (rule->type == CONFIG_FILE && *text))
		return identity_check_path(text, "the path", error) ==
			EXTAUTH_OK
		    ? EXTAUTH_OK
		    : EXTAUTH_CONFIG;
	return *text != '\0' ? value_check_word(rule, text, error) : EXTAUTH_OK;
}

static enum extauth_err
value_text(const struct config_rule *rule, const char *text, char **member,
    struct extauth_error *error)
{
	enum extauth_err err = value_check_text(rule, text, error);
	char *copy;

	if (err != EXTAUTH_OK)
		return err;
	copy = strdup(text);
	if (copy == NULL)
		return EXTAUTH_NOMEM;
	free(*member);
	*member = copy;
	return EXTAUTH_OK;
}

static bool
value_names_person(const struct template *home)
{
	return template_uses(home, PLACEHOLDER_USERNAME) ||
	    template_uses(home, PLACEHOLDER_USERID) ||
	    template_uses(home, PLACEHOLDER_USEREMAIL) ||
	    template_uses(home, PLACEHOLDER_USEREXTERNALID);
}

/* Checks a home as it would come out for a user whose every value is "x". */
static enum extauth_err
value_check_home(const struct template *home, struct extauth_error *error)
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
	if (!value_names_person(home))
		return error_set(error, EXTAUTH_CONFIG,
		    "is the same for everybody: put {{USERNAME}} into it");
	err = template_expand(home, &values, &path, error);
	if (err != EXTAUTH_OK)
		return err;
	err = identity_check_path(buffer_text(&path), "the path", error);
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
value_template_kind(enum config_type type, const void *section)
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

static enum extauth_err
value_template(enum config_type type, void *section, const char *text,
    struct template *member, struct extauth_error *error)
{
	cleanup_template struct template parsed = {0};
	enum extauth_err err = EXTAUTH_OK;

	/* whether http is allowed is known when all keys are read */
	if (*text != '\0' && type == CONFIG_URL)
		err = config_check_url(text, true, error);
	if (*text != '\0' && err == EXTAUTH_OK)
		err = template_parse(
		    value_template_kind(type, section), text, &parsed, error);
	if (err == EXTAUTH_OK && type == CONFIG_HOME)
		err = value_check_home(&parsed, error);
	if (err != EXTAUTH_OK)
		return err;
	template_clear(member);
	*member = parsed;
	parsed = (struct template){0};
	return EXTAUTH_OK;
}

enum extauth_err
config_value_set(const struct config_key *key, void *section, const char *text,
    struct extauth_error *error)
{
	const struct config_rule *rule = key->rule;
	void *member = (char *)section + rule->offset;

	switch (rule->type) {
	case CONFIG_TEXT:
	case CONFIG_MESSAGE:
	case CONFIG_FILE:
	case CONFIG_SHELL:
	case CONFIG_IP:
	case CONFIG_POINTER:
	case CONFIG_PROXY:
	case CONFIG_TYPE:
	case CONFIG_ENDPOINT:
	case CONFIG_SECRET_FILE:
	case CONFIG_SEGMENT:
	case CONFIG_VARIABLE:
		return value_text(rule, text, member, error);
	case CONFIG_BOOL:
		return value_bool(text, member, error);
	case CONFIG_WORD:
		return value_word(rule, text, member, error);
	case CONFIG_NUMBER:
		return config_number(rule, text, member, error);
	case CONFIG_DURATION:
		return config_duration(rule, text, member, error);
	case CONFIG_UID_RANGE:
		return config_uid_range(text, member, error);
	case CONFIG_HOME:
	case CONFIG_URL:
	case CONFIG_BODY:
	case CONFIG_CONNECTION_BODY:
	case CONFIG_USERNAME:
		return value_template(rule->type, section, text, member, error);
	case CONFIG_DOMAINS:
	case CONFIG_NAMES:
	case CONFIG_STATUSES:
	case CONFIG_HEADER:
	case CONFIG_FIELD:
	case CONFIG_CONDITIONS:
	case CONFIG_PINS:
		return config_list_set(rule->type, member, text, error);
	}
	return EXTAUTH_SYSTEM;
}

void
config_value_clear(const struct config_key *key, void *section)
{
	void *member = (char *)section + key->rule->offset;
	char **text = member;

	switch (key->rule->type) {
	case CONFIG_TEXT:
	case CONFIG_MESSAGE:
	case CONFIG_FILE:
	case CONFIG_SHELL:
	case CONFIG_IP:
	case CONFIG_POINTER:
	case CONFIG_PROXY:
	case CONFIG_TYPE:
	case CONFIG_ENDPOINT:
	case CONFIG_SECRET_FILE:
	case CONFIG_SEGMENT:
	case CONFIG_VARIABLE:
		free(*text);
		*text = NULL;
		return;
	case CONFIG_HOME:
	case CONFIG_URL:
	case CONFIG_BODY:
	case CONFIG_CONNECTION_BODY:
	case CONFIG_USERNAME:
		template_clear(member);
		return;
	case CONFIG_DOMAINS:
	case CONFIG_NAMES:
	case CONFIG_STATUSES:
	case CONFIG_HEADER:
	case CONFIG_FIELD:
	case CONFIG_CONDITIONS:
	case CONFIG_PINS:
		config_list_clear(key->rule->type, member);
		return;
	case CONFIG_BOOL:
	case CONFIG_WORD:
	case CONFIG_NUMBER:
	case CONFIG_DURATION:
	case CONFIG_UID_RANGE:
		return;
	}
}

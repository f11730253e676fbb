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

bool
config_is_printable(const char *text, bool is_line)
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
	bool is_line = rule->type != CONFIG_MESSAGE;

	if (strlen(text) > rule->maximum)
		return error_set(error, EXTAUTH_CONFIG,
		    "is longer than %u bytes", rule->maximum);
	if (!config_is_printable(text, is_line))
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
		return identity_check_path(text, error_translated("the path"),
			   error) == EXTAUTH_OK
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
	if (rule->type == CONFIG_NEXT)
		return config_check_next(text, error);
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
	if (*text == '\0' && rule->type != CONFIG_SHELL)
		return EXTAUTH_OK; /* found missing when all keys are read */
	if (rule->type == CONFIG_TYPE)
		return config_find_type(text) != NULL
		    ? EXTAUTH_OK
		    : config_unknown_type(text, error);
	if (rule->type == CONFIG_SOURCE_TYPE)
		return config_find_source_type(text) != NULL
		    ? EXTAUTH_OK
		    : config_unknown_source_type(text, error);
	/* what an attribute is depends on the type: config_check_source */
	if (rule->type == CONFIG_TEXT || rule->type == CONFIG_MESSAGE ||
	    rule->type == CONFIG_ATTRIBUTE)
		return value_check_printed(rule, text, error);
	if (rule->type == CONFIG_SHELL || rule->type == CONFIG_FILE)
		return identity_check_path(text, error_translated("the path"),
			   error) == EXTAUTH_OK
		    ? EXTAUTH_OK
		    : EXTAUTH_CONFIG;
	return value_check_word(rule, text, error);
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
	case CONFIG_SOURCE_TYPE:
	case CONFIG_ATTRIBUTE:
	case CONFIG_NEXT:
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
		return config_template_set(
		    rule->type, section, text, member, error);
	case CONFIG_DOMAINS:
	case CONFIG_NAMES:
	case CONFIG_SERVICES:
	case CONFIG_STATUSES:
	case CONFIG_HEADER:
	case CONFIG_FIELD:
	case CONFIG_CONDITIONS:
	case CONFIG_PINS:
	case CONFIG_LINES:
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
	case CONFIG_SOURCE_TYPE:
	case CONFIG_ATTRIBUTE:
	case CONFIG_NEXT:
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
	case CONFIG_SERVICES:
	case CONFIG_STATUSES:
	case CONFIG_HEADER:
	case CONFIG_FIELD:
	case CONFIG_CONDITIONS:
	case CONFIG_PINS:
	case CONFIG_LINES:
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

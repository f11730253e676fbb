/* SPDX-License-Identifier: MIT */
/* What a provider must be as a whole, and what its type implies.
 * Does not know: other providers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_internal.h"

struct check {
	struct config *config;
	struct config_provider *provider;
	const char *section;
	struct extauth_error *error;
};

static enum extauth_err
check_fail(const struct check *check, const char *key, const char *reason)
{
	return config_error_key(
	    check->error, check->config, check->section, key, reason);
}

/* The text of a key where it is written, or NULL where its default holds. */
static const char *
check_written(const struct check *check, const char *key)
{
	const struct ini_entry *entry =
	    config_origin(check->config, check->section, key, 0);

	return entry != NULL ? entry->value : NULL;
}

static bool
check_has_body(const struct check *check)
{
	return check->provider->body.part_count > 0;
}

static enum extauth_err
check_basic(const struct check *check)
{
	struct config_provider *provider = check->provider;

	if (check_written(check, "method") != NULL &&
	    provider->method != CONFIG_GET)
		return check_fail(check, "method",
		    "type basic sends GET; type rest with http_auth = basic "
		    "sends others");
	if (check_written(check, "data_as") != NULL)
		return check_fail(check, "data_as", "type basic sends no body");
	if (check_has_body(check))
		return check_fail(check, "body", "type basic sends no body");
	if (check_written(check, "http_auth") != NULL &&
	    provider->http_auth != CONFIG_AUTH_BASIC)
		return check_fail(check, "http_auth",
		    "type basic is http_auth = basic: remove this line");
	provider->method = CONFIG_GET;
	provider->http_auth = CONFIG_AUTH_BASIC;
	return EXTAUTH_OK;
}

static enum extauth_err
check_get(const struct check *check)
{
	if (check_written(check, "data_as") != NULL)
		return check_fail(check, "data_as", "method GET sends no body");
	if (check_has_body(check))
		return check_fail(check, "body", "method GET sends no body");
	return EXTAUTH_OK;
}

/* Applies the type, then gives the default body to what has none. */
static enum extauth_err
check_type_and_body(const struct check *check)
{
	struct config_provider *provider = check->provider;
	const struct config_provider_type *type =
	    config_find_type(provider->type);
	enum extauth_err err;

	if (type == NULL) {
		err = config_unknown_type(provider->type, check->error);
		return err == EXTAUTH_CONFIG
		    ? check_fail(check, "type", check->error->text)
		    : err;
	}
	if (type->is_basic)
		return check_basic(check);
	if (provider->method == CONFIG_GET)
		return check_get(check);
	if (check_written(check, "body") != NULL ||
	    provider->http_auth == CONFIG_AUTH_BASIC)
		return EXTAUTH_OK;
	return template_parse(config_body_kind(provider->data_as),
	    config_default_body(provider->data_as), &provider->body,
	    check->error);
}

static enum extauth_err
check_url_of(const struct check *check, const char *key)
{
	enum extauth_err err = config_check_url(check_written(check, key),
	    check->provider->insecure_http, check->error);

	return err == EXTAUTH_OK ? EXTAUTH_OK
				 : check_fail(check, key, check->error->text);
}

bool
config_provider_uses(
    const struct config_provider *provider, enum placeholder placeholder)
{
	size_t index;

	for (index = 0; index < provider->headers.count; index++) {
		if (template_uses(
			&provider->headers.items[index].value, placeholder))
			return true;
	}
	return template_uses(&provider->url, placeholder) ||
	    template_uses(&provider->body, placeholder);
}

/* An endpoint that is not asked about a person and a password would answer 200
 * to everybody. */
static enum extauth_err
check_asks(const struct check *check)
{
	const struct config_provider *provider = check->provider;

	if (provider->http_auth == CONFIG_AUTH_BASIC)
		return EXTAUTH_OK;
	if (!config_provider_uses(provider, PLACEHOLDER_USERPASSWORD))
		return check_fail(check, "url",
		    "the password is never sent: put {{USERPASSWORD}} into "
		    "body or header, or set http_auth = basic");
	if (!config_provider_uses(provider, PLACEHOLDER_USEREMAIL) &&
	    !config_provider_uses(provider, PLACEHOLDER_USERNAME) &&
	    !config_provider_uses(provider, PLACEHOLDER_USERID) &&
	    !config_provider_uses(provider, PLACEHOLDER_USEREXTERNALID))
		return check_fail(check, "url",
		    "the request never says who logs in: put {{USEREMAIL}}, "
		    "{{USERNAME}}, {{USERID}} or {{USEREXTERNALID}} into body, "
		    "header or url");
	return EXTAUTH_OK;
}

static enum extauth_err
check_warn(const struct check *check, const char *key, const char *reason)
{
	struct extauth_error line;

	if (config_error_key(&line, check->config, check->section, key,
		reason) != EXTAUTH_CONFIG)
		return EXTAUTH_SYSTEM;
	return config_list_add(
	    &check->config->warnings, line.text, strlen(line.text));
}

static enum extauth_err
check_url(const struct check *check)
{
	const struct config_provider *provider = check->provider;
	enum extauth_err err;

	if (provider->url.part_count == 0)
		return check_fail(check, "url", "is missing");
	err = check_url_of(check, "url");
	if (err != EXTAUTH_OK)
		return err;
	if (!template_uses(&provider->url, PLACEHOLDER_USERPASSWORD))
		return EXTAUTH_OK;
	if (!provider->allow_password_in_url)
		return check_fail(check, "url",
		    "{{USERPASSWORD}} in a URL ends up in the logs of servers; "
		    "it needs allow_password_in_url = yes");
	return check_warn(check, "url",
	    "the password is part of the URL, which servers and proxies "
	    "write to their logs");
}

/* insecure_http trusts the way to this machine itself and no other. */
static enum extauth_err
check_proxy(const struct check *check)
{
	const struct config_provider *provider = check->provider;

	if (!provider->insecure_http || *provider->proxy == '\0')
		return EXTAUTH_OK;
	return check_fail(check, "proxy",
	    "would see the password in the clear: take it out, or "
	    "insecure_http");
}

/* Seven placeholders of the eight: the person has no password to send. */
static enum extauth_err
check_forgot_url(const struct check *check)
{
	static const enum placeholder refused[] = {
	    PLACEHOLDER_USERPASSWORD,
	    PLACEHOLDER_USERNAME,
	    PLACEHOLDER_HOSTNAME,
	    PLACEHOLDER_SERVICE,
	    PLACEHOLDER_TTY,
	    PLACEHOLDER_RHOST,
	    PLACEHOLDER_SECRET,
	};
	static const char key[] = "forgot_password_url";
	const struct template *url = &check->provider->forgot_password_url;
	char reason[96];
	size_t index;

	if (url->part_count == 0)
		return EXTAUTH_OK;
	for (index = 0; index < sizeof(refused) / sizeof(refused[0]); index++) {
		if (!template_uses(url, refused[index]))
			continue;
		(void)snprintf(reason, sizeof(reason),
		    "{{%s}} cannot be part of this URL",
		    placeholder_name(refused[index]));
		return check_fail(check, key, reason);
	}
	if (!template_uses(url, PLACEHOLDER_USEREMAIL) &&
	    !template_uses(url, PLACEHOLDER_USERID) &&
	    !template_uses(url, PLACEHOLDER_USEREXTERNALID))
		return check_fail(check, key,
		    "never says who asks: put {{USEREMAIL}}, {{USERID}} or "
		    "{{USEREXTERNALID}} into it");
	return check_url_of(check, key);
}

static enum extauth_err
check_headers(const struct check *check)
{
	const struct config_headers *headers = &check->provider->headers;
	size_t nth;

	if (check->provider->http_auth != CONFIG_AUTH_BASIC)
		return EXTAUTH_OK;
	for (nth = 0; nth < headers->count; nth++) {
		if (!config_header_is(&headers->items[nth], "Authorization"))
			continue;
		return config_error_at(check->error,
		    config_origin(check->config, check->section, "header", nth),
		    "http_auth = basic makes the Authorization header itself");
	}
	return EXTAUTH_OK;
}

static enum extauth_err
check_certificates(const struct check *check)
{
	const struct config_provider *provider = check->provider;
	bool has_certificate = *provider->client_certificate_file != '\0';
	bool has_key = *provider->client_key_file != '\0';

	if (has_certificate && !has_key)
		return check_fail(check, "client_certificate_file",
		    "needs client_key_file as well");
	if (has_key && !has_certificate)
		return check_fail(check, "client_key_file",
		    "needs client_certificate_file as well");
	return EXTAUTH_OK;
}

static enum extauth_err
check_inherit(const struct check *check)
{
	struct config_provider *provider = check->provider;
	char *copy;

	if (*provider->organization_id != '\0')
		return EXTAUTH_OK;
	copy = strdup(check->config->general.organization_id);
	if (copy == NULL)
		return EXTAUTH_NOMEM;
	free(provider->organization_id);
	provider->organization_id = copy;
	return EXTAUTH_OK;
}

enum extauth_err
config_check_provider(struct config *config, struct config_provider *provider,
    struct extauth_error *error)
{
	static enum extauth_err (*const rules[])(const struct check *) = {
	    check_type_and_body,
	    check_url,
	    check_proxy,
	    check_asks,
	    check_headers,
	    check_forgot_url,
	    check_certificates,
	    check_inherit,
	};
	char section[CONFIG_SECTION_BYTES];
	const struct check check = {config, provider, section, error};
	size_t index;

	config_name_section(section, "provider", provider->name);
	for (index = 0; index < sizeof(rules) / sizeof(rules[0]); index++) {
		enum extauth_err err = rules[index](&check);

		if (err != EXTAUTH_OK)
			return err;
	}
	return EXTAUTH_OK;
}

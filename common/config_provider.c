/* SPDX-License-Identifier: MIT */
/* What holds for every provider, and the order in which one is checked.
 * Does not know: other providers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_check.h"

enum extauth_err
config_check_rules(const struct config_check *check,
    config_check_rule *const *rules, size_t count)
{
	enum extauth_err err = EXTAUTH_OK;
	size_t index;

	for (index = 0; index < count && err == EXTAUTH_OK; index++)
		err = rules[index](check);
	return err;
}

enum extauth_err
config_check_fail(
    const struct config_check *check, const char *key, const char *reason)
{
	return config_error_key(
	    check->error, check->config, check->section, key, reason);
}

enum extauth_err
config_check_warn(
    const struct config_check *check, const char *key, const char *reason)
{
	struct extauth_error line;

	if (config_error_key(&line, check->config, check->section, key,
		reason) != EXTAUTH_CONFIG)
		return EXTAUTH_SYSTEM;
	return config_list_add(
	    &check->config->warnings, line.text, strlen(line.text));
}

const char *
config_check_written(const struct config_check *check, const char *key)
{
	const struct ini_entry *entry =
	    config_origin(check->config, check->section, key, 0);

	return entry != NULL ? entry->value : NULL;
}

bool
config_check_is_set(
    const struct config_check *check, const struct config_key *key)
{
	const char *written = config_check_written(check, key->name);

	return written != NULL && strcmp(written, key->default_text) != 0;
}

bool
config_provider_resets(const struct config_provider *provider)
{
	const struct config_provider_type *type =
	    config_find_type(provider->type);

	return provider->forgot_password_url.part_count > 0 ||
	    (type != NULL && type->resets);
}

bool
config_provider_changes(const struct config_provider *provider)
{
	const struct config_provider_type *type =
	    config_find_type(provider->type);

	return type != NULL && type->changes;
}

bool
config_provider_wants_password(const struct config_provider *provider)
{
	return provider->grant != CONFIG_GRANT_DEVICE;
}

const char *
config_provider_base(const struct config_provider *provider)
{
	const struct template *url = &provider->url;

	return url->part_count == 1 && url->parts[0].is_literal
	    ? url->parts[0].text
	    : "";
}

static enum extauth_err
check_type(const struct config_check *check)
{
	enum extauth_err err;

	if (config_find_type(check->provider->type) != NULL)
		return EXTAUTH_OK;
	err = config_unknown_type(check->provider->type, check->error);
	return err == EXTAUTH_CONFIG
	    ? config_check_fail(check, "type", check->error->text)
	    : err;
}

/* The URL that a key holds, "" if none. The host of one with placeholders is
 * that of its text. */
static const char *
check_url_of(const struct config_check *check, const struct config_key *key)
{
	const void *member = (const char *)check->filled + key->rule->offset;
	const struct template *template = member;
	char *const *text = member;

	if (key->rule->type == CONFIG_ENDPOINT)
		return *text;
	return template->part_count > 0 ? template->parts[0].text : "";
}

enum extauth_err
config_check_urls(const struct config_check *check)
{
	size_t count;
	const struct config_key *key = config_keys(&count);

	for (; count > 0; count--, key++) {
		const char *url;

		if (strcmp(key->section, check->kind) != 0 ||
		    (key->rule->type != CONFIG_URL &&
			key->rule->type != CONFIG_ENDPOINT))
			continue;
		url = check_url_of(check, key);
		if (*url != '\0' &&
		    config_check_url(url, check->provider->insecure_http,
			check->error) != EXTAUTH_OK)
			return config_check_fail(
			    check, key->name, check->error->text);
	}
	return EXTAUTH_OK;
}

/* The document's own address, as consoles show it to be copied. */
static enum extauth_err
check_issuer(const struct config_check *check)
{
	static const char document[] = "/.well-known/openid-configuration";

	if (strstr(check->provider->issuer, document) == NULL)
		return EXTAUTH_OK;
	return config_check_fail(check, "issuer",
	    "is the part in front of /.well-known/openid-configuration");
}

/* Who approves a device code is known by what the token says alone, and guests
 * write their e-mail address themselves. */
static enum extauth_err
check_approver(const struct config_check *check)
{
	if ((check->traits & CONFIG_ON_ENTRA) == 0 ||
	    (check->traits & CONFIG_ON_DEVICE) == 0 ||
	    strcmp(check->provider->identity, "/email") != 0)
		return EXTAUTH_OK;
	return config_check_fail(check, "identity",
	    "is an address that people write themselves, and whoever approves "
	    "would be in: leave it at /preferred_username");
}

/* insecure_http trusts the way to this machine itself and no other. */
static enum extauth_err
check_proxy(const struct config_check *check)
{
	const struct config_provider *provider = check->provider;

	if (!provider->insecure_http || *provider->proxy == '\0')
		return EXTAUTH_OK;
	return config_check_fail(check, "proxy",
	    "would see the password in the clear: take it out, or "
	    "insecure_http");
}

/* Seven placeholders of the eight: the person has no password to send. */
static enum extauth_err
check_forgot_url(const struct config_check *check)
{
	static const enum placeholder refused[] = {
	    PLACEHOLDER_USERPASSWORD,
	    PLACEHOLDER_USERNAME,
	    PLACEHOLDER_HOSTNAME,
	    PLACEHOLDER_SERVICE,
	    PLACEHOLDER_TTY,
	    PLACEHOLDER_RHOST,
	    PLACEHOLDER_SECRET,
	    PLACEHOLDER_CONNECTION,
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
		    error_translated("{{%s}} cannot be part of this URL"),
		    placeholder_name(refused[index]));
		return config_check_fail(check, key, reason);
	}
	if (!template_names_person(url, NULL))
		return config_check_fail(check, key,
		    "never says who asks: put {{USEREMAIL}}, {{USERID}} or "
		    "{{USEREXTERNALID}} into it");
	return EXTAUTH_OK;
}

static enum extauth_err
check_certificates(const struct config_check *check)
{
	const struct config_provider *provider = check->provider;
	bool has_certificate = *provider->client_certificate_file != '\0';
	bool has_key = *provider->client_key_file != '\0';

	if (has_certificate && !has_key)
		return config_check_fail(check, "client_certificate_file",
		    "needs client_key_file as well");
	if (has_key && !has_certificate)
		return config_check_fail(check, "client_key_file",
		    "needs client_certificate_file as well");
	return EXTAUTH_OK;
}

static enum extauth_err
check_inherit(const struct config_check *check)
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
config_check_access(const struct config_check *check)
{
	enum extauth_err err = check_proxy(check);

	if (err == EXTAUTH_OK)
		err = check_certificates(check);
	return err == EXTAUTH_OK ? check_inherit(check) : err;
}

enum extauth_err
config_check_provider(struct config *config, struct config_provider *provider,
    struct extauth_error *error)
{
	static config_check_rule *const rules[] = {
	    check_type,
	    config_check_keys,
	    config_check_needs,
	    config_imply,
	    config_check_urls,
	    check_issuer,
	    check_approver,
	    config_check_demands,
	    config_check_request,
	    check_forgot_url,
	    config_check_access,
	};
	char section[CONFIG_SECTION_BYTES];
	const struct config_check check = {
	    .config = config,
	    .provider = provider,
	    .kind = "provider",
	    .filled = provider,
	    .section = section,
	    .traits = config_traits(provider),
	    .error = error,
	};

	config_name_section(section, "provider", provider->name);
	return config_check_rules(
	    &check, rules, sizeof(rules) / sizeof(rules[0]));
}

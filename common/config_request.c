/* SPDX-License-Identifier: MIT */
/* What the requests of rest and basic must be: the login's own, and the one of
 * `connection` that goes before it.
 * Does not know: providers with a machine of their own. */
#include <string.h>

#include "config_check.h"

#define XML_BODY                                                               \
	"<login><email>{{USEREMAIL}}</email>"                                  \
	"<password>{{USERPASSWORD}}</password></login>"

static const char *const default_bodies[] = {
    [CONFIG_JSON] = CONFIG_JSON_BODY,
    [CONFIG_URLENCODED] = "email={{USEREMAIL}}&password={{USERPASSWORD}}",
    [CONFIG_XML] = XML_BODY,
};

static bool
request_is_own(const struct config_check *check)
{
	return (check->traits & (CONFIG_ON_REST | CONFIG_ON_BASIC)) != 0;
}

static enum extauth_err
request_check_basic(const struct config_check *check)
{
	const struct config_provider *provider = check->provider;

	if (provider->method != CONFIG_GET)
		return config_check_fail(check, "method",
		    "type basic sends GET; type rest with http_auth = basic "
		    "sends others");
	if (config_check_written(check, "data_as") != NULL)
		return config_check_fail(
		    check, "data_as", "type basic sends no body");
	if (provider->body.part_count > 0)
		return config_check_fail(
		    check, "body", "type basic sends no body");
	if (provider->http_auth != CONFIG_AUTH_BASIC)
		return config_check_fail(check, "http_auth",
		    "type basic is http_auth = basic: remove this line");
	return EXTAUTH_OK;
}

static enum extauth_err
request_check_get(const struct config_check *check)
{
	if (config_check_written(check, "data_as") != NULL)
		return config_check_fail(
		    check, "data_as", "method GET sends no body");
	if (check->provider->body.part_count > 0)
		return config_check_fail(
		    check, "body", "method GET sends no body");
	return EXTAUTH_OK;
}

/* Gives the default body to what has none. */
static enum extauth_err
request_check_body(const struct config_check *check)
{
	struct config_provider *provider = check->provider;

	if ((check->traits & CONFIG_ON_BASIC) != 0)
		return request_check_basic(check);
	if (provider->method == CONFIG_GET)
		return request_check_get(check);
	if (config_check_written(check, "body") != NULL ||
	    provider->http_auth != CONFIG_AUTH_NONE)
		return EXTAUTH_OK;
	return template_parse(config_body_kind(provider->data_as),
	    default_bodies[provider->data_as], &provider->body, check->error);
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

bool
config_provider_names_person(const struct config_provider *provider,
    const struct template_values *values)
{
	size_t index;

	for (index = 0; index < provider->headers.count; index++) {
		if (template_names_person(
			&provider->headers.items[index].value, values))
			return true;
	}
	return template_names_person(&provider->url, values) ||
	    template_names_person(&provider->body, values);
}

/* An endpoint that is not asked about a person and a password would answer 200
 * to everybody. */
static enum extauth_err
request_check_asks(const struct config_check *check)
{
	const struct config_provider *provider = check->provider;

	if (provider->http_auth != CONFIG_AUTH_NONE)
		return EXTAUTH_OK;
	if (!config_provider_uses(provider, PLACEHOLDER_USERPASSWORD))
		return config_check_fail(check, "url",
		    "the password is never sent: put {{USERPASSWORD}} into "
		    "body or header, or set http_auth = basic");
	if (!config_provider_names_person(provider, NULL))
		return config_check_fail(check, "url",
		    "the request never says who logs in: put {{USEREMAIL}}, "
		    "{{USERNAME}}, {{USERID}} or {{USEREXTERNALID}} into body, "
		    "header or url");
	return EXTAUTH_OK;
}

static enum extauth_err
request_check_url(const struct config_check *check)
{
	const struct config_provider *provider = check->provider;

	if (!template_uses(&provider->url, PLACEHOLDER_USERPASSWORD))
		return EXTAUTH_OK;
	if (!provider->allow_password_in_url)
		return config_check_fail(check, "url",
		    "{{USERPASSWORD}} in a URL ends up in the logs of servers; "
		    "it needs allow_password_in_url = yes");
	return config_check_warn(check, "url",
	    "the password is part of the URL, which servers and proxies "
	    "write to their logs");
}

static enum extauth_err
request_check_headers(const struct config_check *check)
{
	const struct config_headers *headers = &check->provider->headers;
	bool is_ntlm = check->provider->http_auth == CONFIG_AUTH_NTLM;
	size_t nth;

	if (check->provider->http_auth == CONFIG_AUTH_NONE)
		return EXTAUTH_OK;
	for (nth = 0; nth < headers->count; nth++) {
		if (!config_header_is(&headers->items[nth], "Authorization"))
			continue;
		return config_error_at(check->error,
		    config_origin(check->config, check->section, "header", nth),
		    is_ntlm ? "http_auth = ntlm makes the Authorization header "
			      "itself"
			    : "http_auth = basic makes the Authorization "
			      "header itself");
	}
	return EXTAUTH_OK;
}

/* Fails at the header that uses `placeholder`, if there is one. */
static enum extauth_err
request_refuse_header(const struct config_check *check, const char *key,
    const struct config_headers *headers, enum placeholder placeholder,
    const char *reason)
{
	size_t nth;

	for (nth = 0; nth < headers->count; nth++) {
		if (template_uses(&headers->items[nth].value, placeholder))
			return config_error_at(check->error,
			    config_origin(
				check->config, check->section, key, nth),
			    reason);
	}
	return EXTAUTH_OK;
}

static enum extauth_err
request_refuse_connection(const struct config_check *check)
{
	static const char reason[] =
	    N_("{{CONNECTION}} needs connection = oauth2_client_credentials or "
	       "request");
	const struct config_provider *provider = check->provider;

	if (template_uses(&provider->url, PLACEHOLDER_CONNECTION))
		return config_check_fail(check, "url", reason);
	if (template_uses(&provider->body, PLACEHOLDER_CONNECTION))
		return config_check_fail(check, "body", reason);
	return request_refuse_header(check, "header", &provider->headers,
	    PLACEHOLDER_CONNECTION, reason);
}

/* The first request is made before anything is known, and without the
 * person's password: what it asks is logged in another place. */
static enum extauth_err
request_check_first(const struct config_check *check,
    enum placeholder placeholder, const char *reason)
{
	const struct config_provider *provider = check->provider;

	if (template_uses(&provider->connection_url, placeholder))
		return config_check_fail(check, "connection_url", reason);
	if (template_uses(&provider->connection_body, placeholder))
		return config_check_fail(check, "connection_body", reason);
	return request_refuse_header(check, "connection_header",
	    &provider->connection_headers, placeholder, reason);
}

static enum extauth_err
request_check_connection(const struct config_check *check)
{
	const struct config_provider *provider = check->provider;
	bool is_used = config_provider_uses(provider, PLACEHOLDER_CONNECTION);
	enum extauth_err err;

	if (provider->connection == CONFIG_CONNECTION_NONE)
		return request_refuse_connection(check);
	if (!is_used)
		return config_check_fail(check, "connection",
		    "nothing of its answer is used: put "
		    "{{CONNECTION:/pointer}} "
		    "into url, header or body");
	err = request_check_first(check, PLACEHOLDER_USERPASSWORD,
	    N_("{{USERPASSWORD}} belongs into the login's own request alone"));
	if (err == EXTAUTH_OK)
		err = request_check_first(check, PLACEHOLDER_CONNECTION,
		    N_("{{CONNECTION}} is what this request brings"));
	if (err != EXTAUTH_OK || provider->connection_method != CONFIG_GET)
		return err;
	if (config_check_written(check, "connection_data_as") != NULL)
		return config_check_fail(check, "connection_data_as",
		    "connection_method GET sends no body");
	return provider->connection_body.part_count > 0
	    ? config_check_fail(check, "connection_body",
		  "connection_method GET sends no body")
	    : EXTAUTH_OK;
}

/* By default nothing is compared; a word about what is reads as if it were. */
static enum extauth_err
request_check_identity(const struct config_check *check)
{
	const struct config_provider *provider = check->provider;

	if (provider->identity_is == CONFIG_IS_EMAIL ||
	    *provider->identity != '\0')
		return EXTAUTH_OK;
	return config_check_fail(check, "identity_is",
	    "compares nothing: write identity = /pointer as well");
}

enum extauth_err
config_check_request(const struct config_check *check)
{
	static config_check_rule *const rules[] = {
	    request_check_body,
	    request_check_url,
	    request_check_asks,
	    request_check_headers,
	    request_check_connection,
	    request_check_identity,
	};

	if (!request_is_own(check))
		return EXTAUTH_OK;
	return config_check_rules(
	    check, rules, sizeof(rules) / sizeof(rules[0]));
}

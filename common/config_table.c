/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "config_internal.h"

/* The one list of keys. Its order is that of etc/extauth.conf and the manual,
 * and the order in which values are read: `data_as` before `body`. */

#define MILLISECOND UINT32_C(1)
#define SECOND (1000 * MILLISECOND)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)

static const char *const method_words[] = {"POST", "PUT", "GET", NULL};
static const char *const data_words[] = {"json", "urlencoded", "xml", NULL};
static const char *const auth_words[] = {"none", "basic", "ntlm", NULL};
static const char *const identity_words[] = {
    "email", "name", "external_id", NULL};
static const char *const from_words[] = {
    "auto", "id_token", "userinfo", "introspection", "none", NULL};
static const char *const connection_words[] = {
    "none", "oauth2_client_credentials", "request", NULL};
static const char *const grant_words[] = {"password", "device", NULL};
static const char *const client_words[] = {
    "basic", "basic_raw", "post", "none", NULL};
static const char *const okta_words[] = {"authn", "token", NULL};
static const char *const login_words[] = {"form", "query", "json", NULL};
static const char *const factor_words[] = {"ask", "append", "deny", NULL};
static const char *const tls_words[] = {"1.2", "1.3", NULL};

#define RULE(...) (&(const struct config_rule){__VA_ARGS__})
#define GENERAL(member) .offset = offsetof(struct config_general, member)
#define PROVIDER(member) .offset = offsetof(struct config_provider, member)
#define SERVICE(member) .offset = offsetof(struct config_service, member)
#define RANGE(from, to) .minimum = (from), .maximum = (to)
#define TEXT CONFIG_TEXT, .maximum = 255
#define MESSAGE CONFIG_MESSAGE, .maximum = 500
#define WORDS(list) CONFIG_WORD, .words = (list)

/* For whom a key is; without it, for all. */
#define ON(...) .traits = (unsigned)(__VA_ARGS__)
#define ALL 0xff
#define REST (CONFIG_ON_REST | CONFIG_ON_BASIC)
#define ENTRA CONFIG_ON_ENTRA
#define PINGONE CONFIG_ON_PINGONE
#define APTIFY CONFIG_ON_APTIFY
#define REQUEST CONFIG_ON_REQUEST
#define DEVICE CONFIG_ON_DEVICE
#define GRANT CONFIG_ON_GRANT
#define CLIENT CONFIG_ON_CLIENT
#define ENDPOINTS (GRANT ^ ENTRA)

/* clang-format off */
static const struct config_key keys[] = {
    {"extauth", "default_provider", "", false,
	RULE(TEXT, GENERAL(default_provider))},
    {"extauth", "organization_id", "", false,
	RULE(TEXT, GENERAL(organization_id))},
    {"extauth", "uid_range", "2000200001-2147352575", false,
	RULE(CONFIG_UID_RANGE, GENERAL(uid_range_first))},
    {"extauth", "home", "/home/{{USERNAME}}", false,
	RULE(CONFIG_HOME, GENERAL(home))},
    {"extauth", "shell", "/bin/bash", false,
	RULE(CONFIG_SHELL, GENERAL(shell))},
    {"extauth", "email_login_names", "no", false,
	RULE(CONFIG_BOOL, GENERAL(email_login_names))},
    {"extauth", "enumerate", "no", false,
	RULE(CONFIG_BOOL, GENERAL(enumerate))},
    {"extauth", "device_os", "", false,
	RULE(TEXT, GENERAL(device_os))},
    {"extauth", "local_device_ip", "127.0.0.1", false,
	RULE(CONFIG_IP, GENERAL(local_device_ip))},
    {"extauth", "login_deadline", "15s", false,
	RULE(CONFIG_DURATION, GENERAL(login_deadline_ms),
	    RANGE(100 * MILLISECOND, 60 * SECOND))},
    {"extauth", "person_deadline", "100s", false,
	RULE(CONFIG_DURATION, GENERAL(person_deadline_ms),
	    RANGE(1 * SECOND, 10 * MINUTE))},
    {"extauth", "failure_delay", "2s", false,
	RULE(CONFIG_DURATION, GENERAL(failure_delay_ms),
	    RANGE(0, 10 * SECOND))},
    {"extauth", "max_failures", "5", false,
	/* throttle.c keeps so many times */
	RULE(CONFIG_NUMBER, GENERAL(max_failures), RANGE(0, 64))},
    {"extauth", "failure_window", "10m", false,
	RULE(CONFIG_DURATION, GENERAL(failure_window_ms),
	    RANGE(1 * SECOND, 24 * HOUR))},
    {"extauth", "failure_pause", "5m", false,
	RULE(CONFIG_DURATION, GENERAL(failure_pause_ms),
	    RANGE(1 * SECOND, 24 * HOUR))},
    {"extauth", "explain_refusals", "no", false,
	RULE(CONFIG_BOOL, GENERAL(explain_refusals))},
    {"extauth", "message_unavailable",
	"The sign-in service cannot be reached. Local accounts still work.",
	false, RULE(MESSAGE, GENERAL(message_unavailable))},
    {"extauth", "forgot_password_message", "", false,
	RULE(MESSAGE, GENERAL(forgot_password_message))},

    {"provider", "type", "", false,
	RULE(CONFIG_TYPE, PROVIDER(type))},
    {"provider", "domains", "", false,
	RULE(CONFIG_DOMAINS, PROVIDER(domains))},
    {"provider", "any_domain", "no", false,
	RULE(CONFIG_BOOL, PROVIDER(any_domain))},
    {"provider", "organization_id", "", false,
	RULE(TEXT, PROVIDER(organization_id))},
    {"provider", "url", "", false,
	RULE(CONFIG_URL, PROVIDER(url), ON(ALL ^ CONFIG_ON_OAUTH2))},
    {"provider", "method", "POST", false,
	RULE(WORDS(method_words), PROVIDER(method), ON(REST))},
    {"provider", "data_as", "json", false,
	RULE(WORDS(data_words), PROVIDER(data_as), ON(REST))},
    {"provider", "header", "", true,
	RULE(CONFIG_HEADER, PROVIDER(headers), ON(REST))},
    {"provider", "body", CONFIG_JSON_BODY, false,
	RULE(CONFIG_BODY, PROVIDER(body), ON(REST))},
    {"provider", "http_auth", "none", false,
	RULE(WORDS(auth_words), PROVIDER(http_auth), ON(REST | APTIFY))},
    {"provider", "allow_password_in_url", "no", false,
	RULE(CONFIG_BOOL, PROVIDER(allow_password_in_url),
	    ON(REST | APTIFY))},
    {"provider", "insecure_http", "no", false,
	RULE(CONFIG_BOOL, PROVIDER(insecure_http))},
    {"provider", "accept_status", "200", false,
	RULE(CONFIG_STATUSES, PROVIDER(accept_status), ON(REST))},
    {"provider", "accept_if", "", true,
	RULE(CONFIG_CONDITIONS, PROVIDER(accept_if), ON(REST))},
    {"provider", "expired_if", "", true,
	RULE(CONFIG_CONDITIONS, PROVIDER(expired_if))},
    {"provider", "locked_if", "", true,
	RULE(CONFIG_CONDITIONS, PROVIDER(locked_if))},
    {"provider", "second_factor_if", "", true,
	RULE(CONFIG_CONDITIONS, PROVIDER(second_factor_if))},
    {"provider", "unavailable_if", "", true,
	RULE(CONFIG_CONDITIONS, PROVIDER(unavailable_if))},
    {"provider", "reject_message", "", false,
	RULE(CONFIG_POINTER, PROVIDER(reject_message))},
    {"provider", "identity", "", false,
	RULE(CONFIG_POINTER, PROVIDER(identity), ON(REST | GRANT))},
    {"provider", "identity_is", "email", false,
	RULE(WORDS(identity_words), PROVIDER(identity_is))},
    {"provider", "identity_external_id", "", false,
	RULE(CONFIG_POINTER, PROVIDER(identity_external_id), ON(REST | GRANT))},
    {"provider", "identity_from", "auto", false,
	RULE(WORDS(from_words), PROVIDER(identity_from), ON(GRANT))},
    {"provider", "connection", "none", false,
	RULE(WORDS(connection_words), PROVIDER(connection), ON(REST))},
    {"provider", "connection_url", "", false,
	RULE(CONFIG_URL, PROVIDER(connection_url), ON(REQUEST))},
    {"provider", "connection_method", "POST", false,
	RULE(WORDS(method_words), PROVIDER(connection_method), ON(REQUEST))},
    {"provider", "connection_data_as", "json", false,
	RULE(WORDS(data_words), PROVIDER(connection_data_as), ON(REQUEST))},
    {"provider", "connection_header", "", true,
	RULE(CONFIG_HEADER, PROVIDER(connection_headers), ON(REQUEST))},
    {"provider", "connection_body", "", false,
	RULE(CONFIG_CONNECTION_BODY, PROVIDER(connection_body), ON(REQUEST))},
    {"provider", "issuer", "", false,
	RULE(CONFIG_ENDPOINT, PROVIDER(issuer), ON(GRANT))},
    {"provider", "token_url", "", false,
	RULE(CONFIG_ENDPOINT, PROVIDER(token_url), ON(CLIENT))},
    {"provider", "userinfo_url", "", false,
	RULE(CONFIG_ENDPOINT, PROVIDER(userinfo_url), ON(ENDPOINTS))},
    {"provider", "introspection_url", "", false,
	RULE(CONFIG_ENDPOINT, PROVIDER(introspection_url), ON(ENDPOINTS))},
    {"provider", "device_authorization_url", "", false,
	RULE(CONFIG_ENDPOINT, PROVIDER(device_authorization_url), ON(DEVICE))},
    {"provider", "grant", "password", false,
	RULE(WORDS(grant_words), PROVIDER(grant),
	    ON(CONFIG_ON_OAUTH2 | CONFIG_ON_PINGFEDERATE | ENTRA))},
    {"provider", "client_id", "", false,
	RULE(TEXT, PROVIDER(client_id), ON(CLIENT))},
    {"provider", "client_secret_file", "", false,
	RULE(CONFIG_SECRET_FILE, PROVIDER(client_secret_file), ON(CLIENT))},
    {"provider", "client_auth", "basic", false,
	RULE(WORDS(client_words), PROVIDER(client_auth), ON(CLIENT))},
    {"provider", "scope", "", false,
	RULE(TEXT, PROVIDER(scope), ON(GRANT | CONFIG_ON_CLIENT_CREDENTIALS))},
    {"provider", "username", "{{USEREMAIL}}", false,
	RULE(CONFIG_USERNAME, PROVIDER(username),
	    ON(GRANT | CONFIG_ON_OKTA_AUTHN | APTIFY))},
    {"provider", "field", "", true,
	RULE(CONFIG_FIELD, PROVIDER(fields), ON(GRANT | APTIFY))},
    {"provider", "qr_code", "yes", false,
	RULE(CONFIG_BOOL, PROVIDER(qr_code), ON(DEVICE))},
    {"provider", "tenant", "", false,
	RULE(CONFIG_SEGMENT, PROVIDER(tenant), ON(ENTRA))},
    {"provider", "okta_api", "authn", false,
	RULE(WORDS(okta_words), PROVIDER(okta_api), ON(CONFIG_ON_OKTA))},
    {"provider", "authorization_server", "", false,
	RULE(CONFIG_SEGMENT, PROVIDER(authorization_server),
	    ON(CONFIG_ON_OKTA_TOKEN))},
    {"provider", "api_token_file", "", false,
	RULE(CONFIG_SECRET_FILE, PROVIDER(api_token_file),
	    ON(CONFIG_ON_OKTA))},
    {"provider", "environment", "", false,
	RULE(CONFIG_SEGMENT, PROVIDER(environment), ON(PINGONE))},
    {"provider", "region", "com", false,
	RULE(CONFIG_SEGMENT, PROVIDER(region), ON(PINGONE))},
    {"provider", "auth_url", "", false,
	RULE(CONFIG_ENDPOINT, PROVIDER(auth_url), ON(PINGONE))},
    {"provider", "forgot_media_type",
	"application/vnd.pingidentity.password.sendRecoveryCode+json", false,
	RULE(TEXT, PROVIDER(forgot_media_type), ON(PINGONE))},
    {"provider", "validator_id", "", false,
	RULE(TEXT, PROVIDER(validator_id), ON(CONFIG_ON_PINGFEDERATE))},
    {"provider", "login_provider", "", false,
	RULE(TEXT, PROVIDER(login_provider), ON(APTIFY))},
    {"provider", "login_by", "form", false,
	RULE(WORDS(login_words), PROVIDER(login_by), ON(APTIFY))},
    {"provider", "username_field", "UserName", false,
	RULE(TEXT, PROVIDER(username_field), ON(APTIFY))},
    {"provider", "password_field", "Password", false,
	RULE(TEXT, PROVIDER(password_field), ON(APTIFY))},
    {"provider", "login_path", "Authentication/Login", false,
	RULE(TEXT, PROVIDER(login_path), ON(APTIFY))},
    {"provider", "user_information_path", "UserInformation", false,
	RULE(TEXT, PROVIDER(user_information_path), ON(APTIFY))},
    {"provider", "logout_path", "Authentication/Logout", false,
	RULE(TEXT, PROVIDER(logout_path), ON(APTIFY))},
    {"provider", "export_token", "", false,
	RULE(CONFIG_VARIABLE, PROVIDER(export_token), ON(GRANT | APTIFY))},
    {"provider", "password_page", "", false,
	RULE(CONFIG_ENDPOINT, PROVIDER(password_page))},
    {"provider", "forgot_password_url", "", false,
	RULE(CONFIG_URL, PROVIDER(forgot_password_url))},
    {"provider", "ca_file", "", false,
	RULE(CONFIG_FILE, PROVIDER(ca_file))},
    {"provider", "client_certificate_file", "", false,
	RULE(CONFIG_FILE, PROVIDER(client_certificate_file))},
    {"provider", "client_key_file", "", false,
	RULE(CONFIG_FILE, PROVIDER(client_key_file))},
    {"provider", "pin_sha256", "", true,
	RULE(CONFIG_PINS, PROVIDER(pin_sha256))},
    {"provider", "minimum_tls", "1.2", false,
	RULE(WORDS(tls_words), PROVIDER(minimum_tls))},
    {"provider", "proxy", "", false,
	RULE(CONFIG_PROXY, PROVIDER(proxy))},
    {"provider", "connect_timeout", "5s", false,
	RULE(CONFIG_DURATION, PROVIDER(connect_timeout_ms),
	    RANGE(100 * MILLISECOND, 5 * MINUTE))},
    {"provider", "timeout", "10s", false,
	RULE(CONFIG_DURATION, PROVIDER(timeout_ms),
	    RANGE(100 * MILLISECOND, 5 * MINUTE))},

    {"service", "allow_groups", "", false,
	RULE(CONFIG_NAMES, SERVICE(allow_groups))},
    {"service", "allow_users", "", false,
	RULE(CONFIG_NAMES, SERVICE(allow_users))},
    {"service", "provider", "", false,
	RULE(TEXT, SERVICE(provider))},
    {"service", "second_factor", "ask", false,
	RULE(WORDS(factor_words), SERVICE(second_factor))},
};
/* clang-format on */

#define KEY_COUNT (sizeof(keys) / sizeof(keys[0]))

const struct config_key *
config_keys(size_t *ret_count)
{
	*ret_count = KEY_COUNT;
	return keys;
}

const struct config_key *
config_find_key(const char *kind, const char *name)
{
	size_t index;

	for (index = 0; index < KEY_COUNT; index++) {
		if (strcmp(keys[index].section, kind) == 0 &&
		    strcmp(keys[index].name, name) == 0)
			return &keys[index];
	}
	return NULL;
}

/* The first row of that name, whatever its section. */
static const struct config_key *
table_find_anywhere(const char *name)
{
	size_t index;

	for (index = 0; index < KEY_COUNT; index++) {
		if (strcmp(keys[index].name, name) == 0)
			return &keys[index];
	}
	return NULL;
}

enum extauth_err
config_unknown_key(
    const char *kind, const char *name, struct extauth_error *error)
{
	const char *candidates[KEY_COUNT + 1] = {NULL};
	const struct config_key *key = table_find_anywhere(name);
	const char *nearest;
	size_t count = 0;

	if (key != NULL)
		return error_set(error, EXTAUTH_CONFIG,
		    "this key belongs into [%s%s]", key->section,
		    strcmp(key->section, "extauth") == 0 ? "" : " NAME");
	for (key = keys; key < keys + KEY_COUNT; key++) {
		if (strcmp(key->section, kind) == 0)
			candidates[count++] = key->name;
	}
	nearest = ini_suggest(name, candidates);
	if (nearest == NULL)
		return error_set(error, EXTAUTH_CONFIG, "unknown key");
	key = config_find_key(kind, nearest);
	if (key->rule->type == CONFIG_SECRET_FILE)
		return error_set(error, EXTAUTH_CONFIG,
		    "unknown key: `extauthctl secret set NAME` stores a "
		    "secret; write %s = NAME",
		    nearest);
	return error_set(error, EXTAUTH_CONFIG,
	    "unknown key (did you mean \"%s\"?)", nearest);
}

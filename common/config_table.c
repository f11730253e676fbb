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

static const struct config_provider_type types[] = {
    {"rest", false},
    {"basic", true},
};
static const char *const method_words[] = {"POST", "PUT", "GET", NULL};
static const char *const data_words[] = {"json", "urlencoded", "xml", NULL};
static const char *const auth_words[] = {"none", "basic", NULL};
static const char *const tls_words[] = {"1.2", "1.3", NULL};

#define JSON_BODY                                                              \
	"{\"email\": \"{{USEREMAIL}}\", \"password\": \"{{USERPASSWORD}}\"}"

#define XML_BODY                                                               \
	"<login><email>{{USEREMAIL}}</email>"                                  \
	"<password>{{USERPASSWORD}}</password></login>"

static const char *const default_bodies[] = {
    [CONFIG_JSON] = JSON_BODY,
    [CONFIG_URLENCODED] = "email={{USEREMAIL}}&password={{USERPASSWORD}}",
    [CONFIG_XML] = XML_BODY,
};

#define RULE(...) (&(const struct config_rule){__VA_ARGS__})
#define GENERAL(member) .offset = offsetof(struct config_general, member)
#define PROVIDER(member) .offset = offsetof(struct config_provider, member)
#define SERVICE(member) .offset = offsetof(struct config_service, member)
#define RANGE(from, to) .minimum = (from), .maximum = (to)
#define TEXT CONFIG_TEXT, .maximum = 255
#define MESSAGE CONFIG_MESSAGE, .maximum = 500

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
	RULE(CONFIG_URL, PROVIDER(url))},
    {"provider", "method", "POST", false,
	RULE(CONFIG_WORD, PROVIDER(method), .words = method_words)},
    {"provider", "data_as", "json", false,
	RULE(CONFIG_WORD, PROVIDER(data_as), .words = data_words)},
    {"provider", "header", "", true,
	RULE(CONFIG_HEADER, PROVIDER(headers))},
    {"provider", "body", JSON_BODY, false,
	RULE(CONFIG_BODY, PROVIDER(body))},
    {"provider", "http_auth", "none", false,
	RULE(CONFIG_WORD, PROVIDER(http_auth), .words = auth_words)},
    {"provider", "allow_password_in_url", "no", false,
	RULE(CONFIG_BOOL, PROVIDER(allow_password_in_url))},
    {"provider", "insecure_http", "no", false,
	RULE(CONFIG_BOOL, PROVIDER(insecure_http))},
    {"provider", "accept_status", "200", false,
	RULE(CONFIG_STATUSES, PROVIDER(accept_status))},
    {"provider", "accept_if", "", true,
	RULE(CONFIG_CONDITIONS, PROVIDER(accept_if))},
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
	RULE(CONFIG_WORD, PROVIDER(minimum_tls), .words = tls_words)},
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
    {"service", "second_factor", "yes", false,
	RULE(CONFIG_BOOL, SERVICE(second_factor))},
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
	return error_set(error, EXTAUTH_CONFIG,
	    "unknown key (did you mean \"%s\"?)", nearest);
}

const struct config_provider_type *
config_find_type(const char *name)
{
	size_t index;

	for (index = 0; index < sizeof(types) / sizeof(types[0]); index++) {
		if (strcmp(types[index].name, name) == 0)
			return &types[index];
	}
	return NULL;
}

enum extauth_err
config_unknown_type(const char *name, struct extauth_error *error)
{
	char known[128] = "";
	size_t used = 0;
	size_t index;

	for (index = 0; index < sizeof(types) / sizeof(types[0]); index++) {
		int length = snprintf(known + used, sizeof(known) - used,
		    "%s%s", index > 0 ? ", " : "", types[index].name);

		if (length < 0 || (size_t)length >= sizeof(known) - used)
			break;
		used += (size_t)length;
	}
	return error_set(error, EXTAUTH_CONFIG, "%s; known are %s",
	    *name != '\0' ? "unknown type" : "is missing", known);
}

const char *
config_default_body(enum config_data_as data_as)
{
	return default_bodies[data_as];
}

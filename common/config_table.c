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
static const char *const paging_words[] = {
    "auto", "index", "cursor", "none", NULL};
static const char *const gone_words[] = {"disable", "remove", NULL};

#define RULE(...) (&(const struct config_rule){__VA_ARGS__})
#define GENERAL(member) .offset = offsetof(struct config_general, member)
#define PROVIDER(member) .offset = offsetof(struct config_provider, member)
#define SERVICE(member) .offset = offsetof(struct config_service, member)
#define SOURCE(member) .offset = offsetof(struct config_source, member)
#define GROUP(member) .offset = offsetof(struct config_group, member)
#define RANGE(from, to) .minimum = (from), .maximum = (to)
#define TEXT CONFIG_TEXT, .maximum = 255
#define MESSAGE CONFIG_MESSAGE, .maximum = 500
#define ATTRIBUTE CONFIG_ATTRIBUTE, .maximum = 255
#define WORDS(list) CONFIG_WORD, .words = (list)

/* For whom a key is; without it, for all. */
#define ON(...) .traits = (unsigned)(__VA_ARGS__)

/* clang-format off */
static const struct config_key keys[] = {
    {"extauth", "default_provider", "", false,
	RULE(TEXT, GENERAL(default_provider))},
    {"extauth", "services", "", false,
	RULE(CONFIG_SERVICES, GENERAL(services))},
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
    {"extauth", "map_registry", "yes", false,
	RULE(CONFIG_BOOL, GENERAL(map_registry))},
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
	N_("The sign-in service cannot be reached. Local accounts still work."),
	false, RULE(MESSAGE, GENERAL(message_unavailable))},
    {"extauth", "forgot_password_message", "", false,
	RULE(MESSAGE, GENERAL(forgot_password_message))},
    {"extauth", "language", "", false,
	RULE(CONFIG_SEGMENT, GENERAL(language))},

#include "config_table_provider.h"

    {"service", "allow_groups", "", false,
	RULE(CONFIG_NAMES, SERVICE(allow_groups))},
    {"service", "allow_users", "", false,
	RULE(CONFIG_NAMES, SERVICE(allow_users))},
    {"service", "provider", "", false,
	RULE(TEXT, SERVICE(provider))},
    {"service", "second_factor", "ask", false,
	RULE(WORDS(factor_words), SERVICE(second_factor))},

#include "config_table_source.h"
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

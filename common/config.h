/* SPDX-License-Identifier: MIT */
/* The configuration: one table of keys, and the structs that it fills.
 * Does not know: PAM, the registry, what a secret file holds. */
#ifndef EXTAUTH_CONFIG_H
#define EXTAUTH_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "condition.h"
#include "ini.h"
#include "template.h"

struct config_list {
	char **items;
	size_t count;
};

struct config_numbers {
	uint32_t *items;
	size_t count;
};

struct config_conditions {
	struct condition *items;
	size_t count;
};

struct config_header {
	char *name;
	struct template value;
};

struct config_headers {
	struct config_header *items;
	size_t count;
};

enum config_method {
	CONFIG_POST = 0,
	CONFIG_PUT,
	CONFIG_GET
};
enum config_data_as {
	CONFIG_JSON = 0,
	CONFIG_URLENCODED,
	CONFIG_XML
};
enum config_http_auth {
	CONFIG_AUTH_NONE = 0,
	CONFIG_AUTH_BASIC
};
enum config_tls {
	CONFIG_TLS_1_2 = 0,
	CONFIG_TLS_1_3
};

/* [extauth] */
struct config_general {
	char *default_provider; /* "" if none */
	char *organization_id;
	uint32_t uid_range_first;
	uint32_t uid_range_last;
	struct template home;
	char *shell;
	bool email_login_names;
	bool enumerate;
	char *device_os;       /* "" = found out */
	char *local_device_ip; /* 127.0.0.1 */
	uint32_t login_deadline_ms;
	uint32_t person_deadline_ms;
	uint32_t failure_delay_ms;
	uint32_t max_failures; /* 0 = no local throttle */
	uint32_t failure_window_ms;
	uint32_t failure_pause_ms;
	bool explain_refusals;
	char *message_unavailable;
	char *forgot_password_message;
};

/* [provider NAME] */
struct config_provider {
	char *name;
	char *type;
	struct config_list domains;
	bool any_domain;
	char *organization_id; /* that of [extauth] where it has none */
	struct template url;
	enum config_method method;
	enum config_data_as data_as;
	struct config_headers headers;
	struct template body; /* no parts: no body is sent */
	enum config_http_auth http_auth;
	bool allow_password_in_url;
	bool insecure_http;
	struct config_numbers accept_status; /* empty = exactly 200 */
	struct config_conditions accept_if;
	struct config_conditions expired_if;
	struct config_conditions locked_if;
	struct config_conditions second_factor_if;
	struct config_conditions unavailable_if;
	char *reject_message;                /* JSON pointer, "" if none */
	struct template forgot_password_url; /* no parts: none */
	char *ca_file;                       /* "" = the system's directory */
	char *client_certificate_file;
	char *client_key_file;
	struct config_list pin_sha256;
	enum config_tls minimum_tls;
	char *proxy;
	uint32_t connect_timeout_ms;
	uint32_t timeout_ms;
};

/* [service NAME] */
struct config_service {
	char *name;
	struct config_list allow_groups;
	struct config_list allow_users;
	char *provider; /* "" if none */
	bool second_factor;
};

struct config {
	char *path;      /* the main file */
	char *directory; /* of the main file, with conf.d/ and secrets/ */
	struct config_general general;
	struct config_provider *providers;
	size_t provider_count;
	struct config_service *services;
	size_t service_count;
	struct ini ini; /* every entry with file and line, for `config show` */
	struct config_list warnings; /* whole lines, path:line: first */
};

/* Reads `path` and the conf.d/ files (*.conf) beside it, in name order, and
 * checks all of it: owner root, not writable by others, every key known, every
 * value right. `*ret_config` is owned by the caller (config_clear) and written
 * only on success. EXTAUTH_CONFIG with one line `path:line: [section] key:
 * value: reason` in `error`; EXTAUTH_NOTFOUND if `path` is not there;
 * EXTAUTH_NOMEM, EXTAUTH_SYSTEM. extauth.conf(5). */
EXTAUTH_CHECKED enum extauth_err config_load(
    const char *path, struct config *ret_config, struct extauth_error *error);

/* As config_load, for one text that is already in memory; `path` is for
 * messages and places. */
EXTAUTH_CHECKED enum extauth_err config_parse(const char *path,
    const char *text, size_t length, struct config *ret_config,
    struct extauth_error *error);

/* Lends the provider of that name, or NULL. */
const struct config_provider *config_find_provider(
    const struct config *config, const char *name);

/* Tells whether `placeholder` stands in url, header or body. */
bool config_provider_uses(
    const struct config_provider *provider, enum placeholder placeholder);

/* Lends the section of a PAM service, or NULL: "sudo-i" counts as "sudo", and
 * "su-l" as "su" where it has no section of its own. */
const struct config_service *config_find_service(
    const struct config *config, const char *service);

struct config_rule;

/* One key as the table holds it, for the manual's check and `config show`. */
struct config_key {
	const char *section; /* "extauth", "provider", "service" */
	const char *name;
	const char *default_text;
	bool is_repeatable;
	const struct config_rule *rule; /* how it is read; for config alone */
};

/* Lends the table; `*ret_count` is its length. Static. */
const struct config_key *config_keys(size_t *ret_count);

/* Lends the entry whose value holds for a key of a section ("provider main"),
 * or NULL if the default holds. Of a repeatable key it is entry number `nth`,
 * from 0, of those that hold. */
const struct ini_entry *config_origin(const struct config *config,
    const char *section, const char *key, size_t nth);

/* Writes the path of secret NAME, `directory`/secrets/NAME, into `buffer`.
 * EXTAUTH_CONFIG if NAME is not [A-Za-z0-9._-]+ or starts with a dot,
 * EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err config_secret_path(const struct config *config,
    const char *name, struct buffer *buffer, struct extauth_error *error);

/* Frees all and leaves {0}. NULL is allowed. */
void config_clear(struct config *config);

#define cleanup_config __attribute__((cleanup(config_clear)))

#endif

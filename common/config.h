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
	CONFIG_AUTH_BASIC,
	CONFIG_AUTH_NTLM
};
/* What of a registered user the answer's identity is compared with. */
enum config_identity_is {
	CONFIG_IS_EMAIL = 0,
	CONFIG_IS_NAME,
	CONFIG_IS_EXTERNAL_ID
};
/* Where a provider of tokens says whom one belongs to. */
enum config_identity_from {
	CONFIG_FROM_AUTO = 0, /* the first of the three that there is */
	CONFIG_FROM_ID_TOKEN,
	CONFIG_FROM_USERINFO,
	CONFIG_FROM_INTROSPECTION,
	CONFIG_FROM_NOWHERE /* "none": password grant alone */
};
enum config_client_auth {
	CONFIG_CLIENT_BASIC = 0, /* form-encoded, RFC 6749 2.3.1 */
	CONFIG_CLIENT_BASIC_RAW, /* as it is */
	CONFIG_CLIENT_POST,
	CONFIG_CLIENT_NONE
};
enum config_grant {
	CONFIG_GRANT_PASSWORD = 0,
	CONFIG_GRANT_DEVICE /* no password is asked for */
};
enum config_okta_api {
	CONFIG_OKTA_AUTHN = 0,
	CONFIG_OKTA_TOKEN
};
enum config_login_by {
	CONFIG_LOGIN_FORM = 0,
	CONFIG_LOGIN_QUERY,
	CONFIG_LOGIN_JSON
};
enum config_connection {
	CONFIG_CONNECTION_NONE = 0,
	CONFIG_CONNECTION_CLIENT_CREDENTIALS,
	CONFIG_CONNECTION_REQUEST
};
enum config_second_factor {
	CONFIG_SECOND_FACTOR_ASK = 0,
	CONFIG_SECOND_FACTOR_APPEND, /* `password,123456` */
	CONFIG_SECOND_FACTOR_DENY
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
	char *organization_id; /* that of [extauth] where it has none */
	struct template url;
	enum config_method method;
	enum config_data_as data_as;
	struct config_headers headers;
	struct template body; /* no parts: no body is sent */
	enum config_http_auth http_auth;
	bool any_domain;
	bool allow_password_in_url;
	bool insecure_http;
	struct config_numbers accept_status; /* empty = exactly 200 */
	struct config_conditions accept_if;
	struct config_conditions expired_if;
	struct config_conditions locked_if;
	struct config_conditions second_factor_if;
	struct config_conditions unavailable_if;
	char *reject_message; /* JSON pointer, "" if none */
	/* Whom the answer is about. Pointers; "" = not looked at. */
	char *identity;
	char *identity_external_id;
	enum config_identity_is identity_is;
	enum config_identity_from identity_from;
	/* A first request whose answer goes into the login's own. */
	struct template connection_url;
	enum config_connection connection;
	enum config_method connection_method;
	enum config_data_as connection_data_as;
	struct config_headers connection_headers;
	struct template connection_body;
	/* The types that speak OAuth 2.0. URLs are whole once a provider is
	 * checked: given, or made of url and type; "" = discovered, or none. */
	char *issuer;
	char *token_url;
	char *userinfo_url;
	char *introspection_url;
	char *device_authorization_url;
	enum config_grant grant;
	enum config_client_auth client_auth;
	bool qr_code; /* of the address at which the person approves */
	char *client_id;
	char *client_secret_file; /* absolute, "" if none */
	char *scope;
	struct template username;     /* what is sent as the user's name */
	struct config_headers fields; /* more form fields of the login */
	/* One type each. */
	enum config_okta_api okta_api;
	enum config_login_by login_by; /* aptify */
	char *tenant;                  /* entra */
	char *authorization_server;    /* okta, "" = the organisation's own */
	char *api_token_file;          /* okta, absolute, "" if none */
	char *environment;             /* pingone */
	char *region;                  /* pingone: com, eu, ... */
	char *auth_url;                /* pingone */
	char *forgot_media_type;       /* pingone */
	char *validator_id;            /* pingfederate, "" if none */
	char *login_provider;          /* aptify, as typed */
	char *username_field;
	char *password_field;
	char *login_path;            /* in front of login_provider */
	char *user_information_path; /* "" = not asked */
	char *logout_path;           /* "" = not called */
	char *export_token;          /* variable's name, "" if none */
	char *password_page;         /* where people change it, "" if unknown */
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
	enum config_second_factor second_factor;
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

/* Tells whether the provider can be asked to mail a new password: it has a
 * forgot_password_url, or its type has a call for it. */
bool config_provider_resets(const struct config_provider *provider);

/* Tells whether the provider can change a password: okta. */
bool config_provider_changes(const struct config_provider *provider);

/* Tells whether a password is asked for: not for grant = device. */
bool config_provider_wants_password(const struct config_provider *provider);

/* Lends `url` where it is one literal, as every type but rest and basic has it;
 * else "". */
const char *config_provider_base(const struct config_provider *provider);

/* Tells whether url, header or body say who logs in: template_names_person. */
bool config_provider_names_person(const struct config_provider *provider,
    const struct template_values *values);

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

/* Tells whether a key is of use to this provider: always for a key of another
 * section. */
bool config_key_is_of_use(
    const struct config_key *key, const struct config_provider *provider);

/* Lends the text of a key that is not written: what follows from the provider's
 * type, else the default. */
const char *config_key_implied(
    const struct config_key *key, const struct config_provider *provider);

/* Tells whether it is an id such as directories have. RFC 9562 4. */
bool config_is_uuid(const char *text);

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

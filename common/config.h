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
/* How a SCIM server is asked for one page after the other. */
enum config_paging {
	CONFIG_PAGING_AUTO = 0, /* as the server's answers say */
	CONFIG_PAGING_INDEX,    /* startIndex */
	CONFIG_PAGING_CURSOR,   /* RFC 9865 */
	CONFIG_PAGING_NONE      /* one request has all */
};
/* What becomes of a user whom his directory no longer names. */
enum config_when_gone {
	CONFIG_GONE_DISABLE = 0,
	CONFIG_GONE_REMOVE
};

/* [extauth] */
struct config_general {
	char *default_provider;      /* "" if none */
	struct config_list services; /* which may be used; empty = all */
	char *organization_id;
	uint32_t uid_range_first;
	uint32_t uid_range_last;
	struct template home;
	char *shell;
	bool email_login_names;
	bool enumerate;
	bool map_registry;     /* programs may keep the `nss` file mapped */
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
	char *language; /* where a service has none; "" = English */
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

/* [source NAME] */
struct config_source {
	char *name;
	char *type;
	/* How the directory is reached: url, headers, token_url, client_id, TLS
	 * and so on; its api_token_file is the source's token_file, or else its
	 * password_file. All other members have their defaults. */
	struct config_provider access;
	char *file;          /* csv, absolute, "" = url */
	char *username;      /* of HTTP Basic, "" = none */
	char *password_file; /* absolute, "" if none */
	uint32_t page_size;  /* 0 = the type's own */
	enum config_paging paging;
	char *next;           /* rest: "", link, page, offset or a pointer */
	char *next_parameter; /* rest: of the query; "" = the value is a URL */
	char *filter;         /* in the directory's own language, or "" */
	char *users;          /* rest: pointer to the list */
	/* Where a person's attributes stand: JSON pointers, of csv columns.
	 * Once a source is checked they are those of its type where none are
	 * written; "" = there is none. */
	char *user_id;
	char *user_email;
	char *user_name;
	char *user_gecos;
	char *user_uid;
	char *user_home;
	char *user_shell;
	char *user_groups;
	char *group_gid;
	char *posix_schema; /* scim: URN in front of uidNumber and its kin */
	struct config_conditions disabled_if;
	struct config_conditions skip_if;
	struct config_list domains;     /* empty = all */
	struct config_list only_groups; /* local names; empty = everybody */
	char *group_prefix;             /* "" = only those of [group NAME] */
	char *provider;                 /* of the users, "" = as domains say */
	uint32_t uid_base;              /* 0 = ids are not numbers */
	enum config_when_gone when_gone;
	uint32_t max_removal_percent;
	uint32_t max_sync_age_ms;
	uint32_t sync_deadline_ms;
};

/* [group NAME]: a local group, and which of a directory's groups it is. */
struct config_group {
	char *name;
	struct config_list remote; /* names or ids */
	char *source;              /* "" = of any */
	uint32_t gid;              /* 0 = given out */
};

struct config {
	char *path;      /* the main file */
	char *directory; /* of the main file, with conf.d/ and secrets/ */
	struct config_general general;
	struct config_provider *providers;
	size_t provider_count;
	struct config_service *services;
	size_t service_count;
	struct config_source *sources;
	size_t source_count;
	struct config_group *groups;
	size_t group_count;
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

/* As config_load, for one text in memory; `path` is for messages, places. */
EXTAUTH_CHECKED enum extauth_err config_parse(const char *path,
    const char *text, size_t length, struct config *ret_config,
    struct extauth_error *error);

/* Each lends the section of that name, or NULL. */
const struct config_provider *config_find_provider(
    const struct config *config, const char *name);
const struct config_source *config_find_source(
    const struct config *config, const char *name);
const struct config_group *config_find_group(
    const struct config *config, const char *name);

/* Tells whether a source is asked for groups at all: a [group NAME] takes some
 * of it, or it has a group_prefix. */
bool config_source_has_groups(
    const struct config *config, const struct config_source *source);

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
	const char *section; /* "extauth", "provider", ... */
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

/* The same two for a key of [source NAME]. */
bool config_source_key_is_of_use(
    const struct config_key *key, const struct config_source *source);
const char *config_source_key_implied(
    const struct config_key *key, const struct config_source *source);

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

/* SPDX-License-Identifier: MIT */
/* What the parts of config share: the table's private half, and how values are
 * read.
 * Does not know: which values fit together; that is config_check.h. */
#ifndef EXTAUTH_CONFIG_INTERNAL_H
#define EXTAUTH_CONFIG_INTERNAL_H

#include "buffer.h"
#include "config.h"
#include "config_part.h"

#define CONFIG_NAME_MAX_BYTES 64
#define CONFIG_SECTION_BYTES (16 + CONFIG_NAME_MAX_BYTES)

/* The grammar of a value, and the C type of the member that it fills. */
enum config_type {
	CONFIG_TEXT = 0,    /* char *: one printable line, <= maximum bytes */
	CONFIG_MESSAGE,     /* char *: printable lines, <= maximum bytes */
	CONFIG_FILE,        /* char *: absolute path or empty */
	CONFIG_SHELL,       /* char *: identity_check_path */
	CONFIG_IP,          /* char *: numeric address or empty */
	CONFIG_POINTER,     /* char *: JSON pointer or empty */
	CONFIG_PROXY,       /* char *: scheme, host and port, or empty */
	CONFIG_ENDPOINT,    /* char *: config_check_url, or empty */
	CONFIG_SECRET_FILE, /* char *: as FILE, or the name of a secret */
	CONFIG_SEGMENT,     /* char *: [A-Za-z0-9._-]+, or empty */
	CONFIG_VARIABLE,    /* char *: [A-Z][A-Z0-9_]*TOKEN, or empty */
	CONFIG_TYPE,        /* char *: a row of the table of types */
	CONFIG_BOOL,        /* bool: yes, no */
	CONFIG_WORD,        /* enum: index into the rule's words */
	CONFIG_NUMBER,      /* uint32_t: minimum to maximum */
	CONFIG_DURATION,    /* uint32_t: minimum to maximum milliseconds */
	CONFIG_UID_RANGE,   /* two uint32_t in a row */
	CONFIG_HOME,        /* struct template, of a local path */
	CONFIG_URL,         /* struct template; see config_check_url */
	CONFIG_BODY,        /* struct template, by data_as */
	CONFIG_CONNECTION_BODY, /* struct template, by connection_data_as */
	CONFIG_USERNAME,        /* struct template of a text */
	CONFIG_DOMAINS,         /* struct config_list, folded */
	CONFIG_NAMES,           /* struct config_list: logins or groups */
	CONFIG_SERVICES,        /* struct config_list: of PAM */
	CONFIG_STATUSES,        /* struct config_numbers */
	CONFIG_HEADER,          /* struct config_headers, one more */
	CONFIG_FIELD,           /* the same, a field of a form */
	CONFIG_CONDITIONS,      /* struct config_conditions, one more */
	CONFIG_PINS,            /* struct config_list, one more, bare base64 */
	CONFIG_LINES,           /* struct config_list, one more, printable */
	CONFIG_SOURCE_TYPE,     /* char *: a row of the table of sources */
	CONFIG_ATTRIBUTE,       /* char *: JSON pointer or column, or empty */
	CONFIG_NEXT, /* char *: empty, link, page, offset, JSON pointer */
};

struct config_rule {
	enum config_type type;
	size_t offset; /* of the member in the section's struct */
	uint32_t minimum;
	uint32_t maximum;
	const char *const *words; /* ends with NULL */
	unsigned traits; /* one of them makes the key of use; 0: always */
};

/* What a provider is: its type, and what follows from other keys. A key belongs
 * to those of the first group; the second is for what they imply. */
enum config_trait {
	CONFIG_ON_REST = 1 << 0,
	CONFIG_ON_BASIC = 1 << 1,
	CONFIG_ON_OAUTH2 = 1 << 2,
	CONFIG_ON_OKTA = 1 << 3,
	CONFIG_ON_ENTRA = 1 << 4,
	CONFIG_ON_PINGONE = 1 << 5,
	CONFIG_ON_PINGFEDERATE = 1 << 6,
	CONFIG_ON_APTIFY = 1 << 7,
	CONFIG_ON_OKTA_AUTHN = 1 << 8,
	CONFIG_ON_OKTA_TOKEN = 1 << 9,
	CONFIG_ON_CLIENT_CREDENTIALS = 1 << 10,
	CONFIG_ON_REQUEST = 1 << 11,
	CONFIG_ON_DEVICE = 1 << 12,

	CONFIG_HAS_SECRET = 1 << 16, /* client_secret_file */
	CONFIG_HAS_SERVER = 1 << 17, /* authorization_server */
	CONFIG_HAS_TENANT = 1 << 18, /* tenant is an id */
	CONFIG_BY_NAME = 1 << 19,    /* identity_is */
	CONFIG_BY_ID = 1 << 20,      /* identity_is */
	CONFIG_BY_IIS = 1 << 21,     /* login_provider */
	CONFIG_BY_SQL = 1 << 22,     /* login_provider */
};

/* What a source is. */
enum config_source_trait {
	CONFIG_SOURCE_SCIM = 1 << 0,
	CONFIG_SOURCE_OKTA = 1 << 1,
	CONFIG_SOURCE_ENTRA = 1 << 2,
	CONFIG_SOURCE_PINGONE = 1 << 3,
	CONFIG_SOURCE_REST = 1 << 4,
	CONFIG_SOURCE_CSV = 1 << 5,

	CONFIG_SOURCE_HAS_CLIENT = 1 << 16, /* client_id, or must have one */
	CONFIG_SOURCE_HAS_POSIX = 1 << 17,  /* posix_schema */
};

/* Those that ask a token endpoint with a person's password, and those that have
 * a client at one. */
#define CONFIG_ON_GRANT                                                        \
	(CONFIG_ON_OAUTH2 | CONFIG_ON_PINGFEDERATE | CONFIG_ON_OKTA_TOKEN |    \
	    CONFIG_ON_ENTRA)
#define CONFIG_ON_CLIENT                                                       \
	(CONFIG_ON_GRANT | CONFIG_ON_PINGONE | CONFIG_ON_CLIENT_CREDENTIALS)

/* A value of `type`. */
struct config_provider_type {
	const char *name;
	enum config_trait trait;
	bool resets;  /* has a call that sends a reset mail */
	bool changes; /* has a call that changes a password */
};

/* The default of `body`. */
#define CONFIG_JSON_BODY                                                       \
	"{\"email\": \"{{USEREMAIL}}\", \"password\": \"{{USERPASSWORD}}\"}"

/* A value of a source's `type`. */
struct config_source_type {
	const char *name;
	enum config_source_trait trait;
	uint32_t page_size_max; /* 0: there are no pages */
};

/* Lends the row of the table, or NULL. `kind` is "extauth", "provider",
 * "service", "source", "group". */
const struct config_key *config_find_key(const char *kind, const char *name);

/* Fills `error` for a key that `kind` does not have, with the nearest one, and
 * returns EXTAUTH_CONFIG. */
EXTAUTH_CHECKED enum extauth_err config_unknown_key(
    const char *kind, const char *name, struct extauth_error *error);

/* Lends the row of a provider's `type`, or NULL. */
const struct config_provider_type *config_find_type(const char *name);

/* Fills `error` for a type that is missing ("") or unknown, with the list of
 * known ones; returns EXTAUTH_CONFIG. */
EXTAUTH_CHECKED enum extauth_err config_unknown_type(
    const char *name, struct extauth_error *error);

/* The same two for a source's `type`. */
const struct config_source_type *config_find_source_type(const char *name);
EXTAUTH_CHECKED enum extauth_err config_unknown_source_type(
    const char *name, struct extauth_error *error);

/* Fills `error` as config_unknown_type does, from `names`, which ends with
 * NULL. */
EXTAUTH_CHECKED enum extauth_err config_unknown_word(
    const char *const *names, const char *name, struct extauth_error *error);

/* Lends the text of a key as the struct `filled` has it, where its type can
 * follow from others, else its default; `url` is the member that is one. */
const char *config_key_text(
    const struct config_key *key, const void *filled, const char *url);

/* The form in which placeholders of a body are encoded. */
enum template_kind config_body_kind(enum config_data_as data_as);

/* Tells whether a value of this type may hold a secret, so that no message
 * shows it. */
bool config_is_private(enum config_type type);

/* Parses `text` by the rule of `key` into the member of `section`, in place of
 * what it held, or as one more item of a repeatable key. EXTAUTH_CONFIG with
 * the bare reason in `error`, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err config_value_set(const struct config_key *key,
    void *section, const char *text, struct extauth_error *error);

/* As config_value_set, for the types that hold a template. */
EXTAUTH_CHECKED enum extauth_err config_template_set(enum config_type type,
    void *section, const char *text, struct template *member,
    struct extauth_error *error);

/* Frees what the member holds and leaves its {0}. */
void config_value_clear(const struct config_key *key, void *section);

/* Reads a number from the rule's minimum to its maximum. EXTAUTH_CONFIG. */
EXTAUTH_CHECKED enum extauth_err config_number(const struct config_rule *rule,
    const char *text, uint32_t *ret_number, struct extauth_error *error);

/* Reads a number with a unit, in milliseconds from the rule's minimum to its
 * maximum. EXTAUTH_CONFIG. */
EXTAUTH_CHECKED enum extauth_err config_duration(const struct config_rule *rule,
    const char *text, uint32_t *ret_duration_ms, struct extauth_error *error);

/* Reads FIRST-LAST into two numbers in a row, both fit for a registered user.
 * EXTAUTH_CONFIG. */
EXTAUTH_CHECKED enum extauth_err config_uid_range(
    const char *text, uint32_t *ret_range, struct extauth_error *error);

/* Checks CONFIG_NEXT. EXTAUTH_CONFIG. */
EXTAUTH_CHECKED enum extauth_err config_check_next(
    const char *text, struct extauth_error *error);

/* Tells whether there is no control byte in it, or none but line ends. */
bool config_is_printable(const char *text, bool is_line);

/* As config_value_set, for the types that hold lists. */
EXTAUTH_CHECKED enum extauth_err config_list_set(enum config_type type,
    void *member, const char *text, struct extauth_error *error);

/* Frees a list of that type and leaves {0}; does nothing for other types. */
void config_list_clear(enum config_type type, void *member);

/* Appends one item to a list, a copy of `length` bytes of `text`. On failure
 * the list is as it was. EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err config_list_add(
    struct config_list *list, const char *text, size_t length);

/* Parses `Name: value` and appends it. On failure the list is as it was; the
 * text of `error` does not show the value. EXTAUTH_CONFIG, EXTAUTH_NOMEM. RFC
 * 9110 5. */
EXTAUTH_CHECKED enum extauth_err config_header_add(
    struct config_headers *headers, const char *text,
    struct extauth_error *error);

/* As config_header_add for a field of a form: any printable name. */
EXTAUTH_CHECKED enum extauth_err config_field_add(struct config_headers *fields,
    const char *text, struct extauth_error *error);

/* Tells whether that is the header's name, ASCII letters without case. */
bool config_header_is(const struct config_header *header, const char *name);

/* Checks an endpoint's URL: scheme, host, port, no user info, no fragment; http
 * only for this machine and only if `insecure_http`. The text of `error` does
 * not show the URL. EXTAUTH_CONFIG. RFC 3986. */
EXTAUTH_CHECKED enum extauth_err config_check_url(
    const char *url, bool insecure_http, struct extauth_error *error);

/* Checks a proxy: http or https, host, port, nothing else. EXTAUTH_CONFIG. */
EXTAUTH_CHECKED enum extauth_err config_check_proxy(
    const char *url, struct extauth_error *error);

/* Fills `error` with `path:line: [section] key: value: reason` for an entry,
 * the value left out where it may be secret; returns EXTAUTH_CONFIG. `reason`
 * may be the text of `error` itself. */
EXTAUTH_CHECKED enum extauth_err config_error_at(struct extauth_error *error,
    const struct ini_entry *entry, const char *reason);

/* As config_error_at for the section that an entry belongs to. */
EXTAUTH_CHECKED enum extauth_err config_error_section(
    struct extauth_error *error, const struct ini_entry *entry,
    const char *reason);

/* As config_error_at for a key of a section, at the place where it is set, or
 * else at the first line of that section. */
EXTAUTH_CHECKED enum extauth_err config_error_key(struct extauth_error *error,
    const struct config *config, const char *section, const char *key,
    const char *reason);

/* Splits a section's name into its kind and what stands behind it ("" if
 * nothing); `kind` has 16 bytes. Both of "provider" and "provider main" are
 * kind "provider". */
void config_split_section(
    const char *section, char *kind, const char **ret_name);

/* Writes "provider NAME" and the like; `section` has CONFIG_SECTION_BYTES. */
void config_name_section(char *section, const char *kind, const char *name);

/* Lends the section of exactly that name, or NULL. */
const struct config_service *config_find_exact_service(
    const struct config *config, const char *service);

/* Checks the name of a PAM service as rules for it are written. EXTAUTH_CONFIG
 * with the bare reason in `error`. */
EXTAUTH_CHECKED enum extauth_err config_check_service_name(
    const char *name, struct extauth_error *error);

/* Tells whether it is [A-Za-z0-9._-]{1,64}. */
bool config_is_name(const char *text);

/* Reads the main file and conf.d/ below `directory` into `ini`, owner and mode
 * checked; `part`, unless NULL, in place of its file. EXTAUTH_NOTFOUND if there
 * is no main file, EXTAUTH_CONFIG, EXTAUTH_SYSTEM, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err config_read_files(const char *path,
    const char *directory, const struct config_part *part, struct ini *ini,
    struct extauth_error *error);

#endif

/* SPDX-License-Identifier: MIT */
/* A text with {{PLACEHOLDER}}s: parsed once into parts, each with the context
 * that it stands in; expanded in one pass, values never looked at again.
 * Does not know: users, configuration, HTTP. */
#ifndef EXTAUTH_TEMPLATE_H
#define EXTAUTH_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "escape.h"

#define TEMPLATE_OUTPUT_MAX_BYTES 65536

enum placeholder {
	PLACEHOLDER_USERID = 0,
	PLACEHOLDER_USERNAME,
	PLACEHOLDER_USEREMAIL,
	PLACEHOLDER_USERPASSWORD,
	PLACEHOLDER_USEREXTERNALID,
	PLACEHOLDER_ORGID,
	PLACEHOLDER_DEVICEOS,
	PLACEHOLDER_DEVICENAME,
	PLACEHOLDER_DEVICEIP,
	PLACEHOLDER_HOSTNAME,
	PLACEHOLDER_SERVICE,
	PLACEHOLDER_TTY,
	PLACEHOLDER_RHOST,
	PLACEHOLDER_SECRET, /* {{SECRET:NAME}}: the first that takes a name */
	PLACEHOLDER_CONNECTION, /* {{CONNECTION:/json/pointer}} */
	PLACEHOLDER_COUNT
};

/* What kind of text it is; the context of each placeholder follows from it. */
enum template_kind {
	TEMPLATE_PATH = 0, /* a local path, such as `home` */
	TEMPLATE_URL,      /* none allowed in scheme, user, host and port */
	TEMPLATE_HEADER,   /* the value of one HTTP field */
	TEMPLATE_JSON,     /* inside strings; {{USERID}} outside as well */
	TEMPLATE_FORM,     /* application/x-www-form-urlencoded */
	TEMPLATE_XML,      /* in text and quoted attributes only */
};

struct template_part {
	bool is_literal;
	enum placeholder placeholder;
	enum escape_context context;
	char *text;    /* the literal, or the name behind the colon, or NULL */
	size_t length; /* of a literal */
};

struct template
{
	struct template_part *parts;
	size_t part_count;
};

struct template_value {
	const char *bytes;
	size_t length;
};

/* A value that is asked for by name, as {{SECRET:NAME}} is. */
struct template_named {
	enum placeholder placeholder;
	const char *name;
	struct template_value value;
};

/* All borrowed. A value without bytes counts as empty. */
struct template_values {
	struct template_value of[PLACEHOLDER_COUNT];
	const struct template_named *named;
	size_t named_count;
};

/* Parses `text`; an empty one has no parts, whatever its kind. `*ret_template`
 * is owned by the caller (template_clear) and written only on success.
 * EXTAUTH_CONFIG with the reason in `error`: unknown placeholder (with the
 * nearest known one), one that is not closed, or one in a place where it cannot
 * be encoded safely. EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err template_parse(enum template_kind kind,
    const char *text, struct template *ret_template,
    struct extauth_error *error);

/* Tells whether `placeholder` stands in the template. */
bool template_uses(
    const struct template *template, enum placeholder placeholder);

/* Tells whether a placeholder that says who logs in ({{USEREMAIL}},
 * {{USERNAME}}, {{USERID}}, {{USEREXTERNALID}}) stands in the template, and has
 * a value in `values`; NULL: whatever its value is. */
bool template_names_person(
    const struct template *template, const struct template_values *values);

/* Appends the template with `values` put in, each encoded for its context. On
 * failure what was appended is to be thrown away. EXTAUTH_INVALID where a value
 * cannot stand there, with the placeholder's name in `error` and never the
 * value; EXTAUTH_NOTFOUND for a named value that is not in `values`;
 * EXTAUTH_TOOBIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err template_expand(
    const struct template *template, const struct template_values *values,
    struct buffer *buffer, struct extauth_error *error);

/* The name as it stands between the braces, without ":NAME". Static. */
const char *placeholder_name(enum placeholder placeholder);

/* Frees the parts and leaves {0}. NULL is allowed. */
void template_clear(struct template *template);

#define cleanup_template __attribute__((cleanup(template_clear)))

#endif

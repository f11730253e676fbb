/* SPDX-License-Identifier: MIT */
/* A request being made by a machine, together with the masked twin that a trace
 * may show. The first failure stays, and draft_end tells it.
 * Does not know: what the fields mean to a provider. */
#ifndef EXTAUTH_DRAFT_H
#define EXTAUTH_DRAFT_H

#include "machine.h"

enum draft_body {
	DRAFT_NONE = 0,
	DRAFT_FORM,
	DRAFT_JSON,
};

/* {0} is none; see draft_make. */
struct draft {
	struct request request;
	struct request masked;
	enum draft_body body;
	enum extauth_err err;
	struct extauth_error error;
	size_t fields; /* in the body */
};

/* Begins a request: GET without a body, POST with one. `url` is taken as it is.
 * Asks for JSON. To be ended by draft_end or draft_clear. */
struct draft draft_make(enum draft_body body, const char *url);

/* As draft_make of a JSON body that is called something else. */
struct draft draft_make_json(const char *url, const char *media_type);

/* Begins a GET that asks for that media type; NULL: no Accept header. */
struct draft draft_make_get(const char *url, const char *accept);

/* Appends to the URL: "/" and one segment, or ? or & and a field. Both
 * percent-encode. RFC 3986. */
void draft_segment(struct draft *draft, const char *text);
void draft_query(struct draft *draft, const char *name, const char *value);

/* Adds a header. The value of the second is `prefix` and a secret.
 * EXTAUTH_INVALID for what no header can hold. */
void draft_header(struct draft *draft, const char *name, const char *value);
void draft_secret_header(struct draft *draft, const char *name,
    const char *prefix, const struct secret *secret);

/* Adds `Authorization: Basic` of a user and a secret. RFC 7617. */
void draft_basic(
    struct draft *draft, const char *user, const struct secret *secret);

/* Adds configured headers, {{SECRET:NAME}} and all. */
void draft_configured_headers(struct draft *draft, const struct login *login,
    const struct config_headers *headers);

/* Adds a field to the body (or, without one, to the query): form-encoded, or a
 * JSON string in the object that is open. The second shows MASKED in a trace.
 * EXTAUTH_INVALID for a value that is not UTF-8. */
void draft_field(struct draft *draft, const char *name, const char *value);
void draft_secret_field(
    struct draft *draft, const char *name, const struct secret *secret);

/* Adds login_username. */
void draft_username(
    struct draft *draft, const char *name, const struct login *login);

/* Adds the person's password, and marks the request as one that bears it. */
void draft_password(
    struct draft *draft, const char *name, const struct secret *password);

/* Adds configured form fields, {{SECRET:NAME}} and all. */
void draft_configured_fields(struct draft *draft, const struct login *login,
    const struct config_headers *fields);

/* JSON only: a value that is written as it is (`true`, `{}`); an object that is
 * opened, and closed again. */
void draft_literal(struct draft *draft, const char *name, const char *json);
void draft_open(struct draft *draft, const char *name);
void draft_close(struct draft *draft);

/* Hands the request over as a STEP_REQUEST and leaves `*draft` empty; or says
 * what failed first. `*ret_step` is written only on success. EXTAUTH_INVALID,
 * EXTAUTH_CONFIG, EXTAUTH_NOTFOUND, EXTAUTH_TOOBIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err draft_end(
    struct draft *draft, struct step *ret_step, struct extauth_error *error);

/* Wipes and frees what it holds and leaves {0}. NULL is allowed. */
void draft_clear(struct draft *draft);

#define cleanup_draft __attribute__((cleanup(draft_clear)))

#endif

/* SPDX-License-Identifier: MIT */
#include "draft.h"

#include <string.h>

/* One text as it is sent, and as a trace shows it. */
struct draft_text {
	const char *real;
	size_t length;
	const char *masked;
};

static struct draft_text
draft_plain(const char *text)
{
	return (struct draft_text){text, strlen(text), text};
}

static struct draft_text
draft_hidden(const struct secret *secret)
{
	return (struct draft_text){
	    secret_reveal(secret), secret->length, REQUEST_MASK};
}

static bool
draft_failed(struct draft *draft, enum extauth_err err)
{
	if (draft->err == EXTAUTH_OK)
		draft->err = err;
	return draft->err != EXTAUTH_OK;
}

static struct draft
draft_begin(enum draft_body body, const char *url, const char *accept)
{
	struct draft draft = {.body = body};
	struct request request = {
	    .method = body == DRAFT_NONE ? CONFIG_GET : CONFIG_POST,
	    .url = buffer_make(TEMPLATE_OUTPUT_MAX_BYTES),
	    .body = buffer_make(TEMPLATE_OUTPUT_MAX_BYTES),
	    .has_body = body != DRAFT_NONE,
	};

	draft.request = request;
	draft.masked = request;
	if (draft_failed(&draft, buffer_append_text(&draft.request.url, url)) ||
	    draft_failed(&draft, buffer_append_text(&draft.masked.url, url)))
		return draft;
	if (accept != NULL)
		draft_header(&draft, "Accept", accept);
	return draft;
}

struct draft
draft_make(enum draft_body body, const char *url)
{
	struct draft draft;

	if (body == DRAFT_JSON)
		return draft_make_json(url, "application/json");
	draft = draft_begin(body, url, "application/json");
	if (body == DRAFT_FORM)
		draft_header(&draft, "Content-Type",
		    "application/x-www-form-urlencoded");
	return draft;
}

struct draft
draft_make_json(const char *url, const char *media_type)
{
	struct draft draft = draft_begin(DRAFT_JSON, url, "application/json");

	draft_header(&draft, "Content-Type", media_type);
	(void)draft_failed(
	    &draft, buffer_append_text(&draft.request.body, "{"));
	(void)draft_failed(&draft, buffer_append_text(&draft.masked.body, "{"));
	return draft;
}

struct draft
draft_make_get(const char *url, const char *accept)
{
	return draft_begin(DRAFT_NONE, url, accept);
}

/* Appends the same bytes to both. */
static void
draft_raw(struct draft *draft, struct buffer *real, struct buffer *masked,
    const char *text)
{
	if (!draft_failed(draft, buffer_append_text(real, text)))
		(void)draft_failed(draft, buffer_append_text(masked, text));
}

static void
draft_escape(struct draft *draft, struct buffer *buffer,
    enum escape_context context, struct draft_text text)
{
	if (draft->err != EXTAUTH_OK)
		return;
	draft->err = escape_append(
	    buffer, context, text.real, text.length, &draft->error);
}

/* Appends to both, encoded, each its own. */
static void
draft_value(struct draft *draft, struct buffer *real, struct buffer *masked,
    enum escape_context context, struct draft_text text)
{
	draft_escape(draft, real, context, text);
	draft_escape(draft, masked, context, draft_plain(text.masked));
}

void
draft_segment(struct draft *draft, const char *text)
{
	struct buffer *real = &draft->request.url;
	struct buffer *masked = &draft->masked.url;

	if (*text == '\0') {
		if (draft->err == EXTAUTH_OK)
			draft->err = error_set(&draft->error, EXTAUTH_INVALID,
			    "an empty part of a path");
		return;
	}
	draft_raw(draft, real, masked, "/");
	draft_value(draft, real, masked, ESCAPE_URL_PATH, draft_plain(text));
}

static void
draft_add_query(struct draft *draft, const char *name, struct draft_text value)
{
	struct buffer *real = &draft->request.url;
	struct buffer *masked = &draft->masked.url;
	bool is_first = strchr(buffer_text(real), '?') == NULL;

	draft_raw(draft, real, masked, is_first ? "?" : "&");
	draft_value(draft, real, masked, ESCAPE_URL, draft_plain(name));
	draft_raw(draft, real, masked, "=");
	draft_value(draft, real, masked, ESCAPE_URL, value);
}

void
draft_query(struct draft *draft, const char *name, const char *value)
{
	draft_add_query(draft, name, draft_plain(value));
}

static void
draft_name_header(struct draft *draft, const char *name)
{
	char reason[sizeof(draft->error.text)];

	memcpy(reason, draft->error.text, sizeof(reason));
	(void)error_set(&draft->error, draft->err, "%s: %s", name,
	    *reason != '\0' ? reason : error_name(draft->err));
}

static void
draft_add_header(struct draft *draft, const char *name, const char *prefix,
    struct draft_text value)
{
	cleanup_buffer struct buffer real =
	    buffer_make(TEMPLATE_OUTPUT_MAX_BYTES);
	cleanup_buffer struct buffer masked =
	    buffer_make(TEMPLATE_OUTPUT_MAX_BYTES);

	draft_raw(draft, &real, &masked, prefix);
	if (draft->err != EXTAUTH_OK)
		return;
	draft_value(draft, &real, &masked, ESCAPE_HEADER, value);
	if (draft->err != EXTAUTH_OK)
		draft_name_header(draft, name);
	else if (!draft_failed(draft,
		     request_add_header(
			 &draft->request, name, buffer_text(&real))))
		(void)draft_failed(draft,
		    request_add_header(
			&draft->masked, name, buffer_text(&masked)));
}

void
draft_header(struct draft *draft, const char *name, const char *value)
{
	draft_add_header(draft, name, "", draft_plain(value));
}

void
draft_secret_header(struct draft *draft, const char *name, const char *prefix,
    const struct secret *secret)
{
	draft_add_header(draft, name, prefix, draft_hidden(secret));
}

void
draft_basic(struct draft *draft, const char *user, const struct secret *secret)
{
	cleanup_buffer struct buffer pair = buffer_make(SECRET_MAX_BYTES);
	cleanup_buffer struct buffer encoded =
	    buffer_make(TEMPLATE_OUTPUT_MAX_BYTES);

	if (draft_failed(draft, buffer_append_text(&pair, user)) ||
	    draft_failed(draft, buffer_append_text(&pair, ":")) ||
	    draft_failed(draft,
		buffer_append(&pair, secret_reveal(secret), secret->length)) ||
	    draft_failed(draft,
		escape_append_base64(
		    &encoded, buffer_text(&pair), pair.length)))
		return;
	draft_add_header(draft, "Authorization", "Basic ",
	    (struct draft_text){
		buffer_text(&encoded), encoded.length, REQUEST_MASK});
}

static void
draft_separate(struct draft *draft, const char *separator)
{
	if (draft->fields++ > 0)
		draft_raw(draft, &draft->request.body, &draft->masked.body,
		    separator);
}

static void
draft_name(struct draft *draft, const char *name)
{
	struct buffer *real = &draft->request.body;
	struct buffer *masked = &draft->masked.body;

	draft_separate(draft, ",");
	draft_raw(draft, real, masked, "\"");
	draft_value(draft, real, masked, ESCAPE_JSON, draft_plain(name));
	draft_raw(draft, real, masked, "\":");
}

static void
draft_add_field(struct draft *draft, const char *name, struct draft_text value)
{
	struct buffer *real = &draft->request.body;
	struct buffer *masked = &draft->masked.body;

	switch (draft->body) {
	case DRAFT_NONE:
		draft_add_query(draft, name, value);
		return;
	case DRAFT_FORM:
		draft_separate(draft, "&");
		draft_value(draft, real, masked, ESCAPE_URL, draft_plain(name));
		draft_raw(draft, real, masked, "=");
		draft_value(draft, real, masked, ESCAPE_URL, value);
		return;
	case DRAFT_JSON:
		draft_name(draft, name);
		draft_raw(draft, real, masked, "\"");
		draft_value(draft, real, masked, ESCAPE_JSON, value);
		draft_raw(draft, real, masked, "\"");
		return;
	}
}

void
draft_field(struct draft *draft, const char *name, const char *value)
{
	draft_add_field(draft, name, draft_plain(value));
}

void
draft_secret_field(
    struct draft *draft, const char *name, const struct secret *secret)
{
	draft_add_field(draft, name, draft_hidden(secret));
}

void
draft_username(struct draft *draft, const char *name, const struct login *login)
{
	cleanup_buffer struct buffer username =
	    buffer_make(TEMPLATE_OUTPUT_MAX_BYTES);

	if (!draft_failed(
		draft, login_username(login, &username, &draft->error)))
		draft_field(draft, name, buffer_text(&username));
}

void
draft_password(
    struct draft *draft, const char *name, const struct secret *password)
{
	draft_secret_field(draft, name, password);
	draft->request.bears_password = true;
}

/* The value of one line of the configuration, and its twin. */
static bool
draft_expand(struct draft *draft, const struct login *login,
    const struct config_header *line, struct buffer *real,
    struct buffer *masked)
{
	return !draft_failed(draft,
		   template_expand(
		       &line->value, login->values, real, &draft->error)) &&
	    !draft_failed(draft,
		template_expand(
		    &line->value, login->masked, masked, &draft->error));
}

static void
draft_configured_line(struct draft *draft, const struct login *login,
    const struct config_header *line, bool is_header)
{
	cleanup_buffer struct buffer real =
	    buffer_make(TEMPLATE_OUTPUT_MAX_BYTES);
	cleanup_buffer struct buffer masked =
	    buffer_make(TEMPLATE_OUTPUT_MAX_BYTES);
	struct draft_text value;

	if (!draft_expand(draft, login, line, &real, &masked))
		return;
	value = (struct draft_text){
	    buffer_text(&real), real.length, buffer_text(&masked)};
	if (is_header)
		draft_add_header(draft, line->name, "", value);
	else
		draft_add_field(draft, line->name, value);
}

void
draft_configured_headers(struct draft *draft, const struct login *login,
    const struct config_headers *headers)
{
	size_t at;

	for (at = 0; at < headers->count && draft->err == EXTAUTH_OK; at++)
		draft_configured_line(draft, login, &headers->items[at], true);
}

void
draft_configured_fields(struct draft *draft, const struct login *login,
    const struct config_headers *fields)
{
	size_t at;

	for (at = 0; at < fields->count && draft->err == EXTAUTH_OK; at++)
		draft_configured_line(draft, login, &fields->items[at], false);
}

void
draft_literal(struct draft *draft, const char *name, const char *json)
{
	draft_name(draft, name);
	draft_raw(draft, &draft->request.body, &draft->masked.body, json);
}

void
draft_open(struct draft *draft, const char *name)
{
	draft_literal(draft, name, "{");
	draft->fields = 0;
}

void
draft_close(struct draft *draft)
{
	draft_raw(draft, &draft->request.body, &draft->masked.body, "}");
	/* What follows stands behind the object. */
	draft->fields = 1;
}

enum extauth_err
draft_end(
    struct draft *draft, struct step *ret_step, struct extauth_error *error)
{
	enum extauth_err err;

	if (draft->body == DRAFT_JSON)
		draft_raw(
		    draft, &draft->request.body, &draft->masked.body, "}");
	err = draft->err;
	if (err == EXTAUTH_OK) {
		ret_step->kind = STEP_REQUEST;
		ret_step->request = draft->request;
		ret_step->masked = draft->masked;
		draft->request = (struct request){0};
		draft->masked = (struct request){0};
	} else if (draft->error.text[0] != '\0') {
		err = error_set(error, err, "%s", draft->error.text);
	}
	draft_clear(draft);
	return err;
}

void
draft_clear(struct draft *draft)
{
	if (draft == NULL)
		return;
	request_clear(&draft->request);
	request_clear(&draft->masked);
	*draft = (struct draft){0};
}

/* SPDX-License-Identifier: MIT */
#include "table_body.h"

#include <dirent.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "escape.h"
#include "table_rules.h"
#include "unit.h"

#define WIRE SOURCE_DIRECTORY "/tests/service/wire/"
#define TEXT_MAX_BYTES ((size_t)1 << 20)
#define TOKEN_MARK "@ID_TOKEN@"

/* What the claims of an id_token say that is not the good value. */
struct table_claims {
	const char *name;
	const char *issuer;
	const char *audience;
	const char *email;
	const char *id;
	const char *is_verified;
	const char *tenant;
	int expires_s;
	int begins_s;
};

static const struct table_claims claim_kinds[] = {
    {.name = "token_expired", .expires_s = -3600},
    {.name = "token_early", .begins_s = 3600},
    {.name = "token_issuer", .issuer = "https://issuer.example.net"},
    {.name = "token_audience", .audience = "another-client"},
    {.name = "token_user", .email = "mallory@example.com"},
    {.name = "token_id", .id = "another-id"},
    {.name = "token_tenant", .tenant = "another-tenant"},
    {.name = "token_unverified", .is_verified = "false"},
};

/* What a good body says, and what is put in its place. */
static const struct table_change {
	const char *name;
	const char *from;
	const char *to;
} changes[] = {
    {"another_user", TABLE_EMAIL, "mallory@example.com"},
    {"another_id", "\"00u1\"", "\"00u9\""},
    {"another_id", "\"id\":\"U\"", "\"id\":\"U9\""},
    {"another_id", "\"UserId\":1,", "\"UserId\":9,"},
    {"another_id", "248289761001", "248289761009"},
    {"expired", "4102444800", "1767225599"},
    {"audience", "\"aud\":\"CLIENT\"", "\"aud\":\"another-client\""},
    {"unverified", "\"email_verified\":true", "\"email_verified\":false"},
    {"token_type", "\"Bearer\"", "\"mac\""},
};

static char *
table_base64url(const char *text)
{
	cleanup_buffer struct buffer coded = buffer_make(TEXT_MAX_BYTES);
	char *copy;
	char *at;

	ck_assert_ok(escape_append_base64(&coded, text, strlen(text)));
	copy = strdup(buffer_text(&coded));
	ck_assert_ptr_nonnull(copy);
	copy[strcspn(copy, "=")] = '\0';
	for (at = copy; *at != '\0'; at++)
		if (*at == '+' || *at == '/')
			*at = *at == '+' ? '-' : '_';
	return copy;
}

static const char *
table_or(const char *one, const char *other)
{
	return one != NULL ? one : other;
}

/* Writes an id_token: nobody looks at its signature. */
static void
table_print_token(const struct table_stage *stage,
    const struct table_claims *claims, struct buffer *token)
{
	cleanup_buffer struct buffer text = buffer_make(TEXT_MAX_BYTES);
	cleanup_free char *payload = NULL;
	const char *email = table_or(claims->email, TABLE_EMAIL);
	const char *id = table_or(claims->id, stage->external_id);

	ck_assert_ok(buffer_append_format(&text,
	    "{\"iss\":\"%s\",\"aud\":\"%s\",\"exp\":%d,\"nbf\":%d,"
	    "\"iat\":%d,\"sub\":\"%s\",\"oid\":\"%s\",\"email\":\"%s\","
	    "\"preferred_username\":\"%s\",\"email_verified\":%s,"
	    "\"tid\":\"%s\"}",
	    table_or(claims->issuer, stage->issuer),
	    table_or(claims->audience, TABLE_CLIENT),
	    TABLE_NOW_S + 1800 + claims->expires_s,
	    TABLE_NOW_S - 1800 + claims->begins_s, TABLE_NOW_S, id, id, email,
	    email, table_or(claims->is_verified, "true"),
	    table_or(claims->tenant, TABLE_TENANT)));
	payload = table_base64url(buffer_text(&text));
	ck_assert_ok(buffer_append_format(
	    token, "eyJhbGciOiJSUzI1NiJ9.%s.c2lnbmF0dXJl", payload));
}

/* Makes a copy of `text` with each `from` as `to`. The caller frees it. */
static char *
table_replace(const char *text, const char *from, const char *to)
{
	cleanup_buffer struct buffer result = buffer_make(TEXT_MAX_BYTES);
	const char *found;
	char *copy;

	while ((found = strstr(text, from)) != NULL) {
		ck_assert_ok(
		    buffer_append(&result, text, (size_t)(found - text)));
		ck_assert_ok(buffer_append_text(&result, to));
		text = found + strlen(from);
	}
	ck_assert_ok(buffer_append_text(&result, text));
	copy = strdup(buffer_text(&result));
	ck_assert_ptr_nonnull(copy);
	return copy;
}

static char *
table_fill_token(const struct table_stage *stage, const char *text,
    const struct table_claims *claims)
{
	cleanup_buffer struct buffer token = buffer_make(TEXT_MAX_BYTES);

	if (stage->issuer != NULL)
		table_print_token(stage, claims, &token);
	return table_replace(text, TOKEN_MARK, buffer_text(&token));
}

static char *
table_file_read(const char *path)
{
	cleanup_buffer struct buffer text = buffer_make(TEXT_MAX_BYTES);
	char name[512];
	char bytes[1024];
	size_t count;
	FILE *file;
	char *copy;

	(void)snprintf(name, sizeof(name), WIRE "%s", path);
	file = fopen(name, "re");
	ck_assert_msg(file != NULL, "%s cannot be read", name);
	while ((count = fread(bytes, 1, sizeof(bytes), file)) > 0)
		ck_assert_ok(buffer_append(&text, bytes, count));
	(void)fclose(file);
	/* The line feed at the end is no part of the body. */
	if (text.length > 0 && text.bytes[text.length - 1] == '\n')
		text.bytes[text.length - 1] = '\0';
	copy = strdup(buffer_text(&text));
	ck_assert_ptr_nonnull(copy);
	return copy;
}

char *
table_wire_read(const struct table_stage *stage, const char *path)
{
	const struct table_claims good = {0};
	cleanup_free char *text = table_file_read(path);

	return table_fill_token(stage, text, &good);
}

/* Takes `text` over. */
static void
table_add(struct table_bodies *bodies, const char *name, char *text)
{
	struct table_body *body;

	ck_assert_ptr_nonnull(text);
	bodies->items = reallocarray(
	    bodies->items, bodies->count + 1, sizeof(*bodies->items));
	ck_assert_ptr_nonnull(bodies->items);
	body = &bodies->items[bodies->count++];
	(void)snprintf(body->name, sizeof(body->name), "%s", name);
	body->text = text;
}

static bool
table_is_wanted(
    const struct table_stage *stage, const char *folder, const char *name)
{
	return strcmp(folder, "shared") == 0 ||
	    fnmatch(stage->bodies, name, FNM_EXTMATCH) == 0;
}

static void
table_add_wire(const struct table_stage *stage, const char *folder,
    struct table_bodies *bodies)
{
	struct dirent **entries;
	char path[512];
	int count;
	int at;

	(void)snprintf(path, sizeof(path), WIRE "%s", folder);
	count = scandir(path, &entries, NULL, alphasort);
	ck_assert_msg(count > 0, "%s cannot be read", path);
	for (at = 0; at < count; at++) {
		char *name = entries[at]->d_name;
		char *end = strrchr(name, '.');

		if (name[0] != '.' && end != NULL &&
		    table_is_wanted(stage, folder, name)) {
			(void)snprintf(
			    path, sizeof(path), "%s/%s", folder, name);
			*end = '\0';
			table_add(bodies, name, table_wire_read(stage, path));
		}
		free(entries[at]);
	}
	free(entries);
}

static void
table_add_damaged(const char *good, struct table_bodies *bodies)
{
	cleanup_buffer struct buffer array = buffer_make(TEXT_MAX_BYTES);

	ck_assert_ok(buffer_append_text(&array, "["));
	ck_assert_ok(buffer_append_text(&array, good));
	ck_assert_ok(buffer_append_text(&array, "]"));
	table_add(bodies, "array", strdup(buffer_text(&array)));
	table_add(bodies, "truncated", strndup(good, strlen(good) / 2));
	table_add(bodies, "empty", strdup(""));
	table_add(bodies, "object", strdup("{}"));
	table_add(bodies, "html",
	    strdup("<!DOCTYPE html><html><body>Sign in</body></html>"));
}

static void
table_add_changed(const char *good, struct table_bodies *bodies)
{
	size_t at;

	for (at = 0; at < sizeof(changes) / sizeof(*changes); at++) {
		const struct table_change *change = &changes[at];

		if (strstr(good, change->from) != NULL)
			table_add(bodies, change->name,
			    table_replace(good, change->from, change->to));
	}
}

static void
table_add_tokens(const struct table_stage *stage, const char *raw,
    struct table_bodies *bodies)
{
	size_t count = sizeof(claim_kinds) / sizeof(*claim_kinds);
	size_t at;

	for (at = 0; at < count && strstr(raw, TOKEN_MARK) != NULL; at++)
		table_add(bodies, claim_kinds[at].name,
		    table_fill_token(stage, raw, &claim_kinds[at]));
	if (strstr(raw, TOKEN_MARK) != NULL)
		table_add(bodies, "token_garbage",
		    table_replace(raw, TOKEN_MARK, "no.token.at-all"));
}

void
table_bodies_collect(
    const struct table_stage *stage, struct table_bodies *ret_bodies)
{
	struct table_bodies bodies = {0};
	cleanup_free char *raw = table_file_read(stage->good);
	cleanup_free char *good = table_wire_read(stage, stage->good);
	char folder[TABLE_NAME_BYTES];

	(void)snprintf(folder, sizeof(folder), "%.*s",
	    (int)strcspn(stage->good, "/"), stage->good);
	table_add_wire(stage, folder, &bodies);
	table_add_wire(stage, "shared", &bodies);
	table_add_damaged(good, &bodies);
	table_add_changed(good, &bodies);
	table_add_tokens(stage, raw, &bodies);
	*ret_bodies = bodies;
}

void
table_bodies_clear(struct table_bodies *bodies)
{
	size_t at;

	for (at = 0; at < bodies->count; at++)
		free(bodies->items[at].text);
	free(bodies->items);
	*bodies = (struct table_bodies){0};
}

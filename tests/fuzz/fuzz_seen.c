/* SPDX-License-Identifier: MIT */
#include "fuzz_seen.h"

#include <json-c/json.h>
#include <json-c/json_visit.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "buffer.h"
#include "fuzz.h"
#include "fuzz_target.h"
#include "json.h"

#define TOKEN_MIN_BYTES 12
#define CLAIMS_MAX_BYTES 65536
#define SAID_MAX_BYTES ((size_t)64 << 20)
#define LETTERS                                                                \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

/* The members that are tokens. */
static const char *const token_names[] = {
    "access_token",
    "id_token",
    "refresh_token",
    "device_code",
    "mfa_token",
    "oob_code",
    "sessionToken",
    "stateToken",
    "TokenId",
};

/* One look through one text. */
struct fuzz_look {
	struct fuzz_seen *seen;
	const char *id;
};

static void fuzz_look_claims(struct fuzz_look *look, const char *token);

/* What requests hold anyway is no token, and libFuzzer learns it from them. */
static bool
fuzz_is_usual(const char *text)
{
	static const char *const usual[] = {
	    FUZZ_EMAIL,
	    "Accept: application/json",
	    "Content-Type: application/x-www-form-urlencoded",
	};
	size_t at;

	for (at = 0; at < sizeof(usual) / sizeof(*usual); at++)
		if (strstr(usual[at], text) != NULL)
			return true;
	return false;
}

static bool
fuzz_is_token(const char *name)
{
	size_t at;

	for (at = 0; at < sizeof(token_names) / sizeof(*token_names); at++)
		if (name != NULL && strcmp(token_names[at], name) == 0)
			return true;
	return false;
}

static void
fuzz_look_text(struct fuzz_look *look, const char *name, const char *text)
{
	struct fuzz_seen *seen = look->seen;

	fuzz_require(buffer_append_text(&seen->said, text) == EXTAUTH_OK &&
		buffer_append_text(&seen->said, "\n") == EXTAUTH_OK,
	    "memory");
	if (strcasecmp(text, FUZZ_EMAIL) == 0 ||
	    strcasecmp(text, FUZZ_NAME) == 0 ||
	    (*look->id != '\0' && strcmp(text, look->id) == 0))
		seen->is_user_named = true;
	if (!fuzz_is_token(name))
		return;
	if (strlen(text) >= TOKEN_MIN_BYTES && !fuzz_is_usual(text) &&
	    seen->token_count < FUZZ_TOKENS_MAX) {
		char *copy = strdup(text);

		fuzz_require(copy != NULL, "memory");
		seen->tokens[seen->token_count++] = copy;
	}
	if (strcmp(name, "id_token") == 0)
		fuzz_look_claims(look, text);
}

/* json-c gives the form of this function. */
static int
fuzz_visit(struct json_object *value, int flags, struct json_object *parent,
    const char *name, size_t *index, void *context)
{
	struct fuzz_look *look = context;

	(void)flags;
	(void)parent;
	(void)index;
	if (json_object_is_type(value, json_type_string))
		fuzz_look_text(look, name, json_object_get_string(value));
	if (json_object_is_type(value, json_type_int) && *look->id != '\0' &&
	    strcmp(json_object_to_json_string(value), look->id) == 0)
		look->seen->is_user_named = true;
	return JSON_C_VISIT_RETURN_CONTINUE;
}

static void
fuzz_look_json(struct fuzz_look *look, const char *text, size_t length)
{
	cleanup_json struct json json = {0};
	struct extauth_error ignored;

	if (json_parse(text, length, &json, &ignored) == EXTAUTH_OK)
		(void)json_c_visit(json.root, 0, fuzz_visit, look);
}

/* The part between the dots, base64url without padding. */
static void
fuzz_look_claims(struct fuzz_look *look, const char *token)
{
	cleanup_buffer struct buffer text = buffer_make(CLAIMS_MAX_BYTES);
	const char *at = strchr(token, '.');
	uint32_t bits = 0;
	unsigned count = 0;

	for (at = at != NULL ? at + 1 : ""; *at != '\0' && *at != '.'; at++) {
		const char *found = strchr(LETTERS, *at);
		char byte;

		if (found == NULL)
			return;
		bits = bits << 6 | (uint32_t)(found - LETTERS);
		count += 6;
		if (count < 8)
			continue;
		count -= 8;
		byte = (char)(unsigned char)(bits >> count);
		if (buffer_append(&text, &byte, 1) != EXTAUTH_OK)
			return;
	}
	fuzz_look_json(look, buffer_text(&text), text.length);
}

void
fuzz_seen_take(struct fuzz_seen *seen, unsigned status, const char *body,
    size_t length, const char *id)
{
	struct fuzz_look look = {.seen = seen, .id = id};

	if (seen->said.limit == 0)
		seen->said = buffer_make(SAID_MAX_BYTES);
	seen->has_success = seen->has_success || status == 200;
	fuzz_look_json(&look, body, length);
}

const char *
fuzz_seen_find(const struct fuzz_seen *seen, const char *text)
{
	size_t at;

	for (at = 0; at < seen->token_count; at++)
		if (strstr(text, seen->tokens[at]) != NULL)
			return seen->tokens[at];
	return NULL;
}

bool
fuzz_seen_said(const struct fuzz_seen *seen, const char *text)
{
	return strstr(buffer_text(&seen->said), text) != NULL;
}

void
fuzz_seen_clear(struct fuzz_seen *seen)
{
	size_t at;

	buffer_clear(&seen->said);
	for (at = 0; at < seen->token_count; at++)
		free(seen->tokens[at]);
	*seen = (struct fuzz_seen){0};
}

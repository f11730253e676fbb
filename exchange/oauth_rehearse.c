/* SPDX-License-Identifier: MIT */
#include "oauth_rehearse.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "base64url.h"
#include "json.h"

#define LIFE_S 300

static void
rehearse_free(struct json_object **object)
{
	json_object_put(*object);
}

#define cleanup_object __attribute__((cleanup(rehearse_free)))

static void
rehearse_text(struct json_object *object, const char *name, const char *text)
{
	(void)json_object_object_add(
	    object, name, json_object_new_string(text));
}

/* Puts a text where the pointer leads to, and objects on the way. */
static void
rehearse_put(struct json_object *object, const char *pointer, const char *text)
{
	while (object != NULL && *pointer == '/') {
		size_t length = strcspn(++pointer, "/");
		cleanup_free char *name = json_pointer_token(pointer, length);
		struct json_object *inner = NULL;

		if (name == NULL)
			return;
		pointer += length;
		if (*pointer == '\0') {
			rehearse_text(object, name, text);
			return;
		}
		if (!json_object_object_get_ex(object, name, &inner) ||
		    !json_object_is_type(inner, json_type_object)) {
			inner = json_object_new_object();
			(void)json_object_object_add(object, name, inner);
		}
		object = inner;
	}
}

static const char *
rehearse_identity(const struct login *login)
{
	switch (login->provider->identity_is) {
	case CONFIG_IS_EMAIL:
		return login_value(login, PLACEHOLDER_USEREMAIL);
	case CONFIG_IS_NAME:
		return login_value(login, PLACEHOLDER_USERNAME);
	case CONFIG_IS_EXTERNAL_ID:
		return login_value(login, PLACEHOLDER_USEREXTERNALID);
	}
	return "";
}

static struct json_object *
rehearse_make_claims(const struct login *login)
{
	const struct config_provider *provider = login->provider;
	const char *id = login_value(login, PLACEHOLDER_USEREXTERNALID);
	struct json_object *claims = json_object_new_object();

	if (claims == NULL)
		return NULL;
	(void)json_object_object_add(
	    claims, "active", json_object_new_boolean(true));
	rehearse_text(claims, "iss", provider->issuer);
	rehearse_text(claims, "aud", provider->client_id);
	rehearse_text(claims, "tid", provider->tenant);
	rehearse_text(claims, "sub", "SUBJECT");
	(void)json_object_object_add(
	    claims, "exp", json_object_new_int64(login->now_s + LIFE_S));
	(void)json_object_object_add(
	    claims, "email_verified", json_object_new_boolean(true));
	if (*id != '\0')
		rehearse_put(claims, provider->identity_external_id, id);
	rehearse_put(claims, provider->identity, rehearse_identity(login));
	return claims;
}

static enum extauth_err
rehearse_render(struct json_object *object, struct buffer *answer)
{
	const char *text = object == NULL
	    ? NULL
	    : json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN);

	return text == NULL ? EXTAUTH_NOMEM : buffer_append_text(answer, text);
}

enum extauth_err
oauth_rehearse_claims(const struct login *login, struct buffer *answer)
{
	cleanup_object struct json_object *claims = rehearse_make_claims(login);

	return rehearse_render(claims, answer);
}

static enum extauth_err
rehearse_id_token(const struct login *login, struct buffer *token)
{
	static const char header[] = "{\"alg\":\"none\"}";
	cleanup_buffer struct buffer claims =
	    buffer_make(RESPONSE_BODY_MAX_BYTES);
	enum extauth_err err;

	err = oauth_rehearse_claims(login, &claims);
	if (err == EXTAUTH_OK)
		err = base64url_encode(token, header, strlen(header));
	if (err == EXTAUTH_OK)
		err = buffer_append_text(token, ".");
	if (err == EXTAUTH_OK)
		err = base64url_encode(
		    token, buffer_text(&claims), claims.length);
	if (err == EXTAUTH_OK)
		err = buffer_append_text(token, ".");
	return err;
}

/* PingFederate has one for clients with a policy for it only. */
static bool
rehearse_has_id_token(const struct config_provider *provider)
{
	return strstr(provider->scope, "openid") != NULL &&
	    strcmp(provider->type, "pingfederate") != 0;
}

enum extauth_err
oauth_rehearse_tokens(const struct login *login, struct buffer *answer)
{
	cleanup_object struct json_object *tokens = json_object_new_object();
	cleanup_buffer struct buffer id_token =
	    buffer_make(RESPONSE_BODY_MAX_BYTES);
	enum extauth_err err = EXTAUTH_OK;

	if (tokens == NULL)
		return EXTAUTH_NOMEM;
	rehearse_text(tokens, "access_token", "TOKEN");
	rehearse_text(tokens, "token_type", "Bearer");
	if (rehearse_has_id_token(login->provider)) {
		err = rehearse_id_token(login, &id_token);
		rehearse_text(tokens, "id_token", buffer_text(&id_token));
	}
	return err != EXTAUTH_OK ? err : rehearse_render(tokens, answer);
}

/* SPDX-License-Identifier: MIT */
#include "oauth.h"

#include <string.h>

#include "escape.h"

void
oauth_tokens_clear(struct oauth_tokens *tokens)
{
	if (tokens == NULL)
		return;
	secret_clear(&tokens->access_token);
	secret_clear(&tokens->id_token);
}

static enum extauth_err
oauth_encode(const char *text, size_t length, struct buffer *encoded)
{
	return escape_append(encoded, ESCAPE_URL, text, length, NULL);
}

/* Name and secret are form-encoded first: a colon or a percent sign in either
 * would be read as something else. RFC 6749 2.3.1. */
static enum extauth_err
oauth_add_basic(struct draft *draft, const struct login *login)
{
	const struct secret *client_secret = login->client_secret;
	const char *client_id = login->provider->client_id;
	cleanup_buffer struct buffer name =
	    buffer_make(TEMPLATE_OUTPUT_MAX_BYTES);
	cleanup_buffer struct buffer key =
	    buffer_make(TEMPLATE_OUTPUT_MAX_BYTES);
	cleanup_secret struct secret encoded = {0};
	enum extauth_err err;

	err = oauth_encode(client_id, strlen(client_id), &name);
	if (err == EXTAUTH_OK)
		err = oauth_encode(
		    secret_reveal(client_secret), client_secret->length, &key);
	if (err == EXTAUTH_OK)
		err = secret_set(&encoded, buffer_text(&key), key.length);
	if (err == EXTAUTH_OK)
		draft_basic(draft, buffer_text(&name), &encoded);
	return err;
}

static void
oauth_add_client(struct draft *draft, const struct login *login)
{
	const struct config_provider *provider = login->provider;
	enum extauth_err err = EXTAUTH_OK;

	switch (provider->client_auth) {
	case CONFIG_CLIENT_BASIC:
		err = oauth_add_basic(draft, login);
		break;
	case CONFIG_CLIENT_BASIC_RAW:
		if (strchr(provider->client_id, ':') == NULL)
			draft_basic(
			    draft, provider->client_id, login->client_secret);
		else
			err = error_set(&draft->error, EXTAUTH_CONFIG,
			    "client_id: a colon cannot be sent with "
			    "client_auth = basic_raw");
		break;
	case CONFIG_CLIENT_POST:
		draft_field(draft, "client_id", provider->client_id);
		draft_secret_field(
		    draft, "client_secret", login->client_secret);
		break;
	case CONFIG_CLIENT_NONE:
		draft_field(draft, "client_id", provider->client_id);
		break;
	}
	if (draft->err == EXTAUTH_OK)
		draft->err = err;
}

struct draft
oauth_draft(const struct login *login, const char *url, const char *grant_type)
{
	struct draft draft = draft_make(DRAFT_FORM, url);

	if (grant_type != NULL)
		draft_field(&draft, "grant_type", grant_type);
	oauth_add_client(&draft, login);
	return draft;
}

static void
oauth_add_optional(struct draft *draft, const char *name, const char *value)
{
	if (*value != '\0')
		draft_field(draft, name, value);
}

enum extauth_err
oauth_password_step(const struct login *login, struct step *ret_step,
    struct extauth_error *error)
{
	const struct config_provider *provider = login->provider;
	cleanup_draft struct draft draft =
	    oauth_draft(login, provider->token_url, "password");

	draft_username(&draft, "username", login);
	draft_password(&draft, "password", login->password);
	oauth_add_optional(&draft, "scope", provider->scope);
	oauth_add_optional(&draft, "validator_id", provider->validator_id);
	draft_configured_fields(&draft, login, &provider->fields);
	return draft_end(&draft, ret_step, error);
}

enum extauth_err
oauth_client_step(const struct login *login, struct step *ret_step,
    struct extauth_error *error)
{
	const struct config_provider *provider = login->provider;
	cleanup_draft struct draft draft =
	    oauth_draft(login, provider->token_url, "client_credentials");

	oauth_add_optional(&draft, "scope", provider->scope);
	return draft_end(&draft, ret_step, error);
}

enum extauth_err
oauth_userinfo_step(const struct login *login,
    const struct secret *access_token, struct step *ret_step,
    struct extauth_error *error)
{
	cleanup_draft struct draft draft =
	    draft_make(DRAFT_NONE, login->provider->userinfo_url);

	draft_secret_header(&draft, "Authorization", "Bearer ", access_token);
	return draft_end(&draft, ret_step, error);
}

enum extauth_err
oauth_introspection_step(const struct login *login,
    const struct secret *access_token, struct step *ret_step,
    struct extauth_error *error)
{
	cleanup_draft struct draft draft =
	    oauth_draft(login, login->provider->introspection_url, NULL);

	draft_secret_field(&draft, "token", access_token);
	draft_field(&draft, "token_type_hint", "access_token");
	return draft_end(&draft, ret_step, error);
}

enum extauth_err
oauth_accept(const struct login *login, const struct oauth_tokens *tokens,
    unsigned http_status, struct step *ret_step)
{
	const struct secret *token = &tokens->access_token;
	enum extauth_err err = EXTAUTH_OK;

	if (login->provider->export_token[0] != '\0')
		err = secret_set(&ret_step->outcome.token, secret_reveal(token),
		    token->length);
	if (err != EXTAUTH_OK)
		return err;
	step_verdict(ret_step, VERDICT_ACCEPTED, http_status, "");
	return EXTAUTH_OK;
}

/* SPDX-License-Identifier: MIT */
#include "provider_okta_internal.h"

#include <stdio.h>
#include <string.h>

#include "origin.h"

/* Names the server of a link that is not followed. */
#define ORIGIN_SHOWN_BYTES 100

struct draft
okta_draft(const struct login *login, const char *path)
{
	cleanup_buffer struct buffer url =
	    buffer_make(TEMPLATE_OUTPUT_MAX_BYTES);
	const char *base = config_provider_base(login->provider);
	size_t length = strlen(base);
	struct draft draft;
	enum extauth_err err;

	while (length > 0 && base[length - 1] == '/')
		length--;
	err = buffer_append(&url, base, length);
	if (err == EXTAUTH_OK)
		err = buffer_append_text(&url, path);
	draft = draft_make(DRAFT_JSON, buffer_text(&url));
	if (err != EXTAUTH_OK)
		draft.err = err;
	return draft;
}

void
okta_trust(struct draft *draft, const struct login *login)
{
	const char *address = login_value(login, PLACEHOLDER_DEVICEIP);

	if (login->api_token->length == 0)
		return;
	draft_secret_header(draft, "Authorization", "SSWS ", login->api_token);
	if (*address != '\0')
		draft_header(draft, "X-Forwarded-For", address);
}

enum extauth_err
okta_authn_step(
    struct login *login, struct step *ret_step, struct extauth_error *error)
{
	cleanup_draft struct draft draft = okta_draft(login, "/api/v1/authn");

	okta_trust(&draft, login);
	draft_username(&draft, "username", login);
	draft_password(&draft, "password", login->password);
	draft_open(&draft, "options");
	draft_literal(&draft, "multiOptionalFactorEnroll", "false");
	draft_literal(&draft, "warnBeforePasswordExpired", "true");
	draft_close(&draft);
	login->state = OKTA_AUTHN_SENT;
	return draft_end(&draft, ret_step, error);
}

struct draft
okta_state_draft(const struct login *login, const char *url)
{
	const struct okta_memory *memory = login->memory;
	struct draft draft =
	    *url == '/' ? okta_draft(login, url) : draft_make(DRAFT_JSON, url);

	draft_secret_field(&draft, "stateToken", &memory->state_token);
	return draft;
}

enum extauth_err
okta_state_step(const struct login *login, const char *url,
    struct step *ret_step, struct extauth_error *error)
{
	cleanup_draft struct draft draft = okta_state_draft(login, url);

	return draft_end(&draft, ret_step, error);
}

/* How much of a URL is scheme, host and port. */
static int
okta_origin_length(const char *url)
{
	const char *host = strstr(url, "://");
	size_t length = host != NULL
	    ? (size_t)(host + 3 - url) + strcspn(host + 3, "/?#")
	    : 0;

	return length < ORIGIN_SHOWN_BYTES ? (int)length : ORIGIN_SHOWN_BYTES;
}

bool
okta_take_link(const struct login *login, const struct answer *answer,
    const char *pointer, char url[OKTA_URL_BYTES],
    struct login_outcome *outcome)
{
	const char *link = answer_text(answer, pointer);

	if (*link == '\0')
		return true;
	if (strlen(link) >= OKTA_URL_BYTES ||
	    !origin_is_same(link, config_provider_base(login->provider))) {
		judge_set(outcome, VERDICT_MISCONFIGURED,
		    "a link leads to %.*s, which is not url",
		    okta_origin_length(link), link);
		return false;
	}
	(void)snprintf(url, OKTA_URL_BYTES, "%s", link);
	return true;
}

enum extauth_err
okta_take_state_token(struct okta_memory *memory, const struct answer *answer)
{
	const char *token = answer_text(answer, "/stateToken");

	if (*token == '\0')
		return memory->state_token.length > 0 ? EXTAUTH_OK
						      : EXTAUTH_NOTFOUND;
	return secret_set(&memory->state_token, token, strlen(token));
}

void
okta_forget(void *memory)
{
	struct okta_memory *okta = memory;

	secret_clear(&okta->state_token);
	secret_clear(&okta->mfa_token);
	secret_clear(&okta->oob_code);
}

static enum extauth_err
okta_append_value(struct buffer *answer, const char *before, const char *value)
{
	enum extauth_err err = buffer_append_text(answer, before);

	if (err == EXTAUTH_OK)
		err = escape_append(
		    answer, ESCAPE_JSON, value, strlen(value), NULL);
	return err;
}

enum extauth_err
okta_rehearse_state(
    const struct login *login, const char *status, struct buffer *answer)
{
	const char *id = login_value(login, PLACEHOLDER_USEREXTERNALID);
	enum placeholder which = login->provider->identity_is == CONFIG_IS_EMAIL
	    ? PLACEHOLDER_USEREMAIL
	    : PLACEHOLDER_USERNAME;
	enum extauth_err err;

	err = okta_append_value(answer, "{\"status\":\"", status);
	if (err == EXTAUTH_OK)
		err = okta_append_value(answer,
		    "\",\"stateToken\":\"TOKEN\",\"sessionToken\":\"TOKEN\","
		    "\"_embedded\":{\"user\":{\"id\":\"",
		    *id != '\0' ? id : "00u1");
	if (err == EXTAUTH_OK)
		err = okta_append_value(answer, "\",\"profile\":{\"login\":\"",
		    login_value(login, which));
	if (err == EXTAUTH_OK)
		err = buffer_append_text(answer, "\"}}}}");
	return err;
}

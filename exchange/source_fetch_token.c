/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "identity.h"
#include "oauth.h"
#include "source_fetch_internal.h"

/* A token is not used in its last minute: it has a way to go, and a page may
 * be tried again. */
#define TOKEN_MARGIN_S 60

static bool
fetch_has_authorization(const struct config_provider *access)
{
	size_t at;

	for (at = 0; at < access->headers.count; at++)
		if (identity_equal(
			access->headers.items[at].name, "Authorization"))
			return true;
	return false;
}

bool
source_fetch_has_client(const struct source_run *run)
{
	const struct config_provider *access = &run->source->access;

	return *access->client_id != '\0' && *access->token_url != '\0' &&
	    !fetch_has_authorization(access);
}

bool
source_fetch_needs_token(
    const struct source_run *run, const struct source_fetch *fetch)
{
	return source_fetch_has_client(run) &&
	    (fetch->token.length == 0 ||
		(fetch->token_until_s != 0 &&
		    run->login->now_s >= fetch->token_until_s));
}

void
source_fetch_forget_token(struct source_fetch *fetch)
{
	secret_clear(&fetch->token);
	fetch->token_until_s = 0;
}

bool
source_fetch_take_token(const struct source_run *run,
    struct source_fetch *fetch, const struct answer *answer,
    struct login_outcome *outcome)
{
	struct oauth_tokens tokens = {0};
	int64_t seconds;

	source_fetch_forget_token(fetch);
	if (!oauth_take_tokens(answer, &tokens, outcome)) {
		judge_blame_client(outcome);
		(void)judge_hide_secrets(run->login, answer, outcome);
		return false;
	}
	fetch->token = tokens.access_token;
	tokens.access_token = (struct secret){0};
	oauth_tokens_clear(&tokens);
	if (json_number(&answer->json, "/expires_in", &seconds) &&
	    seconds > 0 && seconds < INT32_MAX)
		fetch->token_until_s = run->login->now_s +
		    (seconds > TOKEN_MARGIN_S ? seconds - TOKEN_MARGIN_S : 1);
	return true;
}

static void
fetch_add_basic(const struct source_run *run, struct draft *draft)
{
	const char *username = run->source->username;

	if (strchr(username, ':') == NULL)
		draft_basic(draft, username, run->login->api_token);
	else if (draft->err == EXTAUTH_OK)
		draft->err = error_set(&draft->error, EXTAUTH_CONFIG,
		    "username: a colon cannot be sent by HTTP Basic");
}

void
source_fetch_add_who(const struct source_run *run,
    const struct source_fetch *fetch, struct draft *draft)
{
	const struct config_provider *access = &run->source->access;
	bool is_okta = strcmp(run->source->type, "okta") == 0;

	draft_configured_headers(draft, run->login, &access->headers);
	if (fetch_has_authorization(access))
		return;
	if (*run->source->username != '\0')
		fetch_add_basic(run, draft);
	else if (fetch->token.length > 0)
		draft_secret_header(
		    draft, "Authorization", "Bearer ", &fetch->token);
	else if (run->login->api_token->length > 0)
		draft_secret_header(draft, "Authorization",
		    is_okta ? "SSWS " : "Bearer ", run->login->api_token);
}

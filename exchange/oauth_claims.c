/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base64url.h"
#include "oauth.h"
#include "person.h"

#define SKEW_PAST_S 60    /* of a clock behind the server's */
#define SKEW_FUTURE_S 300 /* of one ahead */
#define TOKEN_PARTS 3
#define POINTER_BYTES 48

static bool
oauth_refuse_token(struct login_outcome *outcome, const char *reason)
{
	judge_set(outcome, VERDICT_REJECTED, "id_token: %s", reason);
	return false;
}

/* Decodes one part of the token, which ends at a dot or with the text, into
 * `part`, and moves `*text` behind it. */
static enum extauth_err
oauth_read_part(const char **text, bool is_last, struct buffer *part)
{
	size_t length = strcspn(*text, ".");
	enum extauth_err err;

	if (((*text)[length] == '\0') != is_last)
		return EXTAUTH_INVALID;
	err = base64url_decode(part, *text, length);
	if (err != EXTAUTH_OK)
		return err;
	*text += is_last ? length : length + 1;
	return EXTAUTH_OK;
}

/* Header, claims and signature; the first is not looked at, the last may be
 * empty. RFC 7515 3.1. */
static enum extauth_err
oauth_parse_token(const struct secret *id_token, struct json *ret_claims)
{
	const char *text = secret_reveal(id_token);
	struct extauth_error ignored;
	unsigned at;

	for (at = 0; at < TOKEN_PARTS; at++) {
		cleanup_buffer struct buffer part =
		    buffer_make(SECRET_MAX_BYTES);
		enum extauth_err err =
		    oauth_read_part(&text, at == TOKEN_PARTS - 1, &part);

		if (err == EXTAUTH_OK && at == 1)
			err = json_parse(buffer_text(&part), part.length,
			    ret_claims, &ignored);
		if (err != EXTAUTH_OK)
			return err;
	}
	return EXTAUTH_OK;
}

static bool
oauth_is_string(
    const struct json *claims, const char *pointer, const char *wanted)
{
	const char *found = json_string(claims, pointer);

	return found != NULL && strcmp(found, wanted) == 0;
}

/* One audience, or a list with the client among others. */
static bool
oauth_is_audience(const struct json *claims, const char *client_id)
{
	size_t count = json_length(claims, "/aud");
	size_t at;

	for (at = 0; at < count; at++) {
		char pointer[POINTER_BYTES];

		(void)snprintf(pointer, sizeof(pointer), "/aud/%zu", at);
		if (oauth_is_string(claims, pointer, client_id))
			return true;
	}
	return oauth_is_string(claims, "/aud", client_id);
}

/* Not there, or a time that has come. */
static bool
oauth_has_begun(
    const struct login *login, const struct json *claims, const char *pointer)
{
	int64_t time_s;

	return !json_has(claims, pointer) ||
	    (json_number(claims, pointer, &time_s) &&
		time_s <= login->now_s + SKEW_FUTURE_S);
}

static bool
oauth_check_claims(const struct login *login, const struct json *claims,
    const char *issuer, struct login_outcome *outcome)
{
	const char *client_id = login->provider->client_id;
	int64_t end_s;

	if (!json_is_object(claims, ""))
		return oauth_refuse_token(outcome, "its claims are no object");
	if (issuer != NULL && !oauth_is_string(claims, "/iss", issuer))
		return oauth_refuse_token(
		    outcome, "iss is not the configured issuer");
	if (!oauth_is_audience(claims, client_id))
		return oauth_refuse_token(outcome, "aud is not this client");
	if (json_has(claims, "/azp") &&
	    !oauth_is_string(claims, "/azp", client_id))
		return oauth_refuse_token(outcome, "azp is not this client");
	if (!json_number(claims, "/exp", &end_s))
		return oauth_refuse_token(outcome, "exp is no time");
	if (end_s <= login->now_s - SKEW_PAST_S)
		return oauth_refuse_token(
		    outcome, "it has expired; is the clock right?");
	if (!oauth_has_begun(login, claims, "/nbf") ||
	    !oauth_has_begun(login, claims, "/iat"))
		return oauth_refuse_token(
		    outcome, "it is of a time to come; is the clock right?");
	return true;
}

bool
oauth_read_claims(const struct login *login, const struct secret *id_token,
    const char *issuer, struct json *ret_claims, struct login_outcome *outcome)
{
	cleanup_json struct json claims = {0};
	enum extauth_err err = oauth_parse_token(id_token, &claims);

	if (err == EXTAUTH_NOMEM) {
		judge_set(outcome, VERDICT_UNAVAILABLE, "no memory");
		return false;
	}
	if (err != EXTAUTH_OK)
		return oauth_refuse_token(outcome, "it is no JSON Web Token");
	if (!oauth_check_claims(login, &claims, issuer, outcome))
		return false;
	*ret_claims = claims;
	claims = (struct json){0};
	return true;
}

/* Anybody can write somebody else's address into his profile. */
bool
oauth_is_asked(const struct login *login, const struct json *claims,
    struct login_outcome *outcome)
{
	const struct config_provider *provider = login->provider;

	if (strcmp(provider->identity, "/email") == 0 &&
	    provider->identity_is == CONFIG_IS_EMAIL &&
	    json_has(claims, "/email_verified") &&
	    !json_is_true(claims, "/email_verified") &&
	    !oauth_is_string(claims, "/email_verified", "true")) {
		judge_set(outcome, VERDICT_REJECTED,
		    "the e-mail address is not verified");
		return false;
	}
	return person_is_configured(login, claims, outcome);
}

/* SPDX-License-Identifier: MIT */
/* OAuth 2.0 and OpenID Connect, as far as providers share them: the token
 * request, what its answers mean, whose token it is. RFC 6749, RFC 7662, RFC
 * 8628, OpenID Connect Core 1.0.
 * Does not know: which provider asks, and in what order. */
#ifndef EXTAUTH_OAUTH_H
#define EXTAUTH_OAUTH_H

#include "draft.h"
#include "judge.h"

/* What a token endpoint gave. {0} is none. */
struct oauth_tokens {
	struct secret access_token;
	struct secret id_token;
};

void oauth_tokens_clear(struct oauth_tokens *tokens);

/* Begins a form for the token endpoint, or another one that knows the client:
 * grant_type (NULL: none) and the client's authentication as client_auth says.
 * RFC 6749 2.3.1. */
struct draft oauth_draft(
    const struct login *login, const char *url, const char *grant_type);

/* The password grant: `username` and password of the login, scope, the
 * configured fields. EXTAUTH_INVALID for a name that cannot be sent. */
EXTAUTH_CHECKED enum extauth_err oauth_password_step(const struct login *login,
    struct step *ret_step, struct extauth_error *error);

/* The client credentials grant. RFC 6749 4.4. */
EXTAUTH_CHECKED enum extauth_err oauth_client_step(const struct login *login,
    struct step *ret_step, struct extauth_error *error);

/* Judges an answer of any endpoint: status 200 with a JSON object that has no
 * `error` is true. Else false with the verdict in `*outcome`; its reason holds
 * the server's own `error` and error_description, if there is no address in
 * it. */
bool oauth_is_answered(
    const struct answer *answer, struct login_outcome *outcome);

/* Judges the answer of a token endpoint. Status 200 with an access_token and
 * token_type Bearer: true, and `*ret_tokens` is the caller's. Else false with
 * the verdict in `*outcome`; its reason holds the provider's own `error` and
 * error_description. Never sets ACCEPTED. RFC 6749 5. */
bool oauth_take_tokens(const struct answer *answer,
    struct oauth_tokens *ret_tokens, struct login_outcome *outcome);

/* Judges an error of an endpoint that is asked as a client (client credentials,
 * introspection, device authorization): no refusal of a person; a REJECTED of
 * the password grant's table is MISCONFIGURED. */
void oauth_judge_client(
    const struct answer *answer, struct login_outcome *outcome);

/* Ends a login with the refusal in `*outcome`, sorted by the conditions of the
 * provider; nothing of an answer that repeats a secret is in the reason. */
void oauth_refuse(const struct login *login, const struct answer *answer,
    struct login_outcome *outcome, struct step *ret_step);

/* Reads the claims of an id_token that came straight from the token endpoint,
 * so that its signature need not be checked (OpenID Connect Core 3.1.3.7), and
 * checks iss (`issuer`; NULL: any), aud (the client), exp, nbf and iat. Returns
 * false with the refusal in `*outcome`. `*ret_claims` is the caller's. */
bool oauth_read_claims(const struct login *login, const struct secret *id_token,
    const char *issuer, struct json *ret_claims, struct login_outcome *outcome);

/* Tells whether claims are about the asked user: person_is_configured, and no
 * `email_verified: false` where the e-mail is compared. */
bool oauth_is_asked(const struct login *login, const struct json *claims,
    struct login_outcome *outcome);

/* The request to the userinfo endpoint, and to introspection. RFC 7662 2.1. */
EXTAUTH_CHECKED enum extauth_err oauth_userinfo_step(const struct login *login,
    const struct secret *access_token, struct step *ret_step,
    struct extauth_error *error);
EXTAUTH_CHECKED enum extauth_err oauth_introspection_step(
    const struct login *login, const struct secret *access_token,
    struct step *ret_step, struct extauth_error *error);

/* Ends a login that was found to be right: ACCEPTED, with the access token
 * where export_token wants it. */
EXTAUTH_CHECKED enum extauth_err oauth_accept(const struct login *login,
    const struct oauth_tokens *tokens, unsigned http_status,
    struct step *ret_step);

#endif

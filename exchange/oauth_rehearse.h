/* SPDX-License-Identifier: MIT */
/* The answers of an authorization server that is not there, for a run without a
 * network: about the user of the login, with made-up tokens.
 * Does not know: what a real answer proves. */
#ifndef EXTAUTH_OAUTH_REHEARSE_H
#define EXTAUTH_OAUTH_REHEARSE_H

#include "machine.h"

/* Appends the claims that oauth_read_claims and oauth_is_asked look for, as one
 * JSON object: userinfo, and an active introspection too. EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err oauth_rehearse_claims(
    const struct login *login, struct buffer *answer);

/* Appends the answer of a token endpoint, with an id_token where the scope asks
 * for one. EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err oauth_rehearse_tokens(
    const struct login *login, struct buffer *answer);

#endif

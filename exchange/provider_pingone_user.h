/* SPDX-License-Identifier: MIT */
/* The first two requests of every job at PingOne: the token of the worker
 * application, and the user that it looks up.
 * Does not know: what is done with the user. */
#ifndef EXTAUTH_PROVIDER_PINGONE_USER_H
#define EXTAUTH_PROVIDER_PINGONE_USER_H

#include "oauth.h"

#define PINGONE_ID_BYTES 65

/* login->state: what is waited for. */
enum pingone_state {
	PINGONE_TOKEN = 0,
	PINGONE_USER,
	PINGONE_PASSWORD,
};

/* login->memory. */
struct pingone_memory {
	struct oauth_tokens tokens;
	char user_id[PINGONE_ID_BYTES];
};

/* For struct provider. */
void pingone_forget(void *memory);
EXTAUTH_CHECKED enum extauth_err pingone_rehearse(
    const struct login *login, struct buffer *answer);
EXTAUTH_CHECKED enum extauth_err pingone_start(
    struct login *login, struct step *ret_step, struct extauth_error *error);

/* Takes the token and asks for the user; or gives the verdict. */
EXTAUTH_CHECKED enum extauth_err pingone_ask_user(struct login *login,
    const struct answer *answer, struct step *ret_step,
    struct extauth_error *error);

/* What a look-up came to. */
enum pingone_found {
	PINGONE_FAILED = 0, /* it says nothing about the user */
	PINGONE_NOBODY,     /* not one user, or not the registered one */
	PINGONE_FOUND,
};

/* Judges the answer to the look-up: exactly one user, by our own comparison,
 * with a usable id and the registered one. PINGONE_FOUND keeps the id and gives
 * the place in the list; else the verdict is in `*outcome`. */
enum pingone_found pingone_take_user(struct login *login,
    const struct answer *answer, size_t *ret_at, struct login_outcome *outcome);

/* Begins a request about the found user's password, with the media type that
 * says what is to be done with it. */
struct draft pingone_password_draft(
    const struct login *login, const char *media_type);

#endif

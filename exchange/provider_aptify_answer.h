/* SPDX-License-Identifier: MIT */
/* What Aptify's answers say: whether a password was right, whose it is.
 * Does not know: what is asked next. */
#ifndef EXTAUTH_PROVIDER_APTIFY_ANSWER_H
#define EXTAUTH_PROVIDER_APTIFY_ANSWER_H

#include "judge.h"

#define APTIFY_ID_BYTES 256

/* Tells whether the answer to the login proves the password: status 200, a JSON
 * object without ErrorInfo, with a TokenId that can be sent. Else false with
 * the verdict in `*outcome`, and Aptify's own text for the person. */
bool aptify_is_logged_in(
    const struct answer *answer, struct login_outcome *outcome);

/* Copies the TokenId of such an answer. EXTAUTH_TOOBIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err aptify_take_token(
    const struct answer *answer, struct secret *token);

/* Tells whether the object at `base` ("" for the whole) is about the asked
 * user: by Email or UserName, and by UserId where the user is registered with
 * one. Else false with a refusal. */
bool aptify_is_asked(const struct login *login, const struct answer *answer,
    const char *base, struct login_outcome *outcome);

/* Copies the UserId of the object at `base` into `id` of APTIFY_ID_BYTES; ""
 * where there is none. False, with a refusal, for one that is no id. */
bool aptify_take_id(const struct answer *answer, const char *base, char *id,
    struct login_outcome *outcome);

/* Makes `*outcome` the grant, with the ids for the log. */
void aptify_accept(const struct answer *answer, struct login_outcome *outcome);

/* Tells whether UserInformation is about the asked user, and about the
 * `user_id` of the login. Else false with the verdict in `*outcome`. */
bool aptify_is_confirmed(const struct login *login, const struct answer *answer,
    const char *user_id, struct login_outcome *outcome);

#endif

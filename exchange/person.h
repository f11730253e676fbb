/* SPDX-License-Identifier: MIT */
/* Whether an answer is about the person who was asked for: addresses and names
 * are given to new people, ids are not.
 * Does not know: providers, where the answer came from. */
#ifndef EXTAUTH_PERSON_H
#define EXTAUTH_PERSON_H

#include "json.h"
#include "machine.h"

/* Compares the registered user with what stands at `identity` in the answer,
 * taken as `is`: e-mails and names without case, ids byte by byte. Returns true
 * if it was there and the same; else false with a refusal in `*outcome`. A NULL
 * or empty pointer is not looked at, and true. */
bool person_is_named(const struct login *login, const struct json *answer,
    const char *identity, enum config_identity_is is,
    struct login_outcome *outcome);

/* Compares the registered external id with what stands at `external_id`: byte
 * by byte, a number as its digits. Returns true if both are the same, or one of
 * them is not there; else false with a refusal in `*outcome`. A NULL or empty
 * pointer is not looked at, and true. */
bool person_has_id(const struct login *login, const struct json *answer,
    const char *external_id, struct login_outcome *outcome);

/* Both, by the keys identity, identity_is and identity_external_id of the
 * provider. */
bool person_is_configured(const struct login *login, const struct json *answer,
    struct login_outcome *outcome);

#endif

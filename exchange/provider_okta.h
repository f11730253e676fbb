/* SPDX-License-Identifier: MIT */
/* Okta: the primary authentication API with its factors (okta_api = authn), or
 * the token endpoint with direct authentication (okta_api = token); the reset
 * mail; the change of a password.
 * Does not know: how a request is sent, what a person sees. */
#ifndef EXTAUTH_PROVIDER_OKTA_H
#define EXTAUTH_PROVIDER_OKTA_H

#include "machine.h"

/* Lends the machine of a login. Static. */
const struct provider *provider_okta(void);

/* Lends the machine that asks for a reset mail. Its verdict is never ACCEPTED:
 * REJECTED with HTTP status 200 means that the mail was asked for, which Okta
 * says of users that it does not know as well. Static. */
const struct provider *provider_okta_forgot(void);

/* Lends the machine that changes a password; ACCEPTED: it was changed. With an
 * API token any password, without one only a password that has expired or is
 * about to. Static. */
const struct provider *provider_okta_change(void);

#endif

/* SPDX-License-Identifier: MIT */
/* The reset mail: one GET of forgot_password_url.
 * Does not know: the password, headers or credentials of a login. */
#ifndef EXTAUTH_PROVIDER_FORGOT_H
#define EXTAUTH_PROVIDER_FORGOT_H

#include "machine.h"

/* Lends the machine. Its verdict is never ACCEPTED: REJECTED with HTTP status
 * 200 means that the mail was asked for. Static. */
const struct provider *provider_forgot(void);

#endif

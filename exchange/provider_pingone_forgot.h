/* SPDX-License-Identifier: MIT */
/* PingOne's reset mail: a worker application has it sent to a user.
 * Does not know: the password, what the mail says. */
#ifndef EXTAUTH_PROVIDER_PINGONE_FORGOT_H
#define EXTAUTH_PROVIDER_PINGONE_FORGOT_H

#include "machine.h"

/* Lends the machine. Its verdict is never ACCEPTED: REJECTED with HTTP status
 * 200 means that the mail was asked for, or that PingOne has no such user or
 * none to whom it can be sent: nobody is to tell these apart, but the log's
 * reason does. Static. */
const struct provider *provider_pingone_forgot(void);

#endif

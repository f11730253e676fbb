/* SPDX-License-Identifier: MIT */
/* PingOne: a worker application gets a token, looks the user up and has his
 * password checked.
 * Does not know: how a worker application is authorised, which users there are.
 *
 * A status of 200 is a grant only with `"status": "OK"` in it: a password that
 * is right and has to be changed is answered 200 as well. The password is sent
 * for a user alone who was found, is the asked one and may log in. */
#ifndef EXTAUTH_PROVIDER_PINGONE_H
#define EXTAUTH_PROVIDER_PINGONE_H

#include "machine.h"

/* Lends the machine. Static. */
const struct provider *provider_pingone(void);

#endif

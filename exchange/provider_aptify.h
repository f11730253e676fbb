/* SPDX-License-Identifier: MIT */
/* Aptify's services: a login whose answer holds a TokenId, a question with that
 * token about whom it belongs to, and a logout.
 * Does not know: which login providers a server has.
 *
 * The password is proven by the login alone. UserInformation answers for
 * whoever holds a token, so it is asked with the fresh one only, and can refuse
 * a login but never grant one. No cookie is kept, no session stays behind. */
#ifndef EXTAUTH_PROVIDER_APTIFY_H
#define EXTAUTH_PROVIDER_APTIFY_H

#include "machine.h"

/* Lends the machine. Static. */
const struct provider *provider_aptify(void);

#endif

/* SPDX-License-Identifier: MIT */
/* The type oauth2, and pingfederate and entra's device grant by their own keys:
 * a token by the password or the device grant, and a look at whose it is.
 * Does not know: what the endpoints of these types are; that is configuration.
 *
 * A token alone proves somebody: the grant is for the asked user only, by the
 * id_token, userinfo or introspection. Only identity_from = none lets the
 * password grant do without, and never the device grant, where whoever reads
 * the code may approve. With identity_from = auto an id_token that lacks the
 * claim leads on to userinfo, where there is one. */
#ifndef EXTAUTH_PROVIDER_OAUTH2_H
#define EXTAUTH_PROVIDER_OAUTH2_H

#include "machine.h"

/* Lends the machine. Static. */
const struct provider *provider_oauth2(void);

#endif

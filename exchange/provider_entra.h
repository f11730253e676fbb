/* SPDX-License-Identifier: MIT */
/* The type entra: the password grant of Microsoft Entra ID, and what its codes
 * mean.
 * Does not know: the device grant, which is provider_oauth2's.
 *
 * The codes may change: one that is not known refuses. They only sort refusals;
 * a grant needs tokens, and an id_token about the asked user. */
#ifndef EXTAUTH_PROVIDER_ENTRA_H
#define EXTAUTH_PROVIDER_ENTRA_H

#include "machine.h"

/* Lends the machine. Static. */
const struct provider *provider_entra(void);

#endif

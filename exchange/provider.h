/* SPDX-License-Identifier: MIT */
/* The table of machines.
 * Does not know: what they do. */
#ifndef EXTAUTH_PROVIDER_H
#define EXTAUTH_PROVIDER_H

#include "machine.h"

/* Lends the machine of a provider for a LOGIN, FORGOT or CHANGE frame, or NULL
 * if its type has none for that. */
const struct provider *provider_find(
    const struct config_provider *provider, enum frame_type job);

#endif

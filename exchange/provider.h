/* SPDX-License-Identifier: MIT */
/* The table of machines.
 * Does not know: what they do. */
#ifndef EXTAUTH_PROVIDER_H
#define EXTAUTH_PROVIDER_H

#include "machine.h"

/* Lends the machine of a provider's type for a LOGIN or FORGOT frame, or NULL
 * if there is none. */
const struct provider *provider_find(const char *type, enum frame_type job);

#endif

/* SPDX-License-Identifier: MIT */
/* The source of type pingone: the users and groups of a PingOne environment, by
 * its Management API.
 * Does not know: HTTP, the registry. */
#ifndef EXTAUTH_SOURCE_PINGONE_H
#define EXTAUTH_SOURCE_PINGONE_H

#include "source_machine.h"

extern const struct source source_pingone;

#endif

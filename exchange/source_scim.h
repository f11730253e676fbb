/* SPDX-License-Identifier: MIT */
/* The source of type scim: SCIM 2.0. RFC 7643, RFC 7644, RFC 9865.
 * Does not know: HTTP, the registry. */
#ifndef EXTAUTH_SOURCE_SCIM_H
#define EXTAUTH_SOURCE_SCIM_H

#include "source_machine.h"

extern const struct source source_scim;

#endif

/* SPDX-License-Identifier: MIT */
/* The source of type entra: the users and groups of a Microsoft Entra tenant,
 * by Microsoft Graph 1.0.
 * Does not know: HTTP, the registry. */
#ifndef EXTAUTH_SOURCE_ENTRA_H
#define EXTAUTH_SOURCE_ENTRA_H

#include "source_machine.h"

extern const struct source source_entra;

#endif

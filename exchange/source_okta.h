/* SPDX-License-Identifier: MIT */
/* The source of type okta: the users and groups of an Okta organisation, by its
 * Management API.
 * Does not know: HTTP, the registry. */
#ifndef EXTAUTH_SOURCE_OKTA_H
#define EXTAUTH_SOURCE_OKTA_H

#include "source_machine.h"

extern const struct source source_okta;

#endif

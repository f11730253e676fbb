/* SPDX-License-Identifier: MIT */
/* The source of type rest: any JSON list of people.
 * Does not know: HTTP, the registry. */
#ifndef EXTAUTH_SOURCE_REST_H
#define EXTAUTH_SOURCE_REST_H

#include "source_machine.h"

extern const struct source source_rest;

#endif

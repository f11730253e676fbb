/* SPDX-License-Identifier: MIT */
/* Which machine reads which type of source.
 * Does not know: what the machines do. */
#ifndef EXTAUTH_SOURCE_H
#define EXTAUTH_SOURCE_H

#include "source_machine.h"

/* Lends the machine of a source's type, or NULL. */
const struct source *source_find(const struct config_source *source);

#endif

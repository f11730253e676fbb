/* SPDX-License-Identifier: MIT */
/* The source of type csv: a file of comma-separated values, local or from a
 * URL. RFC 4180.
 * Does not know: HTTP, the registry. */
#ifndef EXTAUTH_SOURCE_CSV_H
#define EXTAUTH_SOURCE_CSV_H

#include "source_machine.h"

extern const struct source source_csv;

#endif

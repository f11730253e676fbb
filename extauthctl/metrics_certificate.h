/* SPDX-License-Identifier: MIT */
/* Until when the certificates of a file are good.
 * Does not know: whose they are, and whether they are trusted. */
#ifndef EXTAUTHCTL_METRICS_CERTIFICATE_H
#define EXTAUTHCTL_METRICS_CERTIFICATE_H

#include <stdint.h>

#include "error.h"

/* Reads a file of PEM certificates: the end, in seconds since 1970, of the one
 * that ends first. EXTAUTH_UNAVAILABLE if it cannot be read, EXTAUTH_INVALID if
 * no certificate is in it. RFC 7468, RFC 5280 4.1.2.5. */
EXTAUTH_CHECKED enum extauth_err metrics_certificate_end(
    const char *path, int64_t *ret_end_s);

#endif

/* SPDX-License-Identifier: MIT */
/* Names into addresses, in the calling thread, in the form that libcurl takes.
 * Does not know: URLs. */
#ifndef EXTAUTH_RESOLVE_H
#define EXTAUTH_RESOLVE_H

#include <stdint.h>

#include "buffer.h"

/* Appends `host:port:address,address` with IPv6 addresses in brackets, and
 * nothing if `host` is an address already. EXTAUTH_UNAVAILABLE with the reason
 * in `error` if the name has no address now; EXTAUTH_TOOBIG, EXTAUTH_NOMEM.
 * getaddrinfo(3). */
EXTAUTH_CHECKED enum extauth_err resolve_host(const char *host,
    const char *port, struct buffer *entry, struct extauth_error *error);

#endif

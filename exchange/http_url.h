/* SPDX-License-Identifier: MIT */
/* The host of a URL, looked up.
 * Does not know: transfers. */
#ifndef EXTAUTH_HTTP_URL_H
#define EXTAUTH_HTTP_URL_H

#include <stdbool.h>

#include "buffer.h"

/* Appends what CURLOPT_RESOLVE takes for the host of a server's or a proxy's
 * URL, and nothing if it is an address. EXTAUTH_CONFIG for what is no URL, else
 * as resolve_host. */
EXTAUTH_CHECKED enum extauth_err http_url_resolve(const char *url,
    bool is_proxy, struct buffer *entry, struct extauth_error *error);

#endif

/* SPDX-License-Identifier: MIT */
/* Every libcurl option that is the same for all transfers of a client, each set
 * on purpose.
 * Does not know: requests. */
#ifndef EXTAUTH_HTTP_OPTIONS_H
#define EXTAUTH_HTTP_OPTIONS_H

#include <curl/curl.h>

#include "http.h"

/* Sets them. EXTAUTH_CONFIG with the name of what libcurl refuses in `error`,
 * EXTAUTH_NOMEM. curl_easy_setopt(3). */
EXTAUTH_CHECKED enum extauth_err http_options_set(CURL *easy,
    const struct http_settings *settings, struct extauth_error *error);

#endif

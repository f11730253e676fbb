/* SPDX-License-Identifier: MIT */
/* A request in the form in which libcurl takes it.
 * Does not know: transfers. */
#ifndef EXTAUTH_HTTP_REQUEST_H
#define EXTAUTH_HTTP_REQUEST_H

#include <curl/curl.h>

#include "request.h"

/* Appends the header lines to `*list`, and lines that take away what libcurl
 * would add by itself. Whatever comes of it, the list is the caller's
 * (curl_slist_free_all). EXTAUTH_TOOBIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err http_request_headers(
    const struct request *request, struct curl_slist **list);

/* How many bytes of body an answer may have. */
size_t http_request_body_max(const struct request *request);

/* Sets method, URL, body, the user of HTTP Basic and the longest answer. The
 * request is borrowed until the transfer is over. */
CURLcode http_request_set(CURL *easy, const struct request *request);

/* Checks that libcurl can send the request as it is meant. EXTAUTH_INVALID with
 * the reason in `error`. */
EXTAUTH_CHECKED enum extauth_err http_request_check(
    const struct request *request, struct extauth_error *error);

#endif

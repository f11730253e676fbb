/* SPDX-License-Identifier: MIT */
/* Why a transfer failed, in the words of a log line.
 * Does not know: requests, verdicts. */
#ifndef EXTAUTH_HTTP_FAILURE_H
#define EXTAUTH_HTTP_FAILURE_H

#include <curl/curl.h>
#include <stdbool.h>

#include "response.h"
#include "tls.h"

/* Lends one or a few words: "timeout", "connect refused", "reset". Static. */
const char *http_failure_reason(CURL *easy, CURLcode code);

/* Writes `failure->tls` and returns true if TLS is why. `error_text` is what
 * libcurl left in its error buffer. */
bool http_failure_explain_tls(CURLcode code, const struct tls_report *report,
    const char *error_text, struct failure *failure);

/* Tells whether the end of an answer over TLS may be another's work: its header
 * has no end, or neither its length nor the server said that it is whole.
 * RFC 9112 section 9.8. */
bool http_failure_is_cut(
    const struct tls_report *report, const struct response *response);

#endif

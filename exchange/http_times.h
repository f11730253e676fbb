/* SPDX-License-Identifier: MIT */
/* How long each part of a transfer took.
 * Does not know: what was transferred. */
#ifndef EXTAUTH_HTTP_TIMES_H
#define EXTAUTH_HTTP_TIMES_H

#include <curl/curl.h>

#include "response.h"

/* Fills `*times` from a transfer that is over and from the time that its name
 * look-ups took before. CURLINFO_TOTAL_TIME_T(3). */
void http_times_take(CURL *easy, int64_t name_us, struct response_times *times);

#endif

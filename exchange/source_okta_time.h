/* SPDX-License-Identifier: MIT */
/* Times as Okta writes them: "2026-01-31T23:59:59.000Z".
 * Does not know: any clock. */
#ifndef EXTAUTH_SOURCE_OKTA_TIME_H
#define EXTAUTH_SOURCE_OKTA_TIME_H

#include <stdbool.h>
#include <stdint.h>

#define OKTA_TIME_BYTES 48

/* Reads a time in UTC, its fraction of a second left out; seconds since 1970,
 * from 0 to the end of the year 9999. RFC 3339 with "Z" alone. */
bool okta_time_read(const char *text, int64_t *ret_s);

/* Reads the same from a text of decimal digits alone. */
bool okta_time_read_seconds(const char *text, int64_t *ret_s);

/* Writes one; times before 1970 are its beginning. */
void okta_time_print(int64_t seconds, char text[OKTA_TIME_BYTES]);

#endif

/* SPDX-License-Identifier: MIT */
/* Days as people write them, and the second at which they end. UTC.
 * Does not know: users. */
#ifndef EXTAUTHCTL_DATE_H
#define EXTAUTHCTL_DATE_H

#include <stdint.h>

#include "error.h"

#define DATE_BYTES 32

/* Reads "YYYY-MM-DD", which is the last second of that day, or
 * "YYYY-MM-DDTHH:MM:SSZ", as seconds since 1970; "" is 0, which is no end.
 * EXTAUTH_INVALID with the reason in `error`. ISO 8601. */
EXTAUTH_CHECKED enum extauth_err date_parse(
    const char *text, int64_t *ret_seconds, struct extauth_error *error);

/* Writes it the shorter of the two ways that date_parse reads; 0 is "". */
void date_format(int64_t seconds, char ret_text[DATE_BYTES]);

#endif

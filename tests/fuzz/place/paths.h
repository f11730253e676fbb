/* SPDX-License-Identifier: MIT */
/* Where the NSS module looks when it is fuzzed: in the working directory; and
 * its clock, which stands still until the target turns it.
 * Does not know: where that is. */
#ifndef EXTAUTH_PATHS_H
#define EXTAUTH_PATHS_H

#include <time.h>

#define EXTAUTH_NSS_PATH "nss"

int fuzz_clock_gettime(clockid_t clock, struct timespec *ret_time);

#define clock_gettime fuzz_clock_gettime

#endif

/* SPDX-License-Identifier: MIT */
/* The accounts of the test service, read from a file for each request, so that
 * a test can change them at any time.
 * Does not know: HTTP. */
#ifndef TEST_SERVICE_USERS_H
#define TEST_SERVICE_USERS_H

#include <stdbool.h>

/* Tells whether `path` has a line `email:password` or
 * `email:password:status` for this pair; `ret_status` then holds the status,
 * "active" where the line has none. A password holds no colon. A line with the
 * e-mail is added to PATH.accepted for each that it has, where that file is. */
bool users_check(const char *path, const char *email, const char *password,
    char ret_status[32]);

#endif

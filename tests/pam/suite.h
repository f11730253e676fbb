/* SPDX-License-Identifier: MIT */
/* Runs tests of the PAM module, each on a machine put back by place_reset. */
#ifndef EXTAUTH_TESTS_SUITE_H
#define EXTAUTH_TESTS_SUITE_H

#include <check.h>

/* Runs the one suite made of `tests`, which ends with NULL, and returns the
 * exit status for main: 0 if all passed. */
int suite_run(const char *name, const TTest *const *tests);

/* The same beside the real test service; `prepare` runs before each test,
 * behind place_reset. */
int suite_run_served(
    const char *name, const TTest *const *tests, void (*prepare)(void));

#endif

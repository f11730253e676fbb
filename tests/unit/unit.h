/* SPDX-License-Identifier: MIT */
/* What the unit tests share: run a suite, and short asserts for our types. */
#ifndef EXTAUTH_UNIT_H
#define EXTAUTH_UNIT_H

#include <check.h>
#include <stdbool.h>
#include <sys/types.h>

#include "error.h"

#define ck_assert_ok(call) ck_assert_int_eq((call), EXTAUTH_OK)

/* Runs the one suite made of `tests`, which ends with NULL, and returns the
 * exit status for main: 0 if all passed. */
int unit_run(const char *name, const TTest *const *tests);

/* Forks, as fork(2). What the child asserts ends it with a status other than 0,
 * and is not told to Check: its messages would get between those of the test,
 * or be cut by its end. It keeps the standard descriptors alone. */
pid_t unit_fork(void);

/* Lets mounts from now on be this process's alone. Needs root. unshare(2). */
void unit_hide_mounts(void);

/* Tells whether there is memory at an address. mincore(2). */
bool unit_is_mapped(void *address);

#endif

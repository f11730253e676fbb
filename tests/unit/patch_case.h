/* SPDX-License-Identifier: MIT */
/* What the tests of the patched file share: a registry of so many people and
 * two groups, and the copy that a patch works on.
 * Does not know: what is changed in it. */
#ifndef EXTAUTH_PATCH_CASE_H
#define EXTAUTH_PATCH_CASE_H

#include "registry_case.h"
#include "registry_copy.h"

/* Makes the test's directory, and in it the files of `users` people and of the
 * groups team and other. */
void patch_case_make(unsigned users);

/* Copies the file `registry`; the caller's (registry_copy_clear). */
struct registry_copy patch_case_copied(void);

#endif

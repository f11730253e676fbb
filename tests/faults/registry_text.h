/* SPDX-License-Identifier: MIT */
/* All that the two files of a registry say, as one text each.
 * Does not know: what they should say. */
#ifndef EXTAUTH_TESTS_FAULTS_REGISTRY_TEXT_H
#define EXTAUTH_TESTS_FAULTS_REGISTRY_TEXT_H

#include <stddef.h>

/* "none" for one that is missing, "damaged: ..." for one that cannot be read
 * whole. The caller frees it. */
char *registry_text(const char *path);

/* Adds a user as the next writer does. NULL, or what is wrong with it or with
 * what is left in the directory then. Static. */
const char *registry_text_go_on(void);

#endif

/* SPDX-License-Identifier: MIT */
/* Runs a system program and waits for it; no shell, no environment.
 * Does not know: what the program does. */
#ifndef EXTAUTHCTL_PROGRAM_H
#define EXTAUTHCTL_PROGRAM_H

#include <stdbool.h>

/* Runs argv[0], an absolute path, with /dev/null as its descriptors 0 to 2.
 * Tells whether it ended with status 0. posix_spawn(3). */
bool program_run(const char *const *argv);

/* Tells nscd, where it runs, to forget users and groups. */
void program_nscd_forget(void);

#endif

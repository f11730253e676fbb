/* SPDX-License-Identifier: MIT */
/* Workers that read a directory well and workers that do not: the test program
 * itself, started under the worker's name.
 * Does not know: the host's side. */
#ifndef EXTAUTH_SYNC_ROLES_H
#define EXTAUTH_SYNC_ROLES_H

#include <stdbool.h>

/* Tells whether this process was started as a worker. */
bool sync_role_is_ours(const char *program_name);

/* Plays the role that the source of the SYNC frame names, on descriptor 3, and
 * returns the exit status for main. */
int sync_role_play(void);

#endif

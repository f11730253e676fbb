/* SPDX-License-Identifier: MIT */
/* Workers that behave and workers that do not, for the test of worker.c: the
 * test program itself, started under the worker's name.
 * Does not know: the host's side. */
#ifndef EXTAUTH_WORKER_ROLES_H
#define EXTAUTH_WORKER_ROLES_H

#include <stdbool.h>

/* Tells whether this process was started as a worker. */
bool worker_role_is_ours(const char *program_name);

/* Plays the role that the USERNAME of the LOGIN frame names, on descriptor 3,
 * and returns the exit status for main. */
int worker_role_play(void);

#endif

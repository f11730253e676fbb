/* SPDX-License-Identifier: MIT */
/* The worker that reads a directory: a program that is started, or a service
 * that listens on a socket and is connected to.
 * Does not know: what is said. */
#ifndef EXTAUTHCTL_SYNC_WORKER_H
#define EXTAUTHCTL_SYNC_WORKER_H

#include "worker_process.h"

/* Connects to `path` if it is a socket, otherwise starts it as
 * worker_process_start does. A service has no pidfd: the hang-up ends it.
 * EXTAUTH_SYSTEM with the reason in `error`, EXTAUTH_NOMEM. unix(7). */
EXTAUTH_CHECKED enum extauth_err sync_worker_start(const char *path,
    struct worker_process *ret_process, struct extauth_error *error);

#endif

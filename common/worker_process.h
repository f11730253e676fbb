/* SPDX-License-Identifier: MIT */
/* A worker as a process: started with its end of the dialog on descriptor 3
 * and nothing else of the host, ended whatever it does.
 * Does not know: what is said. */
#ifndef EXTAUTH_WORKER_PROCESS_H
#define EXTAUTH_WORKER_PROCESS_H

#include <sys/types.h>

#include "error.h"

/* One that runs. -1, -1 and 0 is none. */
struct worker_process {
	int fd;    /* our end of the dialog */
	int pidfd; /* -1 if there is none: then the hang-up alone ends it */
	pid_t pid;
};

/* Starts `program` (absolute) as extauth-exchange with an empty environment,
 * default signals and a session of its own. `*ret_process` is the caller's
 * (worker_process_end), written only on success. EXTAUTH_SYSTEM with the reason
 * in `error`, EXTAUTH_NOMEM. posix_spawn(3), pidfd_open(2). */
EXTAUTH_CHECKED enum extauth_err worker_process_start(const char *program,
    struct worker_process *ret_process, struct extauth_error *error);

/* Hangs up, kills it and takes its remains, waiting a second at most. */
void worker_process_end(const struct worker_process *process);

#define cleanup_worker_process __attribute__((cleanup(worker_process_end)))

#endif

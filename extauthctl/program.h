/* SPDX-License-Identifier: MIT */
/* Runs a system program and waits for it, or reads what it prints; no shell.
 * Does not know: what the program does. */
#ifndef EXTAUTHCTL_PROGRAM_H
#define EXTAUTHCTL_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "buffer.h"

/* How a program is run. {0} is without an environment, its errors to nobody,
 * for as long as it takes. */
struct program_way {
	char *const *environment; /* as execve(2) has it; NULL: none */
	bool has_errors;          /* standard error is read as well */
	uint32_t wait_ms;         /* then it is killed; 0: never */
};

/* Runs argv[0], an absolute path, without environment and with /dev/null as its
 * descriptors 0 to 2. Tells whether it ended with status 0. posix_spawn(3). */
bool program_run(const char *const *argv);

/* Runs argv[0], an absolute path, with nothing on standard input, and appends
 * what it writes to `output`, as far as there is room. `*ret_status` is its
 * exit status, 128 and more for a signal, as for one that took too long.
 * EXTAUTH_SYSTEM if it cannot be started. */
EXTAUTH_CHECKED enum extauth_err program_read(const char *const *argv,
    const struct program_way *way, struct buffer *output, int *ret_status,
    struct extauth_error *error);

/* Tells nscd, where it runs, to forget users and groups. */
void program_nscd_forget(void);

#endif

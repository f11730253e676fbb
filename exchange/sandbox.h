/* SPDX-License-Identifier: MIT */
/* Gives up, one after the other, what the worker does not need. Limits and
 * filter are off where EXTAUTH_SANITIZED is defined.
 * Does not know: what the worker is for. */
#ifndef EXTAUTH_SANDBOX_H
#define EXTAUTH_SANDBOX_H

#include <stddef.h>

#include "error.h"

/* Address space: for a login, and for pages and lists of a directory. */
#define SANDBOX_LOGIN_BYTES ((size_t)256 << 20)
#define SANDBOX_SYNC_BYTES ((size_t)2 << 30)

/* No core, no file that grows, 64 descriptors, `address_space_bytes`.
 * EXTAUTH_SYSTEM. setrlimit(2). */
EXTAUTH_CHECKED enum extauth_err sandbox_limit(
    size_t address_space_bytes, struct extauth_error *error);

/* Becomes `user` of /etc/passwd itself, without groups and without a way back;
 * one that is not root stays who it is, without capabilities. EXTAUTH_CONFIG
 * with the mend in `error` if there is no such user; EXTAUTH_SYSTEM.
 * credentials(7), capabilities(7). */
EXTAUTH_CHECKED enum extauth_err sandbox_drop_ids(
    const char *user, struct extauth_error *error);

/* Hides the process from others of its user and ties its life to the host at
 * the other end of `fd`. After sandbox_drop_ids: a change of ids undoes it.
 * EXTAUTH_SYSTEM, also if the host has gone already. prctl(2). */
EXTAUTH_CHECKED enum extauth_err sandbox_tie(
    int fd, struct extauth_error *error);

/* From here on only the system calls of an HTTPS client: no new process or
 * program, no executable memory, nothing opened for writing, no socket but
 * IPv4 and IPv6 without raw ones, no signal to others, also none that a
 * descriptor sends. Others fail with ENOSYS. EXTAUTH_SYSTEM. seccomp(2). */
EXTAUTH_CHECKED enum extauth_err sandbox_close(struct extauth_error *error);

#endif

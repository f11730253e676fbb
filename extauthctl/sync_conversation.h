/* SPDX-License-Identifier: MIT */
/* One reading of a directory: reaches extauth-exchange, gives it the SYNC frame
 * and takes what it tells, up to its END.
 * Does not know: what becomes of the people. */
#ifndef EXTAUTHCTL_SYNC_CONVERSATION_H
#define EXTAUTHCTL_SYNC_CONVERSATION_H

#include "sync.h"

/* Who takes what is told. An error of `user` or `group` ends the reading. */
struct sync_listener {
	void *context;
	void (*total)(void *context, uint32_t total);
	enum extauth_err (*user)(void *context, const struct sync_user *user);
	enum extauth_err (*group)(
	    void *context, const struct sync_group *group);
	void (*trace)(void *context, const char *text); /* NULL: dropped */
};

/* Carries out one reading by `worker`, as sync_worker_start takes it, until the
 * job's deadline. EXTAUTH_OK
 * with `*ret_end`, which is the caller's (sync_end_clear), for a complete END
 * with our nonce behind which nothing came, whose kind fits what was asked; it
 * may be SYNC_FAILED. Whatever else happens is a failed reading:
 * EXTAUTH_UNAVAILABLE for the deadline, EXTAUTH_SYSTEM for a worker that cannot
 * be started, died or spoke nonsense, EXTAUTH_NOMEM, or the error of a
 * listener; the reason in `error`. No worker is left. */
EXTAUTH_CHECKED enum extauth_err sync_converse(const char *worker,
    const struct sync_job *job, const struct sync_listener *listener,
    struct sync_end *ret_end, struct extauth_error *error);

#endif

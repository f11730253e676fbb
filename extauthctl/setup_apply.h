/* SPDX-License-Identifier: MIT */
/* Does the steps of a plan, each recorded before it is done, or none of them.
 * Does not know: what the steps are for. */
#ifndef EXTAUTHCTL_SETUP_APPLY_H
#define EXTAUTHCTL_SETUP_APPLY_H

#include "setup_plan.h"

/* Does all steps. If one fails it is undone, and those before it, as setup_undo
 * does. On failure a message was written. */
enum ctl_exit setup_apply(struct setup *setup);

/* Undoes the steps that this run did, the last one first. Tells whether all is
 * as it was, also the record; else what cannot be undone was named, and stays
 * in the record for unsetup. */
bool setup_undo(struct setup *setup);

/* Takes the lock without which no two of setup and unsetup change something.
 * `*ret_fd` is the caller's. EXTAUTH_UNAVAILABLE if another one runs;
 * EXTAUTH_SYSTEM. flock(2). */
EXTAUTH_CHECKED enum extauth_err setup_lock(
    int *ret_fd, struct extauth_error *error);

#endif

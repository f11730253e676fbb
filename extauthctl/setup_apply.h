/* SPDX-License-Identifier: MIT */
/* Does the steps of a plan, each recorded before it is done, or none of them.
 * Does not know: what the steps are for. */
#ifndef EXTAUTHCTL_SETUP_APPLY_H
#define EXTAUTHCTL_SETUP_APPLY_H

#include "setup_plan.h"

/* Does all steps. If one fails those before it are undone, and the record is as
 * it was. On failure a message was written. */
enum ctl_exit setup_apply(struct setup *setup);

/* Undoes the steps that this run did, the last one first; the record is then as
 * it was. What cannot be undone is named. */
void setup_undo(struct setup *setup);

/* Takes the lock without which no two of setup and unsetup change something.
 * `*ret_fd` is the caller's. EXTAUTH_UNAVAILABLE if another one runs;
 * EXTAUTH_SYSTEM. flock(2). */
EXTAUTH_CHECKED enum extauth_err setup_lock(
    int *ret_fd, struct extauth_error *error);

#endif

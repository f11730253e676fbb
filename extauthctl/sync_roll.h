/* SPDX-License-Identifier: MIT */
/* The parts of a plan that look at all: which groups are needed, and who of the
 * registered users the directory no longer names.
 * Does not know: one person's differences. */
#ifndef EXTAUTHCTL_SYNC_ROLL_H
#define EXTAUTHCTL_SYNC_ROLL_H

#include "sync_plan.h"

/* Finds or makes, in the registrar, each group that somebody is in, and refuses
 * those that may not be. EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err sync_roll_settle_groups(
    struct sync_plan *plan, struct extauth_error *error);

/* Adds the steps for users of the source who are not named, and counts what is
 * lost. EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err sync_roll_call(struct sync_plan *plan);

#endif

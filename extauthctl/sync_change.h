/* SPDX-License-Identifier: MIT */
/* Carries the steps of a plan out on the registrar, in memory.
 * Does not know: how the plan came to be, files. */
#ifndef EXTAUTHCTL_SYNC_CHANGE_H
#define EXTAUTHCTL_SYNC_CHANGE_H

#include "sync_plan.h"

/* Carries out all steps: first who is removed, then who is changed, then who is
 * new, those with a uid of their own first and all in the order of their ids,
 * so that hosts agree on uids. What the registrar refuses is noted in the plan
 * and does not stop the others. EXTAUTH_NOMEM, EXTAUTH_SYSTEM: then the
 * registrar is not to be committed. */
EXTAUTH_CHECKED enum extauth_err sync_change(
    struct sync_plan *plan, struct extauth_error *error);

/* Carries out the CHANGE step at that position, without its changes of `but`
 * (sync_change_bits). EXTAUTH_INVALID, EXTAUTH_EXISTS with the reason in
 * `error` if the registrar refuses, else as sync_change. */
EXTAUTH_CHECKED enum extauth_err sync_change_user(struct sync_plan *plan,
    size_t step, uint32_t but, struct extauth_error *error);

/* Notes that a CHANGE step was refused; who is to be disabled is disabled all
 * the same. As sync_change. */
EXTAUTH_CHECKED enum extauth_err sync_change_refuse(
    struct sync_plan *plan, size_t step, struct extauth_error *reason);

/* Carries out the CHANGE step at that position, or notes that it is refused. As
 * sync_change. */
EXTAUTH_CHECKED enum extauth_err sync_change_carry(
    struct sync_plan *plan, size_t step, struct extauth_error *error);

/* Tells whether an error is about one person alone. */
bool sync_change_is_refusal(enum extauth_err err);

#endif

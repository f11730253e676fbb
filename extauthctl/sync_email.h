/* SPDX-License-Identifier: MIT */
/* The changes of a plan that give people another e-mail: each waits until it
 * is free, and of people who pass theirs on in a circle one gives his up first.
 * Does not know: what else changes. */
#ifndef EXTAUTHCTL_SYNC_EMAIL_H
#define EXTAUTHCTL_SYNC_EMAIL_H

#include "sync_plan.h"

/* Carries out the CHANGE steps that have SYNC_CHANGE_EMAIL. As sync_change. */
EXTAUTH_CHECKED enum extauth_err sync_email_change(
    struct sync_plan *plan, struct extauth_error *error);

#endif

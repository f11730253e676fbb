/* SPDX-License-Identifier: MIT */
/* Which PAM services registered users are to use.
 * Does not know: what stands in their files. */
#ifndef EXTAUTHCTL_SETUP_SERVICES_H
#define EXTAUTHCTL_SETUP_SERVICES_H

#include "setup_plan.h"

/* Fills services and service_list: those of --service, else those of the
 * `earlier` file, else sshd; with cron, atd and su behind them in the list. */
enum ctl_exit setup_services_find(
    struct setup *setup, const struct config *earlier);

/* Tells whether the service was chosen. */
bool setup_services_have(const struct setup *setup, const char *service);

#endif

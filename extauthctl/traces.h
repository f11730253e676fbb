/* SPDX-License-Identifier: MIT */
/* What a person left on this host: sessions, processes, crontab, at jobs, keys,
 * home.
 * Does not know: the registry. */
#ifndef EXTAUTHCTL_TRACES_H
#define EXTAUTHCTL_TRACES_H

#include "document.h"

/* Adds to `report` what there is of the user: "sessions", "processes",
 * "crontab", "at_jobs", "authorized_keys", "home". utmp(5). */
void traces_find(struct json_object *report, const char *name, uint32_t uid,
    const char *home);

#endif

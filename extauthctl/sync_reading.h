/* SPDX-License-Identifier: MIT */
/* Reads one source by the worker into people.
 * Does not know: the registry. */
#ifndef EXTAUTHCTL_SYNC_READING_H
#define EXTAUTHCTL_SYNC_READING_H

#include "sync_people.h"
#include "sync_source.h"

/* Reads it with the worker's state of the last time, "" for none. People and
 * end are the caller's, also on failure (sync_people_clear, sync_end_clear);
 * `ret_people` must not move. EXTAUTH_CONFIG, EXTAUTH_UNAVAILABLE and the rest
 * of sync_converse, with the reason in `error`. */
EXTAUTH_CHECKED enum extauth_err sync_read(const struct sync_order *order,
    const char *state, struct sync_people *ret_people, struct sync_end *ret_end,
    struct extauth_error *error);

#endif

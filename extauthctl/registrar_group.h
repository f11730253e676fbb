/* SPDX-License-Identifier: MIT */
/* The registrar's part that finds and makes groups.
 * Does not know: users. */
#ifndef EXTAUTHCTL_REGISTRAR_GROUP_H
#define EXTAUTHCTL_REGISTRAR_GROUP_H

#include "registrar.h"

/* Finds the gids of the groups that are wished for, each once, and makes those
 * that are not there yet. `ret_gids` has room for REGISTRAR_GROUPS_MAX. Errors
 * as registrar_add. */
EXTAUTH_CHECKED enum extauth_err registrar_find_groups(
    struct registrar *registrar, const struct registrar_wish *wish,
    uint32_t *ret_gids, size_t *ret_count, struct extauth_error *error);

/* Adds a group that has its gid from elsewhere, unless it is there with that
 * gid already; `*ret_is_changed` tells which. EXTAUTH_EXISTS for another gid.
 * Else as registrar_add. */
EXTAUTH_CHECKED enum extauth_err registrar_add_group(
    struct registrar *registrar, const char *name, uint32_t gid,
    bool *ret_is_changed, struct extauth_error *error);

/* Finds the group of that name, or makes it: with `gid` where that is not 0,
 * else with the hash of its name, so that hosts agree. As registrar_add. */
EXTAUTH_CHECKED enum extauth_err registrar_settle_group(
    struct registrar *registrar, const char *name, uint32_t gid,
    uint32_t *ret_gid, struct extauth_error *error);

/* Refuses a name that stands in /etc/passwd (`is_group` false) or /etc/group.
 * EXTAUTH_EXISTS with the reason in `error`. */
EXTAUTH_CHECKED enum extauth_err registrar_must_be_free(
    const struct registrar *registrar, const char *name, bool is_group,
    struct extauth_error *error);

#endif

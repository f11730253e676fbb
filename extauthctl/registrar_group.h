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

/* Turns the result of a search that should find nothing into an error if it
 * found `name`, which stands in `path`. EXTAUTH_EXISTS. */
EXTAUTH_CHECKED enum extauth_err registrar_must_be_absent(
    enum extauth_err found, struct extauth_error *error, const char *name,
    const char *path);

#endif

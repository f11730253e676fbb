/* SPDX-License-Identifier: MIT */
/* Which uid or gid somebody gets: the one that is wished, or that another host
 * told, or a new one.
 * Does not know: who may be registered. */
#ifndef EXTAUTHCTL_REGISTRAR_NUMBER_H
#define EXTAUTHCTL_REGISTRAR_NUMBER_H

#include "registrar.h"

/* Reads the file of `id import`, and keeps its numbers from others. As
 * id_map_load. */
EXTAUTH_CHECKED enum extauth_err registrar_load_ids(
    struct registrar *registrar, struct extauth_error *error);

/* Gives the uid of the wish, which must be free; without one the uid that is
 * kept for that external id or e-mail, where it still can be had; else a new
 * one. As registry_check_uid and registry_allocate_uid. */
EXTAUTH_CHECKED enum extauth_err registrar_choose_uid(
    struct registrar *registrar, const struct registrar_wish *wish,
    uint32_t *ret_uid, struct extauth_error *error);

/* The same for a group: `wanted` is 0 for none. A new one is the hash of its
 * name, or the next free one, so that hosts agree. */
EXTAUTH_CHECKED enum extauth_err registrar_choose_gid(
    struct registrar *registrar, const char *name, uint32_t wanted,
    uint32_t *ret_gid, struct extauth_error *error);

#endif

/* SPDX-License-Identifier: MIT */
/* The `nss` file as a process asks it: the first look-ups read it, those that
 * follow look into a map of it that the process keeps.
 *
 * The map is of a file as it was at some time within the last second. It is
 * compared with the file behind its path (device, inode, size, times) once a
 * second, and before anything is called missing; at most once for each tick of
 * the coarse clock. A new file gets a new map, and an old map goes when nobody
 * looks into it any more. Whoever finds all of this busy reads the file, as
 * does everybody where the file says so: no look-up waits for another, and a
 * child that was forked in the midst of one is as well off.
 * Does not know: what is looked for. */
#ifndef EXTAUTH_NSS_MAP_H
#define EXTAUTH_NSS_MAP_H

#include "registry.h"

/* Asks `question` of one registry. It may be asked again of another if the
 * answer is EXTAUTH_NOTFOUND or EXTAUTH_UNAVAILABLE: then it has left nothing
 * behind. */
typedef enum extauth_err nss_ask(
    const struct registry *registry, void *question);

/* Lets `ask` put its question to the `nss` file as it is now, or was less than
 * a second ago. What `ask` gives; or the errors of registry_open. Safe in
 * threads, allocates nothing, keeps no descriptor. */
EXTAUTH_CHECKED enum extauth_err nss_map_ask(nss_ask *ask, void *question);

#endif

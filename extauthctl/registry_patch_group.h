/* SPDX-License-Identifier: MIT */
/* The groups of a file that is being patched: which of them change, and their
 * records with all their members.
 * Does not know: how a record gets its room. */
#ifndef EXTAUTH_REGISTRY_PATCH_GROUP_H
#define EXTAUTH_REGISTRY_PATCH_GROUP_H

#include "registry_patch_room.h"
#include "registry_write.h"

/* Gids of the groups that change; {0} is none. */
struct patch_gids {
	uint32_t *gids;
	size_t count;
	size_t capacity;
};

/* Adds a gid; twice does not matter. EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err patch_gids_add(
    struct patch_gids *gids, uint32_t gid);

/* Adds the groups whose members change with a user: as the file has him, and as
 * he is now; NULL is nobody. EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err patch_gids_note(struct patch_gids *gids,
    const struct registry_view *before, const struct registry_user *now);

/* Makes the records of these groups anew, or takes them out. EXTAUTH_TOOBIG,
 * EXTAUTH_INVALID, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err patch_groups(struct patch_room *room,
    const struct registry_contents *contents, struct patch_gids *gids,
    bool is_nss);

/* Frees it and leaves {0}. */
void patch_gids_clear(struct patch_gids *gids);

#endif

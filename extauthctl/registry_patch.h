/* SPDX-License-Identifier: MIT */
/* Makes a registry file from the copy of the one before, where little is
 * different: records are put into holes and behind the last one, slots into the
 * indexes.
 * Does not know: where the bytes go. */
#ifndef EXTAUTH_REGISTRY_PATCH_H
#define EXTAUTH_REGISTRY_PATCH_H

#include "registry_copy.h"
#include "registry_write.h"

/* What is to be made. `users` are the touched of the contents, as they are now:
 * NULL who is gone. */
struct registry_patch_order {
	const struct registry_contents *contents;
	const struct registry_user **users;
	uint64_t generation;
};

/* Brings the copy up to date: what was touched is as in the contents, and
 * generation, flags and checksums are right. Done twice it is as done once.
 * EXTAUTH_TOOBIG if there is no room, EXTAUTH_INVALID, EXTAUTH_NOMEM: then the
 * copy is no file any more, but what was not touched stays where it was. */
EXTAUTH_CHECKED enum extauth_err registry_patch(
    struct registry_copy *copy, const struct registry_patch_order *order);

#endif

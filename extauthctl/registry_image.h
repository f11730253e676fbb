/* SPDX-License-Identifier: MIT */
/* Makes a registry file anew from the registry in memory.
 * Does not know: its name. */
#ifndef EXTAUTH_REGISTRY_IMAGE_H
#define EXTAUTH_REGISTRY_IMAGE_H

#include "registry_write.h"

/* What is to be made. */
struct registry_image_order {
	uint32_t version; /* of the format */
	uint64_t generation;
	uint64_t seed[2];
	bool
	    is_nss; /* leave out linked users, tombstones and what is private */
};

/* Writes a whole file to the empty one that `fd` is, its header last.
 * EXTAUTH_TOOBIG over a limit of the format, EXTAUTH_SYSTEM with errno as
 * write(2) leaves it, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err registry_image_write(
    const struct registry_contents *contents,
    const struct registry_image_order *order, int fd);

/* The flags of a file of these contents and of that version. */
uint32_t registry_image_flags(
    const struct registry_contents *contents, uint32_t version, bool is_nss);

#endif

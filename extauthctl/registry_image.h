/* SPDX-License-Identifier: MIT */
/* Makes the bytes of a registry file from the registry in memory.
 * Does not know: where they go. */
#ifndef EXTAUTH_REGISTRY_IMAGE_H
#define EXTAUTH_REGISTRY_IMAGE_H

#include "registry_write.h"

/* What is to be made. */
struct registry_image_order {
	uint64_t generation;
	uint64_t seed[2];
	bool
	    is_nss; /* leave out linked users, tombstones and what is private */
};

struct registry_image {
	char *bytes;
	size_t size;
};

/* Makes a whole file. `*ret_image` is the caller's (registry_image_clear),
 * written only on success. EXTAUTH_TOOBIG over a limit of the format,
 * EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err registry_image_make(
    const struct registry_contents *contents,
    const struct registry_image_order *order, struct registry_image *ret_image);

/* Frees it and leaves {0}. NULL is allowed. */
void registry_image_clear(struct registry_image *image);

#define cleanup_image __attribute__((cleanup(registry_image_clear)))

#endif

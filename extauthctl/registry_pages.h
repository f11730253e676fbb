/* SPDX-License-Identifier: MIT */
/* Memory for whole registry files and their tables: zeroed, and in large pages
 * where the kernel has them, since each first touch of a small one costs.
 * Does not know: what it is used for. */
#ifndef EXTAUTH_REGISTRY_PAGES_H
#define EXTAUTH_REGISTRY_PAGES_H

#include <stddef.h>

#include "error.h"

/* {0} is none. */
struct registry_pages {
	char *bytes;
	size_t size;
};

/* Takes `size` zeroed bytes, aligned to a page at least. `*ret_pages` is the
 * caller's (registry_pages_give), written only on success. EXTAUTH_NOMEM.
 * mmap(2), madvise(2). */
EXTAUTH_CHECKED enum extauth_err registry_pages_take(
    size_t size, struct registry_pages *ret_pages);

/* Makes it `size` bytes long, more than before; it may move. On failure
 * nothing is changed. EXTAUTH_NOMEM. mremap(2). */
EXTAUTH_CHECKED enum extauth_err registry_pages_grow(
    struct registry_pages *pages, size_t size);

/* Gives it back and leaves {0}. NULL is allowed. */
void registry_pages_give(struct registry_pages *pages);

#define cleanup_pages __attribute__((cleanup(registry_pages_give)))

#endif

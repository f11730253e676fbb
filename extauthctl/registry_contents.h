/* SPDX-License-Identifier: MIT */
/* What the files that hold the registry in memory share.
 * Does not know: files. */
#ifndef EXTAUTH_REGISTRY_CONTENTS_H
#define EXTAUTH_REGISTRY_CONTENTS_H

#include "registry_write.h"

/* Makes room for one more entry in an array that has `count`. EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err registry_array_reserve(
    void **array, size_t count, size_t *capacity, size_t entry_bytes);

/* Frees a user of the contents and leaves {0}. */
void registry_user_clear(struct registry_user *user);

/* Notes a uid that must not be given out again; twice counts as once. On
 * failure nothing is changed. EXTAUTH_NOMEM, EXTAUTH_TOOBIG. */
EXTAUTH_CHECKED enum extauth_err registry_tombstone_add(
    struct registry_contents *contents, uint32_t uid, const char *name);

#endif

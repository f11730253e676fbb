/* SPDX-License-Identifier: MIT */
/* What the files that hold the registry in memory share.
 * Does not know: files. */
#ifndef EXTAUTH_REGISTRY_CONTENTS_H
#define EXTAUTH_REGISTRY_CONTENTS_H

#include "registry_write.h"

/* Makes room for one more entry in an array that has `count`. EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err registry_array_reserve(
    void **array, size_t count, size_t *capacity, size_t entry_bytes);

/* Makes room for `count` more users in the array alone. EXTAUTH_NOMEM,
 * EXTAUTH_TOOBIG. */
EXTAUTH_CHECKED enum extauth_err registry_users_reserve(
    struct registry_contents *contents, size_t count);

/* Makes sure that one more user can be noted as touched. EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err registry_touch_reserve(
    struct registry_contents *contents);

/* Notes that the user of that name, a text of the contents, was added, changed
 * or removed; room was reserved. After too many the files are made anew. */
void registry_touch(struct registry_contents *contents, const char *name);

/* Forgets what was touched: the files are as the contents are. */
void registry_touch_forget(struct registry_contents *contents);

/* Counts a user in or out of the sums. */
void registry_sum_add(
    struct registry_contents *contents, const struct registry_user *user);
void registry_sum_take(
    struct registry_contents *contents, const struct registry_user *user);

/* Notes a uid that must not be given out again; twice counts as once. `name` is
 * a text that lives as long as the contents. On failure nothing is changed.
 * EXTAUTH_NOMEM, EXTAUTH_TOOBIG. */
EXTAUTH_CHECKED enum extauth_err registry_tombstone_add(
    struct registry_contents *contents, uint32_t uid, const char *name);

/* Appends a tombstone, or a group, that the base holds; `name` as above.
 * EXTAUTH_NOMEM, EXTAUTH_TOOBIG. */
EXTAUTH_CHECKED enum extauth_err registry_tombstone_append(
    struct registry_contents *contents, uint32_t uid, const char *name);
EXTAUTH_CHECKED enum extauth_err registry_group_append(
    struct registry_contents *contents, const char *name, uint32_t gid);

#endif

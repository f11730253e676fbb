/* SPDX-License-Identifier: MIT */
/* A registry that was saved as a file, made ready to be put back: read as a
 * whole, and each of its people, groups and removed uids checked as a new one.
 * Does not know: the lock, and the host's own accounts. */
#ifndef EXTAUTH_REGISTRY_RESTORE_H
#define EXTAUTH_REGISTRY_RESTORE_H

#include "registry_write.h"

/* Reads the `registry` file at `path`. `*ret_contents` is the caller's
 * (registry_contents_clear), of the newest format, and written only on success.
 * EXTAUTH_NOTFOUND; EXTAUTH_UNAVAILABLE for a file that is no registry, an
 * `nss` file, a damaged one, one that is not root's; EXTAUTH_INVALID and
 * EXTAUTH_EXISTS for a record that no writer of ours made; all with the reason
 * in `error`. EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err registry_restore_read(const char *path,
    struct registry_contents *ret_contents, struct extauth_error *error);

/* Adds what a registry without people knows: its groups, its removed uids, and
 * its generation if that is higher. EXTAUTH_EXISTS with the reason in `error`
 * if `present` has people, a group that does not fit, or gave the uid of one of
 * the users of `contents` to somebody else meanwhile; EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err registry_restore_merge(
    struct registry_contents *contents, const struct registry_contents *present,
    struct extauth_error *error);

#endif

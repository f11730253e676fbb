/* SPDX-License-Identifier: MIT */
/* Whether the file /etc/passwd itself holds a name. Read directly, since NSS
 * may answer from elsewhere, or not at all.
 * Does not know: the registry, PAM. */
#ifndef EXTAUTH_PAM_LOCAL_H
#define EXTAUTH_PAM_LOCAL_H

#include <stdint.h>

#include "error.h"

/* Finds the first entry of that name in the passwd(5) file at `path`.
 * EXTAUTH_NOTFOUND if there is none, or no file; EXTAUTH_UNAVAILABLE if it
 * cannot be read, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err pam_local_find(
    const char *path, const char *name, uint32_t *ret_uid);

#endif

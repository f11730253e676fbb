/* SPDX-License-Identifier: MIT */
/* Writes a tar archive of small files, all root's and 0600, from memory: no
 * other program and no directory for its parts is needed. POSIX.1-2017 pax,
 * ustar interchange format.
 * Does not know: what is in the files. */
#ifndef EXTAUTHCTL_SUPPORT_TAR_H
#define EXTAUTHCTL_SUPPORT_TAR_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"

/* Appends a file; `name` has at most 100 bytes. EXTAUTH_TOOBIG for a name or
 * content that is too long, EXTAUTH_SYSTEM with errno. */
EXTAUTH_CHECKED enum extauth_err support_tar_add(
    int fd, const char *name, const char *text, int64_t now_s);

/* Ends the archive. EXTAUTH_SYSTEM with errno. */
EXTAUTH_CHECKED enum extauth_err support_tar_end(int fd);

#endif

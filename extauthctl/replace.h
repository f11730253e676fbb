/* SPDX-License-Identifier: MIT */
/* Puts a new file in the place of an old one as a whole: whoever looks, also
 * after a power cut, finds the one or the other.
 * Does not know: what is in it. */
#ifndef EXTAUTHCTL_REPLACE_H
#define EXTAUTHCTL_REPLACE_H

#include <sys/types.h>

#include "buffer.h"

/* Writes all of `bytes`, again after a signal. EXTAUTH_SYSTEM with errno. */
EXTAUTH_CHECKED enum extauth_err replace_write(
    int fd, const char *bytes, size_t length);

/* Makes `text` the content of the file `name` in the directory, root's, with
 * `mode` whatever the umask: written to `.NAME.new`, fsync, rename, fsync of
 * the directory. One writer at a time. On failure the old file stays.
 * EXTAUTH_SYSTEM, EXTAUTH_NOMEM with the reason in `error`. */
EXTAUTH_CHECKED enum extauth_err replace_file(int directory_fd,
    const char *name, mode_t mode, const struct buffer *text,
    struct extauth_error *error);

#endif

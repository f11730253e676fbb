/* SPDX-License-Identifier: MIT */
/* Files of the system as setup reads and replaces them: whole, with the owner,
 * mode and attributes that they have.
 * Does not know: what is in them. */
#ifndef EXTAUTHCTL_SETUP_FILE_H
#define EXTAUTHCTL_SETUP_FILE_H

#include <stdbool.h>
#include <sys/types.h>

#include "buffer.h"

#define SETUP_FILE_MAX_BYTES ((size_t)1024 * 1024)
#define SETUP_DIGEST_BYTES 65

/* Appends the file's content to `text`. EXTAUTH_NOTFOUND if there is none,
 * EXTAUTH_SYSTEM, EXTAUTH_TOOBIG, EXTAUTH_NOMEM with the path in `error`. */
EXTAUTH_CHECKED enum extauth_err setup_file_read(
    const char *path, struct buffer *text, struct extauth_error *error);

/* Makes `text` the file's content: written beside it, fsync, rename. One that
 * is there keeps owner, mode and extended attributes, and a symbolic link to it
 * stays one; a new one is root's with `mode`. On failure the old one stays.
 * EXTAUTH_SYSTEM, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err setup_file_replace(const char *path,
    const struct buffer *text, mode_t mode, struct extauth_error *error);

/* Removes the file; one that is not there is no error. EXTAUTH_SYSTEM. */
EXTAUTH_CHECKED enum extauth_err setup_file_remove(
    const char *path, struct extauth_error *error);

/* Writes the SHA-256 of the text in hexadecimal digits; `digest` has
 * SETUP_DIGEST_BYTES. EXTAUTH_SYSTEM. FIPS 180-4. */
EXTAUTH_CHECKED enum extauth_err setup_file_digest(
    const struct buffer *text, char *digest);

/* Takes the next line off `*text`: `*ret_length` bytes at what is returned,
 * without the line end; NULL behind the last. */
const char *setup_line_take(const char **text, size_t *ret_length);

/* Tells whether `text` has exactly that line. */
bool setup_line_is_in(const char *text, const char *line, size_t length);

/* Tells whether `text` has every one of the lines. */
bool setup_lines_are_in(const char *text, const char *lines);

/* Appends `text` with each line of `from` made the line of `to` that stands at
 * the same place. `*ret_count` tells how many lines were. EXTAUTH_TOOBIG,
 * EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err setup_lines_exchange(const char *text,
    const char *from, const char *to, struct buffer *result, size_t *ret_count);

#endif

/* SPDX-License-Identifier: MIT */
/* One record of a registry file: its checksums, its checks, its way into the
 * caller's room. For the reader and the writer of the files only.
 * Does not know: indexes, and who looks for what. */
#ifndef EXTAUTH_REGISTRY_RECORD_H
#define EXTAUTH_REGISTRY_RECORD_H

#include "registry.h"

/* The step in which registry_checksum takes what it sums up. */
#define REGISTRY_CHECKSUM_STEP_BYTES 65536

/* Goes on with a checksum that starts at 0. Each call but the last brings
 * REGISTRY_CHECKSUM_STEP_BYTES. */
uint64_t registry_checksum(uint64_t checksum, const char *bytes, size_t length);

/* The checksum that belongs into the record of `length` bytes at `offset`. */
uint32_t registry_record_checksum(
    const char *record, uint32_t length, uint64_t offset);

/* Reads exactly `length` bytes at `offset`. EXTAUTH_UNAVAILABLE if they are not
 * to be had. pread(2). */
EXTAUTH_CHECKED enum extauth_err registry_read_at(
    int fd, uint64_t offset, char *bytes, size_t length);

/* Reads the record at `offset` into the room and checks all of it.
 * `*ret_record` and `*ret_length` (of the record in the file) are written only
 * on success. EXTAUTH_INVALID for a record that is not good, EXTAUTH_TOOBIG for
 * a fixed room that is too small, EXTAUTH_UNAVAILABLE for an offset outside the
 * records or a failing read; EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err registry_record_read(
    const struct registry *registry, uint64_t offset,
    struct registry_room *room, struct registry_record *ret_record,
    uint64_t *ret_length);

/* Checks every field of a user by the rules of identity.h; an e-mail may be
 * empty, home and shell only of a linked user. EXTAUTH_INVALID with the reason
 * in `error`. */
EXTAUTH_CHECKED enum extauth_err registry_check_user(
    const struct registry_user *user, struct extauth_error *error);

/* Checks name and number of a group. EXTAUTH_INVALID with the reason in
 * `error`. */
EXTAUTH_CHECKED enum extauth_err registry_check_group(
    const char *name, uint32_t gid, struct extauth_error *error);

#endif

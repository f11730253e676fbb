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

/* Goes on with the checksum of all behind the header of a file of that version:
 * from 0, by steps of REGISTRY_CHECKSUM_STEP_BYTES, the last may be less; in
 * version 1 in order, later in any. `offset` is where the bytes stand, a
 * multiple of 8 as `length`. */
uint64_t registry_tables_checksum(uint32_t version, uint64_t checksum,
    uint64_t offset, const char *bytes, size_t length);

/* The checksum that belongs into the record of `length` bytes at `offset` of a
 * file of that format version. */
uint32_t registry_record_checksum(
    uint32_t version, const char *record, uint32_t length, uint64_t offset);

/* Reads exactly `length` bytes at `offset`. EXTAUTH_UNAVAILABLE if they are not
 * to be had. pread(2). */
EXTAUTH_CHECKED enum extauth_err registry_read_at(
    int fd, uint64_t offset, char *bytes, size_t length);

/* The same from an open file, or its map where there is one. */
EXTAUTH_CHECKED enum extauth_err registry_read(const struct registry *registry,
    uint64_t offset, char *bytes, size_t length);

/* Reads the record at `offset` into the room and checks all of it. `*record`
 * holds anything on failure; `*ret_length` (of the record in the file) is
 * written only on success. EXTAUTH_INVALID for a record that is not good,
 * EXTAUTH_TOOBIG for a fixed room that is too small, EXTAUTH_UNAVAILABLE for an
 * offset outside the records or a failing read; EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err registry_record_read(
    const struct registry *registry, uint64_t offset,
    struct registry_room *room, struct registry_record *record,
    uint32_t *ret_length);

/* Takes apart and checks the `length` bytes of a record whose checksum is
 * right; they are aligned for uint32_t, and the numbers in them are turned into
 * this host's. `*record` points into them; it holds anything on failure.
 * EXTAUTH_INVALID. */
EXTAUTH_CHECKED enum extauth_err registry_record_parse(
    char *bytes, uint32_t length, struct registry_record *record);

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

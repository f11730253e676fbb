/* SPDX-License-Identifier: MIT */
/* Writes the bytes of one record of a registry file.
 * Does not know: where records stand, and who is in the registry. */
#ifndef EXTAUTH_REGISTRY_PUT_H
#define EXTAUTH_REGISTRY_PUT_H

#include "registry_write.h"

/* Gives a user as the `registry` or as the `nss` file shows him; lent. */
struct registry_user registry_put_view(
    const struct registry_user *user, bool is_nss);

/* Gives a tombstone as a user with uid and name alone; lent. */
struct registry_user registry_put_tombstone_view(
    const struct registry_tombstone *tombstone);

/* The length of the record of a user or tombstone as he is given; of a group
 * whose members' names take `members_bytes`. */
uint64_t registry_put_user_bytes(const struct registry_user *user);
uint64_t registry_put_group_bytes(const char *name, uint64_t members_bytes);

/* Writes a user or tombstone at `record`, which is zeroed, all but length and
 * checksum; gives his length. */
uint64_t registry_put_user(
    char *record, enum registry_kind kind, const struct registry_user *user);

/* Writes a group at `record`, which is zeroed, all but members, length and
 * checksum; lends the place of the first member's name. */
char *registry_put_group(char *record, const struct registry_own_group *group,
    uint32_t member_count, uint32_t members_bytes);

/* Writes a hole of `length` bytes. */
void registry_put_hole(char *record, uint32_t length);

/* Completes the record at `offset` of a file of that version with length and
 * checksum. */
void registry_put_seal(
    uint32_t version, char *record, uint32_t length, uint64_t offset);

#endif

/* SPDX-License-Identifier: MIT */
/* One whole registry file in memory, verified: its records one by one, and its
 * indexes.
 * Does not know: what becomes of it. */
#ifndef EXTAUTH_REGISTRY_COPY_H
#define EXTAUTH_REGISTRY_COPY_H

#include "registry.h"
#include "registry_format.h"
#include "registry_pages.h"

/* {0} with file.fd -1 is none. */
struct registry_copy {
	struct registry file; /* its header; closed */
	struct registry_pages pages;
	bool is_nss;
};

/* A record where it stands. */
struct registry_place {
	uint64_t offset;
	uint32_t length;
	enum registry_kind kind;
};

/* A user as a record holds him: texts lent from the copy, gids as they stand in
 * the file. */
struct registry_view {
	struct registry_user user; /* gids NULL */
	const char *gids;          /* gid_count times 4 bytes */
	uint16_t text_bytes[TEXT_COUNT];
};

/* Where a search in an index is. */
struct registry_search {
	const char *slots;
	uint64_t mask;
	uint64_t position;
	uint32_t tag;
	unsigned left;
};

/* Reads a whole file and compares the checksum of its tables. `*ret_copy` is
 * the caller's (registry_copy_clear), written only on success. Errors as
 * registry_open; EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err registry_copy_load(const char *path,
    struct registry_copy *ret_copy, struct extauth_error *error);

/* Gives the record at `offset`. EXTAUTH_NOTFOUND behind the last one,
 * EXTAUTH_INVALID for what cannot be a record. */
EXTAUTH_CHECKED enum extauth_err registry_copy_place(
    const struct registry_copy *copy, uint64_t offset,
    struct registry_place *ret_place);

/* Reads a user or tombstone. EXTAUTH_INVALID if lengths and texts do not fit.
 */
EXTAUTH_CHECKED enum extauth_err registry_copy_view(
    const struct registry_copy *copy, const struct registry_place *place,
    struct registry_view *ret_view);

/* Lends name and gid of a group's record. EXTAUTH_INVALID likewise. */
EXTAUTH_CHECKED enum extauth_err registry_copy_group(
    const struct registry_copy *copy, const struct registry_place *place,
    const char **ret_name, uint32_t *ret_gid);

/* Begins a search for a key by its hash under the file's seed. */
struct registry_search registry_copy_search(const struct registry_copy *copy,
    enum registry_index_number index, uint64_t hash);

/* Lends the next slot whose key may be it; `*ret_record` is the offset of its
 * record, which may be any number. EXTAUTH_NOTFOUND at the end. */
EXTAUTH_CHECKED enum extauth_err registry_search_next(
    struct registry_search *search, const char **ret_slot,
    uint64_t *ret_record);

/* Frees it and leaves {0}. NULL is allowed. */
void registry_copy_clear(struct registry_copy *copy);

#define cleanup_copy __attribute__((cleanup(registry_copy_clear)))

#endif

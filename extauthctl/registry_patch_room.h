/* SPDX-License-Identifier: MIT */
/* The bytes of a file that is being patched: what changes is kept count of for
 * the checksum, records get room and give it back, slots are set.
 * Does not know: what is to be changed. */
#ifndef EXTAUTH_REGISTRY_PATCH_ROOM_H
#define EXTAUTH_REGISTRY_PATCH_ROOM_H

#include "registry_copy.h"
#include "registry_holes.h"
#include "registry_tables.h"

/* {0} is none. */
struct patch_room {
	struct registry_copy *copy;
	struct registry_tables tables;
	struct registry_holes holes;
	uint64_t end;   /* of the records */
	uint64_t limit; /* how far they may go */
	uint64_t checksum;
	bool *is_changed; /* each step of the checksum */
	uint64_t step_count;
	uint32_t spent[REGISTRY_INDEX_COUNT]; /* slots that lead nowhere */
};

/* Looks over the file. On failure it is to be cleared as well.
 * EXTAUTH_INVALID, EXTAUTH_TOOBIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err patch_room_begin(
    struct patch_room *room, struct registry_copy *copy);

/* Notes that the bytes are about to change; before each change, but of the
 * header. */
void patch_room_change(
    struct patch_room *room, uint64_t offset, uint64_t bytes);

/* Gives room for a record, zeroed; with `spare` bytes behind it that are free
 * for when it grows. EXTAUTH_TOOBIG if there is none. */
EXTAUTH_CHECKED enum extauth_err patch_room_take(struct patch_room *room,
    uint64_t bytes, uint64_t spare, uint64_t *ret_offset);

/* Frees a record, which is a hole from then on. EXTAUTH_TOOBIG, EXTAUTH_NOMEM.
 */
EXTAUTH_CHECKED enum extauth_err patch_room_give(
    struct patch_room *room, const struct registry_place *place);

/* Puts a key into an index, into the slot that it had before if there is one.
 * EXTAUTH_TOOBIG. */
EXTAUTH_CHECKED enum extauth_err patch_room_put(struct patch_room *room,
    enum registry_index_number index, uint64_t hash, uint64_t offset);

/* Lets the key that leads to `from` lead to `to`; one that led nowhere stays.
 */
void patch_room_redirect(struct patch_room *room,
    enum registry_index_number index, uint64_t hash, uint64_t from,
    uint64_t to);

/* Writes the holes, and gives the checksum of the tables. */
uint64_t patch_room_end(struct patch_room *room);

/* Frees what it holds. */
void patch_room_clear(struct patch_room *room);

#define cleanup_patch_room __attribute__((cleanup(patch_room_clear)))

#endif

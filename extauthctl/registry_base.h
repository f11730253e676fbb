/* SPDX-License-Identifier: MIT */
/* The `registry` file that a registry in memory came from: its users keep their
 * numbers there, and its indexes go on finding them.
 * Does not know: keys that were added since. */
#ifndef EXTAUTH_REGISTRY_BASE_H
#define EXTAUTH_REGISTRY_BASE_H

#include "registry_copy.h"

#define PLACE_NONE UINT32_MAX

/* The users of the file are numbered in its order. */
struct registry_base {
	struct registry_copy copy;
	bool is_current; /* the copy is what the file holds, or will hold */
	size_t user_count;
	uint32_t *references; /* of the records, ascending */
	uint32_t *places;     /* where the user stands now, or PLACE_NONE */
	uint32_t *numbers;    /* who stands at a place, or PLACE_NONE */
};

/* Makes room for the users that the header tells of. EXTAUTH_NOMEM,
 * EXTAUTH_TOOBIG. */
EXTAUTH_CHECKED enum extauth_err registry_base_reserve(
    struct registry_base *base);

/* Notes the next user: his record's offset, ascending; at first his place is
 * his number. */
void registry_base_add(struct registry_base *base, uint64_t offset);

/* Gives the place of the user with the record at `offset`, or PLACE_NONE. */
uint32_t registry_base_place(const struct registry_base *base, uint64_t offset);

/* Notes that who stands at `place` is gone; and that who stands at `from`
 * stands at `to`, where nobody is. Others than the file's do not matter. */
void registry_base_remove(struct registry_base *base, size_t place);
void registry_base_move(struct registry_base *base, size_t from, size_t to);

/* Tells whether the file holds a tombstone of `uid`; `hash` as for
 * registry_copy_search. */
bool registry_base_is_spent(
    const struct registry_base *base, uint32_t uid, uint64_t hash);

/* Frees all of it and itself. NULL is allowed. */
void registry_base_free(struct registry_base *base);

#endif

/* SPDX-License-Identifier: MIT */
/* What is free among the records of a file, in the order of the file.
 * Does not know: what was there, and how a hole is written. */
#ifndef EXTAUTH_REGISTRY_HOLES_H
#define EXTAUTH_REGISTRY_HOLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

/* More than these are squeezed out by making the file anew. */
#define HOLES_MAX 65536

struct registry_hole {
	uint64_t offset;
	uint64_t bytes;
	bool is_new; /* there is no record yet that says so */
};

/* {0} is none. */
struct registry_holes {
	struct registry_hole *entries;
	size_t count;
	size_t capacity;
};

/* Notes that the bytes are free; what touches other holes becomes one with
 * them. EXTAUTH_TOOBIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err registry_holes_add(
    struct registry_holes *holes, uint64_t offset, uint64_t bytes, bool is_new);

/* Takes bytes from a hole; what is left of it can be a record again.
 * `*ret_offset` is where they stand. EXTAUTH_NOTFOUND if no hole fits. */
EXTAUTH_CHECKED enum extauth_err registry_holes_take(
    struct registry_holes *holes, uint64_t bytes, uint64_t *ret_offset);

/* Frees it and leaves {0}. */
void registry_holes_clear(struct registry_holes *holes);

#endif

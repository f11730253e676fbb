/* SPDX-License-Identifier: MIT */
/* Finds positions of an array by a text. What the texts are is up to whoever
 * fills a directory, so that the hash is keyed.
 * Does not know: what stands in the array. */
#ifndef EXTAUTHCTL_SYNC_INDEX_H
#define EXTAUTHCTL_SYNC_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

#define SYNC_INDEX_NONE UINT32_MAX

/* Lends the text of a position. */
typedef const char *(*sync_index_text)(const void *holder, uint32_t position);

struct sync_index {
	uint64_t *slots; /* high half: of the hash; low half: position + 1 */
	size_t slot_count;
	size_t used;
	uint64_t key[2];
	const void *holder;
	sync_index_text text_of;
	bool ignores_case; /* of ASCII letters */
};

/* Makes an empty index of texts that `text_of` lends from `holder`, which is
 * borrowed. */
struct sync_index sync_index_make(const void *holder, sync_index_text text_of);

/* Gives the position that was put first for `text`, or SYNC_INDEX_NONE. */
uint32_t sync_index_find(const struct sync_index *index, const char *text);

/* Puts a position, whose text is not there yet. EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err sync_index_put(
    struct sync_index *index, const char *text, uint32_t position);

/* Frees all and leaves it empty. NULL is allowed. */
void sync_index_clear(struct sync_index *index);

#endif

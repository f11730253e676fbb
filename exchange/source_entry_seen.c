/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#include "hash.h"
#include "source_entry.h"

#define SLOTS_MIN 1024

/* Whose id has another's hash is as if he was met before: nobody must be able
 * to choose one. The kernel gives each process these bytes. */
static uint64_t
seen_hash(const char *id)
{
	/* An address. NOLINTNEXTLINE(performance-no-int-to-ptr) */
	const void *random = (const void *)getauxval(AT_RANDOM);
	uint64_t key[2] = {0x736565732074776fU, 0x6e6f206f6e652069U};
	uint64_t hash;

	if (random != NULL)
		memcpy(key, random, sizeof(key));
	hash = hash_bytes(key, id, strlen(id));
	return hash != 0 ? hash : 1;
}

/* Where a hash is, or is to go; one place at least is free. */
static uint64_t *
seen_place(const struct source_seen *seen, uint64_t hash)
{
	size_t at = (size_t)hash & (seen->slots - 1);

	while (seen->hashes[at] != 0 && seen->hashes[at] != hash)
		at = (at + 1) & (seen->slots - 1);
	return &seen->hashes[at];
}

static enum extauth_err
seen_grow(struct source_seen *seen)
{
	struct source_seen grown = {
	    .slots = seen->slots > 0 ? seen->slots * 2 : SLOTS_MIN,
	    .count = seen->count,
	};
	size_t at;

	grown.hashes = calloc(grown.slots, sizeof(*grown.hashes));
	if (grown.hashes == NULL)
		return EXTAUTH_NOMEM;
	for (at = 0; at < seen->slots; at++)
		if (seen->hashes[at] != 0)
			*seen_place(&grown, seen->hashes[at]) =
			    seen->hashes[at];
	free(seen->hashes);
	*seen = grown;
	return EXTAUTH_OK;
}

enum extauth_err
source_seen_add(struct source_seen *seen, const char *id, bool *ret_is_new)
{
	uint64_t hash = seen_hash(id);
	uint64_t *place;

	if ((seen->count + 1) * 3 > seen->slots * 2) {
		enum extauth_err err = seen_grow(seen);

		if (err != EXTAUTH_OK)
			return err;
	}
	place = seen_place(seen, hash);
	*ret_is_new = *place == 0;
	seen->count += *ret_is_new ? 1 : 0;
	*place = hash;
	return EXTAUTH_OK;
}

void
source_seen_clear(struct source_seen *seen)
{
	if (seen == NULL)
		return;
	free(seen->hashes);
	*seen = (struct source_seen){0};
}

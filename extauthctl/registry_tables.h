/* SPDX-License-Identifier: MIT */
/* The indexes of a registry file in memory: puts keys in, and tells which keys
 * a user has. For files made anew and for those made from a copy.
 * Does not know: records. */
#ifndef EXTAUTH_REGISTRY_TABLES_H
#define EXTAUTH_REGISTRY_TABLES_H

#include "registry.h"
#include "registry_format.h"

#define TABLES_BATCH 32

/* Keys on their way into one index. Its slots lie all over the memory: asked
 * for together they come together. */
struct tables_batch {
	uint64_t hashes[TABLES_BATCH];
	uint32_t references[TABLES_BATCH];
	unsigned count;
};

/* Where the indexes of a file are. */
struct registry_tables {
	char *bytes; /* of the file, from `start` on */
	uint64_t start;
	uint32_t version;
	uint64_t seed[2];
	struct registry_index indexes[REGISTRY_INDEX_COUNT];
	struct tables_batch batches[REGISTRY_INDEX_COUNT];
};

/* The hashes of a key under the seed of the file; an e-mail's is that of its
 * lower case. */
uint64_t tables_hash_text(const struct registry_tables *tables,
    enum registry_index_number index, const char *text);
uint64_t tables_hash_number(
    const struct registry_tables *tables, uint32_t number);

/* Tells whether an index of the file holds that user; `*ret_hash` is then his
 * key's. One without slots holds nobody. */
bool tables_hash_user(const struct registry_tables *tables,
    enum registry_index_number index, const struct registry_user *user,
    uint64_t *ret_hash);

/* Lends the slot that a key is to be put into. EXTAUTH_TOOBIG if there is none
 * where it would be looked for. */
EXTAUTH_CHECKED enum extauth_err tables_free_slot(
    const struct registry_tables *tables, enum registry_index_number index,
    uint64_t hash, char **ret_slot);

/* Fills a slot. */
void tables_slot_set(char *slot, uint64_t hash, uint64_t offset);

/* Puts a key in. EXTAUTH_TOOBIG as above. */
EXTAUTH_CHECKED enum extauth_err tables_put(struct registry_tables *tables,
    enum registry_index_number index, uint64_t hash, uint64_t offset);

/* Puts all keys of a user in, sooner or later: the last by tables_flush.
 * EXTAUTH_TOOBIG as above. */
EXTAUTH_CHECKED enum extauth_err tables_put_user(struct registry_tables *tables,
    const struct registry_user *user, uint64_t offset);
EXTAUTH_CHECKED enum extauth_err tables_flush(struct registry_tables *tables);

#endif

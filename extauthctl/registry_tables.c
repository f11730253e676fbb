/* SPDX-License-Identifier: MIT */
#include "registry_tables.h"

#include <string.h>

#include "hash.h"
#include "identity.h"
#include "registry_positions.h"

uint64_t
tables_hash_text(const struct registry_tables *tables,
    enum registry_index_number index, const char *text)
{
	REGISTRY_UNWIPED char folded[IDENTITY_EMAIL_MAX_BYTES + 1];
	size_t length = strlen(text);

	if (index != INDEX_EMAIL || length >= sizeof(folded) ||
	    !positions_has_upper(text, length))
		return hash_bytes(tables->seed, text, length);
	memcpy(folded, text, length + 1);
	identity_fold(folded);
	return hash_bytes(tables->seed, folded, length);
}

uint64_t
tables_hash_number(const struct registry_tables *tables, uint32_t number)
{
	char key[sizeof(number)];

	registry_put32(key, number);
	return hash_bytes(tables->seed, key, sizeof(key));
}

/* From version 2 on a user's private group is found by his own keys. */
static bool
has_group_key(
    const struct registry_tables *tables, const struct registry_user *user)
{
	return tables->version == REGISTRY_VERSION_FIRST && !user->is_linked;
}

static bool
has_key(const struct registry_tables *tables, enum registry_index_number index,
    const struct registry_user *user)
{
	switch (index) {
	case INDEX_NAME:
	case INDEX_UID:
		return true;
	case INDEX_GROUP_NAME:
	case INDEX_GID:
		return has_group_key(tables, user);
	case INDEX_EMAIL:
		return *user->email != '\0';
	case INDEX_EXTERNAL_ID:
		return *user->external_id != '\0';
	}
	return false;
}

bool
tables_hash_user(const struct registry_tables *tables,
    enum registry_index_number index, const struct registry_user *user,
    uint64_t *ret_hash)
{
	if (tables->indexes[index].slots == 0 || !has_key(tables, index, user))
		return false;
	switch (index) {
	case INDEX_NAME:
	case INDEX_GROUP_NAME:
		*ret_hash = tables_hash_text(tables, index, user->name);
		break;
	case INDEX_UID:
	case INDEX_GID:
		*ret_hash = tables_hash_number(tables, user->uid);
		break;
	case INDEX_EMAIL:
		*ret_hash = tables_hash_text(tables, index, user->email);
		break;
	case INDEX_EXTERNAL_ID:
		*ret_hash = tables_hash_text(tables, index, user->external_id);
		break;
	}
	return true;
}

static char *
slot_at(const struct registry_tables *tables,
    const struct registry_index *index, uint64_t position)
{
	return tables->bytes + (index->offset - tables->start) +
	    (position & (index->slots - 1)) * REGISTRY_SLOT_BYTES;
}

enum extauth_err
tables_free_slot(const struct registry_tables *tables,
    enum registry_index_number number, uint64_t hash, char **ret_slot)
{
	const struct registry_index *index = &tables->indexes[number];
	uint64_t probes;

	for (probes = 0; probes < REGISTRY_PROBE_MAX && probes < index->slots;
	     probes++) {
		char *slot = slot_at(tables, index, hash + probes);

		if (registry_get32(slot + 4) != 0)
			continue;
		*ret_slot = slot;
		return EXTAUTH_OK;
	}
	return EXTAUTH_TOOBIG;
}

void
tables_slot_set(char *slot, uint64_t hash, uint64_t offset)
{
	registry_put32(slot, (uint32_t)(hash >> 32));
	registry_put32(slot + 4, (uint32_t)(offset / REGISTRY_RECORD_ALIGN));
}

enum extauth_err
tables_put(struct registry_tables *tables, enum registry_index_number number,
    uint64_t hash, uint64_t offset)
{
	char *slot = NULL;
	enum extauth_err err = tables_free_slot(tables, number, hash, &slot);

	if (err == EXTAUTH_OK)
		tables_slot_set(slot, hash, offset);
	return err;
}

static enum extauth_err
batch_flush(struct registry_tables *tables, enum registry_index_number number)
{
	struct tables_batch *batch = &tables->batches[number];
	enum extauth_err err = EXTAUTH_OK;
	unsigned place;

	for (place = 0; place < batch->count; place++)
		__builtin_prefetch(slot_at(tables, &tables->indexes[number],
				       batch->hashes[place]),
		    1);
	for (place = 0; place < batch->count && err == EXTAUTH_OK; place++)
		err = tables_put(tables, number, batch->hashes[place],
		    (uint64_t)batch->references[place] * REGISTRY_RECORD_ALIGN);
	batch->count = 0;
	return err;
}

enum extauth_err
tables_put_user(struct registry_tables *tables,
    const struct registry_user *user, uint64_t offset)
{
	enum extauth_err err = EXTAUTH_OK;
	unsigned number;

	for (number = 0; number < REGISTRY_INDEX_COUNT && err == EXTAUTH_OK;
	     number++) {
		enum registry_index_number index =
		    (enum registry_index_number)number;
		struct tables_batch *batch = &tables->batches[number];
		uint64_t hash = 0;

		if (!tables_hash_user(tables, index, user, &hash))
			continue;
		batch->hashes[batch->count] = hash;
		batch->references[batch->count++] =
		    (uint32_t)(offset / REGISTRY_RECORD_ALIGN);
		if (batch->count == TABLES_BATCH)
			err = batch_flush(tables, index);
	}
	return err;
}

enum extauth_err
tables_flush(struct registry_tables *tables)
{
	enum extauth_err err = EXTAUTH_OK;
	unsigned number;

	for (number = 0; number < REGISTRY_INDEX_COUNT && err == EXTAUTH_OK;
	     number++)
		err = batch_flush(tables, (enum registry_index_number)number);
	return err;
}

/* SPDX-License-Identifier: MIT */
#include "registry_positions.h"

#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "identity.h"

#define SLOT_EMPTY 0U
#define SLOT_DROPPED UINT32_MAX
#define SLOTS_FIRST 64

/* The bytes that a key is hashed and compared by; an e-mail's are folded, and
 * stand in `own`. */
struct key_bytes {
	const char *bytes;
	size_t length;
	char own[IDENTITY_EMAIL_MAX_BYTES + 1];
};

static void
key_set_number(struct key_bytes *key, uint32_t number)
{
	memcpy(key->own, &number, sizeof(number));
	key->bytes = key->own;
	key->length = sizeof(number);
}

static void
key_set_text(struct key_bytes *key, enum registry_key kind, const char *text)
{
	key->bytes = text;
	key->length = strlen(text);
	if (kind != KEY_EMAIL || key->length >= sizeof(key->own))
		return;
	memcpy(key->own, text, key->length + 1);
	identity_fold(key->own);
	key->bytes = key->own;
}

static void
key_set_entry(const struct registry_contents *contents, enum registry_key kind,
    size_t position, struct key_bytes *key)
{
	switch (kind) {
	case KEY_NAME:
		key_set_text(key, kind, contents->users[position].name);
		break;
	case KEY_UID:
		key_set_number(key, contents->users[position].uid);
		break;
	case KEY_EMAIL:
		key_set_text(key, kind, contents->users[position].email);
		break;
	case KEY_EXTERNAL_ID:
		key_set_text(key, kind, contents->users[position].external_id);
		break;
	case KEY_GROUP_NAME:
		key_set_text(key, kind, contents->groups[position].name);
		break;
	case KEY_GROUP_GID:
		key_set_number(key, contents->groups[position].gid);
		break;
	case KEY_TOMBSTONE:
		key_set_number(key, contents->tombstones[position].uid);
		break;
	}
}

static size_t
key_slot(const struct registry_contents *contents, enum registry_key kind,
    const struct key_bytes *key)
{
	size_t mask = contents->positions[kind].slot_count - 1;

	return (size_t)hash_bytes(contents->seed, key->bytes, key->length) &
	    mask;
}

static size_t
positions_find(const struct registry_contents *contents, enum registry_key kind,
    const struct key_bytes *key)
{
	const struct registry_positions *table = &contents->positions[kind];
	size_t slot;

	if (table->slot_count == 0)
		return POSITION_NONE;
	for (slot = key_slot(contents, kind, key);
	     table->slots[slot] != SLOT_EMPTY;
	     slot = (slot + 1) & (table->slot_count - 1)) {
		struct key_bytes other;

		if (table->slots[slot] == SLOT_DROPPED)
			continue;
		key_set_entry(contents, kind, table->slots[slot] - 1, &other);
		if (other.length == key->length &&
		    memcmp(other.bytes, key->bytes, key->length) == 0)
			return table->slots[slot] - 1;
	}
	return POSITION_NONE;
}

size_t
positions_find_text(const struct registry_contents *contents,
    enum registry_key key, const char *text)
{
	struct key_bytes bytes;

	key_set_text(&bytes, key, text);
	return positions_find(contents, key, &bytes);
}

size_t
positions_find_number(const struct registry_contents *contents,
    enum registry_key key, uint32_t number)
{
	struct key_bytes bytes;

	key_set_number(&bytes, number);
	return positions_find(contents, key, &bytes);
}

void
positions_put(
    struct registry_contents *contents, enum registry_key key, size_t position)
{
	struct registry_positions *table = &contents->positions[key];
	struct key_bytes bytes;
	size_t slot;

	key_set_entry(contents, key, position, &bytes);
	slot = key_slot(contents, key, &bytes);
	while (table->slots[slot] != SLOT_EMPTY)
		slot = (slot + 1) & (table->slot_count - 1);
	table->slots[slot] = (uint32_t)position + 1;
	table->used++;
}

/* Lends the slot of what stands at `position`, and is in the table. */
static uint32_t *
positions_slot(const struct registry_contents *contents, enum registry_key key,
    size_t position)
{
	const struct registry_positions *table = &contents->positions[key];
	struct key_bytes bytes;
	size_t slot;

	key_set_entry(contents, key, position, &bytes);
	slot = key_slot(contents, key, &bytes);
	while (table->slots[slot] != (uint32_t)position + 1)
		slot = (slot + 1) & (table->slot_count - 1);
	return &table->slots[slot];
}

void
positions_move(struct registry_contents *contents, enum registry_key key,
    size_t from, size_t to)
{
	*positions_slot(contents, key, from) = (uint32_t)to + 1;
}

void
positions_drop(
    struct registry_contents *contents, enum registry_key key, size_t position)
{
	*positions_slot(contents, key, position) = SLOT_DROPPED;
}

enum extauth_err
positions_reserve(struct registry_contents *contents, enum registry_key key)
{
	struct registry_positions *table = &contents->positions[key];
	struct registry_positions old = *table;
	struct registry_positions grown = {0};
	size_t slot;

	if (old.slot_count > 0 && old.used + 1 <= old.slot_count / 2)
		return EXTAUTH_OK;
	if (old.used >= UINT32_MAX / 4)
		return EXTAUTH_TOOBIG;
	grown.slot_count =
	    old.slot_count == 0 ? SLOTS_FIRST : old.slot_count * 2;
	grown.slots = calloc(grown.slot_count, sizeof(*grown.slots));
	if (grown.slots == NULL)
		return EXTAUTH_NOMEM;
	*table = grown;
	for (slot = 0; slot < old.slot_count; slot++) {
		if (old.slots[slot] != SLOT_EMPTY &&
		    old.slots[slot] != SLOT_DROPPED)
			positions_put(contents, key, old.slots[slot] - 1);
	}
	free(old.slots);
	return EXTAUTH_OK;
}

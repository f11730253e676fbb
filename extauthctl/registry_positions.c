/* SPDX-License-Identifier: MIT */
#include "registry_positions.h"

#include <string.h>

#include "hash.h"
#include "identity.h"
#include "registry_base.h"

#define POSITION_EMPTY 0U
#define POSITION_DROPPED UINT32_MAX
#define SLOTS_FIRST 64
#define SLOTS_MAX ((size_t)1 << 31)

/* The hash stands here too, so that a table grows without a look at the keys,
 * and that a key is compared only with one that is most likely equal. */
struct position_slot {
	uint32_t hash;
	uint32_t position; /* + 1, or POSITION_* */
};

/* The bytes that a key is hashed and compared by; an e-mail's are folded, and
 * stand in `own`. */
struct key_bytes {
	const char *bytes;
	const char *source; /* of an external id, NULL: any */
	size_t length;
	char own[IDENTITY_EMAIL_MAX_BYTES + 1];
};

static struct position_slot *
table_slots(const struct registry_positions *table)
{
	return (struct position_slot *)(void *)table->slots.bytes;
}

static void
key_set_number(struct key_bytes *key, uint32_t number)
{
	registry_put32(key->own, number);
	key->bytes = key->own;
	key->source = NULL;
	key->length = sizeof(number);
}

/* Tells by eight bytes at once whether there is an upper-case letter. A byte
 * that is none of ASCII is none. */
bool
positions_has_upper(const char *text, size_t length)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t found = 0;
	size_t last = length - sizeof(uint64_t);
	size_t place;

	for (place = 0; place < length; place += sizeof(uint64_t)) {
		uint64_t word = 0;
		uint64_t low;

		/* The last ones come with some that were looked at. */
		if (length < sizeof(word))
			memcpy(&word, text, length);
		else
			memcpy(&word, text + (place < last ? place : last),
			    sizeof(word));
		low = word & ~(ones << 7);
		found |= ((low + ones * (0x80 - 'A')) ^
			     (low + ones * (0x7f - 'Z'))) &
		    ~word;
	}
	return (found & ones << 7) != 0;
}

static void
key_set_text(struct key_bytes *key, enum registry_key kind, const char *text)
{
	key->bytes = text;
	key->source = NULL;
	key->length = strlen(text);
	if (kind != KEY_EMAIL || key->length >= sizeof(key->own) ||
	    !positions_has_upper(text, key->length))
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

static uint64_t
key_hash(const struct registry_contents *contents, const struct key_bytes *key)
{
	return hash_bytes(contents->seed, key->bytes, key->length);
}

static bool
is_key_of(const struct registry_contents *contents, enum registry_key kind,
    size_t position, const struct key_bytes *key)
{
	REGISTRY_UNWIPED struct key_bytes other;

	if (key->source != NULL &&
	    strcmp(contents->users[position].source, key->source) != 0)
		return false;
	key_set_entry(contents, kind, position, &other);
	return other.length == key->length &&
	    memcmp(other.bytes, key->bytes, key->length) == 0;
}

/* In the index of the base. What stands in the record there may be out of date:
 * it is the user of today who is compared. */
static size_t
base_find(const struct registry_contents *contents, enum registry_key kind,
    const struct key_bytes *key, uint64_t hash)
{
	static const enum registry_index_number indexes[] = {
	    [KEY_NAME] = INDEX_NAME,
	    [KEY_UID] = INDEX_UID,
	    [KEY_EMAIL] = INDEX_EMAIL,
	    [KEY_EXTERNAL_ID] = INDEX_EXTERNAL_ID,
	};
	struct registry_search search;
	const char *slot = NULL;
	uint64_t offset = 0;

	if (contents->base == NULL ||
	    kind >= sizeof(indexes) / sizeof(*indexes))
		return POSITION_NONE;
	search =
	    registry_copy_search(&contents->base->copy, indexes[kind], hash);
	while (registry_search_next(&search, &slot, &offset) == EXTAUTH_OK) {
		uint32_t place = registry_base_place(contents->base, offset);

		if (place != PLACE_NONE &&
		    is_key_of(contents, kind, place, key))
			return place;
	}
	return POSITION_NONE;
}

static size_t
positions_find(const struct registry_contents *contents, enum registry_key kind,
    const struct key_bytes *key)
{
	const struct registry_positions *table = &contents->positions[kind];
	const struct position_slot *slots = table_slots(table);
	size_t mask = table->slot_count - 1;
	uint64_t hash;
	size_t number;

	if (table->used == 0 && contents->base == NULL)
		return POSITION_NONE;
	hash = key_hash(contents, key);
	if (table->used == 0)
		return base_find(contents, kind, key, hash);
	for (number = (uint32_t)hash & mask;
	     slots[number].position != POSITION_EMPTY;
	     number = (number + 1) & mask) {
		if (slots[number].hash != (uint32_t)hash ||
		    slots[number].position == POSITION_DROPPED)
			continue;
		if (is_key_of(contents, kind, slots[number].position - 1, key))
			return slots[number].position - 1;
	}
	return base_find(contents, kind, key, hash);
}

size_t
positions_find_text(const struct registry_contents *contents,
    enum registry_key key, const char *text)
{
	REGISTRY_UNWIPED struct key_bytes bytes;

	key_set_text(&bytes, key, text);
	return positions_find(contents, key, &bytes);
}

size_t
positions_find_source_id(const struct registry_contents *contents,
    const char *source, const char *external_id)
{
	REGISTRY_UNWIPED struct key_bytes bytes;

	key_set_text(&bytes, KEY_EXTERNAL_ID, external_id);
	bytes.source = source;
	return positions_find(contents, KEY_EXTERNAL_ID, &bytes);
}

size_t
positions_find_number(const struct registry_contents *contents,
    enum registry_key key, uint32_t number)
{
	REGISTRY_UNWIPED struct key_bytes bytes;

	key_set_number(&bytes, number);
	return positions_find(contents, key, &bytes);
}

static void
key_expect(const struct registry_contents *contents, enum registry_key key,
    const struct key_bytes *bytes)
{
	const struct registry_positions *table = &contents->positions[key];
	size_t number;

	if (table->slot_count == 0)
		return;
	number = (uint32_t)key_hash(contents, bytes) & (table->slot_count - 1);
	__builtin_prefetch(&table_slots(table)[number], 1);
}

void
positions_expect(const struct registry_contents *contents,
    enum registry_key key, const char *text)
{
	REGISTRY_UNWIPED struct key_bytes bytes;

	key_set_text(&bytes, key, text);
	key_expect(contents, key, &bytes);
}

void
positions_expect_number(const struct registry_contents *contents,
    enum registry_key key, uint32_t number)
{
	REGISTRY_UNWIPED struct key_bytes bytes;

	key_set_number(&bytes, number);
	key_expect(contents, key, &bytes);
}

bool
positions_are_spent(const struct registry_contents *contents, uint32_t uid)
{
	REGISTRY_UNWIPED struct key_bytes key;

	if (contents->base == NULL)
		return false;
	key_set_number(&key, uid);
	return registry_base_is_spent(
	    contents->base, uid, key_hash(contents, &key));
}

static void
slot_put(struct registry_positions *table, struct position_slot slot)
{
	struct position_slot *slots = table_slots(table);
	size_t mask = table->slot_count - 1;
	size_t number = slot.hash & mask;

	while (slots[number].position != POSITION_EMPTY)
		number = (number + 1) & mask;
	slots[number] = slot;
	table->used++;
}

void
positions_put(
    struct registry_contents *contents, enum registry_key key, size_t position)
{
	REGISTRY_UNWIPED struct key_bytes bytes;

	key_set_entry(contents, key, position, &bytes);
	slot_put(&contents->positions[key],
	    (struct position_slot){
		(uint32_t)key_hash(contents, &bytes), (uint32_t)position + 1});
}

/* Sets the slot of what stands at `position`, if it has one: what the base
 * finds needs none. */
static void
slot_set(struct registry_contents *contents, enum registry_key key,
    size_t position, uint32_t value)
{
	struct registry_positions *table = &contents->positions[key];
	struct position_slot *slots = table_slots(table);
	size_t mask = table->slot_count - 1;
	REGISTRY_UNWIPED struct key_bytes bytes;
	size_t number;

	if (table->slot_count == 0)
		return;
	key_set_entry(contents, key, position, &bytes);
	for (number = (uint32_t)key_hash(contents, &bytes) & mask;
	     slots[number].position != POSITION_EMPTY;
	     number = (number + 1) & mask) {
		if (slots[number].position != (uint32_t)position + 1)
			continue;
		slots[number].position = value;
		return;
	}
}

void
positions_move(struct registry_contents *contents, enum registry_key key,
    size_t from, size_t to)
{
	slot_set(contents, key, from, (uint32_t)to + 1);
}

void
positions_drop(
    struct registry_contents *contents, enum registry_key key, size_t position)
{
	slot_set(contents, key, position, POSITION_DROPPED);
}

enum extauth_err
positions_reserve(
    struct registry_contents *contents, enum registry_key key, size_t count)
{
	struct registry_positions *table = &contents->positions[key];
	struct registry_positions grown = {.slot_count = table->slot_count};
	size_t number;

	if (table->used + count <= table->slot_count / 2)
		return EXTAUTH_OK;
	if (count > SLOTS_MAX / 4 || table->used > SLOTS_MAX / 4)
		return EXTAUTH_TOOBIG;
	if (grown.slot_count == 0)
		grown.slot_count = SLOTS_FIRST;
	while (table->used + count > grown.slot_count / 2)
		grown.slot_count *= 2;
	if (registry_pages_take(grown.slot_count * sizeof(struct position_slot),
		&grown.slots) != EXTAUTH_OK)
		return EXTAUTH_NOMEM;
	for (number = 0; number < table->slot_count; number++) {
		struct position_slot slot = table_slots(table)[number];

		if (slot.position != POSITION_EMPTY &&
		    slot.position != POSITION_DROPPED)
			slot_put(&grown, slot);
	}
	registry_pages_give(&table->slots);
	*table = grown;
	return EXTAUTH_OK;
}

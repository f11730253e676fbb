/* SPDX-License-Identifier: MIT */
/* The look-ups of registry.h.
 * Does not know: how a file is opened, what a good record is. */
#include "hash.h"
#include "identity.h"
#include "registry_format.h"
#include "registry_record.h"

#define CHUNK_SLOTS 8
#define CHUNK_BYTES ((size_t)CHUNK_SLOTS * REGISTRY_SLOT_BYTES)
/* Records that may be read for one look-up: with a tag of 32 bits the second is
 * already a rarity, and a file that lies must not cost more. */
#define MATCH_MAX 16

/* What one look-up asks: the bytes that are hashed, and how a record is told
 * from one whose key only hashes alike. */
struct registry_question {
	enum registry_index_number index;
	const char *key;
	size_t key_bytes;
	bool (*is_answer)(
	    const struct registry_record *record, const char *key);
};

/* A place in an index, and, where the file is read, the slots around it. */
struct registry_probe {
	uint64_t position;
	uint32_t tag;
	bool is_loaded;
	char chunk[CHUNK_BYTES];
};

struct registry_slot {
	uint32_t tag;
	uint32_t reference;
};

/* Takes a slot out of the map, each half of it once. Should it be changed in
 * between, then the record says that it is not the one. */
static inline struct registry_slot
slot_from_map(const char *place)
{
	const volatile uint32_t *halves =
	    (const volatile uint32_t *)(const void *)place;

	return (struct registry_slot){le32toh(halves[0]), le32toh(halves[1])};
}

static enum extauth_err
slot_from_file(const struct registry *registry,
    const struct registry_index *index, struct registry_probe *probe,
    struct registry_slot *ret_slot)
{
	uint64_t first = probe->position & ~(uint64_t)(CHUNK_SLOTS - 1);
	uint64_t place = probe->position - first;
	const char *slot = probe->chunk + place * REGISTRY_SLOT_BYTES;

	if (!probe->is_loaded || place == 0) {
		enum extauth_err err = registry_read_at(registry->fd,
		    index->offset + first * REGISTRY_SLOT_BYTES, probe->chunk,
		    CHUNK_BYTES);

		if (err != EXTAUTH_OK)
			return err;
		probe->is_loaded = true;
	}
	ret_slot->tag = registry_get32(slot);
	ret_slot->reference = registry_get32(slot + 4);
	return EXTAUTH_OK;
}

/* Gives the slot at the probe's place and moves it on to the next. */
static inline enum extauth_err
probe_next(const struct registry *registry, const struct registry_index *index,
    struct registry_probe *probe, struct registry_slot *ret_slot)
{
	enum extauth_err err = EXTAUTH_OK;

	if (registry->map != NULL)
		*ret_slot = slot_from_map(registry->map + index->offset +
		    probe->position * REGISTRY_SLOT_BYTES);
	else
		err = slot_from_file(registry, index, probe, ret_slot);
	probe->position = (probe->position + 1) & (index->slots - 1);
	return err;
}

/* Gives the offset of the next record whose tag is the probe's, by way of at
 * most `*left` slots. */
static enum extauth_err
probe_find(const struct registry *registry, const struct registry_index *index,
    struct registry_probe *probe, unsigned *left, uint64_t *ret_offset)
{
	while (*left > 0) {
		struct registry_slot slot = {0};
		enum extauth_err err =
		    probe_next(registry, index, probe, &slot);

		if (err != EXTAUTH_OK)
			return err;
		if (slot.reference == 0)
			return EXTAUTH_NOTFOUND;
		--*left;
		if (slot.tag != probe->tag)
			continue;
		*ret_offset = (uint64_t)slot.reference * REGISTRY_RECORD_ALIGN;
		return EXTAUTH_OK;
	}
	return EXTAUTH_NOTFOUND;
}

/* `*record` holds anything on failure. */
static enum extauth_err
registry_find(const struct registry *registry,
    const struct registry_question *question, struct registry_room *room,
    struct registry_record *record)
{
	const struct registry_index *index =
	    &registry->indexes[question->index];
	REGISTRY_UNWIPED struct registry_probe probe;
	unsigned left = REGISTRY_PROBE_MAX;
	unsigned matches;
	uint64_t hash;

	if (index->slots == 0)
		return EXTAUTH_NOTFOUND;
	hash = hash_bytes(registry->seed, question->key, question->key_bytes);
	probe.position = hash & (index->slots - 1);
	probe.tag = (uint32_t)(hash >> 32);
	probe.is_loaded = false;
	for (matches = 0; matches < MATCH_MAX; matches++) {
		uint64_t offset = 0;
		uint32_t length;
		enum extauth_err err =
		    probe_find(registry, index, &probe, &left, &offset);

		if (err == EXTAUTH_OK)
			err = registry_record_read(
			    registry, offset, room, record, &length);
		if (err == EXTAUTH_OK &&
		    question->is_answer(record, question->key))
			return EXTAUTH_OK;
		if (err != EXTAUTH_OK && err != EXTAUTH_INVALID)
			return err;
	}
	return EXTAUTH_NOTFOUND;
}

static bool
is_user_name(const struct registry_record *record, const char *key)
{
	return record->kind == REGISTRY_USER &&
	    strcmp(record->user.name, key) == 0;
}

static bool
is_user_uid(const struct registry_record *record, const char *key)
{
	return record->kind == REGISTRY_USER &&
	    record->user.uid == registry_get32(key);
}

static bool
is_user_email(const struct registry_record *record, const char *key)
{
	return record->kind == REGISTRY_USER &&
	    identity_equal(record->user.email, key);
}

static bool
is_user_external_id(const struct registry_record *record, const char *key)
{
	return record->kind == REGISTRY_USER &&
	    strcmp(record->user.external_id, key) == 0;
}

/* Puts a user's private group in place of the user. The list of members is the
 * empty text at the end of the name. */
static void
record_make_group(struct registry_record *record)
{
	const char *name = record->user.name;

	if (record->kind != REGISTRY_USER)
		return;
	record->group = (struct registry_group){
	    .name = name,
	    .gid = record->user.gid,
	    .members = name + strlen(name),
	};
}

static bool
is_group(const struct registry_record *record)
{
	return record->kind == REGISTRY_GROUP ||
	    (record->kind == REGISTRY_USER && !record->user.is_linked);
}

static bool
is_group_name(const struct registry_record *record, const char *key)
{
	const char *name = record->kind == REGISTRY_GROUP ? record->group.name
							  : record->user.name;

	return is_group(record) && strcmp(name, key) == 0;
}

static bool
is_group_gid(const struct registry_record *record, const char *key)
{
	uint32_t gid = record->kind == REGISTRY_GROUP ? record->group.gid
						      : record->user.gid;

	return is_group(record) && gid == registry_get32(key);
}

static enum extauth_err
registry_find_user(const struct registry *registry,
    const struct registry_question *question, struct registry_room *room,
    struct registry_user *ret_user)
{
	REGISTRY_UNWIPED struct registry_record record;
	enum extauth_err err = registry_find(registry, question, room, &record);

	if (err == EXTAUTH_OK)
		*ret_user = record.user;
	return err;
}

/* Private groups stand in the index of the users. */
static enum extauth_err
registry_find_group(const struct registry *registry,
    const struct registry_question *question,
    enum registry_index_number private_index, struct registry_room *room,
    struct registry_group *ret_group)
{
	REGISTRY_UNWIPED struct registry_record record;
	enum extauth_err err = registry_find(registry, question, room, &record);
	struct registry_question private = *question;

	if (err == EXTAUTH_NOTFOUND &&
	    registry->version > REGISTRY_VERSION_FIRST) {
		private.index = private_index;
		err = registry_find(registry, &private, room, &record);
	}
	if (err != EXTAUTH_OK)
		return err;
	record_make_group(&record);
	*ret_group = record.group;
	return EXTAUTH_OK;
}

enum extauth_err
registry_find_name(const struct registry *registry, const char *name,
    struct registry_room *room, struct registry_user *ret_user)
{
	const struct registry_question question = {
	    INDEX_NAME, name, strlen(name), is_user_name};

	return registry_find_user(registry, &question, room, ret_user);
}

enum extauth_err
registry_find_uid(const struct registry *registry, uint32_t uid,
    struct registry_room *room, struct registry_user *ret_user)
{
	char key[sizeof(uid)];
	const struct registry_question question = {
	    INDEX_UID, key, sizeof(key), is_user_uid};

	registry_put32(key, uid);
	return registry_find_user(registry, &question, room, ret_user);
}

enum extauth_err
registry_find_email(const struct registry *registry, const char *email,
    struct registry_room *room, struct registry_user *ret_user)
{
	char key[IDENTITY_EMAIL_MAX_BYTES + 1];
	size_t length = strlen(email);
	const struct registry_question question = {
	    INDEX_EMAIL, key, length, is_user_email};

	if (length == 0 || length >= sizeof(key))
		return EXTAUTH_NOTFOUND;
	memcpy(key, email, length + 1);
	identity_fold(key);
	return registry_find_user(registry, &question, room, ret_user);
}

enum extauth_err
registry_find_external_id(const struct registry *registry,
    const char *external_id, struct registry_room *room,
    struct registry_user *ret_user)
{
	const struct registry_question question = {INDEX_EXTERNAL_ID,
	    external_id, strlen(external_id), is_user_external_id};

	if (question.key_bytes == 0)
		return EXTAUTH_NOTFOUND;
	return registry_find_user(registry, &question, room, ret_user);
}

enum extauth_err
registry_find_group_name(const struct registry *registry, const char *name,
    struct registry_room *room, struct registry_group *ret_group)
{
	const struct registry_question question = {
	    INDEX_GROUP_NAME, name, strlen(name), is_group_name};

	return registry_find_group(
	    registry, &question, INDEX_NAME, room, ret_group);
}

enum extauth_err
registry_find_gid(const struct registry *registry, uint32_t gid,
    struct registry_room *room, struct registry_group *ret_group)
{
	char key[sizeof(gid)];
	const struct registry_question question = {
	    INDEX_GID, key, sizeof(key), is_group_gid};

	registry_put32(key, gid);
	return registry_find_group(
	    registry, &question, INDEX_UID, room, ret_group);
}

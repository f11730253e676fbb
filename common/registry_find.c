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

/* A place in an index, and the slots around it. */
struct registry_probe {
	uint64_t position;
	uint32_t tag;
	bool is_loaded;
	char chunk[CHUNK_BYTES];
};

/* Gives the slot at the probe's place and moves it on to the next. */
static enum extauth_err
probe_next(const struct registry *registry, const struct registry_index *index,
    struct registry_probe *probe, const char **ret_slot)
{
	uint64_t first = probe->position & ~(uint64_t)(CHUNK_SLOTS - 1);
	uint64_t place = probe->position - first;

	if (!probe->is_loaded || place == 0) {
		enum extauth_err err = registry_read_at(registry->fd,
		    index->offset + first * REGISTRY_SLOT_BYTES, probe->chunk,
		    CHUNK_BYTES);

		if (err != EXTAUTH_OK)
			return err;
		probe->is_loaded = true;
	}
	*ret_slot = probe->chunk + place * REGISTRY_SLOT_BYTES;
	probe->position = (probe->position + 1) & (index->slots - 1);
	return EXTAUTH_OK;
}

/* Gives the offset of the next record whose tag is the probe's, by way of at
 * most `*left` slots. */
static enum extauth_err
probe_find(const struct registry *registry, const struct registry_index *index,
    struct registry_probe *probe, unsigned *left, uint64_t *ret_offset)
{
	for (; *left > 0; --*left) {
		const char *slot = NULL;
		enum extauth_err err =
		    probe_next(registry, index, probe, &slot);
		uint64_t reference;

		if (err != EXTAUTH_OK)
			return err;
		reference = registry_get32(slot + 4);
		if (reference == 0)
			return EXTAUTH_NOTFOUND;
		if (registry_get32(slot) != probe->tag)
			continue;
		--*left;
		*ret_offset = reference * REGISTRY_RECORD_ALIGN;
		return EXTAUTH_OK;
	}
	return EXTAUTH_NOTFOUND;
}

static enum extauth_err
registry_find(const struct registry *registry,
    const struct registry_question *question, struct registry_room *room,
    struct registry_record *ret_record)
{
	const struct registry_index *index =
	    &registry->indexes[question->index];
	struct registry_probe probe = {0};
	unsigned left = REGISTRY_PROBE_MAX;
	unsigned matches;
	uint64_t hash;

	if (index->slots == 0)
		return EXTAUTH_NOTFOUND;
	hash = hash_bytes(registry->seed, question->key, question->key_bytes);
	probe.position = hash & (index->slots - 1);
	probe.tag = (uint32_t)(hash >> 32);
	for (matches = 0; matches < MATCH_MAX; matches++) {
		struct registry_record record;
		uint64_t offset = 0;
		uint64_t length;
		enum extauth_err err =
		    probe_find(registry, index, &probe, &left, &offset);

		if (err == EXTAUTH_OK)
			err = registry_record_read(
			    registry, offset, room, &record, &length);
		if (err == EXTAUTH_INVALID)
			continue;
		if (err != EXTAUTH_OK)
			return err;
		if (!question->is_answer(&record, question->key))
			continue;
		*ret_record = record;
		return EXTAUTH_OK;
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
	struct registry_record record;
	enum extauth_err err = registry_find(registry, question, room, &record);

	if (err == EXTAUTH_OK)
		*ret_user = record.user;
	return err;
}

static enum extauth_err
registry_find_group(const struct registry *registry,
    const struct registry_question *question, struct registry_room *room,
    struct registry_group *ret_group)
{
	struct registry_record record;
	enum extauth_err err = registry_find(registry, question, room, &record);

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

	return registry_find_group(registry, &question, room, ret_group);
}

enum extauth_err
registry_find_gid(const struct registry *registry, uint32_t gid,
    struct registry_room *room, struct registry_group *ret_group)
{
	char key[sizeof(gid)];
	const struct registry_question question = {
	    INDEX_GID, key, sizeof(key), is_group_gid};

	registry_put32(key, gid);
	return registry_find_group(registry, &question, room, ret_group);
}

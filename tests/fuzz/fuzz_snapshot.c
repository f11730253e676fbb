/* SPDX-License-Identifier: MIT */
#include "fuzz_snapshot.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buffer.h"
#include "fuzz.h"
#include "fuzz_table.h"
#include "hash.h"
#include "identity.h"
#include "registry_format.h"
#include "registry_record.h"

#define SLOTS_MAX 4096

static uint32_t
version_of(const struct fuzz_snapshot *snapshot)
{
	return registry_get32(snapshot->bytes + HEADER_VERSION);
}

/* Gives the length of the record at `offset`, 0 if there is none. */
static uint32_t
record_length(const struct fuzz_snapshot *snapshot, uint64_t offset)
{
	uint32_t length;

	if (offset > snapshot->length ||
	    snapshot->length - offset < GROUP_FIXED_BYTES)
		return 0;
	length = registry_get32(snapshot->bytes + offset);
	return length >= GROUP_FIXED_BYTES && length % 8 == 0 &&
		length <= snapshot->length - offset
	    ? length
	    : 0;
}

static uint64_t
first_record(const struct fuzz_snapshot *snapshot)
{
	return registry_get64(snapshot->bytes + HEADER_RECORDS_OFFSET);
}

static uint64_t
records_end(const struct fuzz_snapshot *snapshot)
{
	uint64_t end = first_record(snapshot) +
	    registry_get64(snapshot->bytes + HEADER_RECORDS_BYTES);

	return end < snapshot->length ? end : snapshot->length;
}

static void
copy_text(char *key, const char *text, size_t length)
{
	if (length >= FUZZ_KEY_BYTES)
		length = FUZZ_KEY_BYTES - 1;
	memcpy(key, text, length);
	key[length] = '\0';
}

/* Text number `wanted` of a user. */
static void
copy_user_text(char *key, const char *record, uint32_t length, unsigned wanted)
{
	uint64_t at = USER_FIXED_BYTES;
	unsigned number;
	uint16_t size = 0;

	if (length < USER_FIXED_BYTES)
		return;
	at += 4ULL * registry_get32(record + USER_GID_COUNT);
	for (number = 0; number <= wanted; number++) {
		at += number > 0 ? size + 1U : 0;
		size = registry_get16(record + USER_TEXT_LENGTHS + number * 2);
	}
	if (at <= length && size <= length - at)
		copy_text(key, record + at, size);
}

static void
read_key(struct fuzz_key *key, const char *record, uint32_t length)
{
	*key =
	    (struct fuzz_key){.number = registry_get32(record + RECORD_NUMBER)};
	if (record[RECORD_KIND] == REGISTRY_GROUP) {
		uint16_t size = registry_get16(record + GROUP_NAME_LENGTH);

		if (size <= length - GROUP_FIXED_BYTES)
			copy_text(key->name, record + GROUP_FIXED_BYTES, size);
		return;
	}
	copy_user_text(key->name, record, length, TEXT_NAME);
	copy_user_text(key->email, record, length, TEXT_EMAIL);
	copy_user_text(key->external_id, record, length, TEXT_EXTERNAL_ID);
}

struct place {
	struct fuzz_snapshot *snapshot;
	uint64_t record;
};

/* Puts a key into an index, if that is one. */
static void
put_key(
    const struct place *place, unsigned number, const void *key, size_t length)
{
	char *bytes = place->snapshot->bytes;
	const char *index = bytes + HEADER_INDEXES + number * 16;
	uint64_t offset = registry_get64(index);
	uint64_t slots = registry_get64(index + 8);
	uint64_t seed[2] = {registry_get64(bytes + HEADER_SEED),
	    registry_get64(bytes + HEADER_SEED + 8)};
	uint64_t hash = hash_bytes(seed, key, length);
	uint64_t at;

	if (slots == 0 || slots > SLOTS_MAX || (slots & (slots - 1)) != 0 ||
	    offset < REGISTRY_HEADER_BYTES ||
	    offset > place->snapshot->length ||
	    slots * 8 > place->snapshot->length - offset)
		return;
	for (at = 0; at < slots; at++) {
		char *slot = bytes + offset + ((hash + at) & (slots - 1)) * 8;

		if (registry_get32(slot + 4) != 0)
			continue;
		registry_put32(slot, (uint32_t)(hash >> 32));
		registry_put32(slot + 4, (uint32_t)(place->record / 8));
		return;
	}
}

static void
put_keys(const struct place *place, struct fuzz_key *key, int kind)
{
	char number[4];

	registry_put32(number, key->number);
	if (kind == REGISTRY_USER) {
		identity_fold(key->email);
		put_key(place, INDEX_NAME, key->name, strlen(key->name));
		put_key(place, INDEX_EMAIL, key->email, strlen(key->email));
		put_key(place, INDEX_EXTERNAL_ID, key->external_id,
		    strlen(key->external_id));
	}
	if (kind == REGISTRY_USER || kind == REGISTRY_TOMBSTONE)
		put_key(place, INDEX_UID, number, sizeof(number));
	if (kind == REGISTRY_GROUP ||
	    (kind == REGISTRY_USER && version_of(place->snapshot) == 1)) {
		put_key(place, INDEX_GROUP_NAME, key->name, strlen(key->name));
		put_key(place, INDEX_GID, number, sizeof(number));
	}
}

static void
clear_indexes(struct fuzz_snapshot *snapshot)
{
	unsigned number;

	for (number = 0; number < REGISTRY_INDEX_COUNT; number++) {
		const char *index =
		    snapshot->bytes + HEADER_INDEXES + number * 16;
		uint64_t offset = registry_get64(index);
		uint64_t slots = registry_get64(index + 8);

		if (slots <= SLOTS_MAX && offset >= records_end(snapshot) &&
		    offset <= snapshot->length &&
		    slots * 8 <= snapshot->length - offset)
			memset(snapshot->bytes + offset, 0, slots * 8);
	}
}

/* Goes over the records: takes their keys, and puts checksums and slots. */
static void
walk(struct fuzz_snapshot *snapshot)
{
	struct place place = {snapshot, first_record(snapshot)};
	uint8_t repair = snapshot->head[0];
	uint32_t length;

	if (place.record % 8 != 0)
		return;
	while (place.record < records_end(snapshot) &&
	    (length = record_length(snapshot, place.record)) > 0) {
		char *record = snapshot->bytes + place.record;
		struct fuzz_key key;

		read_key(&key, record, length);
		if (snapshot->key_count < FUZZ_KEYS_MAX)
			snapshot->keys[snapshot->key_count++] = key;
		if ((repair & REPAIR_INDEXES) != 0)
			put_keys(&place, &key, record[RECORD_KIND]);
		if ((repair & REPAIR_RECORDS) != 0)
			registry_put32(record + RECORD_CHECKSUM,
			    registry_record_checksum(version_of(snapshot),
				record, length, place.record));
		place.record += length;
	}
}

static void
put_checksums(struct fuzz_snapshot *snapshot)
{
	char *bytes = snapshot->bytes;
	uint64_t sum;

	if ((snapshot->head[0] & REPAIR_TABLES) != 0 &&
	    snapshot->length <= REGISTRY_CHECKSUM_STEP_BYTES) {
		sum = registry_tables_checksum(version_of(snapshot), 0,
		    REGISTRY_HEADER_BYTES, bytes + REGISTRY_HEADER_BYTES,
		    snapshot->length - REGISTRY_HEADER_BYTES);
		registry_put64(bytes + HEADER_TABLES_CHECKSUM, sum);
	}
	if ((snapshot->head[0] & REPAIR_HEADER) == 0)
		return;
	registry_put64(bytes + HEADER_SIZE, snapshot->length);
	registry_put64(bytes + HEADER_CHECKSUM,
	    registry_checksum(0, bytes, HEADER_CHECKSUM));
}

struct fuzz_snapshot
fuzz_snapshot_make(const uint8_t *bytes, size_t length)
{
	struct fuzz_snapshot snapshot = {0};
	size_t head = length < FUZZ_HEAD_BYTES ? length : FUZZ_HEAD_BYTES;

	memcpy(snapshot.head, bytes, head);
	snapshot.length = length - head;
	if ((snapshot.head[0] & (REPAIR_HEADER | REPAIR_TABLES)) != 0)
		snapshot.length &= ~(size_t)7;
	snapshot.bytes =
	    fuzz_copy_bytes((const char *)bytes + head, snapshot.length);
	snapshot.keys = calloc(FUZZ_KEYS_MAX, sizeof(*snapshot.keys));
	fuzz_require(snapshot.keys != NULL, "memory");
	if (snapshot.length < REGISTRY_HEADER_BYTES)
		return snapshot;
	if ((snapshot.head[0] & REPAIR_INDEXES) != 0)
		clear_indexes(&snapshot);
	walk(&snapshot);
	put_checksums(&snapshot);
	return snapshot;
}

void
fuzz_snapshot_clear(struct fuzz_snapshot *snapshot)
{
	free(snapshot->bytes);
	free(snapshot->keys);
}

void
fuzz_snapshot_write(const struct fuzz_snapshot *snapshot, const char *path)
{
	char other[64];
	cleanup_fd int fd = -1;

	(void)snprintf(other, sizeof(other), "%s.new", path);
	fd = open(other, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	fuzz_require(fd >= 0 &&
		write(fd, snapshot->bytes, snapshot->length) ==
		    (ssize_t)snapshot->length &&
		rename(other, path) == 0,
	    "the file is written");
}

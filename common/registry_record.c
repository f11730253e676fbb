/* SPDX-License-Identifier: MIT */
#include "registry_record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hash.h"
#include "registry_format.h"

/* Enough for nearly every user, so that one read gets all of him. */
#define FIRST_READ_BYTES 512
#define ROOM_ALIGN 8

/* A record as it was brought into the room. */
struct record_bytes {
	char *record;
	uint32_t length;
};

uint64_t
registry_checksum(uint64_t checksum, const char *bytes, size_t length)
{
	const uint64_t key[2] = {checksum, REGISTRY_CHECKSUM_STEP_BYTES};

	return hash_bytes(key, bytes, length);
}

uint64_t
registry_tables_checksum(uint32_t version, uint64_t checksum, uint64_t offset,
    const char *bytes, size_t length)
{
	const uint64_t key[2] = {offset, REGISTRY_CHECKSUM_STEP_BYTES};

	if (version == REGISTRY_VERSION_FIRST)
		return registry_checksum(checksum, bytes, length);
	return checksum + hash_words(key, bytes, length);
}

uint32_t
registry_record_checksum(
    uint32_t version, const char *record, uint32_t length, uint64_t offset)
{
	const uint64_t key[2] = {length, offset};
	const char *bytes = record + RECORD_KIND;
	uint64_t hash = version == REGISTRY_VERSION_FIRST
	    ? hash_bytes(key, bytes, length - RECORD_KIND)
	    : hash_words(key, bytes, length - RECORD_KIND);

	return (uint32_t)hash;
}

enum extauth_err
registry_read_at(int fd, uint64_t offset, char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t got = pread(fd, bytes, length, (off_t)offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return EXTAUTH_UNAVAILABLE;
		bytes += got;
		offset += (uint64_t)got;
		length -= (size_t)got;
	}
	return EXTAUTH_OK;
}

enum extauth_err
registry_read(const struct registry *registry, uint64_t offset, char *bytes,
    size_t length)
{
	if (registry->map == NULL)
		return registry_read_at(registry->fd, offset, bytes, length);
	if (offset > registry->size || length > registry->size - offset)
		return EXTAUTH_UNAVAILABLE;
	memcpy(bytes, registry->map + offset, length);
	return EXTAUTH_OK;
}

/* Gives `length` aligned bytes of the room. */
static enum extauth_err
room_take(struct registry_room *room, size_t length, char **ret_bytes)
{
	size_t padding = -(uintptr_t)room->bytes % ROOM_ALIGN;
	char *bytes;

	if (room->is_fixed) {
		if (room->size < padding || room->size - padding < length)
			return EXTAUTH_TOOBIG;
		*ret_bytes = room->bytes + padding;
		return EXTAUTH_OK;
	}
	if (room->size < length) {
		bytes = realloc(room->bytes, length);
		if (bytes == NULL)
			return EXTAUTH_NOMEM;
		room->bytes = bytes;
		room->size = length;
	}
	*ret_bytes = room->bytes;
	return EXTAUTH_OK;
}

/* Tells whether the room also has the place that its caller wants for each
 * member, from the bytes at the start of a record; a group that has more
 * members than bytes for their names is none. */
static enum extauth_err
room_check_members(
    const struct registry_room *room, const char *start, uint32_t length)
{
	size_t padding = -(uintptr_t)room->bytes % ROOM_ALIGN;
	size_t count;

	if (!room->is_fixed || room->member_bytes == 0 ||
	    start[RECORD_KIND] != REGISTRY_GROUP)
		return EXTAUTH_OK;
	count = registry_get32(start + GROUP_MEMBER_COUNT);
	if (count > length / 2)
		return EXTAUTH_INVALID;
	if (room->size < padding || room->size - padding < length ||
	    (room->size - padding - length) / room->member_bytes < count + 2)
		return EXTAUTH_TOOBIG;
	return EXTAUTH_OK;
}

/* Tells how much there is from a record's offset to the end of all records. */
static enum extauth_err
record_place(
    const struct registry *registry, uint64_t offset, uint64_t *ret_left)
{
	uint64_t end = registry->records_offset + registry->records_bytes;

	if (offset < registry->records_offset || offset >= end ||
	    offset % REGISTRY_RECORD_ALIGN != 0 ||
	    end - offset < GROUP_FIXED_BYTES)
		return EXTAUTH_UNAVAILABLE;
	*ret_left = end - offset;
	return EXTAUTH_OK;
}

static bool
length_is_sound(uint32_t length, uint64_t left)
{
	return length >= GROUP_FIXED_BYTES && length <= left &&
	    length <= REGISTRY_RECORD_MAX_BYTES &&
	    length % REGISTRY_RECORD_ALIGN == 0;
}

/* Brings a record into the room by one read, or two if it is long. */
static enum extauth_err
record_read(const struct registry *registry, uint64_t offset, uint64_t left,
    struct registry_room *room, struct record_bytes *ret_bytes)
{
	char start[FIRST_READ_BYTES] = {0};
	size_t length = left < sizeof(start) ? (size_t)left : sizeof(start);
	struct record_bytes bytes;
	enum extauth_err err =
	    registry_read_at(registry->fd, offset, start, length);

	if (err != EXTAUTH_OK)
		return err;
	bytes.length = registry_get32(start + RECORD_LENGTH);
	if (!length_is_sound(bytes.length, left))
		return EXTAUTH_INVALID;
	err = room_check_members(room, start, bytes.length);
	if (err == EXTAUTH_OK)
		err = room_take(room, bytes.length, &bytes.record);
	if (err != EXTAUTH_OK)
		return err;
	if (length > bytes.length)
		length = bytes.length;
	memcpy(bytes.record, start, length);
	err = registry_read_at(registry->fd, offset + length,
	    bytes.record + length, bytes.length - length);
	if (err == EXTAUTH_OK)
		*ret_bytes = bytes;
	return err;
}

/* Brings a record into the room from the map. The map may change while it is
 * looked at: the length counts as it was first, and everything else as it
 * stands in the copy. */
static enum extauth_err
record_copy(const struct registry *registry, uint64_t offset, uint64_t left,
    struct registry_room *room, struct record_bytes *ret_bytes)
{
	const char *place = registry->map + offset;
	struct record_bytes bytes;
	enum extauth_err err;

	/* Most records touch three lines of cache: fetch them at once. */
	__builtin_prefetch(place + 64);
	__builtin_prefetch(place + 128);
	bytes.length = le32toh(*(const volatile uint32_t *)(const void *)place);
	if (!length_is_sound(bytes.length, left))
		return EXTAUTH_INVALID;
	err = room_check_members(room, place, bytes.length);
	if (err == EXTAUTH_OK)
		err = room_take(room, bytes.length, &bytes.record);
	if (err != EXTAUTH_OK)
		return err;
	memcpy(bytes.record, place, bytes.length);
	*ret_bytes = bytes;
	return EXTAUTH_OK;
}

enum extauth_err
registry_record_read(const struct registry *registry, uint64_t offset,
    struct registry_room *room, struct registry_record *record,
    uint32_t *ret_length)
{
	struct record_bytes bytes;
	uint64_t left;
	enum extauth_err err = record_place(registry, offset, &left);

	if (err != EXTAUTH_OK)
		return err;
	err = registry->map != NULL
	    ? record_copy(registry, offset, left, room, &bytes)
	    : record_read(registry, offset, left, room, &bytes);
	if (err != EXTAUTH_OK)
		return err;
	if (registry_get32(bytes.record + RECORD_CHECKSUM) !=
	    registry_record_checksum(
		registry->version, bytes.record, bytes.length, offset))
		return EXTAUTH_INVALID;
	err = registry_record_parse(bytes.record, bytes.length, record);
	if (err == EXTAUTH_OK)
		*ret_length = bytes.length;
	return err;
}

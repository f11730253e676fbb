/* SPDX-License-Identifier: MIT */
#include "registry.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buffer.h"
#include "registry_format.h"
#include "registry_record.h"

static enum extauth_err
registry_check_file(
    int fd, const char *path, uint64_t *ret_size, struct extauth_error *error)
{
	struct stat status;

	if (fstat(fd, &status) != 0)
		return error_set(error, EXTAUTH_UNAVAILABLE, "%s: %s", path,
		    error_of_number(errno));
	if (!S_ISREG(status.st_mode))
		return error_set(error, EXTAUTH_UNAVAILABLE,
		    "%s: is not a regular file", path);
	if (status.st_uid != 0)
		return error_set(error, EXTAUTH_UNAVAILABLE,
		    "%s: is not owned by root", path);
	if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return error_set(error, EXTAUTH_UNAVAILABLE,
		    "%s: others than root may write to it", path);
	*ret_size = (uint64_t)status.st_size;
	return EXTAUTH_OK;
}

static bool
is_inside(const struct registry *registry, uint64_t offset, uint64_t bytes)
{
	return offset >= REGISTRY_HEADER_BYTES && offset <= registry->size &&
	    bytes <= registry->size - offset;
}

static bool
index_is_sound(
    const struct registry *registry, const struct registry_index *index)
{
	if (index->slots == 0)
		return true;
	return index->slots >= REGISTRY_SLOTS_MIN &&
	    index->offset % REGISTRY_INDEX_ALIGN == 0 &&
	    (index->slots & (index->slots - 1)) == 0 &&
	    index->slots <= registry->size / REGISTRY_SLOT_BYTES &&
	    is_inside(
		registry, index->offset, index->slots * REGISTRY_SLOT_BYTES);
}

/* Takes the header over; false if anything in it cannot be. */
static bool
registry_read_header(const char *header, struct registry *registry)
{
	uint32_t flags = registry_get32(header + HEADER_FLAGS);
	size_t number;

	registry->version = registry_get32(header + HEADER_VERSION);
	registry->generation = registry_get64(header + HEADER_GENERATION);
	registry->records_offset =
	    registry_get64(header + HEADER_RECORDS_OFFSET);
	registry->records_bytes = registry_get64(header + HEADER_RECORDS_BYTES);
	registry->user_count = registry_get64(header + HEADER_USER_COUNT);
	registry->group_count = registry_get64(header + HEADER_GROUP_COUNT);
	registry->tombstone_count =
	    registry_get64(header + HEADER_TOMBSTONE_COUNT);
	registry->seed[0] = registry_get64(header + HEADER_SEED);
	registry->seed[1] = registry_get64(header + HEADER_SEED + 8);
	registry->may_enumerate = (flags & REGISTRY_FLAG_MAY_ENUMERATE) != 0;
	registry->may_map = (flags & REGISTRY_FLAG_NO_MAP) == 0;
	for (number = 0; number < REGISTRY_INDEX_COUNT; number++) {
		const char *place = header + HEADER_INDEXES + number * 16;

		registry->indexes[number].offset = registry_get64(place);
		registry->indexes[number].slots = registry_get64(place + 8);
		if (!index_is_sound(registry, &registry->indexes[number]))
			return false;
	}
	return (flags & ~REGISTRY_FLAGS_ALL) == 0 &&
	    registry->size % REGISTRY_RECORD_ALIGN == 0 &&
	    registry->size == registry_get64(header + HEADER_SIZE) &&
	    is_inside(
		registry, registry->records_offset, registry->records_bytes);
}

static enum extauth_err
registry_load_header(int fd, const char *path, struct registry *registry,
    struct extauth_error *error)
{
	char header[REGISTRY_HEADER_BYTES];
	uint32_t version;

	if (registry_read_at(fd, 0, header, sizeof(header)) != EXTAUTH_OK)
		return error_set(
		    error, EXTAUTH_UNAVAILABLE, "%s: cannot be read", path);
	if (registry_get64(header + HEADER_MAGIC) != REGISTRY_MAGIC)
		return error_set(
		    error, EXTAUTH_UNAVAILABLE, "%s: is no registry", path);
	version = registry_get32(header + HEADER_VERSION);
	if (version < REGISTRY_VERSION_FIRST || version > REGISTRY_VERSION)
		return error_set(error, EXTAUTH_UNAVAILABLE,
		    "%s: has format %u, which this version cannot read", path,
		    version);
	if (registry_get64(header + HEADER_CHECKSUM) !=
		registry_checksum(0, header, HEADER_CHECKSUM) ||
	    !registry_read_header(header, registry))
		return error_set(error, EXTAUTH_UNAVAILABLE,
		    "%s: is damaged, its header is not right", path);
	return EXTAUTH_OK;
}

enum extauth_err
registry_open(const char *path, struct registry *ret_registry,
    struct extauth_error *error)
{
	struct registry registry = {.fd = -1};
	cleanup_fd int fd = open(
	    path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	enum extauth_err err;

	if (fd < 0 && errno == ENOENT)
		return error_set(
		    error, EXTAUTH_NOTFOUND, "%s: is not there", path);
	if (fd < 0)
		return error_set(error, EXTAUTH_UNAVAILABLE, "%s: %s", path,
		    error_of_number(errno));
	err = registry_check_file(fd, path, &registry.size, error);
	if (err == EXTAUTH_OK)
		err = registry_load_header(fd, path, &registry, error);
	if (err != EXTAUTH_OK)
		return err;
	registry.fd = fd;
	fd = -1;
	*ret_registry = registry;
	return EXTAUTH_OK;
}

void
registry_close(struct registry *registry)
{
	if (registry == NULL)
		return;
	cleanup_close_fd(&registry->fd);
	registry->fd = -1;
}

void
registry_room_clear(struct registry_room *room)
{
	if (room == NULL || room->is_fixed)
		return;
	free(room->bytes);
	*room = (struct registry_room){0};
}

/* Goes over holes, which may be long: they need no room. */
static enum extauth_err
skip_holes(const struct registry *registry, uint64_t *cursor)
{
	char start[RECORD_NUMBER];

	while (*cursor < registry->records_bytes) {
		uint64_t left = registry->records_bytes - *cursor;
		uint32_t length;

		if (left < sizeof(start) ||
		    registry_read(registry, registry->records_offset + *cursor,
			start, sizeof(start)) != EXTAUTH_OK)
			return EXTAUTH_UNAVAILABLE;
		if (start[RECORD_KIND] != REGISTRY_HOLE)
			return EXTAUTH_OK;
		length = registry_get32(start + RECORD_LENGTH);
		if (length < GROUP_FIXED_BYTES || length > left ||
		    length % REGISTRY_RECORD_ALIGN != 0)
			return EXTAUTH_UNAVAILABLE;
		*cursor += length;
	}
	return EXTAUTH_NOTFOUND;
}

enum extauth_err
registry_next(const struct registry *registry, uint64_t *cursor,
    struct registry_room *room, struct registry_record *ret_record)
{
	uint32_t length;
	enum extauth_err err = skip_holes(registry, cursor);

	if (err != EXTAUTH_OK)
		return err;
	err = registry_record_read(registry, registry->records_offset + *cursor,
	    room, ret_record, &length);
	if (err == EXTAUTH_INVALID)
		return EXTAUTH_UNAVAILABLE;
	if (err == EXTAUTH_OK)
		*cursor += length;
	return err;
}

enum extauth_err
registry_verify(const struct registry *registry, struct extauth_error *error)
{
	cleanup_free char *bytes = malloc(REGISTRY_CHECKSUM_STEP_BYTES);
	char stored[sizeof(uint64_t)];
	uint64_t offset = REGISTRY_HEADER_BYTES;
	uint64_t checksum = 0;
	enum extauth_err err;

	if (bytes == NULL)
		return EXTAUTH_NOMEM;
	err = registry_read(
	    registry, HEADER_TABLES_CHECKSUM, stored, sizeof(stored));
	while (err == EXTAUTH_OK && offset < registry->size) {
		uint64_t left = registry->size - offset;
		size_t length = left < REGISTRY_CHECKSUM_STEP_BYTES
		    ? (size_t)left
		    : REGISTRY_CHECKSUM_STEP_BYTES;

		err = registry_read(registry, offset, bytes, length);
		if (err == EXTAUTH_OK)
			checksum = registry_tables_checksum(
			    registry->version, checksum, offset, bytes, length);
		offset += length;
	}
	if (err != EXTAUTH_OK)
		return error_set(error, err, "cannot be read to its end");
	if (checksum != registry_get64(stored))
		return error_set(error, EXTAUTH_UNAVAILABLE,
		    "is damaged, its tables do not have their checksum");
	return EXTAUTH_OK;
}

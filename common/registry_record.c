/* SPDX-License-Identifier: MIT */
#include "registry_record.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "hash.h"
#include "identity.h"
#include "registry_format.h"

/* Enough for nearly every user, so that one read gets all of him. */
#define FIRST_READ_BYTES 512
#define ROOM_ALIGN 8

/* A record in the room, and what of it is not taken yet. */
struct record_bytes {
	char *record;
	char *next;
	size_t left;
};

uint64_t
registry_checksum(uint64_t checksum, const char *bytes, size_t length)
{
	const uint64_t key[2] = {checksum, REGISTRY_CHECKSUM_STEP_BYTES};

	return hash_bytes(key, bytes, length);
}

uint32_t
registry_record_checksum(const char *record, uint32_t length, uint64_t offset)
{
	const uint64_t key[2] = {length, offset};

	return (uint32_t)hash_bytes(
	    key, record + RECORD_KIND, length - RECORD_KIND);
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

/* Takes a text of `length` bytes and its NUL; NULL if that is not what stands
 * there. */
static const char *
record_take_text(struct record_bytes *bytes, size_t length)
{
	const char *text = bytes->next;

	if (bytes->left <= length || text[length] != '\0' ||
	    memchr(text, '\0', length) != NULL)
		return NULL;
	bytes->next += length + 1;
	bytes->left -= length + 1;
	return text;
}

static enum extauth_err
record_take_gids(struct record_bytes *bytes, struct registry_user *user)
{
	uint32_t count = registry_get32(bytes->record + USER_GID_COUNT);
	uint32_t *gids = (uint32_t *)(void *)bytes->next;
	size_t number;

	if (count > REGISTRY_GIDS_MAX || bytes->left / sizeof(*gids) < count)
		return EXTAUTH_INVALID;
	for (number = 0; number < count; number++)
		gids[number] =
		    registry_get32(bytes->next + number * sizeof(*gids));
	user->gids = gids;
	user->gid_count = count;
	bytes->next += count * sizeof(*gids);
	bytes->left -= count * sizeof(*gids);
	return EXTAUTH_OK;
}

static enum extauth_err
record_take_texts(struct record_bytes *bytes, struct registry_user *user)
{
	const char **const texts[TEXT_COUNT] = {
	    [TEXT_NAME] = &user->name,
	    [TEXT_GECOS] = &user->gecos,
	    [TEXT_HOME] = &user->home,
	    [TEXT_SHELL] = &user->shell,
	    [TEXT_EMAIL] = &user->email,
	    [TEXT_EXTERNAL_ID] = &user->external_id,
	    [TEXT_PROVIDER] = &user->provider,
	    [TEXT_SOURCE] = &user->source,
	};
	const char *lengths = bytes->record + USER_TEXT_LENGTHS;
	size_t number;

	for (number = 0; number < TEXT_COUNT; number++) {
		size_t length =
		    registry_get16(lengths + number * sizeof(uint16_t));

		*texts[number] = record_take_text(bytes, length);
		if (*texts[number] == NULL)
			return EXTAUTH_INVALID;
	}
	return EXTAUTH_OK;
}

static bool
is_name(const char *name)
{
	return identity_is_short_name(name) || identity_is_email_name(name);
}

static enum extauth_err
check_numbers(const struct registry_user *user, struct extauth_error *error)
{
	size_t number;

	for (number = 0; number < user->gid_count; number++) {
		if (identity_check_uid(user->gids[number], error) != EXTAUTH_OK)
			return EXTAUTH_INVALID;
	}
	if (user->is_linked) {
		if (user->uid != 0 && user->uid != UINT32_MAX &&
		    user->gid != UINT32_MAX)
			return EXTAUTH_OK;
		return error_set(error, EXTAUTH_INVALID,
		    "uid %u cannot be linked", user->uid);
	}
	if (user->gid != user->uid)
		return error_set(
		    error, EXTAUTH_INVALID, "the gid is not the uid");
	return identity_check_uid(user->uid, error);
}

enum extauth_err
registry_check_user(
    const struct registry_user *user, struct extauth_error *error)
{
	bool may_lack_paths = user->is_linked;
	enum extauth_err err;

	if (!is_name(user->name))
		return error_set(error, EXTAUTH_INVALID,
		    "'%s' is no login name", user->name);
	err = check_numbers(user, error);
	if (err == EXTAUTH_OK)
		err = identity_check_gecos(user->gecos, error);
	if (err == EXTAUTH_OK && !(may_lack_paths && *user->home == '\0'))
		err = identity_check_path(user->home, "home", error);
	if (err == EXTAUTH_OK && !(may_lack_paths && *user->shell == '\0'))
		err = identity_check_path(user->shell, "shell", error);
	if (err == EXTAUTH_OK && *user->email != '\0')
		err = identity_check_email(user->email, error);
	if (err == EXTAUTH_OK)
		err = identity_check_external_id(user->external_id, error);
	if (err == EXTAUTH_OK)
		err = identity_check_gecos(user->provider, error);
	if (err == EXTAUTH_OK)
		err = identity_check_gecos(user->source, error);
	return err;
}

enum extauth_err
registry_check_group(
    const char *name, uint32_t gid, struct extauth_error *error)
{
	if (!identity_is_short_name(name))
		return error_set(
		    error, EXTAUTH_INVALID, "'%s' is no group name", name);
	return identity_check_uid(gid, error);
}

static enum extauth_err
record_parse_user(struct record_bytes *bytes, struct registry_user *user)
{
	const char *record = bytes->record;
	uint8_t flags = (uint8_t)record[RECORD_FLAGS];

	if (bytes->left < USER_FIXED_BYTES || (flags & ~RECORD_FLAGS_ALL) != 0)
		return EXTAUTH_INVALID;
	bytes->next += USER_FIXED_BYTES;
	bytes->left -= USER_FIXED_BYTES;
	user->uid = registry_get32(record + RECORD_NUMBER);
	user->gid = registry_get32(record + USER_GID);
	user->not_after = (int64_t)registry_get64(record + USER_NOT_AFTER);
	user->is_disabled = (flags & RECORD_FLAG_DISABLED) != 0;
	user->is_linked = (flags & RECORD_FLAG_LINKED) != 0;
	if (record_take_gids(bytes, user) != EXTAUTH_OK)
		return EXTAUTH_INVALID;
	return record_take_texts(bytes, user);
}

static enum extauth_err
record_parse_group(struct record_bytes *bytes, struct registry_group *group)
{
	const char *record = bytes->record;
	size_t number;

	bytes->next += GROUP_FIXED_BYTES;
	bytes->left -= GROUP_FIXED_BYTES;
	group->gid = registry_get32(record + RECORD_NUMBER);
	group->member_count = registry_get32(record + GROUP_MEMBER_COUNT);
	group->members_bytes = registry_get32(record + GROUP_MEMBERS_BYTES);
	group->name =
	    record_take_text(bytes, registry_get16(record + GROUP_NAME_LENGTH));
	if (group->name == NULL || bytes->left < group->members_bytes)
		return EXTAUTH_INVALID;
	group->members = bytes->next;
	for (number = 0; number < group->member_count; number++) {
		const char *member =
		    record_take_text(bytes, strnlen(bytes->next, bytes->left));

		if (member == NULL || !is_name(member))
			return EXTAUTH_INVALID;
	}
	if ((size_t)(bytes->next - group->members) != group->members_bytes)
		return EXTAUTH_INVALID;
	return registry_check_group(group->name, group->gid, NULL);
}

static enum extauth_err
record_parse(struct record_bytes *bytes, struct registry_record *record)
{
	enum extauth_err err;

	switch (bytes->record[RECORD_KIND]) {
	case REGISTRY_USER:
		record->kind = REGISTRY_USER;
		err = record_parse_user(bytes, &record->user);
		if (err == EXTAUTH_OK)
			err = registry_check_user(&record->user, NULL);
		break;
	case REGISTRY_TOMBSTONE:
		record->kind = REGISTRY_TOMBSTONE;
		err = record_parse_user(bytes, &record->user);
		if (err == EXTAUTH_OK && !is_name(record->user.name))
			err = EXTAUTH_INVALID;
		break;
	case REGISTRY_GROUP:
		record->kind = REGISTRY_GROUP;
		err = record_parse_group(bytes, &record->group);
		break;
	default:
		return EXTAUTH_INVALID;
	}
	if (err == EXTAUTH_OK && bytes->left >= REGISTRY_RECORD_ALIGN)
		err = EXTAUTH_INVALID;
	return err;
}

/* Reads the start of the record, and tells how long all of it is. */
static enum extauth_err
record_read_start(const struct registry *registry, uint64_t offset,
    char start[FIRST_READ_BYTES], uint32_t *ret_length)
{
	uint64_t end = registry->records_offset + registry->records_bytes;
	uint64_t left = end - offset;
	uint32_t length;

	if (offset < registry->records_offset || offset >= end ||
	    offset % REGISTRY_RECORD_ALIGN != 0 || left < GROUP_FIXED_BYTES)
		return EXTAUTH_UNAVAILABLE;
	if (registry_read_at(registry->fd, offset, start,
		left < FIRST_READ_BYTES ? (size_t)left : FIRST_READ_BYTES) !=
	    EXTAUTH_OK)
		return EXTAUTH_UNAVAILABLE;
	length = registry_get32(start + RECORD_LENGTH);
	if (length < GROUP_FIXED_BYTES || length > left ||
	    length > REGISTRY_RECORD_MAX_BYTES ||
	    length % REGISTRY_RECORD_ALIGN != 0)
		return EXTAUTH_INVALID;
	*ret_length = length;
	return EXTAUTH_OK;
}

enum extauth_err
registry_record_read(const struct registry *registry, uint64_t offset,
    struct registry_room *room, struct registry_record *ret_record,
    uint64_t *ret_length)
{
	struct registry_record record = {0};
	struct record_bytes bytes = {0};
	char start[FIRST_READ_BYTES];
	size_t start_length;
	uint32_t length;
	enum extauth_err err;

	err = record_read_start(registry, offset, start, &length);
	if (err == EXTAUTH_OK)
		err = room_take(room, length, &bytes.record);
	if (err != EXTAUTH_OK)
		return err;
	start_length = length < FIRST_READ_BYTES ? length : FIRST_READ_BYTES;
	memcpy(bytes.record, start, start_length);
	err = registry_read_at(registry->fd, offset + start_length,
	    bytes.record + start_length, length - start_length);
	if (err != EXTAUTH_OK)
		return err;
	if (registry_get32(bytes.record + RECORD_CHECKSUM) !=
	    registry_record_checksum(bytes.record, length, offset))
		return EXTAUTH_INVALID;
	bytes.next = bytes.record;
	bytes.left = length;
	err = record_parse(&bytes, &record);
	if (err != EXTAUTH_OK)
		return err;
	*ret_record = record;
	*ret_length = length;
	return EXTAUTH_OK;
}

/* SPDX-License-Identifier: MIT */
/* Takes a record's bytes apart, and checks each field.
 * Does not know: where the bytes came from. */
#include <string.h>

#include "identity.h"
#include "registry_format.h"
#include "registry_record.h"
#include "registry_text.h"

/* A record in the room, and what of it is not taken yet. */
struct record_bytes {
	char *record;
	char *next;
	size_t left;
};

static void
record_skip(struct record_bytes *bytes, size_t length)
{
	bytes->next += length;
	bytes->left -= length;
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
	record_skip(bytes, count * sizeof(*gids));
	return EXTAUTH_OK;
}

/* Takes the texts; each ends where its length says, none before. What is left
 * behind the last are zeros, fewer than a record's length is rounded to. */
static enum extauth_err
record_take_texts(struct record_bytes *bytes, const char *texts[TEXT_COUNT],
    struct registry_text_marks *marks)
{
	const char *lengths = bytes->record + USER_TEXT_LENGTHS;
	size_t starts[TEXT_COUNT + 1] = {0};
	size_t end = 0;
	size_t number;
	unsigned endings = 0;

#pragma GCC unroll 8
	for (number = 0; number < TEXT_COUNT; number++) {
		end += registry_get16(lengths + number * sizeof(uint16_t)) + 1U;
		starts[number + 1] = end;
	}
	if (end > bytes->left || bytes->left - end >= REGISTRY_RECORD_ALIGN ||
	    bytes->left > REGISTRY_TEXTS_MAX_BYTES)
		return EXTAUTH_INVALID;
#pragma GCC unroll 8
	for (number = 0; number < TEXT_COUNT; number++) {
		texts[number] = bytes->next + starts[number];
		endings |= (unsigned char)bytes->next[starts[number + 1] - 1];
	}
	*marks = registry_text_scan(bytes->next, bytes->left);
	if (endings != 0 || marks->nuls != TEXT_COUNT + bytes->left - end)
		return EXTAUTH_INVALID;
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
	size_t number = 0;

	if (!identity_are_uids(user->gids, user->gid_count)) {
		while (
		    identity_check_uid(user->gids[number], error) == EXTAUTH_OK)
			number++;
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

/* Tells whether a path in a plain run of texts is one that identity_check_path
 * takes. */
static bool
is_plain_path(const char *path, const char *next)
{
	ptrdiff_t length = next - path - 1;

	return length >= 2 && length <= IDENTITY_TEXT_MAX_BYTES &&
	    path[0] == '/' && path[length - 1] != '/';
}

/* Tells that a user of the `nss` file is good, as nearly all are, from what the
 * marks say already. False is no verdict: then registry_check_user has the
 * word. */
static bool
is_plain_user(
    const struct registry_user *user, const struct registry_text_marks *marks)
{
	return marks->is_plain && *user->email == '\0' &&
	    *user->external_id == '\0' && *user->provider == '\0' &&
	    *user->source == '\0' &&
	    user->home - user->gecos <= IDENTITY_TEXT_MAX_BYTES + 1 &&
	    is_plain_path(user->home, user->shell) &&
	    is_plain_path(user->shell, user->email) && is_name(user->name) &&
	    check_numbers(user, NULL) == EXTAUTH_OK;
}

static enum extauth_err
record_parse_user(struct record_bytes *bytes, struct registry_user *user,
    struct registry_text_marks *marks)
{
	const char *record = bytes->record;
	uint8_t flags = (uint8_t)record[RECORD_FLAGS];
	const char *texts[TEXT_COUNT];

	if (bytes->left < USER_FIXED_BYTES || (flags & ~RECORD_FLAGS_ALL) != 0)
		return EXTAUTH_INVALID;
	record_skip(bytes, USER_FIXED_BYTES);
	if (record_take_gids(bytes, user) != EXTAUTH_OK ||
	    record_take_texts(bytes, texts, marks) != EXTAUTH_OK)
		return EXTAUTH_INVALID;
	user->uid = registry_get32(record + RECORD_NUMBER);
	user->gid = registry_get32(record + USER_GID);
	user->not_after = (int64_t)registry_get64(record + USER_NOT_AFTER);
	user->is_disabled = (flags & RECORD_FLAG_DISABLED) != 0;
	user->is_linked = (flags & RECORD_FLAG_LINKED) != 0;
	user->is_held = (flags & RECORD_FLAG_HELD) != 0;
	user->name = texts[TEXT_NAME];
	user->gecos = texts[TEXT_GECOS];
	user->home = texts[TEXT_HOME];
	user->shell = texts[TEXT_SHELL];
	user->email = texts[TEXT_EMAIL];
	user->external_id = texts[TEXT_EXTERNAL_ID];
	user->provider = texts[TEXT_PROVIDER];
	user->source = texts[TEXT_SOURCE];
	return EXTAUTH_OK;
}

/* Takes the next text of a group up to its NUL; NULL if it has none. */
static const char *
record_take_name(struct record_bytes *bytes)
{
	const char *name = bytes->next;
	const char *end = memchr(name, '\0', bytes->left);

	if (end == NULL)
		return NULL;
	record_skip(bytes, (size_t)(end - name) + 1);
	return name;
}

static enum extauth_err
record_parse_group(struct record_bytes *bytes, struct registry_group *group)
{
	const char *record = bytes->record;
	size_t number;

	record_skip(bytes, GROUP_FIXED_BYTES);
	group->gid = registry_get32(record + RECORD_NUMBER);
	group->member_count = registry_get32(record + GROUP_MEMBER_COUNT);
	group->members_bytes = registry_get32(record + GROUP_MEMBERS_BYTES);
	group->name = record_take_name(bytes);
	group->members = bytes->next;
	if (group->name == NULL || bytes->left < group->members_bytes ||
	    bytes->left - group->members_bytes >= REGISTRY_RECORD_ALIGN ||
	    (size_t)(group->members - group->name) !=
		(size_t)registry_get16(record + GROUP_NAME_LENGTH) + 1)
		return EXTAUTH_INVALID;
	for (number = 0; number < group->member_count; number++) {
		const char *member = record_take_name(bytes);

		if (member == NULL || !is_name(member))
			return EXTAUTH_INVALID;
	}
	if ((size_t)(bytes->next - group->members) != group->members_bytes)
		return EXTAUTH_INVALID;
	return registry_check_group(group->name, group->gid, NULL);
}

enum extauth_err
registry_record_parse(
    char *bytes, uint32_t length, struct registry_record *record)
{
	struct record_bytes left = {.left = length};
	struct registry_text_marks marks;

	left.record = bytes;
	left.next = bytes;
	switch (bytes[RECORD_KIND]) {
	case REGISTRY_USER:
		record->kind = REGISTRY_USER;
		if (record_parse_user(&left, &record->user, &marks) !=
		    EXTAUTH_OK)
			return EXTAUTH_INVALID;
		if (is_plain_user(&record->user, &marks))
			return EXTAUTH_OK;
		return registry_check_user(&record->user, NULL);
	case REGISTRY_TOMBSTONE:
		record->kind = REGISTRY_TOMBSTONE;
		if (record_parse_user(&left, &record->user, &marks) !=
			EXTAUTH_OK ||
		    !is_name(record->user.name))
			return EXTAUTH_INVALID;
		return EXTAUTH_OK;
	case REGISTRY_GROUP:
		record->kind = REGISTRY_GROUP;
		return record_parse_group(&left, &record->group);
	case REGISTRY_HOLE:
		record->kind = REGISTRY_HOLE;
		return EXTAUTH_OK;
	default:
		return EXTAUTH_INVALID;
	}
}

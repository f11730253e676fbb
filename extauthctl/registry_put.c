/* SPDX-License-Identifier: MIT */
#include "registry_put.h"

#include <string.h>

#include "registry_contents.h"
#include "registry_format.h"
#include "registry_record.h"

static uint64_t
align_record(uint64_t bytes)
{
	return (bytes + REGISTRY_RECORD_ALIGN - 1) / REGISTRY_RECORD_ALIGN *
	    REGISTRY_RECORD_ALIGN;
}

struct registry_user
registry_put_view(const struct registry_user *user, bool is_nss)
{
	struct registry_user view = *user;

	if (is_nss) {
		view.email = "";
		view.external_id = "";
		view.provider = "";
		view.source = "";
		view.is_held = false;
	}
	return view;
}

struct registry_user
registry_put_tombstone_view(const struct registry_tombstone *tombstone)
{
	return (struct registry_user){.name = tombstone->name,
	    .gecos = "",
	    .home = "",
	    .shell = "",
	    .email = "",
	    .external_id = "",
	    .provider = "",
	    .source = "",
	    .uid = tombstone->uid,
	    .gid = tombstone->uid};
}

/* Lists a user's texts in the order of the record. */
static void
user_texts(const struct registry_user *user, const char *texts[TEXT_COUNT])
{
	texts[TEXT_NAME] = user->name;
	texts[TEXT_GECOS] = user->gecos;
	texts[TEXT_HOME] = user->home;
	texts[TEXT_SHELL] = user->shell;
	texts[TEXT_EMAIL] = user->email;
	texts[TEXT_EXTERNAL_ID] = user->external_id;
	texts[TEXT_PROVIDER] = user->provider;
	texts[TEXT_SOURCE] = user->source;
}

uint64_t
registry_put_user_bytes(const struct registry_user *user)
{
	const char *texts[TEXT_COUNT];
	uint64_t bytes =
	    USER_FIXED_BYTES + user->gid_count * sizeof(*user->gids);
	size_t number;

	user_texts(user, texts);
	for (number = 0; number < TEXT_COUNT; number++)
		bytes += strlen(texts[number]) + 1;
	return align_record(bytes);
}

uint64_t
registry_put_group_bytes(const char *name, uint64_t members_bytes)
{
	return align_record(
	    GROUP_FIXED_BYTES + strlen(name) + 1 + members_bytes);
}

/* Counts him in `one` time for both files, each text measured once. */
static void
sum_count(
    struct registry_sum sums[2], const struct registry_user *user, uint64_t one)
{
	uint64_t shown = USER_FIXED_BYTES + TEXT_COUNT +
	    user->gid_count * sizeof(*user->gids) + strlen(user->name) +
	    strlen(user->gecos) + strlen(user->home) + strlen(user->shell);
	uint64_t all = shown + strlen(user->email) + strlen(user->external_id) +
	    strlen(user->provider) + strlen(user->source);

	sums[0].users += one;
	sums[0].record_bytes += one * align_record(all);
	sums[0].external_ids += *user->external_id != '\0' ? one : 0;
	if (user->is_linked)
		return;
	sums[1].users += one;
	sums[1].record_bytes += one * align_record(shown);
}

void
registry_sum_add(
    struct registry_contents *contents, const struct registry_user *user)
{
	sum_count(contents->sums, user, 1);
}

void
registry_sum_take(
    struct registry_contents *contents, const struct registry_user *user)
{
	sum_count(contents->sums, user, UINT64_MAX);
}

uint64_t
registry_put_user(
    char *record, enum registry_kind kind, const struct registry_user *user)
{
	const char *texts[TEXT_COUNT];
	char *next = record + USER_FIXED_BYTES;
	size_t number;

	record[RECORD_KIND] = (char)kind;
	record[RECORD_FLAGS] =
	    (char)((user->is_disabled ? RECORD_FLAG_DISABLED : 0) |
		(user->is_linked ? RECORD_FLAG_LINKED : 0) |
		(user->is_held ? RECORD_FLAG_HELD : 0));
	registry_put32(record + RECORD_NUMBER, user->uid);
	registry_put32(record + USER_GID, user->gid);
	registry_put32(record + USER_GID_COUNT, (uint32_t)user->gid_count);
	registry_put64(record + USER_NOT_AFTER, (uint64_t)user->not_after);
	for (number = 0; number < user->gid_count; number++) {
		registry_put32(next, user->gids[number]);
		next += sizeof(*user->gids);
	}
	user_texts(user, texts);
	for (number = 0; number < TEXT_COUNT; number++) {
		size_t length = strlen(texts[number]);

		registry_put16(
		    record + USER_TEXT_LENGTHS + 2 * number, (uint16_t)length);
		memcpy(next, texts[number], length);
		next += length + 1;
	}
	return align_record((uint64_t)(next - record));
}

char *
registry_put_group(char *record, const struct registry_own_group *group,
    uint32_t member_count, uint32_t members_bytes)
{
	size_t length = strlen(group->name);

	record[RECORD_KIND] = (char)REGISTRY_GROUP;
	registry_put32(record + RECORD_NUMBER, group->gid);
	registry_put16(record + GROUP_NAME_LENGTH, (uint16_t)length);
	registry_put32(record + GROUP_MEMBER_COUNT, member_count);
	registry_put32(record + GROUP_MEMBERS_BYTES, members_bytes);
	memcpy(record + GROUP_FIXED_BYTES, group->name, length + 1);
	return record + GROUP_FIXED_BYTES + length + 1;
}

void
registry_put_hole(char *record, uint32_t length)
{
	memset(record, 0, length);
	record[RECORD_KIND] = (char)REGISTRY_HOLE;
}

void
registry_put_seal(
    uint32_t version, char *record, uint32_t length, uint64_t offset)
{
	registry_put32(record + RECORD_LENGTH, length);
	registry_put32(record + RECORD_CHECKSUM,
	    registry_record_checksum(version, record, length, offset));
}

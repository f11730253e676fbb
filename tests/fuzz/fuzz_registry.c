/* SPDX-License-Identifier: MIT */
/* Fuzz target of the registry's reader: whatever the file says, what it hands
 * out is a right user or group that was asked for; and the file that is read
 * and the one that is mapped say the same.
 * Does not know: what is damaged. */
#include "registry.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "fuzz_pure.h"
#include "fuzz_snapshot.h"
#include "fuzz_words.h"
#include "identity.h"
#include "registry_format.h"

#define PATH "registry"

static void
check_user(const struct registry_user *user)
{
	size_t at;

	fuzz_require(fuzz_is_short_name(user->name) ||
		identity_is_email_name(user->name),
	    "a user without a name");
	fuzz_require(fuzz_is_gecos(user->gecos), "no gecos");
	fuzz_require(fuzz_is_path(user->home) ||
		(user->is_linked && *user->home == '\0'),
	    "no home");
	fuzz_require(fuzz_is_path(user->shell) ||
		(user->is_linked && *user->shell == '\0'),
	    "no shell");
	fuzz_require(
	    *user->email == '\0' || fuzz_is_email(user->email), "no e-mail");
	fuzz_require(
	    fuzz_is_gecos(user->provider) && fuzz_is_gecos(user->source),
	    "no provider or source");
	fuzz_require(user->is_linked
		? user->uid != 0
		: fuzz_is_uid(user->uid) && user->gid == user->uid,
	    "a uid that is nobody's");
	for (at = 0; at < user->gid_count; at++)
		fuzz_require(fuzz_is_uid(user->gids[at]), "a gid");
}

static void
check_group(const struct registry_group *group)
{
	const char *member = group->members;
	size_t at;

	fuzz_require(fuzz_is_short_name(group->name) ||
		identity_is_email_name(group->name),
	    "a group without a name");
	fuzz_require(fuzz_is_uid(group->gid), "a gid that is no group's");
	for (at = 0; at < group->member_count; at++) {
		fuzz_require(fuzz_is_short_name(member) ||
			identity_is_email_name(member),
		    "a member without a name");
		member += strlen(member) + 1;
		fuzz_require(member <= group->members + group->members_bytes,
		    "a member behind the end");
	}
}

static bool
is_same_user(const struct registry_user *one, const struct registry_user *other)
{
	return strcmp(one->name, other->name) == 0 && one->uid == other->uid &&
	    one->gid_count == other->gid_count &&
	    strcmp(one->shell, other->shell) == 0 &&
	    one->not_after == other->not_after &&
	    one->is_disabled == other->is_disabled;
}

typedef enum extauth_err find_user(const struct registry *registry,
    const struct fuzz_key *key, struct registry_room *room,
    struct registry_user *ret_user);

static enum extauth_err
find_name(const struct registry *registry, const struct fuzz_key *key,
    struct registry_room *room, struct registry_user *ret_user)
{
	enum extauth_err err =
	    registry_find_name(registry, key->name, room, ret_user);

	fuzz_require(
	    err != EXTAUTH_OK || strcmp(ret_user->name, key->name) == 0,
	    "another name");
	return err;
}

static enum extauth_err
find_uid(const struct registry *registry, const struct fuzz_key *key,
    struct registry_room *room, struct registry_user *ret_user)
{
	enum extauth_err err =
	    registry_find_uid(registry, key->number, room, ret_user);

	fuzz_require(
	    err != EXTAUTH_OK || ret_user->uid == key->number, "another uid");
	return err;
}

static enum extauth_err
find_email(const struct registry *registry, const struct fuzz_key *key,
    struct registry_room *room, struct registry_user *ret_user)
{
	enum extauth_err err =
	    registry_find_email(registry, key->email, room, ret_user);

	fuzz_require(
	    err != EXTAUTH_OK || identity_equal(ret_user->email, key->email),
	    "another e-mail");
	return err;
}

static enum extauth_err
find_external_id(const struct registry *registry, const struct fuzz_key *key,
    struct registry_room *room, struct registry_user *ret_user)
{
	enum extauth_err err = registry_find_external_id(
	    registry, key->external_id, room, ret_user);

	fuzz_require(err != EXTAUTH_OK ||
		strcmp(ret_user->external_id, key->external_id) == 0,
	    "another id");
	return err;
}

static void
look_up_user(const struct registry *file, const struct registry *map,
    const struct fuzz_key *key, find_user *find)
{
	cleanup_room struct registry_room first = {0};
	cleanup_room struct registry_room second = {0};
	struct registry_user one;
	struct registry_user other;
	enum extauth_err err = find(file, key, &first, &one);

	fuzz_require(err == EXTAUTH_OK || err == EXTAUTH_NOTFOUND ||
		err == EXTAUTH_UNAVAILABLE,
	    "it is refused oddly");
	fuzz_require(find(map, key, &second, &other) == err,
	    "the map differs from the file");
	if (err != EXTAUTH_OK)
		return;
	check_user(&one);
	fuzz_require(is_same_user(&one, &other), "the map has another user");
}

static void
look_up_group(const struct registry *file, const struct registry *map,
    const struct fuzz_key *key)
{
	cleanup_room struct registry_room first = {0};
	cleanup_room struct registry_room second = {0};
	struct registry_group one;
	struct registry_group other;
	enum extauth_err err =
	    registry_find_group_name(file, key->name, &first, &one);

	fuzz_require(
	    registry_find_group_name(map, key->name, &second, &other) == err,
	    "the map differs from the file");
	if (err == EXTAUTH_OK) {
		fuzz_require(strcmp(one.name, key->name) == 0, "another group");
		check_group(&one);
	}
	err = registry_find_gid(file, key->number, &first, &one);
	fuzz_require(
	    registry_find_gid(map, key->number, &second, &other) == err,
	    "the map differs from the file");
	if (err == EXTAUTH_OK) {
		fuzz_require(one.gid == key->number, "another gid");
		check_group(&one);
		fuzz_require(strcmp(one.name, other.name) == 0 &&
			one.member_count == other.member_count,
		    "the map has another group");
	}
}

static void
check_record(const struct registry_record *record)
{
	if (record->kind == REGISTRY_USER)
		check_user(&record->user);
	if (record->kind == REGISTRY_GROUP)
		check_group(&record->group);
	fuzz_require(record->kind == REGISTRY_USER ||
		record->kind == REGISTRY_GROUP ||
		record->kind == REGISTRY_TOMBSTONE,
	    "a record of no kind");
}

static void
list(const struct registry *file, const struct registry *map)
{
	cleanup_room struct registry_room first = {0};
	cleanup_room struct registry_room second = {0};
	struct registry_record one;
	struct registry_record other;
	uint64_t cursor = 0;
	uint64_t same = 0;
	enum extauth_err err;

	do {
		uint64_t before = cursor;

		err = registry_next(file, &cursor, &first, &one);
		fuzz_require(
		    registry_next(map, &same, &second, &other) == err &&
			same == cursor,
		    "the map differs from the file");
		fuzz_require(
		    err != EXTAUTH_OK || cursor > before, "it does not go on");
		if (err == EXTAUTH_OK) {
			fuzz_require(one.kind == other.kind, "another kind");
			check_record(&one);
		}
	} while (err == EXTAUTH_OK);
	fuzz_require(err == EXTAUTH_NOTFOUND || err == EXTAUTH_UNAVAILABLE,
	    "it ends oddly");
}

void
fuzz_registry(const uint8_t *bytes, size_t length)
{
	struct fuzz_snapshot snapshot = fuzz_snapshot_make(bytes, length);
	cleanup_registry struct registry file = {.fd = -1};
	struct extauth_error error = {{0}};
	struct registry map;
	enum extauth_err err;
	size_t at;

	fuzz_snapshot_write(&snapshot, PATH);
	err = registry_open(PATH, &file, &error);
	fuzz_require(err == EXTAUTH_OK ||
		(err == EXTAUTH_UNAVAILABLE && error.text[0] != '\0'),
	    "it is refused oddly");
	map = file;
	map.map = snapshot.bytes;
	if (err == EXTAUTH_OK) {
		(void)!registry_verify(&file, &error);
		for (at = 0; at < snapshot.key_count; at++) {
			const struct fuzz_key *key = &snapshot.keys[at];

			look_up_user(&file, &map, key, find_name);
			look_up_user(&file, &map, key, find_uid);
			look_up_user(&file, &map, key, find_email);
			look_up_user(&file, &map, key, find_external_id);
			look_up_group(&file, &map, key);
		}
		list(&file, &map);
	}
	fuzz_snapshot_clear(&snapshot);
}

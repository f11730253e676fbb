/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "registry_format.h"
#include "registry_map_case.h"
#include "registry_record.h"

static const uint32_t versions[] = {REGISTRY_VERSION_FIRST, REGISTRY_VERSION};

#define VERSION_COUNT (sizeof(versions) / sizeof(*versions))

/* What every look-up gives of a file as it was written. */
static void
assert_sample(const struct registry *registry)
{
	cleanup_room struct registry_room room = {0};
	struct registry_record record;
	struct registry_group group;
	struct registry_user user;
	uint64_t cursor = 0;
	unsigned records = 0;

	ck_assert_ok(registry_find_name(registry, "alice", &room, &user));
	case_assert_alice(&user, false);
	ck_assert_ok(registry_find_uid(registry, FIRST_UID, &room, &user));
	case_assert_alice(&user, false);
	ck_assert_ok(
	    registry_find_email(registry, "alice@example.COM", &room, &user));
	case_assert_alice(&user, false);
	ck_assert_ok(registry_find_external_id(registry, "00u1", &room, &user));
	case_assert_alice(&user, false);
	ck_assert_ok(registry_find_gid(registry, ADMINS_GID, &room, &group));
	ck_assert_str_eq(group.name, "admins");
	ck_assert_uint_eq(group.member_count, 2);
	ck_assert_ok(
	    registry_find_group_name(registry, "alice", &room, &group));
	ck_assert_uint_eq(group.gid, FIRST_UID);
	ck_assert_int_eq(registry_find_name(registry, "nobody1", &room, &user),
	    EXTAUTH_NOTFOUND);
	while (registry_next(registry, &cursor, &room, &record) == EXTAUTH_OK)
		records++;
	ck_assert_uint_eq(records, 6);
	ck_assert_ok(registry_verify(registry, NULL));
}

START_TEST(both_versions_are_read_and_mapped)
{
	size_t number;

	for (number = 0; number < VERSION_COUNT; number++) {
		cleanup_registry struct registry registry = {.fd = -1};
		struct map_case map;

		case_setup();
		case_set_version("registry", versions[number]);
		case_open("registry", &registry);
		ck_assert_uint_eq(registry.version, versions[number]);
		ck_assert(registry.may_map);
		assert_sample(&registry);
		map = case_map("registry");
		assert_sample(&map.registry);
		case_unmap(&map);
		case_remove();
	}
}
END_TEST

START_TEST(other_versions_are_refused)
{
	struct extauth_error error = {0};
	struct registry registry;

	case_setup();
	case_set_version("registry", 0);
	ck_assert_int_eq(
	    registry_open(case_path("registry"), &registry, &error),
	    EXTAUTH_UNAVAILABLE);
	ck_assert_ptr_nonnull(strstr(error.text, "has format 0"));
	case_remove();
	case_setup();
	case_set_version("registry", REGISTRY_VERSION + 1);
	ck_assert_int_eq(
	    registry_open(case_path("registry"), &registry, &error),
	    EXTAUTH_UNAVAILABLE);
	ck_assert_ptr_nonnull(strstr(error.text, "has format 3"));
	case_remove();
}
END_TEST

/* One assert for all bytes: Check notes each, which takes its time. */
static bool
is_alice_or_none(enum extauth_err err, const struct registry_user *user)
{
	if (err != EXTAUTH_OK)
		return err == EXTAUTH_NOTFOUND || err == EXTAUTH_UNAVAILABLE;
	return strcmp(user->name, "alice") == 0 && user->uid == FIRST_UID &&
	    strcmp(user->gecos, "Alice Example") == 0 &&
	    strcmp(user->home, "/home/alice") == 0 &&
	    strcmp(user->shell, "/bin/bash") == 0 &&
	    strcmp(user->email, "Alice@example.com") == 0 &&
	    user->gid_count == 1 && user->gids[0] == ADMINS_GID;
}

static bool
is_admins_or_none(enum extauth_err err, const struct registry_group *group)
{
	if (err != EXTAUTH_OK)
		return err == EXTAUTH_NOTFOUND || err == EXTAUTH_UNAVAILABLE;
	return strcmp(group->name, "admins") == 0 && group->gid == ADMINS_GID &&
	    group->member_count == 2 &&
	    group->members_bytes == sizeof("alice\0bob");
}

/* Every answer of a damaged map is the right one or none. */
static bool
is_right_or_none(const struct registry *registry)
{
	cleanup_room struct registry_room room = {0};
	struct registry_record record;
	struct registry_group group;
	struct registry_user user;
	uint64_t cursor = 0;
	enum extauth_err err;
	bool is_right;

	err = registry_find_name(registry, "alice", &room, &user);
	is_right = is_alice_or_none(err, &user);
	err = registry_find_uid(registry, FIRST_UID, &room, &user);
	is_right = is_right && is_alice_or_none(err, &user);
	err = registry_find_email(registry, "alice@example.com", &room, &user);
	is_right = is_right && is_alice_or_none(err, &user);
	err = registry_find_external_id(registry, "00u1", &room, &user);
	is_right = is_right && is_alice_or_none(err, &user);
	err = registry_find_gid(registry, ADMINS_GID, &room, &group);
	is_right = is_right && is_admins_or_none(err, &group);
	err = registry_find_group_name(registry, "admins", &room, &group);
	is_right = is_right && is_admins_or_none(err, &group);
	err = registry_find_name(registry, "nobody1", &room, &user);
	is_right = is_right && err != EXTAUTH_OK;
	do
		err = registry_next(registry, &cursor, &room, &record);
	while (err == EXTAUTH_OK);
	return is_right &&
	    (err == EXTAUTH_NOTFOUND || err == EXTAUTH_UNAVAILABLE);
}

START_TEST(flipped_byte_of_a_map_never_gives_a_wrong_answer)
{
	size_t number;

	for (number = 0; number < VERSION_COUNT; number++) {
		struct map_case map;
		size_t place;
		unsigned mask;

		case_setup();
		case_set_version("registry", versions[number]);
		map = case_map("registry");
		for (place = 0; place < map.size; place++) {
			bool is_right = true;

			for (mask = 1; mask <= 0xff; mask <<= 1) {
				map.bytes[place] ^= (char)mask;
				is_right =
				    is_right && is_right_or_none(&map.registry);
				map.bytes[place] ^= (char)mask;
			}
			ck_assert_msg(is_right, "byte %zu", place);
		}
		case_unmap(&map);
		case_remove();
	}
}
END_TEST

START_TEST(map_of_noise_never_gives_an_answer)
{
	struct map_case map;
	struct registry_room room = {0};
	struct registry_user user;
	unsigned seed;
	size_t place;

	case_setup();
	map = case_map("registry");
	for (seed = 1; seed <= 2000; seed++) {
		unsigned noise = seed;

		for (place = 0; place < map.size; place++) {
			noise = noise * 1103515245 + 12345;
			map.bytes[place] = (char)(noise >> 16);
		}
		/* References into the records, and small lengths. */
		for (place = 0; place + 8 <= map.size; place += 8)
			registry_put32(map.bytes + place + 4 * (seed % 2),
			    (uint32_t)((place * seed) % (map.size / 8)));
		if (registry_find_name(&map.registry, "alice", &room, &user) ==
		    EXTAUTH_OK)
			ck_abort_msg("noise %u gives alice", seed);
	}
	registry_room_clear(&room);
	case_unmap(&map);
	case_remove();
}
END_TEST

START_TEST(group_that_does_not_fit_is_too_big_before_it_is_read)
{
	struct map_case map;
	struct registry_group group;
	size_t size;
	bool fits = false;

	case_setup();
	map = case_map("nss");
	for (size = 0; size < 256; size++) {
		char *bytes = malloc(size + 1);
		struct registry_room room = {bytes, size, true, sizeof(char *)};
		enum extauth_err err =
		    registry_find_gid(&map.registry, ADMINS_GID, &room, &group);

		if (err == EXTAUTH_OK) {
			const char *end = group.members + group.members_bytes;

			fits = true;
			ck_assert_uint_ge((size_t)(bytes + size - end),
			    (group.member_count + 2) * sizeof(char *));
		} else {
			ck_assert_int_eq(err, EXTAUTH_TOOBIG);
			ck_assert(!fits);
		}
		free(bytes);
	}
	ck_assert(fits);
	case_unmap(&map);
	case_remove();
}
END_TEST

/* How long the record of a uid or gid is. */
static uint64_t
length_of(const struct registry *registry, enum registry_kind kind, uint32_t id)
{
	cleanup_room struct registry_room room = {0};
	struct registry_record record;
	uint64_t cursor = 0;

	for (;;) {
		uint64_t begun = cursor;

		ck_assert_ok(registry_next(registry, &cursor, &room, &record));
		if (record.kind == kind &&
		    (kind == REGISTRY_USER ? record.user.uid
					   : record.group.gid) == id)
			return cursor - begun;
	}
}

/* The least room in which it is found, `skipped` bytes behind an aligned place.
 */
static size_t
least_room(const struct registry *registry, enum registry_kind kind,
    size_t skipped, size_t member_bytes)
{
	static char bytes[1024] __attribute__((aligned(16)));
	size_t size;

	for (size = 0; size + skipped < sizeof(bytes); size++) {
		struct registry_room room = {
		    bytes + skipped, size, true, member_bytes};
		struct registry_group group;
		struct registry_user user;
		enum extauth_err err = kind == REGISTRY_USER
		    ? registry_find_uid(registry, FIRST_UID, &room, &user)
		    : registry_find_gid(registry, ADMINS_GID, &room, &group);

		if (err == EXTAUTH_OK)
			return size;
		ck_assert_int_eq(err, EXTAUTH_TOOBIG);
	}
	return 0;
}

/* Both kinds, at each place. Of a group alice and bob have their places, and
 * what begins and ends the list. */
static void
assert_least_room(const struct registry *registry, size_t member_bytes)
{
	uint64_t user = length_of(registry, REGISTRY_USER, FIRST_UID);
	uint64_t group = length_of(registry, REGISTRY_GROUP, ADMINS_GID);
	size_t skipped;

	for (skipped = 0; skipped < 17; skipped++) {
		size_t padding = (8 - skipped % 8) % 8;

		ck_assert_uint_eq(
		    least_room(registry, REGISTRY_USER, skipped, member_bytes),
		    padding + user);
		ck_assert_uint_eq(
		    least_room(registry, REGISTRY_GROUP, skipped, member_bytes),
		    padding + group + member_bytes * 4);
	}
}

START_TEST(record_wants_no_more_room_than_it_needs)
{
	cleanup_registry struct registry registry = {.fd = -1};
	struct map_case map;
	size_t member_bytes;

	case_setup();
	map = case_map("registry");
	case_open("registry", &registry);
	for (member_bytes = 0; member_bytes <= 12; member_bytes += 4) {
		assert_least_room(&registry, member_bytes);
		assert_least_room(&map.registry, member_bytes);
	}
	case_unmap(&map);
	case_remove();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    both_versions_are_read_and_mapped,
	    other_versions_are_refused,
	    flipped_byte_of_a_map_never_gives_a_wrong_answer,
	    map_of_noise_never_gives_an_answer,
	    group_that_does_not_fit_is_too_big_before_it_is_read,
	    record_wants_no_more_room_than_it_needs,
	    NULL,
	};

	return unit_run("registry_map", tests);
}

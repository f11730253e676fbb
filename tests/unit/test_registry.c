/* SPDX-License-Identifier: MIT */
#include "registry.h"

#include <stdio.h>
#include <string.h>

#include "registry_case.h"

#define MANY 3000

START_TEST(every_key_finds_its_user)
{
	cleanup_registry struct registry registry = {.fd = -1};
	cleanup_room struct registry_room room = {0};
	struct registry_user user;

	case_setup();
	case_open("registry", &registry);
	ck_assert_uint_eq(registry.generation, 1);
	ck_assert_uint_eq(registry.user_count, 3);
	ck_assert_ok(registry_verify(&registry, NULL));
	ck_assert_ok(registry_find_name(&registry, "alice", &room, &user));
	case_assert_alice(&user, false);
	ck_assert_ok(registry_find_uid(&registry, FIRST_UID, &room, &user));
	case_assert_alice(&user, false);
	ck_assert_ok(
	    registry_find_email(&registry, "aLICE@Example.COM", &room, &user));
	case_assert_alice(&user, false);
	ck_assert_ok(
	    registry_find_external_id(&registry, "00u1", &room, &user));
	case_assert_alice(&user, false);
	ck_assert_ok(
	    registry_find_name(&registry, "carol@example.com", &room, &user));
	ck_assert(user.is_disabled);
	ck_assert_ok(registry_find_name(&registry, "bob", &room, &user));
	ck_assert(user.is_linked);
	case_remove();
}
END_TEST

START_TEST(what_is_not_there_is_not_found)
{
	static const char *const names[] = {"", "Alice", "alic", "alicee",
	    "alice@example.com", "gone", "admins", "CAROL@example.com"};
	cleanup_registry struct registry registry = {.fd = -1};
	cleanup_room struct registry_room room = {0};
	char long_email[400];
	struct registry_user user;
	size_t number;

	case_setup();
	case_open("registry", &registry);
	for (number = 0; number < sizeof(names) / sizeof(*names); number++)
		ck_assert_int_eq(
		    registry_find_name(&registry, names[number], &room, &user),
		    EXTAUTH_NOTFOUND);
	memset(long_email, 'a', sizeof(long_email) - 1);
	long_email[sizeof(long_email) - 1] = '\0';
	ck_assert_int_eq(
	    registry_find_email(&registry, long_email, &room, &user),
	    EXTAUTH_NOTFOUND);
	ck_assert_int_eq(
	    registry_find_email(&registry, "", &room, &user), EXTAUTH_NOTFOUND);
	ck_assert_int_eq(registry_find_external_id(&registry, "", &room, &user),
	    EXTAUTH_NOTFOUND);
	ck_assert_int_eq(
	    registry_find_uid(&registry, 0, &room, &user), EXTAUTH_NOTFOUND);
	case_remove();
}
END_TEST

START_TEST(tombstone_is_no_user_and_no_group)
{
	cleanup_registry struct registry registry = {.fd = -1};
	cleanup_room struct registry_room room = {0};
	struct registry_group group;
	struct registry_user user;

	case_setup();
	case_open("registry", &registry);
	ck_assert_uint_eq(registry.tombstone_count, 1);
	ck_assert_int_eq(
	    registry_find_uid(&registry, REMOVED_UID, &room, &user),
	    EXTAUTH_NOTFOUND);
	ck_assert_int_eq(
	    registry_find_gid(&registry, REMOVED_UID, &room, &group),
	    EXTAUTH_NOTFOUND);
	case_remove();
}
END_TEST

START_TEST(nss_file_holds_nothing_private)
{
	cleanup_registry struct registry registry = {.fd = -1};
	cleanup_room struct registry_room room = {0};
	struct registry_group group;
	struct registry_user user;

	case_setup();
	case_open("nss", &registry);
	ck_assert_ok(registry_verify(&registry, NULL));
	ck_assert_uint_eq(registry.user_count, 2);
	ck_assert_uint_eq(registry.tombstone_count, 0);
	ck_assert_ok(registry_find_name(&registry, "alice", &room, &user));
	case_assert_alice(&user, true);
	ck_assert_int_eq(
	    registry_find_email(&registry, "alice@example.com", &room, &user),
	    EXTAUTH_NOTFOUND);
	ck_assert_int_eq(
	    registry_find_external_id(&registry, "00u1", &room, &user),
	    EXTAUTH_NOTFOUND);
	ck_assert_int_eq(registry_find_name(&registry, "bob", &room, &user),
	    EXTAUTH_NOTFOUND);
	ck_assert_int_eq(registry_find_uid(&registry, LINKED_UID, &room, &user),
	    EXTAUTH_NOTFOUND);
	ck_assert_ok(
	    registry_find_group_name(&registry, "admins", &room, &group));
	ck_assert_uint_eq(group.member_count, 1);
	ck_assert_str_eq(group.members, "alice");
	case_remove();
}
END_TEST

START_TEST(groups_and_private_groups_are_found)
{
	cleanup_registry struct registry registry = {.fd = -1};
	cleanup_room struct registry_room room = {0};
	struct registry_group group;

	case_setup();
	case_open("registry", &registry);
	ck_assert_ok(registry_find_gid(&registry, ADMINS_GID, &room, &group));
	ck_assert_str_eq(group.name, "admins");
	ck_assert_uint_eq(group.member_count, 2);
	ck_assert_str_eq(group.members, "alice");
	ck_assert_str_eq(group.members + strlen("alice") + 1, "bob");
	ck_assert_uint_eq(group.members_bytes, sizeof("alice") + sizeof("bob"));
	ck_assert_ok(
	    registry_find_group_name(&registry, "empty", &room, &group));
	ck_assert_uint_eq(group.gid, EMPTY_GID);
	ck_assert_uint_eq(group.member_count, 0);
	ck_assert_ok(registry_find_gid(&registry, FIRST_UID, &room, &group));
	ck_assert_str_eq(group.name, "alice");
	ck_assert_uint_eq(group.member_count, 0);
	ck_assert_ok(registry_find_group_name(
	    &registry, "carol@example.com", &room, &group));
	ck_assert_uint_eq(group.gid, FIRST_UID + 1);
	ck_assert_int_eq(
	    registry_find_group_name(&registry, "bob", &room, &group),
	    EXTAUTH_NOTFOUND);
	ck_assert_int_eq(
	    registry_find_gid(&registry, LINKED_UID, &room, &group),
	    EXTAUTH_NOTFOUND);
	case_remove();
}
END_TEST

START_TEST(walk_gives_every_record_once)
{
	cleanup_registry struct registry registry = {.fd = -1};
	cleanup_room struct registry_room room = {0};
	struct registry_record record;
	unsigned seen[REGISTRY_TOMBSTONE + 1] = {0};
	uint64_t cursor = 0;

	case_setup();
	case_open("registry", &registry);
	ck_assert(registry.may_enumerate);
	while (registry_next(&registry, &cursor, &room, &record) == EXTAUTH_OK)
		seen[record.kind]++;
	ck_assert_int_eq(registry_next(&registry, &cursor, &room, &record),
	    EXTAUTH_NOTFOUND);
	ck_assert_uint_eq(seen[REGISTRY_USER], 3);
	ck_assert_uint_eq(seen[REGISTRY_GROUP], 2);
	ck_assert_uint_eq(seen[REGISTRY_TOMBSTONE], 1);
	case_remove();
}
END_TEST

/* Finds alice in a room of exactly `size` bytes at `shift`; what lies outside
 * must stay as it was. */
static enum extauth_err
find_in_room(const struct registry *registry, size_t size, size_t shift)
{
	char bytes[2048];
	struct registry_room room = {bytes + 64 + shift, size, true, 0};
	struct registry_user user;
	bool is_kept = true;
	enum extauth_err err;
	size_t number;

	memset(bytes, 0x5a, sizeof(bytes));
	err = registry_find_name(registry, "alice", &room, &user);
	for (number = 0; number < 64 + shift; number++)
		is_kept = is_kept && bytes[number] == 0x5a;
	for (number = 64 + shift + size; number < sizeof(bytes); number++)
		is_kept = is_kept && bytes[number] == 0x5a;
	ck_assert(is_kept);
	if (err != EXTAUTH_OK)
		return err;
	case_assert_alice(&user, false);
	ck_assert_uint_eq((uintptr_t)user.gids % sizeof(uint32_t), 0);
	ck_assert(user.name >= room.bytes);
	ck_assert(user.source + strlen(user.source) + 1 <= room.bytes + size);
	return EXTAUTH_OK;
}

START_TEST(fixed_room_is_too_small_or_right)
{
	cleanup_registry struct registry registry = {.fd = -1};
	size_t shift;
	size_t size;

	case_setup();
	case_open("registry", &registry);
	for (shift = 0; shift < 16; shift++) {
		bool fits = false;

		for (size = 0; size < 512; size++) {
			enum extauth_err err =
			    find_in_room(&registry, size, shift);

			ck_assert(!fits || err == EXTAUTH_OK);
			ck_assert(err == EXTAUTH_OK || err == EXTAUTH_TOOBIG);
			fits = err == EXTAUTH_OK;
		}
		ck_assert(fits);
	}
	case_remove();
}
END_TEST

static struct registry_user
numbered_user(unsigned number, char text[3][48])
{
	struct registry_user user = case_alice();

	snprintf(text[0], sizeof(text[0]), "user%u", number);
	snprintf(text[1], sizeof(text[1]), "User%u@example.com", number);
	snprintf(text[2], sizeof(text[2]), "id-%u", number);
	user.name = text[0];
	user.email = text[1];
	user.external_id = text[2];
	user.uid = FIRST_UID + number;
	user.gid = user.uid;
	return user;
}

START_TEST(many_users_are_all_found)
{
	cleanup_registry struct registry registry = {.fd = -1};
	cleanup_room struct registry_room room = {0};
	struct registry_change change;
	struct registry_group group;
	struct registry_user user;
	char text[3][48];
	unsigned number;

	case_make_directory();
	case_begin(&change);
	ck_assert_ok(registry_contents_add_group(
	    &change.contents, "admins", ADMINS_GID, NULL));
	for (number = 0; number < MANY; number++)
		case_add(&change, numbered_user(number, text));
	case_commit(&change);
	case_open("registry", &registry);
	for (number = 0; number < MANY; number++) {
		struct registry_user wanted = numbered_user(number, text);

		ck_assert_ok(
		    registry_find_name(&registry, wanted.name, &room, &user));
		ck_assert_uint_eq(user.uid, wanted.uid);
		ck_assert_ok(
		    registry_find_uid(&registry, wanted.uid, &room, &user));
		ck_assert_str_eq(user.name, wanted.name);
		ck_assert_ok(
		    registry_find_email(&registry, wanted.email, &room, &user));
		ck_assert_str_eq(user.name, wanted.name);
		ck_assert_ok(registry_find_external_id(
		    &registry, wanted.external_id, &room, &user));
		ck_assert_str_eq(user.name, wanted.name);
	}
	ck_assert_ok(
	    registry_find_group_name(&registry, "admins", &room, &group));
	ck_assert_uint_eq(group.member_count, MANY);
	case_remove();
}
END_TEST

/* A record longer than one read: many groups, long texts. */
START_TEST(long_record_is_read_whole)
{
	cleanup_registry struct registry registry = {.fd = -1};
	cleanup_room struct registry_room room = {0};
	uint32_t gids[300];
	char gecos[256];
	struct registry_change change;
	struct registry_user user = case_alice();
	char name[16];
	unsigned number;

	case_make_directory();
	case_begin(&change);
	for (number = 0; number < 300; number++) {
		gids[number] = ADMINS_GID + 299 - number;
		snprintf(name, sizeof(name), "group%u", number);
		ck_assert_ok(registry_contents_add_group(
		    &change.contents, name, gids[number], NULL));
	}
	memset(gecos, 'g', 255);
	gecos[255] = '\0';
	user.gecos = gecos;
	user.gids = gids;
	user.gid_count = 300;
	case_add(&change, user);
	case_commit(&change);
	case_open("nss", &registry);
	ck_assert_ok(registry_find_name(&registry, "alice", &room, &user));
	ck_assert_str_eq(user.gecos, gecos);
	ck_assert_uint_eq(user.gid_count, 300);
	for (number = 0; number < 300; number++)
		ck_assert_uint_eq(user.gids[number], ADMINS_GID + number);
	case_remove();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    every_key_finds_its_user,
	    what_is_not_there_is_not_found,
	    tombstone_is_no_user_and_no_group,
	    nss_file_holds_nothing_private,
	    groups_and_private_groups_are_found,
	    walk_gives_every_record_once,
	    fixed_room_is_too_small_or_right,
	    many_users_are_all_found,
	    long_record_is_read_whole,
	    NULL,
	};

	return unit_run("registry", tests);
}

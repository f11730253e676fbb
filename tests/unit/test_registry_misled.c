/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "hash.h"
#include "identity.h"
#include "registry_forged.h"
#include "registry_record.h"
#include "registry_tables.h"

struct key {
	enum registry_index_number index;
	const char *bytes;
	size_t length;
};

/* Lets every slot of an index say that the record at `offset` has the key. */
static void
mislead(struct forged *forged, const struct registry *registry,
    const struct key *key, uint64_t offset)
{
	const struct registry_index *index = &registry->indexes[key->index];
	uint64_t hash = hash_bytes(registry->seed, key->bytes, key->length);
	uint64_t slot;

	ck_assert_uint_ge(index->slots, REGISTRY_SLOTS_MIN);
	for (slot = 0; slot < index->slots; slot++)
		tables_slot_set(
		    forged->bytes + index->offset + slot * REGISTRY_SLOT_BYTES,
		    hash, offset);
}

static void
mislead_all(struct forged *forged, uint64_t offset)
{
	cleanup_registry struct registry registry = {.fd = -1};
	char uid[sizeof(uint32_t)];
	char gid[sizeof(uint32_t)];
	const struct key keys[] = {
	    {INDEX_NAME, "alice", strlen("alice")},
	    {INDEX_UID, uid, sizeof(uid)},
	    {INDEX_GROUP_NAME, "admins", strlen("admins")},
	    {INDEX_GID, gid, sizeof(gid)},
	    {INDEX_EMAIL, "alice@example.com", strlen("alice@example.com")},
	    {INDEX_EXTERNAL_ID, "00u1", strlen("00u1")},
	};
	size_t number;

	case_open("registry", &registry);
	registry_put32(uid, FIRST_UID);
	registry_put32(gid, ADMINS_GID);
	for (number = 0; number < sizeof(keys) / sizeof(*keys); number++)
		mislead(forged, &registry, &keys[number], offset);
	forged_give(forged, "registry");
}

static void
assert_nobody_is_found(void)
{
	cleanup_registry struct registry registry = {.fd = -1};
	cleanup_room struct registry_room room = {0};
	struct registry_group group = {0};
	struct registry_user user = {0};

	case_open("registry", &registry);
	ck_assert_int_eq(registry_find_name(&registry, "alice", &room, &user),
	    EXTAUTH_NOTFOUND);
	ck_assert_int_eq(registry_find_uid(&registry, FIRST_UID, &room, &user),
	    EXTAUTH_NOTFOUND);
	ck_assert_int_eq(
	    registry_find_email(&registry, "alice@example.com", &room, &user),
	    EXTAUTH_NOTFOUND);
	ck_assert_int_eq(
	    registry_find_external_id(&registry, "00u1", &room, &user),
	    EXTAUTH_NOTFOUND);
	ck_assert_int_eq(
	    registry_find_group_name(&registry, "admins", &room, &group),
	    EXTAUTH_NOTFOUND);
	ck_assert_int_eq(
	    registry_find_gid(&registry, ADMINS_GID, &room, &group),
	    EXTAUTH_NOTFOUND);
	ck_assert_ptr_null(user.name);
	ck_assert_ptr_null(group.name);
}

START_TEST(index_that_leads_to_another_record_finds_nobody)
{
	static struct forged forged;
	size_t number;

	case_setup();
	forged_take(&forged, "registry");
	mislead_all(&forged,
	    (uint64_t)(forged_record(&forged, REGISTRY_TOMBSTONE) -
		forged.bytes));
	assert_nobody_is_found();
	for (number = 0; number < forged.count; number++) {
		char *record = forged.bytes + forged.places[number];
		uint32_t id = registry_get32(record + RECORD_NUMBER);

		if (id != LINKED_UID && id != EMPTY_GID)
			continue;
		mislead_all(&forged, forged.places[number]);
		assert_nobody_is_found();
	}
	case_remove();
}
END_TEST

static enum extauth_err
next(void)
{
	cleanup_registry struct registry registry = {.fd = -1};
	cleanup_room struct registry_room room = {0};
	struct registry_record record;
	uint64_t cursor = 0;

	case_open("registry", &registry);
	return registry_next(&registry, &cursor, &room, &record);
}

START_TEST(hole_of_a_bad_length_ends_the_walk)
{
	static const uint32_t lengths[] = {0, 8, GROUP_FIXED_BYTES - 8,
	    GROUP_FIXED_BYTES + 1, GROUP_FIXED_BYTES + 4, 65536, UINT32_MAX};
	static struct forged forged;
	char *record;
	uint32_t length;
	size_t number;

	case_setup();
	forged_take(&forged, "registry");
	record = forged.bytes + forged.places[0];
	length = registry_get32(record);
	record[RECORD_KIND] = REGISTRY_HOLE;
	forged_give(&forged, "registry");
	ck_assert_ok(next());
	for (number = 0; number < sizeof(lengths) / sizeof(*lengths);
	     number++) {
		registry_put32(record, lengths[number]);
		forged_give(&forged, "registry");
		ck_assert_int_eq(next(), EXTAUTH_UNAVAILABLE);
	}
	registry_put32(record, length);
	forged_give(&forged, "registry");
	ck_assert_ok(next());
	case_remove();
}
END_TEST

START_TEST(record_begins_where_one_can)
{
	cleanup_registry struct registry registry = {.fd = -1};
	cleanup_room struct registry_room room = {0};
	struct registry_record record;
	uint32_t length = 0;
	uint64_t end;
	size_t number;

	case_setup();
	case_open("registry", &registry);
	end = registry.records_offset + registry.records_bytes;
	const uint64_t places[] = {0, registry.records_offset - 8,
	    registry.records_offset + 4, end - 16, end - 8, end, end + 8,
	    UINT64_MAX - 7};
	for (number = 0; number < sizeof(places) / sizeof(*places); number++)
		ck_assert_int_eq(registry_record_read(&registry, places[number],
				     &room, &record, &length),
		    EXTAUTH_UNAVAILABLE);
	ck_assert_uint_eq(length, 0);
	ck_assert_ok(registry_record_read(
	    &registry, registry.records_offset, &room, &record, &length));
	ck_assert_uint_gt(length, GROUP_FIXED_BYTES);
	case_remove();
}
END_TEST

static enum extauth_err
read_into(size_t skipped, size_t size, uint64_t offset)
{
	static char bytes[4096] __attribute__((aligned(16)));
	cleanup_registry struct registry registry = {.fd = -1};
	struct registry_room room = {.bytes = bytes + skipped,
	    .size = size,
	    .is_fixed = true,
	    .member_bytes = 8};
	struct registry_record record;
	uint32_t length;

	case_open("registry", &registry);
	return registry_record_read(&registry, offset, &room, &record, &length);
}

START_TEST(group_of_more_members_than_bytes_is_none)
{
	static struct forged forged;
	uint64_t offset;
	uint32_t length;
	char *record;

	case_setup();
	forged_take(&forged, "registry");
	record = forged_record(&forged, REGISTRY_GROUP);
	offset = (uint64_t)(record - forged.bytes);
	length = registry_get32(record);
	ck_assert_ok(read_into(0, 4000, offset));
	ck_assert_int_eq(read_into(1, 1, offset), EXTAUTH_TOOBIG);
	ck_assert_int_eq(read_into(1, length, offset), EXTAUTH_TOOBIG);
	registry_put32(record + GROUP_MEMBER_COUNT, length / 2);
	forged_give(&forged, "registry");
	ck_assert_int_eq(read_into(0, length, offset), EXTAUTH_TOOBIG);
	registry_put32(record + GROUP_MEMBER_COUNT, length / 2 + 1);
	forged_give(&forged, "registry");
	ck_assert_int_eq(read_into(0, length, offset), EXTAUTH_INVALID);
	registry_put32(record + GROUP_MEMBER_COUNT, UINT32_MAX);
	forged_give(&forged, "registry");
	ck_assert_int_eq(read_into(0, 4000, offset), EXTAUTH_INVALID);
	case_remove();
}
END_TEST

static void
forge_group(struct forged *forged)
{
	registry_put16(
	    forged_record(forged, REGISTRY_GROUP) + GROUP_NAME_LENGTH, 60000);
}

static void
forge_user(struct forged *forged)
{
	registry_put16(
	    forged_record(forged, REGISTRY_USER) + USER_TEXT_LENGTHS, 60000);
}

static void
forge_last(struct forged *forged)
{
	registry_put32(forged->bytes + forged->places[forged->count - 1], 12);
}

/* Whether the file for NSS was made anew: then its seed is another. */
static bool
is_made_anew(void (*forge)(struct forged *))
{
	static struct forged forged;
	struct registry_change change;
	struct registry_user user;
	uint64_t seed;

	case_setup();
	forged_take(&forged, "nss");
	if (forge != NULL)
		forge(&forged);
	forged_give(&forged, "nss");
	seed = case_verified("nss").seed[0];
	case_begin(&change);
	user = *registry_contents_find_name(&change.contents, "alice");
	user.gid_count = 0;
	ck_assert_ok(
	    registry_contents_change_user(&change.contents, &user, NULL));
	case_commit(&change);
	seed -= case_verified("nss").seed[0];
	case_remove();
	return seed != 0;
}

START_TEST(file_with_a_record_that_has_no_end_is_not_patched)
{
	ck_assert(!is_made_anew(NULL));
	ck_assert(is_made_anew(forge_group));
	ck_assert(is_made_anew(forge_user));
	ck_assert(is_made_anew(forge_last));
}
END_TEST

/* Indexes of `slots` slots each, one after the other from byte 64 on. */
static void
make_tables(struct registry_tables *tables, char *bytes, uint64_t slots)
{
	size_t number;

	*tables = (struct registry_tables){
	    .start = 64, .version = REGISTRY_VERSION_FIRST, .seed = {1, 2}};
	tables->bytes = bytes;
	for (number = 0; number < REGISTRY_INDEX_COUNT; number++) {
		tables->indexes[number].offset =
		    64 + number * slots * REGISTRY_SLOT_BYTES;
		tables->indexes[number].slots = slots;
	}
}

START_TEST(index_takes_as_many_keys_as_it_has_slots)
{
	char bytes[REGISTRY_INDEX_COUNT * 2 * REGISTRY_SLOT_BYTES] = {0};
	static struct registry_tables tables;
	char *slot = NULL;

	make_tables(&tables, bytes, 2);
	ck_assert_ok(tables_put(&tables, INDEX_UID, UINT64_C(0x700000001), 8));
	ck_assert_ok(tables_put(&tables, INDEX_UID, UINT64_C(0x900000001), 24));
	ck_assert_uint_eq(registry_get32(bytes + 24), 7);
	ck_assert_uint_eq(registry_get32(bytes + 28), 1);
	ck_assert_uint_eq(registry_get32(bytes + 16), 9);
	ck_assert_uint_eq(registry_get32(bytes + 20), 3);
	ck_assert_int_eq(tables_put(&tables, INDEX_UID, 0, 8), EXTAUTH_TOOBIG);
	ck_assert_int_eq(
	    tables_free_slot(&tables, INDEX_UID, 1, &slot), EXTAUTH_TOOBIG);
	ck_assert_ptr_null(slot);
	ck_assert_ok(tables_free_slot(&tables, INDEX_NAME, 1, &slot));
	ck_assert_ptr_eq(slot, bytes + 8);
}
END_TEST

START_TEST(user_without_a_slot_is_told_at_the_flush_or_before)
{
	char bytes[REGISTRY_INDEX_COUNT * 2 * REGISTRY_SLOT_BYTES] = {0};
	static struct registry_tables tables;
	struct registry_user user = case_alice();
	unsigned number;

	make_tables(&tables, bytes, 2);
	for (number = 0; number < 3; number++)
		ck_assert_ok(tables_put_user(&tables, &user, 8));
	ck_assert_int_eq(tables_flush(&tables), EXTAUTH_TOOBIG);
	memset(bytes, 0, sizeof(bytes));
	make_tables(&tables, bytes, 2);
	for (number = 0; number + 1 < TABLES_BATCH; number++)
		ck_assert_ok(tables_put_user(&tables, &user, 8));
	ck_assert_int_eq(tables_put_user(&tables, &user, 8), EXTAUTH_TOOBIG);
}
END_TEST

START_TEST(user_has_the_keys_of_the_indexes_that_there_are)
{
	char bytes[1] = {0};
	static struct registry_tables tables;
	struct registry_user user = case_alice();
	uint64_t hash = 0;

	make_tables(&tables, bytes, 8);
	ck_assert(tables_hash_user(&tables, INDEX_GID, &user, &hash));
	ck_assert_uint_eq(hash, tables_hash_number(&tables, FIRST_UID));
	ck_assert(tables_hash_user(&tables, INDEX_EMAIL, &user, &hash));
	ck_assert_uint_eq(hash,
	    hash_bytes(
		tables.seed, "alice@example.com", strlen("alice@example.com")));
	tables.version = REGISTRY_VERSION;
	ck_assert(!tables_hash_user(&tables, INDEX_GID, &user, &hash));
	ck_assert(!tables_hash_user(&tables, INDEX_GROUP_NAME, &user, &hash));
	tables.indexes[INDEX_NAME].slots = 0;
	ck_assert(!tables_hash_user(&tables, INDEX_NAME, &user, &hash));
	user.email = "";
	user.external_id = "";
	ck_assert(!tables_hash_user(&tables, INDEX_EMAIL, &user, &hash));
	ck_assert(!tables_hash_user(&tables, INDEX_EXTERNAL_ID, &user, &hash));
}
END_TEST

START_TEST(text_that_is_no_email_is_not_folded)
{
	char bytes[1] = {0};
	static struct registry_tables tables;
	char text[IDENTITY_EMAIL_MAX_BYTES + 2] = {0};
	char lower[IDENTITY_EMAIL_MAX_BYTES + 2] = {0};

	make_tables(&tables, bytes, 8);
	memset(text, 'A', IDENTITY_EMAIL_MAX_BYTES);
	memset(lower, 'a', IDENTITY_EMAIL_MAX_BYTES);
	ck_assert_uint_eq(tables_hash_text(&tables, INDEX_EMAIL, text),
	    hash_bytes(tables.seed, lower, IDENTITY_EMAIL_MAX_BYTES));
	ck_assert_uint_eq(tables_hash_text(&tables, INDEX_NAME, text),
	    hash_bytes(tables.seed, text, IDENTITY_EMAIL_MAX_BYTES));
	text[IDENTITY_EMAIL_MAX_BYTES] = 'A';
	ck_assert_uint_eq(tables_hash_text(&tables, INDEX_EMAIL, text),
	    hash_bytes(tables.seed, text, IDENTITY_EMAIL_MAX_BYTES + 1));
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    index_that_leads_to_another_record_finds_nobody,
	    hole_of_a_bad_length_ends_the_walk,
	    record_begins_where_one_can,
	    group_of_more_members_than_bytes_is_none,
	    file_with_a_record_that_has_no_end_is_not_patched,
	    index_takes_as_many_keys_as_it_has_slots,
	    user_without_a_slot_is_told_at_the_flush_or_before,
	    user_has_the_keys_of_the_indexes_that_there_are,
	    text_that_is_no_email_is_not_folded,
	    NULL,
	};

	return unit_run("registry_misled", tests);
}

/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <unistd.h>

#include "registry_base.h"
#include "registry_forged.h"
#include "registry_record.h"
#include "registry_restore.h"

static enum extauth_err
open_only(void)
{
	cleanup_registry struct registry registry = {.fd = -1};

	return registry_open(case_path("registry"), &registry, NULL);
}

/* Walks over all records; what is given out keeps the rules. */
static enum extauth_err
walk(void)
{
	cleanup_registry struct registry registry = {.fd = -1};
	cleanup_room struct registry_room room = {0};
	struct registry_record record;
	uint64_t cursor = 0;
	enum extauth_err err =
	    registry_open(case_path("registry"), &registry, NULL);

	while (err == EXTAUTH_OK) {
		err = registry_next(&registry, &cursor, &room, &record);
		if (err == EXTAUTH_OK && record.kind == REGISTRY_USER)
			ck_assert_ok(registry_check_user(&record.user, NULL));
		if (err == EXTAUTH_OK && record.kind == REGISTRY_GROUP)
			ck_assert_ok(registry_check_group(
			    record.group.name, record.group.gid, NULL));
	}
	return err;
}

/* Looks for everybody: each answer is about him who was asked for, or none. */
static void
look_up(void)
{
	cleanup_registry struct registry registry = {.fd = -1};
	cleanup_room struct registry_room room = {0};
	struct registry_group group;
	struct registry_user user;

	if (registry_open(case_path("registry"), &registry, NULL) != EXTAUTH_OK)
		return;
	if (registry_find_name(&registry, "alice", &room, &user) == EXTAUTH_OK)
		ck_assert_str_eq(user.name, "alice");
	if (registry_find_uid(&registry, LINKED_UID, &room, &user) ==
	    EXTAUTH_OK)
		ck_assert_uint_eq(user.uid, LINKED_UID);
	if (registry_find_external_id(&registry, "00u2", &room, &user) ==
	    EXTAUTH_OK)
		ck_assert_str_eq(user.external_id, "00u2");
	if (registry_find_gid(&registry, EMPTY_GID, &room, &group) ==
	    EXTAUTH_OK)
		ck_assert_uint_eq(group.gid, EMPTY_GID);
	if (registry_find_group_name(&registry, "admins", &room, &group) ==
	    EXTAUTH_OK)
		ck_assert_str_eq(group.name, "admins");
}

/* Changes what was loaded and writes it: what comes out is whole. */
static void
change(void)
{
	struct registry_change change;
	const struct registry_user *alice;
	struct registry_user user;

	if (registry_change_begin(case_directory(), 0, &change, NULL) !=
	    EXTAUTH_OK)
		return;
	alice = registry_contents_find_name(&change.contents, "alice");
	if (alice != NULL) {
		user = *alice;
		user.gid_count = 0;
		(void)!registry_contents_change_user(
		    &change.contents, &user, NULL);
	}
	(void)!registry_contents_remove_group(&change.contents, "empty");
	if (registry_change_commit(&change, NULL) == EXTAUTH_OK) {
		(void)case_verified("registry");
		(void)case_verified("nss");
	}
	registry_change_end(&change);
}

static void
put_back(const struct forged *forged, const struct forged *shown)
{
	static struct forged copy;

	copy = *forged;
	forged_give(&copy, "registry");
	ck_assert_int_eq(
	    truncate(case_path("registry"), (off_t)forged->length), 0);
	copy = *shown;
	forged_give(&copy, "nss");
	ck_assert_int_eq(truncate(case_path("nss"), (off_t)shown->length), 0);
}

static void
try_byte(const struct forged *good, size_t place, char byte)
{
	static struct forged forged;
	enum extauth_err err;

	forged = *good;
	forged.bytes[place] = byte;
	forged_give(&forged, "registry");
	err = walk();
	ck_assert(err == EXTAUTH_NOTFOUND || err == EXTAUTH_UNAVAILABLE);
	look_up();
	err = case_load(NULL);
	ck_assert(err == EXTAUTH_OK || err == EXTAUTH_UNAVAILABLE);
	if (err == EXTAUTH_OK)
		change();
}

START_TEST(forged_byte_gives_no_bad_record_and_no_bad_file)
{
	static struct forged good;
	static struct forged shown;
	size_t place;

	case_setup();
	forged_take(&good, "registry");
	forged_take(&shown, "nss");
	for (place = HEADER_VERSION; place < good.length; place++) {
		static const unsigned char masks[] = {0x01, 0x08, 0xff};
		size_t number;

		for (number = 0; number < sizeof(masks); number++) {
			put_back(&good, &shown);
			try_byte(&good, place,
			    (char)(good.bytes[place] ^ masks[number]));
		}
	}
	case_remove();
}
END_TEST

/* A field of the header and what stands in it instead. */
struct header_rule {
	size_t place;
	unsigned bytes;
	uint64_t value; /* or what is added to it */
	bool is_added;
	enum extauth_err wanted;
};

static const struct header_rule header_rules[] = {
    {HEADER_FLAGS, 4, 7, false, EXTAUTH_OK},
    {HEADER_FLAGS, 4, 8, false, EXTAUTH_UNAVAILABLE},
    {HEADER_FLAGS, 4, 0x80000000, false, EXTAUTH_UNAVAILABLE},
    {HEADER_VERSION, 4, 0, false, EXTAUTH_UNAVAILABLE},
    {HEADER_VERSION, 4, 1, false, EXTAUTH_OK},
    {HEADER_VERSION, 4, 3, false, EXTAUTH_UNAVAILABLE},
    {HEADER_SIZE, 8, 8, true, EXTAUTH_UNAVAILABLE},
    {HEADER_SIZE, 8, (uint64_t)-8, true, EXTAUTH_UNAVAILABLE},
    {HEADER_RECORDS_OFFSET, 8, REGISTRY_HEADER_BYTES - 1, false,
	EXTAUTH_UNAVAILABLE},
    {HEADER_RECORDS_OFFSET, 8, REGISTRY_HEADER_BYTES, false, EXTAUTH_OK},
    {HEADER_RECORDS_OFFSET, 8, UINT64_MAX, false, EXTAUTH_UNAVAILABLE},
    {HEADER_RECORDS_BYTES, 8, UINT64_MAX, false, EXTAUTH_UNAVAILABLE},
    {HEADER_RECORDS_BYTES, 8, FORGED_BYTES_MAX, false, EXTAUTH_UNAVAILABLE},
    {HEADER_INDEXES, 8, 8, true, EXTAUTH_UNAVAILABLE},
    {HEADER_INDEXES, 8, 0, false, EXTAUTH_UNAVAILABLE},
    {HEADER_INDEXES, 8, 1 << 30, false, EXTAUTH_UNAVAILABLE},
    {HEADER_INDEXES, 8, REGISTRY_HEADER_BYTES, false, EXTAUTH_OK},
    {HEADER_INDEXES + 8, 8, 0, false, EXTAUTH_OK},
    {HEADER_INDEXES + 8, 8, 4, false, EXTAUTH_UNAVAILABLE},
    {HEADER_INDEXES + 8, 8, REGISTRY_SLOTS_MIN, false, EXTAUTH_OK},
    {HEADER_INDEXES + 8, 8, 12, false, EXTAUTH_UNAVAILABLE},
    {HEADER_INDEXES + 8, 8, 1 << 20, false, EXTAUTH_UNAVAILABLE},
    {HEADER_INDEXES + 8, 8, UINT64_C(1) << 61, false, EXTAUTH_UNAVAILABLE},
};

static void
apply(char *bytes, const struct header_rule *rule)
{
	char *place = bytes + rule->place;

	if (rule->bytes == 4)
		registry_put32(place, (uint32_t)rule->value);
	else
		registry_put64(place,
		    rule->is_added ? registry_get64(place) + rule->value
				   : rule->value);
}

START_TEST(every_field_of_the_header_has_its_rule)
{
	static struct forged good;
	static struct forged forged;
	size_t number;

	case_setup();
	forged_take(&good, "registry");
	for (number = 0; number < sizeof(header_rules) / sizeof(*header_rules);
	     number++) {
		forged = good;
		apply(forged.bytes, &header_rules[number]);
		forged_give(&forged, "registry");
		ck_assert_msg(open_only() == header_rules[number].wanted,
		    "row %zu", number);
	}
	case_remove();
}
END_TEST

/* What is not a multiple of a record's alignment was not written to its end. */
START_TEST(file_of_odd_length_is_refused)
{
	static struct forged forged;

	case_setup();
	forged_take(&forged, "registry");
	forged.length += 4;
	registry_put64(forged.bytes + HEADER_SIZE, forged.length);
	forged_give(&forged, "registry");
	ck_assert_int_eq(open_only(), EXTAUTH_UNAVAILABLE);
	forged.length += 4;
	registry_put64(forged.bytes + HEADER_SIZE, forged.length);
	forged_give(&forged, "registry");
	ck_assert_int_eq(open_only(), EXTAUTH_OK);
	case_remove();
}
END_TEST

/* What a writer looks at before it takes a file over. */
struct load_rule {
	enum registry_kind kind; /* NONE: the header */
	size_t place;
	unsigned bytes;
	uint32_t value;
};

static const struct load_rule load_rules[] = {
    {REGISTRY_NONE, HEADER_USER_COUNT, 4, 0},
    {REGISTRY_NONE, HEADER_USER_COUNT, 4, 2},
    {REGISTRY_NONE, HEADER_USER_COUNT, 4, 4},
    {REGISTRY_NONE, HEADER_USER_COUNT, 4, UINT32_MAX},
    {REGISTRY_NONE, HEADER_GROUP_COUNT, 4, 1},
    {REGISTRY_NONE, HEADER_GROUP_COUNT, 4, 3},
    {REGISTRY_NONE, HEADER_TOMBSTONE_COUNT, 4, 0},
    {REGISTRY_NONE, HEADER_TOMBSTONE_COUNT, 4, 2},
    {REGISTRY_NONE, HEADER_FLAGS, 4, REGISTRY_FLAG_NSS},
    {REGISTRY_USER, RECORD_LENGTH, 4, 0},
    {REGISTRY_USER, RECORD_LENGTH, 4, 16},
    {REGISTRY_USER, RECORD_LENGTH, 4, 40},
    {REGISTRY_USER, RECORD_LENGTH, 4, 100},
    {REGISTRY_USER, RECORD_LENGTH, 4, 1 << 20},
    {REGISTRY_USER, RECORD_KIND, 1, REGISTRY_NONE},
    {REGISTRY_USER, RECORD_KIND, 1, 5},
    {REGISTRY_USER, RECORD_KIND, 1, 255},
    {REGISTRY_USER, USER_GID_COUNT, 4, REGISTRY_GIDS_MAX + 1},
    {REGISTRY_USER, USER_GID_COUNT, 4, 1000},
    {REGISTRY_USER, USER_GID_COUNT, 4, 0},
    {REGISTRY_USER, USER_FIXED_BYTES, 4, ADMINS_GID + 77},
    {REGISTRY_USER, USER_TEXT_LENGTHS, 2, 4},
    {REGISTRY_USER, USER_TEXT_LENGTHS, 2, 6},
    {REGISTRY_USER, USER_TEXT_LENGTHS, 2, 60000},
    {REGISTRY_GROUP, GROUP_NAME_LENGTH, 2, 5},
    {REGISTRY_GROUP, GROUP_NAME_LENGTH, 2, 60000},
    {REGISTRY_TOMBSTONE, USER_TEXT_LENGTHS, 2, 60000},
};

static void
forge_field(char *place, unsigned bytes, uint32_t value)
{
	if (bytes == 1)
		*place = (char)value;
	else if (bytes == 2)
		registry_put16(place, (uint16_t)value);
	else
		registry_put32(place, value);
}

START_TEST(writer_takes_over_no_file_that_breaks_a_rule)
{
	static struct forged good;
	static struct forged forged;
	size_t number;

	case_setup();
	forged_take(&good, "registry");
	for (number = 0; number < sizeof(load_rules) / sizeof(*load_rules);
	     number++) {
		const struct load_rule *rule = &load_rules[number];
		struct extauth_error error = {0};

		forged = good;
		forge_field((rule->kind == REGISTRY_NONE
				    ? forged.bytes
				    : forged_record(&forged, rule->kind)) +
			rule->place,
		    rule->bytes, rule->value);
		forged_give(&forged, "registry");
		ck_assert_msg(case_load(&error) == EXTAUTH_UNAVAILABLE,
		    "row %zu", number);
		ck_assert_ptr_nonnull(strstr(error.text, "is damaged"));
	}
	forged_give(&good, "registry");
	ck_assert_ok(case_load(NULL));
	case_remove();
}
END_TEST

static enum extauth_err
read_record(uint64_t offset, enum registry_kind *ret_kind)
{
	cleanup_registry struct registry registry = {.fd = -1};
	cleanup_room struct registry_room room = {0};
	struct registry_record record = {0};
	uint32_t length;
	enum extauth_err err;

	case_open("registry", &registry);
	err = registry_record_read(&registry, offset, &room, &record, &length);
	*ret_kind = record.kind;
	return err;
}

START_TEST(record_is_of_its_kind)
{
	static struct forged forged;
	enum registry_kind kind;
	char *record;
	uint64_t offset;

	case_setup();
	forged_take(&forged, "registry");
	record = forged_record(&forged, REGISTRY_TOMBSTONE);
	offset = (uint64_t)(record - forged.bytes);
	ck_assert_ok(read_record(offset, &kind));
	ck_assert_int_eq(kind, REGISTRY_TOMBSTONE);
	record[USER_FIXED_BYTES] = '!';
	forged_give(&forged, "registry");
	ck_assert_int_eq(read_record(offset, &kind), EXTAUTH_INVALID);
	record[RECORD_KIND] = REGISTRY_HOLE;
	forged_give(&forged, "registry");
	ck_assert_ok(read_record(offset, &kind));
	ck_assert_int_eq(kind, REGISTRY_HOLE);
	case_remove();
}
END_TEST

START_TEST(file_for_nss_cannot_be_restored)
{
	cleanup_contents struct registry_contents contents = {0};
	struct extauth_error error = {0};

	case_setup();
	ck_assert_int_eq(
	    registry_restore_read(case_path("nss"), &contents, &error),
	    EXTAUTH_UNAVAILABLE);
	ck_assert_ptr_nonnull(strstr(error.text, "is the file for NSS"));
	error = (struct extauth_error){0};
	ck_assert_int_eq(
	    registry_restore_read(case_path("link"), &contents, &error),
	    EXTAUTH_NOTFOUND);
	ck_assert_ptr_nonnull(strstr(error.text, "is not there"));
	ck_assert_int_eq(truncate(case_path("nss"), 100), 0);
	ck_assert_int_eq(
	    registry_restore_read(case_path("nss"), &contents, &error),
	    EXTAUTH_UNAVAILABLE);
	ck_assert_ptr_null(strstr(error.text, "is the file for NSS"));
	case_remove();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    forged_byte_gives_no_bad_record_and_no_bad_file,
	    every_field_of_the_header_has_its_rule,
	    file_of_odd_length_is_refused,
	    writer_takes_over_no_file_that_breaks_a_rule,
	    record_is_of_its_kind,
	    file_for_nss_cannot_be_restored,
	    NULL,
	};

	return unit_run("registry_forged", tests);
}

/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "fault.h"
#include "registry_base.h"
#include "registry_contents.h"
#include "registry_forged.h"
#include "registry_record.h"

static const uint32_t both_gids[] = {ADMINS_GID, EMPTY_GID};

/* A record that is not right is not passed over, though the header knows of
 * one less. */
static const struct {
	enum registry_kind kind;
	uint32_t id;
	size_t place;
	uint16_t value;
	size_t count;
	uint32_t left;
} rows[] = {
    {REGISTRY_USER, FIRST_UID + 1, USER_TEXT_LENGTHS, 60000, HEADER_USER_COUNT,
	2},
    {REGISTRY_GROUP, EMPTY_GID, GROUP_NAME_LENGTH, 60000, HEADER_GROUP_COUNT,
	1},
    {REGISTRY_TOMBSTONE, REMOVED_UID, USER_TEXT_LENGTHS, 60000,
	HEADER_TOMBSTONE_COUNT, 0},
    {REGISTRY_USER, FIRST_UID + 1, RECORD_KIND, REGISTRY_NONE,
	HEADER_USER_COUNT, 2},
    {REGISTRY_USER, FIRST_UID + 1, RECORD_KIND, 9, HEADER_USER_COUNT, 2},
    {REGISTRY_GROUP, EMPTY_GID, RECORD_KIND, REGISTRY_NONE, HEADER_GROUP_COUNT,
	1},
};

START_TEST(no_record_is_passed_over)
{
	static struct forged good;
	static struct forged forged;
	size_t row;

	case_setup();
	forged_take(&good, "registry");
	for (row = 0; row < sizeof(rows) / sizeof(*rows); row++) {
		char *place;

		forged = good;
		place =
		    forged_record_of(&forged, rows[row].kind, rows[row].id) +
		    rows[row].place;
		if (rows[row].place == RECORD_KIND)
			*place = (char)rows[row].value;
		else
			registry_put16(place, rows[row].value);
		registry_put32(forged.bytes + rows[row].count, rows[row].left);
		forged_give(&forged, "registry");
		ck_assert_msg(
		    case_load(NULL) == EXTAUTH_UNAVAILABLE, "row %zu", row);
	}
	case_remove();
}
END_TEST

/* The last user's last group. */
START_TEST(every_group_of_every_user_must_be_there)
{
	static struct forged forged;
	struct registry_change change;
	struct registry_user user;
	char *gid;

	case_setup();
	case_begin(&change);
	user = *registry_contents_find_name(&change.contents, "bob");
	user.gids = both_gids;
	user.gid_count = 2;
	ck_assert_ok(
	    registry_contents_change_user(&change.contents, &user, NULL));
	case_commit(&change);
	forged_take(&forged, "registry");
	gid = forged_record_of(&forged, REGISTRY_USER, LINKED_UID) +
	    USER_FIXED_BYTES + sizeof(uint32_t);
	ck_assert_uint_eq(registry_get32(gid), EMPTY_GID);
	ck_assert_ok(case_load(NULL));
	registry_put32(gid, EMPTY_GID + 77);
	forged_give(&forged, "registry");
	ck_assert_int_eq(case_load(NULL), EXTAUTH_UNAVAILABLE);
	case_remove();
}
END_TEST

static uint16_t
text_length(const char *record, unsigned text)
{
	return registry_get16(
	    record + USER_TEXT_LENGTHS + text * sizeof(uint16_t));
}

static void
set_text_length(char *record, unsigned text, uint16_t length)
{
	registry_put16(
	    record + USER_TEXT_LENGTHS + text * sizeof(uint16_t), length);
}

/* Cuts the e-mail of a record; the rest of it is of the next text. */
static void
cut_email(char *record, uint16_t length)
{
	char *email = record + USER_FIXED_BYTES +
	    registry_get32(record + USER_GID_COUNT) * sizeof(uint32_t);
	uint16_t rest;
	unsigned text;

	for (text = TEXT_NAME; text < TEXT_EMAIL; text++)
		email += text_length(record, text) + 1;
	rest = (uint16_t)(text_length(record, TEXT_EMAIL) - length);
	email[length] = '\0';
	set_text_length(record, TEXT_EMAIL, length);
	set_text_length(record, TEXT_EXTERNAL_ID,
	    (uint16_t)(text_length(record, TEXT_EXTERNAL_ID) + rest));
}

START_TEST(every_user_must_have_an_email)
{
	static struct forged forged;
	char *record;

	case_setup();
	forged_take(&forged, "registry");
	record = forged_record_of(&forged, REGISTRY_USER, FIRST_UID);
	cut_email(record, 1);
	forged_give(&forged, "registry");
	ck_assert_ok(case_load(NULL));
	cut_email(record, 0);
	forged_give(&forged, "registry");
	ck_assert_int_eq(case_load(NULL), EXTAUTH_UNAVAILABLE);
	case_remove();
}
END_TEST

START_TEST(keys_of_the_users_are_counted)
{
	cleanup_contents struct registry_contents contents = {0};
	struct registry_change change;
	struct registry_user user = case_alice();

	case_make_directory();
	case_begin(&change);
	change.contents.version = REGISTRY_VERSION_FIRST;
	user.gid_count = 0;
	user.external_id = "7";
	case_add(&change, user);
	case_add_numbered(&change, 1, FIRST_UID + 1);
	user.name = "carol";
	user.email = "carol@example.com";
	user.external_id = "";
	user.uid = FIRST_UID + 2;
	user.gid = user.uid;
	case_add(&change, user);
	case_commit(&change);
	contents = case_loaded();
	ck_assert_uint_eq(contents.sums[0].users, 3);
	ck_assert_uint_eq(contents.sums[0].external_ids, 2);
	ck_assert_uint_eq(contents.version, REGISTRY_VERSION_FIRST);
	case_remove();
}
END_TEST

START_TEST(each_load_begins_an_epoch)
{
	cleanup_contents struct registry_contents contents = {0};
	cleanup_contents struct registry_contents others = {0};

	case_setup();
	contents = case_loaded();
	others = case_loaded();
	ck_assert_uint_ne(contents.epoch, others.epoch);
	ck_assert_uint_ne(contents.epoch, 0);
	case_remove();
}
END_TEST

START_TEST(load_without_memory_is_told)
{
	struct fault_outcome outcome;
	size_t allocations = 0;

	case_setup();
	do {
		outcome = fault_try(FAULT_MEMORY, allocations++, 0, case_load);
		ck_assert_int_eq(outcome.err,
		    outcome.has_failed ? EXTAUTH_NOMEM : EXTAUTH_OK);
		ck_assert(strstr(outcome.error.text, "out of memory") != NULL ||
		    !outcome.has_failed);
	} while (outcome.has_failed);
	ck_assert_uint_gt(allocations, 8);
	case_remove();
}
END_TEST

START_TEST(load_of_which_a_call_fails_is_told)
{
	struct fault_outcome outcome;
	unsigned random = 0;
	size_t calls = 0;

	case_setup();
	do {
		outcome = fault_try(FAULT_CALL, calls++, EIO, case_load);
		ck_assert((outcome.err == EXTAUTH_OK) == !outcome.has_failed);
		ck_assert(
		    (outcome.error.text[0] == '\0') == !outcome.has_failed);
		if (strncmp(outcome.error.text, "getrandom: ", 11) == 0) {
			ck_assert_int_eq(outcome.err, EXTAUTH_SYSTEM);
			random++;
		}
	} while (outcome.has_failed);
	ck_assert_uint_eq(random, 1);
	ck_assert_uint_gt(calls, 4);
	case_remove();
}
END_TEST

/* A signal only delays what is read. */
START_TEST(reading_goes_on_after_a_signal)
{
	cleanup_registry struct registry registry = {.fd = -1};
	struct fault_outcome outcome;
	size_t calls = 0;
	size_t went_on = 0;
	char byte = '\0';

	case_setup();
	do {
		outcome = fault_try(FAULT_CALL, calls++, EINTR, case_load);
		went_on += outcome.has_failed && outcome.err == EXTAUTH_OK;
	} while (outcome.has_failed);
	/* The header twice, and the rest once. */
	ck_assert_uint_eq(went_on, 3);
	case_open("registry", &registry);
	ck_assert_ok(registry_read_at(registry.fd, 1, &byte, 1));
	ck_assert_int_ne(byte, '\0');
	case_remove();
}
END_TEST

START_TEST(file_that_was_read_is_closed)
{
	cleanup_contents struct registry_contents contents = {0};

	case_setup();
	contents = case_loaded();
	ck_assert_int_eq(contents.base->copy.file.fd, -1);
	case_remove();
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    no_record_is_passed_over,
	    every_group_of_every_user_must_be_there,
	    every_user_must_have_an_email,
	    keys_of_the_users_are_counted,
	    each_load_begins_an_epoch,
	    load_without_memory_is_told,
	    load_of_which_a_call_fails_is_told,
	    reading_goes_on_after_a_signal,
	    file_that_was_read_is_closed,
	    NULL,
	};

	return unit_run("registry_load", tests);
}

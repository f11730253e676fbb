/* SPDX-License-Identifier: MIT */
/* Gives the entry points of the built module buffers of every length and
 * alignment.
 * Does not know: nsswitch.conf. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "nss_case.h"
#include "nss_entry.h"

#define LENGTH_MAX 4096
#define ALIGN_MAX 16
#define GUARD_BYTES 64
#define GUARD 0x5a
#ifdef EXTAUTH_SANITIZED
/* The sanitizer guards the end, against a read as well. */
#define END_GUARD_BYTES 0
#else
#define END_GUARD_BYTES GUARD_BYTES
#endif

/* A buffer of a wanted length and misalignment, with guards around it. */
struct guarded {
	char *bytes;
	char *start;
	size_t length;
};

static struct guarded
guard(size_t length, size_t shift)
{
	size_t before = GUARD_BYTES + shift;
	struct guarded room = {.length = length};

	room.bytes = malloc(before + length + END_GUARD_BYTES);
	ck_assert_ptr_nonnull(room.bytes);
	memset(room.bytes, GUARD, before + length + END_GUARD_BYTES);
	room.start = room.bytes + before;
	return room;
}

/* Ends the buffer; false if a byte around it was written. No assert in here and
 * below: Check notes each that holds, which takes its time. */
static bool
end_guarded(struct guarded *room)
{
	const char *end = room->start + room->length;
	const char *byte;
	bool holds = true;

	for (byte = room->bytes; byte < room->start; byte++)
		holds = holds && *byte == GUARD;
	for (byte = end; byte < end + END_GUARD_BYTES; byte++)
		holds = holds && *byte == GUARD;
	free(room->bytes);
	return holds;
}

static bool
is_text(const struct guarded *room, const char *text, const char *wanted)
{
	return text >= room->start && text < room->start + room->length &&
	    strcmp(text, wanted) == 0 &&
	    text + strlen(text) < room->start + room->length;
}

static bool
is_alice(const struct guarded *room, const struct passwd *entry)
{
	return is_text(room, entry->pw_name, "alice") &&
	    is_text(room, entry->pw_passwd, "*") &&
	    is_text(room, entry->pw_gecos, "Alice Example") &&
	    is_text(room, entry->pw_dir, "/home/alice") &&
	    is_text(room, entry->pw_shell, "/bin/bash") &&
	    entry->pw_uid == ALICE_UID && entry->pw_gid == ALICE_UID;
}

/* Tells whether a list of `count` members and its NULL lie in the buffer. */
static bool
is_list(const struct guarded *room, char **members, size_t count)
{
	return (uintptr_t)members % _Alignof(char *) == 0 &&
	    (char *)members >= room->start &&
	    (char *)(members + count + 1) <= room->start + room->length &&
	    members[count] == NULL;
}

static bool
is_admins(const struct guarded *room, const struct group *entry)
{
	return is_text(room, entry->gr_name, "admins") &&
	    is_text(room, entry->gr_passwd, "*") &&
	    entry->gr_gid == ADMINS_GID && is_list(room, entry->gr_mem, 2) &&
	    is_text(room, entry->gr_mem[0], "alice") &&
	    is_text(room, entry->gr_mem[1], "carol@example.com");
}

static bool
is_private_group(const struct guarded *room, const struct group *entry)
{
	return is_text(room, entry->gr_name, "alice") &&
	    is_text(room, entry->gr_passwd, "*") &&
	    entry->gr_gid == ALICE_UID && is_list(room, entry->gr_mem, 0);
}

enum way {
	WAY_GETPWNAM,
	WAY_GETPWUID,
	WAY_GETPWENT,
	WAY_GETGRNAM,
	WAY_GETGRGID,
	WAY_GETGRENT,
	WAY_PRIVATE_GROUP,
	WAY_COUNT
};

static enum nss_status
ask_passwd(const struct nss_module *module, enum way way, struct guarded *room,
    struct passwd *entry, int *error)
{
	char *start = room->start;
	size_t length = room->length;

	if (way == WAY_GETPWNAM)
		return module->getpwnam("alice", entry, start, length, error);
	if (way == WAY_GETPWUID)
		return module->getpwuid(ALICE_UID, entry, start, length, error);
	module->setpwent(0);
	return module->getpwent(entry, start, length, error);
}

static enum nss_status
ask_group(const struct nss_module *module, enum way way, struct guarded *room,
    struct group *entry, int *error)
{
	char *start = room->start;
	size_t length = room->length;

	if (way == WAY_GETGRNAM)
		return module->getgrnam("admins", entry, start, length, error);
	if (way == WAY_GETGRGID)
		return module->getgrgid(
		    ADMINS_GID, entry, start, length, error);
	if (way == WAY_PRIVATE_GROUP)
		return module->getgrgid(ALICE_UID, entry, start, length, error);
	module->setgrent(0);
	return module->getgrent(entry, start, length, error);
}

/* What came of one buffer. */
enum outcome {
	OUTCOME_FITS,
	OUTCOME_TOO_SMALL,
	OUTCOME_WRONG
};

static enum outcome
try_buffer(
    const struct nss_module *module, enum way way, size_t length, size_t shift)
{
	struct guarded room = guard(length, shift);
	struct passwd passwd = {0};
	struct group group = {0};
	enum nss_status status;
	bool is_right;
	int error = 4242;

	errno = 77;
	status = way <= WAY_GETPWENT
	    ? ask_passwd(module, way, &room, &passwd, &error)
	    : ask_group(module, way, &room, &group, &error);
	is_right = errno == 77;
	if (status != NSS_STATUS_SUCCESS)
		is_right = is_right && status == NSS_STATUS_TRYAGAIN &&
		    error == ERANGE;
	else if (way <= WAY_GETPWENT)
		is_right = is_right && is_alice(&room, &passwd);
	else if (way == WAY_PRIVATE_GROUP)
		is_right = is_right && is_private_group(&room, &group);
	else
		is_right = is_right && is_admins(&room, &group);
	if (!end_guarded(&room) || !is_right)
		return OUTCOME_WRONG;
	return status == NSS_STATUS_SUCCESS ? OUTCOME_FITS : OUTCOME_TOO_SMALL;
}

/* Too small up to some length, and large enough from there on. */
START_TEST(buffer_is_too_small_or_the_answer_lies_in_it)
{
	struct nss_module module;
	size_t shift;
	size_t length;
	enum way way = (enum way)_i;

	nss_case_enter();
	nss_case_write(true, 0);
	module = nss_load();
	for (shift = 0; shift < ALIGN_MAX; shift++) {
		enum outcome before = OUTCOME_TOO_SMALL;

		for (length = 0; length <= LENGTH_MAX; length++) {
			enum outcome outcome =
			    try_buffer(&module, way, length, shift);

			if (outcome == OUTCOME_WRONG ||
			    (before == OUTCOME_FITS && outcome != before))
				ck_abort_msg("way %d, length %zu, shift %zu",
				    (int)way, length, shift);
			before = outcome;
		}
		ck_assert_int_eq(before, OUTCOME_FITS);
	}
}
END_TEST

/* Appends alice's two groups to `first` of `size` places that are taken. */
static bool
list_is_right(const struct nss_module *module, long int first, long int size,
    long int limit)
{
	static const gid_t wanted[] = {ADMINS_GID, ADMINS_GID + 1};
	gid_t *groups = calloc((size_t)size, sizeof(*groups));
	long int room = limit > 0 ? limit - first : 2;
	long int start = first;
	long int length = size;
	long int number;
	int error;
	bool is_right = module->initgroups("alice", ALICE_UID, &start, &length,
			    &groups, limit, &error) == NSS_STATUS_SUCCESS;

	if (room < 0)
		room = 0;
	if (room > 2)
		room = 2;
	is_right = is_right && start == first + room && length >= start &&
	    (length == size || limit <= 0 || length <= limit);
	for (number = 0; is_right && number < room; number++)
		is_right = groups[first + number] == wanted[number];
	free(groups);
	return is_right;
}

START_TEST(list_of_groups_grows_up_to_its_limit)
{
	struct nss_module module;
	long int first;
	long int size;
	long int limit;

	nss_case_enter();
	nss_case_write(true, 0);
	module = nss_load();
	for (limit = -1; limit <= 20; limit++) {
		for (size = 1; size <= 20; size++) {
			for (first = 0; first <= size; first++)
				ck_assert_msg(
				    list_is_right(&module, first, size, limit),
				    "%ld of %ld, limit %ld", first, size,
				    limit);
		}
	}
}
END_TEST

START_TEST(list_of_groups_doubles)
{
	static const struct {
		long int first;
		long int size;
		long int limit;
		long int wanted_count;
		long int wanted_size;
	} rows[] = {
	    {0, 0, 0, 2, 16},
	    {0, 0, -1, 2, 16},
	    {0, 0, 1, 1, 1},
	    {0, 2, 0, 2, 2},
	    {1, 1, 0, 3, 4},
	    {1, 2, 0, 3, 4},
	    {1, 1, 2, 2, 2},
	    {1, 1, 3, 3, 3},
	    {1, 4, 1, 1, 4},
	    {1, 4, 2, 2, 4},
	    {3, 3, 0, 5, 6},
	};
	struct nss_module module;
	size_t row;

	nss_case_enter();
	nss_case_write(true, 0);
	module = nss_load();
	for (row = 0; row < sizeof(rows) / sizeof(*rows); row++) {
		gid_t *groups = rows[row].size == 0
		    ? NULL
		    : calloc((size_t)rows[row].size, sizeof(*groups));
		long int count = rows[row].first;
		long int size = rows[row].size;
		int error;

		ck_assert_int_eq(module.initgroups("alice", ALICE_UID, &count,
				     &size, &groups, rows[row].limit, &error),
		    NSS_STATUS_SUCCESS);
		ck_assert_msg(count == rows[row].wanted_count &&
			size == rows[row].wanted_size,
		    "row %zu: %ld of %ld", row, count, size);
		free(groups);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("nss_buffer");
	TCase *all = tcase_create("all");
	SRunner *runner;
	int failed;

	tcase_set_timeout(all, 120);
	tcase_add_loop_test(
	    all, buffer_is_too_small_or_the_answer_lies_in_it, 0, WAY_COUNT);
	tcase_add_test(all, list_of_groups_grows_up_to_its_limit);
	tcase_add_test(all, list_of_groups_doubles);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

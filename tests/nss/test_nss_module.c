/* SPDX-License-Identifier: MIT */
/* Calls the entry points of the built module as glibc would.
 * Does not know: nsswitch.conf. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nss_case.h"
#include "nss_entry.h"

#define LENGTH_MAX 2048
#define ALIGN_MAX 16
#define GUARD 0x5a

/* A buffer of a wanted length and misalignment, with guards around it. */
struct guarded {
	char bytes[64 + ALIGN_MAX + LENGTH_MAX + 64];
	char *start;
	size_t length;
};

static struct nss_module
setup(bool may_enumerate)
{
	nss_case_enter();
	nss_case_write(may_enumerate, 0);
	return nss_load();
}

static void
guard(struct guarded *room, size_t length, size_t shift)
{
	memset(room->bytes, GUARD, sizeof(room->bytes));
	room->start = room->bytes + 64 + shift;
	room->length = length;
}

/* One assert for all bytes: Check notes each, which takes its time. */
static void
assert_guards_hold(const struct guarded *room)
{
	const char *byte;
	bool holds = true;

	for (byte = room->bytes; byte < room->start; byte++)
		holds = holds && *byte == GUARD;
	for (byte = room->start + room->length;
	     byte < room->bytes + sizeof(room->bytes); byte++)
		holds = holds && *byte == GUARD;
	ck_assert(holds);
}

static void
assert_inside(const struct guarded *room, const char *text)
{
	ck_assert(text >= room->start);
	ck_assert(text + strlen(text) + 1 <= room->start + room->length);
}

static void
assert_is_alice(const struct guarded *room, const struct passwd *entry)
{
	assert_inside(room, entry->pw_name);
	assert_inside(room, entry->pw_passwd);
	assert_inside(room, entry->pw_gecos);
	assert_inside(room, entry->pw_dir);
	assert_inside(room, entry->pw_shell);
	ck_assert_str_eq(entry->pw_name, "alice");
	ck_assert_str_eq(entry->pw_passwd, "*");
	ck_assert_str_eq(entry->pw_gecos, "Alice Example");
	ck_assert_str_eq(entry->pw_dir, "/home/alice");
	ck_assert_str_eq(entry->pw_shell, "/bin/bash");
	ck_assert_uint_eq(entry->pw_uid, ALICE_UID);
	ck_assert_uint_eq(entry->pw_gid, ALICE_UID);
}

static void
assert_is_admins(const struct guarded *room, const struct group *entry)
{
	assert_inside(room, entry->gr_name);
	assert_inside(room, entry->gr_passwd);
	ck_assert_uint_eq((uintptr_t)entry->gr_mem % _Alignof(char *), 0);
	ck_assert((char *)entry->gr_mem >= room->start);
	ck_assert((char *)(entry->gr_mem + 3) <= room->start + room->length);
	ck_assert_str_eq(entry->gr_name, "admins");
	ck_assert_str_eq(entry->gr_passwd, "*");
	ck_assert_uint_eq(entry->gr_gid, ADMINS_GID);
	assert_inside(room, entry->gr_mem[0]);
	assert_inside(room, entry->gr_mem[1]);
	ck_assert_str_eq(entry->gr_mem[0], "alice");
	ck_assert_str_eq(entry->gr_mem[1], "carol@example.com");
	ck_assert_ptr_null(entry->gr_mem[2]);
}

/* Asks one of six ways; the answer is checked where there is one. */
static enum nss_status
ask(const struct nss_module *module, unsigned way, struct guarded *room,
    int *error)
{
	struct passwd entry = {0};
	struct group group = {0};
	char *start = room->start;
	enum nss_status status;

	switch (way) {
	case 0:
		status = module->getpwnam(
		    "alice", &entry, start, room->length, error);
		break;
	case 1:
		status = module->getpwuid(
		    ALICE_UID, &entry, start, room->length, error);
		break;
	case 2:
		status = module->getgrnam(
		    "admins", &group, start, room->length, error);
		break;
	case 3:
		status = module->getgrgid(
		    ADMINS_GID, &group, start, room->length, error);
		break;
	default:
		module->setgrent(0);
		status = module->getgrent(&group, start, room->length, error);
		break;
	}
	if (status == NSS_STATUS_SUCCESS && way < 2)
		assert_is_alice(room, &entry);
	if (status == NSS_STATUS_SUCCESS && way >= 2)
		assert_is_admins(room, &group);
	return status;
}

START_TEST(buffer_is_too_small_or_the_answer_lies_in_it)
{
	struct nss_module module = setup(true);
	static struct guarded room;
	size_t shift;
	size_t length;
	unsigned way = (unsigned)_i;

	for (shift = 0; shift < ALIGN_MAX; shift++) {
		bool fits = false;

		for (length = 0; length <= LENGTH_MAX; length++) {
			int error = 4242;
			enum nss_status status;

			guard(&room, length, shift);
			errno = 77;
			status = ask(&module, way, &room, &error);
			ck_assert_int_eq(errno, 77);
			assert_guards_hold(&room);
			if (status == NSS_STATUS_SUCCESS) {
				fits = true;
				continue;
			}
			ck_assert(!fits);
			ck_assert_int_eq(status, NSS_STATUS_TRYAGAIN);
			ck_assert_int_eq(error, ERANGE);
		}
		ck_assert(fits);
	}
}
END_TEST

START_TEST(disabled_user_is_answered)
{
	struct nss_module module = setup(false);
	struct passwd entry;
	char bytes[1024];
	int error;

	ck_assert_int_eq(module.getpwnam("carol@example.com", &entry, bytes,
			     sizeof(bytes), &error),
	    NSS_STATUS_SUCCESS);
	ck_assert_uint_eq(entry.pw_uid, CAROL_UID);
}
END_TEST

START_TEST(private_group_has_no_members)
{
	struct nss_module module = setup(false);
	struct group group;
	char bytes[1024];
	int error;

	ck_assert_int_eq(
	    module.getgrgid(ALICE_UID, &group, bytes, sizeof(bytes), &error),
	    NSS_STATUS_SUCCESS);
	ck_assert_str_eq(group.gr_name, "alice");
	ck_assert_ptr_null(group.gr_mem[0]);
	ck_assert_int_eq(
	    module.getgrnam("alice", &group, bytes, sizeof(bytes), &error),
	    NSS_STATUS_SUCCESS);
	ck_assert_uint_eq(group.gr_gid, ALICE_UID);
}
END_TEST

START_TEST(what_cannot_be_ours_opens_no_file)
{
	static const char *const names[] = {"", "root!", "Alice", "-f",
	    "pam_unix_non_existent:", "alice\n", "CAROL@example.com", "0day"};
	static const uid_t uids[] = {
	    0, 1, 999, 65534, 65535, 524288, 2147352576U, UINT32_MAX};
	struct nss_module module = setup(false);
	struct passwd entry;
	char bytes[1024];
	size_t number;
	int error;

	/* A file that were opened would be found broken: UNAVAIL. */
	ck_assert_int_eq(truncate(EXTAUTH_NSS_PATH, 3), 0);
	for (number = 0; number < sizeof(names) / sizeof(*names); number++) {
		ck_assert_int_eq(module.getpwnam(names[number], &entry, bytes,
				     sizeof(bytes), &error),
		    NSS_STATUS_NOTFOUND);
		ck_assert_int_eq(error, ENOENT);
	}
	for (number = 0; number < sizeof(uids) / sizeof(*uids); number++)
		ck_assert_int_eq(module.getpwuid(uids[number], &entry, bytes,
				     sizeof(bytes), &error),
		    NSS_STATUS_NOTFOUND);
	ck_assert_int_eq(
	    module.getpwnam("alice", &entry, bytes, sizeof(bytes), &error),
	    NSS_STATUS_UNAVAIL);
	ck_assert_int_eq(error, EIO);
}
END_TEST

START_TEST(missing_registry_is_not_found)
{
	struct nss_module module = setup(false);
	struct passwd entry;
	struct group group;
	gid_t *groups = NULL;
	long int start = 0;
	long int size = 0;
	char bytes[1024];
	int error;

	ck_assert_int_eq(unlink(EXTAUTH_NSS_PATH), 0);
	ck_assert_int_eq(
	    module.getpwnam("alice", &entry, bytes, sizeof(bytes), &error),
	    NSS_STATUS_NOTFOUND);
	ck_assert_int_eq(
	    module.getgrgid(ADMINS_GID, &group, bytes, sizeof(bytes), &error),
	    NSS_STATUS_NOTFOUND);
	ck_assert_int_eq(
	    module.initgroups("alice", 1, &start, &size, &groups, 0, &error),
	    NSS_STATUS_NOTFOUND);
	ck_assert_ptr_null(groups);
}
END_TEST

START_TEST(foreign_file_is_unavailable)
{
	struct nss_module module = setup(false);
	struct passwd entry;
	char bytes[1024];
	int error;

	ck_assert_int_eq(chmod(EXTAUTH_NSS_PATH, 0664), 0);
	ck_assert_int_eq(
	    module.getpwnam("alice", &entry, bytes, sizeof(bytes), &error),
	    NSS_STATUS_UNAVAIL);
	ck_assert_int_ne(error, ERANGE);
	ck_assert_int_eq(chmod(EXTAUTH_NSS_PATH, 0644), 0);
	ck_assert_int_eq(chown(EXTAUTH_NSS_PATH, 4242, 4242), 0);
	ck_assert_int_eq(
	    module.getpwnam("alice", &entry, bytes, sizeof(bytes), &error),
	    NSS_STATUS_UNAVAIL);
}
END_TEST

START_TEST(enumeration_is_off_unless_the_file_says_so)
{
	struct nss_module module = setup(false);
	struct passwd entry;
	struct group group;
	char bytes[1024];
	unsigned users = 0;
	unsigned groups = 0;
	int error;

	module.setpwent(0);
	ck_assert_int_eq(module.getpwent(&entry, bytes, sizeof(bytes), &error),
	    NSS_STATUS_NOTFOUND);
	nss_case_write(true, 3);
	module.setpwent(0);
	while (module.getpwent(&entry, bytes, sizeof(bytes), &error) ==
	    NSS_STATUS_SUCCESS)
		users++;
	ck_assert_uint_eq(users, 5);
	module.setgrent(0);
	while (module.getgrent(&group, bytes, sizeof(bytes), &error) ==
	    NSS_STATUS_SUCCESS)
		groups++;
	ck_assert_uint_eq(groups, 7);
}
END_TEST

START_TEST(enumeration_does_not_go_on_in_another_file)
{
	struct nss_module module = setup(true);
	struct passwd entry;
	char bytes[1024];
	int error;

	module.setpwent(0);
	ck_assert_int_eq(module.getpwent(&entry, bytes, sizeof(bytes), &error),
	    NSS_STATUS_SUCCESS);
	nss_case_write(true, 3);
	ck_assert_int_eq(module.getpwent(&entry, bytes, sizeof(bytes), &error),
	    NSS_STATUS_UNAVAIL);
}
END_TEST

START_TEST(initgroups_appends_what_is_missing)
{
	struct nss_module module = setup(false);
	gid_t *groups = malloc(sizeof(*groups));
	long int start = 1;
	long int size = 1;
	int error;

	ck_assert_ptr_nonnull(groups);
	groups[0] = ADMINS_GID;
	ck_assert_int_eq(module.initgroups("alice", ALICE_UID, &start, &size,
			     &groups, 0, &error),
	    NSS_STATUS_SUCCESS);
	ck_assert_int_eq(start, 2);
	ck_assert_uint_eq(groups[1], ADMINS_GID + 1);
	ck_assert_int_ge(size, 2);
	start = 0;
	ck_assert_int_eq(module.initgroups("alice", ADMINS_GID, &start, &size,
			     &groups, 0, &error),
	    NSS_STATUS_SUCCESS);
	ck_assert_int_eq(start, 1);
	ck_assert_uint_eq(groups[0], ADMINS_GID + 1);
	free(groups);
}
END_TEST

START_TEST(initgroups_respects_the_limit)
{
	struct nss_module module = setup(false);
	gid_t *groups = malloc(sizeof(*groups));
	long int start = 0;
	long int size = 1;
	int error;

	ck_assert_ptr_nonnull(groups);
	ck_assert_int_eq(module.initgroups("alice", ALICE_UID, &start, &size,
			     &groups, 1, &error),
	    NSS_STATUS_SUCCESS);
	ck_assert_int_eq(start, 1);
	ck_assert_int_eq(size, 1);
	free(groups);
}
END_TEST

START_TEST(no_descriptor_is_left)
{
	struct nss_module module = setup(true);
	struct passwd entry;
	char bytes[1024];
	unsigned number;
	int before = dup(0);
	int after;
	int error;

	for (number = 0; number < 1000; number++) {
		module.getpwnam("alice", &entry, bytes, 20, &error);
		module.getpwnam("nobody1", &entry, bytes, 1024, &error);
		module.getpwent(&entry, bytes, 1024, &error);
	}
	after = dup(0);
	ck_assert_int_eq(after, before + 1);
	close(before);
	close(after);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("nss_module");
	TCase *all = tcase_create("all");
	SRunner *runner;
	int failed;

	tcase_set_timeout(all, 120);
	tcase_add_loop_test(
	    all, buffer_is_too_small_or_the_answer_lies_in_it, 0, 5);
	tcase_add_test(all, disabled_user_is_answered);
	tcase_add_test(all, private_group_has_no_members);
	tcase_add_test(all, what_cannot_be_ours_opens_no_file);
	tcase_add_test(all, missing_registry_is_not_found);
	tcase_add_test(all, foreign_file_is_unavailable);
	tcase_add_test(all, enumeration_is_off_unless_the_file_says_so);
	tcase_add_test(all, enumeration_does_not_go_on_in_another_file);
	tcase_add_test(all, initgroups_appends_what_is_missing);
	tcase_add_test(all, initgroups_respects_the_limit);
	tcase_add_test(all, no_descriptor_is_left);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

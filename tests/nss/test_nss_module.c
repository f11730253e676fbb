/* SPDX-License-Identifier: MIT */
/* Calls the entry points of the built module as glibc would.
 * Does not know: nsswitch.conf. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nss_case.h"
#include "nss_entry.h"

static struct nss_module
setup(bool may_enumerate)
{
	nss_case_enter();
	nss_case_write(may_enumerate, 0);
	return nss_load();
}

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
	struct group group;
	gid_t *groups = NULL;
	long int start = 0;
	long int size = 0;
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
		ck_assert_int_eq(module.getgrnam(names[number], &group, bytes,
				     sizeof(bytes), &error),
		    NSS_STATUS_NOTFOUND);
		ck_assert_int_eq(module.initgroups(names[number], 1, &start,
				     &size, &groups, 0, &error),
		    NSS_STATUS_NOTFOUND);
	}
	for (number = 0; number < sizeof(uids) / sizeof(*uids); number++) {
		ck_assert_int_eq(module.getpwuid(uids[number], &entry, bytes,
				     sizeof(bytes), &error),
		    NSS_STATUS_NOTFOUND);
		ck_assert_int_eq(module.getgrgid(uids[number], &group, bytes,
				     sizeof(bytes), &error),
		    NSS_STATUS_NOTFOUND);
	}
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

START_TEST(walk_that_is_ended_begins_anew)
{
	struct nss_module module = setup(true);
	struct passwd entry;
	struct group group;
	char bytes[1024];
	char first[2][32];
	int error;

	ck_assert_int_eq(module.getpwent(&entry, bytes, sizeof(bytes), &error),
	    NSS_STATUS_SUCCESS);
	snprintf(first[0], sizeof(first[0]), "%s", entry.pw_name);
	ck_assert_int_eq(module.getgrent(&group, bytes, sizeof(bytes), &error),
	    NSS_STATUS_SUCCESS);
	snprintf(first[1], sizeof(first[1]), "%s", group.gr_name);
	ck_assert_int_eq(module.endpwent(), NSS_STATUS_SUCCESS);
	ck_assert_int_eq(module.endgrent(), NSS_STATUS_SUCCESS);
	ck_assert_int_eq(module.getpwent(&entry, bytes, sizeof(bytes), &error),
	    NSS_STATUS_SUCCESS);
	ck_assert_str_eq(entry.pw_name, first[0]);
	ck_assert_int_eq(module.getgrent(&group, bytes, sizeof(bytes), &error),
	    NSS_STATUS_SUCCESS);
	ck_assert_str_eq(group.gr_name, first[1]);
}
END_TEST

/* He has an entry of his own host's; our file for NSS does not hold him. */
START_TEST(linked_user_is_not_answered_whatever_the_file_holds)
{
	struct nss_module module = setup(true);
	struct registry_user user = {.name = "bob",
	    .gecos = "",
	    .home = "/home/bob",
	    .shell = "/bin/sh",
	    .email = "bob@example.com",
	    .external_id = "",
	    .provider = "",
	    .source = "",
	    .uid = 1000,
	    .gid = 1000,
	    .is_linked = true};
	struct registry_change change;
	struct passwd entry;
	struct group group;
	gid_t *groups = NULL;
	long int start = 0;
	long int size = 0;
	char bytes[1024];
	unsigned count = 0;
	int error;

	ck_assert_ok(registry_change_begin(
	    EXTAUTH_REGISTRY_DIRECTORY, 0, &change, NULL));
	ck_assert_ok(registry_contents_add_user(&change.contents, &user, NULL));
	ck_assert_ok(registry_change_commit(&change, NULL));
	registry_change_end(&change);
	ck_assert_int_eq(
	    rename(EXTAUTH_REGISTRY_DIRECTORY "/registry", EXTAUTH_NSS_PATH),
	    0);
	ck_assert_int_eq(chmod(EXTAUTH_NSS_PATH, 0644), 0);
	ck_assert_int_eq(
	    module.getpwnam("bob", &entry, bytes, sizeof(bytes), &error),
	    NSS_STATUS_NOTFOUND);
	ck_assert_int_eq(
	    module.getgrnam("bob", &group, bytes, sizeof(bytes), &error),
	    NSS_STATUS_NOTFOUND);
	ck_assert_int_eq(
	    module.initgroups("bob", 1, &start, &size, &groups, 0, &error),
	    NSS_STATUS_NOTFOUND);
	while (module.getpwent(&entry, bytes, sizeof(bytes), &error) ==
	    NSS_STATUS_SUCCESS)
		count++;
	ck_assert_uint_eq(count, 2);
	while (module.getgrent(&group, bytes, sizeof(bytes), &error) ==
	    NSS_STATUS_SUCCESS)
		count++;
	ck_assert_uint_eq(count, 6);
}
END_TEST

/* So many that the record is longer than what is held on the stack. */
START_TEST(initgroups_gives_very_many_groups)
{
	enum {
		MANY = 700
	};
	struct nss_module module = setup(false);
	struct registry_change change;
	static uint32_t gids[MANY];
	struct registry_user user;
	gid_t *groups = NULL;
	long int start = 0;
	long int size = 0;
	char name[16];
	uint32_t number;
	int error;

	ck_assert_ok(registry_change_begin(
	    EXTAUTH_REGISTRY_DIRECTORY, 0, &change, NULL));
	for (number = 0; number < MANY; number++) {
		gids[number] = ADMINS_GID + 10 + number;
		snprintf(name, sizeof(name), "many%u", number);
		ck_assert_ok(registry_contents_add_group(
		    &change.contents, name, gids[number], NULL));
	}
	user = *registry_contents_find_name(&change.contents, "alice");
	user.gids = gids;
	user.gid_count = MANY;
	ck_assert_ok(
	    registry_contents_change_user(&change.contents, &user, NULL));
	ck_assert_ok(registry_change_commit(&change, NULL));
	registry_change_end(&change);
	ck_assert_int_eq(module.initgroups("alice", ALICE_UID, &start, &size,
			     &groups, 0, &error),
	    NSS_STATUS_SUCCESS);
	ck_assert_int_eq(start, MANY);
	for (number = 0; number < MANY; number++)
		ck_assert_uint_eq(groups[number], gids[number]);
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
	const TTest *const tests[] = {
	    disabled_user_is_answered,
	    private_group_has_no_members,
	    what_cannot_be_ours_opens_no_file,
	    missing_registry_is_not_found,
	    foreign_file_is_unavailable,
	    enumeration_is_off_unless_the_file_says_so,
	    enumeration_does_not_go_on_in_another_file,
	    initgroups_appends_what_is_missing,
	    initgroups_respects_the_limit,
	    walk_that_is_ended_begins_anew,
	    linked_user_is_not_answered_whatever_the_file_holds,
	    initgroups_gives_very_many_groups,
	    no_descriptor_is_left,
	    NULL,
	};

	return unit_run("nss_module", tests);
}

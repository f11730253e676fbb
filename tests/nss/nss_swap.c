/* SPDX-License-Identifier: MIT */
#include "nss_swap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buffer.h"
#include "nss_case.h"

#define FIRST_UID 2000300000U
#define SNAPSHOTS 2

static struct snapshot {
	char bytes[65536];
	size_t length;
} snapshots[SNAPSHOTS];

static bool must_not_map;
static const char *const tails[SNAPSHOTS] = {"/of/the/first", "/of/2nd"};

static uint32_t
uid_of(unsigned number, unsigned snapshot)
{
	return FIRST_UID + (number + snapshot) % SWAP_USERS;
}

static void
add_user(struct registry_change *change, const char *name, unsigned number,
    unsigned snapshot)
{
	static const uint32_t gids[] = {ADMINS_GID, ADMINS_GID + 1};
	char home[64];
	char email[64];
	struct registry_user user = {.name = name,
	    .gecos = tails[snapshot],
	    .home = home,
	    .shell = tails[snapshot],
	    .email = email,
	    .external_id = "",
	    .provider = "",
	    .source = "",
	    .uid = uid_of(number, snapshot),
	    .gids = gids,
	    .gid_count = snapshot + 1};

	if (number >= SWAP_USERS)
		user.uid = FIRST_UID + number + snapshot;
	user.gid = user.uid;
	snprintf(home, sizeof(home), "/home/%s%s", name, tails[snapshot]);
	snprintf(email, sizeof(email), "%s@example.com", name);
	ck_assert_ok(
	    registry_contents_add_user(&change->contents, &user, NULL));
}

static void
make_snapshot(unsigned snapshot)
{
	struct snapshot *made = &snapshots[snapshot];
	struct registry_change change;
	char name[32];
	unsigned number;
	cleanup_fd int fd = -1;
	ssize_t length;

	ck_assert_ok(registry_change_begin(
	    EXTAUTH_REGISTRY_DIRECTORY, 1000, &change, NULL));
	registry_contents_clear(&change.contents);
	ck_assert_ok(registry_contents_add_group(
	    &change.contents, "admins", ADMINS_GID, NULL));
	ck_assert_ok(registry_contents_add_group(
	    &change.contents, "staffers", ADMINS_GID + 1, NULL));
	for (number = 0; number < SWAP_USERS; number++) {
		snprintf(name, sizeof(name), "user%u", number);
		add_user(&change, name, number, snapshot);
	}
	snprintf(name, sizeof(name), "only%u", snapshot);
	add_user(&change, name, SWAP_USERS, snapshot);
	change.contents.generation = snapshot;
	change.contents.must_not_map = must_not_map;
	ck_assert_ok(registry_change_commit(&change, NULL));
	registry_change_end(&change);
	fd = open(EXTAUTH_NSS_PATH, O_RDONLY | O_CLOEXEC);
	length = read(fd, made->bytes, sizeof(made->bytes));
	ck_assert_int_gt(length, 0);
	ck_assert_int_lt(length, (ssize_t)sizeof(made->bytes));
	made->length = (size_t)length;
}

void
swap_prepare(void)
{
	make_snapshot(1);
	make_snapshot(0);
}

void
swap_put(unsigned number)
{
	static const char path[] = EXTAUTH_NSS_PATH ".swap";
	const struct snapshot *snapshot = &snapshots[number % SNAPSHOTS];
	cleanup_fd int fd =
	    open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, snapshot->bytes, snapshot->length),
	    (ssize_t)snapshot->length);
	ck_assert_int_eq(rename(path, EXTAUTH_NSS_PATH), 0);
}

/* Tells of which snapshot an entry is; SNAPSHOTS if it is of none. */
static unsigned
snapshot_of(const struct passwd *entry, unsigned number)
{
	char home[96];
	char name[32];
	unsigned snapshot;

	for (snapshot = 0; snapshot < SNAPSHOTS; snapshot++) {
		snprintf(name, sizeof(name), "user%u", number);
		snprintf(
		    home, sizeof(home), "/home/%s%s", name, tails[snapshot]);
		if (entry->pw_uid == uid_of(number, snapshot) &&
		    entry->pw_gid == entry->pw_uid &&
		    strcmp(entry->pw_name, name) == 0 &&
		    strcmp(entry->pw_dir, home) == 0 &&
		    strcmp(entry->pw_gecos, tails[snapshot]) == 0 &&
		    strcmp(entry->pw_shell, tails[snapshot]) == 0 &&
		    strcmp(entry->pw_passwd, "*") == 0)
			break;
	}
	return snapshot;
}

static bool
passwd_is_right(const struct nss_module *module, unsigned number)
{
	char name[32];
	char bytes[512];
	struct passwd entry;
	unsigned snapshot;
	int error;

	snprintf(name, sizeof(name), "user%u", number);
	if (module->getpwnam(name, &entry, bytes, sizeof(bytes), &error) !=
		NSS_STATUS_SUCCESS ||
	    snapshot_of(&entry, number) == SNAPSHOTS)
		return false;
	if (module->getpwuid(uid_of(number, 0), &entry, bytes, sizeof(bytes),
		&error) != NSS_STATUS_SUCCESS)
		return false;
	/* The same uid is the neighbour's in the second one. */
	snapshot = snapshot_of(&entry, number);
	if (snapshot == SNAPSHOTS)
		snapshot = snapshot_of(
			       &entry, (number + SWAP_USERS - 1) % SWAP_USERS) +
		    SNAPSHOTS;
	return snapshot == 0 || snapshot == 1 + SNAPSHOTS;
}

/* All members of one of the snapshots. */
static bool
group_is_whole(const struct group *group)
{
	unsigned count = 0;

	while (group->gr_mem[count] != NULL)
		count++;
	return group->gr_gid == ADMINS_GID && count == SWAP_USERS + 1 &&
	    (strcmp(group->gr_mem[SWAP_USERS], "only0") == 0 ||
		strcmp(group->gr_mem[SWAP_USERS], "only1") == 0);
}

static bool
group_is_right(const struct nss_module *module)
{
	char bytes[2048];
	struct group entry;
	int error;

	return module->getgrnam("admins", &entry, bytes, sizeof(bytes),
		   &error) == NSS_STATUS_SUCCESS &&
	    group_is_whole(&entry);
}

static bool
groups_are_right(const struct nss_module *module, unsigned number)
{
	gid_t list[4] = {0};
	gid_t *groups = list;
	long int start = 1;
	long int size = 4;
	char name[32];
	int error;

	snprintf(name, sizeof(name), "user%u", number);
	return module->initgroups(name, 1, &start, &size, &groups, 4, &error) ==
	    NSS_STATUS_SUCCESS &&
	    (start == 2 || start == 3) && list[1] == ADMINS_GID &&
	    (start == 2 || list[2] == ADMINS_GID + 1);
}

bool
swap_answers_are_right(const struct nss_module *module, unsigned number)
{
	const char *only = number % 2 == 0 ? "only0" : "only1";
	char bytes[512];
	struct passwd entry;
	enum nss_status status;
	int error;

	number %= SWAP_USERS;
	if (!passwd_is_right(module, number) || !group_is_right(module) ||
	    !groups_are_right(module, number))
		return false;
	status = module->getpwnam(only, &entry, bytes, sizeof(bytes), &error);
	if (status == NSS_STATUS_SUCCESS)
		return strcmp(entry.pw_name, only) == 0;
	return status == NSS_STATUS_NOTFOUND && error == ENOENT;
}

void
swap_forbid_maps(void)
{
	must_not_map = true;
}

const char *
swap_bytes(unsigned number, size_t *ret_length)
{
	*ret_length = snapshots[number % SNAPSHOTS].length;
	return snapshots[number % SNAPSHOTS].bytes;
}

/* The uid is his in the first snapshot, and his neighbour's in the second. */
static bool
uid_is_not_wrong(const struct nss_module *module, unsigned number)
{
	char bytes[512];
	struct passwd entry;
	int error;

	if (module->getpwuid(uid_of(number, 0), &entry, bytes, sizeof(bytes),
		&error) != NSS_STATUS_SUCCESS)
		return true;
	return snapshot_of(&entry, number) == 0 ||
	    snapshot_of(&entry, (number + SWAP_USERS - 1) % SWAP_USERS) == 1;
}

static bool
groups_are_not_wrong(const struct nss_module *module, const char *name)
{
	gid_t list[4] = {0};
	gid_t *groups = list;
	long int start = 1;
	long int size = 4;
	long int at;
	int error;

	if (module->initgroups(name, 1, &start, &size, &groups, 4, &error) !=
	    NSS_STATUS_SUCCESS)
		return true;
	for (at = 1; at < start; at++)
		if (list[at] != ADMINS_GID && list[at] != ADMINS_GID + 1)
			return false;
	return start <= 3;
}

bool
swap_answers_are_not_wrong(
    const struct nss_module *module, unsigned number, unsigned *found)
{
	char name[32];
	char bytes[2048];
	struct passwd entry;
	struct group group;
	int error;

	number %= SWAP_USERS;
	snprintf(name, sizeof(name), "user%u", number);
	if (module->getpwnam(name, &entry, bytes, sizeof(bytes), &error) ==
	    NSS_STATUS_SUCCESS) {
		(*found)++;
		if (snapshot_of(&entry, number) == SNAPSHOTS)
			return false;
	}
	if (module->getgrnam("admins", &group, bytes, sizeof(bytes), &error) ==
		NSS_STATUS_SUCCESS &&
	    !group_is_whole(&group))
		return false;
	return uid_is_not_wrong(module, number) &&
	    groups_are_not_wrong(module, name);
}

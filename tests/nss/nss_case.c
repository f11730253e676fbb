/* SPDX-License-Identifier: MIT */
#include "nss_case.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buffer.h"

static void
write_nsswitch(const char *path)
{
	static const char text[] = "passwd: files extauth\n"
				   "group: files extauth\n"
				   "initgroups: files extauth\n";
	cleanup_fd int fd =
	    open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
}

void
nss_case_enter(void)
{
	char parent[sizeof(EXTAUTH_REGISTRY_DIRECTORY)] =
	    EXTAUTH_REGISTRY_DIRECTORY;
	char nsswitch[sizeof(EXTAUTH_REGISTRY_DIRECTORY) + 16];

	*strrchr(parent, '/') = '\0';
	snprintf(nsswitch, sizeof(nsswitch), "%s/nsswitch.conf", parent);
	unit_hide_mounts();
	ck_assert_int_eq(mount("none", parent, "tmpfs", 0, "mode=0755"), 0);
	write_nsswitch(nsswitch);
	ck_assert_int_eq(
	    mount(nsswitch, "/etc/nsswitch.conf", "none", MS_BIND, NULL), 0);
	/* A caching daemon outside of the namespace must not answer for us. */
	if (access("/run/nscd", F_OK) == 0)
		ck_assert_int_eq(
		    mount("none", "/run/nscd", "tmpfs", 0, NULL), 0);
}

static void
add(struct registry_change *change, const struct registry_user *user)
{
	struct extauth_error error = {0};
	enum extauth_err err =
	    registry_contents_add_user(&change->contents, user, &error);

	ck_assert_msg(err == EXTAUTH_OK, "%s", error.text);
}

static void
add_more(struct registry_change *change, unsigned more)
{
	char name[32];
	char email[64];
	unsigned number;

	for (number = 0; number < more; number++) {
		struct registry_user user = {.gecos = "",
		    .home = "/home/user",
		    .shell = "/bin/sh",
		    .external_id = "",
		    .provider = "",
		    .source = ""};

		snprintf(name, sizeof(name), "more%u", number);
		snprintf(email, sizeof(email), "more%u@example.com", number);
		user.name = name;
		user.email = email;
		user.uid = CAROL_UID + 1 + number;
		user.gid = user.uid;
		add(change, &user);
	}
}

void
nss_case_write(bool may_enumerate, unsigned more)
{
	static const uint32_t gids[] = {ADMINS_GID, ADMINS_GID + 1};
	struct registry_user alice = {.name = "alice",
	    .gecos = "Alice Example",
	    .home = "/home/alice",
	    .shell = "/bin/bash",
	    .email = "alice@example.com",
	    .external_id = "",
	    .provider = "",
	    .source = "",
	    .uid = ALICE_UID,
	    .gid = ALICE_UID,
	    .gids = gids,
	    .gid_count = 2};
	struct registry_user carol = alice;
	struct registry_change change;

	carol.name = "carol@example.com";
	carol.email = carol.name;
	carol.uid = CAROL_UID;
	carol.gid = CAROL_UID;
	carol.not_after = 1;
	carol.is_disabled = true;
	carol.gid_count = 1;
	ck_assert_ok(registry_change_begin(
	    EXTAUTH_REGISTRY_DIRECTORY, 1000, &change, NULL));
	registry_contents_clear(&change.contents);
	ck_assert_ok(registry_contents_add_group(
	    &change.contents, "admins", ADMINS_GID, NULL));
	ck_assert_ok(registry_contents_add_group(
	    &change.contents, "staffers", ADMINS_GID + 1, NULL));
	add(&change, &alice);
	add(&change, &carol);
	add_more(&change, more);
	change.contents.may_enumerate = may_enumerate;
	change.contents.generation = more;
	ck_assert_ok(registry_change_commit(&change, NULL));
	registry_change_end(&change);
}

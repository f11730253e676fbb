/* SPDX-License-Identifier: MIT */
#include "local.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PASSWD_PATH "/etc/passwd"
#define GROUP_PATH "/etc/group"
#define PASSWD_BYTES 2048

static void
close_file(FILE **file)
{
	if (*file != NULL)
		(void)fclose(*file);
}

#define cleanup_file __attribute__((cleanup(close_file)))

static enum extauth_err
unreadable(const char *path, struct extauth_error *error)
{
	return error_set(
	    error, EXTAUTH_UNAVAILABLE, "%s: %s", path, strerrordesc_np(errno));
}

static void
user_copy(const struct passwd *entry, struct local_user *ret_user)
{
	ret_user->uid = entry->pw_uid;
	ret_user->gid = entry->pw_gid;
	(void)snprintf(
	    ret_user->gecos, sizeof(ret_user->gecos), "%s", entry->pw_gecos);
	(void)snprintf(
	    ret_user->home, sizeof(ret_user->home), "%s", entry->pw_dir);
	(void)snprintf(
	    ret_user->shell, sizeof(ret_user->shell), "%s", entry->pw_shell);
}

enum extauth_err
local_find_user(
    const char *name, struct local_user *ret_user, struct extauth_error *error)
{
	cleanup_file FILE *file = fopen(PASSWD_PATH, "re");
	char room[PASSWD_BYTES];
	struct passwd entry;
	struct passwd *found = NULL;
	int result;

	if (file == NULL)
		return unreadable(PASSWD_PATH, error);
	while ((result = fgetpwent_r(
		    file, &entry, room, sizeof(room), &found)) == 0) {
		if (strcmp(entry.pw_name, name) != 0)
			continue;
		user_copy(&entry, ret_user);
		return EXTAUTH_OK;
	}
	if (result != ENOENT) {
		errno = result;
		return unreadable(PASSWD_PATH, error);
	}
	return error_set(
	    error, EXTAUTH_NOTFOUND, "%s is not in %s", name, PASSWD_PATH);
}

enum extauth_err
local_find_group(
    const char *name, uint32_t *ret_gid, struct extauth_error *error)
{
	cleanup_file FILE *file = fopen(GROUP_PATH, "re");
	char *line = NULL;
	size_t size = 0;
	size_t length = strlen(name);
	enum extauth_err err = EXTAUTH_NOTFOUND;

	if (file == NULL)
		return unreadable(GROUP_PATH, error);
	/* By hand: a group may have more members than any room holds. */
	while (err == EXTAUTH_NOTFOUND && getline(&line, &size, file) >= 0) {
		unsigned gid = 0;

		if (strncmp(line, name, length) != 0 || line[length] != ':')
			continue;
		/* NOLINTNEXTLINE(cert-err34-c): a wrong one counts as 0 */
		(void)sscanf(line + length + 1, "%*[^:]:%u", &gid);
		*ret_gid = gid;
		err = EXTAUTH_OK;
	}
	free(line);
	if (err == EXTAUTH_OK)
		return EXTAUTH_OK;
	return error_set(error, err, "%s is not in %s", name, GROUP_PATH);
}

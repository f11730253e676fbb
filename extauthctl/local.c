/* SPDX-License-Identifier: MIT */
#include "local.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"

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
	struct passwd entry = {0};
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

static enum extauth_err
name_add(struct local_names *names, const char *line)
{
	char *name;

	/* The array doubles whenever its size is a power of two. */
	if ((names->count & (names->count - 1)) == 0) {
		size_t room = names->count == 0 ? 1 : names->count * 2;
		char **more = reallocarray(names->names, room, sizeof(*more));

		if (more == NULL)
			return EXTAUTH_NOMEM;
		names->names = more;
	}
	name = strndup(line, strcspn(line, ":\n"));
	if (name == NULL)
		return EXTAUTH_NOMEM;
	names->names[names->count++] = name;
	return EXTAUTH_OK;
}

static int
name_compare(const void *one, const void *other)
{
	const char *const *first = one;
	const char *const *second = other;

	return strcmp(*first, *second);
}

enum extauth_err
local_names_load(enum local_file file, struct local_names *ret_names,
    struct extauth_error *error)
{
	const char *path = file == LOCAL_PASSWD ? PASSWD_PATH : GROUP_PATH;
	cleanup_file FILE *stream = fopen(path, "re");
	cleanup_free char *line = NULL;
	struct local_names names = {0};
	enum extauth_err err = EXTAUTH_OK;
	size_t size = 0;

	if (stream == NULL)
		return unreadable(path, error);
	while (err == EXTAUTH_OK && getline(&line, &size, stream) >= 0)
		err = name_add(&names, line);
	if (err == EXTAUTH_OK && ferror(stream) != 0)
		err = unreadable(path, error);
	if (err != EXTAUTH_OK) {
		local_names_clear(&names);
		return err;
	}
	if (names.count > 0)
		qsort(names.names, names.count, sizeof(*names.names),
		    name_compare);
	*ret_names = names;
	return EXTAUTH_OK;
}

bool
local_names_have(const struct local_names *names, const char *name)
{
	return names->count > 0 &&
	    bsearch(&name, names->names, names->count, sizeof(*names->names),
		name_compare) != NULL;
}

void
local_names_clear(struct local_names *names)
{
	if (names == NULL)
		return;
	while (names->count > 0)
		free(names->names[--names->count]);
	free(names->names);
	*names = (struct local_names){0};
}

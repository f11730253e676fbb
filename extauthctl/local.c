/* SPDX-License-Identifier: MIT */
#include "local.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "passwd_entry.h"

#define GROUP_PATH "/etc/group"

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
	    error, EXTAUTH_UNAVAILABLE, "%s: %s", path, error_of_number(errno));
}

enum extauth_err
local_find_user(
    const char *name, struct local_user *ret_user, struct extauth_error *error)
{
	cleanup_passwd_entry struct passwd_entry entry = {0};
	enum extauth_err err =
	    passwd_entry_find(PASSWD_ENTRY_PATH, name, &entry, error);
	const struct passwd *fields = &entry.fields;

	if (err == EXTAUTH_NOTFOUND)
		return error_set(
		    error, err, "%s is not in %s", name, PASSWD_ENTRY_PATH);
	if (err != EXTAUTH_OK)
		return err;
	ret_user->uid = fields->pw_uid;
	ret_user->gid = fields->pw_gid;
	(void)snprintf(
	    ret_user->gecos, sizeof(ret_user->gecos), "%s", fields->pw_gecos);
	(void)snprintf(
	    ret_user->home, sizeof(ret_user->home), "%s", fields->pw_dir);
	(void)snprintf(
	    ret_user->shell, sizeof(ret_user->shell), "%s", fields->pw_shell);
	return EXTAUTH_OK;
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
	const char *path =
	    file == LOCAL_PASSWD ? PASSWD_ENTRY_PATH : GROUP_PATH;
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

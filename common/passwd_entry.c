/* SPDX-License-Identifier: MIT */
#include "passwd_entry.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_FIRST_BYTES 1024
#define LINE_MAX_BYTES ((size_t)1 << 20)

static void
stream_close(FILE **stream)
{
	if (*stream != NULL)
		(void)fclose(*stream);
}

#define cleanup_stream __attribute__((cleanup(stream_close)))

/* On ERANGE fgetpwent_r(3) stays before the line that did not fit. */
static enum extauth_err
entry_grow(struct passwd_entry *entry)
{
	size_t size = entry->size == 0 ? LINE_FIRST_BYTES : entry->size * 2;
	char *larger;

	if (size > LINE_MAX_BYTES)
		return EXTAUTH_UNAVAILABLE;
	larger = realloc(entry->line, size);
	if (larger == NULL)
		return EXTAUTH_NOMEM;
	entry->line = larger;
	entry->size = size;
	return EXTAUTH_OK;
}

/* Reads the next entry of the file. */
static enum extauth_err
entry_read(FILE *stream, struct passwd_entry *entry)
{
	struct passwd *found = NULL;
	enum extauth_err err = EXTAUTH_OK;
	int status = ERANGE;

	while (err == EXTAUTH_OK && status == ERANGE) {
		status = entry->size == 0
		    ? ERANGE
		    : fgetpwent_r(stream, &entry->fields, entry->line,
			  entry->size, &found);
		if (status == ERANGE)
			err = entry_grow(entry);
	}
	if (err != EXTAUTH_OK)
		return err;
	if (status == ENOENT)
		return EXTAUTH_NOTFOUND;
	return status == 0 && found != NULL ? EXTAUTH_OK : EXTAUTH_UNAVAILABLE;
}

enum extauth_err
passwd_entry_find(const char *path, const char *name,
    struct passwd_entry *ret_entry, struct extauth_error *error)
{
	cleanup_passwd_entry struct passwd_entry entry = {0};
	cleanup_stream FILE *stream = fopen(path, "re");
	enum extauth_err err = EXTAUTH_OK;

	if (stream == NULL && errno == ENOMEM)
		return EXTAUTH_NOMEM;
	if (stream == NULL && errno != ENOENT)
		return error_set(error, EXTAUTH_UNAVAILABLE, "%s: %s", path,
		    error_of_number(errno));
	if (stream == NULL)
		return EXTAUTH_NOTFOUND;
	do
		err = entry_read(stream, &entry);
	while (err == EXTAUTH_OK && strcmp(entry.fields.pw_name, name) != 0);
	if (err == EXTAUTH_UNAVAILABLE)
		return error_set(error, err, "%s: cannot be read", path);
	if (err != EXTAUTH_OK)
		return err;
	*ret_entry = entry;
	entry = (struct passwd_entry){0};
	return EXTAUTH_OK;
}

void
passwd_entry_clear(struct passwd_entry *entry)
{
	free(entry->line);
	*entry = (struct passwd_entry){0};
}

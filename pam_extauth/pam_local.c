/* SPDX-License-Identifier: MIT */
#include "pam_local.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"

#define LINE_FIRST_BYTES 1024
#define LINE_MAX_BYTES ((size_t)1 << 20)

static void
close_stream(FILE **stream)
{
	if (*stream != NULL)
		(void)fclose(*stream);
}

/* On ERANGE fgetpwent_r(3) stays before the line that did not fit. */
static enum extauth_err
grow(char **line, size_t *size)
{
	char *larger;

	if (*size >= LINE_MAX_BYTES)
		return EXTAUTH_UNAVAILABLE;
	larger = realloc(*line, *size == 0 ? LINE_FIRST_BYTES : *size * 2);
	if (larger == NULL)
		return EXTAUTH_NOMEM;
	*size = *size == 0 ? LINE_FIRST_BYTES : *size * 2;
	*line = larger;
	return EXTAUTH_OK;
}

static enum extauth_err
search(FILE *stream, const char *name, uint32_t *ret_uid)
{
	cleanup_free char *line = NULL;
	struct passwd entry = {0};
	struct passwd *found = NULL;
	size_t size = 0;
	enum extauth_err err = grow(&line, &size);

	while (err == EXTAUTH_OK) {
		int status = fgetpwent_r(stream, &entry, line, size, &found);

		if (status == ERANGE) {
			err = grow(&line, &size);
			continue;
		}
		if (status == ENOENT)
			return EXTAUTH_NOTFOUND;
		if (status != 0 || found == NULL)
			return EXTAUTH_UNAVAILABLE;
		if (strcmp(found->pw_name, name) == 0) {
			*ret_uid = found->pw_uid;
			return EXTAUTH_OK;
		}
	}
	return err;
}

enum extauth_err
pam_local_find(const char *path, const char *name, uint32_t *ret_uid)
{
	__attribute__((cleanup(close_stream))) FILE *stream = fopen(path, "re");

	if (stream == NULL && errno == ENOENT)
		return EXTAUTH_NOTFOUND;
	if (stream == NULL)
		return errno == ENOMEM ? EXTAUTH_NOMEM : EXTAUTH_UNAVAILABLE;
	return search(stream, name, ret_uid);
}

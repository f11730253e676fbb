/* SPDX-License-Identifier: MIT */
/* Which files make up the configuration, and whom they must belong to.
 * Does not know: sections and keys. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "config_internal.h"

#define FILE_MAX_BYTES ((size_t)1024 * 1024)
#define PATH_MAX_BYTES 4096

static enum extauth_err
read_fail(struct extauth_error *error, const char *path, const char *what)
{
	return error_set(error, EXTAUTH_SYSTEM, "%s: %s: %s", path,
	    error_translated(what), error_of_number(errno));
}

static enum extauth_err
read_check_owner(
    const char *path, const struct stat *status, struct extauth_error *error)
{
	if (status->st_uid != 0)
		return error_set(error, EXTAUTH_CONFIG,
		    "%s: does not belong to root: chown root %s", path, path);
	if ((status->st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return error_set(error, EXTAUTH_CONFIG,
		    "%s: can be written by others than root: chmod go-w %s",
		    path, path);
	return EXTAUTH_OK;
}

/* Whoever may write a directory above can put another file in the place of
 * ours. With the sticky bit (/tmp) others cannot. */
static enum extauth_err
read_check_parents(const char *directory, struct extauth_error *error)
{
	cleanup_free char *parent = strdup(directory);

	if (parent == NULL)
		return EXTAUTH_NOMEM;
	for (;;) {
		char *slash = strrchr(parent, '/');
		struct stat status;
		enum extauth_err err;

		if (slash == NULL || slash[1] == '\0')
			return EXTAUTH_OK;
		slash[slash == parent ? 1 : 0] = '\0';
		if (stat(parent, &status) < 0)
			return read_fail(error, parent, "cannot be looked at");
		if ((status.st_mode & S_ISVTX) != 0)
			status.st_mode &= ~(mode_t)(S_IWGRP | S_IWOTH);
		err = read_check_owner(parent, &status, error);
		if (err != EXTAUTH_OK)
			return err;
	}
}

static enum extauth_err
read_check_directory(const char *directory, struct extauth_error *error)
{
	struct stat status;
	enum extauth_err err;

	if (stat(directory, &status) < 0)
		return read_fail(error, directory, "cannot be looked at");
	err = read_check_owner(directory, &status, error);
	return err == EXTAUTH_OK ? read_check_parents(directory, error) : err;
}

/* Opens without waiting, whatever it is. A symbolic link is followed:
 * configuration management makes them, and what counts is who may write the
 * file and the directory of the link. */
static enum extauth_err
read_open(const char *path, int *ret_fd, struct extauth_error *error)
{
	*ret_fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (*ret_fd >= 0)
		return EXTAUTH_OK;
	if (errno == ENOENT)
		return error_set(
		    error, EXTAUTH_NOTFOUND, "%s: there is no such file", path);
	return read_fail(error, path, "cannot be opened");
}

static enum extauth_err
read_check_file(const char *path, int fd, struct extauth_error *error)
{
	struct stat status;

	if (fstat(fd, &status) < 0)
		return read_fail(error, path, "cannot be looked at");
	if (!S_ISREG(status.st_mode))
		return error_set(
		    error, EXTAUTH_CONFIG, "%s: is not a regular file", path);
	return read_check_owner(path, &status, error);
}

static enum extauth_err
read_content(const char *path, int fd, struct buffer *content,
    struct extauth_error *error)
{
	enum extauth_err err = buffer_read(content, fd);

	if (err == EXTAUTH_SYSTEM)
		return read_fail(error, path, "cannot be read");
	if (err == EXTAUTH_TOOBIG)
		return error_set(
		    error, EXTAUTH_CONFIG, "%s: is larger than 1 MiB", path);
	return err;
}

static enum extauth_err
read_one(const char *path, struct ini *ini, struct extauth_error *error)
{
	cleanup_buffer struct buffer content = buffer_make(FILE_MAX_BYTES);
	cleanup_fd int fd = -1;
	enum extauth_err err = read_open(path, &fd, error);

	if (err == EXTAUTH_OK)
		err = read_check_file(path, fd, error);
	if (err == EXTAUTH_OK)
		err = read_content(path, fd, &content, error);
	if (err != EXTAUTH_OK)
		return err;
	return ini_parse(
	    ini, path, buffer_text(&content), content.length, error);
}

static int
read_is_part(const struct dirent *entry)
{
	const char *name = entry->d_name;
	size_t length = strlen(name);

	return *name != '.' && length > 5 &&
	    strcmp(name + length - 5, ".conf") == 0;
}

/* By bytes, where alphasort(3) would ask the locale. */
static int
read_compare(const struct dirent **one, const struct dirent **other)
{
	return strcmp((*one)->d_name, (*other)->d_name);
}

/* What is read of conf.d/, and into what. */
struct read_place {
	const char *directory;
	const struct config_part *part; /* in place of its file, or NULL */
	struct ini *ini;
};

static enum extauth_err
read_part(const struct read_place *place, const char *name, bool is_given,
    struct extauth_error *error)
{
	cleanup_buffer struct buffer path = buffer_make(PATH_MAX_BYTES);
	const struct config_part *part = place->part;
	enum extauth_err err = buffer_append_text(&path, place->directory);

	if (err == EXTAUTH_OK)
		err = buffer_append_text(&path, "/");
	if (err == EXTAUTH_OK)
		err = buffer_append_text(&path, name);
	if (err == EXTAUTH_OK && is_given)
		return part->text == NULL
		    ? EXTAUTH_OK
		    : ini_parse(place->ini, buffer_text(&path), part->text,
			  part->length, error);
	if (err == EXTAUTH_OK)
		err = read_one(buffer_text(&path), place->ini, error);
	/* it is listed, so a link to nowhere: not the same as no file */
	return err == EXTAUTH_NOTFOUND ? EXTAUTH_CONFIG : err;
}

/* Reads the files in order, and the given one in its place among them. */
static enum extauth_err
read_entries(const struct read_place *place, struct dirent **entries, int count,
    struct extauth_error *error)
{
	const char *given = place->part != NULL ? place->part->name : NULL;
	enum extauth_err err = EXTAUTH_OK;
	int index = 0;

	while (err == EXTAUTH_OK && (index < count || given != NULL)) {
		int order = given == NULL ? -1 : 1;

		if (given != NULL && index < count)
			order = strcmp(entries[index]->d_name, given);
		if (order >= 0) {
			err = read_part(place, given, true, error);
			given = NULL;
		} else {
			err = read_part(
			    place, entries[index]->d_name, false, error);
		}
		index += order <= 0;
	}
	return err;
}

static enum extauth_err
read_parts(const struct read_place *place, struct extauth_error *error)
{
	struct dirent **entries = NULL;
	int count =
	    scandir(place->directory, &entries, read_is_part, read_compare);
	enum extauth_err err = EXTAUTH_OK;
	int index;

	if (count < 0 && errno == ENOMEM)
		return EXTAUTH_NOMEM;
	if (count < 0 && errno != ENOENT)
		return read_fail(error, place->directory, "cannot be read");
	if (count >= 0)
		err = read_check_directory(place->directory, error);
	if (err == EXTAUTH_OK)
		err = read_entries(place, entries, count, error);
	for (index = 0; index < count; index++)
		free(entries[index]);
	free(entries);
	return err;
}

enum extauth_err
config_read_files(const char *path, const char *directory,
    const struct config_part *part, struct ini *ini,
    struct extauth_error *error)
{
	cleanup_buffer struct buffer parts = buffer_make(PATH_MAX_BYTES);
	struct read_place place = {.part = part, .ini = ini};
	enum extauth_err err = read_one(path, ini, error);

	if (err == EXTAUTH_OK)
		err = read_check_directory(directory, error);
	if (err == EXTAUTH_OK)
		err = buffer_append_text(&parts, directory);
	if (err == EXTAUTH_OK)
		err = buffer_append_text(&parts, "/conf.d");
	if (err != EXTAUTH_OK)
		return err;
	place.directory = buffer_text(&parts);
	return read_parts(&place, error);
}

/* SPDX-License-Identifier: MIT */
#include "setup_file.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "replace.h"

#define NAMES_BYTES 2048
#define VALUE_BYTES 65536

static enum extauth_err
fail(struct extauth_error *error, const char *path)
{
	return error_set(error,
	    errno == ENOENT ? EXTAUTH_NOTFOUND : EXTAUTH_SYSTEM, "%s: %s", path,
	    error_of_number(errno));
}

enum extauth_err
setup_file_read(
    const char *path, struct buffer *text, struct extauth_error *error)
{
	cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	enum extauth_err err;

	if (fd < 0)
		return fail(error, path);
	err = buffer_read(text, fd);
	if (err == EXTAUTH_SYSTEM)
		return fail(error, path);
	return err == EXTAUTH_OK
	    ? err
	    : error_set(error, err, "%s: %s", path, error_name(err));
}

/* What of these cannot be copied, as a label of a system without them, is no
 * reason to leave the file alone. */
static void
copy_attributes(int from, int to)
{
	char names[NAMES_BYTES];
	cleanup_free char *value = malloc(VALUE_BYTES);
	ssize_t length = flistxattr(from, names, sizeof(names));
	const char *name;

	for (name = names; value != NULL && name < names + length;
	     name += strlen(name) + 1) {
		ssize_t size = fgetxattr(from, name, value, VALUE_BYTES);

		if (size >= 0)
			(void)fsetxattr(to, name, value, (size_t)size, 0);
	}
}

/* Gives the new file what the old one has, or root and `mode`. */
static bool
take_over(const char *path, int to, mode_t mode)
{
	cleanup_fd int from = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;

	if (from < 0)
		return errno == ENOENT && fchmod(to, mode) == 0;
	if (fstat(from, &status) != 0 ||
	    fchown(to, status.st_uid, status.st_gid) != 0 ||
	    fchmod(to, status.st_mode & 07777) != 0)
		return false;
	copy_attributes(from, to);
	return true;
}

static bool
sync_directory(const char *path)
{
	cleanup_free char *directory = strdup(path);
	cleanup_fd int fd = -1;
	char *slash;

	slash = directory != NULL ? strrchr(directory, '/') : NULL;
	if (slash == NULL)
		return false;
	slash[slash == directory ? 1 : 0] = '\0';
	fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd >= 0 && fsync(fd) == 0;
}

static enum extauth_err
replace(const char *path, const struct buffer *text, mode_t mode,
    struct extauth_error *error)
{
	cleanup_free char *temporary = NULL;
	cleanup_fd int fd = -1;
	enum extauth_err err;

	/* No program that reads a directory of parts takes this for one. */
	if (asprintf(&temporary, "%s.extauth-new", path) < 0) {
		temporary = NULL;
		return error_set(error, EXTAUTH_NOMEM, "out of memory");
	}
	(void)unlink(temporary);
	fd = open(temporary,
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd >= 0 &&
	    replace_write(fd, buffer_text(text), text->length) == EXTAUTH_OK &&
	    take_over(path, fd, mode) && fsync(fd) == 0 &&
	    rename(temporary, path) == 0) {
		(void)sync_directory(path);
		return EXTAUTH_OK;
	}
	err = error_set(
	    error, EXTAUTH_SYSTEM, "%s: %s", path, error_of_number(errno));
	(void)unlink(temporary);
	return err;
}

enum extauth_err
setup_file_replace(const char *path, const struct buffer *text, mode_t mode,
    struct extauth_error *error)
{
	cleanup_free char *real = realpath(path, NULL);

	return replace(real != NULL ? real : path, text, mode, error);
}

enum extauth_err
setup_file_remove(const char *path, struct extauth_error *error)
{
	if (unlink(path) != 0 && errno != ENOENT)
		return fail(error, path);
	(void)sync_directory(path);
	return EXTAUTH_OK;
}

enum extauth_err
setup_file_digest(const struct buffer *text, char *digest)
{
	unsigned char bytes[EVP_MAX_MD_SIZE];
	unsigned length = 0;
	unsigned index;

	if (EVP_Digest(buffer_text(text), text->length, bytes, &length,
		EVP_sha256(), NULL) != 1 ||
	    length != (SETUP_DIGEST_BYTES - 1) / 2)
		return EXTAUTH_SYSTEM;
	for (index = 0; index < length; index++)
		(void)snprintf(digest + (size_t)index * 2, 3, "%02x",
		    (unsigned)bytes[index]);
	return EXTAUTH_OK;
}

const char *
setup_line_take(const char **text, size_t *ret_length)
{
	const char *line = *text;

	if (*line == '\0')
		return NULL;
	*ret_length = strcspn(line, "\n");
	*text = line + *ret_length + (line[*ret_length] == '\n');
	return line;
}

bool
setup_line_is_in(const char *text, const char *line, size_t length)
{
	const char *other;
	size_t other_length;

	while ((other = setup_line_take(&text, &other_length)) != NULL)
		if (other_length == length && strncmp(other, line, length) == 0)
			return true;
	return false;
}

bool
setup_lines_are_in(const char *text, const char *lines)
{
	const char *line;
	size_t length;

	while ((line = setup_line_take(&lines, &length)) != NULL)
		if (!setup_line_is_in(text, line, length))
			return false;
	return true;
}

/* Lends the line of `to` that stands where the line stands in `from`. */
static const char *
exchange_one(const char *from, const char *to, const char *line, size_t *length)
{
	const char *other;
	const char *fresh;
	size_t other_length;
	size_t fresh_length;

	while ((other = setup_line_take(&from, &other_length)) != NULL &&
	    (fresh = setup_line_take(&to, &fresh_length)) != NULL) {
		if (other_length != *length ||
		    strncmp(other, line, other_length) != 0)
			continue;
		*length = fresh_length;
		return fresh;
	}
	return NULL;
}

enum extauth_err
setup_lines_exchange(const char *text, const char *from, const char *to,
    struct buffer *result, size_t *ret_count)
{
	const char *line;
	size_t length;
	size_t count = 0;

	while ((line = setup_line_take(&text, &length)) != NULL) {
		bool has_end = line[length] == '\n';
		const char *fresh = exchange_one(from, to, line, &length);
		enum extauth_err err =
		    buffer_append(result, fresh != NULL ? fresh : line, length);

		if (err == EXTAUTH_OK && has_end)
			err = buffer_append(result, "\n", 1);
		if (err != EXTAUTH_OK)
			return err;
		count += fresh != NULL;
	}
	*ret_count = count;
	return EXTAUTH_OK;
}

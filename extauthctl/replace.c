/* SPDX-License-Identifier: MIT */
#include "replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum extauth_err
replace_write(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(fd, bytes, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return EXTAUTH_SYSTEM;
		bytes += written;
		length -= (size_t)written;
	}
	return EXTAUTH_OK;
}

enum extauth_err
replace_file(int directory_fd, const char *name, mode_t mode,
    const struct buffer *text, struct extauth_error *error)
{
	cleanup_free char *temporary = NULL;
	cleanup_fd int fd = -1;
	enum extauth_err err;

	if (asprintf(&temporary, ".%s.new", name) < 0) {
		temporary = NULL;
		return error_set(error, EXTAUTH_NOMEM, "out of memory");
	}
	(void)unlinkat(directory_fd, temporary, 0);
	fd = openat(directory_fd, temporary,
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd >= 0 &&
	    replace_write(fd, buffer_text(text), text->length) == EXTAUTH_OK &&
	    fchmod(fd, mode) == 0 && fsync(fd) == 0 &&
	    renameat(directory_fd, temporary, directory_fd, name) == 0 &&
	    fsync(directory_fd) == 0)
		return EXTAUTH_OK;
	err = error_set(
	    error, EXTAUTH_SYSTEM, "%s: %s", name, error_of_number(errno));
	(void)unlinkat(directory_fd, temporary, 0);
	return err;
}

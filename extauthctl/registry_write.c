/* SPDX-License-Identifier: MIT */
#include "registry_write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "buffer.h"

#define LOCK_NAME "lock"
#define REGISTRY_NAME "registry"
#define NSS_NAME "nss"
#define LOCK_STEP_MS 20

static enum extauth_err
system_error(struct extauth_error *error, const char *what)
{
	return error_set(
	    error, EXTAUTH_SYSTEM, "%s: %s", what, error_of_number(errno));
}

static enum extauth_err
open_directory(const char *directory, int *ret_fd, struct extauth_error *error)
{
	cleanup_fd int fd = -1;
	struct stat status;
	bool is_new = mkdir(directory, 0755) == 0;

	if (!is_new && errno != EEXIST)
		return system_error(error, directory);
	fd = open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || (is_new && fchmod(fd, 0755) != 0) ||
	    fstat(fd, &status) != 0)
		return system_error(error, directory);
	if (status.st_uid != 0 || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return error_set(error, EXTAUTH_UNAVAILABLE,
		    "%s: must be owned by root and writable by root alone",
		    directory);
	*ret_fd = fd;
	fd = -1;
	return EXTAUTH_OK;
}

static int64_t
monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Asks again and again: a waiting F_OFD_SETLKW could only be ended by a
 * signal. */
static enum extauth_err
take_lock(int directory_fd, uint32_t wait_ms, int *ret_fd,
    struct extauth_error *error)
{
	const struct timespec step = {.tv_nsec = LOCK_STEP_MS * 1000000L};
	int64_t end = monotonic_ms() + wait_ms;
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	cleanup_fd int fd = openat(directory_fd, LOCK_NAME,
	    O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return system_error(error, LOCK_NAME);
	while (fcntl(fd, F_OFD_SETLK, &lock) != 0) {
		if (errno != EAGAIN && errno != EACCES && errno != EINTR)
			return system_error(error, LOCK_NAME);
		if (monotonic_ms() >= end)
			return error_set(error, EXTAUTH_UNAVAILABLE,
			    "the registry is being changed by another process");
		nanosleep(&step, NULL);
	}
	*ret_fd = fd;
	fd = -1;
	return EXTAUTH_OK;
}

/* A registry that was lost, or put back from an old backup, no longer knows
 * all uids that were given out. The `nss` file tells, since it is never the
 * first to be replaced. */
static enum extauth_err
check_not_lost(const char *directory, const struct registry_change *change,
    struct extauth_error *error)
{
	cleanup_registry struct registry nss = {.fd = -1};
	cleanup_free char *path = NULL;
	uint64_t known = change->contents.generation;
	struct stat status;

	if (asprintf(&path, "%s/%s", directory, NSS_NAME) < 0) {
		path = NULL;
		return error_set(error, EXTAUTH_NOMEM, "out of memory");
	}
	if (known == 0 && lstat(path, &status) == 0)
		return error_set(error, EXTAUTH_UNAVAILABLE,
		    "%s/registry is lost, and a new one would give uids out "
		    "twice: put it back from a backup, or remove %s to "
		    "begin with none",
		    directory, path);
	if (registry_open(path, &nss, NULL) != EXTAUTH_OK ||
	    nss.generation <= known)
		return EXTAUTH_OK;
	return error_set(error, EXTAUTH_UNAVAILABLE,
	    "%s/registry is older than %s and would give uids out twice: put "
	    "the newer one back, or remove %s to go on with the older",
	    directory, path, path);
}

enum extauth_err
registry_change_open(const char *directory, uint32_t wait_ms,
    struct registry_change *ret_change, struct extauth_error *error)
{
	cleanup_change struct registry_change change = REGISTRY_CHANGE_NONE;
	enum extauth_err err;

	err = open_directory(directory, &change.directory_fd, error);
	if (err == EXTAUTH_OK)
		err = take_lock(
		    change.directory_fd, wait_ms, &change.lock_fd, error);
	if (err != EXTAUTH_OK)
		return err;
	*ret_change = change;
	change = (struct registry_change)REGISTRY_CHANGE_NONE;
	return EXTAUTH_OK;
}

enum extauth_err
registry_change_begin(const char *directory, uint32_t wait_ms,
    struct registry_change *ret_change, struct extauth_error *error)
{
	cleanup_change struct registry_change change = REGISTRY_CHANGE_NONE;
	cleanup_free char *path = NULL;
	enum extauth_err err;

	if (asprintf(&path, "%s/%s", directory, REGISTRY_NAME) < 0) {
		path = NULL;
		return error_set(error, EXTAUTH_NOMEM, "out of memory");
	}
	err = registry_change_open(directory, wait_ms, &change, error);
	if (err == EXTAUTH_OK)
		err = registry_contents_load(path, &change.contents, error);
	if (err == EXTAUTH_OK)
		err = check_not_lost(directory, &change, error);
	if (err != EXTAUTH_OK)
		return err;
	*ret_change = change;
	change = (struct registry_change)REGISTRY_CHANGE_NONE;
	return EXTAUTH_OK;
}

void
registry_change_end(struct registry_change *change)
{
	if (change == NULL)
		return;
	registry_contents_clear(&change->contents);
	cleanup_close_fd(&change->lock_fd);
	cleanup_close_fd(&change->directory_fd);
	change->lock_fd = -1;
	change->directory_fd = -1;
}

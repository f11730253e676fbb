/* SPDX-License-Identifier: MIT */
#include "registry_write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "buffer.h"
#include "registry_contents.h"
#include "registry_image.h"

#define LOCK_NAME "lock"
#define LOCK_STEP_MS 20

/* One of the two files. The name of the temporary one is always the same: who
 * holds the lock is the only one to write it. */
struct registry_target {
	const char *name;
	const char *temporary;
	mode_t mode;
	bool is_nss;
};

static const struct registry_target registry_targets[] = {
    {"registry", ".registry.new", 0600, false},
    {"nss", ".nss.new", 0644, true},
};

#define TARGET_COUNT (sizeof(registry_targets) / sizeof(*registry_targets))

static enum extauth_err
system_error(struct extauth_error *error, const char *what)
{
	return error_set(
	    error, EXTAUTH_SYSTEM, "%s: %s", what, strerrordesc_np(errno));
}

static enum extauth_err
load_record(struct registry_contents *contents,
    const struct registry_record *record, struct extauth_error *error)
{
	switch (record->kind) {
	case REGISTRY_NONE:
		break;
	case REGISTRY_USER:
		return registry_contents_add_user(
		    contents, &record->user, error);
	case REGISTRY_GROUP:
		return registry_contents_add_group(
		    contents, record->group.name, record->group.gid, error);
	case REGISTRY_TOMBSTONE:
		return registry_tombstone_add(
		    contents, record->user.uid, record->user.name);
	}
	return EXTAUTH_INVALID;
}

static enum extauth_err
load_records(const struct registry *registry,
    struct registry_contents *contents, struct extauth_error *error)
{
	cleanup_room struct registry_room room = {0};
	struct registry_record record;
	uint64_t cursor = 0;
	enum extauth_err err;

	for (;;) {
		err = registry_next(registry, &cursor, &room, &record);
		if (err != EXTAUTH_OK)
			break;
		err = load_record(contents, &record, error);
		if (err != EXTAUTH_OK)
			return err == EXTAUTH_NOMEM ? err : EXTAUTH_UNAVAILABLE;
	}
	if (err == EXTAUTH_NOMEM)
		return error_set(error, err, "%s", error_name(err));
	if (err != EXTAUTH_NOTFOUND ||
	    contents->user_count != registry->user_count ||
	    contents->group_count != registry->group_count ||
	    contents->tombstone_count != registry->tombstone_count)
		return error_set(error, EXTAUTH_UNAVAILABLE,
		    "is damaged, not every record is right");
	return EXTAUTH_OK;
}

enum extauth_err
registry_contents_load(const char *path, struct registry_contents *ret_contents,
    struct extauth_error *error)
{
	cleanup_registry struct registry registry = {.fd = -1};
	cleanup_contents struct registry_contents contents = {0};
	enum extauth_err err;

	if (getrandom(contents.seed, sizeof(contents.seed), 0) !=
	    (ssize_t)sizeof(contents.seed))
		return system_error(error, "getrandom");
	contents.epoch = contents.seed[0];
	err = registry_open(path, &registry, error);
	if (err != EXTAUTH_OK && err != EXTAUTH_NOTFOUND)
		return err;
	if (err == EXTAUTH_OK) {
		err = registry_verify(&registry, error);
		if (err == EXTAUTH_OK)
			err = load_records(&registry, &contents, error);
		if (err != EXTAUTH_OK)
			return error_prefix(error, err, path);
		contents.generation = registry.generation;
		contents.may_enumerate = registry.may_enumerate;
	}
	*ret_contents = contents;
	contents = (struct registry_contents){0};
	return EXTAUTH_OK;
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

	if (asprintf(&path, "%s/%s", directory, registry_targets[1].name) < 0) {
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
registry_change_begin(const char *directory, uint32_t wait_ms,
    struct registry_change *ret_change, struct extauth_error *error)
{
	cleanup_change struct registry_change change = {
	    .directory_fd = -1, .lock_fd = -1};
	cleanup_free char *path = NULL;
	enum extauth_err err;

	if (asprintf(&path, "%s/%s", directory, registry_targets[0].name) < 0) {
		path = NULL;
		return error_set(error, EXTAUTH_NOMEM, "out of memory");
	}
	err = open_directory(directory, &change.directory_fd, error);
	if (err == EXTAUTH_OK)
		err = take_lock(
		    change.directory_fd, wait_ms, &change.lock_fd, error);
	if (err == EXTAUTH_OK)
		err = registry_contents_load(path, &change.contents, error);
	if (err == EXTAUTH_OK)
		err = check_not_lost(directory, &change, error);
	if (err != EXTAUTH_OK)
		return err;
	*ret_change = change;
	change = (struct registry_change){.directory_fd = -1, .lock_fd = -1};
	return EXTAUTH_OK;
}

static enum extauth_err
write_bytes(int fd, const char *bytes, size_t length)
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

static enum extauth_err
write_temporary(int directory_fd, const struct registry_target *target,
    const struct registry_image *image, struct extauth_error *error)
{
	cleanup_fd int fd = openat(directory_fd, target->temporary,
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0 ||
	    write_bytes(fd, image->bytes, image->size) != EXTAUTH_OK ||
	    fchmod(fd, target->mode) != 0 || fsync(fd) != 0)
		return system_error(error, target->temporary);
	return EXTAUTH_OK;
}

static enum extauth_err
make_temporary(const struct registry_change *change,
    const struct registry_target *target, struct extauth_error *error)
{
	cleanup_image struct registry_image image = {0};
	struct registry_image_order order = {
	    .generation = change->contents.generation + 1,
	    .is_nss = target->is_nss,
	};
	enum extauth_err err;

	if (getrandom(order.seed, sizeof(order.seed), 0) !=
	    (ssize_t)sizeof(order.seed))
		return system_error(error, "getrandom");
	err = registry_image_make(&change->contents, &order, &image);
	if (err != EXTAUTH_OK)
		return error_set(
		    error, err, "%s: %s", target->name, error_name(err));
	return write_temporary(change->directory_fd, target, &image, error);
}

/* What a writer left that was ended half way, or ourselves. */
static void
sweep_temporaries(int directory_fd)
{
	size_t number;

	for (number = 0; number < TARGET_COUNT; number++)
		unlinkat(directory_fd, registry_targets[number].temporary, 0);
}

static enum extauth_err
rename_temporaries(int directory_fd, struct extauth_error *error)
{
	size_t number;

	for (number = 0; number < TARGET_COUNT; number++) {
		const struct registry_target *target =
		    &registry_targets[number];

		if (renameat(directory_fd, target->temporary, directory_fd,
			target->name) != 0)
			return system_error(error, target->name);
	}
	if (fsync(directory_fd) != 0)
		return system_error(error, "fsync of the directory");
	return EXTAUTH_OK;
}

enum extauth_err
registry_change_commit(
    struct registry_change *change, struct extauth_error *error)
{
	enum extauth_err err = EXTAUTH_OK;
	size_t number;

	sweep_temporaries(change->directory_fd);
	for (number = 0; number < TARGET_COUNT && err == EXTAUTH_OK; number++)
		err = make_temporary(change, &registry_targets[number], error);
	if (err == EXTAUTH_OK)
		err = rename_temporaries(change->directory_fd, error);
	if (err != EXTAUTH_OK) {
		sweep_temporaries(change->directory_fd);
		return err;
	}
	change->contents.generation++;
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

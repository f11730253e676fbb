/* SPDX-License-Identifier: MIT */
/* Puts a changed registry in place: both files are made, written beside the old
 * ones and renamed.
 * Does not know: the lock, and how a file is made. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buffer.h"
#include "registry_base.h"
#include "registry_contents.h"
#include "registry_image.h"
#include "registry_patch.h"

/* So much is written before the kernel is asked to begin with it, so that the
 * disk works while the rest is copied. */
#define WRITE_BYTES ((size_t)16 << 20)
/* From so many users on each file is made by a thread of its own. */
#define THREAD_USERS 20000

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

/* The making of one file. */
struct target_work {
	const struct registry_change *change;
	const struct registry_target *target;
	const struct registry_user **touched; /* NULL: it is made anew */
	uint32_t version;
	bool is_patched;
	enum extauth_err err;
	struct extauth_error error;
};

static enum extauth_err
system_error(struct extauth_error *error, const char *what)
{
	return error_set(
	    error, EXTAUTH_SYSTEM, "%s: %s", what, error_of_number(errno));
}

static enum extauth_err
write_bytes(int fd, const char *bytes, size_t length)
{
	off_t offset = 0;

	while (length > 0) {
		ssize_t written = write(
		    fd, bytes, length < WRITE_BYTES ? length : WRITE_BYTES);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return EXTAUTH_SYSTEM;
		/* fsync tells whether it went well. */
		(void)sync_file_range(
		    fd, offset, written, SYNC_FILE_RANGE_WRITE);
		bytes += written;
		offset += written;
		length -= (size_t)written;
	}
	return EXTAUTH_OK;
}

static int
open_temporary(const struct target_work *work)
{
	return openat(work->change->directory_fd, work->target->temporary,
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
}

static bool
is_finished(const struct target_work *work, int fd)
{
	return fchmod(fd, work->target->mode) == 0 && fsync(fd) == 0;
}

static enum extauth_err
write_temporary(struct target_work *work, const struct registry_pages *pages)
{
	cleanup_fd int fd = open_temporary(work);

	if (fd < 0 ||
	    write_bytes(fd, pages->bytes, pages->size) != EXTAUTH_OK ||
	    !is_finished(work, fd))
		return system_error(&work->error, work->target->temporary);
	return EXTAUTH_OK;
}

static enum extauth_err
make_anew(struct target_work *work)
{
	const struct registry_contents *contents = &work->change->contents;
	cleanup_fd int fd = -1;
	struct registry_image_order order = {
	    .version = work->version,
	    .generation = contents->generation + 1,
	    .is_nss = work->target->is_nss,
	};
	enum extauth_err err;

	if (getrandom(order.seed, sizeof(order.seed), 0) !=
	    (ssize_t)sizeof(order.seed))
		return system_error(&work->error, "getrandom");
	fd = open_temporary(work);
	err = fd < 0 ? EXTAUTH_SYSTEM
		     : registry_image_write(contents, &order, fd);
	if (err == EXTAUTH_SYSTEM ||
	    (err == EXTAUTH_OK && !is_finished(work, fd)))
		return system_error(&work->error, work->target->temporary);
	if (err != EXTAUTH_OK)
		return error_set(&work->error, err, "%s: %s",
		    work->target->name, error_name(err));
	return EXTAUTH_OK;
}

/* Makes the file from the one that is there, if that is a whole one of the same
 * generation. */
static enum extauth_err
patch_nss(struct target_work *work, const struct registry_patch_order *order)
{
	cleanup_copy struct registry_copy copy = {.file.fd = -1};
	cleanup_free char *path = NULL;

	if (asprintf(&path, "/proc/self/fd/%d/%s", work->change->directory_fd,
		work->target->name) < 0) {
		path = NULL;
		return EXTAUTH_NOMEM;
	}
	if (registry_copy_load(path, &copy, NULL) != EXTAUTH_OK ||
	    !copy.is_nss || copy.file.version != work->version ||
	    copy.file.generation != order->contents->generation ||
	    registry_patch(&copy, order) != EXTAUTH_OK)
		return EXTAUTH_TOOBIG;
	work->is_patched = true;
	return write_temporary(work, &copy.pages);
}

static enum extauth_err
patch_registry(
    struct target_work *work, const struct registry_patch_order *order)
{
	struct registry_copy *copy = &order->contents->base->copy;

	if (registry_patch(copy, order) != EXTAUTH_OK)
		return EXTAUTH_TOOBIG;
	work->is_patched = true;
	return write_temporary(work, &copy->pages);
}

static void *
target_make(void *closure)
{
	struct target_work *work = closure;
	struct registry_patch_order order = {
	    .contents = &work->change->contents,
	    .users = work->touched,
	    .generation = work->change->contents.generation + 1,
	};

	if (work->touched != NULL)
		work->err = work->target->is_nss ? patch_nss(work, &order)
						 : patch_registry(work, &order);
	if (!work->is_patched)
		work->err = make_anew(work);
	return NULL;
}

/* What a writer left that was ended half way, or ourselves. */
static void
sweep_temporaries(int directory_fd)
{
	size_t number;

	for (number = 0; number < TARGET_COUNT; number++)
		unlinkat(directory_fd, registry_targets[number].temporary, 0);
}

/* Each name is made durable before the next one changes: after a power cut
 * `nss` must not be newer than `registry`, and no manual page promises that
 * renames keep their order. */
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
		if (fsync(directory_fd) != 0)
			return system_error(error, "fsync of the directory");
	}
	return EXTAUTH_OK;
}

/* Who was touched, as he is now: looked up before the indexes of the base
 * change. */
static enum extauth_err
find_touched(const struct registry_contents *contents,
    const struct registry_user ***ret_touched)
{
	const struct registry_touched *touched = &contents->touched;
	const struct registry_user **users =
	    calloc(touched->name_count + 1, sizeof(const void *));
	size_t number;

	if (users == NULL)
		return EXTAUTH_NOMEM;
	for (number = 0; number < touched->name_count; number++)
		users[number] = registry_contents_find_name(
		    contents, touched->names[number]);
	*ret_touched = users;
	return EXTAUTH_OK;
}

/* Large files are made side by side. */
static void
make_targets(struct target_work works[TARGET_COUNT])
{
	bool is_threaded = works[0].change->contents.user_count >= THREAD_USERS;
	pthread_t thread;

	if (is_threaded)
		is_threaded =
		    pthread_create(&thread, NULL, target_make, &works[1]) == 0;
	target_make(&works[0]);
	if (is_threaded)
		(void)pthread_join(thread, NULL);
	else if (works[0].err == EXTAUTH_OK)
		target_make(&works[1]);
}

static enum extauth_err
make_temporaries(struct registry_change *change, struct extauth_error *error)
{
	struct registry_contents *contents = &change->contents;
	struct target_work works[TARGET_COUNT] = {0};
	cleanup_free const struct registry_user **touched = NULL;
	uint32_t version =
	    contents->version != 0 ? contents->version : REGISTRY_VERSION;
	size_t number;

	if (contents->base != NULL && contents->base->is_current &&
	    contents->base->copy.file.version == version &&
	    version > REGISTRY_VERSION_FIRST &&
	    find_touched(contents, &touched) != EXTAUTH_OK)
		return error_set(error, EXTAUTH_NOMEM, "out of memory");
	for (number = 0; number < TARGET_COUNT; number++) {
		works[number].change = change;
		works[number].target = &registry_targets[number];
		works[number].touched = touched;
		works[number].version = version;
	}
	make_targets(works);
	if (contents->base != NULL && !works[0].is_patched)
		contents->base->is_current = false;
	for (number = 0; number < TARGET_COUNT; number++) {
		if (works[number].err == EXTAUTH_OK)
			continue;
		if (error != NULL)
			*error = works[number].error;
		return works[number].err;
	}
	return EXTAUTH_OK;
}

enum extauth_err
registry_change_commit(
    struct registry_change *change, struct extauth_error *error)
{
	enum extauth_err err;

	sweep_temporaries(change->directory_fd);
	err = make_temporaries(change, error);
	if (err == EXTAUTH_OK)
		err = rename_temporaries(change->directory_fd, error);
	if (err != EXTAUTH_OK) {
		sweep_temporaries(change->directory_fd);
		return err;
	}
	change->contents.generation++;
	registry_touch_forget(&change->contents);
	return EXTAUTH_OK;
}

/* SPDX-License-Identifier: MIT */
#include "kept.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* nftw(3) gives its function nothing. */
static struct kept *walked;

static struct kept_file *
find(const char *path)
{
	size_t number;

	for (number = 0; number < walked->count; number++)
		if (strcmp(walked->files[number].path, path) == 0)
			return &walked->files[number];
	return NULL;
}

static char *
read_bytes(const char *path, size_t size)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *bytes = malloc(size + 1);

	if (fd < 0 || bytes == NULL ||
	    read(fd, bytes, size + 1) != (ssize_t)size)
		err(99, "%s", path);
	(void)close(fd);
	return bytes;
}

static int
read_one(
    const char *path, const struct stat *status, int type, struct FTW *place)
{
	struct kept_file *file = &walked->files[walked->count];

	(void)type;
	(void)place;
	if (walked->count == KEPT_MAX)
		errx(99, "%s: too many files", walked->directory);
	(void)snprintf(file->path, sizeof(file->path), "%s", path);
	file->status = *status;
	file->bytes = S_ISREG(status->st_mode)
	    ? read_bytes(path, (size_t)status->st_size)
	    : NULL;
	walked->count++;
	return 0;
}

void
kept_read(struct kept *kept, const char *directory)
{
	kept->directory = directory;
	walked = kept;
	if (nftw(directory, read_one, 8, FTW_PHYS) != 0 && errno != ENOENT)
		err(99, "%s", directory);
}

static int
remove_one(
    const char *path, const struct stat *status, int type, struct FTW *place)
{
	const struct kept_file *file = find(path);

	(void)status;
	(void)type;
	(void)place;
	if (file == NULL ||
	    (file->status.st_mode & S_IFMT) != (status->st_mode & S_IFMT))
		if (remove(path) != 0)
			err(99, "%s", path);
	return 0;
}

static void
write_one(struct kept_file *file)
{
	const size_t size = (size_t)file->status.st_size;
	const mode_t mode = file->status.st_mode & 07777;
	int fd;

	if (file->bytes == NULL) {
		if (mkdir(file->path, mode) != 0 && errno != EEXIST)
			err(99, "%s", file->path);
		(void)chmod(file->path, mode);
		return;
	}
	fd = open(file->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	if (fd < 0 || write(fd, file->bytes, size) != (ssize_t)size ||
	    fchmod(fd, mode) != 0 || fstat(fd, &file->status) != 0)
		err(99, "%s", file->path);
	(void)close(fd);
}

static int
is_same(const struct kept_file *file)
{
	const struct stat *was = &file->status;
	struct stat status;

	return lstat(file->path, &status) == 0 &&
	    status.st_mode == was->st_mode &&
	    (file->bytes == NULL ||
		(status.st_ino == was->st_ino &&
		    status.st_size == was->st_size &&
		    status.st_mtim.tv_sec == was->st_mtim.tv_sec &&
		    status.st_mtim.tv_nsec == was->st_mtim.tv_nsec));
}

void
kept_put_back(struct kept *kept)
{
	size_t number;

	walked = kept;
	if (nftw(kept->directory, remove_one, 8, FTW_PHYS | FTW_DEPTH) != 0 &&
	    errno != ENOENT)
		err(99, "%s", kept->directory);
	for (number = 0; number < kept->count; number++)
		if (!is_same(&kept->files[number]))
			write_one(&kept->files[number]);
}

void
kept_clear(struct kept *kept)
{
	while (kept->count > 0)
		free(kept->files[--kept->count].bytes);
}

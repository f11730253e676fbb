/* SPDX-License-Identifier: MIT */
/* A directory as it was, to be put back as often as one likes.
 * Does not know: what stands in it. */
#ifndef EXTAUTH_TESTS_FAULTS_KEPT_H
#define EXTAUTH_TESTS_FAULTS_KEPT_H

#include <stddef.h>
#include <sys/stat.h>

#define KEPT_MAX 64

struct kept_file {
	char path[256];
	struct stat status; /* as it was written last by kept_put_back */
	char *bytes;        /* NULL: a directory */
};

struct kept {
	const char *directory;
	struct kept_file files[KEPT_MAX];
	size_t count;
};

/* Reads all of a directory that may be missing. */
void kept_read(struct kept *kept, const char *directory);

/* Makes it what was read: what came is removed, what was changed or is gone is
 * written. */
void kept_put_back(struct kept *kept);

/* Frees what was read. */
void kept_clear(struct kept *kept);

#endif

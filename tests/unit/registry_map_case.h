/* SPDX-License-Identifier: MIT */
/* The sample registry in either version of the format, and mapped.
 * Does not know: what is asked of it. */
#ifndef EXTAUTH_REGISTRY_MAP_CASE_H
#define EXTAUTH_REGISTRY_MAP_CASE_H

#include "registry_case.h"

/* A file of the directory in memory that ends where the file does, so that the
 * sanitizer sees each byte that is read behind it. */
struct map_case {
	struct registry registry;
	char *bytes;
	size_t size;
};

/* Writes a file of the directory anew in another version of the format. */
void case_set_version(const char *name, uint32_t version);

/* Opens a file of the directory, takes its bytes into memory and closes it. */
struct map_case case_map(const char *name);
void case_unmap(struct map_case *map);

#endif
